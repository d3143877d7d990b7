package edges

import (
	"context"
	"maps"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// recipe says how a graph is made.
type recipe struct {
	title string
	seed  uint64
	// raw keeps the edges as drawn, in their order and with parallel ones, which Build merges.
	raw  bool
	draw func(ctx context.Context) (nodes int, edges csr.Columns, err error)
}

// recipes are all graphs by name. Degrees are chosen so that a million nodes have some nine million edges.
var recipes = map[string]recipe{
	"tiny":   planted("planted partition, 300 nodes", 300, 10),
	"pp10k":  planted("planted partition, 10 k nodes", 10_000, 18),
	"pp100k": planted("planted partition, 100 k nodes", 100_000, 18),
	"pp1m":   planted("planted partition, 1 M nodes", 1_000_000, 18),
	"rmat13": rmat("R-MAT, 2^13 nodes", 13),
	"rmat17": rmat("R-MAT, 2^17 nodes", 17),
	"rmat20": rmat("R-MAT, 2^20 nodes", 20),
	"trade": {title: "simulated trade, 105 k declarations", seed: 1, draw: func(ctx context.Context) (int, csr.Columns, error) {
		return trade(ctx, fixtures.Open, "L2-11")
	}},
	"trade1m": {title: "simulated trade, 840 k declarations", seed: 1, draw: func(ctx context.Context) (int, csr.Columns, error) {
		return simulated(ctx, 8)
	}},
	"pp200k": planted("planted partition, 200 k nodes", 200_000, 21.3),
	"e100k":  growing("planted partition, 10^5 edges", 11_000),
	"e300k":  growing("planted partition, 3·10^5 edges", 34_000),
	"e1m":    growing("planted partition, 10^6 edges", 111_000),
	"e3m":    growing("planted partition, 3·10^6 edges", 340_000),
	"e10m":   growing("planted partition, 10^7 edges", 1_110_000),
	"e30m":   growing("planted partition, 3·10^7 edges", 3_400_000),
	"e100m":  growing("planted partition, 10^8 edges", 11_100_000),
}

// Names lists the graphs that there are recipes for, in order.
func Names() []string { return slices.Sorted(maps.Keys(recipes)) }

func planted(title string, nodes int, degree float64) recipe {
	return recipe{title: title, seed: 1, draw: func(context.Context) (int, csr.Columns, error) {
		c, _ := csrtest.Partition{Nodes: nodes, Degree: degree, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
		return nodes, c, nil
	}}
}

// growing is the same graph in more sizes, for our kernels alone; to sort a hundred million edges twice would take longer than all else.
func growing(title string, nodes int) recipe {
	r := planted(title, nodes, 18)
	r.raw = true
	return r
}

func rmat(title string, scale int) recipe {
	return recipe{title: title, seed: 1, draw: func(context.Context) (int, csr.Columns, error) {
		return 1 << scale, csrtest.RMAT{Scale: scale, Factor: 10, Seed: 1, Weighted: true}.Draw(), nil
	}}
}

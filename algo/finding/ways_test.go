package finding

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/block"
	"rummage/algo/community"
	"rummage/algo/csr"
)

// sized keeps the groups that are neither too small nor too large.
func (c *circle) sized(members [][]uint32) []Group {
	var groups []Group
	for _, m := range members {
		if len(m) >= c.opts.Smallest && len(m) <= c.opts.Largest {
			slices.Sort(m)
			groups = append(groups, Group{Members: m})
		}
	}
	return groups
}

// divided draws the communities of a graph, large ones split.
func (c *circle) divided(t testing.TB, g *csr.Graph, settings community.Options) [][]uint32 {
	t.Helper()
	settings.Keys = c.trade.Keys
	whole, err := community.Leiden(t.Context(), g, settings)
	require.NoError(t, err)
	return c.parted(t, g, whole.Membership, settings)
}

func (c *circle) parted(t testing.TB, g *csr.Graph, membership []uint32, settings community.Options) [][]uint32 {
	t.Helper()
	settings.Keys = c.trade.Keys
	split, err := community.Split(t.Context(), g, membership, community.SplitOptions{Cap: c.opts.Largest, Leiden: settings})
	require.NoError(t, err)
	return community.Members(split.Membership)
}

func traders(t testing.TB, c *circle) *csr.Graph {
	t.Helper()
	g, err := c.weighted(t.Context())
	require.NoError(t, err)
	return g
}

func potts(gamma float64) community.Options {
	return community.Options{Objective: community.CPM, Resolution: gamma}
}

// leidenAt draws communities at a resolution of the constant Potts model.
func leidenAt(gamma float64) func(testing.TB, *circle) []Group {
	return func(t testing.TB, c *circle) []Group {
		return c.sized(c.divided(t, traders(t, c), potts(gamma)))
	}
}

func byModularity(t testing.TB, c *circle) []Group {
	return c.sized(c.divided(t, traders(t, c), community.Options{}))
}

// product is what Draw takes: communities and stars.
func product(t testing.TB, c *circle) []Group {
	groups, err := c.communities(t.Context())
	require.NoError(t, err)
	return append(groups, c.stars()...)
}

// allPlateaus takes every division that is best at some resolution.
func allPlateaus(t testing.TB, c *circle) []Group {
	settings := potts(0)
	settings.Keys = c.trade.Keys
	p, err := community.Profile(t.Context(), traders(t, c), community.ProfileOptions{
		Leiden: settings, Low: 0.03, High: 0.6, Count: 8, Spacing: community.Evenly,
	})
	require.NoError(t, err)
	var members [][]uint32
	for _, plateau := range p.Plateaus {
		members = append(members, community.Members(plateau.Membership)...)
	}
	return c.sized(members)
}

// agreed takes the consensus of ten seeds.
func agreed(t testing.TB, c *circle) []Group {
	settings := potts(0.1)
	settings.Keys, settings.Theta = c.trade.Keys, 0.05
	g := traders(t, c)
	r, err := community.Agree(t.Context(), g, community.ConsensusOptions{Leiden: settings, Runs: 10, Rounds: 4})
	require.NoError(t, err)
	return c.sized(c.parted(t, g, r.Membership, potts(0.1)))
}

func byLabels(t testing.TB, c *circle) []Group {
	g := traders(t, c)
	r, err := community.PropagateLabels(t.Context(), g, community.LabelOptions{Keys: c.trade.Keys})
	require.NoError(t, err)
	return c.sized(c.parted(t, g, r.Membership, potts(0.1)))
}

// withoutHubs leaves out whoever deals with more than a dozen.
func withoutHubs(t testing.TB, c *circle) []Group {
	g := traders(t, c)
	bare, err := g.Reweight(t.Context(), 0, func(a csr.Arc) float64 {
		if c.deals.Degree(a.From) > 12 || c.deals.Degree(a.To) > 12 {
			return 0
		}
		return a.Weight
	})
	require.NoError(t, err)
	return c.sized(c.divided(t, bare, potts(0.1)))
}

// damped divides the weight of a deal by the root of the smaller number of partners.
func damped(t testing.TB, c *circle) []Group {
	g := traders(t, c)
	lighter, err := g.Reweight(t.Context(), 0, func(a csr.Arc) float64 {
		return a.Weight / float64(max(1, max(c.deals.Degree(a.From), c.deals.Degree(a.To)))) * 3
	})
	require.NoError(t, err)
	return c.sized(c.divided(t, lighter, potts(0.1)))
}

// projected joins importers who share an exporter or an identifier, and gives every exporter to the group that has most of its importers.
func projected(t testing.TB, c *circle) []Group {
	var list csr.Columns
	pairs := func(members []uint32, weight float64) {
		for i, a := range members {
			for _, b := range members[i+1:] {
				list.From, list.To, list.Weight = append(list.From, a), append(list.To, b), append(list.Weight, weight/float64(len(members)-1))
			}
		}
	}
	buyers := map[uint32][]uint32{}
	var exporters []uint32
	for _, p := range c.sold {
		if buyers[p.A] == nil {
			exporters = append(exporters, p.A)
		}
		buyers[p.A] = append(buyers[p.A], p.B)
	}
	for _, e := range exporters {
		if len(buyers[e]) <= c.opts.Largest {
			pairs(buyers[e], 1)
		}
	}
	for _, z := range c.names {
		pairs(c.rare.InNeighbours(z), c.opts.IdentifierBeta)
	}
	g, err := csr.Build(t.Context(), list, csr.Options{Nodes: c.trade.Nodes, Loops: csr.DropLoops})
	require.NoError(t, err)
	groups := c.divided(t, g, potts(0.1))
	of := make([]int, c.trade.Nodes)
	for i, members := range groups {
		for _, m := range members {
			of[m] = i
		}
	}
	for _, e := range exporters {
		times := map[int]int{}
		most := -1
		for _, b := range buyers[e] {
			times[of[b]]++
			if n := times[of[b]]; most < 0 || n > times[most] || (n == times[most] && of[b] < most) {
				most = of[b]
			}
		}
		if times[most] > 1 && of[e] != most {
			groups[most] = append(groups[most], e)
		}
	}
	return c.sized(groups)
}

// dense peels blocks off what importers deal in and share, the densest first.
func dense(t testing.TB, c *circle) []Group {
	return c.sized(c.blocks(t, func(uint32) bool { return true }, 300))
}

// denseWithin peels blocks off each community by modularity.
func denseWithin(t testing.TB, c *circle) []Group {
	whole, err := community.Leiden(t.Context(), traders(t, c), community.Options{Keys: c.trade.Keys})
	require.NoError(t, err)
	var members [][]uint32
	in := make([]bool, c.trade.Nodes)
	for _, group := range community.Members(whole.Membership) {
		if len(group) < c.opts.Smallest {
			continue
		}
		for _, u := range group {
			in[u] = true
		}
		members = append(members, c.blocks(t, func(u uint32) bool { return in[u] }, max(1, len(group)/8))...)
		for _, u := range group {
			in[u] = false
		}
	}
	return c.sized(members)
}

// blocks looks for dense blocks among the traders that within names: importers in one part, exporters and identifiers in the other.
func (c *circle) blocks(t testing.TB, within func(uint32) bool, most int) [][]uint32 {
	t.Helper()
	var tuples block.Tuples
	tuples.Parts = make([][]uint32, 2)
	numbers, names := [2]map[uint32]uint32{{}, {}}, [2][]uint32{}
	number := func(part int, v uint32) uint32 {
		n, known := numbers[part][v]
		if !known {
			n = uint32(len(names[part]))
			numbers[part][v], names[part] = n, append(names[part], v)
		}
		return n
	}
	add := func(a, b uint32, weight float64) {
		tuples.Parts[0], tuples.Parts[1] = append(tuples.Parts[0], number(0, a)), append(tuples.Parts[1], number(1, b))
		tuples.Weight = append(tuples.Weight, weight)
	}
	for _, buyer := range c.buyers(within) {
		for _, seller := range c.deals.Neighbours(buyer) {
			if within(seller) {
				add(buyer, seller, 1)
			}
		}
		for _, name := range c.rare.Neighbours(buyer) {
			add(buyer, name, c.opts.IdentifierBeta)
		}
	}
	tuples.Sizes = []int{len(names[0]), len(names[1])}
	found, err := block.Find(t.Context(), tuples, block.Options{Blocks: most})
	require.NoError(t, err)
	var members [][]uint32
	for _, b := range found.Blocks {
		var m []uint32
		for part := range b.Members {
			for _, n := range b.Members[part] {
				if v := names[part][n]; c.rare.InDegree(v) == 0 {
					m = append(m, v)
				}
			}
		}
		slices.Sort(m)
		members = append(members, slices.Compact(m))
	}
	return members
}

// buyers are the importers of sold that within names, ascending.
func (c *circle) buyers(within func(uint32) bool) []uint32 {
	var list []uint32
	for _, p := range c.sold {
		if within(p.B) {
			list = append(list, p.B)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// fringed lets communities overlap: each takes in whoever adds to its quality under the constant Potts model, and stays elsewhere too.
func fringed(t testing.TB, c *circle) []Group {
	g := traders(t, c)
	groups := c.divided(t, g, potts(0.1))
	of := make([]int, c.trade.Nodes)
	for i, members := range groups {
		for _, m := range members {
			of[m] = i
		}
	}
	var wider [][]uint32
	for i, members := range groups {
		weight := map[uint32]float64{}
		for _, u := range members {
			for k, v := range g.Neighbours(u) {
				if of[v] != i {
					weight[v] += g.Weights(u)[k]
				}
			}
		}
		taken := slices.Clone(members)
		for v, w := range weight {
			if w > 1 && w >= 0.1*float64(len(members)) && len(members) > 1 {
				taken = append(taken, v)
			}
		}
		wider = append(wider, taken)
	}
	return c.sized(wider)
}

// both draws in two ways.
func both(one, other func(testing.TB, *circle) []Group) func(testing.TB, *circle) []Group {
	return func(t testing.TB, c *circle) []Group { return append(one(t, c), other(t, c)...) }
}

// byVolume weighs a deal by its share in the consignments of its two traders, and an identifier as it is.
func byVolume(gamma float64) func(testing.TB, *circle) []Group {
	return func(t testing.TB, c *circle) []Group {
		volume, deals := map[uint32]float64{}, map[Pair]float64{}
		for i := range c.trade.Consignments.Len() {
			if c.trade.traders(i) {
				a, b := c.trade.Consignments.Importer[i], c.trade.Consignments.Exporter[i]
				volume[a]++
				volume[b]++
				deals[Pair{a, b}]++
				deals[Pair{b, a}]++
			}
		}
		shares, err := traders(t, c).Reweight(t.Context(), 0, func(a csr.Arc) float64 {
			n := deals[Pair{a.From, a.To}]
			if n == 0 {
				return a.Weight
			}
			return a.Weight - 1 + n/math.Sqrt(volume[a.From]*volume[a.To])
		})
		require.NoError(t, err)
		return c.sized(c.divided(t, shares, potts(gamma)))
	}
}

// mirrored are the stars of importers: each with its exporters.
func mirrored(_ testing.TB, c *circle) []Group {
	by := map[uint32][]uint32{}
	for _, p := range c.sold {
		by[p.B] = append(by[p.B], p.A)
	}
	var members [][]uint32
	for importer, exporters := range by {
		members = append(members, append(exporters, importer))
	}
	slices.SortFunc(members, func(a, b []uint32) int { return slices.Compare(a, b) })
	return c.sized(members)
}

package selftest

import (
	"context"

	"rummage/algo/centrality"
)

// copies is who has the figures of brokerage: copies of the phases of caviar by other hands, in which no direction is kept. They have the
// same ties in these phases; of all phases together they count more people and fewer ties, so that nothing is compared there.
const copies = "other copies of the phases"

// brokerage checks the shares of shortest ways that lead through the leading players of caviar, in phases without directions.
func (k *known) brokerage(ctx context.Context) ([]Check, error) {
	all := &network{name: "caviar by phase, undirected"}
	m := measure{name: "betweenness, share of pairs", source: copies}
	for _, of := range []struct {
		phase string
		names []string
		share []float64
	}{
		{"1", []string{"1"}, []float64{0.907}},
		{"5", []string{"1"}, []float64{0.884}},
		{"10", []string{"1"}, []float64{0.343}},
		{"11", []string{"41", "1", "12"}, []float64{0.554, 0.526, 0.430}},
	} {
		n, err := load(ctx, phase(of.phase))
		if err != nil {
			return nil, err
		}
		g, err := n.graph.Symmetric(ctx)
		if err != nil {
			return nil, err
		}
		between, err := centrality.Betweenness(ctx, g.Unweighted(), centrality.Options{Threads: k.threads, Normalised: true})
		if err != nil {
			return nil, err
		}
		all.nodes, all.edges = all.nodes+g.Order(), all.edges+g.Size()
		for i, name := range of.names {
			m.got, m.want = append(m.got, between.Nodes[n.number[name]]), append(m.want, of.share[i])
			m.at = append(m.at, name+" in "+n.name)
		}
	}
	checks, err := checked(all, []measure{m})
	if err != nil {
		return nil, err
	}
	checks[0].within(printed)
	return checks, nil
}

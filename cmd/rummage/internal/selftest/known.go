package selftest

import (
	"context"
	"fmt"

	"rummage/algo/broker"
	"rummage/algo/centrality"
	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/propagate"
	"rummage/algo/structure"
	"rummage/cmd/rummage/internal/output"
	"rummage/fixtures/oracle"
)

// Who computed the known figures.
const (
	networkx = "networkx"
	algebra  = "dense linear algebra"
	optimum  = "Brandes et al. 2008"
	sizes    = "the networks' sizes"
)

// known runs the checks.
type known struct {
	threads int
	checks  []Check
}

// The greatest modularity of the two classics, proven by Brandes et al. 2008 and printed with four digits.
const (
	karateOptimum   = 0.4198
	dolphinsOptimum = 0.5285
	fourDigits      = 5e-5
	leidenSeeds     = 10 // of which the best division counts
)

func (k *known) karate(ctx context.Context) ([]Check, error) {
	return k.classic(ctx, karate(), karateOptimum)
}

func (k *known) dolphins(ctx context.Context) ([]Check, error) {
	return k.classic(ctx, dolphins(), dolphinsOptimum)
}

// classic checks an undirected network without weights.
func (k *known) classic(ctx context.Context, p place, modularity float64) ([]Check, error) {
	n, err := load(ctx, p)
	if err != nil {
		return nil, err
	}
	measures, err := k.central(ctx, n)
	if err != nil {
		return nil, err
	}
	cores, err := k.cores(ctx, n)
	if err != nil {
		return nil, err
	}
	triangles, err := structure.Triangle(ctx, n.graph, structure.Options{Threads: k.threads})
	if err != nil {
		return nil, err
	}
	clustering, err := n.against("clustering", networkx, "clustering", triangles.Local)
	if err != nil {
		return nil, err
	}
	checks, err := checked(n, append(measures, cores, clustering))
	if err != nil {
		return nil, err
	}
	best, err := k.leiden(ctx, n, modularity)
	return append(checks, best), err
}

// against makes a measure of one figure a node.
func (n *network) against(name, source, column string, got []float64) (measure, error) {
	want, err := n.known.column(column)
	return measure{name: name, source: source, got: got, want: want, at: n.names}, err
}

// central measures degree, betweenness and PageRank.
func (k *known) central(ctx context.Context, n *network) ([]measure, error) {
	degree := numbers(centrality.Degree(n.graph))
	if n.graph.IsDirected() {
		for u, in := range centrality.InDegree(n.graph) {
			degree[u] += float64(in)
		}
	}
	raw, err := centrality.Betweenness(ctx, n.graph, centrality.Options{Threads: k.threads})
	if err != nil {
		return nil, err
	}
	share, err := centrality.Betweenness(ctx, n.graph, centrality.Options{Threads: k.threads, Normalised: true})
	if err != nil {
		return nil, err
	}
	rank, err := centrality.PageRank(ctx, n.graph, propagate.Options{Threads: k.threads})
	if err != nil {
		return nil, err
	}
	near, err := centrality.Closeness(ctx, n.graph, centrality.ClosenessOptions{Threads: k.threads, Inward: true})
	if err != nil {
		return nil, err
	}
	return n.list([]figures{
		{"degree", networkx, "degree", degree},
		{"betweenness", networkx, "betweenness_raw", raw.Nodes},
		{"betweenness, share of pairs", networkx, "betweenness_norm", share.Nodes},
		{"closeness", networkx, "closeness_wf", near.Closeness},
		{"harmonic centrality", networkx, "harmonic", near.Harmonic},
		{"PageRank", networkx, "pagerank_0.85", rank.Scores},
	})
}

// figures are one a node, to be compared with a column.
type figures struct {
	name, source, column string
	got                  []float64
}

// list makes measures of figures.
func (n *network) list(all []figures) ([]measure, error) {
	measures := make([]measure, len(all))
	for i, f := range all {
		m, err := n.against(f.name, f.source, f.column, f.got)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.name, err)
		}
		measures[i] = m
	}
	return measures, nil
}

func (k *known) cores(ctx context.Context, n *network) (measure, error) {
	shells, err := structure.Cores(ctx, n.graph, structure.Options{Threads: k.threads})
	if err != nil {
		return measure{}, err
	}
	return n.against("core number", networkx, "core", numbers(shells.Core))
}

// leiden checks that the best division of several seeds is as good as any can be.
func (k *known) leiden(ctx context.Context, n *network, want float64) (Check, error) {
	best := 0.0
	for seed := range uint64(leidenSeeds) {
		got, err := community.Leiden(ctx, n.graph, community.Options{Seed: seed, Threads: k.threads})
		if err != nil {
			return Check{}, err
		}
		best = max(best, got.Quality)
	}
	short := max(0, want-best)
	return Check{
		Graph: n.name, Nodes: n.nodes, Edges: n.edges, Measure: "modularity of Leiden, at least", Values: 1,
		Got: output.Score(best), Want: output.Score(want), Difference: output.Score(short), Tolerance: fourDigits,
		Agrees: short <= fourDigits, Source: optimum,
	}, nil
}

// union checks all phases of caviar as one weighted network.
func (k *known) union(ctx context.Context) ([]Check, error) {
	n, err := union(ctx)
	if err != nil {
		return nil, err
	}
	var measures []measure
	for _, part := range []func(context.Context, *network) ([]measure, error){k.ways, k.ranks, k.shape, k.brokers} {
		more, err := part(ctx, n)
		if err != nil {
			return nil, err
		}
		measures = append(measures, more...)
	}
	return checked(n, measures)
}

// ways are the measures of shortest paths.
func (k *known) ways(ctx context.Context, n *network) ([]measure, error) {
	plain, err := centrality.Betweenness(ctx, n.graph, centrality.Options{Threads: k.threads, Edges: true})
	if err != nil {
		return nil, err
	}
	far, err := centrality.Betweenness(ctx, n.graph, centrality.Options{Threads: k.threads, Weighted: true})
	if err != nil {
		return nil, err
	}
	near, err := centrality.Closeness(ctx, n.graph, centrality.ClosenessOptions{Threads: k.threads})
	if err != nil {
		return nil, err
	}
	heavy, err := centrality.Closeness(ctx, n.graph, centrality.ClosenessOptions{Threads: k.threads, Weighted: true})
	if err != nil {
		return nil, err
	}
	measures, err := n.list([]figures{
		{"betweenness", networkx, "betweenness_raw", plain.Nodes},
		{"betweenness, length 1/weight", networkx, "betweenness_weighted_raw", far.Nodes},
		{"harmonic centrality", networkx, "harmonic", near.Harmonic},
		{"closeness, length 1/weight", networkx, "closeness_weighted_wf", heavy.Closeness},
	})
	if err != nil {
		return nil, err
	}
	scores := map[[2]uint32]float64{}
	for _, tie := range plain.Edges {
		scores[[2]uint32{tie.From, tie.To}] = tie.Score
	}
	ties, err := n.byEdge("betweenness of edges", "edge_betweenness_raw", scores)
	return append(measures, ties), err
}

// ranks are the measures of weights.
func (k *known) ranks(ctx context.Context, n *network) ([]measure, error) {
	rank, err := centrality.PageRank(ctx, n.graph, propagate.Options{Threads: k.threads})
	if err != nil {
		return nil, err
	}
	return n.list([]figures{
		{"degree", networkx, "degree", numbers(centrality.Degree(n.graph))},
		{"strength", networkx, "strength", centrality.Strength(n.graph)},
		{"PageRank, weighted", networkx, "pagerank_weighted_0.85", rank.Scores},
	})
}

// shape is how the network hangs together.
func (k *known) shape(ctx context.Context, n *network) ([]measure, error) {
	opts := structure.Options{Threads: k.threads}
	cuts, err := structure.Cut(ctx, n.graph, opts)
	if err != nil {
		return nil, err
	}
	points := make([]float64, n.nodes)
	for _, u := range cuts.Points {
		points[u] = 1
	}
	triangles, err := structure.Triangle(ctx, n.graph, opts)
	if err != nil {
		return nil, err
	}
	clustering, err := structure.Clustering(ctx, n.graph, structure.Onnela, opts)
	if err != nil {
		return nil, err
	}
	measures, err := n.list([]figures{
		{"articulation points", networkx, "articulation", points},
		{"triangles", networkx, "triangles", numbers(triangles.At)},
		{"clustering, weighted", networkx, "clustering_weighted", clustering.Local},
	})
	if err != nil {
		return nil, err
	}
	cores, err := k.cores(ctx, n)
	if err != nil {
		return nil, err
	}
	found := map[[2]uint32]float64{}
	for _, bridge := range cuts.Bridges {
		found[bridge] = 1
	}
	bridges, err := n.byEdge("bridges", "bridge", found)
	return append(measures, cores, bridges), err
}

// brokers are the measures of structural holes, of the network without its weights.
func (k *known) brokers(ctx context.Context, n *network) ([]measure, error) {
	holes, err := broker.StructuralHoles(ctx, n.graph.Unweighted(), broker.HolesOptions{Threads: k.threads})
	if err != nil {
		return nil, err
	}
	return n.list([]figures{
		{"constraint", networkx, "constraint", holes.Constraint},
		{"effective size", networkx, "effective_size", holes.EffectiveSize},
	})
}

// byEdge makes a measure of one figure an edge, 0 where there is none.
func (n *network) byEdge(name, column string, got map[[2]uint32]float64) (measure, error) {
	edges, err := read(oracle.Files, "caviar_union_edges")
	if err != nil {
		return measure{}, err
	}
	m := measure{name: name, source: networkx}
	if m.want, err = edges.column(column); err != nil {
		return measure{}, err
	}
	for i := range m.want {
		from, to := edges["source"][i], edges["target"][i]
		u, v := n.number[from], n.number[to]
		m.got, m.at = append(m.got, got[[2]uint32{min(u, v), max(u, v)}]), append(m.at, from+" - "+to)
	}
	return m, nil
}

// phases checks the phases of caviar, directed and without weights, all figures of one measure together.
func (k *known) phases(ctx context.Context) ([]Check, error) {
	all := &network{name: "caviar by phase"}
	var joined []measure
	for _, number := range []string{"1", "2", "3", "4", "5", "6", "8", "9", "10", "11"} {
		n, err := load(ctx, phase(number))
		if err != nil {
			return nil, err
		}
		measures, err := k.central(ctx, n)
		if err != nil {
			return nil, err
		}
		in, err := n.against("in-degree", networkx, "in_degree", numbers(centrality.InDegree(n.graph)))
		if err != nil {
			return nil, err
		}
		measures = append(measures, in)
		if joined == nil {
			joined = make([]measure, len(measures))
		}
		all.nodes, all.edges = all.nodes+n.nodes, all.edges+n.edges
		for i, m := range measures {
			j := &joined[i]
			j.name, j.source = m.name, m.source
			j.got, j.want = append(j.got, m.got...), append(j.want, m.want...)
			for _, name := range m.at {
				j.at = append(j.at, name+" in "+n.name)
			}
		}
	}
	return checked(all, joined)
}

// trade checks walks from seeds on a small typed trade network.
func (k *known) trade(ctx context.Context) ([]Check, error) {
	n, err := load(ctx, trade())
	if err != nil {
		return nil, err
	}
	hits, err := n.known.column("hit")
	if err != nil {
		return nil, err
	}
	inspected, err := n.known.column("inspected")
	if err != nil {
		return nil, err
	}
	opts := propagate.Options{Threads: k.threads}
	byAll, err := propagate.Exposure(ctx, n.graph, [][]float64{hits}, nil, opts)
	if err != nil {
		return nil, err
	}
	byInspected, err := propagate.Exposure(ctx, n.graph, [][]float64{hits}, inspected, opts)
	if err != nil {
		return nil, err
	}
	rank, err := centrality.PageRank(ctx, n.graph, opts)
	if err != nil {
		return nil, err
	}
	measures, err := n.list([]figures{
		{"strength", algebra, "strength", centrality.Strength(n.graph)},
		{"PageRank, weighted", algebra, "pagerank", rank.Scores},
		{"walk from the hits", algebra, "ppr_hits", byAll.Walk.Scores[0]},
		{"walk from everyone", algebra, "ppr_uniform", byAll.Walk.Scores[1]},
		{"walk from the inspected", algebra, "ppr_inspected", byInspected.Walk.Scores[1]},
		{"exposure, hits to everyone", algebra, "ratio_uniform", byAll.Ratio[0]},
		{"exposure, hits to inspected", algebra, "ratio_inspected", byInspected.Ratio[0]},
	})
	if err != nil {
		return nil, err
	}
	shares, err := shares(ctx, n, hits, opts)
	if err != nil {
		return nil, err
	}
	spread, err := k.spreads(ctx, n, hits)
	if err != nil {
		return nil, err
	}
	return checked(n, append(append(measures, shares), spread...))
}

// shares is what each hit gives to the score of each trader.
func shares(ctx context.Context, n *network, hits []float64, opts propagate.Options) (measure, error) {
	listed, err := read(oracle.Files, "risk/contributions")
	if err != nil {
		return measure{}, err
	}
	m := measure{name: "share of each hit in a score", source: algebra}
	if m.want, err = listed.column("contribution"); err != nil {
		return measure{}, err
	}
	of := map[string]map[uint32]float64{}
	for i, node := range listed["node"] {
		if of[node] == nil {
			all, err := propagate.Contributions(ctx, n.graph, n.number[node], hits, opts)
			if err != nil {
				return measure{}, err
			}
			of[node] = map[uint32]float64{}
			for _, share := range all.Shares {
				of[node][share.Seed] = share.Value
			}
		}
		seed := listed["seed"][i]
		m.got, m.at = append(m.got, of[node][n.number[seed]]), append(m.at, seed+" in "+node)
	}
	return m, nil
}

// together checks the components of several networks that lie side by side, each of which hangs together.
func (k *known) together(ctx context.Context) ([]Check, error) {
	var c csr.Columns
	side := &network{name: "side by side"}
	parts := measure{name: "size of each component", source: sizes}
	for _, p := range []place{karate(), dolphins(), trade()} {
		n, err := load(ctx, p)
		if err != nil {
			return nil, err
		}
		edges := n.graph.Columns()
		for i := range edges.From {
			c.From, c.To = append(c.From, edges.From[i]+uint32(side.nodes)), append(c.To, edges.To[i]+uint32(side.nodes))
		}
		side.nodes, side.edges = side.nodes+n.nodes, side.edges+n.edges
		parts.want, parts.at = append(parts.want, float64(n.nodes)), append(parts.at, n.name)
	}
	g, err := csr.Build(ctx, c, csr.Options{Nodes: side.nodes, Threads: k.threads})
	if err != nil {
		return nil, err
	}
	weak, err := structure.Weak(ctx, g, structure.Options{Threads: k.threads})
	if err != nil {
		return nil, err
	}
	parts.got = numbers(weak.Size)
	if len(parts.got) != len(parts.want) { // say how many there are, since they cannot be held against each other
		parts = measure{name: "number of components", source: sizes, got: []float64{float64(len(parts.got))},
			want: []float64{float64(len(parts.want))}, at: []string{""}}
	}
	return checked(side, []measure{parts})
}

// numbers turns counts into figures.
func numbers[N int | uint32 | uint64](counts []N) []float64 {
	list := make([]float64, len(counts))
	for i, n := range counts {
		list[i] = float64(n)
	}
	return list
}

package selftest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"rummage/algo/centrality"
	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/propagate"
	"rummage/algo/structure"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph/neo4j/gds"
)

// How far the library's figures and ours may be apart.
const (
	// rankTolerance is in units of the mean score; the library stops when a score changes by less than rankStop a round.
	rankTolerance = 1e-6
	rankStop      = 1e-11
	// betweenTolerance is relative: both count exactly.
	betweenTolerance = 1e-9
	// qualityTolerance is that of the modularity of one division.
	qualityTolerance = 1e-9
	// leidenMargin is what our best modularity may lack of the library's: both methods end in some good division, not in the best.
	leidenMargin = 0.01
	damping      = 0.85
)

// mostVisits bounds nodes times edges where betweenness is counted; of a larger graph a part is taken.
const mostVisits = 50_000_000

// Comparison is one measure of one graph, computed by both. Where it is one
// figure a node, GDS and Rummage are those that are furthest apart.
type Comparison struct {
	Graph      string       `json:"graph"`
	Nodes      int          `json:"nodes"`
	Edges      int          `json:"edges"`
	Measure    string       `json:"measure"`
	GDS        output.Score `json:"gds"`
	Rummage    output.Score `json:"rummage"`
	Difference output.Score `json:"difference"`
	Tolerance  output.Score `json:"tolerance"`
	Agrees     bool         `json:"agrees"`
	// GDSMillis and Millis are how long the computation took; no number where none was.
	GDSMillis output.Score `json:"gds_ms"`
	Millis    output.Score `json:"rummage_ms"`
	// Ratio is GDSMillis over Millis, no number below the millisecond that the library counts in.
	Ratio output.Score `json:"ratio"`
}

// Trial says what is compared.
type Trial struct {
	Random
	Threads int
	Clock   func() time.Time
	// Progress is told of each comparison as it begins.
	Progress func(graph, measure string)
}

// Against computes the same on the small networks and on a drawn graph, here
// and in the library, and says how far both are apart. The small ones come
// first, so that the library is warm when it counts. Every projection is
// dropped before it returns.
func (t Trial) Against(ctx context.Context, library *gds.Library) ([]Comparison, error) {
	graphs, err := t.graphs(ctx)
	if err != nil {
		return nil, err
	}
	var all []Comparison
	for _, g := range graphs {
		found, err := t.both(ctx, library, g)
		if err != nil {
			return nil, fmt.Errorf("selftest: %s: %w", g.name, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// pairing is a graph that both compute on.
type pairing struct {
	name     string
	graph    *csr.Graph
	whole    bool // all measures, not betweenness alone
	between  bool
	ours     *csr.Graph // without weights
	columns  csr.Columns
	measured []Comparison
}

func (t Trial) graphs(ctx context.Context) ([]*pairing, error) {
	var all []*pairing
	for _, p := range []place{karate(), dolphins()} {
		n, err := load(ctx, p)
		if err != nil {
			return nil, err
		}
		all = append(all, &pairing{name: n.name, graph: n.graph, whole: true, between: true})
	}
	n, err := union(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, &pairing{name: n.name, graph: n.graph, whole: true, between: true})
	drawn, err := t.Draw(ctx, t.Threads)
	if err != nil {
		return nil, err
	}
	main := &pairing{name: fmt.Sprintf("drawn, seed %d", t.Seed), graph: drawn, whole: true, between: true}
	all = append(all, main)
	if part, err := countable(drawn); err != nil {
		return nil, err
	} else if part != drawn {
		main.between = false
		all = append(all, &pairing{name: "part of it", graph: part, between: true})
	}
	return all, nil
}

// countable is the graph, or the part of it among its first nodes that is small
// enough to count betweenness in.
func countable(g *csr.Graph) (*csr.Graph, error) {
	part := g
	for part.Order() > 1 && part.Order()*part.Size() > mostVisits {
		first := make([]uint32, part.Order()/2)
		for u := range first {
			first[u] = uint32(u)
		}
		var err error
		if part, _, err = part.Induced(first); err != nil {
			return nil, err
		}
	}
	return part, nil
}

// both computes everything on one graph.
func (t Trial) both(ctx context.Context, library *gds.Library, g *pairing) (found []Comparison, err error) {
	g.ours, g.columns = g.graph.Unweighted(), g.graph.Columns()
	t.tell(g, "projection")
	projected, err := library.Project(ctx, gds.Graph{Nodes: g.graph.Order(), From: g.columns.From, To: g.columns.To, Weight: g.columns.Weight})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, projected.Drop(ctx)) }()
	steps := []struct {
		name string
		due  bool
		do   func(context.Context, *gds.Projection, *pairing) error
	}{
		{"PageRank", g.whole, t.rank}, {"components", g.whole, t.components}, {"Leiden", g.whole, t.leiden}, {"betweenness", g.between, t.betweenness},
	}
	for _, s := range steps {
		if !s.due {
			continue
		}
		t.tell(g, s.name)
		if err := s.do(ctx, projected, g); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return g.measured, nil
}

func (t Trial) tell(g *pairing, measure string) {
	if t.Progress != nil {
		t.Progress(g.name, measure)
	}
}

// rank compares PageRank. Theirs is divided by the number of nodes to mean the
// same; both are told in units of the mean score, which is about what the
// library gives.
func (t Trial) rank(ctx context.Context, p *gds.Projection, g *pairing) error {
	theirs, err := p.PageRank(ctx, damping, rankStop)
	if err != nil {
		return err
	}
	began := t.Clock()
	ours, err := centrality.PageRank(ctx, g.graph, propagate.Options{Damping: damping, Dangling: propagate.DanglingLose, Threads: t.Threads})
	took := t.Clock().Sub(began)
	if err != nil {
		return err
	}
	for u := range ours.Scores {
		ours.Scores[u] *= float64(g.graph.Order())
	}
	g.compare("PageRank, of the mean", theirs.Of, ours.Scores, rankTolerance).timed(theirs.Took, took)
	return nil
}

// components compares which nodes hang together: the difference is the number
// of nodes that are not where the other has them.
func (t Trial) components(ctx context.Context, p *gds.Projection, g *pairing) error {
	theirs, err := p.Components(ctx)
	if err != nil {
		return err
	}
	began := t.Clock()
	ours, err := structure.Weak(ctx, g.graph, structure.Options{Threads: t.Threads})
	took := t.Clock().Sub(began)
	if err != nil {
		return err
	}
	wrong := 0
	for u, of := range ours.Of {
		if theirs.Of[u] != of {
			wrong++
		}
	}
	g.add("components", float64(theirs.Parts), float64(len(ours.First)), float64(wrong), 0).timed(theirs.Took, took)
	return nil
}

// leiden compares how good both divisions are, by one function of ours, which
// is itself held against the library's figure for the library's division.
func (t Trial) leiden(ctx context.Context, p *gds.Projection, g *pairing) error {
	theirs, err := p.Leiden(ctx, t.Seed)
	if err != nil {
		return err
	}
	began := t.Clock()
	ours, err := community.Leiden(ctx, g.graph, community.Options{Seed: t.Seed, Threads: 1})
	took := t.Clock().Sub(began)
	if err != nil {
		return err
	}
	quality, err := community.Quality(g.graph, theirs.Of, community.Options{})
	if err != nil {
		return err
	}
	g.add("modularity of one division", theirs.Modularity, quality, math.Abs(theirs.Modularity-quality), qualityTolerance)
	g.add("modularity that Leiden reaches", quality, ours.Quality, max(0, quality-ours.Quality), leidenMargin).timed(theirs.Took, took)
	return nil
}

func (t Trial) betweenness(ctx context.Context, p *gds.Projection, g *pairing) error {
	theirs, err := p.Betweenness(ctx)
	if err != nil {
		return err
	}
	began := t.Clock()
	ours, err := centrality.Betweenness(ctx, g.ours, centrality.Options{Threads: t.Threads})
	took := t.Clock().Sub(began)
	if err != nil {
		return err
	}
	g.compare("betweenness", theirs.Of, ours.Nodes, betweenTolerance).timed(theirs.Took, took)
	return nil
}

// compare notes the figures that are furthest apart.
func (g *pairing) compare(measure string, theirs, ours []float64, tolerance float64) *Comparison {
	at, worst := furthest(ours, theirs)
	return g.add(measure, theirs[at], ours[at], worst, tolerance)
}

func (g *pairing) add(measure string, theirs, ours, difference, tolerance float64) *Comparison {
	none := output.Score(math.NaN())
	g.measured = append(g.measured, Comparison{
		Graph: g.name, Nodes: g.graph.Order(), Edges: g.graph.Size(), Measure: measure, GDS: output.Score(theirs), Rummage: output.Score(ours),
		Difference: output.Score(difference), Tolerance: output.Score(tolerance), Agrees: difference <= tolerance,
		GDSMillis: none, Millis: none, Ratio: none,
	})
	return &g.measured[len(g.measured)-1]
}

// timed notes both times.
func (c *Comparison) timed(theirs, ours time.Duration) {
	millis := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	c.GDSMillis, c.Millis = output.Score(millis(theirs)), output.Score(millis(ours))
	if theirs > 0 && ours > 0 {
		c.Ratio = output.Score(millis(theirs) / millis(ours))
	}
}

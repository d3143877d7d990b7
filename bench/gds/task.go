package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gonum.org/v1/gonum/floats"

	"rummage/algo/centrality"
	"rummage/algo/csr"
	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/trial"
	"rummage/graph/neo4j/gds"
)

// perSource is the task whose time is that of one source.
const perSource = "betweenness"

// task is one line of the table.
type task struct {
	name, title string
	// aim is how many times as long the library shall take.
	aim   float64
	ready func(v *venue) (duel, error)
}

// all is the table, in the order of the page.
func all() []task {
	return []task{
		{"build", "projection: a graph from edges in memory", 10, (*venue).build},
		{"pagerank", "PageRank to 1e-10", 20, (*venue).pageRank},
		{"louvain", "Louvain", 20, (*venue).louvain},
		{"leiden", "Leiden", 20, (*venue).leiden},
		{perSource, "betweenness, a source", 10, (*venue).betweenness},
		{"components", "weak components", 5, (*venue).components},
	}
}

func choose(names string) ([]task, error) {
	wanted := campaign.List(names)
	if len(wanted) == 0 {
		return all(), nil
	}
	var chosen []task
	for _, name := range wanted {
		before := len(chosen)
		for _, t := range all() {
			if t.name == name {
				chosen = append(chosen, t)
			}
		}
		if len(chosen) == before {
			return nil, fmt.Errorf("there is no task %q", name)
		}
	}
	return chosen, nil
}

// venue is the graph on both sides.
type venue struct {
	threads, sources int
	in               *trial.Input
	columns          csr.Columns
	library          *gds.Library
	projection       *gds.Projection
	// folder is where graphs are kept.
	folder string
}

func newVenue(ctx context.Context, c *contest, in *trial.Input, library *gds.Library) (*venue, error) {
	v := &venue{threads: c.Threads, sources: c.sources, in: in, library: library, folder: c.Out}
	var err error
	if v.columns, err = in.Files.Columns(); err != nil {
		return nil, err
	}
	v.projection, err = library.Project(ctx, sent(in.Files.Nodes, v.columns))
	return v, err
}

func sent(nodes int, c csr.Columns) gds.Graph {
	return gds.Graph{Nodes: nodes, From: c.From, To: c.To, Weight: c.Weight}
}

// ours is our side of a task that package trial has too.
func ours(name string, in *trial.Input, threads int) (side, error) {
	t, known := trial.Find(name)
	if !known {
		return nil, fmt.Errorf("there is no task %q", name)
	}
	run, err := t.Ours(in)
	return func(ctx context.Context) (turn, error) {
		begun := time.Now()
		answer, err := run(ctx, threads)
		took := time.Since(begun)
		if err != nil {
			return turn{}, err
		}
		return turn{took.Seconds(), answer()}, nil
	}, err
}

// duel joins the sides of a task that package trial has too.
func (v *venue) duel(name string, theirs side, check trial.Check) (duel, error) {
	mine, err := ours(name, v.in, v.threads)
	return duel{mine, theirs, func(ctx context.Context, ours, theirs []float64) (trial.Verdict, error) {
		return check(ctx, v.in, ours, theirs)
	}}, err
}

// build has the library make its graph anew. The weight of all edges it does not tell.
func (v *venue) build() (duel, error) {
	return v.duel("build", func(ctx context.Context) (turn, error) {
		p, err := v.library.Project(ctx, sent(v.in.Files.Nodes, v.columns))
		if err != nil {
			return turn{}, err
		}
		return turn{p.Took().Seconds(), []float64{float64(v.in.Files.Nodes), float64(p.Edges())}}, p.Drop(ctx)
	}, sizes)
}

// sizes wants as many nodes and edges.
func sizes(ctx context.Context, in *trial.Input, ours, theirs []float64) (trial.Verdict, error) {
	if len(ours) > 2 {
		ours = ours[:2]
	}
	return trial.Equal(ctx, in, ours, theirs)
}

// pageRank divides the library's scores by their sum: they are n times as large, and what a node without edges holds is lost, which does
// not change the proportions.
func (v *venue) pageRank() (duel, error) {
	return v.duel("pagerank", func(ctx context.Context) (turn, error) {
		found, err := v.projection.PageRank(ctx, 0.85, 1e-10)
		return turn{found.Took.Seconds(), shares(found.Of)}, err
	}, trial.Walks)
}

// shares divides scores by their sum, where they lie.
func shares(scores []float64) []float64 {
	floats.Scale(1/floats.Sum(scores), scores)
	return scores
}

func (v *venue) louvain() (duel, error) {
	return v.duel("louvain", func(ctx context.Context) (turn, error) { return divided(v.projection.Louvain(ctx)) }, trial.Division)
}

func (v *venue) leiden() (duel, error) {
	return v.duel("leiden", func(ctx context.Context) (turn, error) { return divided(v.projection.LeidenUnseeded(ctx)) }, trial.Division)
}

func (v *venue) components() (duel, error) {
	return v.duel("components", func(ctx context.Context) (turn, error) { return divided(v.projection.Components(ctx)) }, trial.Parts)
}

func divided(d gds.Division, err error) (turn, error) {
	labels := make([]float64, len(d.Of))
	for i, part := range d.Of {
		labels[i] = float64(part)
	}
	return turn{d.Took.Seconds(), labels}, err
}

// betweenness counts from some sources; what both would find from all of them is compared on a small graph.
func (v *venue) betweenness() (duel, error) {
	theirs := func(ctx context.Context) (turn, error) {
		found, err := v.projection.SampledBetweenness(ctx, v.sources, 1)
		return turn{found.Took.Seconds() / float64(v.sources), nil}, err
	}
	mine := func(ctx context.Context) (turn, error) {
		seconds, err := perSearch(ctx, v.in.Graph, v.sources, v.threads)
		return turn{seconds, nil}, err
	}
	return duel{mine, theirs, func(ctx context.Context, _, _ []float64) (trial.Verdict, error) { return v.exact(ctx) }}, nil
}

// exact has both count from every node of a small graph.
func (v *venue) exact(ctx context.Context) (verdict trial.Verdict, err error) {
	files, err := edges.Make(ctx, v.folder, "tiny")
	if err != nil {
		return verdict, err
	}
	in := &trial.Input{Files: files}
	if err := in.Load(ctx); err != nil {
		return verdict, err
	}
	p, err := v.library.Project(ctx, sent(files.Nodes, in.Graph.Columns()))
	if err != nil {
		return verdict, err
	}
	defer func() { err = errors.Join(err, p.Drop(ctx)) }()
	theirs, err := p.Betweenness(ctx)
	if err != nil {
		return verdict, err
	}
	found, err := centrality.Betweenness(ctx, in.Graph, centrality.Options{Threads: v.threads})
	if err != nil {
		return verdict, err
	}
	verdict, err = trial.Exact(ctx, in, found.Nodes, theirs.Of)
	verdict.Says += fmt.Sprintf(", from every node of %s", files.Title)
	return verdict, err
}

// perSearch is how many seconds a source takes, of as many sources as wished for and as a second holds. The count is called off then. The
// time begins when the first piece of work is done; in a graph that is one piece it begins with the call.
func perSearch(ctx context.Context, g *csr.Graph, sources, threads int) (float64, error) {
	limited, enough := context.WithCancel(ctx)
	defer enough()
	begun := time.Now()
	var first, last time.Time
	before, count := 0, 0
	_, err := centrality.Betweenness(limited, g, centrality.Options{Threads: threads, Progress: func(done, _ int) {
		if limited.Err() != nil {
			return
		}
		last, count = time.Now(), done
		if before == 0 {
			first, before = last, done
		}
		if count-before >= sources && last.Sub(first) >= time.Second {
			enough()
		}
	}})
	switch {
	case err != nil && (ctx.Err() != nil || limited.Err() == nil):
		return 0, err
	case count == 0:
		return 0, errors.New("the graph has no source, so there is no time of one")
	case count == before:
		return last.Sub(begun).Seconds() / float64(count), nil
	}
	return last.Sub(first).Seconds() / float64(count-before), nil
}

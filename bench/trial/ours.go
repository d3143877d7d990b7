package trial

import (
	"context"
	"math/rand/v2"
	"slices"

	"rummage/algo/centrality"
	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/propagate"
	"rummage/algo/structure"
)

// seed is that of everything random.
const seed = 1

// tolerance is that of every walk.
const tolerance = 1e-10

// Load reads a graph for our side.
func (in *Input) Load(ctx context.Context) error {
	columns, err := in.Files.Columns()
	if err != nil {
		return err
	}
	in.Graph, err = csr.Build(ctx, columns, csr.Options{Nodes: in.Files.Nodes})
	return err
}

func oursBuild(in *Input) (Run, error) {
	columns, err := in.Files.Columns()
	return func(ctx context.Context, threads int) (Answer, error) {
		g, err := csr.Build(ctx, columns, csr.Options{Nodes: in.Files.Nodes, Threads: threads})
		return func() []float64 {
			var weight float64
			for u := range g.Order() {
				weight += g.Strength(uint32(u))
			}
			return census(g.Order(), g.Size(), weight/2)
		}, err
	}, err
}

func oursPageRank(in *Input) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		rank, err := centrality.PageRank(ctx, in.Graph, propagate.Options{Tolerance: tolerance, Threads: threads})
		return func() []float64 { return rank.Scores }, err
	}, nil
}

func oursWalks(in *Input) (Run, error) {
	seeds := make([][]float64, len(in.Files.Seeds))
	for i, set := range in.Files.Seeds {
		seeds[i] = marks(in.Files.Nodes, set)
	}
	return func(ctx context.Context, threads int) (Answer, error) {
		walk, err := propagate.Walk(ctx, in.Graph, seeds, propagate.Options{Tolerance: tolerance, Threads: threads})
		return func() []float64 {
			var all []float64
			for _, scores := range walk.Scores {
				all = append(all, scores...)
			}
			return all
		}, err
	}, nil
}

func oursLouvain(in *Input) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		found, err := community.Louvain(ctx, in.Graph, community.Options{Seed: seed, Threads: threads})
		return func() []float64 { return numbers(found.Membership) }, err
	}, nil
}

func oursLeiden(in *Input) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		found, err := community.Leiden(ctx, in.Graph, community.Options{Passes: 2, Seed: seed, Threads: threads})
		return func() []float64 { return numbers(found.Membership) }, err
	}, nil
}

// oursUpdate brings a division up to date whose graph lacked one in 2000 of the edges and had as many others. The division of that graph by
// Leiden run until nothing moves, as a state, and the graph after the change are there before, as peers hold the graph that they divide.
// The state takes as many threads as there are processors, which whoever asks has set.
func oursUpdate(in *Input) (Run, error) {
	random := rand.New(rand.NewPCG(seed, 0))
	added := drawn(random, in.Graph, max(in.Graph.Size()/2000, 1))
	gone := absent(random, in.Graph, len(added.From))
	before, _, err := in.Graph.Patch(context.Background(), csr.Change{Put: gone, Remove: added}, 0)
	if err != nil {
		return nil, err
	}
	past, err := community.Leiden(context.Background(), before, community.Options{Seed: seed})
	if err != nil {
		return nil, err
	}
	state, err := community.NewState(context.Background(), before, past.Membership, community.Options{Seed: seed})
	change := csr.Change{Put: added, Remove: gone}
	return func(ctx context.Context, _ int) (Answer, error) {
		found, err := state.Update(ctx, in.Graph, change, nil)
		return func() []float64 { return numbers(found.Membership) }, err
	}, err
}

// drawn returns n different edges of the graph.
func drawn(random *rand.Rand, g *csr.Graph, n int) csr.Columns {
	all := g.Columns()
	var some csr.Columns
	for _, e := range random.Perm(len(all.From))[:n] {
		some.From, some.To, some.Weight = append(some.From, all.From[e]), append(some.To, all.To[e]), append(some.Weight, all.Weight[e])
	}
	return some
}

// absent returns n different edges that the graph does not have, of the weights of n that it has.
func absent(random *rand.Rand, g *csr.Graph, n int) csr.Columns {
	some := drawn(random, g, n)
	seen := map[[2]uint32]bool{}
	for e := range some.From {
		for {
			u, v := random.Uint32N(uint32(g.Order())), random.Uint32N(uint32(g.Order()))
			ends := [2]uint32{min(u, v), max(u, v)}
			if _, found := slices.BinarySearch(g.Neighbours(u), v); u == v || found || seen[ends] {
				continue
			}
			seen[ends] = true
			some.From[e], some.To[e] = u, v
			break
		}
	}
	return some
}

func oursBetweenness(in *Input) (Run, error) {
	return between(in, centrality.Options{})
}

func oursLengths(in *Input) (Run, error) {
	return between(in, centrality.Options{Weighted: true})
}

func between(in *Input, opts centrality.Options) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		opts.Threads = threads
		found, err := centrality.Betweenness(ctx, in.Graph, opts)
		return func() []float64 { return found.Nodes }, err
	}, nil
}

func oursSampled(in *Input) (Run, error) {
	opts := centrality.SampleOptions{Normalised: true, Epsilon: in.Files.Epsilon, Delta: in.Files.Delta, Seed: seed}
	return func(ctx context.Context, threads int) (Answer, error) {
		opts.Threads = threads
		found, err := centrality.SampleBetweenness(ctx, in.Graph, opts)
		return func() []float64 { return found.Nodes }, err
	}, nil
}

// oursHarmonic has closeness and eccentricities thrown in.
func oursHarmonic(in *Input) (Run, error) {
	opts := centrality.ClosenessOptions{Exact: in.Files.Nodes}
	return func(ctx context.Context, threads int) (Answer, error) {
		opts.Threads = threads
		found, err := centrality.Closeness(ctx, in.Graph, opts)
		return func() []float64 { return found.Harmonic }, err
	}, nil
}

func oursComponents(in *Input) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		found, err := structure.Weak(ctx, in.Graph, structure.Options{Threads: threads})
		return func() []float64 { return numbers(found.Of) }, err
	}, nil
}

func oursCores(in *Input) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		found, err := structure.Cores(ctx, in.Graph, structure.Options{Threads: threads})
		return func() []float64 { return numbers(found.Core) }, err
	}, nil
}

func oursCuts(in *Input) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		cuts, err := structure.Cut(ctx, in.Graph, structure.Options{Threads: threads})
		return func() []float64 { return marks(in.Graph.Order(), cuts.Points) }, err
	}, nil
}

func oursClustering(in *Input) (Run, error) {
	return func(ctx context.Context, threads int) (Answer, error) {
		found, err := structure.Triangle(ctx, in.Graph, structure.Options{Threads: threads})
		return func() []float64 { return found.Local }, err
	}, nil
}

package community_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/community"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// drawChange draws edges to put and to remove, and new nodes.
func drawChange(t *rapid.T, g *csr.Graph) csr.Change {
	change := csr.Change{Nodes: g.Order() + rapid.IntRange(0, 2).Draw(t, "new")}
	if g.IsWeighted() {
		change.Put.Weight = []float64{}
	}
	type edge struct {
		u, v uint32
		kind uint8
	}
	named := map[edge]bool{}
	name := func(u, v uint32, kind uint8) bool {
		if !g.IsDirected() && u > v {
			u, v = v, u
		}
		known := named[edge{u, v, kind}]
		named[edge{u, v, kind}] = true
		return !known
	}
	had := g.Columns()
	share := rapid.IntRange(0, 4).Draw(t, "share")
	for i, u := range had.From {
		kind := uint8(0)
		if had.Type != nil {
			kind = had.Type[i]
		}
		if rapid.IntRange(1, 8).Draw(t, "remove") <= share && name(u, had.To[i], kind) {
			change.Remove.From, change.Remove.To = append(change.Remove.From, u), append(change.Remove.To, had.To[i])
			change.Remove.Type = append(change.Remove.Type, kind)
		}
	}
	node := rapid.Uint32Range(0, uint32(change.Nodes-1))
	for range rapid.IntRange(0, 5).Draw(t, "put") {
		u, v, kind := node.Draw(t, "from"), node.Draw(t, "to"), uint8(0)
		if g.IsTyped() {
			kind = rapid.Uint8Range(0, 3).Draw(t, "type")
		}
		if !name(u, v, kind) {
			continue
		}
		change.Put.From, change.Put.To = append(change.Put.From, u), append(change.Put.To, v)
		if g.IsTyped() {
			change.Put.Type = append(change.Put.Type, kind)
		}
		if g.IsWeighted() {
			change.Put.Weight = append(change.Put.Weight, float64(rapid.IntRange(0, 32).Draw(t, "weight"))/8)
		}
	}
	return change
}

// follow takes a graph and a division of it through some changes, and looks at every step.
func follow(t *rapid.T, g *csr.Graph, divide divide, opts community.Options) {
	first, err := divide(context.Background(), g, opts)
	require.NoError(t, err)
	before := first.Membership
	for range 3 {
		change := drawChange(t, g)
		g, _, err = g.Patch(context.Background(), change, 1)
		require.NoError(t, err)
		got, err := community.Update(context.Background(), before, g, change, opts)
		require.NoError(t, err)
		require.Equal(t, "update", got.Method)
		canonical, communities := community.Canonical(got.Membership)
		require.Equal(t, canonical, got.Membership)
		require.Equal(t, communities, got.Communities)
		require.True(t, connected(g, got.Membership), "a community is in pieces")
		quality, err := community.Quality(g, got.Membership, opts)
		require.NoError(t, err)
		require.Equal(t, quality, got.Quality)
		start := slices.Clone(before)
		for u := len(start); u < g.Order(); u++ {
			start = append(start, uint32(g.Order()+u))
		}
		worst, err := community.Quality(g, start, opts)
		require.NoError(t, err)
		require.GreaterOrEqual(t, got.Quality, worst-1e-9, "an update must not be worse than doing nothing")
		again, err := community.Update(context.Background(), got.Membership, g, csr.Change{}, opts)
		require.NoError(t, err)
		require.Equal(t, got.Membership, again.Membership, "nothing has changed")
		require.Zero(t, again.Visits)
		for _, threads := range []int{1, 2, 3, 8} {
			opts.Threads = threads
			same, err := community.Update(context.Background(), before, g, change, opts)
			require.NoError(t, err)
			require.Equal(t, got, same)
		}
		before = got.Membership
	}
}

func TestUpdatedDivisionsAreSound(t *testing.T) {
	for range 12 {
		rapid.Check(t, func(t *rapid.T) { follow(t, draw(t), drawMethod(t), drawOptions(t)) })
	}
}

func FuzzUpdate(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { follow(t, draw(t), drawMethod(t), drawOptions(t)) }))
}

// series makes batches of changes to a planted partition: as many edges removed at random as put, some of these as planted and some
// between any two nodes.
type series struct {
	random *rand.Rand
	spare  csr.Columns
	used   int
	g      *csr.Graph
}

func newSeries(t require.TestingT, nodes, batch, batches int, mixing float64) *series {
	p := csrtest.Partition{Nodes: nodes, Degree: 20, Mixing: mixing, Seed: 1, Weighted: true}
	c, _ := p.Draw()
	return seriesOf(t, nodes, c, batch*batches)
}

// seriesOf keeps so many of the edges back.
func seriesOf(t require.TestingT, nodes int, c csr.Columns, back int) *series {
	s := &series{random: rand.New(rand.NewPCG(7, 7)), used: len(c.From) - back}
	s.spare = c
	cut := s.used
	g, err := csr.Build(context.Background(), csr.Columns{From: c.From[:cut], To: c.To[:cut], Weight: c.Weight[:cut]}, csr.Options{Nodes: nodes})
	require.NoError(t, err)
	s.g = g
	return s
}

// next puts and removes so many edges each, and returns what it did.
func (s *series) next(t require.TestingT, batch int) csr.Change {
	named := map[[2]uint32]bool{}
	fresh := func(u, v uint32) bool {
		key := [2]uint32{min(u, v), max(u, v)}
		known := named[key]
		named[key] = true
		return !known
	}
	var change csr.Change
	for range batch {
		u, v, w := s.spare.From[s.used], s.spare.To[s.used], s.spare.Weight[s.used]
		if s.used++; s.random.IntN(4) == 0 {
			v = uint32(s.random.IntN(s.g.Order()))
		}
		if fresh(u, v) {
			change.Put.From, change.Put.To, change.Put.Weight = append(change.Put.From, u), append(change.Put.To, v), append(change.Put.Weight, w)
		}
		for {
			u = uint32(s.random.IntN(s.g.Order()))
			if row := s.g.Neighbours(u); len(row) > 0 {
				if v = row[s.random.IntN(len(row))]; fresh(u, v) {
					change.Remove.From, change.Remove.To = append(change.Remove.From, u), append(change.Remove.To, v)
				}
				break
			}
		}
	}
	var err error
	s.g, _, err = s.g.Patch(context.Background(), change, 0)
	require.NoError(t, err)
	return change
}

func TestUpdateKeepsUpWithFullRuns(t *testing.T) {
	const nodes, batch, batches = 4000, 20, 20
	for name, opts := range map[string]community.Options{
		"modularity": {}, "potts": {Objective: community.CPM, Resolution: 0.2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSeries(t, nodes, batch, batches, 0.3)
			now, err := community.Leiden(t.Context(), s.g, opts)
			require.NoError(t, err)
			got := community.Updated{Result: now}
			for range batches {
				change := s.next(t, batch)
				got, err = community.Update(t.Context(), got.Membership, s.g, change, opts)
				require.NoError(t, err)
				require.True(t, connected(s.g, got.Membership))
				require.Less(t, got.Visits, nodes)
			}
			full, err := community.Leiden(t.Context(), s.g, opts)
			require.NoError(t, err)
			assert.InEpsilon(t, full.Quality, got.Quality, 0.005)
			t.Logf("gap %g, full %g, %d visits", full.Quality-got.Quality, full.Quality, got.Visits)
		})
	}
}

// triangles returns so many triangles apart.
func triangles(t require.TestingT, number int) *csr.Graph {
	var c csr.Columns
	for i := range uint32(number) {
		c.From = append(c.From, 3*i, 3*i, 3*i+1)
		c.To = append(c.To, 3*i+1, 3*i+2, 3*i+2)
	}
	g, err := csr.Build(context.Background(), c, csr.Options{Nodes: 3 * number})
	require.NoError(t, err)
	return g
}

func TestUpdateMergesAndPartsWholeCommunities(t *testing.T) {
	g := triangles(t, 20)
	bridges := csr.Columns{From: []uint32{0, 1, 2}, To: []uint32{3, 4, 5}}
	for name, opts := range map[string]community.Options{"modularity": {}, "potts": {Objective: community.CPM, Resolution: 0.3}} {
		t.Run(name, func(t *testing.T) {
			apart, err := community.Leiden(t.Context(), g, opts)
			require.NoError(t, err)
			require.Equal(t, 20, apart.Communities)
			put := csr.Change{Put: bridges}
			prism, _, err := g.Patch(t.Context(), put, 1)
			require.NoError(t, err)
			told := 0
			opts.Progress = func(done, total int) {
				require.Equal(t, 60, total)
				told = done
			}
			got, err := community.Update(t.Context(), apart.Membership, prism, put, opts)
			require.NoError(t, err)
			require.Equal(t, 60, told)
			opts.Progress = nil
			full, err := community.Leiden(t.Context(), prism, opts)
			require.NoError(t, err)
			require.Equal(t, 19, full.Communities)
			require.Equal(t, full.Membership, got.Membership, "no node would go over alone, and yet both are better together")
			require.Equal(t, full.Quality, got.Quality)
			require.True(t, got.Stable)
			require.Less(t, got.Visits, 60)

			removed := csr.Change{Remove: bridges}
			after, _, err := prism.Patch(t.Context(), removed, 1)
			require.NoError(t, err)
			got, err = community.Update(t.Context(), got.Membership, after, removed, opts)
			require.NoError(t, err)
			require.Equal(t, apart.Membership, got.Membership)
			require.Equal(t, 1, got.Split)
		})
	}
}

func TestUpdateTakesNewNodesAndWeightsOfNothing(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 0, 1}, To: []uint32{1, 2, 2}, Weight: []float64{1, 1, 1}}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	change := csr.Change{Nodes: 6, Put: csr.Columns{From: []uint32{0, 1, 0, 3}, To: []uint32{1, 2, 2, 4}, Weight: []float64{0, 0, 4, 2}}}
	after, _, err := g.Patch(t.Context(), change, 1)
	require.NoError(t, err)
	got, err := community.Update(t.Context(), []uint32{0, 0, 0}, after, change, community.Options{})
	require.NoError(t, err)
	assert.Equal(t, []uint32{0, 1, 0, 2, 2, 3}, got.Membership)

	empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	got, err = community.Update(t.Context(), nil, empty, csr.Change{}, community.Options{})
	require.NoError(t, err)
	assert.Zero(t, got.Communities)
	one, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 1})
	require.NoError(t, err)
	got, err = community.Update(t.Context(), nil, one, csr.Change{}, community.Options{})
	require.NoError(t, err)
	assert.Equal(t, []uint32{0}, got.Membership)
}

func TestUpdateRefuses(t *testing.T) {
	g := triangles(t, 2)
	before := []uint32{0, 0, 0, 1, 1, 1}
	edge := func(u, v uint32) csr.Columns { return csr.Columns{From: []uint32{u}, To: []uint32{v}} }
	for name, c := range map[string]struct {
		before []uint32
		change csr.Change
		opts   community.Options
	}{
		"more nodes before":   {before: append([]uint32{0}, before...)},
		"bounded sizes":       {before: before, opts: community.Options{MaxSize: 3}},
		"a resolution":        {before: before, opts: community.Options{Resolution: -1}},
		"a node put":          {before: before, change: csr.Change{Put: edge(0, 6)}},
		"a node removed":      {before: before, change: csr.Change{Remove: edge(6, 0)}},
		"columns":             {before: before, change: csr.Change{Remove: csr.Columns{From: []uint32{1}}}},
		"a column of weights": {before: before, change: csr.Change{Put: csr.Columns{From: []uint32{1}, To: []uint32{4}, Weight: []float64{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := community.Update(t.Context(), c.before, g, c.change, c.opts)
			require.ErrorIs(t, err, community.ErrOptions)
		})
	}
}

// ending is a context that ends when it has been looked at so often.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestUpdateIsCancelled(t *testing.T) {
	const nodes, batch = 4000, 400
	s := newSeries(t, nodes, batch, 1, 0.3)
	opts := community.Options{Threads: 1}
	before, err := community.Leiden(t.Context(), s.g, opts)
	require.NoError(t, err)
	change := s.next(t, batch)
	whole := &ending{t.Context(), 1 << 30}
	_, err = community.Update(whole, before.Membership, s.g, change, opts)
	require.NoError(t, err)
	looks := 1<<30 - whole.left
	require.Greater(t, looks, 20)
	for left := range looks {
		_, err := community.Update(&ending{t.Context(), left}, before.Membership, s.g, change, opts)
		require.ErrorIs(t, err, context.Canceled)
	}
}

// BenchmarkUpdate takes a change of a thousandth of the edges, half of them removed, and divides the graph after it anew beside that, until
// nothing changes and in two passes. It prints how many times as long that takes, and how much more modularity it finds.
func BenchmarkUpdate(b *testing.B) {
	parts, _ := csrtest.Partition{Nodes: 100_000, Degree: 18, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	hubs := csrtest.RMAT{Scale: 17, Factor: 10, Seed: 1, Weighted: true}.Draw()
	for _, c := range []struct {
		name  string
		nodes int
		edges csr.Columns
	}{{"parts 100k", 100_000, parts}, {"hubs 131k", 1 << 17, hubs}} {
		batch := len(c.edges.From) / 2000
		s := seriesOf(b, c.nodes, c.edges, batch)
		before, err := community.Leiden(b.Context(), s.g, community.Options{Seed: 1})
		require.NoError(b, err)
		change := s.next(b, batch)
		var now, anew community.Result
		var update time.Duration
		b.Run(c.name+"/update", func(b *testing.B) {
			for b.Loop() {
				got, err := community.Update(b.Context(), before.Membership, s.g, change, community.Options{Seed: 1})
				require.NoError(b, err)
				now = got.Result
			}
			update = b.Elapsed() / time.Duration(b.N)
		})
		for name, passes := range map[string]int{"/anew": 0, "/two passes": 2} {
			b.Run(c.name+name, func(b *testing.B) {
				for b.Loop() {
					anew, err = community.Leiden(b.Context(), s.g, community.Options{Seed: 1, Passes: passes})
					require.NoError(b, err)
				}
				b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(update), "×update")
				b.ReportMetric(anew.Quality-now.Quality, "gap")
			})
		}
	}
}

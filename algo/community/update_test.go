package community_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

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
	if opts.Objective == community.CPM && rapid.Bool().Draw(t, "sized") {
		opts.Sizes = drawSizes(t, g.Order())
	}
	first, err := divide(context.Background(), g, opts)
	require.NoError(t, err)
	state, err := community.NewState(context.Background(), g, first.Membership, opts)
	require.NoError(t, err)
	before := first.Membership
	for range 3 {
		change := drawChange(t, g)
		after, _, err := g.Patch(context.Background(), change, 1)
		require.NoError(t, err)
		var sizes []float64
		anew := opts
		if opts.Sizes != nil {
			sizes = drawSizes(t, after.Order()-g.Order())
			opts.Sizes = slices.Concat(opts.Sizes, sizes)
		}
		got, err := state.Update(context.Background(), after, change, sizes)
		require.NoError(t, err)
		sound(t, after, before, got, opts)
		for _, threads := range []int{1, 2, 3, 8} {
			anew.Threads = threads
			fresh, err := community.NewState(context.Background(), g, before, anew)
			require.NoError(t, err)
			same, err := fresh.Update(context.Background(), after, change, sizes)
			require.NoError(t, err)
			require.Equal(t, bare(got), bare(same), "what a state has kept must not show")
		}
		again, err := state.Update(context.Background(), after, change, sizes)
		require.NoError(t, err)
		require.Equal(t, bare(got), bare(again), "an update must leave its state alone")
		still, err := got.Next.Update(context.Background(), after, csr.Change{}, nil)
		require.NoError(t, err)
		require.Equal(t, got.Membership, still.Membership, "nothing has changed")
		require.Equal(t, got.Quality, still.Quality)
		require.Zero(t, still.Visits)
		state, g, before = got.Next, after, got.Membership
	}
}

// drawSizes draws sizes of nodes, none too.
func drawSizes(t *rapid.T, n int) []float64 {
	sizes := make([]float64, n)
	for u := range sizes {
		sizes[u] = float64(rapid.IntRange(0, 24).Draw(t, "size")) / 8
	}
	return sizes
}

// bare leaves out what belongs to the next update.
func bare(u community.Updated) community.Updated {
	u.Next = nil
	return u
}

// sound looks at a division that an update has made.
func sound(t *rapid.T, g *csr.Graph, before []uint32, got community.Updated, opts community.Options) {
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
			state, err := community.NewState(t.Context(), s.g, now.Membership, opts)
			require.NoError(t, err)
			var got community.Updated
			for range batches {
				change := s.next(t, batch)
				got, err = state.Update(t.Context(), s.g, change, nil)
				require.NoError(t, err)
				state = got.Next
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
			state, err := community.NewState(t.Context(), g, apart.Membership, opts)
			require.NoError(t, err)
			got, err := state.Update(t.Context(), prism, put, nil)
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
			got, err = got.Next.Update(t.Context(), after, removed, nil)
			require.NoError(t, err)
			require.Equal(t, apart.Membership, got.Membership)
			require.Equal(t, 1, got.Split)
		})
	}
}

// stateOf is NewState where it must not fail.
func stateOf(t require.TestingT, g *csr.Graph, membership []uint32, opts community.Options) *community.State {
	state, err := community.NewState(context.Background(), g, membership, opts)
	require.NoError(t, err)
	return state
}

func TestUpdateTakesNewNodesAndWeightsOfNothing(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 0, 1}, To: []uint32{1, 2, 2}, Weight: []float64{1, 1, 1}}, csr.Options{Nodes: 3})
	require.NoError(t, err)
	change := csr.Change{Nodes: 6, Put: csr.Columns{From: []uint32{0, 1, 0, 3}, To: []uint32{1, 2, 2, 4}, Weight: []float64{0, 0, 4, 2}}}
	after, _, err := g.Patch(t.Context(), change, 1)
	require.NoError(t, err)
	got, err := stateOf(t, g, []uint32{0, 0, 0}, community.Options{}).Update(t.Context(), after, change, nil)
	require.NoError(t, err)
	assert.Equal(t, []uint32{0, 1, 0, 2, 2, 3}, got.Membership)

	empty, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{})
	require.NoError(t, err)
	nothing := stateOf(t, empty, nil, community.Options{})
	got, err = nothing.Update(t.Context(), empty, csr.Change{}, nil)
	require.NoError(t, err)
	assert.Zero(t, got.Communities)
	one, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: 1})
	require.NoError(t, err)
	got, err = nothing.Update(t.Context(), one, csr.Change{}, nil)
	require.NoError(t, err)
	assert.Equal(t, []uint32{0}, got.Membership)
}

func TestUpdateRefuses(t *testing.T) {
	g := triangles(t, 2)
	state := stateOf(t, g, []uint32{0, 0, 0, 1, 1, 1}, community.Options{})
	sized := stateOf(t, g, []uint32{0, 0, 0, 1, 1, 1}, community.Options{Objective: community.CPM})
	edge := func(u, v uint32) csr.Columns { return csr.Columns{From: []uint32{u}, To: []uint32{v}} }
	larger, _, err := g.Patch(t.Context(), csr.Change{Nodes: 7, Put: edge(5, 6)}, 1)
	require.NoError(t, err)
	directed, err := csr.Build(t.Context(), g.Columns(), csr.Options{Nodes: 6, Directed: true})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		state  *community.State
		g      *csr.Graph
		change csr.Change
		sizes  []float64
	}{
		"fewer nodes":         {state, triangles(t, 1), csr.Change{}, nil},
		"another direction":   {state, directed, csr.Change{}, nil},
		"edges of no change":  {state, larger, csr.Change{}, nil},
		"sizes of modularity": {state, larger, csr.Change{Put: edge(5, 6)}, []float64{1}},
		"two sizes for one":   {sized, larger, csr.Change{Put: edge(5, 6)}, []float64{1, 1}},
		"a size":              {sized, larger, csr.Change{Put: edge(5, 6)}, []float64{-1}},
		"a node put":          {state, g, csr.Change{Put: edge(0, 6)}, nil},
		"a node removed":      {state, g, csr.Change{Remove: edge(6, 0)}, nil},
		"columns":             {state, g, csr.Change{Remove: csr.Columns{From: []uint32{1}}}, nil},
		"a column of weights": {state, g, csr.Change{Put: csr.Columns{From: []uint32{1}, To: []uint32{4}, Weight: []float64{}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.state.Update(t.Context(), c.g, c.change, c.sizes)
			require.ErrorIs(t, err, community.ErrOptions)
		})
	}
	for name, opts := range map[string]community.Options{"bounded sizes": {MaxSize: 3}, "a resolution": {Resolution: -1}} {
		t.Run(name, func(t *testing.T) {
			_, err := community.NewState(t.Context(), g, make([]uint32, 6), opts)
			require.ErrorIs(t, err, community.ErrOptions)
		})
	}
	_, err = community.NewState(t.Context(), g, make([]uint32, 5), community.Options{})
	require.ErrorIs(t, err, community.ErrOptions)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = community.NewState(ended, g, make([]uint32, 6), community.Options{})
	require.ErrorIs(t, err, context.Canceled)
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
	state := stateOf(t, s.g, before.Membership, opts)
	change := s.next(t, batch)
	whole := &ending{t.Context(), 1 << 30}
	want, err := state.Update(whole, s.g, change, nil)
	require.NoError(t, err)
	looks := 1<<30 - whole.left
	require.Greater(t, looks, 10)
	for left := range looks {
		_, err := state.Update(&ending{t.Context(), left}, s.g, change, nil)
		require.ErrorIs(t, err, context.Canceled)
	}
	got, err := state.Update(t.Context(), s.g, change, nil)
	require.NoError(t, err)
	require.Equal(t, bare(want), bare(got), "updates that were broken off must not show")
}

// TestUpdatesGoOnFromOneState has several goroutines go on from one state at a time, each with a change of its own.
func TestUpdatesGoOnFromOneState(t *testing.T) {
	const nodes, batch, batches = 4000, 40, 6
	s := newSeries(t, nodes, batch, batches, 0.3)
	g := s.g
	before, err := community.Leiden(t.Context(), g, community.Options{})
	require.NoError(t, err)
	state := stateOf(t, g, before.Membership, community.Options{})
	var group sync.WaitGroup
	for range batches {
		s.g = g
		change := s.next(t, batch)
		after := s.g
		group.Go(func() {
			want, err := stateOf(t, g, before.Membership, community.Options{}).Update(t.Context(), after, change, nil)
			assert.NoError(t, err)
			for range 3 {
				got, err := state.Update(t.Context(), after, change, nil)
				assert.NoError(t, err)
				assert.Equal(t, bare(want), bare(got))
			}
		})
	}
	group.Wait()
}

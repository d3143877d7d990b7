package block_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/block"
	"rummage/algo/csr"
)

// small draws tuples of two or three parts with few nodes.
func small(t *rapid.T) block.Tuples {
	parts := rapid.IntRange(2, 3).Draw(t, "parts")
	rows := rapid.IntRange(0, 12).Draw(t, "rows")
	tuples := block.Tuples{Parts: make([][]uint32, parts), Sizes: make([]int, parts)}
	for part := range parts {
		tuples.Sizes[part] = rapid.IntRange(1, 4).Draw(t, "size")
		tuples.Parts[part] = make([]uint32, rows)
		for i := range rows {
			tuples.Parts[part][i] = rapid.Uint32Range(0, uint32(tuples.Sizes[part]-1)).Draw(t, "node")
		}
	}
	if rapid.Bool().Draw(t, "weighted") {
		tuples.Weight = make([]float64, rows)
		for i := range rows {
			tuples.Weight[i] = float64(rapid.IntRange(0, 16).Draw(t, "weight")) / 4
		}
	}
	return tuples
}

func options(t *rapid.T, tuples block.Tuples) block.Options {
	opts := block.Options{Offset: rapid.Float64Range(1, 9).Draw(t, "offset")}
	if rapid.Bool().Draw(t, "plain") {
		opts.Damped = []int{}
	}
	if rapid.Bool().Draw(t, "priors") {
		for _, size := range tuples.Sizes {
			column := make([]float64, size)
			for u := range column {
				column[u] = float64(rapid.IntRange(0, 3).Draw(t, "prior")) / 4
			}
			opts.Prior = append(opts.Prior, column)
		}
	}
	return opts
}

// model measures sets of nodes as the definition says.
type model struct {
	tuples block.Tuples
	opts   block.Options
	weight map[[3]uint32]float64
}

func modelOf(tuples block.Tuples, opts block.Options) model {
	m := model{tuples: tuples, opts: opts, weight: map[[3]uint32]float64{}}
	if opts.Damped == nil {
		for part := 1; part < len(tuples.Parts); part++ {
			m.opts.Damped = append(m.opts.Damped, part)
		}
	}
	for i := range tuples.Parts[0] {
		w := 1.0
		if tuples.Weight != nil {
			w = tuples.Weight[i]
		}
		m.weight[m.key(i)] += w
	}
	damped := map[[3]uint32]float64{}
	for key, w := range m.weight {
		for _, part := range m.opts.Damped {
			x := 0
			for other := range m.weight {
				if other[part] == key[part] {
					x++
				}
			}
			w /= math.Log(float64(x) + opts.Offset)
		}
		damped[key] = w
	}
	m.weight = damped
	return m
}

func (m *model) key(i int) (key [3]uint32) {
	for part, column := range m.tuples.Parts {
		key[part] = column[i]
	}
	return key
}

// measure returns the mass and number of tuples of a block.
func (m *model) measure(members [][]uint32) (mass float64, tuples int) {
	for key, w := range m.weight {
		inside := true
		for part := range members {
			inside = inside && slices.Contains(members[part], key[part])
		}
		if inside {
			mass += w
			tuples++
		}
	}
	for part, nodes := range members {
		for _, u := range nodes {
			if m.opts.Prior != nil {
				mass += m.opts.Prior[part][u]
			}
		}
	}
	return mass, tuples
}

// densest tries every set of nodes.
func (m *model) densest() (best float64) {
	nodes := 0
	for _, size := range m.tuples.Sizes {
		nodes += size
	}
	for set := 1; set < 1<<nodes; set++ {
		members := make([][]uint32, len(m.tuples.Parts))
		count, at := 0, 0
		for part, size := range m.tuples.Sizes {
			for u := range size {
				if set>>at&1 == 1 {
					members[part] = append(members[part], uint32(u))
					count++
				}
				at++
			}
		}
		mass, _ := m.measure(members)
		best = max(best, mass/float64(count))
	}
	return best
}

func count(members [][]uint32) (n int) {
	for _, nodes := range members {
		n += len(nodes)
	}
	return n
}

func TestABlockIsAsDenseAsPromised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			tuples := small(t)
			opts := options(t, tuples)
			found, err := block.Find(context.Background(), tuples, opts)
			require.NoError(t, err)
			m := modelOf(tuples, opts)
			if len(tuples.Parts[0]) == 0 {
				require.Empty(t, found.Blocks)
				continue
			}
			require.Len(t, found.Blocks, 1)
			b := found.Blocks[0]
			mass, inside := m.measure(b.Members)
			require.InDelta(t, mass, b.Mass, 1e-9)
			require.Equal(t, inside, b.Tuples)
			require.InDelta(t, mass/float64(count(b.Members)), b.Density, 1e-9)
			best := m.densest()
			require.GreaterOrEqual(t, b.Density, best*found.Factor-1e-9)
			require.GreaterOrEqual(t, b.Bound, best-1e-9)
			require.GreaterOrEqual(t, b.Bound, b.Density)
			require.LessOrEqual(t, b.Bound, b.Density/found.Factor+1e-9)
		}
	})
}

func TestTheOrderOfRowsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tuples := small(t)
		opts := options(t, tuples)
		opts.Blocks = 3
		want, err := block.Find(context.Background(), tuples, opts)
		require.NoError(t, err)
		mixed := block.Tuples{Parts: make([][]uint32, len(tuples.Parts)), Sizes: tuples.Sizes}
		order := make([]int, len(tuples.Parts[0]))
		for i := range order {
			order[i] = i
		}
		for _, i := range rapid.Permutation(order).Draw(t, "order") {
			for part, column := range tuples.Parts {
				mixed.Parts[part] = append(mixed.Parts[part], column[i])
			}
			if tuples.Weight != nil {
				mixed.Weight = append(mixed.Weight, tuples.Weight[i])
			}
		}
		got, err := block.Find(context.Background(), mixed, opts)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// ring is how many nodes of each part are in league in planted, the first of each.
const ring = 10

// planted is a market of two or three parts in which everybody deals with three others and six times with the few that are popular, and a
// ring of which each deals with seven of the others besides. The ring hides: it deals with the popular more than anybody.
func planted(parts int) block.Tuples {
	random := rand.New(rand.NewPCG(5, 6))
	const size = 2000
	tuples := block.Tuples{Parts: make([][]uint32, parts)}
	for range parts {
		tuples.Sizes = append(tuples.Sizes, size)
	}
	add := func(first uint32, other func(part int) uint32) {
		tuples.Parts[0] = append(tuples.Parts[0], first)
		for part := 1; part < parts; part++ {
			tuples.Parts[part] = append(tuples.Parts[part], other(part))
		}
	}
	popular := func(int) uint32 { return 100 + random.Uint32N(20) }
	for u := range uint32(size) {
		for i := range 6 {
			add(u, popular)
			if i < 3 {
				add(u, func(int) uint32 { return random.Uint32N(size) })
			}
		}
	}
	for u := range uint32(ring) {
		for i := range uint32(7) {
			add(u, func(part int) uint32 { return (u*uint32(part) + i) % ring })
			if i < 3 {
				add(u, popular)
			}
		}
	}
	return tuples
}

func TestAPlantedRingIsFoundBehindItsCamouflage(t *testing.T) {
	var members []uint32
	for u := range uint32(ring) {
		members = append(members, u)
	}
	for name, parts := range map[string]int{"two parts": 2, "three parts": 3} {
		t.Run(name, func(t *testing.T) {
			tuples := planted(parts)
			found, err := block.Find(t.Context(), tuples, block.Options{})
			require.NoError(t, err)
			assert.Equal(t, members, found.Blocks[0].Members[0])
			for part := 1; part < parts; part++ {
				assert.Subset(t, found.Blocks[0].Members[part], members)
				assert.LessOrEqual(t, len(found.Blocks[0].Members[part]), ring+5)
			}
			bare, err := block.Find(t.Context(), tuples, block.Options{Damped: []int{}})
			require.NoError(t, err)
			assert.Greater(t, count(bare.Blocks[0].Members), 400, "without damping the popular are what is dense")
		})
	}
}

func TestSeveralBlocks(t *testing.T) {
	var tuples block.Tuples
	tuples.Parts, tuples.Sizes = make([][]uint32, 2), []int{9, 9}
	square := func(from, side uint32) {
		for u := range side {
			for v := range side {
				tuples.Parts[0], tuples.Parts[1] = append(tuples.Parts[0], from+u), append(tuples.Parts[1], from+v)
			}
		}
	}
	square(0, 4)
	square(4, 3)
	square(7, 2)
	found, err := block.Find(t.Context(), tuples, block.Options{Damped: []int{}, Blocks: 5, Prior: [][]float64{make([]float64, 9), make([]float64, 9)}})
	require.NoError(t, err)
	require.Len(t, found.Blocks, 3, "then nothing is left")
	assert.Equal(t, block.Block{Members: [][]uint32{{0, 1, 2, 3}, {0, 1, 2, 3}}, Tuples: 16, Mass: 16, Density: 2, Bound: 4, Steps: 18}, found.Blocks[0])
	assert.Equal(t, [][]uint32{{4, 5, 6}, {4, 5, 6}}, found.Blocks[1].Members)
	assert.Equal(t, [][]uint32{{7, 8}, {7, 8}}, found.Blocks[2].Members)
	assert.InDelta(t, 0.5, found.Factor, 0)
	dense, err := block.Find(t.Context(), tuples, block.Options{Damped: []int{}, Blocks: 5, Least: 1.2})
	require.NoError(t, err)
	assert.Len(t, dense.Blocks, 2)
	assert.InDelta(t, 5, dense.Offset, 0)
}

func TestPriorsAreSpentOnce(t *testing.T) {
	tuples := block.Tuples{Parts: [][]uint32{{0, 1}, {0, 1}}, Sizes: []int{3, 2}}
	found, err := block.Find(t.Context(), tuples, block.Options{Damped: []int{}, Blocks: 2, Prior: [][]float64{{0, 0, 3}, {0, 0}}})
	require.NoError(t, err)
	require.Len(t, found.Blocks, 2)
	assert.Equal(t, [][]uint32{{2}, nil}, found.Blocks[0].Members)
	assert.InDelta(t, 3, found.Blocks[0].Density, 0)
	assert.Equal(t, [][]uint32{{0, 1}, {0, 1}}, found.Blocks[1].Members)
}

func TestPairsOfAGraph(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0, 3, 1, 2}, To: []uint32{2, 1, 0, 3}, Weight: []float64{1, 2, 3, 4}}, csr.Options{Nodes: 4})
	require.NoError(t, err)
	tuples, err := block.Pairs(g, []bool{false, false, true, true})
	require.NoError(t, err)
	assert.Equal(t, block.Tuples{Parts: [][]uint32{{0, 1}, {2, 3}}, Sizes: []int{4, 4}, Weight: []float64{1, 2}}, tuples)
	turned, err := block.Pairs(g.Unweighted(), []bool{true, true, false, false})
	require.NoError(t, err)
	assert.Equal(t, block.Tuples{Parts: [][]uint32{{2, 3}, {0, 1}}, Sizes: []int{4, 4}}, turned)
	_, err = block.Pairs(g, nil)
	require.ErrorIs(t, err, block.ErrColumns)
}

func TestRefusals(t *testing.T) {
	two := func(u, v uint32) block.Tuples {
		return block.Tuples{Parts: [][]uint32{{0, u}, {0, v}}, Sizes: []int{2, 2}}
	}
	weighted := func(w float64) block.Tuples {
		tuples := two(1, 1)
		tuples.Weight = []float64{1, w}
		return tuples
	}
	for name, c := range map[string]struct {
		tuples block.Tuples
		opts   block.Options
		want   error
		text   string
	}{
		"one part":               {block.Tuples{Parts: [][]uint32{{0}}, Sizes: []int{1}}, block.Options{}, block.ErrColumns, "1 parts"},
		"a short column":         {block.Tuples{Parts: [][]uint32{{0}, {}}, Sizes: []int{1, 1}}, block.Options{}, block.ErrColumns, "part 1 has 0"},
		"sizes missing":          {block.Tuples{Parts: [][]uint32{{0}, {0}}}, block.Options{}, block.ErrColumns, "0 sizes"},
		"a negative size":        {block.Tuples{Parts: [][]uint32{{}, {}}, Sizes: []int{0, -1}}, block.Options{}, block.ErrColumns, "-1 nodes"},
		"a node too great":       {two(1, 2), block.Options{}, block.ErrNode, "row 1: node out of range: node 2 of part 1, which has 2"},
		"a weight short":         {block.Tuples{Parts: [][]uint32{{0}, {0}}, Sizes: []int{1, 1}, Weight: []float64{}}, block.Options{}, block.ErrColumns, "0 weights"},
		"a weight that is NaN":   {weighted(math.NaN()), block.Options{}, block.ErrWeight, "row 1"},
		"a negative weight":      {weighted(-1), block.Options{}, block.ErrWeight, "-1"},
		"an infinite weight":     {weighted(math.Inf(1)), block.Options{}, block.ErrWeight, "+Inf"},
		"a prior that is NaN":    {two(1, 1), block.Options{Prior: [][]float64{{0, 0}, {0, math.NaN()}}}, block.ErrWeight, "node 1 of part 1"},
		"priors short":           {two(1, 1), block.Options{Prior: [][]float64{{0}, {0, 0}}}, block.ErrColumns, "1 priors for the 2 nodes of part 0"},
		"priors of one part":     {two(1, 1), block.Options{Prior: [][]float64{{0, 0}}}, block.ErrColumns, "1 columns of priors"},
		"a part that is not":     {two(1, 1), block.Options{Damped: []int{2}}, block.ErrOption, "[2]"},
		"a part twice":           {two(1, 1), block.Options{Damped: []int{1, 1}}, block.ErrOption, "[1 1]"},
		"an offset below 1":      {two(1, 1), block.Options{Offset: 0.5}, block.ErrOption, "0.5"},
		"an offset that is NaN":  {two(1, 1), block.Options{Offset: math.NaN()}, block.ErrOption, "NaN"},
		"a negative count":       {two(1, 1), block.Options{Blocks: -1}, block.ErrOption, "-1"},
		"a least that is no sum": {two(1, 1), block.Options{Least: math.NaN()}, block.ErrOption, "NaN"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := block.Find(t.Context(), c.tuples, c.opts)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, "block: ")
			require.ErrorContains(t, err, c.text)
		})
	}
}

func TestCancellationAndProgress(t *testing.T) {
	tuples := planted(3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := block.Find(ctx, tuples, block.Options{})
	require.ErrorIs(t, err, context.Canceled)
	ctx, cancel = context.WithCancel(t.Context())
	told := 0
	found, err := block.Find(ctx, tuples, block.Options{Blocks: 100, Progress: func(done, total int) {
		assert.LessOrEqual(t, done, total)
		if told++; done == total {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	assert.Positive(t, told)
	assert.Empty(t, found.Blocks)
}

// FuzzFind reads three bytes a tuple. What is found must be sound whatever they say.
func FuzzFind(f *testing.F) {
	f.Add([]byte{0, 1, 2, 0, 1, 2, 3, 3, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		tuples := block.Tuples{Parts: make([][]uint32, 3), Sizes: []int{16, 16, 16}}
		for ; len(data) >= 3; data = data[3:] {
			for part := range 3 {
				tuples.Parts[part] = append(tuples.Parts[part], uint32(data[part]%16))
			}
			tuples.Weight = append(tuples.Weight, float64(data[0]/16))
		}
		found, err := block.Find(t.Context(), tuples, block.Options{Blocks: 3})
		require.NoError(t, err)
		for _, b := range found.Blocks {
			require.Positive(t, count(b.Members))
			require.LessOrEqual(t, b.Density, b.Bound)
			require.InDelta(t, b.Mass, b.Density*float64(count(b.Members)), 1e-9)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	for name, parts := range map[string]int{"two parts": 2, "three parts": 3} {
		random := rand.New(rand.NewPCG(1, 1))
		const rows = 1_000_000
		tuples := block.Tuples{Parts: make([][]uint32, parts)}
		for part := range parts {
			tuples.Sizes = append(tuples.Sizes, 100_000)
			for range rows {
				tuples.Parts[part] = append(tuples.Parts[part], min(random.Uint32N(100_000), random.Uint32N(100_000)))
			}
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := block.Find(b.Context(), tuples, block.Options{})
				require.NoError(b, err)
			}
		})
	}
}

package broker_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/broker"
	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/fixtures"
)

// graphs is how many random graphs each measure is held against its oracle on.
const graphs = 1000

// many draws that many graphs for a check of one.
func many(t *testing.T, check func(t *rapid.T)) {
	t.Helper()
	for done := 0; done < graphs; done += 100 {
		rapid.Check(t, check)
	}
}

// matrix is the weight between any two nodes, both directions together, without loops.
func matrix(g *csr.Graph) [][]float64 {
	m := make([][]float64, g.Order())
	for u := range m {
		m[u] = make([]float64, g.Order())
	}
	for u := range uint32(g.Order()) {
		weights := g.Weights(u)
		for i, v := range g.Neighbours(u) {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			if u == v {
				continue
			}
			m[u][v] += w
			if g.IsDirected() {
				m[v][u] += w
			}
		}
	}
	return m
}

// byDefinition is Burt's text, term by term.
func byDefinition(m [][]float64, i int) (contacts int, constraint, effective float64) {
	share := func(u, v int) float64 {
		var sum float64
		for _, w := range m[u] {
			sum += w
		}
		if sum == 0 {
			return 0
		}
		return m[u][v] / sum
	}
	for j := range m {
		if m[i][j] == 0 {
			continue
		}
		contacts++
		through, again := share(i, j), 0.0
		for q := range m {
			if q != i && q != j {
				through += share(i, q) * share(q, j)
				again += share(i, q) * m[j][q] / slices.Max(m[j])
			}
		}
		constraint += through * through
		effective += 1 - again
	}
	return contacts, constraint, effective
}

func TestStructuralHolesAreThoseOfTheDefinition(t *testing.T) {
	many(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Directed: rapid.Bool().Draw(t, "directed"), Weighted: rapid.Bool().Draw(t, "weighted"),
			Typed: rapid.Bool().Draw(t, "typed"), Loops: true, Parallel: rapid.SampledFrom([]csr.Parallel{csr.MergeParallel, csr.KeepParallel}).Draw(t, "parallel")})
		got, err := broker.StructuralHoles(context.Background(), g, broker.HolesOptions{})
		require.NoError(t, err)
		m := matrix(g)
		for u := range m {
			contacts, constraint, effective := byDefinition(m, u)
			require.Equal(t, contacts, got.Contacts[u])
			if contacts == 0 {
				require.True(t, math.IsNaN(got.Constraint[u]))
				require.True(t, math.IsNaN(got.Efficiency[u]))
				require.Zero(t, got.EffectiveSize[u])
				continue
			}
			require.InDelta(t, constraint, got.Constraint[u], 1e-9)
			require.InDelta(t, effective, got.EffectiveSize[u], 1e-9)
			require.InDelta(t, effective/float64(contacts), got.Efficiency[u], 1e-9)
		}
	})
}

func TestPublishedHolesOfCaviar(t *testing.T) {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz"), nodes["node"], false).Unweighted()
	got, err := broker.StructuralHoles(t.Context(), g, broker.HolesOptions{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["constraint"]), got.Constraint, 1e-9)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["effective_size"]), got.EffectiveSize, 1e-9)
}

// A hub's row is long, and those of its contacts are short: both ways through a pair are taken.
func TestHolesBesideAHub(t *testing.T) {
	const n = 400
	c := csrtest.Planted(n, 10, 2, 0, 3)
	for u := range uint32(n - 1) {
		c.From, c.To, c.Weight = append(c.From, n-1), append(c.To, u), append(c.Weight, 1+float64(u%7))
	}
	g, err := csr.Build(t.Context(), c, csr.Options{Nodes: n})
	require.NoError(t, err)
	got, err := broker.StructuralHoles(t.Context(), g, broker.HolesOptions{})
	require.NoError(t, err)
	m := matrix(g)
	for _, u := range []int{0, 1, 200, n - 1} {
		contacts, constraint, effective := byDefinition(m, u)
		assert.Equal(t, contacts, got.Contacts[u])
		assert.InDelta(t, constraint, got.Constraint[u], 1e-9)
		assert.InDelta(t, effective, got.EffectiveSize[u], 1e-9)
	}
}

// Names of nodes decide between equals only, so graphs without equals are asked for by another name.
func TestNamesOfNodesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Weighted: true, Round: true})
		name := csrtest.Permutation(t, g.Order())
		a, err := broker.StructuralHoles(context.Background(), g, broker.HolesOptions{})
		require.NoError(t, err)
		b, err := broker.StructuralHoles(context.Background(), csrtest.Rename(t, g, name), broker.HolesOptions{})
		require.NoError(t, err)
		size := min(2, g.Order())
		x, err := broker.KeyPlayers(context.Background(), g, broker.KeyOptions{Goal: broker.Lengthen, Size: size})
		require.NoError(t, err)
		y, err := broker.KeyPlayers(context.Background(), csrtest.Rename(t, g, name), broker.KeyOptions{Goal: broker.Lengthen, Size: size})
		require.NoError(t, err)
		require.InDelta(t, x.Score, y.Score, 1e-9)
		for u := range name {
			require.Equal(t, a.Contacts[u], b.Contacts[name[u]])
			require.InDelta(t, a.EffectiveSize[u], b.EffectiveSize[name[u]], 1e-9)
			if a.Contacts[u] > 0 {
				require.InDelta(t, a.Constraint[u], b.Constraint[name[u]], 1e-9)
			}
		}
	})
}

func TestSameBitsOnAnyNumberOfThreads(t *testing.T) {
	const n = 300
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 20, 3, 1, 4), csr.Options{Nodes: n})
	require.NoError(t, err)
	holes, err := broker.StructuralHoles(t.Context(), g, broker.HolesOptions{Threads: 1})
	require.NoError(t, err)
	part, _, err := g.Induced(first(60))
	require.NoError(t, err)
	keys := broker.KeyOptions{Goal: broker.Lengthen, Size: 3, Exhaust: -1, Threads: 1}
	set, err := broker.KeyPlayers(t.Context(), part, keys)
	require.NoError(t, err)
	for _, threads := range []int{2, 3, 8} {
		last := 0
		many, err := broker.StructuralHoles(t.Context(), g, broker.HolesOptions{Threads: threads, Progress: func(done, total int) {
			assert.Less(t, last, done)
			assert.Equal(t, n, total)
			last = done
		}})
		require.NoError(t, err)
		assert.Equal(t, holes, many)
		assert.Equal(t, n, last)
		keys.Threads, keys.Progress = threads, func(tried int) { last = tried }
		again, err := broker.KeyPlayers(t.Context(), part, keys)
		require.NoError(t, err)
		assert.Equal(t, set, again)
		assert.Equal(t, again.Tried, last)
	}
}

func first(n uint32) (all []uint32) {
	for u := range n {
		all = append(all, u)
	}
	return all
}

func TestRefusals(t *testing.T) {
	directed, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2, Directed: true})
	require.NoError(t, err)
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	_, err = broker.Fragment(t.Context(), directed, nil)
	require.ErrorIs(t, err, broker.ErrDirected)
	_, err = broker.Fragment(t.Context(), g, []uint32{2})
	require.ErrorIs(t, err, broker.ErrNode)
	_, err = broker.KeyPlayers(t.Context(), directed, broker.KeyOptions{Size: 1})
	require.ErrorIs(t, err, broker.ErrDirected)
	for _, opts := range []broker.KeyOptions{{}, {Size: 3}, {Size: -1}, {Size: 1, Goal: 9}, {Size: 1, Steps: -1}} {
		_, err = broker.KeyPlayers(t.Context(), g, opts)
		require.ErrorIs(t, err, broker.ErrOptions)
	}
	_, err = broker.Attack(t.Context(), directed, broker.AttackOptions{})
	require.ErrorIs(t, err, broker.ErrDirected)
	for _, opts := range []broker.AttackOptions{{Order: 9}, {Steps: 3}, {Steps: -1}, {Order: broker.AtRandom, Repeats: -1}} {
		_, err = broker.Attack(t.Context(), g, opts)
		require.ErrorIs(t, err, broker.ErrOptions)
	}
}

func TestGraphsOfNothing(t *testing.T) {
	for n := range 2 {
		g, err := csr.Build(t.Context(), csr.Columns{}, csr.Options{Nodes: n})
		require.NoError(t, err)
		f, err := broker.Fragment(t.Context(), g, nil)
		require.NoError(t, err)
		assert.Equal(t, broker.Fragmentation{Components: 1, Distance: 1, Nodes: n}, f)
		curve, err := broker.Attack(t.Context(), g, broker.AttackOptions{Order: broker.ByBetweenness})
		require.NoError(t, err)
		assert.Len(t, curve.Largest, n+1)
		holes, err := broker.StructuralHoles(t.Context(), g, broker.HolesOptions{})
		require.NoError(t, err)
		assert.Len(t, holes.Contacts, n)
	}
}

func TestCancellation(t *testing.T) {
	const n = 2000
	g, err := csr.Build(t.Context(), csrtest.Planted(n, 20, 3, 1, 4), csr.Options{Nodes: n})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	tried := 0
	_, err = broker.KeyPlayers(ctx, g, broker.KeyOptions{Goal: broker.Reach, Size: 3, Progress: func(int) { tried++; cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, tried)
	_, err = broker.StructuralHoles(ctx, g, broker.HolesOptions{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = broker.Fragment(ctx, g, nil)
	require.ErrorIs(t, err, context.Canceled)
	for _, order := range []broker.Order{broker.ByDegree, broker.ByBetweenness, broker.AtRandom} {
		_, err = broker.Attack(ctx, g, broker.AttackOptions{Order: order})
		require.ErrorIs(t, err, context.Canceled)
	}
}

// FuzzBroker reads three bytes an edge.
func FuzzBroker(f *testing.F) {
	f.Add([]byte{0, 1, 8, 1, 2, 16, 3, 3, 0}, uint8(2))
	f.Add([]byte{}, uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		var c csr.Columns
		for ; len(data) >= 3; data = data[3:] {
			c.From, c.To = append(c.From, uint32(data[0]%32)), append(c.To, uint32(data[1]%32))
			c.Weight = append(c.Weight, float64(data[2])*math.Pow(10, float64(int(data[2])%60-30)))
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 32})
		require.NoError(t, err)
		holes, err := broker.StructuralHoles(t.Context(), g, broker.HolesOptions{})
		require.NoError(t, err)
		for u := range holes.Contacts {
			if holes.Contacts[u] > 0 {
				require.Positive(t, holes.Constraint[u])
				require.LessOrEqual(t, holes.EffectiveSize[u], float64(holes.Contacts[u])+1e-9)
			}
		}
		found, err := broker.KeyPlayers(t.Context(), g, broker.KeyOptions{Goal: broker.Goal(size % 4), Size: 1 + int(size%3), Exhaust: -1})
		require.NoError(t, err)
		require.GreaterOrEqual(t, found.Score, -1e-9)
		require.LessOrEqual(t, found.Score, 1+1e-9)
		curve, err := broker.Attack(t.Context(), g, broker.AttackOptions{Order: broker.Order(size % 2)})
		require.NoError(t, err)
		require.IsNonIncreasing(t, curve.Largest)
	})
}

func BenchmarkBroker(b *testing.B) {
	const n = 100_000
	g, err := csr.Build(b.Context(), csrtest.Planted(n, 30, 5, 1, 4), csr.Options{Nodes: n})
	require.NoError(b, err)
	part, _, err := g.Induced(first(1000))
	require.NoError(b, err)
	for name, work := range map[string]func() error{
		"holes":    func() error { _, err := broker.StructuralHoles(b.Context(), g, broker.HolesOptions{}); return err },
		"fragment": func() error { _, err := broker.Fragment(b.Context(), part, nil); return err },
		"disconnect": func() error {
			_, err := broker.KeyPlayers(b.Context(), part, broker.KeyOptions{Size: 2, Exhaust: -1})
			return err
		},
		"degree": func() error { _, err := broker.Attack(b.Context(), g, broker.AttackOptions{}); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, work())
			}
		})
	}
}

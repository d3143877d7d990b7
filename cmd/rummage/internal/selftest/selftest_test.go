package selftest

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/structure"
	"rummage/fixtures/graphs"
	"rummage/fixtures/oracle"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEveryKnownFigureComesOut(t *testing.T) {
	one, err := Known(t.Context(), 1)
	require.NoError(t, err)
	figures, measures := 0, map[string]bool{}
	for _, c := range one {
		assert.True(t, c.Agrees, "%s: %s at %s: %v, known %v", c.Graph, c.Measure, c.At, c.Got, c.Want)
		assert.LessOrEqual(t, c.Difference, c.Tolerance)
		assert.NotEmpty(t, c.Source)
		assert.False(t, measures[c.Graph+c.Measure], "%s: %s is there twice", c.Graph, c.Measure)
		measures[c.Graph+c.Measure] = true
		figures += c.Values
	}
	assert.Len(t, one, 60)
	assert.Equal(t, 5540, figures)
	many, err := Known(t.Context(), 3)
	require.NoError(t, err)
	assert.Equal(t, one, many, "the figures do not depend on the threads")
}

func TestKnownCanBeCalledOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Known(ctx, 1)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestAWrongFigureIsSeen(t *testing.T) {
	n := &network{name: "pair", nodes: 2, edges: 1}
	for name, test := range map[string]struct {
		got, want []float64
		at        string
		off       float64
	}{
		"all the same":            {[]float64{1, 3}, []float64{1, 3}, "b", 0},
		"within the tolerance":    {[]float64{1 + 1e-10, 3}, []float64{1, 3}, "a", 1e-10},
		"relative above 1":        {[]float64{1, 2000 + 1e-6}, []float64{1, 2000}, "b", 5e-10},
		"beyond it":               {[]float64{1 + 1e-8, 3}, []float64{1, 3}, "a", 1e-8},
		"the worst of several":    {[]float64{1.5, 3.25}, []float64{1, 3}, "a", 0.5},
		"absolute below 1":        {[]float64{2e-9, 0}, []float64{0, 0}, "a", 2e-9},
		"no number":               {[]float64{math.NaN(), 3}, []float64{1, 3}, "a", math.Inf(1)},
		"no number after another": {[]float64{9, math.NaN()}, []float64{1, 3}, "b", math.Inf(1)},
		"no end":                  {[]float64{1, math.Inf(1)}, []float64{1, 3}, "b", math.Inf(1)},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := measure{name: "height", source: "a ruler", got: test.got, want: test.want, at: []string{"a", "b"}}.check(n)
			require.NoError(t, err)
			assert.Equal(t, test.at, c.At)
			if math.IsInf(test.off, 1) {
				assert.True(t, math.IsInf(float64(c.Difference), 1))
			} else {
				assert.InDelta(t, test.off, float64(c.Difference), 1e-12)
			}
			assert.Equal(t, test.off <= Tolerance, c.Agrees)
			assert.Equal(t, Check{Graph: "pair", Nodes: 2, Edges: 1, Measure: "height", Values: 2, At: c.At, Got: c.Got, Want: c.Want,
				Difference: c.Difference, Tolerance: Tolerance, Agrees: c.Agrees, Source: "a ruler"}, withoutNaN(c, t))
		})
	}
	for name, m := range map[string]measure{
		"nothing":       {},
		"one too few":   {got: []float64{1}, want: []float64{1, 2}, at: []string{"a"}},
		"no names":      {got: []float64{1}, want: []float64{1}},
		"one too many":  {got: []float64{1, 2}, want: []float64{1}, at: []string{"a"}},
		"nothing known": {got: []float64{1}, at: []string{"a"}},
	} {
		_, err := checked(n, []measure{m})
		assert.ErrorIs(t, err, errLength, name)
	}
}

// withoutNaN is the check itself: comparing it with one made of its own values leaves out what equals nothing.
func withoutNaN(c Check, t *testing.T) Check {
	t.Helper()
	if math.IsNaN(float64(c.Got)) {
		t.Skip("no number equals itself")
	}
	return c
}

func TestAWorseDivisionIsSeen(t *testing.T) {
	n, err := load(t.Context(), karate())
	require.NoError(t, err)
	k := known{threads: 1}
	good, err := k.leiden(t.Context(), n, karateOptimum)
	require.NoError(t, err)
	assert.True(t, good.Agrees)
	bad, err := k.leiden(t.Context(), n, karateOptimum+0.001)
	require.NoError(t, err)
	assert.False(t, bad.Agrees)
	assert.InDelta(t, 0.001, float64(bad.Difference), 1e-4)
}

func TestTheBinaryHoldsTheLicence(t *testing.T) {
	text, err := graphs.Files.ReadFile("LICENSE")
	require.NoError(t, err)
	assert.Contains(t, string(text), "MIT License")
}

func TestTablesThatCannotBeRead(t *testing.T) {
	_, err := read(oracle.Files, "nosuch")
	assert.ErrorContains(t, err, "nosuch")
	_, err = table{"x": {"1", "two"}}.column("x")
	assert.ErrorContains(t, err, "column x")
	for name, p := range map[string]place{
		"nosuch":                          {known: "nosuch"},
		"none":                            {known: "karate", edges: "none"},
		"a node that nothing is known of": {known: "karate", edges: "dolphins.edges", node: "node"},
	} {
		_, err := load(t.Context(), p)
		assert.ErrorContains(t, err, name)
	}
}

func TestDrawnGraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2*circle, 2000).Draw(t, "nodes")
		r := Random{Nodes: n, Edges: rapid.IntRange(1, n*(n/8)).Draw(t, "edges") % 20_000, Seed: rapid.Uint64().Draw(t, "seed")}
		r.Edges = max(r.Edges, 1)
		g, err := r.Draw(context.Background(), 1)
		require.NoError(t, err)
		again, err := r.Draw(context.Background(), 3)
		require.NoError(t, err)
		require.Equal(t, g.Columns(), again.Columns(), "the same options give the same graph")
		require.Equal(t, n, g.Order())
		require.LessOrEqual(t, g.Size(), r.Edges)
		require.True(t, g.IsSimple())
		c := g.Columns()
		for i := range c.From {
			require.NotEqual(t, c.From[i], c.To[i])
			require.Equal(t, c.Weight[i]*2, math.Trunc(c.Weight[i]*2), "a multiple of a half")
		}
	})
	g, err := Random{Nodes: 5000, Edges: 25_000, Seed: 1}.Draw(t.Context(), 2)
	require.NoError(t, err)
	assert.Equal(t, 25_000, g.Size())
	other, err := Random{Nodes: 5000, Edges: 25_000, Seed: 2}.Draw(t.Context(), 2)
	require.NoError(t, err)
	assert.NotEqual(t, g.Columns(), other.Columns())
	weak, err := structure.Weak(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	largest, alone := 0, 0
	for _, size := range weak.Size {
		largest = max(largest, size)
		if size == 1 {
			alone++
		}
	}
	assert.Greater(t, largest, 4000, "a mainland")
	assert.GreaterOrEqual(t, alone, 50, "nodes with nothing at all")
	assert.Greater(t, len(weak.Size), alone+5, "islands")
	hub := 0
	for u := range uint32(g.Order()) {
		hub = max(hub, g.Degree(u))
	}
	assert.Greater(t, hub, 100, "a hub")
	for _, r := range []Random{{}, {Nodes: 49, Edges: 1}, {Nodes: 50}, {Nodes: 80, Edges: 11 * 80}, {Nodes: 1 << 40, Edges: 1}, {Nodes: -5, Edges: 3}, {Nodes: 1 << 20, Edges: 1 << 40}} {
		_, err := r.Draw(t.Context(), 1)
		assert.ErrorIs(t, err, ErrSize, fmt.Sprint(r))
	}
}

func TestBetweennessIsCountedInAPartOfALargeGraph(t *testing.T) {
	small, err := Random{Nodes: 1000, Edges: 5000}.Draw(t.Context(), 1)
	require.NoError(t, err)
	part, err := countable(small)
	require.NoError(t, err)
	assert.Same(t, small, part)
	large, err := Random{Nodes: 20_000, Edges: 100_000}.Draw(t.Context(), 1)
	require.NoError(t, err)
	part, err = countable(large)
	require.NoError(t, err)
	assert.LessOrEqual(t, part.Order()*part.Size(), mostVisits)
	assert.Greater(t, part.Size(), 1000)
	all, err := Trial{Random: Random{Nodes: 20_000, Edges: 100_000}, Threads: 1}.graphs(t.Context())
	require.NoError(t, err)
	assert.Len(t, all, 5)
	assert.False(t, all[3].between)
	assert.False(t, all[4].whole)
}

func TestHowAComparisonIsNoted(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	p := &pairing{name: "pair", graph: g}
	p.compare("height", []float64{1, 5}, []float64{1, 5.5}, 1e-6).timed(3*time.Millisecond, 2*time.Millisecond)
	p.add("width", 1, 1, 0, 0).timed(0, time.Millisecond)
	p.add("depth", 1, 1, 0, 0)
	first, second, third := p.measured[0], p.measured[1], p.measured[2]
	assert.False(t, first.Agrees)
	assert.InDelta(t, 0.1, float64(first.Difference), 1e-12)
	assert.InDelta(t, 1.5, float64(first.Ratio), 1e-12)
	assert.InDelta(t, 5, float64(first.GDS), 0)
	assert.InDelta(t, 5.5, float64(first.Rummage), 0)
	assert.True(t, second.Agrees)
	assert.True(t, math.IsNaN(float64(second.Ratio)), "less than the library counts in")
	assert.True(t, math.IsNaN(float64(third.Millis)))
}

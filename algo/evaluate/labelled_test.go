package evaluate_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/evaluate"
	"rummage/fixtures"
)

// deals is a graph of nodes that deal with anyone, in which groups of five deal with each other too, if there are any.
func deals(nodes, groups int) *evaluate.Labelled {
	random := rand.New(rand.NewPCG(7, 7))
	g := &evaluate.Labelled{Nodes: nodes, Truth: make([]bool, nodes)}
	meet := func(u, v int) {
		if u != v {
			g.Arcs = append(g.Arcs, evaluate.Arc{From: uint32(u), To: uint32(v), Time: float64(random.IntN(100))})
		}
	}
	for range 3 * nodes {
		meet(random.IntN(nodes), random.IntN(nodes))
	}
	for k := range groups {
		for i := range 5 {
			g.Truth[5*k+i] = true
			for j := range i {
				meet(5*k+i, 5*k+j)
			}
		}
	}
	return g
}

func tried(t *testing.T, g *evaluate.Labelled, opts evaluate.LabelOptions) map[string]evaluate.Spread {
	t.Helper()
	splits, err := evaluate.TryLabels(context.Background(), g, opts, nil)
	require.NoError(t, err)
	require.Len(t, splits, opts.Splits)
	auc := map[string]evaluate.Spread{}
	for m, method := range evaluate.LabelMethods() {
		var all []float64
		for _, s := range splits {
			all = append(all, s.AUC[m])
		}
		auc[method] = evaluate.NewSpread(all)
	}
	return auc
}

// TestLabelsTold finds the other half of groups whose members deal with each other.
func TestLabelsTold(t *testing.T) {
	fixtures.Figures(t)
	opts := evaluate.DefaultLabels()
	opts.Splits = 2
	auc := tried(t, deals(1500, 30), opts)
	assert.Greater(t, auc[evaluate.LabelEvidence].Mean, 0.9)
	assert.Greater(t, auc[evaluate.LabelRatio].Mean, 0.9)
	again := tried(t, deals(1500, 30), opts)
	assert.Equal(t, auc, again, "one seed, one answer")
	opts.Seed = 2
	assert.NotEqual(t, auc, tried(t, deals(1500, 30), opts))
	turned := deals(1500, 30)
	slices.Reverse(turned.Arcs)
	opts.Seed = 1
	assert.Equal(t, auc, tried(t, turned, opts), "whatever the order of the rows")
}

// TestLabelsHidden has labels that nothing in the graph tells: whoever reaches more than chance has seen what was hidden.
func TestLabelsHidden(t *testing.T) {
	fixtures.Figures(t)
	g := deals(2000, 0)
	random := rand.New(rand.NewPCG(1, 1))
	for v := range g.Truth {
		g.Truth[v] = random.Float64() < 0.1
	}
	opts := evaluate.DefaultLabels()
	opts.Splits = 3
	for method, s := range tried(t, g, opts) {
		assert.InDelta(t, 0.5, s.Mean, 0.07, method)
	}
}

func TestLabelsRefused(t *testing.T) {
	ctx := context.Background()
	for name, change := range map[string]func(*evaluate.Labelled, *evaluate.LabelOptions){
		"labels":   func(g *evaluate.Labelled, _ *evaluate.LabelOptions) { g.Truth = g.Truth[1:] },
		"no bad":   func(g *evaluate.Labelled, _ *evaluate.LabelOptions) { clear(g.Truth) },
		"known":    func(_ *evaluate.Labelled, o *evaluate.LabelOptions) { o.Known = 1 },
		"no split": func(_ *evaluate.Labelled, o *evaluate.LabelOptions) { o.Splits = 0 },
	} {
		g, opts := deals(200, 10), evaluate.DefaultLabels()
		change(g, &opts)
		_, err := evaluate.TryLabels(ctx, g, opts, nil)
		assert.ErrorIs(t, err, evaluate.ErrLabels, name)
	}
}

package community

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

func TestAShortlistSaysWhatATallyDoes(t *testing.T) {
	var w tally
	w.grow(1 << 16)
	rapid.Check(t, func(t *rapid.T) {
		// Few groups, many, and such as are hashed to one place.
		groups := make([]uint32, 1000)
		most := rapid.SampledFrom([]uint32{1, 7, 300, 1 << 16}).Draw(t, "groups")
		step := rapid.SampledFrom([]uint32{1, 1 << 8}).Draw(t, "step")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for u := range groups {
			groups[u] = random.Uint32N(most) * step % (1 << 16)
		}
		row := make([]uint32, rapid.OneOf(rapid.IntRange(0, 20), rapid.IntRange(0, brief)).Draw(t, "arcs"))
		weights := make([]float64, len(row))
		for i := range row {
			row[i], weights[i] = random.Uint32N(uint32(len(groups))), random.ExpFloat64()+1e-3
		}
		own := groups[random.Uint32N(uint32(len(groups)))]
		met, sums, toOwn := w.sum(row, weights, groups, own, false)
		met = slices.Clone(met)
		var want []float64
		for _, c := range met {
			want = append(want, sums[c])
			sums[c] = 0
		}
		listed, got, mine := w.sum(row, weights, groups, own, true)
		require.Equal(t, met, slices.Clone(listed))
		require.Equal(t, want, append([]float64(nil), got[:len(listed)]...))
		require.Equal(t, toOwn, mine)
	})
}

func TestListedRowsChangeNoDivision(t *testing.T) {
	parts, _ := csrtest.Partition{Nodes: Wide + 2000, Degree: 6, Mixing: 0.2, Seed: 1, Weighted: true}.Draw()
	for _, directed := range []bool{false, true} {
		g, err := csr.Build(t.Context(), parts, csr.Options{Nodes: Wide + 2000, Directed: directed})
		require.NoError(t, err)
		for _, way := range []method{leiden, louvain} {
			opts := Options{method: way, Passes: 2, Threads: 2}
			want, err := divide(t.Context(), g, opts)
			require.NoError(t, err)
			opts.crowd = 1 << 8
			got, err := divide(t.Context(), g, opts)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
}

package community_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/community"
)

// information is the mutual information of two divisions and the entropy of either, node by node.
func information(a, b []uint32) (mutual, entropyA, entropyB float64) {
	n := float64(len(a))
	for u := range a {
		var both, left, right float64
		for v := range a {
			if a[v] == a[u] {
				left++
			}
			if b[v] == b[u] {
				right++
			}
			if a[v] == a[u] && b[v] == b[u] {
				both++
			}
		}
		mutual += math.Log(n*both/left/right) / n
		entropyA += math.Log(n/left) / n
		entropyB += math.Log(n/right) / n
	}
	return mutual, entropyA, entropyB
}

// agreed counts pairs of nodes that are together in both divisions, in the first, and in the second.
func agreed(a, b []uint32) (both, first, second float64) {
	for u := range a {
		for v := range u {
			if a[u] == a[v] {
				first++
			}
			if b[u] == b[v] {
				second++
			}
			if a[u] == a[v] && b[u] == b[v] {
				both++
			}
		}
	}
	return both, first, second
}

// permuted calls visit with every order of labels.
func permuted(labels []uint32, visit func([]uint32)) {
	var swap func(k int)
	swap = func(k int) {
		if k == len(labels) {
			visit(labels)
			return
		}
		for i := k; i < len(labels); i++ {
			labels[k], labels[i] = labels[i], labels[k]
			swap(k + 1)
			labels[k], labels[i] = labels[i], labels[k]
		}
	}
	swap(0)
}

// TestCompareByEnumeration has the expectations of both adjusted measures from all orders of the second division.
func TestCompareByEnumeration(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	compared := 0
	for compared < 1000 {
		n := 2 + random.IntN(5)
		a, b := make([]uint32, n), make([]uint32, n)
		for u := range a {
			a[u], b[u] = uint32(random.IntN(4)), uint32(random.IntN(4))
		}
		got, err := community.Compare(t.Context(), a, b)
		require.NoError(t, err)
		mutual, entropyA, entropyB := information(a, b)
		require.InDelta(t, entropyA+entropyB-2*mutual, got.Variation, 1e-12)
		var orders, meanMutual, meanBoth float64
		together, first, second := agreed(a, b)
		permuted(append([]uint32{}, b...), func(other []uint32) {
			m, _, _ := information(a, other)
			both, _, _ := agreed(a, other)
			orders, meanMutual, meanBoth = orders+1, meanMutual+m, meanBoth+both
		})
		meanMutual, meanBoth = meanMutual/orders, meanBoth/orders
		if spread := (first+second)/2 - meanBoth; spread > 1e-9 {
			require.InDelta(t, (together-meanBoth)/spread, got.AdjustedRand, 1e-9, "%v %v", a, b)
		}
		if spread := (entropyA+entropyB)/2 - meanMutual; spread > 1e-9 {
			require.InDelta(t, (mutual-meanMutual)/spread, got.AdjustedMutual, 1e-9, "%v %v", a, b)
		}
		if entropyA+entropyB > 0 {
			require.InDelta(t, 2*mutual/(entropyA+entropyB), got.NormalisedMutual, 1e-9)
		}
		compared++
	}
}

func TestCompareIsSymmetricAndBlindToNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "nodes")
		a, b := drawLabels(t, n), drawLabels(t, n)
		forth, err := community.Compare(context.Background(), a, b)
		require.NoError(t, err)
		back, err := community.Compare(context.Background(), b, a)
		require.NoError(t, err)
		require.InDelta(t, forth.AdjustedRand, back.AdjustedRand, 1e-12)
		require.InDelta(t, forth.AdjustedMutual, back.AdjustedMutual, 1e-9)
		require.InDelta(t, forth.NormalisedMutual, back.NormalisedMutual, 1e-12)
		require.InDelta(t, forth.Variation, back.Variation, 1e-12)
		require.LessOrEqual(t, forth.AdjustedMutual, 1+1e-9)
		require.GreaterOrEqual(t, forth.Variation, 0.0)
		renamed := make([]uint32, n)
		for u := range a {
			renamed[u] = 77 - 7*a[u]
		}
		same, err := community.Compare(context.Background(), a, renamed)
		require.NoError(t, err)
		require.Equal(t, [4]float64{1, 1, 1, 0}, [4]float64{same.AdjustedRand, same.NormalisedMutual, same.AdjustedMutual, same.Variation})
	})
}

// TestCompareOfKnownDivisions has the example of scikit-learn's guide and what is special.
func TestCompareOfKnownDivisions(t *testing.T) {
	cases := map[string]struct {
		a, b []uint32
		want community.Similarity
	}{
		"the guide of scikit-learn": {
			[]uint32{0, 0, 0, 1, 1, 1}, []uint32{0, 0, 1, 1, 2, 2},
			community.Similarity{AdjustedRand: 8.0 / 33, AdjustedMutual: 0.29879245817089006, NormalisedMutual: 0.5158037429793889,
				Variation: math.Log(3) - math.Log(2)/3},
		},
		"one community says nothing": {
			[]uint32{0, 0, 0, 0}, []uint32{0, 0, 1, 1}, community.Similarity{Variation: math.Log(2)},
		},
		"single nodes say nothing": {
			[]uint32{0, 1, 2, 3}, []uint32{0, 0, 1, 1}, community.Similarity{NormalisedMutual: 2.0 / 3, Variation: math.Log(2)},
		},
		"all against none": {[]uint32{0, 0}, []uint32{0, 1}, community.Similarity{Variation: math.Log(2)}},
		"no node":          {nil, nil, community.Similarity{AdjustedRand: 1, AdjustedMutual: 1, NormalisedMutual: 1}},
		"one node":         {[]uint32{3}, []uint32{0}, community.Similarity{AdjustedRand: 1, AdjustedMutual: 1, NormalisedMutual: 1}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := community.Compare(t.Context(), c.a, c.b)
			require.NoError(t, err)
			assert.Equal(t, len(c.a), got.Nodes)
			assert.InDelta(t, c.want.AdjustedRand, got.AdjustedRand, 1e-12)
			assert.InDelta(t, c.want.AdjustedMutual, got.AdjustedMutual, 1e-12)
			assert.InDelta(t, c.want.NormalisedMutual, got.NormalisedMutual, 1e-12)
			assert.InDelta(t, c.want.Variation, got.Variation, 1e-12)
		})
	}
}

func TestCompareOfManyNodes(t *testing.T) {
	const n = 200_000
	random := rand.New(rand.NewPCG(3, 4))
	a, b, noise := make([]uint32, n), make([]uint32, n), make([]uint32, n)
	for u := range a {
		a[u] = uint32(math.Sqrt(float64(u)))
		b[u], noise[u] = a[u], uint32(random.IntN(500))
		if random.IntN(4) == 0 {
			b[u] = noise[u]
		}
	}
	near, err := community.Compare(t.Context(), a, b)
	require.NoError(t, err)
	far, err := community.Compare(t.Context(), a, noise)
	require.NoError(t, err)
	assert.InDelta(t, 0, far.AdjustedMutual, 1e-3)
	assert.InDelta(t, 0, far.AdjustedRand, 1e-3)
	assert.Greater(t, far.NormalisedMutual, 0.05, "chance alone makes it high")
	assert.InDelta(t, 0.6, near.AdjustedMutual, 0.15)

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = community.Compare(cancelled, a, b)
	require.ErrorIs(t, err, context.Canceled)
	_, err = community.Compare(t.Context(), a, b[1:])
	require.ErrorIs(t, err, community.ErrOptions)
}

func BenchmarkCompare(b *testing.B) {
	const n = 1 << 20
	random := rand.New(rand.NewPCG(3, 4))
	one, other := make([]uint32, n), make([]uint32, n)
	for u := range one {
		one[u] = uint32(math.Sqrt(float64(u)))
		other[u] = one[u] / uint32(1+random.IntN(2))
	}
	for b.Loop() {
		_, err := community.Compare(b.Context(), one, other)
		require.NoError(b, err)
	}
}

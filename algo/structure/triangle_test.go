package structure_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
	"rummage/fixtures"
)

// closedPairs calls use for every pair of neighbours of u, in both orders, that are neighbours themselves, with the three weights.
func closedPairs(g *csr.Graph, u int64, use func(uj, uh, jh float64)) {
	n := int64(g.Order())
	for j := range n {
		for h := range n {
			if j == h || j == u || h == u || !g.HasEdgeBetween(u, j) || !g.HasEdgeBetween(u, h) || !g.HasEdgeBetween(j, h) {
				continue
			}
			a, _ := g.Weight(u, j)
			b, _ := g.Weight(u, h)
			c, _ := g.Weight(j, h)
			use(a, b, c)
		}
	}
}

func TestTrianglesAndClusteringAreThoseOfTheDefinition(t *testing.T) {
	each(t, csrtest.Shape{Nodes: 9, Edges: 24, Loops: true, Weighted: true}, func(t *rapid.T, g *csr.Graph) {
		ctx := context.Background()
		found, err := structure.Triangle(ctx, g, structure.Options{})
		require.NoError(t, err)
		barrat, err := structure.Clustering(ctx, g, structure.Barrat, structure.Options{})
		require.NoError(t, err)
		onnela, err := structure.Clustering(ctx, g, structure.Onnela, structure.Options{})
		require.NoError(t, err)
		bare, err := withoutLoops(t, g).Simple(ctx)
		require.NoError(t, err)
		greatest := 0.0
		for u := range uint32(g.Order()) {
			for _, w := range bare.Weights(u) {
				greatest = max(greatest, w)
			}
		}
		var total, triples, mean float64
		for u := range uint32(g.Order()) {
			var pairs, twice, geometric float64
			closedPairs(bare, int64(u), func(a, b, c float64) {
				pairs++
				twice += (a + b) / 2
				geometric += math.Cbrt(a * b * c)
			})
			k := float64(bare.Degree(u))
			require.EqualValues(t, pairs/2, found.At[u])
			require.InDelta(t, ratio(pairs, k*(k-1)), found.Local[u], 1e-12)
			require.InDelta(t, ratio(twice, bare.Strength(u)*(k-1)), barrat.Local[u], 1e-9)
			require.InDelta(t, ratio(geometric, greatest*k*(k-1)), onnela.Local[u], 1e-9)
			total += pairs / 2
			triples += k * (k - 1) / 2
			mean += ratio(pairs, k*(k-1)) / float64(g.Order())
		}
		require.EqualValues(t, total/3, found.Total)
		require.InDelta(t, ratio(total, triples), found.Transitivity, 1e-12)
		require.InDelta(t, mean, found.Mean, 1e-12)
		sum := 0.0
		for _, local := range barrat.Local {
			sum += local
		}
		require.InDelta(t, sum/float64(g.Order()), barrat.Mean, 1e-12)
		for _, share := range []structure.Share{structure.Barrat, structure.Onnela} {
			same, err := structure.Clustering(ctx, g.Unweighted(), share, structure.Options{})
			require.NoError(t, err)
			if g.IsSimple() {
				require.Equal(t, found.Local, same.Local)
			}
		}
	})
}

// ratio is 0 where there is nothing to divide by.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func TestTrianglesDoNotDependOnTheOrderOfNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := csrtest.Draw(t, csrtest.Shape{Nodes: 20, Edges: 80, Weighted: true})
		name := csrtest.Permutation(t, g.Order())
		renamed := csrtest.Rename(t, g, name)
		a, err := structure.Triangle(context.Background(), g, structure.Options{})
		require.NoError(t, err)
		b, err := structure.Triangle(context.Background(), renamed, structure.Options{})
		require.NoError(t, err)
		c, err := structure.Clustering(context.Background(), g, structure.Onnela, structure.Options{})
		require.NoError(t, err)
		d, err := structure.Clustering(context.Background(), renamed, structure.Onnela, structure.Options{})
		require.NoError(t, err)
		x, err := structure.Cores(context.Background(), g, structure.Options{})
		require.NoError(t, err)
		y, err := structure.Cores(context.Background(), renamed, structure.Options{})
		require.NoError(t, err)
		for u, v := range name {
			require.Equal(t, a.At[u], b.At[v])
			require.InDelta(t, c.Local[u], d.Local[v], 1e-12)
			require.Equal(t, x.Core[u], y.Core[v])
		}
	})
}

func TestPublishedTriangles(t *testing.T) {
	for name, want := range map[string]struct {
		triangles    uint64
		transitivity float64
		mean         float64
	}{
		"karate":   {45, 0.2556818181818182, 0.5706384782076823},
		"dolphins": {95, 0.3087757313109426, 0.2589582460550202},
	} {
		t.Run(name, func(t *testing.T) {
			nodes := csrtest.Table(t, fixtures.Open, "oracle/"+name+".csv.gz")
			g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "graphs/"+name+".edges.csv.gz"), nodes["node"], false)
			found, err := structure.Triangle(t.Context(), g, structure.Options{})
			require.NoError(t, err)
			assert.Equal(t, want.triangles, found.Total)
			assert.InDelta(t, want.transitivity, found.Transitivity, 1e-9)
			assert.InDelta(t, want.mean, found.Mean, 1e-9)
			assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["clustering"]), found.Local, 1e-9)
		})
	}
}

func TestPublishedWeightedClustering(t *testing.T) {
	nodes := csrtest.Table(t, fixtures.Open, "oracle/caviar_union_weighted.csv.gz")
	g := csrtest.Network(t, csrtest.Table(t, fixtures.Open, "oracle/caviar_union_edges.csv.gz"), nodes["node"], false)
	onnela, err := structure.Clustering(t.Context(), g, structure.Onnela, structure.Options{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, csrtest.Numbers(t, nodes["clustering_weighted"]), onnela.Local, 1e-9)
	found, err := structure.Triangle(t.Context(), g, structure.Options{})
	require.NoError(t, err)
	for u, want := range csrtest.Numbers(t, nodes["triangles"]) {
		assert.EqualValues(t, want, found.At[u], nodes["node"][u])
	}
}

func TestClusteringRefusesAShareItDoesNotKnow(t *testing.T) {
	g, err := csr.Build(t.Context(), csr.Columns{From: []uint32{0}, To: []uint32{1}}, csr.Options{Nodes: 2})
	require.NoError(t, err)
	_, err = structure.Clustering(t.Context(), g, structure.Onnela+1, structure.Options{})
	require.ErrorIs(t, err, structure.ErrOption)
}

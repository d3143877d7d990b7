package csrtest_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

func TestPartitionIsAsDescribed(t *testing.T) {
	for name, p := range map[string]csrtest.Partition{
		"plain":       {Nodes: 20000, Degree: 12, Mixing: 0.3, Seed: 1},
		"weighted":    {Nodes: 20000, Degree: 12, Mixing: 0.3, Seed: 1, Weighted: true},
		"apart":       {Nodes: 5000, Seed: 2},
		"mixed":       {Nodes: 5000, Degree: 4, Mixing: 1, Seed: 2},
		"a few nodes": {Nodes: 3, Degree: 2, Mixing: 0.1, Seed: 5},
	} {
		t.Run(name, func(t *testing.T) {
			c, group := p.Draw()
			again, same := p.Draw()
			require.Equal(t, c, again)
			require.Equal(t, group, same)
			require.Len(t, group, p.Nodes)
			assert.Equal(t, p.Weighted, c.Weight != nil)
			g, err := csr.Build(t.Context(), c, csr.Options{Nodes: p.Nodes, Loops: csr.RefuseLoops, Parallel: csr.KeepParallel})
			require.NoError(t, err)
			across, pairs := 0, map[uint32]float64{}
			for u := range group {
				pairs[group[u]] += float64(g.Degree(uint32(u))) / float64(g.Arcs())
			}
			var meet float64 // the chance that two ends drawn at random are of one group
			for _, share := range pairs {
				meet += share * share
			}
			for e := range c.From {
				if group[c.From[e]] != group[c.To[e]] {
					across++
				}
			}
			if p.Nodes > 1000 {
				assert.InDelta(t, p.Mixing*(1-meet), float64(across)/float64(len(c.From)), 0.02)
			}
		})
	}
	c, group := csrtest.Partition{Nodes: 1}.Draw()
	assert.Empty(t, c.From)
	assert.Equal(t, []uint32{0}, group)
}

func TestRMATHasItsHubs(t *testing.T) {
	for _, weighted := range []bool{false, true} {
		r := csrtest.RMAT{Scale: 12, Factor: 8, Seed: 3, Weighted: weighted}
		c := r.Draw()
		require.Equal(t, c, r.Draw())
		require.Len(t, c.From, 8<<12)
		for _, w := range c.Weight {
			require.True(t, w >= 0.1 && w <= 10, w)
		}
		g, err := csr.Build(t.Context(), c, csr.Options{Nodes: 1 << 12, Loops: csr.RefuseLoops, Parallel: csr.KeepParallel})
		require.NoError(t, err)
		most, lone := 0, 0
		for u := range uint32(1 << 12) {
			most = max(most, g.Degree(u))
			if g.Degree(u) == 0 {
				lone++
			}
		}
		// The first node expects a share of 0.76 to the power of the scale of each column of ends.
		assert.InEpsilon(t, 2*float64(8<<12)*math.Pow(0.76, 12), most, 0.2)
		assert.Greater(t, lone, 200, "nodes without an edge")
	}
	assert.Empty(t, csrtest.RMAT{}.Draw().From)
}

func BenchmarkDraw(b *testing.B) {
	b.Run("partition", func(b *testing.B) {
		for b.Loop() {
			csrtest.Partition{Nodes: 1 << 17, Mixing: 0.3}.Draw()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(8<<17), "ns/edge")
	})
	b.Run("rmat", func(b *testing.B) {
		for b.Loop() {
			csrtest.RMAT{Scale: 17}.Draw()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(16<<17), "ns/edge")
	})
}

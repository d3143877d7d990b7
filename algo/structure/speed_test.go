package structure_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
	"rummage/algo/structure"
)

// BenchmarkWhole runs what looks at every node on graphs like those that peers are compared on, on one thread and on two.
func BenchmarkWhole(b *testing.B) {
	planted := func(nodes int) csr.Columns {
		c, _ := csrtest.Partition{Nodes: nodes, Degree: 18, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
		return c
	}
	for _, of := range []struct {
		name  string
		nodes int
		edges csr.Columns
	}{
		{"pp10k", 10_000, planted(10_000)},
		{"pp100k", 100_000, planted(100_000)},
		{"rmat17", 1 << 17, csrtest.RMAT{Scale: 17, Factor: 10, Seed: 1, Weighted: true}.Draw()},
	} {
		g, err := csr.Build(b.Context(), of.edges, csr.Options{Nodes: of.nodes})
		require.NoError(b, err)
		directed, err := csr.Build(b.Context(), of.edges, csr.Options{Nodes: of.nodes, Directed: true})
		require.NoError(b, err)
		for _, threads := range []int{1, 2} {
			opts := structure.Options{Threads: threads}
			for _, c := range []struct {
				name string
				run  func() error
			}{
				{"weak", func() error { _, err := structure.Weak(b.Context(), g, opts); return err }},
				{"weak/directed", func() error { _, err := structure.Weak(b.Context(), directed, opts); return err }},
				{"strong", func() error { _, err := structure.Strong(b.Context(), directed, opts); return err }},
				{"cores", func() error { _, err := structure.Cores(b.Context(), g, opts); return err }},
				{"cut", func() error { _, err := structure.Cut(b.Context(), g, opts); return err }},
			} {
				b.Run(fmt.Sprintf("%s/%s/%d", c.name, of.name, threads), func(b *testing.B) {
					for b.Loop() {
						require.NoError(b, c.run())
					}
				})
			}
		}
	}
}

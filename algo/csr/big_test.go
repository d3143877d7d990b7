package csr_test

import (
	"bytes"
	"flag"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

var big = flag.Bool("big", false, "run the benchmarks on 10^7 nodes and 10^8 edges, which take minutes and 8 GB")

// size is a graph of the benchmarks.
type size struct {
	name string
	csrtest.Partition
}

func sizes() []size {
	if *big {
		return []size{{"1e8", csrtest.Partition{Nodes: 10_000_000, Degree: 20, Mixing: 0.3, Seed: 1}}}
	}
	return []size{
		{"1e5", csrtest.Partition{Nodes: 12_500, Mixing: 0.3, Seed: 1}},
		{"1e6", csrtest.Partition{Nodes: 125_000, Mixing: 0.3, Seed: 1}},
		{"1e7", csrtest.Partition{Nodes: 1_000_000, Degree: 20, Mixing: 0.3, Seed: 1}},
	}
}

// kinds returns the same edges plain, weighted, and with types and counts.
func (s size) kinds() []kind {
	s.Weighted = true
	edges, _ := s.Draw()
	typed := csr.Columns{From: edges.From, To: edges.To, Type: make([]uint8, len(edges.From)), Count: make([]uint32, len(edges.From))}
	for i := range typed.Type {
		typed.Type[i], typed.Count[i] = uint8(i%5), uint32(i%7+1)
	}
	return []kind{{"plain", csr.Columns{From: edges.From, To: edges.To}}, {"weighted", edges}, {"typed", typed}}
}

type kind struct {
	name  string
	edges csr.Columns
}

// perEdge reports processor time an edge and the peak of memory an edge beside what was there.
func perEdge(b *testing.B, edges int, work func()) {
	peak, before := watchPeak(), cpu()
	for b.Loop() {
		work()
	}
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N)/float64(edges), "cpu-ns/edge")
	b.ReportMetric(peak()*1e6/float64(edges), "B/edge")
}

func BenchmarkBuild(b *testing.B) {
	for _, s := range sizes() {
		for _, k := range s.kinds() {
			b.Run(k.name+"/"+s.name, func(b *testing.B) {
				perEdge(b, len(k.edges.From), func() {
					_, err := csr.Build(b.Context(), k.edges, csr.Options{Nodes: s.Nodes})
					require.NoError(b, err)
				})
			})
		}
	}
}

// BenchmarkCopy copies the list of edges once, in order: how fast memory is, to hold a build against.
func BenchmarkCopy(b *testing.B) {
	for _, s := range sizes() {
		for _, k := range s.kinds() {
			b.Run(k.name+"/"+s.name, func(b *testing.B) {
				c := k.edges
				to := csr.Columns{From: slices.Clone(c.From), To: slices.Clone(c.To), Weight: slices.Clone(c.Weight),
					Type: slices.Clone(c.Type), Count: slices.Clone(c.Count)}
				perEdge(b, len(c.From), func() {
					copy(to.From, c.From)
					copy(to.To, c.To)
					copy(to.Weight, c.Weight)
					copy(to.Type, c.Type)
					copy(to.Count, c.Count)
				})
			})
		}
	}
}

func BenchmarkCollect(b *testing.B) {
	for _, s := range sizes() {
		for _, k := range s.kinds() {
			b.Run(k.name+"/"+s.name, func(b *testing.B) {
				perEdge(b, len(k.edges.From), func() {
					_, err := csr.Collect(b.Context(), batches(k.edges, cuts(len(k.edges.From), 1<<20)...), csr.Options{Nodes: s.Nodes})
					require.NoError(b, err)
				})
			})
		}
	}
}

func cuts(total, length int) []int {
	var at []int
	for next := length; next < total; next += length {
		at = append(at, next)
	}
	return at
}

// BenchmarkDerive measures what makes one graph of another.
func BenchmarkDerive(b *testing.B) {
	for _, s := range sizes() {
		for _, k := range s.kinds() {
			for name, work := range derivations(b, s, k.edges) {
				b.Run(name+"/"+k.name+"/"+s.name, func(b *testing.B) { perEdge(b, len(k.edges.From), func() { require.NoError(b, work()) }) })
			}
		}
	}
}

func derivations(b *testing.B, s size, edges csr.Columns) map[string]func() error {
	g, err := csr.Build(b.Context(), edges, csr.Options{Nodes: s.Nodes})
	require.NoError(b, err)
	directed, err := csr.Build(b.Context(), edges, csr.Options{Nodes: s.Nodes, Directed: true})
	require.NoError(b, err)
	half := make([]uint32, s.Nodes/2)
	for i := range half {
		half[i] = uint32(2 * i)
	}
	_, group := s.Draw()
	var file bytes.Buffer
	_, err = g.WriteTo(&file)
	require.NoError(b, err)
	return map[string]func() error{
		"columns":   func() error { g.Columns(); return nil },
		"project":   func() error { g.Project(1, 2); return nil },
		"simple":    func() error { _, err := g.Simple(b.Context()); return err },
		"symmetric": func() error { _, err := directed.Symmetric(b.Context()); return err },
		"reweight": func() error {
			_, err := g.Reweight(b.Context(), 0, func(a csr.Arc) float64 { return 1 + float64(a.Type) })
			return err
		},
		"half":      func() error { _, _, err := g.Induced(half); return err },
		"ten":       func() error { _, _, err := g.Induced(half[:10]); return err },
		"ego":       func() error { _, err := g.Ego(b.Context(), half[:1], csr.EgoOptions{Hops: 2, Nodes: 5000}); return err },
		"by degree": func() error { _, err := g.ByDegree(b.Context(), 0); return err },
		"by group":  func() error { _, err := g.ByGroup(b.Context(), 0, group); return err },
		"write":     func() error { _, err := g.WriteTo(io.Discard); return err },
		"view":      func() error { _, err := csr.View(b.Context(), file.Bytes(), csr.ViewOptions{}); return err },
		"read":      func() error { _, err := csr.Read(bytes.NewReader(file.Bytes())); return err },
		"blocks":    func() error { g.Blocks(1 << 16); return nil },
	}
}

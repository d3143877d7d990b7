package csr_test

import (
	"flag"
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

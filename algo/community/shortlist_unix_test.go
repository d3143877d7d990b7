//go:build unix

package community

import (
	"math"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/algo/csr"
	"rummage/algo/csr/csrtest"
)

// Processor is the time that this process has had of the processors.
func Processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkListed divides a graph of a million nodes with a tally for every row and with shortlists, in turns, and prints the processor time
// that each way takes and what share of the first the second does: over all turns, in the least and in the greatest of them.
func BenchmarkListed(b *testing.B) {
	edges, _ := csrtest.Partition{Nodes: 1_110_000, Degree: 18, Mixing: 0.3, Seed: 1, Weighted: true}.Draw()
	g, err := csr.Build(b.Context(), edges, csr.Options{Nodes: 1_110_000})
	require.NoError(b, err)
	for _, tried := range []struct {
		way    method
		passes int
	}{{louvain, 1}, {leiden, 2}} {
		way, passes := tried.way, tried.passes
		b.Run(string(way), func(b *testing.B) {
			var took [2]time.Duration
			least, most := math.Inf(1), 0.0
			for b.Loop() {
				var turn [2]time.Duration
				for i, crowd := range []int{math.MaxInt, crowd} {
					begun := Processor(b)
					_, err := divide(b.Context(), g, Options{method: way, Passes: passes, Seed: 1, crowd: crowd})
					require.NoError(b, err)
					turn[i] = Processor(b) - begun
					took[i] += turn[i]
				}
				share := float64(turn[1]) / float64(turn[0])
				least, most = min(least, share), max(most, share)
			}
			b.ReportMetric(took[0].Seconds()/float64(b.N), "tally-cpu-s")
			b.ReportMetric(took[1].Seconds()/float64(b.N), "listed-cpu-s")
			b.ReportMetric(float64(took[1])/float64(took[0]), "share")
			b.ReportMetric(least, "least-share")
			b.ReportMetric(most, "most-share")
		})
	}
}

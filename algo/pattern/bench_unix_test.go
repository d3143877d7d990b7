//go:build unix

package pattern_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/algo/pattern"
	"rummage/fixtures/simulate"
)

// processor is the time that this process has had of the processors.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkTest matches all typologies in a world of 35,000 consignments with a dozen of each scheme and look-alike, and deals
// ties out anew up to 199 times. It prints processor time: of reading, of matching once, and of a draw of all typologies.
func BenchmarkTest(b *testing.B) {
	const draws = 199
	options := simulate.DefaultOptions()
	options.Seed, options.Scale, options.Schemes = 3, 0.3, 40
	w, err := simulate.New(options)
	require.NoError(b, err)
	all := library(b)
	scope := simulated(b, w)
	for b.Loop() {
		start := processor(b)
		records, err := pattern.Read(b.Context(), scope, all, pattern.Options{})
		require.NoError(b, err)
		read := processor(b)
		_, err = pattern.Test(b.Context(), records, all, pattern.Testing{Draws: -1})
		require.NoError(b, err)
		matched := processor(b)
		_, err = pattern.Test(b.Context(), records, all, pattern.Testing{Draws: draws})
		require.NoError(b, err)
		once := matched - read
		b.ReportMetric((read - start).Seconds(), "read-cpu-s")
		b.ReportMetric(once.Seconds(), "match-cpu-s")
		b.ReportMetric((processor(b)-matched-once).Seconds()/draws*1e3, "draw-cpu-ms")
		b.ReportMetric(float64(len(scope.Trade)), "consignments")
	}
}

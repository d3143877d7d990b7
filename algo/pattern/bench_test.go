package pattern_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/pattern"
	"rummage/fixtures/simulate"
)

// BenchmarkTest matches all typologies in a world of 27,000 consignments and deals ties out
// anew nine times.
func BenchmarkTest(b *testing.B) {
	options := simulate.DefaultOptions()
	options.Scale, options.Schemes = 0.25, 40
	w, err := simulate.New(options)
	require.NoError(b, err)
	all := library(b)
	scope := simulated(b, w)
	for b.Loop() {
		records, err := pattern.Read(b.Context(), scope, all, pattern.Options{})
		require.NoError(b, err)
		_, err = pattern.Test(b.Context(), records, all, pattern.Testing{Draws: 9, Threads: 1})
		require.NoError(b, err)
	}
}

package pattern_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/pattern"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
)

// TestKoreanDeclarationsOpenNoNetwork: the file was drawn record by record, so whatever
// motif is met in it is met by chance.
func TestKoreanDeclarationsOpenNoNetwork(t *testing.T) {
	scope, err := viewtest.Korean(fixtures.Open)
	require.NoError(t, err)
	require.Len(t, scope.Trade, 54000)
	all := library(t)
	records, err := pattern.Read(t.Context(), scope, all, pattern.Options{})
	require.NoError(t, err)
	results, err := pattern.Test(t.Context(), records, all, pattern.Testing{Draws: 19, Seed: 1})
	require.NoError(t, err)
	for _, r := range results {
		t.Logf("%-28s %4d matches, %8.2f by chance in %3d draws, p %.3g, q %.3g, cut %d, missing %v",
			r.Typology.ID, len(r.Matches), r.Expected, r.Draws, r.P, r.Q, r.Cut, r.Missing)
		for _, m := range r.Matches {
			assert.False(t, m.Opens, r.Typology.ID)
		}
	}
}

package pattern_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
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
	fixtures.Figures(t)
	scope, err := viewtest.Korean(fixtures.Open)
	require.NoError(t, err)
	require.Len(t, scope.Trade, 54000)
	all := library(t)
	records, err := pattern.Read(t.Context(), scope, all, pattern.Options{})
	require.NoError(t, err)
	results, err := pattern.Test(t.Context(), records, all, pattern.Testing{Draws: 19, Seed: 1})
	require.NoError(t, err)
	var out strings.Builder
	for _, r := range results {
		fmt.Fprintf(&out, "%-18s %3d matches", r.Typology.ID, len(r.Matches))
		switch {
		case r.Typology.Unobservable != "":
			out.WriteString(", not observable")
		case len(r.Missing) > 0:
			fmt.Fprintf(&out, ", not looked for: no %s", strings.Join(r.Missing, ", "))
		case r.Tested():
			fmt.Fprintf(&out, ", %.2f by chance in %d draws, p %.3f", r.Expected, r.Draws, r.P)
		}
		out.WriteString("\n")
		assert.Zero(t, r.Cut)
		for _, m := range r.Matches {
			assert.False(t, m.Opens, r.Typology.ID)
		}
	}
	const golden = "testdata/korean.golden"
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(golden, []byte(out.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), out.String())
}

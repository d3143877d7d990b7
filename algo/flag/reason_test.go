package flag_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
)

// TestTheGuideHasEveryReason compares the table of the guide with that of the program.
func TestTheGuideHasEveryReason(t *testing.T) {
	guide, err := os.ReadFile("../../docs/analyst.md")
	require.NoError(t, err)
	want, seen := "| code | in words |\n|---|---|\n", map[string]bool{}
	for _, r := range flag.Reasons() {
		want += fmt.Sprintf("| `%s` | %s |\n", r.Code, r.Text)
		assert.False(t, seen[r.Code] || seen[r.Text], "%s stands twice", r.Code)
		seen[r.Code], seen[r.Text] = true, true
	}
	assert.Contains(t, string(guide), want)
}

package draft_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/draft"
)

// TestHeadersOfLanguages measures by language how many headers are understood by their names alone: of those that the words were
// written with in sight, and of those that were gathered afterwards, which say what an unknown file may expect. The golden file has
// both, and what was misread.
func TestHeadersOfLanguages(t *testing.T) {
	var report strings.Builder
	for _, name := range []string{"languages.txt", "languages-unseen.txt", "languages-written.txt"} {
		fmt.Fprintf(&report, "%s\n%s\n", name, readByLanguage(t, name))
	}
	golden := filepath.Join("testdata", "languages.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(report.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), report.String())
}

func readByLanguage(t *testing.T, name string) string {
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	counts := map[string]*tally{}
	var wrong []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		label, header, ok := strings.Cut(strings.TrimSpace(line), "|")
		parts := strings.Fields(label)
		require.True(t, ok && len(parts) == 3, line)
		if counts[parts[0]] == nil {
			counts[parts[0]] = new(tally)
		}
		count := counts[parts[0]]
		want := draft.Meaning{Subject: draft.Subject(parts[1]), Property: draft.Property(parts[2])}
		got := draft.Of(draft.Table{Name: "one", Header: true, Columns: []string{header}}).Columns[0].Meaning
		claimed := got.Property != draft.None && got.Subject != draft.Nobody
		count.labelled++
		count.claimed += one(claimed)
		count.right += one(got == want)
		if got != want {
			wrong = append(wrong, fmt.Sprintf("%s: %s is %s, read as %s", parts[0], header, strings.TrimSpace(parts[1]+" "+parts[2]), strings.TrimSpace(string(got.Subject)+" "+string(got.Property))))
		}
	}
	var whole tally
	var report strings.Builder
	for _, language := range slices.Sorted(maps.Keys(counts)) {
		count := counts[language]
		fmt.Fprintf(&report, "%s: %s\n", language, count)
		whole.labelled, whole.claimed, whole.right = whole.labelled+count.labelled, whole.claimed+count.claimed, whole.right+count.right
	}
	fmt.Fprintf(&report, "all: %s\n", whole)
	for _, line := range wrong {
		report.WriteString(line + "\n")
	}
	return report.String()
}

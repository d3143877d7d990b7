package draft_test

import (
	"crypto/sha256"
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

// tally counts columns by what their label says and what the draft took them for.
type tally struct{ labelled, claimed, right int }

func (c tally) String() string {
	return fmt.Sprintf("labelled %d, claimed %d, right %d: precision %.3f, recall %.3f",
		c.labelled, c.claimed, c.right, float64(c.right)/float64(max(c.claimed, 1)), float64(c.right)/float64(max(c.labelled, 1)))
}

// heldOut reports a layout that the vocabulary was not written from.
func heldOut(layout string) bool {
	sum := sha256.Sum256([]byte(layout))
	return sum[0]%2 == 1
}

// TestHeldOutLayouts measures on layouts that nobody looked at when the vocabulary was written, by names of columns alone: the golden file
// holds how many columns were understood, and which were not.
func TestHeldOutLayouts(t *testing.T) {
	label := map[string]draft.Meaning{}
	for _, line := range lines(t, "meanings.csv.gz") {
		label[line[0]] = draft.Meaning{Subject: draft.Subject(line[1]), Property: draft.Property(line[2])}
	}
	all := headers(t)
	var whole tally
	by := map[draft.Subject]tally{}
	wrong := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !heldOut(name) || strings.HasPrefix(name, "us-ams") || name == "peru-dua" {
			continue
		}
		for _, c := range draft.Of(draft.Table{Name: name, Header: true, Columns: all[name]}).Columns {
			want, known := label[strings.ToUpper(strings.Join(strings.Fields(c.Name), " "))]
			require.True(t, known, c.Name)
			got := c.Meaning
			if got.Subject == draft.Nobody || got.Property == draft.None {
				got = draft.Meaning{}
			}
			if want.Subject == draft.Nobody || want.Property == draft.None {
				want = draft.Meaning{}
			}
			score := by[want.Subject]
			for _, count := range []*tally{&whole, &score} {
				count.labelled += one(want != draft.Meaning{})
				count.claimed += one(got != draft.Meaning{})
				count.right += one(got == want && got != draft.Meaning{})
			}
			by[want.Subject] = score
			if got != want {
				wrong[fmt.Sprintf("%s: %s %s for %s %s", strings.ToUpper(c.Name), got.Subject, got.Property, want.Subject, want.Property)]++
			}
		}
	}
	var report strings.Builder
	fmt.Fprintf(&report, "all: %s\n", whole)
	for _, subject := range slices.Sorted(maps.Keys(by)) {
		fmt.Fprintf(&report, "%s: %s\n", orNobody(subject), by[subject])
	}
	report.WriteString("\n")
	for _, line := range slices.Sorted(maps.Keys(wrong)) {
		fmt.Fprintf(&report, "%d × %s\n", wrong[line], line)
	}
	golden := filepath.Join("testdata", "heldout.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(report.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), report.String())
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func orNobody(s draft.Subject) string {
	if s == draft.Nobody {
		return "nobody"
	}
	return string(s)
}

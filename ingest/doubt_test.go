package ingest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping"
)

// TestRowsWithoutADay: a row is counted once, however many consignments it speaks of; its values one by one.
func TestRowsWithoutADay(t *testing.T) {
	o := options()
	var err error
	o.Mapping, err = mapping.Parse("legs.yaml", []byte(`mapping: legs
recognise: {header: [House, Master, Day]}
consignments:
  house: {system: house, number: House, view: declaration, date: Day}
  master: {system: master, number: Master, view: manifest, date: Day}
`))
	require.NoError(t, err)
	report, err := Run(t.Context(), open(t), []string{write(t, "legs.csv", "House,Master,Day\nH1,M1,2024-01-05\nH2,M1,\nH3,M2,\n")}, o)
	require.NoError(t, err)
	assert.Equal(t, []Doubt{{What: "day", Mark: NoDay, Count: 2}}, report.Files[0].Doubts)
}

// TestMessagesThatCountWrong: their rows are stored, and that others may be missing is told.
func TestMessagesThatCountWrong(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "cuscar.edi"))
	require.NoError(t, err)
	sound := string(text)
	for name, c := range map[string]struct {
		text string
		want []Doubt
	}{
		"sound": {sound, []Doubt{}},
		"more than there are": {regexp.MustCompile(`UNT\+(\d+)`).ReplaceAllString(sound, "UNT+9$1"), []Doubt{
			{What: "message", Mark: Miscounted, Count: int64(strings.Count(sound, "UNT+"))},
		}},
		"another reference": {regexp.MustCompile(`(UNT\+\d+\+)`).ReplaceAllString(sound, "${1}9"), []Doubt{}},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := Run(t.Context(), open(t), []string{write(t, "cuscar.edi", c.text)}, options())
			require.NoError(t, err)
			assert.Positive(t, report.Files[0].Source.Stored)
			doubts := slices.DeleteFunc(report.Files[0].Doubts, func(d Doubt) bool { return d.What != "message" })
			assert.Equal(t, c.want, doubts)
		})
	}
}

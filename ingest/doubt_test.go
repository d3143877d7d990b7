package ingest

import (
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

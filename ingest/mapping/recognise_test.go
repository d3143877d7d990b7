package mapping

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRecogniseNamesWhatIsNear(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	_, err = Recognise(all, [][]string{{"Number", "Day", "Importer", "Exporter", "Port", "Weight"}})
	require.ErrorIs(t, err, ErrUnrecognised)
	unknown := new(UnrecognisedError)
	require.ErrorAs(t, err, &unknown)
	require.NotEmpty(t, unknown.Near)
	assert.Equal(t, "trade-world", unknown.Near[0].Mapping)
	assert.Equal(t, []string{"forwarder", "inspected", "hit"}, unknown.Near[0].Missing)
	assert.ErrorContains(t, err, `trade-world has 5 of its 8 columns here and lacks "forwarder", "inspected", "hit"`)
	assert.ErrorContains(t, err, "docs/mapping.md")

	_, err = Recognise(all, [][]string{{"36", "12", "xyz", "AERO", "-0-"}})
	assert.ErrorContains(t, err, `its first row holds "36", "12", "xyz", "AERO", "-0-"; choose a mapping by name`)
	_, err = Recognise(all, nil)
	require.ErrorIs(t, err, ErrUnrecognised)
}

func TestRecogniseToleratesAFewBrokenRows(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	rows := fixture(t, "ofac/alt.csv.gz", ',')[:SampleRows]
	for i := range 10 {
		rows[i*7][2] = "broken"
	}
	m, err := Recognise(all, rows)
	require.NoError(t, err)
	assert.Equal(t, "ofac-alt", m.Name)
	rows[99][2] = "broken"
	_, err = Recognise(all, rows)
	require.ErrorIs(t, err, ErrUnrecognised)
}

func TestRecognisePrefersTheMappingThatNamesMore(t *testing.T) {
	rest := "entities:\n  a: {kind: party, namespace: n, id: A, keep: number}\n"
	small := parse(t, "recognise: {header: [A, B]}\n"+rest)
	large := parse(t, "recognise: {header: [A, B, C]}\n"+rest)
	twin, err := Parse("twin.yaml", []byte("mapping: twin\nrecognise: {header: [C, A, B]}\n"+rest))
	require.NoError(t, err)

	got, err := Recognise([]*Mapping{small, large}, [][]string{{" a", "B ", "C", "D"}})
	require.NoError(t, err)
	assert.Same(t, large, got)
	got, err = Recognise([]*Mapping{small, large}, [][]string{{"A", "B"}})
	require.NoError(t, err)
	assert.Same(t, small, got)
	_, err = Recognise([]*Mapping{small, large, twin}, [][]string{{"A", "B", "C"}})
	require.ErrorIs(t, err, ErrUnrecognised)
	assert.ErrorContains(t, err, "test and twin fit equally well; choose one by name")
}

package mapping

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

const firstOf = `
recognise: {header: [N, [A, B]]}
date: {first: [D, {column: E, optional: true, then: {prefix: 1-}}], format: [YYYY-MM-DD, D-M-YYYY], optional: true}
entities:
  a: {kind: party, namespace: n, id: {first: [{column: A, null: [none], optional: true}, B]}, keep: name}
consignments:
  c:
    system: s
    number: {first: [{columns: [O, N], join: '-', whole: true}, {row: true}]}
    view: manifest
    ties: {importer: a}
`

// rowsOf maps rows of the mapping's own columns.
func rowsOf(t *testing.T, text string, columns []string, rows ...[]string) []graph.Row {
	t.Helper()
	return apply(t, parse(t, text), append([][]string{columns}, rows...))
}

func TestTheFirstThatStatesSomethingCounts(t *testing.T) {
	rows := rowsOf(t, firstOf, []string{"O", "N", "A", "B", "D", "E"},
		[]string{"o", "1", "a", "b", "2021-06-30", "7-2021"},
		[]string{"o", "", "none", "b", "", "7-2021"},
		[]string{"", "", "", "", "", ""},
		[]string{"", "", "", "", "", ""},
	)
	for i, want := range []struct{ id, date string }{
		{"consignment/s/o-1", "2021-06-30"},
		{"consignment/s/3", "2021-07-01"},
		{"consignment/s/4", ""},
		{"consignment/s/5", ""}, // the same cells as the row before, and another row
	} {
		require.Len(t, rows[i].Statements, 1)
		assert.Equal(t, want.id, string(rows[i].Statements[0].Consignment))
		assert.Equal(t, want.date, rows[i].Statements[0].Date.String())
	}
	assert.Equal(t, "party/n/a", string(rows[0].Statements[0].Ties[0].Entity))
	assert.Equal(t, "party/n/b", string(rows[1].Statements[0].Ties[0].Entity))
	assert.Empty(t, rows[2].Statements[0].Ties)
}

func TestAFileMayLackSomeAlternatives(t *testing.T) {
	rows := rowsOf(t, firstOf, []string{"O", "N", "B"}, []string{"o", "1", "b"})
	assert.Equal(t, "party/n/b", string(rows[0].Statements[0].Ties[0].Entity))
	assert.Equal(t, graph.NoDate, rows[0].Statements[0].Date)

	_, err := parse(t, firstOf).Bind([]string{"O", "N"})
	require.ErrorIs(t, err, ErrColumns)
	assert.ErrorContains(t, err, `missing "A or B"; the file has 2 columns`, "an item that is a value says itself whether a file may lack its column")
	_, err = Recognise([]*Mapping{parse(t, firstOf)}, [][]string{{"N", "O"}})
	assert.ErrorContains(t, err, `test has 1 of its 2 columns here and lacks "A or B"`)
}

func TestAlternativesOfRepeatedEntities(t *testing.T) {
	rows := rowsOf(t, `
recognise: {header: [N]}
entities:
  a: {kind: party, namespace: n, id: {first: ["A{n}", "B{n}"]}, repeat: 2}
consignments:
  c: {system: s, number: N, view: manifest, ties: {importer: a}}
`, []string{"N", "A1", "B1"}, []string{"1", "", "b"})
	require.Len(t, rows[0].Statements[0].Ties, 1)
	assert.Equal(t, "party/n/b", string(rows[0].Statements[0].Ties[0].Entity))
}

// A number of a person is kept from sight in whichever column it stands.
func TestAlternativesThatIdentifyPersons(t *testing.T) {
	const text = `
recognise: {header: [N]}
entities:
  a: {kind: party, namespace: n, id: N, facts: {director: {first: [A, B], rule: hkid}}}
`
	m, err := parse(t, text).Bind([]string{"N", "A", "B"})
	require.NoError(t, err)
	assert.Equal(t, map[int]Guard{1: {}, 2: {}}, m.Guards())
	_, err = parse(t, text+"  b: {kind: party, namespace: n, id: {first: [B]}, keep: number}\n").Bind([]string{"N", "A", "B"})
	assert.ErrorContains(t, err, `"B" holds numbers that identify persons`)
}

func TestAlternativesThatArePicked(t *testing.T) {
	rows := rowsOf(t, `
consignments:
  c: {system: s, number: {first: [{column: R, where: {column: T, equals: BL}}, N]}, view: manifest}
`, []string{"N", "R", "T"},
		[]string{"1", "a\x1fb", "BK\x1fBL"},
		[]string{"1", "a\x1fb", "BK\x1fSI"}, // cells that differ in the condition only
	)
	assert.Equal(t, "consignment/s/b", string(rows[0].Statements[0].Consignment))
	assert.Equal(t, "consignment/s/1", string(rows[1].Statements[0].Consignment))
}

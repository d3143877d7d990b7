package mapping

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping/mappingtest"
)

const sparse = `mapping: sparse
recognise:
  header: [No, Kind, [Name, Street, Former]]
  tests: {Kind: '^[A-Z][a-z]+$'}
file: {record: List.Entry, sparse: true}
entities:
  entry:
    kind: party
    namespace: n
    id: No
    when: {column: Closed, stated: false}
    facts: {name: Name, alias: {columns: [Alias, Former], join: "; "}}
  place:
    kind: address
    id: Street
    repeat: cells
links:
  - {role: registered_at, from: entry, to: place, start: Since}
`

func TestSparseFilesLackColumns(t *testing.T) {
	m, err := Parse("sparse.yaml", []byte(sparse))
	require.NoError(t, err)
	assert.Equal(t, "List.Entry", m.Record)
	rows := apply(t, m, [][]string{{"No", "Kind", "Former"}, {"1", "Company", "ACME"}})
	assert.Equal(t, "row 2\n  party/n/1.alias = \"ACME\"\n", mappingtest.Format(&rows[0]))
	rows = apply(t, m, [][]string{{"No", "Kind", "Street", "Since"}, {"1", "Company", "17 Harbour Road", "2021-06-30"}})
	assert.Equal(t, "row 2\n  party/n/1 registered_at address/17 Harbour Road  from 2021-06-30 to \n", mappingtest.Format(&rows[0]))

	_, err = m.Bind([]string{"No", "Name"})
	require.NoError(t, err, "a column that only recognition wants is not needed")
	missing := new(ColumnError)
	_, err = m.Bind([]string{"Kind", "Name"})
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, []string{"No"}, missing.Missing)
}

func TestHeadersAreTested(t *testing.T) {
	m, err := Parse("sparse.yaml", []byte(sparse))
	require.NoError(t, err)
	rows := [][]string{{"kind ", "No", "FORMER"}}
	for i := range 20 {
		rows = append(rows, []string{[]string{"Company", "Person"}[i%2], "1"})
	}
	known, err := Recognise([]*Mapping{m}, rows)
	require.NoError(t, err)
	assert.Same(t, m, known)
	rows[3], rows[4] = []string{"7", "1"}, []string{"Company"}
	_, err = Recognise([]*Mapping{m}, rows)
	require.NoError(t, err, "a few rows may be broken")
	rows[5], rows[6] = []string{"7", "1"}, []string{"8", "1"}
	_, err = Recognise([]*Mapping{m}, rows)
	require.ErrorIs(t, err, ErrUnrecognised)
}

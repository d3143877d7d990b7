package ingest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/row"
	"rummage/graph"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// parsed reads a mapping from its text.
func parsed(t *testing.T, text string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("test.yaml", []byte(text))
	require.NoError(t, err)
	return m
}

const (
	persons   = "mapping: persons\nrecognise: {header: [\"@id\", Name, Born]}\nfile: {record: List.Persons.Person}\nentities:\n  e: {kind: party, namespace: l, id: \"@id\", facts: {name: Name}}\n"
	companies = "mapping: companies\nrecognise: {header: [\"@id\", Name]}\nfile: {record: Companies.Company}\nentities:\n  e: {kind: party, namespace: l, id: \"@id\", facts: {name: Name}}\n"
	streets   = "mapping: streets\nrecognise: {header: [Name, Street]}\nentities:\n  e: {kind: party, namespace: l, id: Name, facts: {address: Street}}\n"

	twoKinds = `<List><Persons><Person id="1"><Name>Ardo</Name><Born>1971</Born></Person><Person id="2"><Name>Mira</Name></Person></Persons>
<Companies><Company id="3"><Name>Golden Wind</Name></Company></Companies></List>`
)

// titles are the sources of a report, with what each made.
func titles(report Report) []string {
	var all []string
	for i := range report.Files {
		f := &report.Files[i]
		all = append(all, f.Source.Title()+" "+f.Source.Mapping+" "+string(f.State))
	}
	return all
}

// TestEachKindOfRecordIsASource: of one file, persons and companies come in by two mappings; the same again changes nothing, whoever names
// the mapping or the record, and one kind does not take the place of the other.
func TestEachKindOfRecordIsASource(t *testing.T) {
	store := open(t)
	path := write(t, "list.xml", twoKinds)
	o := options()
	o.Library = []*mapping.Mapping{parsed(t, persons), parsed(t, companies), parsed(t, streets)}
	report, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	assert.Equal(t, []string{"list.xml persons imported", "list.xml/#List.Companies.Company companies imported"}, titles(report))
	assert.Equal(t, read.Part{Sheet: "List.Companies.Company"}, report.Files[1].Part)

	again, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	assert.Equal(t, []string{"list.xml persons already", "list.xml/#List.Companies.Company companies already"}, titles(again))

	named := options()
	named.Mapping = o.Library[1]
	one, err := Run(t.Context(), store, []string{path}, named)
	require.NoError(t, err)
	assert.Equal(t, []string{"list.xml/#List.Companies.Company companies already"}, titles(one))

	record := options()
	record.Library, record.Hints.Record = o.Library, "Company"
	one, err = Run(t.Context(), store, []string{path}, record)
	require.NoError(t, err)
	assert.Equal(t, []string{"list.xml/#List.Companies.Company companies replaced"}, titles(one), "another reading of the same records")

	var names []string
	for entity, err := range within(t, store).Entities(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		names = append(names, entity.Name())
	}
	assert.Equal(t, []string{"Ardo", "Mira", "Golden Wind"}, names)

	e := explainer(t, store)
	shown, err := e.Row(t.Context(), graph.Origin{Source: one.Files[0].Source.ID, Row: 1})
	require.NoError(t, err)
	assert.Equal(t, row.Columns{{Name: "@id", Value: "3"}, {Name: "Name", Value: "Golden Wind"}}, shown.Columns)
}

// TestRecordsThatAreNotThere: a file without the record of a mapping says what it has; a table is none the worse for it.
func TestRecordsThatAreNotThere(t *testing.T) {
	store := open(t)
	o := options()
	o.Mapping = parsed(t, companies)
	_, err := Run(t.Context(), store, []string{write(t, "other.xml", "<List><Persons><Person id='1'><Name>A</Name></Person><Person id='2'><Name>B</Name></Person></Persons></List>")}, o)
	require.ErrorIs(t, err, read.ErrDialect)
	require.ErrorContains(t, err, `no element is called "Companies.Company"; those that are repeated are List.Persons.Person`)

	o = options()
	o.Library = []*mapping.Mapping{parsed(t, persons), parsed(t, companies), parsed(t, streets)}
	_, err = Run(t.Context(), store, []string{write(t, "unknown.xml", "<List><X a='1'><Y>A</Y></X><X a='2'><Y>B</Y></X></List>")}, o)
	require.ErrorIs(t, err, mapping.ErrUnrecognised)
	report, err := Run(t.Context(), store, []string{write(t, "streets.csv", "Name,Street\nArdo,17 Harbour Road\n"), write(t, "tree.jsonl", "{\"Name\":\"A\",\"Street\":\"S\"}\n{\"Name\":\"B\",\"Street\":\"S\"}\n")}, o)
	require.NoError(t, err)
	assert.Equal(t, []string{"streets.csv streets imported", "tree.jsonl streets imported"}, titles(report))
	_, err = Run(t.Context(), store, []string{write(t, "table.csv", "@id,Name\n1,Ardo\n")}, o)
	require.ErrorIs(t, err, mapping.ErrUnrecognised, "a mapping for records of a tree is none for a table")
}

// TestRepairedRowsOfATree: rows of a tree that were refused come back as a table, by the mapping that names their record.
func TestRepairedRowsOfATree(t *testing.T) {
	store := open(t)
	o := options()
	o.Library = []*mapping.Mapping{parsed(t, "mapping: dated\nrecognise: {header: [\"@id\", Name, Born]}\nfile: {record: List.Persons.Person}\ndate: Born\nentities:\n  e: {kind: party, namespace: l, id: \"@id\", facts: {name: Name}}\n")}
	report, err := Run(t.Context(), store, []string{write(t, "list.xml", twoKinds)}, o)
	require.NoError(t, err)
	require.Equal(t, int64(1), report.Files[0].Source.Quarantined)
	var b strings.Builder
	_, err = explainer(t, store).ExportQuarantine(t.Context(), report.Files[0].Source.ID, &b)
	require.NoError(t, err)
	mended := write(t, "mended.csv", strings.Replace(b.String(), ",1971", ",1971-04-12", 1))
	report, err = Run(t.Context(), store, []string{mended}, o)
	require.NoError(t, err)
	assert.True(t, report.Files[0].Mended)
	assert.Equal(t, int64(1), report.Files[0].Source.Stored)
}

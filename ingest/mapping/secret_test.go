package mapping

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest/ident"
)

func identityKey(t *testing.T) ident.Key {
	t.Helper()
	key, err := ident.NewKey([]byte(strings.Repeat("k", ident.LeastKey)))
	require.NoError(t, err)
	return key
}

// personal maps numbers of persons into every place that takes a text.
const personal = `
mapping: personal
entities:
  person: {kind: party, namespace: hkid, id: {column: ID, rule: hkid}, facts: {also: {column: Tax, rule: tin_th}}}
  firm: {kind: party, namespace: demo, id: No, facts: {owner: {columns: [Owner, Suffix], join: "", rule: {name: rut_cl, secret: true}}}}
consignments:
  parcel:
    system: demo
    number: No
    view: parcel
    date: Day
    version: Version
    ties: {importer: person, consignee: firm}
    fields: {taxed: {column: Tax, rule: tin_th}}
`

var personalColumns = []string{"No", "ID", "Tax", "Owner", "Suffix", "Day", "Version"}

// mapped gives the rows that texts, parted by bars, come to.
func mapped(t *testing.T, text string, key ident.Key, lines ...string) []graph.Row {
	t.Helper()
	m, err := Parse("personal.yaml", []byte(text))
	require.NoError(t, err)
	mapper, err := m.Bind(personalColumns)
	require.NoError(t, err)
	mapper.Identify(key)
	rows := make([]graph.Row, len(lines))
	for i, line := range lines {
		var room Room
		var cells [][]byte
		for cell := range strings.SplitSeq(line, "|") {
			cells = append(cells, []byte(cell))
		}
		mapper.MapInto(&room, int64(i+1), cells, &rows[i])
	}
	return rows
}

func TestNumbersOfPersonsAreKeptAsPseudonyms(t *testing.T) {
	key := identityKey(t)
	rows := mapped(t, personal, key,
		"1|A123456(3)|3100600445635|61.704.000|-K|2021-06-30|1",
		"2|a 1234563|0107544000108|61704000|K|2021-06-30|1",
		"3|A123456(4)|||||",
		"4|"+strings.ToUpper(key.Pseudonym("hkid", "A1234563"))+"|N/A||||",
	)
	person := key.Pseudonym("hkid", "A1234563")
	for i := range rows {
		require.Empty(t, rows[i].Errors, "row %d", i+1)
	}
	for _, i := range []int{0, 1, 3} {
		assert.Equal(t, graph.ID("party/hkid/"+person), rows[i].Statements[0].Ties[1].Entity, "one person, however written")
	}
	assert.Equal(t, []graph.Field{{Name: "taxed", Value: key.Pseudonym("id_th", "3100600445635")}}, rows[0].Statements[0].Fields)
	assert.Equal(t, []graph.Field{{Name: "taxed", Value: "0107544000108"}}, rows[1].Statements[0].Fields, "that of a company stays")
	wrong := key.Pseudonym("hkid", "A1234564")
	assert.Contains(t, rows[2].Facts, graph.Fact{Entity: graph.ID("party/hkid/" + wrong), Property: "number", Value: wrong, Mark: "check_digit", Date: graph.NoDate},
		"the mark stays, the number does not")
	all := fmt.Sprintf("%+v", rows)
	for _, plain := range []string{"123456", "3100600445635", "61704000", "61.704.000"} {
		assert.NotContains(t, all, plain)
	}
	assert.Contains(t, all, key.Pseudonym("rut_cl", "61704000K"))
}

func TestWithoutKeyNumbersOfPersonsAreKeptOut(t *testing.T) {
	withoutTie := strings.Replace(personal, "importer: person, ", "", 1)
	withoutTie = strings.Replace(withoutTie, "  person: {kind: party, namespace: hkid, id: {column: ID, rule: hkid}, facts: {also: {column: Tax, rule: tin_th}}}\n", "", 1)
	line := "1|A123456(3)|3100600445635|61.704.000|-K|2021-06-30|1"
	rows := mapped(t, withoutTie, ident.Key{}, line)
	require.Empty(t, rows[0].Errors)
	assert.Equal(t, []graph.Field{{Name: "taxed", Value: "withheld", Mark: "withheld"}}, rows[0].Statements[0].Fields)
	assert.Equal(t, graph.Fact{Entity: "party/demo/1", Property: "owner", Value: "withheld", Mark: "withheld", Date: graph.NoDate}, rows[0].Facts[0])

	rows = mapped(t, personal, ident.Key{}, line, "2|||||2021-06-30|1")
	require.Len(t, rows[0].Errors, 1)
	assert.Equal(t, CodeWithheld, rows[0].Errors[0].Code)
	assert.Equal(t, "ID", rows[0].Errors[0].Column)
	assert.Contains(t, rows[0].Errors[0].Reason, "set identity-key-file")
	assert.Empty(t, rows[1].Errors, "a row that states none is as others")
	assert.NotContains(t, fmt.Sprintf("%+v", rows), "123456")
}

// Reasons of refused rows quote no cell where a number of a person could stand in
// any of them.
func TestReasonsShowNoNumberOfAPerson(t *testing.T) {
	strict := strings.Replace(personal, "{column: ID, rule: hkid}", "{column: ID, rule: hkid, strict: true}", 1)
	several := strings.Replace(personal, "number: No\n", "number: {column: ID, rule: hkid, strict: true}\n", 1)
	key := identityKey(t)
	var reasons []string
	for _, rows := range [][]graph.Row{
		mapped(t, strict, key, "1|A123456(4)|||||"),
		mapped(t, personal, key, "1||||||A123456(3)", "2|||||A123456(3)|", "3|A123456(3)"),
		mapped(t, several, key, "1|A123456(4)|||||"),
		mapped(t, several, ident.Key{}, "1|A123456(3)|||||"),
		mapped(t, strict, ident.Key{}, "1|A123456(3)|||||"),
	} {
		for i := range rows {
			require.NotEmpty(t, rows[i].Errors)
			for _, e := range rows[i].Errors {
				reasons = append(reasons, e.Code+": "+e.Reason)
			}
		}
	}
	all := strings.Join(reasons, "\n")
	assert.NotContains(t, all, "123456")
	for _, part := range []string{
		"rule: a text that is not shown breaks the rule hkid", "number: a text that is not shown is no whole number",
		"date: a text that is not shown is no day", "withheld: ID holds a number", "ragged: ",
	} {
		assert.Contains(t, all, part)
	}
}

func TestGuardedColumnsAreNotUsedOtherwise(t *testing.T) {
	m, err := Parse("m.yaml", []byte(strings.Replace(personal, "version: Version", "document: ID", 1)))
	require.NoError(t, err)
	_, err = m.Bind(personalColumns)
	require.ErrorIs(t, err, ErrColumns)
	require.ErrorContains(t, err, `"ID" holds numbers that identify persons`)
}

func TestGuards(t *testing.T) {
	m, err := Parse("m.yaml", []byte(personal))
	require.NoError(t, err)
	mapper, err := m.Bind(personalColumns)
	require.NoError(t, err)
	guards := mapper.Guards()
	assert.Equal(t, map[int]Guard{1: {Rule: "hkid"}, 2: {Rule: "tin_th", Persons: "id_th"}, 3: {}, 4: {}}, guards)

	key := identityKey(t)
	for _, c := range []struct {
		guard      Guard
		cell, want string
	}{
		{guards[1], "A123456(3)", key.Pseudonym("hkid", "A1234563")},
		{guards[1], key.Pseudonym("hkid", "A1234563"), key.Pseudonym("hkid", "A1234563")},
		{guards[1], "passport K12", key.Pseudonym("hkid", "PASSPORTK12")},
		{guards[1], "N/A", "N/A"},
		{guards[2], "3100600445635", key.Pseudonym("id_th", "3100600445635")},
		{guards[2], " 0107544000108", " 0107544000108"},
		{guards[3], "61.704.000", "?"},
		{guards[3], "", ""},
	} {
		assert.Equal(t, c.want, c.guard.Mask(key, c.cell, "?"), c.cell)
	}
	assert.Equal(t, "?", guards[1].Mask(ident.Key{}, "A123456(3)", "?"))
	assert.Equal(t, "?", guards[2].Mask(ident.Key{}, "3100600445635", "?"))
	assert.Equal(t, "0107544000108", guards[2].Mask(ident.Key{}, "0107544000108", "?"))

	// A column under two rules shows neither.
	m, err = Parse("m.yaml", []byte(strings.Replace(personal, "version: Version", "document: {column: ID, rule: nric_sg}", 1)))
	require.NoError(t, err)
	mapper, err = m.Bind(personalColumns)
	require.NoError(t, err)
	assert.Equal(t, Guard{}, mapper.Guards()[1])

	m, err = Parse("m.yaml", []byte("mapping: m\nentities:\n  a: {kind: party, id: {column: No, rule: lei}, keep: number}\n"))
	require.NoError(t, err)
	mapper, err = m.Bind(personalColumns)
	require.NoError(t, err)
	assert.Nil(t, mapper.Guards())
}

// withholding keeps none of the cells of two columns.
var withholding = strings.Replace(personal, "mapping: personal\n", "mapping: personal\nwithhold: [Suffix, ID]\n", 1)

// TestWithheldColumns: what the mapping withholds is never shown, with a key or without, and is not lost where a refused row is written.
func TestWithheldColumns(t *testing.T) {
	text := strings.NewReplacer("person: {kind: party, namespace: hkid, id: {column: ID, rule: hkid}", "person: {kind: party, namespace: demo, id: Day",
		"{columns: [Owner, Suffix], join: \"\", rule: {name: rut_cl, secret: true}}", "Owner").Replace(withholding)
	m, err := Parse("m.yaml", []byte(text))
	require.NoError(t, err)
	mapper, err := m.Bind(personalColumns)
	require.NoError(t, err)
	assert.True(t, mapper.Guarded())
	for _, at := range []int{1, 4} {
		require.Equal(t, Guard{Withhold: true}, mapper.Guards()[at])
		for _, key := range []ident.Key{identityKey(t), {}} {
			assert.Equal(t, "withheld", mapper.Guards()[at].Mask(key, "A123456(3)", "?"))
			assert.Empty(t, mapper.Guards()[at].Mask(key, "", "?"))
		}
	}
	_, err = m.Bind([]string{"No", "ID", "Tax", "Owner", "Suffixes", "Day", "Version"})
	require.ErrorContains(t, err, `missing "Suffix"`, "a name that fits no column would withhold nothing")

	m, err = Parse("m.yaml", []byte(strings.Replace(text, "version: Version", "document: ID", 1)))
	require.NoError(t, err)
	_, err = m.Bind(personalColumns)
	require.ErrorContains(t, err, `"ID" is under withhold; take it out there, or from the rest of the mapping`)

	m, err = Parse("m.yaml", []byte(withholding))
	require.NoError(t, err)
	mapper, err = m.Bind(personalColumns)
	require.NoError(t, err, "a keyed hash of it may be kept")
	assert.Equal(t, Guard{Withhold: true}, mapper.Guards()[1])
}

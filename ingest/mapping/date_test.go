package mapping

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// TestDaysOfTheWorld: ways in which offices write a day, each with the value that a mapping reads it by.
func TestDaysOfTheWorld(t *testing.T) {
	for _, c := range []struct{ value, cell, want string }{
		{`{column: A, format: DD/MM/YYYY, calendar: buddhist}`, "30/06/2564", "2021-06-30"},
		{`{column: A, format: Y/M/D, calendar: minguo}`, "110/6/30", "2021-06-30"},
		{`{column: A, format: Y.MM.DD, calendar: minguo}`, "99.12.31", "2010-12-31"},
		{`{column: A, format: D-Mon-YY}`, "3-Ene-21", "2021-01-03"},
		{`{column: A, format: D-Mon-YY}`, "3-dez-98", "1998-12-03"},
		{`{column: A, format: D Mon YYYY}`, "3 janv 2021", "2021-01-03"},
		{`{column: A, format: D de Month de YYYY}`, "3 de septiembre de 2021", "2021-09-03"},
		{`{column: A, format: D Month YYYY}`, "3 Julho 2021", "2021-07-03"},
		{`{column: A, format: D Month YYYY}`, "3 Ogos 2021", "2021-08-03"},
		{`{column: A, format: D. Month YYYY}`, "3. März 2021", "2021-03-03"},
		{`{column: A, format: [DD/MM/YY, DD/MM/YYYY]}`, "03/04/2021", "2021-04-03"},
		{`{column: A, format: D Month YYYY}`, "3 Marzipan 2021", ""},
		{`{column: A, format: Y/M/D, calendar: buddhist}`, "12/1/1", ""},
		{`{column: A, format: Mon-YYYY}`, "Jun-2021", "2021-06-01"},
		{`{column: A, format: [YYYY-MM, YYYYMM]}`, "202106", "2021-06-01"},
		{`{column: A, format: YYYYMM}`, "202113", ""},
		{`{column: A, format: YYMMDD}`, "240312", "2024-03-12"},
		{`{column: A, format: unix}`, "1704067200", "2024-01-01"},
		{`{column: A, format: unix}`, "1704153599.9", "2024-01-01"},
		{`{column: A, format: unix}`, "1704153600000", "2024-01-02"},
		{`{column: A, format: unix}`, "-5", ""},
		{`{column: A, format: unix}`, "noon", ""},
	} {
		t.Run(c.cell, func(t *testing.T) {
			m, err := Parse("days.yaml", []byte("mapping: days\ndate: "+c.value+"\nentities: {a: {kind: party, id: B, facts: {name: B}}}\n"))
			require.NoError(t, err)
			mapper, err := m.Bind([]string{"A", "B"})
			require.NoError(t, err)
			var row graph.Row
			mapper.Map(1, toBytes([]string{c.cell, "x"}), &row)
			if c.want == "" {
				require.Len(t, row.Errors, 1)
				assert.Equal(t, CodeDate, row.Errors[0].Code)
				return
			}
			require.Empty(t, row.Errors)
			assert.Equal(t, c.want, row.Facts[0].Date.String())
		})
	}
	for _, text := range []string{"calendar: julian", "calendar: [buddhist]"} {
		_, err := Parse("days.yaml", []byte("mapping: days\ndate: {column: A, "+text+"}\nentities: {a: {kind: party, id: B, facts: {name: B}}}\n"))
		require.ErrorIs(t, err, ErrSyntax)
	}
}

// TestDecimals: ways in which a number is written, and what becomes of them.
func TestDecimals(t *testing.T) {
	for _, c := range []struct{ sign, text, want string }{
		{",", "1.234.567,89", "1234567.89"}, {",", "1 234,5", "1234.5"}, {",", "1 234,5", "1234.5"}, {",", "7", "7"}, {",", "-0,5", "-0.5"},
		{",", "(1.200,50)", "-1200.50"}, {",", "12-", "-12"}, {",", "1,2,3", "1,2,3"}, {",", "1.5", "1.5"}, {",", "1.234", "1234"}, {",", "n/a", "n/a"}, {",", "", ""}, {",", "-", "-"},
		{".", "1,234,567.89", "1234567.89"}, {".", "1'234.5", "1234.5"}, {".", "(7)", "-7"}, {".", "1.2.3", "1.2.3"}, {".", "12 kg", "12 kg"},
		{".", "1,5", "1,5"}, {".", "1.234,50", "1.234,50"}, {".", "1234,500", "1234,500"}, {".", ",500", ",500"}, {".", "12,34,567.5", "1234567.5"},
		{".", "-1,200", "-1200"}, {".", "1,2345,678", "1,2345,678"},
	} {
		m, err := Parse("decimals.yaml", []byte("mapping: decimals\nentities: {a: {kind: party, id: B, facts: {sum: {column: A, then: {decimal: \""+c.sign+"\"}}}}}\n"))
		require.NoError(t, err)
		mapper, err := m.Bind([]string{"A", "B"})
		require.NoError(t, err)
		var row graph.Row
		mapper.Map(1, toBytes([]string{c.text, "x"}), &row)
		if c.want == "" {
			assert.Empty(t, row.Facts)
			continue
		}
		require.Len(t, row.Facts, 1, c.text)
		assert.Equal(t, c.want, row.Facts[0].Value, c.text)
	}
	_, err := Parse("decimals.yaml", []byte("mapping: decimals\nentities: {a: {kind: party, id: B, facts: {sum: {column: A, then: {decimal: \";\"}}}}}\n"))
	require.ErrorIs(t, err, ErrSyntax)
}

// TestRepeatedGroupsAreLabelsToo: what names a repeated entity means each of them, and mistakes are told.
func TestRepeatedGroupsAreLabelsToo(t *testing.T) {
	m, err := Parse("links.yaml", []byte(`
mapping: links
entities:
  who: {kind: party, namespace: p, id: "P{n}", repeat: 2}
  what: {kind: phone, id: "T{n}", repeat: 2}
  one: {kind: party, namespace: p, id: O}
links:
  - {role: has_phone, from: who, to: what}
  - {role: director_of, from: who, to: one}
`))
	require.NoError(t, err)
	mapper, err := m.Bind([]string{"P1", "T1", "P2", "T2", "O"})
	require.NoError(t, err)
	var row graph.Row
	mapper.Map(1, toBytes([]string{"a", "1", "b", "2", "c"}), &row)
	require.Empty(t, row.Errors)
	var got []string
	for _, l := range row.Links {
		got = append(got, string(l.From)+" "+l.Role.String()+" "+string(l.To))
	}
	assert.ElementsMatch(t, []string{
		"party/p/a has_phone phone/1", "party/p/b has_phone phone/2", "party/p/a director_of party/p/c", "party/p/b director_of party/p/c",
	}, got)
	mapper, err = m.Bind([]string{"P1", "T1", "O"})
	require.NoError(t, err, "only the first group must be there")
	mapper.Map(1, toBytes([]string{"a", "1", "c"}), &row)
	assert.Len(t, row.Links, 2)

	for name, text := range map[string]string{
		"no number":       "entities: {who: {kind: party, id: A, facts: {name: A}, repeat: often}}",
		"too many":        "entities: {who: {kind: party, id: A, facts: {name: A}, repeat: 101}}",
		"unequal groups":  "entities: {a: {kind: party, id: A, repeat: 2}, b: {kind: party, id: B, repeat: 3}}\nlinks: [{role: linked_to, from: a, to: b}]",
		"outcome of many": "entities: {a: {kind: party, id: A, repeat: 2}}\noutcomes: [{subject: a, result: hit}]",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("bad.yaml", []byte("mapping: bad\n"+text+"\n"))
			require.ErrorIs(t, err, ErrSyntax)
		})
	}
}

// FuzzDate: a format that is one reads a text as a day of the calendar, or not at
// all; and the days that are written as we write them as themselves.
func FuzzDate(f *testing.F) {
	for _, format := range []string{isoFormat, "DD/MM/YYYY hh:mm", "D Month YYYY", "D-Mon-YY", "YYYYMMDD*", "Y.M.D", dayCount} {
		f.Add(format, "2021-06-30")
		f.Add(format, "30/06/2564 12:60")
		f.Add(format, "3 Août 99")
	}
	f.Fuzz(func(t *testing.T, format, text string) {
		compiled, err := compileDate(format)
		if err != nil {
			return
		}
		for _, ahead := range calendars {
			compiled.ahead = ahead
			day, ok := compiled.parse([]byte(text))
			if !ok {
				continue
			}
			require.NotEqual(t, graph.NoDate, day)
			again, err := graph.ParseDate(day.String())
			require.NoError(t, err)
			require.Equal(t, day, again)
			if format == isoFormat && ahead == 0 {
				require.Equal(t, text, day.String())
			}
		}
	})
}

package mapping

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/ingest/mapping/mappingtest"
)

func TestBindRefusesWhatDoesNotFit(t *testing.T) {
	m := parse(t, `
entities:
  a: {kind: party, namespace: n, id: First Name, facts: {name: {columns: [Second, 4]}, x: {column: Third, optional: true}}}
`)
	_, err := m.Bind([]string{"first  NAME", "second", "Other", "Last"})
	require.NoError(t, err)

	_, err = m.Bind([]string{"Second", "SECOND", "Other"})
	require.ErrorIs(t, err, ErrColumns)
	wrong := new(ColumnError)
	require.ErrorAs(t, err, &wrong)
	assert.Equal(t, []string{"First Name", "#4"}, wrong.Missing)
	assert.Equal(t, []string{"Second"}, wrong.Repeated)
	assert.Equal(t, `mapping: test: the mapping does not fit the file's columns: missing "First Name", "#4": "Second" stands more than once`+
		` in the header; name the column by its number instead; the file has 3 columns: "Second", "SECOND", "Other"`, err.Error())

	many := make([]string, 100)
	for i := range many {
		many[i] = fmt.Sprintf("c%d", i)
	}
	_, err = m.Bind(many)
	assert.ErrorContains(t, err, "and 40 more")
}

func TestRepeatedColumnsThatNobodyReadsDoNoHarm(t *testing.T) {
	m := parse(t, "entities:\n  a: {kind: party, namespace: n, id: 2, keep: number}\n")
	mapper, err := m.Bind([]string{"A", "A", ""})
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "A", "3"}, mapper.Columns())
	var row graph.Row
	mapper.Map(2, toBytes([]string{"x", "y", "z"}), &row)
	assert.Equal(t, graph.ID("party/n/y"), row.Facts[0].Entity)
}

// one maps a row of a table with one mapping.
func mapOne(t *testing.T, text string, header, row string) graph.Row {
	t.Helper()
	rows := apply(t, parse(t, text), [][]string{strings.Split(header, ","), strings.Split(row, ",")})
	return rows[0]
}

func TestQuarantine(t *testing.T) {
	consignment := "consignments:\n  c:\n    system: s\n    number: N\n    view: manifest\n"
	for name, c := range map[string]struct{ text, header, row, want string }{
		"no number": {consignment, "N,M", ",x", "missing: N: N is empty, so the consignment has no number"},
		"no system": {"consignments:\n  c: {system: {column: S}, number: N, view: manifest}\n", "N,S", "1,",
			"missing: S: S is empty, so the consignment has no number"},
		"several numbers": {"consignments:\n  c: {system: s, number: {column: N, then: {split: ;}}, view: manifest}\n", "N,M", "1;2,",
			"several: N: holds 2 values where one is wanted"},
		"required field": {consignment + "    fields: {value: {column: V, required: true}}\n", "N,V", "1,",
			"missing: V: V is empty and must be stated"},
		"required text": {consignment + "    document: {column: V, required: true}\n", "N,V", "1,",
			"missing: V: V is empty and must be stated"},
		"required day": {"date: {column: D, required: true}\n" + consignment, "N,D", "1,",
			"missing: D: D is empty and must be stated"},
		"day of a value": {"date: {column: D, then: {trim: x}}\n" + consignment, "N,D", "1,xx2021xx",
			`date: D: "2021" is no day in the format YYYY-MM-DD`},
		"number": {consignment + "    version: V\n", "N,V", "1,2.5", `number: V: "2.5" is no whole number`},
		"strict": {consignment + "    fields: {box: {column: V, rule: container, strict: true}}\n", "N,V", "1,CSQU3054384",
			`rule: V: "CSQU3054384" breaks the rule container: its check digits do not fit the rest: a keying error, or an invented number; expected 3`},
		"word": {consignment + "outcomes: [{subject: c, result: {column: V}}]\n", "N,V", "1,perhaps",
			`value: V: "perhaps" is no known result; let the mapping name it under values`},
		"nothing": {"entities:\n  a: {kind: party, namespace: n, id: A, keep: number}\n", "A,B", ",b",
			"nothing: : the mapping finds no record in this row"},
	} {
		t.Run(name, func(t *testing.T) {
			row := mapOne(t, c.text, c.header, c.row)
			require.Len(t, row.Errors, 1)
			e := row.Errors[0]
			assert.Equal(t, c.want, e.Code+": "+e.Column+": "+e.Reason)
			assert.Equal(t, int64(2), e.Row)
			assert.Empty(t, row.Statements)
			assert.Empty(t, row.Facts)
			assert.Empty(t, row.Outcomes)
		})
	}
}

func TestRaggedCellsAreRefused(t *testing.T) {
	mapper, err := parse(t, "entities:\n  a: {kind: party, namespace: n, id: A, keep: number}\n").Bind([]string{"A", "B"})
	require.NoError(t, err)
	var row graph.Row
	mapper.Map(7, toBytes([]string{"x"}), &row)
	require.Len(t, row.Errors, 1)
	assert.Equal(t, CodeRagged, row.Errors[0].Code)
	assert.Equal(t, int64(7), row.Number)
}

func TestAFactIsSaidOnceAndAgainForAnEarlierDay(t *testing.T) {
	m := parse(t, "date: D\nentities:\n  a: {kind: party, namespace: n, id: A, facts: {name: B}}\n")
	mapper, err := m.Bind([]string{"A", "B", "D"})
	require.NoError(t, err)
	var row graph.Row
	said := func(a, b, d string) (days []string) {
		mapper.Map(2, toBytes([]string{a, b, d}), &row)
		for _, f := range row.Facts {
			days = append(days, f.Date.String())
		}
		assert.Empty(t, row.Errors)
		return days
	}
	assert.Equal(t, []string{"2021-06-30"}, said("x", "Kam Fung", "2021-06-30"))
	assert.Empty(t, said("x", "Kam Fung", "2021-06-30"))
	assert.Empty(t, said("x", "Kam Fung", "2021-07-01"))
	assert.Equal(t, []string{"2021-06-29"}, said("x", "Kam Fung", "2021-06-29"))
	assert.Equal(t, []string{"2021-07-01"}, said("y", "Kam Fung", "2021-07-01"), "another entity")
	assert.Equal(t, []string{""}, said("x", "Kam Fung", ""), "no day is the earliest")
	assert.Empty(t, said("x", "Kam Fung", "2021-06-29"))

	// What a row in quarantine said is not said.
	mapper.Map(2, toBytes([]string{"z", "Lost", "yesterday"}), &row)
	require.Len(t, row.Errors, 1)
	assert.Equal(t, []string{"2021-07-01"}, said("z", "Lost", "2021-07-01"))
}

func TestIDsAreThoseOfTheVocabulary(t *testing.T) {
	m := parse(t, "consignments:\n  c: {system: a system, number: N, view: manifest}\n")
	mapper, err := m.Bind([]string{"N"})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(
			rapid.StringMatching(`[ -~]{1,30}`), rapid.StringMatching(`[A-Z0-9/% ]{150,230}`), rapid.String(),
		).Draw(t, "number")
		if strings.Contains(number, "\x00") {
			t.Skip("readers refuse NUL")
		}
		var row graph.Row
		mapper.Map(1, [][]byte{[]byte(number)}, &row)
		want := graph.NewID(graph.KindConsignment, "a system", number)
		if want == "" {
			if len(row.Errors) == 0 {
				t.Fatalf("no id and no error for %q", number)
			}
			return
		}
		if len(row.Statements) != 1 || row.Statements[0].Consignment != want {
			t.Fatalf("got %v, want %q", row.Statements, want)
		}
	})
}

// The same row gives the same records whatever came before it, facts apart,
// which are said once.
func TestRowsDoNotDependOnEachOther(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	m, err := Find(all, "kr-declarations")
	require.NoError(t, err)
	table := fixture(t, "korean-customs/valid.csv.gz", ',')[:2000]
	forward := apply(t, m, table)
	backward := [][]string{table[0]}
	for i := len(table) - 1; i > 0; i-- {
		backward = append(backward, table[i])
	}
	for i, row := range apply(t, m, backward) {
		want := forward[len(forward)-1-i]
		row.Number = want.Number
		require.Equal(t, mappingtest.Format(&want), mappingtest.Format(&row))
	}
}

func TestMapDoesNotAllocate(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	for name, file := range map[string]string{
		"kr-declarations": "korean-customs/valid.csv.gz", "trade-world": "worlds/B2-11/consignments.csv.gz",
	} {
		m, err := Find(all, name)
		require.NoError(t, err)
		table := fixture(t, file, ',')[:3000]
		mapper, err := m.Bind(table[0])
		require.NoError(t, err)
		rows := make([][][]byte, 0, len(table))
		for _, row := range table[1:] {
			rows = append(rows, toBytes(row))
		}
		var out graph.Row
		round := func() {
			for i, row := range rows {
				mapper.Map(int64(i+2), row, &out)
			}
		}
		round()
		perRow := testing.AllocsPerRun(3, round) / float64(len(rows))
		assert.Less(t, perRow, 0.01, "%s: allocations a row", name)
	}
}

func TestColumnsOfOneValueDoNotRunIntoEachOther(t *testing.T) {
	rows := apply(t, parse(t, "entities:\n  a: {kind: party, namespace: n, id: {columns: [A, B], join: +}, keep: number}\n"), [][]string{
		{"A", "B"}, {"x\x02", "y"}, {"x", "\x02y"}, {"x\x01", "y"}, {"x", "\x01y"}, {"", "xy"}, {"xy", ""}, {"x", "y"},
	})
	seen := map[graph.ID]bool{}
	for _, row := range rows {
		for _, f := range row.Facts {
			seen[f.Entity] = true
		}
	}
	assert.Len(t, seen, 6, "xy is one, whichever column it stands in")
}

func TestCacheIsBounded(t *testing.T) {
	var c cache[int]
	for i := range 5 * cacheLimit {
		c.put(fmt.Appendf(nil, "k%d", i), i)
		_, ok := c.get([]byte("k7"))
		require.Equal(t, i >= 7, ok, "what is asked for stays")
	}
	assert.LessOrEqual(t, len(c.young)+len(c.old), 2*cacheLimit)
	_, ok := c.get([]byte("k9"))
	assert.False(t, ok, "what is not asked for goes")
	c.put([]byte(strings.Repeat("x", longKey+1)), 1)
	_, ok = c.get([]byte(strings.Repeat("x", longKey+1)))
	assert.False(t, ok, "long texts are not kept")
}

func TestArenaKeepsWhatItGave(t *testing.T) {
	var a arena
	var want []string
	var got []string
	for i := range 30_000 {
		text := strings.Repeat("x", i%50) + fmt.Sprint(i)
		want = append(want, "p/"+text)
		got = append(got, a.joined("p/", []byte(text)))
	}
	assert.Equal(t, want, got)
	long := strings.Repeat("y", 3*arenaSize)
	assert.Equal(t, long, a.text([]byte(long)))
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"YYYY-MM-DD", "2021-06-30", "2021-06-30"},
		{"YYYY-MM-DD", "2021-6-30", ""},
		{"YYYY-MM-DD", "2021-06-31", ""},
		{"YYYY-MM-DD", "2021-02-29", ""},
		{"YYYY-MM-DD", "2020-02-29", "2020-02-29"},
		{"YYYY-MM-DD", "2021-13-01", ""},
		{"YYYY-MM-DD", "0000-01-01", ""},
		{"YYYY-MM-DD", "2021-06-30x", ""},
		{"YYYY-MM-DD", "", ""},
		{"YYYY-MM-DD*", "2021-06-30T12:00:00Z", "2021-06-30"},
		{"YYYY-MM-DD*", "2021-06-30", "2021-06-30"},
		{"D/M/YYYY", "3/11/2021", "2021-11-03"},
		{"D/M/YYYY", "03/11/2021", "2021-11-03"},
		{"D/M/YYYY", "33/11/2021", ""},
		{"DD.MM.YYYY hh:mm:ss", "30.06.2021 23:59:60", "2021-06-30"},
		{"DD.MM.YYYY hh:mm", "30.06.2021 23:61", ""},
		{"DD Mon YYYY", "14 Jun 1975", "1975-06-14"},
		{"DD-Mon-YYYY", "14-JUN-1975", "1975-06-14"},
		{"D Month YYYY", "4 September 1975", "1975-09-04"},
		{"D Month YYYY", "4 Sept 1975", ""},
		{"DD Mon YYYY", "14 Foo 1975", ""},
	} {
		f, err := compileDate(c.format)
		require.NoError(t, err, c.format)
		day, ok := f.parse([]byte(c.text))
		assert.Equal(t, c.want != "", ok, "%s as %s", c.text, c.format)
		if ok {
			assert.Equal(t, c.want, day.String(), "%s as %s", c.text, c.format)
		}
	}
	base, err := graph.ParseDate("2020-01-01")
	require.NoError(t, err)
	f := dateFormat{count: true, base: base}
	for text, want := range map[string]string{"0": "2020-01-01", "59": "2020-02-29", "-1": "2019-12-31", "x": "", "1.5": "", "-999999": "", "99999999": ""} {
		day, ok := f.parse([]byte(text))
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, day.String(), text)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "12.5": true, "-3": true, "+3.0": true, "00012": true,
		"": false, ".": false, ".5": false, "5.": false, "1.2.3": false, "1,200": false, "1e5": false, "-": false, "--1": false, "NaN": false,
	} {
		assert.Equal(t, want, isNumber([]byte(text)), text)
	}
}

func TestLookupIsBoundedByTheRowsThatCount(t *testing.T) {
	m := parse(t, `
date: D
entities:
  a: {kind: party, namespace: n, id: A, facts: {name: B}}
  b: {kind: party, namespace: other, id: C, lookup: names, keep: name}
lookups:
  names: {key: B, entity: a}
links: [{role: linked_to, from: a, to: b}]
`)
	rows := apply(t, m, [][]string{
		{"A", "B", "C", "D"},
		{"1", "Kam Fung", "Lost", "2021-06-30"},
		{"2", "Lost", "Kam Fung", "yesterday"},
		{"3", "Golden Wind", "Kam Fung", "2021-06-30"},
	})
	assert.Equal(t, graph.ID("party/other/Lost"), rows[0].Links[0].To, "a row in quarantine teaches nothing")
	assert.NotEmpty(t, rows[1].Errors)
	assert.Equal(t, graph.ID("party/n/1"), rows[2].Links[0].To)
}

// A name that half the file bears must not tie every row to every other.
func TestANameOfManyMeansNone(t *testing.T) {
	const text = `
entities:
  a: {kind: party, namespace: n, id: A, facts: {name: B}}
  b: {kind: party, namespace: other, id: C, lookup: names, keep: name}
lookups:
  names: {key: B, entity: a}
links: [{role: linked_to, from: a, to: b}]
`
	for _, bearers := range []int{MaxMeant, MaxMeant + 1, 5 * MaxMeant} {
		table := [][]string{{"A", "B", "C"}}
		for i := range bearers {
			table = append(table, []string{strconv.Itoa(i), "Kam Fung", ""})
		}
		rows := apply(t, parse(t, text), append(table, []string{"x", "Harbour", "Kam Fung"}))
		last := rows[len(rows)-1]
		require.Empty(t, last.Errors)
		if bearers <= MaxMeant {
			assert.Len(t, last.Links, bearers)
			continue
		}
		require.Len(t, last.Links, 1)
		assert.Equal(t, graph.ID("party/other/Kam Fung"), last.Links[0].To)
		assert.Equal(t, MarkAmbiguous, last.Facts[len(last.Facts)-1].Mark)
	}
}

// One cell must not become more than memory holds, whatever the steps.
func TestWhatACellComesToIsBounded(t *testing.T) {
	for name, c := range map[string]struct{ steps, cell, code string }{
		"as many as allowed": {`[{split: ";"}]`, strings.Repeat("x;", MaxValues-1) + "x", ""},
		"too many":           {`[{split: ";"}]`, strings.Repeat("x;", MaxValues) + "x", CodeSeveral},
		"doubled each time":  {"[" + strings.Repeat(`{replace: {pattern: "^.*$", with: "$0$0"}}, `, 60) + "]", "x", CodeSize},
		"much for nothing":   {"[" + strings.Repeat(`{replace: {pattern: "", with: "0123456789"}}, `, 60) + "]", "x", CodeSize},
		"longer and longer":  {"[" + strings.Repeat(`{suffix: "`+strings.Repeat("0", maxArgument)+`"}, `, 300) + "]", strings.Repeat("x", 900_000), CodeSize},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(t, "entities:\n  a: {kind: party, namespace: n, id: A, facts: {name: {column: B, then: "+c.steps+"}}}\n"+
				"  b: {kind: party, namespace: m, id: {column: B, then: "+c.steps+"}, keep: name}\n")
			for _, row := range apply(t, m, [][]string{{"A", "B"}, {"1", c.cell}, {"2", c.cell}}) {
				if c.code == "" {
					require.Empty(t, row.Errors)
					continue
				}
				require.NotEmpty(t, row.Errors, "each time, not the first time only")
				assert.Equal(t, []string{"B", c.code}, []string{row.Errors[0].Column, row.Errors[0].Code})
				assert.Empty(t, row.Facts)
			}
		})
	}
}

func TestReplaceAllIsThatOfTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		re := regexp.MustCompile(rapid.SampledFrom([]string{"", "a", "a*", "(a)(b)?", "^", "$", "b|", "."}).Draw(t, "pattern"))
		text := rapid.StringMatching(`[abé]{0,12}`).Draw(t, "text")
		with := rapid.SampledFrom([]string{"", "x", "$0", "${1}y$2", "$$"}).Draw(t, "with")
		require.Equal(t, re.ReplaceAllString(text, with), replaceAll(re, text, with))
	})
}

// Nobody learns anything from a tie of a thing to itself; a payment to oneself is one.
func TestNothingIsLinkedToItself(t *testing.T) {
	const text = `
entities:
  a: {kind: party, namespace: n, id: A}
  b: {kind: party, namespace: n, id: B}
links: [{role: linked_to, from: a, to: b}, {role: paid, from: a, to: b}]
`
	rows := apply(t, parse(t, text), [][]string{{"A", "B"}, {"1", "2"}, {"1", "1"}})
	assert.Len(t, rows[0].Links, 2)
	require.Len(t, rows[1].Links, 1)
	assert.Equal(t, graph.Paid, rows[1].Links[0].Role)
}

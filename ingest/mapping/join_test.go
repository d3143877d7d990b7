package mapping

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/ingest/ident"
	"rummage/ingest/mapping/mappingtest"
)

// bindJoined binds a mapping to a header and to second files, and learns these.
// Rows that cannot be joined are passed over.
func bindJoined(t testing.TB, m *Mapping, header []string, second map[string][][]string) *Mapper {
	t.Helper()
	var columns []Second
	for _, j := range m.Joins() {
		columns = append(columns, Second{Join: j.Name, Columns: second[j.Name][0]})
	}
	mapper, err := m.Bind(header, columns...)
	require.NoError(t, err)
	learnAll(t, m, mapper, second)
	return mapper
}

func learnAll(t testing.TB, m *Mapping, mapper *Mapper, second map[string][][]string) (broken []graph.RowError) {
	t.Helper()
	for i, j := range m.Joins() {
		rows, first := second[j.Name], int64(1)
		if j.Header {
			rows, first = rows[1:], 2
		}
		for n, row := range rows {
			faults, err := mapper.LearnJoined(i, first+int64(n), toBytes(row))
			require.NoError(t, err)
			broken = append(broken, faults...)
		}
	}
	return broken
}

// linesOf reads lines of cells with semicolons between.
func linesOf(lines ...string) [][]string {
	all := make([][]string, len(lines))
	for i, line := range lines {
		all[i] = strings.Split(line, ";")
	}
	return all
}

// said is what the rows of a file come to, as text.
func said(t testing.TB, m *Mapping, rows [][]string, second map[string][][]string) string {
	t.Helper()
	var b strings.Builder
	for _, row := range applyJoined(t, m, rows, second) {
		b.WriteString(mappingtest.Format(&row))
	}
	return b.String()
}

const traders = `
joins:
  traders: {on: Trader, key: Code}
entities:
  trader: {kind: party, namespace: demo, id: Trader, facts: {name: traders.Name, address: traders.Street}}
`

func TestJoins(t *testing.T) {
	trader := linesOf("Trader", "T1")
	for name, c := range map[string]struct {
		text   string
		rows   [][]string
		second [][]string
		want   string
	}{
		"one row": {traders, trader, linesOf("Code;Name;Street", "T2;Other;", " T1 ; Kam Fung ;12/F"), `row 2
  party/demo/T1.address = "12/F"
  party/demo/T1.name = "Kam Fung"
`},
		"no row": {traders, trader, linesOf("Code;Name;Street", "T2;Other;x"), `row 2
  party/demo/T1.traders = "T1" [unresolved]
`},
		"no key": {traders, linesOf("Trader;x", ";x"), linesOf("Code;Name;Street", ";Other;x"), `row 2
  error nothing: : the mapping finds no record in this row
`},
		"doubles are one": {traders, trader, linesOf("Code;Name;Street;More", "T1;Kam Fung;12/F;a", "T1;Kam Fung;12/F;b"), `row 2
  party/demo/T1.address = "12/F"
  party/demo/T1.name = "Kam Fung"
`},
		"an empty cell contradicts nothing": {traders, trader, linesOf("Code;Name;Street", "T1;Kam Fung;", "T1;;12/F"), `row 2
  party/demo/T1.address = "12/F"
  party/demo/T1.name = "Kam Fung"
`},
		"several that differ": {traders, trader, linesOf("Code;Name;Street", "T1;Kam Fung;12/F", "T1;Kam Fung;13/F"), `row 2
  party/demo/T1.traders = "T1" [ambiguous]
  party/demo/T1.name = "Kam Fung"
`},
		"required": {strings.Replace(traders, "key: Code", "key: Code, required: true", 1), linesOf("Trader;x", "T1;", "T2;", ";x", "T3;"),
			linesOf("Code;Name;Street", "T1;Kam Fung;12/F", "T2;A;", "T2;B;"), `row 2
  party/demo/T1.address = "12/F"
  party/demo/T1.name = "Kam Fung"
row 3
  error ambiguous: Trader: several rows of traders have "T2" and do not say the same
row 4
  error missing: Trader: Trader is empty, so no row of traders goes with it
row 5
  error unresolved: Trader: no row of traders has "T3"
`},
		"steps on both sides": {strings.Replace(traders, "{on: Trader, key: Code}", "{on: {column: Trader, then: [{trim: '*'}, upper]}, key: {column: Code, then: {prefix: T}}}", 1),
			linesOf("Trader", "*t1"), linesOf("Code;Name;Street", "1;Kam Fung;"), `row 2
  party/demo/*t1.name = "Kam Fung"
`},
		"rules on both sides": {strings.Replace(traders, "{on: Trader, key: Code}", "{on: {column: Trader, rule: container}, key: {column: Code, rule: container}}", 1),
			linesOf("Trader", "CSQU 305438-3"), linesOf("Code;Name;Street", "csqu3054383;Kam Fung;"), `row 2
  party/demo/CSQU 305438-3.name = "Kam Fung"
`},
		"several columns": {strings.Replace(traders, "{on: Trader, key: Code}", "{on: [Office, Trader], key: [Place, Code]}", 1),
			linesOf("Office;Trader", "A;1", "B;1", ";1", "A1;"), linesOf("Place;Code;Name;Street", "A;1;Kam Fung;", "B;1;ACME;", ";1;nobody;", "A1;;nobody;"), `row 2
  party/demo/1.name = "Kam Fung"
row 3
  party/demo/1.name = "ACME"
row 4
  error nothing: : the mapping finds no record in this row
row 5
  error nothing: : the mapping finds no record in this row
`},
		"several keys": {strings.Replace(traders, "{on: Trader, key: Code}", "{on: {column: Trader, then: {split: '/'}}, key: {column: Code, then: {split: '/'}}}", 1),
			linesOf("Trader", "T1/T2", "T1/T9"), linesOf("Code;Name;Street", "T1/T2;Kam Fung;12/F"), `row 2
  party/demo/T1%2FT2.address = "12/F"
  party/demo/T1%2FT2.name = "Kam Fung"
row 3
  party/demo/T1%2FT9.traders = "T9" [unresolved]
  party/demo/T1%2FT9.address = "12/F"
  party/demo/T1%2FT9.name = "Kam Fung"
`},
		"the first of several columns": {strings.Replace(traders, "{on: Trader, key: Code}", "{on: {first: [Register, Trader]}, key: {first: [Number, Code]}}", 1),
			linesOf("Register;Trader", "R1;T9", ";T1"), linesOf("Number;Code;Name;Street", "R1;T1;Kam Fung;", ";T1;ACME;"), `row 2
  party/demo/T9.name = "Kam Fung"
row 3
  party/demo/T1.name = "ACME"
`},
		"by number": {strings.Replace(traders, "traders.Name", `"traders.#2"`, 1), trader, linesOf("Code;Name;Street;Name", "T1;Kam Fung;12/F;Other"), `row 2
  party/demo/T1.address = "12/F"
  party/demo/T1.name = "Kam Fung"
`},
		"without header": {`
joins: {traders: {on: Trader, key: 1, header: false}}
entities:
  trader: {kind: party, namespace: demo, id: Trader, facts: {name: "traders.#2"}}
`, trader, linesOf("T1;Kam Fung"), `row 2
  party/demo/T1.name = "Kam Fung"
`},
		"all of several": {`
joins: {boxes: {on: Bill, key: Bill, several: all}}
entities:
  box: {kind: equipment, id: {column: boxes.Number, rule: container}, facts: {sealed: boxes.Seal}, repeat: cells}
consignments:
  bill: {system: demo, number: Bill, view: manifest, ties: {equipment: box}}
`, linesOf("Bill", "B1", "B2"), linesOf("Bill;Number;Seal", "B1;TGHU7599330;S2", "B1;CSQU3054383;", "B1;TGHU7599330;S2"), `row 2
  consignment/demo/B1  manifest
    equipment equipment/CSQU3054383
    equipment equipment/TGHU7599330
  equipment/TGHU7599330.sealed = "S2"
row 3
  consignment/demo/B2  manifest
    .boxes = "B2" [unresolved]
`},
		"everything made of it is marked": {`
joins: {header: {on: No, key: No}}
date: header.Day
entities:
  importer: {kind: party, namespace: demo, id: header.Importer}
  agent: {kind: party, namespace: demo, id: Agent}
consignments:
  entry: {system: demo, number: No, view: declaration, ties: {importer: importer, declarant: agent}, fields: {unit: Unit}}
  other: {system: demo, number: Other, view: manifest, date: Day}
links:
  - {role: owned_by, from: agent, to: agent, key: header.Key}
  - {role: called, from: agent, to: agent}
outcomes:
  - {subject: entry, result: hit, date: Day, fields: {amount: Unit}}
  - {subject: entry, result: clear}
`, linesOf("No;Agent;Unit;Other;Day", "E1;A1;3;M1;2021-06-30"), linesOf("No;Day;Importer;Key", "E2;2021-06-30;I1;k"), `row 2
  consignment/demo/E1  declaration
    declarant party/demo/A1
    .header = "E1" [unresolved]
    .unit = "3"
  consignment/demo/M1  manifest  date 2021-06-30
  party/demo/A1 owned_by party/demo/A1
    .header = "E1" [unresolved]
  party/demo/A1 called party/demo/A1
  consignment/demo/E1 hit  date 2021-06-30
    .amount = "3"
  consignment/demo/E1 clear
    .header = "E1" [unresolved]
`},
		"days, conditions and lookups": {`
joins: {header: {on: No, key: No}}
date: {column: header.Day, format: DD/MM/YYYY}
entities:
  entry: {kind: party, namespace: list, id: No, facts: {name: header.Name}, when: {column: header.Kind, equals: import}}
  other: {kind: party, namespace: other, lookup: names, id: Partner, keep: name}
lookups:
  names: {key: header.Name, entity: entry}
links:
  - {role: linked_to, from: entry, to: other}
`, linesOf("No;Partner", "1;ACME", "2;", "3;ACME"), linesOf("No;Day;Name;Kind", "1;30/06/2021;Kam Fung;import", "2;01/07/2021;ACME;import", "3;01/07/2021;Nobody;export"), `row 2
  party/list/1 linked_to party/list/2
  party/list/1.name = "Kam Fung"  date 2021-06-30
row 3
  party/list/2.name = "ACME"  date 2021-07-01
row 4
  error nothing: : the mapping finds no record in this row
`},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(t, c.text)
			second := map[string][][]string{m.Joins()[0].Name: c.second}
			assert.Equal(t, c.want, said(t, m, c.rows, second))
			again, err := ParseJoins(m.JoinText())
			require.NoError(t, err)
			assert.Equal(t, m.Joins(), again.Joins())
		})
	}
}

func TestJoinsThatAreWrong(t *testing.T) {
	entity := "entities:\n  a: {kind: party, namespace: n, id: A, facts: {p: j.X}}\n"
	for name, c := range map[string]struct{ text, want string }{
		"no key":           {"joins:\n  j: {on: A}\n" + entity, "line 3: join j: needs key"},
		"unknown key":      {"joins:\n  j: {on: A, key: B, fiel: x}\n" + entity, `unknown key "fiel"; did you mean "file"?`},
		"uneven":           {"joins:\n  j: {on: [A, C], key: B}\n" + entity, "line 3: join j: on has 2 values and key 1"},
		"of no column":     {"joins:\n  j: {on: {text: x}, key: B}\n" + entity, "line 3: join j: on: a key is made of columns"},
		"number of a row":  {"joins:\n  j: {on: A, key: {row: true}}\n" + entity, "join j: key: a key is made of columns"},
		"several":          {"joins:\n  j: {on: A, key: B, several: first}\n" + entity, `join j: several: want all, found "first"`},
		"part":             {"joins:\n  j: {on: A, key: B, part: '['}\n" + entity, `join j: part: "[" is no pattern`},
		"header":           {"joins:\n  j: {on: A, key: B, header: none}\n" + entity, "header: want true or false"},
		"label":            {"joins:\n  J: {on: A, key: B}\n" + entity, `joins: label "J"`},
		"reserved":         {"joins:\n  name: {on: A, key: B}\n" + entity, "line 3: join name: its marks would stand under the name of a property or field"},
		"unused":           {"joins:\n  j: {on: A, key: B}\n  k: {on: A, key: B}\n" + entity, "line 4: join k: nothing uses it; its columns are named k.NAME"},
		"of a join":        {"joins:\n  j: {on: A, key: B}\n  k: {on: j.C, key: B, required: true}\n" + entity, `line 4: join k: "j.C": a key is made of columns of its own file`},
		"of a join, first": {"joins:\n  j: {on: A, key: B}\n  k: {on: {first: [A, j.C]}, key: B, required: true}\n" + entity, `line 4: join k: "j.C": a key is made of columns of its own file`},
		"of a join, where": {"joins:\n  j: {on: A, key: B}\n  k: {on: {column: A, where: {column: j.C, equals: x}}, key: B, required: true}\n" + entity, `line 4: join k: "j.C": a key is made of columns of its own file`},
		"first of a row":   {"joins:\n  j: {on: {first: [A, {row: true}]}, key: B}\n" + entity, "join j: on: a key is made of columns"},
		"no column":        {"joins:\n  j: {on: A, key: B}\nentities:\n  a: {kind: party, id: j., keep: alias}\n", "line 5: column: j.: want the name of a column behind that of the join"},
		"no number":        {"joins:\n  j: {on: A, key: B}\nentities:\n  a: {kind: party, id: 'j.#0', keep: alias}\n", "line 5: column: position #0 of j: want 1 to"},
		"field":            {"joins:\n  j: {on: A, key: B}\nentities:\n  a: {kind: party, id: j.X, facts: {j: A}}\n", `name "j" is that of a join`},
		"keep":             {"joins:\n  j: {on: A, key: B}\nentities:\n  a: {kind: party, id: j.X, keep: j}\n", "keep: want the name of a property, which is no join's"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("test.yaml", []byte("mapping: test\n"+c.text))
			require.ErrorIs(t, err, ErrSyntax)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestJoinsAndTheirFiles(t *testing.T) {
	m := parse(t, traders)
	assert.Equal(t, []Join{{Name: "traders", Header: true}}, m.Joins())
	_, err := m.Bind([]string{"Trader"})
	require.ErrorIs(t, err, ErrJoin)
	assert.ErrorContains(t, err, `it joins "traders", for which no file is given`)
	_, err = m.Bind([]string{"Trader"}, Second{Join: "traders"}, Second{Join: "offices"})
	require.ErrorIs(t, err, ErrJoin)
	assert.ErrorContains(t, err, `it knows no join "offices"; it joins "traders"`)
	_, err = parse(t, "entities:\n  a: {kind: party, id: A, keep: alias}\n").Bind([]string{"A"}, Second{Join: "traders"})
	require.ErrorIs(t, err, ErrJoin)
	assert.ErrorContains(t, err, `it joins none, and "traders" is given`)

	_, err = m.Bind([]string{"Trader"}, Second{Join: "traders", Columns: []string{"Code", "Name", "name", "Town"}})
	require.ErrorIs(t, err, ErrColumns)
	assert.EqualError(t, err, `mapping: test: join traders: the mapping does not fit the file's columns: missing "traders.Street": `+
		`"traders.Name" stands more than once in the header; name the column by its number instead; its file has 4 columns: "Code", "Name", "name", "Town"`)
	_, err = m.Bind([]string{"Importer"}, Second{Join: "traders", Columns: []string{"Code", "Name", "Street"}})
	assert.ErrorContains(t, err, `missing "Trader"; the file has 1 columns: "Importer"`)
	_, err = m.Bind([]string{"Trader"}, Second{Join: "traders", Columns: []string{"Name", "Street"}})
	assert.ErrorContains(t, err, `join traders: the mapping does not fit the file's columns: missing "Code"; its file has`)

	first := parse(t, strings.Replace(traders, "name: traders.Name", "name: {first: [traders.Name, traders.Alias]}", 1))
	_, err = first.Bind([]string{"Trader"}, Second{Join: "traders", Columns: []string{"Code", "Street"}})
	assert.ErrorContains(t, err, `join traders: the mapping does not fit the file's columns: missing "traders.Name or traders.Alias"`)
	_, err = first.Bind([]string{"Trader"}, Second{Join: "traders", Columns: []string{"Code", "Street", "Alias"}})
	require.NoError(t, err)

	hinted := parse(t, strings.Replace(traders, "key: Code", `key: Code, part: "T*", file: {encoding: big5, delimiter: ";", quote: "'", record: a/b}`, 1))
	assert.Equal(t, []Join{{Name: "traders", Header: true, Part: "T*", Encoding: "big5", Delimiter: ";", Quote: "'", Record: "a/b"}}, hinted.Joins())
}

func TestRowsThatCannotBeJoined(t *testing.T) {
	m := parse(t, strings.Replace(traders, "key: Code", "key: {column: Code, rule: container, strict: true, required: true}", 1))
	second := map[string][][]string{"traders": linesOf("Code;Name;Street", "CSQU3054384;A;", ";B;", "C", "CSQU3054383;D;")}
	mapper, err := m.Bind([]string{"Trader"}, Second{Join: "traders", Columns: second["traders"][0]})
	require.NoError(t, err)
	var got []string
	for _, e := range learnAll(t, m, mapper, second) {
		got = append(got, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Code))
	}
	assert.Equal(t, []string{"2 Code rule", "3 Code missing", "4  ragged"}, got)
	assert.Equal(t, JoinStats{Keys: 1}, mapper.JoinStats(0))

	m = parse(t, traders)
	second = map[string][][]string{"traders": linesOf("Code;Name;Street", ";B;", "T1;A;", "T1;B;", "T2;B;")}
	mapper = bindJoined(t, m, []string{"Trader"}, second)
	var out graph.Row
	for i, trader := range []string{"T1", "T2", "T3", ""} {
		mapper.Map(int64(i+2), toBytes([]string{trader}), &out)
	}
	assert.Equal(t, JoinStats{Keys: 2, Keyless: 1, Unresolved: 1, Ambiguous: 1}, mapper.JoinStats(0))
	other := bindAgain(t, m, second)
	other.Adopt(mapper)
	assert.Equal(t, JoinStats{Keys: 2, Keyless: 1}, other.JoinStats(0))
	assert.Equal(t, []string{"T1"}, other.Keys(0, toBytes([]string{" T1"})))
	assert.Equal(t, []string{"T2"}, other.JoinedKeys(0, toBytes([]string{"T2", "x", "y"})))
	assert.Empty(t, other.JoinedKeys(0, toBytes([]string{"T2"})))
}

func bindAgain(t testing.TB, m *Mapping, second map[string][][]string) *Mapper {
	t.Helper()
	mapper, err := m.Bind([]string{"Trader"}, Second{Join: "traders", Columns: second["traders"][0]})
	require.NoError(t, err)
	return mapper
}

func TestMoreRowsOfAKeyThanOneRowCanMean(t *testing.T) {
	m := parse(t, strings.Replace(traders, "key: Code", "key: Code, several: all", 1))
	rows := linesOf("Code;Name;Street")
	for i := range MaxValues + 1 {
		rows = append(rows, []string{"T1", fmt.Sprint(i), ""}, []string{"T2", fmt.Sprint(i / 2), ""})
	}
	got := said(t, m, linesOf("Trader", "T1", "T2"), map[string][][]string{"traders": rows})
	one, two, _ := strings.Cut(got, "row 3\n")
	assert.Equal(t, "row 2\n  party/demo/T1.traders = \"T1\" [ambiguous]\n", one)
	assert.NotContains(t, two, "ambiguous")
}

// Whatever the order of the rows of the second file, and however often they are
// there, a row comes to the same.
func TestTheOrderOfJoinedRowsDoesNotCount(t *testing.T) {
	several := strings.Replace(traders, "key: Code", "key: Code, several: all", 1)
	cell := rapid.SampledFrom([]string{"", "a", "b", " b", "long enough to need more than one byte for its length: " + strings.Repeat("x", 100)})
	rapid.Check(t, func(r *rapid.T) {
		m := parse(t, rapid.SampledFrom([]string{traders, several}).Draw(r, "mapping"))
		rows := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) []string {
			return []string{rapid.SampledFrom([]string{"T1", "T2", "T3", ""}).Draw(r, "code"), cell.Draw(r, "name"), cell.Draw(r, "street")}
		}), 1, 8).Draw(r, "rows")
		header := [][]string{{"Code", "Name", "Street"}}
		file := linesOf("Trader", "T1", "T2", "T3", "T4")
		want := said(t, m, file, map[string][][]string{"traders": slices.Concat(header, rows)})
		shuffled := rapid.Permutation(rows).Draw(r, "shuffled")
		again := slices.Concat(header, shuffled, shuffled[:rapid.IntRange(0, len(rows)).Draw(r, "doubled")])
		assert.Equal(r, want, said(t, m, file, map[string][][]string{"traders": again}))
	})
}

func TestJoinsOfNumbersThatIdentifyPersons(t *testing.T) {
	text := `
joins: {people: {on: {column: Director, rule: hkid}, key: {column: Number, rule: hkid}}}
entities:
  company: {kind: party, namespace: demo, id: Company, facts: {director: people.Name, born: {column: people.Number, rule: hkid}}}
`
	m := parse(t, text)
	second := linesOf("Number;Name", "A123456(3);Chan")
	bind := func() *Mapper {
		mapper, err := m.Bind([]string{"Company", "Director"}, Second{Join: "people", Columns: second[0]})
		require.NoError(t, err)
		return mapper
	}
	row := toBytes([]string{"1", "A1234563"})
	mapper, out := bind(), graph.Row{}
	faults := learnAll(t, m, mapper, map[string][][]string{"people": second})
	require.Len(t, faults, 1)
	assert.Equal(t, CodeWithheld, faults[0].Code)
	mapper.Map(2, row, &out)
	require.Len(t, out.Errors, 1)
	assert.Equal(t, CodeWithheld, out.Errors[0].Code)
	assert.NotContains(t, out.Errors[0].Reason, "123456")

	mapper = bind()
	key, err := ident.NewKey([]byte(strings.Repeat("k", 32)))
	require.NoError(t, err)
	mapper.Identify(key)
	assert.Empty(t, learnAll(t, m, mapper, map[string][][]string{"people": second}))
	mapper.Map(2, row, &out)
	assert.Contains(t, mappingtest.Format(&out), `party/demo/1.director = "Chan"`)
	assert.NotContains(t, mappingtest.Format(&out), "123456")
	assert.Equal(t, map[int]Guard{1: {Rule: "hkid"}}, mapper.Guards())
	assert.Equal(t, map[int]Guard{0: {Rule: "hkid"}}, mapper.JoinedGuards(0))
	assert.True(t, mapper.Guarded())

	m = parse(t, strings.Replace(text, "{column: people.Number, rule: hkid}", "people.Number", 1))
	_, err = m.Bind([]string{"Company", "Director"}, Second{Join: "people", Columns: second[0]})
	assert.ErrorContains(t, err, `join people: the mapping does not fit the file's columns: "people.Number" holds numbers that identify persons`)
}

func TestHeldRowsAreBounded(t *testing.T) {
	h := &held{text: MaxLookupText - 10}
	require.NoError(t, h.learn("a", "12345", false))
	require.ErrorIs(t, h.learn("b", "123456", false), ErrLookup)
	m := parse(t, traders)
	mapper := bindAgain(t, m, map[string][][]string{"traders": linesOf("Code;Name;Street")})
	mapper.joins[0].table.text = MaxLookupText
	_, err := mapper.LearnJoined(0, 2, toBytes([]string{"T1", "x", "y"}))
	require.ErrorIs(t, err, ErrLookup)
	assert.ErrorContains(t, err, "mapping: test: join traders: more than 4194304 keys, or than 268435456 bytes of keys and cells")
}

func TestCellsOfHeldRows(t *testing.T) {
	long := strings.Repeat("x", 300)
	row := string(appendCells(nil, toBytes([]string{" a ", "", long}), []int{2, 0, 1}))
	assert.Equal(t, heldCell{text: long}, cellOf(row, 0))
	assert.Equal(t, heldCell{text: "a"}, cellOf(row, 1))
	assert.Equal(t, heldCell{}, cellOf(row, 2))
	other := string(appendCells(nil, toBytes([]string{"b", "c", long}), []int{2, 0, 1}))
	both := merged(row, other)
	assert.Equal(t, both, merged(other, row))
	assert.Equal(t, []heldCell{{text: long}, {disputed: true}, {text: "c"}}, []heldCell{cellOf(both, 0), cellOf(both, 1), cellOf(both, 2)})
	assert.Equal(t, both, merged(both, row))
}

func BenchmarkJoin(b *testing.B) {
	m := parse(b, traders)
	mapper := bindAgain(b, m, map[string][][]string{"traders": linesOf("Code;Name;Street")})
	const traders = 100_000
	for i := range traders {
		_, err := mapper.LearnJoined(0, int64(i+2), toBytes([]string{fmt.Sprint("T", i), fmt.Sprint("Trader ", i), "12/F Wing On House"}))
		require.NoError(b, err)
	}
	rows := make([][][]byte, 1<<14)
	for i := range rows {
		rows[i] = [][]byte{fmt.Append(nil, "T", i*37%traders)}
	}
	var out graph.Row
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		mapper.Map(int64(i+2), rows[i&(len(rows)-1)], &out)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

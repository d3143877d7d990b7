package mapping

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// FuzzParse: any text is a mapping or an error with lines, and a mapping that
// was accepted can be bound and run.
func FuzzParse(f *testing.F) {
	entries, err := shipped.ReadDir("library")
	require.NoError(f, err)
	for _, entry := range entries {
		text, err := shipped.ReadFile("library/" + entry.Name())
		require.NoError(f, err)
		f.Add(text)
	}
	page, err := os.ReadFile(manual)
	require.NoError(f, err)
	for _, block := range fence.FindAllStringSubmatch(string(page), -1) {
		if block[1] == "yaml" {
			f.Add([]byte(block[2]))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Parse("fuzz.yaml", text)
		if err != nil {
			require.ErrorIs(t, err, ErrSyntax)
			return
		}
		names := make([]string, m.Width())
		second := make([]Second, len(m.joins))
		for i := range m.joins {
			second[i].Join = m.joins[i].name
			for k := range m.joins[i].key {
				names, second[i].Columns = append(names, namesOf(m.joins[i].on[k], "")...), append(second[i].Columns, namesOf(m.joins[i].key[k], "")...)
			}
		}
		for _, e := range m.entities {
			names = append(names, namesOf(e.id, "")...)
			for _, f := range append(slices.Clone(e.facts), named{value: e.id}) {
				for i := range second {
					second[i].Columns = append(second[i].Columns, namesOf(f.value, second[i].Join)...)
				}
			}
		}
		mapper, err := m.Bind(names, second...)
		if err != nil {
			require.ErrorIs(t, err, ErrColumns)
			return
		}
		var row graph.Row
		cells := same("2021-06-30", len(names))
		for i := range second {
			_, err := mapper.LearnJoined(i, 2, same("2021-06-30", len(second[i].Columns)))
			require.NoError(t, err)
		}
		require.NoError(t, mapper.Learn(1, cells))
		mapper.Learned()
		mapper.Map(1, cells, &row)
		require.NoError(t, row.Check())
	})
}

// namesOf names the columns of a value that are in the file of a join.
func namesOf(v *valueSpec, join string) []string {
	var all []string
	for _, c := range v.columns {
		if c.join == join {
			all = append(all, c.name)
		}
	}
	return all
}

// same is a row of equal cells.
func same(text string, n int) [][]byte {
	cells := make([][]byte, n)
	for i := range cells {
		cells[i] = []byte(text)
	}
	return cells
}

// FuzzMap: whatever stands in the cells, every shipped mapping makes records
// that keep the rules of the vocabulary, or errors. Each text is for one of them.
func FuzzMap(f *testing.F) {
	all, err := Library()
	require.NoError(f, err)
	for _, c := range shippedCases {
		which := slices.IndexFunc(all, func(m *Mapping) bool { return m.Name == c.mapping })
		for _, row := range fixture(f, c.file, ',')[:3] {
			f.Add(uint16(which), strings.Join(row, "\x1e"))
		}
	}
	columns := make([][]string, len(all))
	for i, m := range all {
		f.Add(uint16(i), "\x1e\u00a0\u3000\x1e\x7f\x1e%2F/\x1e\u0041\u030a")
		columns[i] = columnsOf(f, m)
	}
	f.Fuzz(func(t *testing.T, which uint16, text string) {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Skip("readers refuse such text")
		}
		given := bytes.Split([]byte(text), []byte("\x1e"))
		i := int(which) % len(all)
		// A new one each time: lookups and caches grow with what is fed to them.
		mapper, err := all[i].Bind(columns[i])
		require.NoError(t, err)
		cells := make([][]byte, len(mapper.Columns()))
		for c := range cells {
			cells[c] = given[c%len(given)]
		}
		var row graph.Row
		require.NoError(t, mapper.Learn(1, cells))
		mapper.Map(1, cells, &row)
		require.NoError(t, row.Check(), all[i].Name)
		if len(row.Errors) == 0 {
			require.Positive(t, mapper.said)
		}
	})
}

// columnsOf returns columns that a mapping works on: the header that recognises
// is a part of all that is mapped.
func columnsOf(t testing.TB, m *Mapping) []string {
	t.Helper()
	if !m.HasHeader() {
		return make([]string, m.Width())
	}
	var columns []string
	for _, names := range m.recognise.header {
		columns = append(columns, names[0])
	}
	missing := new(ColumnError)
	if _, err := m.Bind(columns); err != nil {
		require.ErrorAs(t, err, &missing)
		for _, names := range missing.Missing {
			name, _, _ := strings.Cut(names, " or ")
			columns = append(columns, name)
		}
	}
	return columns
}

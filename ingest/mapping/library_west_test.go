package mapping

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

// shippedWest are the layouts of the Americas, of Europe and of the Commonwealth of Independent States, and the sums of trade of any country.
// The rows are made up: the first has every column, in the second some are empty or broken, the third states what it must and no more.
var shippedWest = []shippedCase{
	{mapping: "am-exports", file: "testdata/am-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "am-imports", file: "testdata/am-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ar-exports", file: "testdata/ar-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ar-imports", file: "testdata/ar-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "bo-imports", file: "testdata/bo-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "br-bills", file: "testdata/br-bills.csv", rows: []int64{2, 3, 4}},
	{mapping: "br-imports", file: "testdata/br-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "cl-exports", file: "testdata/cl-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "cl-imports", file: "testdata/cl-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "co-exports", file: "testdata/co-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "co-imports", file: "testdata/co-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "cr-exports", file: "testdata/cr-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "cr-imports", file: "testdata/cr-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "do-exports", file: "testdata/do-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "do-imports", file: "testdata/do-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ec-exports", file: "testdata/ec-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ec-imports", file: "testdata/ec-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "kz-exports", file: "testdata/kz-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "kz-imports", file: "testdata/kz-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "md-exports", file: "testdata/md-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "md-imports", file: "testdata/md-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "mx-exports", file: "testdata/mx-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "mx-imports", file: "testdata/mx-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ni-exports", file: "testdata/ni-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ni-imports", file: "testdata/ni-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "pa-exports", file: "testdata/pa-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "pa-imports", file: "testdata/pa-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "pe-exports", file: "testdata/pe-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "pe-imports", file: "testdata/pe-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "py-exports", file: "testdata/py-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "py-imports", file: "testdata/py-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ru-exports", file: "testdata/ru-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ru-imports", file: "testdata/ru-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "tr-exports", file: "testdata/tr-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "tr-imports", file: "testdata/tr-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ua-exports", file: "testdata/ua-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ua-imports", file: "testdata/ua-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "us-imports", file: "testdata/us-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "uy-exports", file: "testdata/uy-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "uy-imports", file: "testdata/uy-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "uz-exports", file: "testdata/uz-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "uz-imports", file: "testdata/uz-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ve-exports", file: "testdata/ve-exports.csv", rows: []int64{2, 3, 4}},
	{mapping: "ve-imports", file: "testdata/ve-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "trade-sums-bills", file: "testdata/trade-sums-bills.csv", rows: []int64{2, 3}},
	{mapping: "trade-sums-both", file: "testdata/trade-sums-both.csv", rows: []int64{2, 3}},
	{mapping: "trade-sums-exports", file: "testdata/trade-sums-exports.csv", rows: []int64{2, 3}},
	{mapping: "trade-sums-exports", file: "testdata/argentine-sums.csv", rows: []int64{2}},
	{mapping: "trade-sums-imports", file: "testdata/trade-sums-imports.csv", rows: []int64{2, 3, 4}},
	{mapping: "trade-sums-imports", file: "testdata/ukrainian-sums.csv", rows: []int64{2, 3}},
	{mapping: "trade-sums-imports", file: "testdata/philippine-sums.csv", rows: []int64{2}},
}

// layout is the header of a real file.
type layout struct {
	name, kind string
	columns    []string
}

// layouts are the headers of the fixtures, those of the tables of US manifests and of the Peruvian declaration among them.
func layouts(t testing.TB) []layout {
	t.Helper()
	table := func(name string) [][]string {
		file, err := fixtures.Open("layouts/" + name)
		require.NoError(t, err)
		defer file.Close()
		rows, err := csv.NewReader(file).ReadAll()
		require.NoError(t, err)
		return rows
	}
	var all []layout
	for _, row := range table("declarations.csv.gz")[1:] {
		all = append(all, layout{name: row[0], kind: row[1], columns: strings.Split(row[4], "|")})
	}
	add := func(name, column string) {
		if last := len(all) - 1; all[last].name == name {
			all[last].columns = append(all[last].columns, column)
			return
		}
		all = append(all, layout{name: name, kind: "own", columns: []string{column}})
	}
	for _, row := range table("us-ams.csv.gz")[1:] {
		add("us-ams-"+row[0], row[2])
	}
	for _, row := range table("peru-dua.csv.gz")[1:] {
		add("pe-dua", row[1])
	}
	return append(all, layout{name: "panjiva-us-exports", kind: "own", columns: table("panjiva.csv.gz")[0]})
}

// Of each layout the golden file says which mapping knows it, "-" where none does. A mapping that knows a layout must also fit it.
func TestLayoutsAreRecognised(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	var got strings.Builder
	for _, l := range layouts(t) {
		name := "-"
		m, err := Recognise(all, [][]string{l.columns})
		unknown := new(UnrecognisedError)
		if errors.As(err, &unknown) {
			assert.Empty(t, unknown.Several, "%s is known to several", l.name)
		} else {
			require.NoError(t, err)
			name = m.Name
			_, err = m.Bind(l.columns)
			require.NoError(t, err, "%s knows %s", name, l.name)
			plausible(t, l, m)
		}
		fmt.Fprintf(&got, "%s: %s\n", l.name, name)
	}
	golden(t, "recognised.golden", got.String())
}

// countries of the layouts that have mappings of their own, by how the names of the layouts begin.
var countries = map[string]string{
	"argentina": "ar", "armenia": "am", "bolivia": "bo", "brazil": "br", "chile": "cl", "colombia": "co", "costarica": "cr", "dominican": "do",
	"equador": "ec", "kazakhstan": "kz", "maldivya": "md", "mexico": "mx", "moldova": "md", "nicaragua": "ni", "panama": "pa", "paraguay": "py",
	"peru": "pe", "russia": "ru", "turkey": "tr", "ukraine": "ua", "uruguay": "uy", "us": "us", "uzbekistan": "uz", "venezuela": "ve",

	"bangladesh": "bd", "botswana": "bw", "burundi": "bi", "cameroon": "cm", "ethiopia": "et", "ghana": "gh", "india": "in", "ivory": "ci",
	"kenya": "ke", "lesotho": "ls", "liberia": "lr", "malaysia": "my", "mongolia": "mn", "namibia": "na", "nigeria": "ng", "pakistan": "pk",
	"philippines": "ph", "rwanda": "rw", "south": "ss", "srilanka": "lk", "tanzania": "tz", "uganda": "ug", "vietnam": "vn", "zimbabwe": "zw",
}

var (
	inward  = regexp.MustCompile(`\bimports?\b|\bimpor\b`)
	outward = regexp.MustCompile(`\bexports?\b`)
)

// plausible checks what the names of a layout and of its mapping tell: the same country, the same direction, sums for sums.
func plausible(t *testing.T, l layout, m *Mapping) {
	t.Helper()
	if l.kind == "own" {
		assert.Equal(t, l.name, m.Name)
		return
	}
	assert.Equal(t, l.kind == "pairs", strings.HasPrefix(m.Name, "trade-sums-"), "%s knows %s", m.Name, l.name)
	assert.False(t, outward.MatchString(l.name) && inward.MatchString(m.Name), "%s knows %s", m.Name, l.name)
	assert.False(t, inward.MatchString(l.name) && outward.MatchString(m.Name), "%s knows %s", m.Name, l.name)
	country, _, _ := strings.Cut(l.name, "-")
	if code := countries[country]; code != "" && l.kind == "full" {
		assert.True(t, strings.HasPrefix(m.Name, code+"-"), "%s knows %s", m.Name, l.name)
	}
	for _, own := range countries {
		if strings.HasPrefix(m.Name, own+"-") && l.kind == "full" {
			assert.Equal(t, own, countries[country], "%s knows %s", m.Name, l.name)
		}
	}
}

// The manual lists what is shipped, by name.
func TestManualListsTheShippedMappings(t *testing.T) {
	const head = "| mapping | for |\n|---|---|\n"
	all, err := Library()
	require.NoError(t, err)
	var list strings.Builder
	for _, m := range all {
		fmt.Fprintf(&list, "| `%s` | %s |\n", m.Name, strings.ReplaceAll(m.About, "|", "\\|"))
	}
	text, err := os.ReadFile(manual)
	require.NoError(t, err)
	before, got, found := strings.Cut(string(text), head)
	require.True(t, found)
	if *update {
		got = list.String()
		require.NoError(t, os.WriteFile(manual, []byte(before+head+got), 0o600))
	}
	assert.Equal(t, list.String(), got)
}

// Every layout of the fixtures has its mapping.
func TestEveryLayoutIsKnown(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	known := 0
	for _, l := range layouts(t) {
		_, err := Recognise(all, [][]string{l.columns})
		assert.NoError(t, err, l.name)
		country, _, _ := strings.Cut(l.name, "-")
		if l.kind == "full" {
			assert.NotEmpty(t, countries[country], "%s is of no country that is named here", l.name)
		}
		known++
	}
	assert.Greater(t, known, 188)
}

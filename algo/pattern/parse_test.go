package pattern_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/pattern"
)

const plain = `typology: plain
number: 1
version: 1
title: t
about: a
basis: [b]
for: [f]
against: [{says: s}]
parameters:
  days: {value: 5, why: w}
find:
  - {record: one, exporting: A, importing: B}
  - {record: two, exporting: B, importing: C, after: one, within: days}
rewire: [{role: importing, within: [month]}]
`

// TestMistakesAreNamed: a person reads what is wrong.
func TestMistakesAreNamed(t *testing.T) {
	_, err := pattern.Parse([]byte(plain))
	require.NoError(t, err)
	for name, c := range map[string]struct{ from, to, want string }{
		"no key":            {"title: t", "tittle: t", "field tittle not found"},
		"no version":        {"version: 1", "version: 0", "version is 1 or more"},
		"no basis":          {"basis: [b]", "basis: []", "basis is missing"},
		"no role":           {"importing: B}", "buying: B}", `there is no role "buying"`},
		"small variable":    {"importing: B}", "importing: b}", "a variable with a capital letter"},
		"no neighbour":      {"exporting: B, importing: C", "exporting: D, importing: C", "two shares nothing"},
		"no record":         {"after: one", "after: none", `after wants another record that is to be found, not "none"`},
		"itself":            {"after: one", "after: two", `after wants another record`},
		"no number":         {"within: days", "within: day", `"day" is no parameter`},
		"within of nothing": {"after: one, ", "", "within says nothing"},
		"twice":             {"record: two", "record: one", "one stands for two things"},
		"no reason":         {", why: w", "", `parameter "days" wants`},
		"no condition":      {"rewire:", "where: [\"one.value >\"]\nrewire:", "ends too early"},
		"no attribute":      {"rewire:", "where: [one.colour = 1]\nrewire:", `has no "colour"`},
		"no name":           {"rewire:", "where: [six.value = 1]\nrewire:", `nothing is called "six"`},
		"no function":       {"rewire:", "where: [\"log(one.value) = 1\"]\nrewire:", "no function here"},
		"alone":             {"rewire:", "having: [count(one) > 1]\nrewire:", "want by"},
		"several":           {"rewire:", "by: [B]\nhaving: [one.value > 1]\nrewire:", "may have several"},
		"none of nothing":   {"rewire:", "none: [{record: no, importing: Z}]\nrewire:", "Z is in nothing"},
		"not rewired":       {"rewire: [{role: importing, within: [month]}]", "", "rewire is missing"},
		"rewired nothing":   {"role: importing", "role: seal", `no record stands in role "seal"`},
		"two":               {"rewire: [{role: importing, within: [month]}]\n", "rewire: [{role: importing, within: [month]}]\n---\ntypology: x\n", "one typology"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(plain, c.from, c.to, 1)
			require.NotEqual(t, plain, text)
			_, err := pattern.Parse([]byte(text))
			require.ErrorIs(t, err, pattern.ErrTypology)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// FuzzParse: any text is a typology or an error, and what is one can be matched.
func FuzzParse(f *testing.F) {
	f.Add(plain)
	files, err := filepath.Glob("typology/*.yaml")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(text))
	}
	s := scene(f, "D1 2021-03-01 exporter=A importer=B commodity=851712 value=1\nD2 2021-03-02 exporter=B importer=A commodity=851712 value=1\nlink A has_phone phone/1\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := pattern.Parse([]byte(text))
		if err != nil {
			require.ErrorIs(t, err, pattern.ErrTypology)
			return
		}
		found(t, s, p)
	})
}

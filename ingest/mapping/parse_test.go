package mapping

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parse reads a mapping that a test wrote, with what every mapping needs.
func parse(t testing.TB, text string) *Mapping {
	t.Helper()
	m, err := Parse("test.yaml", []byte("mapping: test\n"+text))
	require.NoError(t, err)
	return m
}

func TestFaultsAreNamedWithTheirLine(t *testing.T) {
	entity := "entities:\n  a: {kind: party, namespace: n, id: A, keep: number}\n"
	for name, c := range map[string]struct{ text, want string }{
		"no yaml":                 {"mapping: [", "line 1: yaml"},
		"tab":                     {"mapping: m\n\tabout: x", "line 2: yaml: line 2"},
		"no mapping":              {"", "line 1: the file holds no mapping"},
		"a list":                  {"- a", "line 1: mapping: want keys with values, found a list"},
		"no name":                 {entity, `line 1: mapping: needs a name of lower case letters, digits and hyphens, found ""`},
		"a bad name":              {"mapping: Two Words\n" + entity, `found "Two Words"`},
		"a reserved name":         {"mapping: case-file\n" + entity, `line 1: mapping: a source of that name is a case file`},
		"no record":               {"mapping: m", "the mapping makes no record"},
		"unknown key":             {"mapping: m\nentitys: {}\n", `line 2: mapping: unknown key "entitys"; did you mean "entities"?`},
		"key unlike any":          {"mapping: m\nzzzzzzzzz: {}\n", `unknown key "zzzzzzzzz" (known: about, consignments,`},
		"doubled key":             {"mapping: m\nabout: x\nabout: y\n", `line 3: mapping: "about" stands twice, first on line 2`},
		"odd key":                 {"mapping: m\n[a]: x\n", "line 2: mapping: a key must be a word"},
		"alias":                   {"mapping: &x m\nabout: *x\n" + entity, "line 2: about: want a text, found an alias"},
		"text for keys":           {"mapping: m\nentities:\n  a: party\n", `line 3: entity a: want keys with values, found "party"`},
		"label":                   {"mapping: m\nentities:\n  A b: {kind: party, id: A, keep: number}\n", `line 3: entities: label "A b"`},
		"no kind":                 {"mapping: m\nentities:\n  a: {id: A}\n", "line 3: entity a: needs kind"},
		"bad kind":                {"mapping: m\nentities:\n  a: {kind: consignment, id: A, keep: number}\n", `kind "consignment": want one of [party`},
		"empty namespace":         {"mapping: m\nentities:\n  a: {kind: party, namespace: ' ', id: A, keep: number}\n", "namespace: want a name"},
		"bad keep":                {"mapping: m\nentities:\n  a: {kind: party, id: A, keep: The Name}\n", "keep: want the name of a property"},
		"bad property":            {"mapping: m\nentities:\n  a: {kind: party, id: A, facts: {The Name: A}}\n", `facts: name "The Name"`},
		"unused":                  {"mapping: m\nentities:\n  a: {kind: party, id: A}\n", "line 3: entity a: nothing uses it"},
		"no source":               {"mapping: m\nentities:\n  a: {kind: party, id: {then: upper}, keep: number}\n", "want one of column, columns, first, text or row"},
		"within something else":   {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, within: sheet}, keep: number}\n", `within: want file, found "sheet"`},
		"within, and a rule":      {"mapping: m\nentities:\n  a: {kind: vessel, id: {column: A, within: file, rule: imo_ship}}\n", "within goes without rule"},
		"within, and a text":      {"mapping: m\nentities:\n  a: {kind: party, id: {text: A, within: file}, keep: number}\n", "line 3: entity a: id: within goes without text"},
		"within, and a row":       {"mapping: m\nentities:\n  a: {kind: party, id: {row: file, within: file}, keep: number}\n", "within goes without row: file"},
		"within of a day":         {"mapping: m\ndate: {column: D, within: file}\n" + entity, "line 2: date: within goes with no day"},
		"two sources":             {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, text: b}, keep: number}\n", "want one of column, columns, first, text or row"},
		"first in first":          {"mapping: m\nentities:\n  a: {kind: party, id: {first: [{first: [A]}, B]}, keep: number}\n", "an item has no first, rule, strict or required of its own"},
		"rule in first":           {"mapping: m\nentities:\n  a: {kind: party, id: {first: [{column: A, rule: hs}, B]}, keep: number}\n", "an item has no first, rule, strict or required of its own"},
		"no alternatives":         {"mapping: m\nrecognise: {header: [A, []]}\n" + entity, "line 2: recognise: header: want the name of a column, or a list of names"},
		"column zero":             {"mapping: m\nentities:\n  a: {kind: party, id: 0, keep: number}\n", "column: position 0: want 1 to"},
		"no column name":          {"mapping: m\nentities:\n  a: {kind: party, id: '', keep: number}\n", "column: want the name of a column"},
		"column list":             {"mapping: m\nentities:\n  a: {kind: party, id: {column: [[A]]}, keep: number}\n", "column: want a text, found a list"},
		"flag":                    {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, required: perhaps}, keep: number}\n", `required: want true or false, found "perhaps"`},
		"rule":                    {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, rule: contaner}, keep: number}\n", `rule: unknown rule "contaner"; did you mean "container"?`},
		"personal":                {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, rule: {name: hkid, secret: false}}, keep: number}\n", "secret: hkid identifies a person and is always kept as a pseudonym"},
		"rule without name":       {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, rule: {secret: true}}, keep: number}\n", "rule: needs name"},
		"secret":                  {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, rule: {name: hkid, secret: perhaps}}, keep: number}\n", "secret: want true or false"},
		"step":                    {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: uper}, keep: number}\n", `unknown step "uper"; did you mean "upper"?`},
		"step with argument":      {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: {splitt: x}}, keep: number}\n", `unknown step "splitt"; did you mean "split"?`},
		"two steps in one":        {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: {split: x, trim: y}}, keep: number}\n", "step: want one key"},
		"long step":               {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: {suffix: '" + strings.Repeat("x", 1001) + "'}}, keep: number}\n", "suffix: want a text of 1 to 1000 bytes"},
		"long replacement":        {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: {replace: {pattern: a, with: '" + strings.Repeat("x", 1001) + "'}}}, keep: number}\n", "replace: with: more than 1000 bytes"},
		"long join":               {"mapping: m\nentities:\n  a: {kind: party, id: {columns: [A, B], join: '" + strings.Repeat("x", 1001) + "'}, keep: number}\n", "join: more than 1000 bytes"},
		"many columns":            {"mapping: m\nentities:\n  a: {kind: party, id: {columns: [A" + strings.Repeat(", A", 100) + "]}, keep: number}\n", "101 columns, more than 100"},
		"empty step":              {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: {split: ''}}, keep: number}\n", "split: want a text"},
		"expression":              {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: {match: '('}}, keep: number}\n", "expression: error parsing regexp"},
		"replace":                 {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, then: {replace: {with: x}}}, keep: number}\n", "replace: needs pattern"},
		"when":                    {"mapping: m\nentities:\n  a: {kind: party, id: A, keep: number, when: {equals: x}}\n", "when: needs column and one of"},
		"where":                   {"mapping: m\nentities:\n  a: {kind: party, id: {column: A, where: {equals: x}}, keep: number}\n", "where: needs column and one of"},
		"where of a text":         {"mapping: m\nentities:\n  a: {kind: party, id: {text: A, where: {column: B, equals: x}}, keep: number}\n", "where goes with column or columns"},
		"no lookup":               {"mapping: m\nentities:\n  a: {kind: party, id: A, keep: number, lookup: x}\n", `line 3: entity a: no lookup "x"`},
		"lookup of none":          {"mapping: m\nlookups:\n  l: {key: A, entity: b}\n" + entity, `line 3: lookup l: no entity "b"`},
		"date format":             {"mapping: m\ndate: {column: D, format: DD/MM}\n" + entity, `format "DD/MM": want year, month and day`},
		"date base":               {"mapping: m\ndate: {column: D, format: day, base: monday}\n" + entity, `base: want a day such as 2020-01-01, found "monday"`},
		"day without base":        {"mapping: m\ndate: {column: D, format: day}\n" + entity, `format "day" needs base`},
		"consignment":             {"mapping: m\nconsignments:\n  c: {system: s}\n", "consignment c: needs number"},
		"system":                  {"mapping: m\nconsignments:\n  c: {system: ' ', number: N, view: manifest}\n", "system: want the name of the system"},
		"view":                    {"mapping: m\nconsignments:\n  c: {system: s, number: N, view: manifesto}\n", `view: graph: view "manifesto"`},
		"tie role":                {"mapping: m\nconsignments:\n  c: {system: s, number: N, view: manifest, ties: {paid: a}}\n", `"paid" is no role in a consignment`},
		"tie of none":             {"mapping: m\nconsignments:\n  c: {system: s, number: N, view: manifest, ties: {importer: b}}\n" + entity, `consignment c: importer: no entity "b"`},
		"label twice":             {"mapping: m\nconsignments:\n  a: {system: s, number: N, view: manifest}\n" + entity, "entity a: a consignment has the same label"},
		"link role":               {"mapping: m\nlinks: [{role: importer, from: a, to: a}]\n" + entity, `"importer" is no role of a link`},
		"link of none":            {"mapping: m\nlinks: [{role: paid, from: a, to: b}]\n" + entity, `link: to: no entity "b"`},
		"outcome of none":         {"mapping: m\noutcomes: [{subject: b, result: hit}]\n" + entity, `outcome: subject: no entity "b"`},
		"result":                  {"mapping: m\noutcomes: [{subject: a, result: bad}]\n" + entity, `for a column write {column: "bad"}`},
		"channel":                 {"mapping: m\noutcomes: [{subject: a, result: hit, channel: luck}]\n" + entity, `channel "luck"`},
		"recognise nothing":       {"mapping: m\nrecognise: {}\n" + entity, "recognise: want header"},
		"recognise both":          {"mapping: m\nrecognise: {header: [A], columns: 3}\n" + entity, "recognise: want header"},
		"columns":                 {"mapping: m\nrecognise: {columns: many}\n" + entity, `want a number from 1 to 16384, found "many"`},
		"tests of header":         {"mapping: m\nrecognise: {header: [A], tests: {1: x}}\n" + entity, "want a column of header, found"},
		"sparse without header":   {"mapping: m\nfile: {sparse: true}\n" + entity, "recognise must name the columns that every file has"},
		"test of no column":       {"mapping: m\nrecognise: {columns: 2, tests: {3: x}}\n" + entity, `want the number of a column, 1 to 2, found "3"`},
		"text where a list is":    {"mapping: m\nnull: {a: b}\n" + entity, "null: want a text, found keys with values"},
		"file":                    {"mapping: m\nfile: {coding: utf-8}\n" + entity, `file: unknown key "coding"; did you mean "encoding"?`},
		"field without any value": {"mapping: m\nconsignments:\n  c: {system: s, number: N, view: manifest, fields: {value: {columns: []}, x: [A]}}\n", "fields: x: want keys with values, found a list"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("test.yaml", []byte(c.text))
			require.ErrorIs(t, err, ErrSyntax)
			assert.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, "mapping: test.yaml: ")
			syntax := new(SyntaxError)
			require.ErrorAs(t, err, &syntax)
			for _, p := range syntax.Problems {
				assert.Positive(t, p.Line)
				assert.LessOrEqual(t, p.Line, strings.Count(c.text, "\n")+1)
			}
		})
	}
}

func TestTooLong(t *testing.T) {
	_, err := Parse("test.yaml", make([]byte, MaxText+1))
	assert.ErrorContains(t, err, "more than 1048576 bytes")
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.yaml")
	text := "mapping: own\nfile: {encoding: big5, delimiter: ';', quote: \"'\"}\nentities:\n  a: {kind: party, namespace: n, id: A, keep: number}\n"
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	m, err := Load(path)
	require.NoError(t, err)
	assert.Equal(t, "own", m.Name)
	assert.Equal(t, text, m.Text())
	assert.Len(t, m.Rules, 64)
	assert.Equal(t, []string{"big5", ";", "'"}, []string{m.Encoding, m.Delimiter, m.Quote})
	assert.True(t, m.HasHeader())
	assert.Zero(t, m.Width())

	_, err = Load(path + ".none")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Load(filepath.Dir(path))
	assert.ErrorContains(t, err, "mapping: load: ")

	require.NoError(t, os.WriteFile(path, []byte("mapping: [\n"), 0o600))
	_, err = Load(path)
	require.ErrorIs(t, err, ErrSyntax)
	assert.ErrorContains(t, err, "own.yaml")
}

package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fellows = `
entities:
  owner: {kind: party, namespace: n, id: {column: Numbers, where: {column: Kinds, equals: OWN}}}
consignments:
  c:
    system: s
    number: {column: Numbers, where: [{column: Kinds, equals: BL}, {column: States, unequal: void}]}
    view: movement
    ties: {importer: owner}
`

// TestWhere: of values side by side those count whose fellows fulfil the
// conditions, and a cell with one value is the fellow of all.
func TestWhere(t *testing.T) {
	for name, c := range map[string]struct {
		numbers, kinds, states string
		id, owner, bad         string
	}{
		"the second":          {"1␟2␟3", "BK␟BL␟OWN", "", "consignment/s/2", "party/n/3", ""},
		"the only one":        {"1", "BL", "", "consignment/s/1", "", ""},
		"one for all":         {"1␟2", "BL", "void␟", "consignment/s/2", "", ""},
		"both conditions":     {"1␟2", "BL␟BL", "void␟new", "consignment/s/2", "", ""},
		"an empty fellow":     {"1␟2␟3", "␟␟BL", "", "consignment/s/3", "", ""},
		"an empty value":      {"␟2", "BL␟OWN", "", "", "party/n/2", "Numbers is empty, so the consignment has no number"},
		"none":                {"1␟2", "BK␟BK", "", "", "", "Numbers is empty, so the consignment has no number"},
		"two where one is":    {"1␟2", "BL␟BL", "", "", "", "holds 2 values where one is wanted"},
		"the same twice":      {"1␟1", "BL␟BL", "", "consignment/s/1", "", ""},
		"kinds without value": {"1", "BK␟BK␟BL", "", "consignment/s/1", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(t, fellows)
			row := []string{c.numbers, c.kinds, c.states}
			for i := range row {
				row[i] = strings.ReplaceAll(row[i], "␟", Between)
			}
			out := apply(t, m, [][]string{{"Numbers", "Kinds", "States"}, row})[0]
			if c.bad != "" {
				require.NotEmpty(t, out.Errors)
				assert.Contains(t, out.Errors[0].Reason, c.bad)
				return
			}
			require.Empty(t, out.Errors)
			assert.EqualValues(t, c.id, out.Statements[0].Consignment)
			if c.owner == "" {
				assert.Empty(t, out.Statements[0].Ties)
				return
			}
			assert.EqualValues(t, c.owner, out.Statements[0].Ties[0].Entity)
		})
	}
}

// TestWhereOfPersons: a column of which a part is an identity number shows none of
// itself.
func TestWhereOfPersons(t *testing.T) {
	m := parse(t, `
entities:
  who: {kind: party, namespace: n, id: {column: Numbers, rule: hkid, where: {column: Kinds, equals: ID}}, keep: number}
`)
	mapper, err := m.Bind([]string{"Numbers", "Kinds"})
	require.NoError(t, err)
	assert.Equal(t, map[int]Guard{0: {}}, mapper.Guards())
}

// TestWhereIsBounded: a cell of more values than a row may have is refused.
func TestWhereIsBounded(t *testing.T) {
	m := parse(t, `
consignments:
  c: {system: s, number: Numbers, view: movement, fields: {x: {column: Others, where: {column: Kinds, equals: A}}}}
`)
	many := strings.Repeat("x"+Between, MaxValues+5) + "x"
	out := apply(t, m, [][]string{{"Numbers", "Kinds", "Others"}, {"1", "A", many}})[0]
	require.Len(t, out.Errors, 1)
	assert.Equal(t, CodeSeveral, out.Errors[0].Code)
}

package mapping

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func TestWays(t *testing.T) {
	for word, want := range map[string]way{
		"director_of": way(graph.DirectorOf), "owned_by": way(graph.OwnedBy), "owner_of": way(graph.OwnedBy) | turned,
		"called_by": way(graph.Called) | turned, "paid_by": way(graph.Paid) | turned, "linked_to": way(graph.LinkedTo),
	} {
		got, err := parseWay(word)
		require.NoError(t, err, word)
		assert.Equal(t, want, got, word)
		assert.Equal(t, got.role(), want.role())
	}
	for word, hint := range map[string]string{"owner": `"owner" is no role of a link`, "importer": `"importer" is no role of a link`, "": `"" is no role`} {
		_, err := parseWay(word)
		assert.ErrorContains(t, err, hint)
	}
	assert.Less(t, way(graph.Paid), turned, "a role leaves room for its direction")
}

// TestRolesAndDaysThatAreNone: a mapping says so before any row is read.
func TestRolesAndDaysThatAreNone(t *testing.T) {
	const text = `mapping: m
entities:
  a: {kind: party, id: A, facts: {day: {column: B, then: {day: %s}}}}
  b: {kind: party, id: B, facts: {name: B}}
links:
  - {role: %s, from: a, to: b}
`
	for name, c := range map[string]struct{ day, role, want string }{
		"no role":         {"YYYY-MM-DD", "owner", `"owner" is no role of a link`},
		"no format":       {"[]", "owner_of", "want a format, or a list of formats"},
		"no year":         {"DD/MM", "owner_of", "want year, month and day"},
		"a count of days": {"day", "owner_of", "is no format of days that are written out"},
		"unknown others":  {"{format: YYYY-MM-DD, others: lose}", "owner_of", `want keep or drop, found "lose"`},
		"others alone":    {"{others: drop}", "owner_of", "day: want format"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("m.yaml", fmt.Appendf(nil, text, c.day, c.role))
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := Parse("m.yaml", fmt.Appendf(nil, text, "{format: [D-Mon-YYYY], others: keep}", "{column: B, then: {values: {x: owner_of}}}"))
	require.NoError(t, err)
}

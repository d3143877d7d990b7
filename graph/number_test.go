package graph_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func TestConsignmentsAreFoundByTheirNumber(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		id    graph.ID
		score float64
	}{
		"the number":          {"97061800", "consignment/kr-decl/97061800", 1},
		"its start":           {"9706", "consignment/kr-decl/97061800", 0.6},
		"too little of it":    {"970", "consignment/kr-decl/97061800", 0},
		"a short one, whole":  {"C1", "consignment/world/C1", 1},
		"in lower case":       {"abcd12", "consignment/world/ABCD12", 1},
		"in upper case":       {"ABCD", "consignment/world/abcd12", 0.6},
		"with blanks around":  {"  97061800 ", "consignment/kr-decl/97061800", 1},
		"escaped":             {"ab/12", "consignment/world/AB%2F12", 1},
		"inside it":           {"0618", "consignment/kr-decl/97061800", 0},
		"the system":          {"kr-decl", "consignment/kr-decl/97061800", 0},
		"no system":           {"97061800", "consignment/97061800", 0},
		"not a consignment":   {"97061800", "party/kr-decl/97061800", 0},
		"nothing":             {" ", "consignment/kr-decl/97061800", 0},
		"punctuation":         {"----", "consignment/kr-decl/-----", 0},
		"longer than any":     {strings.Repeat("9", 300), "consignment/kr-decl/97061800", 0},
		"one character":       {"9", "consignment/kr-decl/9", 0},
		"the start, unwanted": {"97061800", "consignment/kr-decl/9706180", 0},
	} {
		match, ok := graph.MatchConsignment(c.text, c.id)
		require.Equal(t, c.score > 0, ok, name)
		require.InDelta(t, c.score, match.Score, 0, name)
		if ok {
			require.Equal(t, c.id, match.ID, name)
			require.Equal(t, c.id.Label(), match.Name, name)
			require.Len(t, match.Reasons, 1, name)
		}
	}
}

package mapping

import (
	"fmt"
	"slices"

	"rummage/graph"
)

// way is the role of a link, and whether it is read from the second entity to the first.
type way uint8

// turned marks a way whose link goes from the second entity to the first.
const turned way = 1 << 7

// turnedWords are the roles that have a word for the other direction.
var turnedWords = []struct {
	word string
	role graph.Role
}{
	{"owner_of", graph.OwnedBy},
	{"called_by", graph.Called},
	{"paid_by", graph.Paid},
}

// role returns the role without its direction.
func (w way) role() graph.Role { return graph.Role(w &^ turned) }

// parseWay reads the role of a link, or a word for one read the other way round.
func parseWay(text string) (way, error) {
	for _, t := range turnedWords {
		if text == t.word {
			return way(t.role) | turned, nil
		}
	}
	role, err := graph.ParseRole(text)
	if err != nil || !role.IsLink() {
		return 0, fmt.Errorf("%q is no role of a link%s", text, suggestion(text, ways()))
	}
	return way(role), nil
}

// ways lists the words that parseWay reads.
func ways() []string {
	all := roles(graph.Role.IsLink)
	for _, t := range turnedWords {
		all = append(all, t.word)
	}
	slices.Sort(all)
	return all
}

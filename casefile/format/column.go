package format

import (
	"slices"
	"strconv"

	"rummage/casefile/subgraph"
)

// columns are those of nodes or edges in flat formats: fixed ones, numbers that were computed, then the attributes of the graph. An attribute
// that is called as a column before it gets a prefix.
type columns struct {
	fixed  []string
	scores []string // as the graph calls them
	names  []string // likewise, of attributes
	header []string // names of all columns
}

// scorePrefix tells a computed number from a stated one.
const scorePrefix = "score_"

func nodeColumnsOf(g *subgraph.Graph, fixed ...string) *columns {
	return newColumns(fixed, g.ScoreNames(), g.NodeNames())
}

func edgeColumnsOf(g *subgraph.Graph, fixed ...string) *columns {
	return newColumns(fixed, nil, g.EdgeNames())
}

func newColumns(fixed, scores, names []string) *columns {
	c := &columns{fixed: fixed, scores: scores, names: names, header: slices.Clone(fixed)}
	for _, name := range scores {
		c.header = append(c.header, scorePrefix+name)
	}
	for _, name := range names {
		c.header = append(c.header, column(c.header, name))
	}
	return c
}

// avoiding gives attributes other names than those that an element of the format has of its own.
func (c *columns) avoiding(reserved ...string) *columns {
	stated := c.stated()
	taken := append(reserved, c.header[:len(c.header)-len(stated)]...)
	for i, name := range c.names {
		stated[i] = column(taken, name)
		taken = append(taken, stated[i])
	}
	return c
}

// stated are the names of the columns of attributes.
func (c *columns) stated() []string { return c.header[len(c.fixed)+len(c.scores):] }

// kind is the type of a column by its place: only what was computed is a number, and only the fixed column "chosen" is true or false.
func (c *columns) kind(i int) string {
	switch {
	case i < len(c.fixed) && c.fixed[i] == "chosen":
		return "boolean"
	case i >= len(c.fixed) && i < len(c.fixed)+len(c.scores):
		return "double"
	}
	return "string"
}

// line is a row: the fixed values, the scores and the attributes, "" for what is not there.
func (c *columns) line(fixed []string, scores []subgraph.Score, all []subgraph.Attribute) []string {
	line := slices.Grow(slices.Clone(fixed), len(c.scores)+len(c.names))
	for _, name := range c.scores {
		line = append(line, scoreText(scores, name))
	}
	return append(line, values(all, c.names)...)
}

// scoreText is a score as text: the shortest that gives the same number again.
func scoreText(all []subgraph.Score, name string) string {
	for _, s := range all {
		if s.Name == name {
			return strconv.FormatFloat(s.Value, 'g', -1, 64)
		}
	}
	return ""
}

// column is how an attribute is called beside columns that have their names for good.
func column(before []string, name string) string {
	for slices.Contains(before, name) {
		name = "stated_" + name
	}
	return name
}

// values are the values of attributes, in the order of their names, several of one name joined.
func values(all []subgraph.Attribute, names []string) []string {
	line := make([]string, len(names))
	if len(all) == 0 {
		return line
	}
	for i, name := range names {
		line[i] = subgraph.Value(all, name)
	}
	return line
}

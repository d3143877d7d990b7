package format

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"rummage/graph"
)

// writePajek writes a .net file: vertices with their labels, and arcs, whose labels are their kinds: one list of arcs a kind would be a relation
// each, but NetworkX reads one list only. A label is in double quotes, and the format has
// no way to write one, a backslash or a line break within: these become a single quote, a slash and a blank.
// The handling code is a comment.
func writePajek(to io.Writer, d *Document) error {
	g := d.Graph
	w := bufio.NewWriter(to)
	line := func(texts ...string) {
		_, _ = w.WriteString(strings.Join(texts, " ")) // Flush has its error
		_ = w.WriteByte('\n')
	}
	if code := d.Handling.String(); code != "" {
		line("%", "handling:", code)
	}
	number := map[graph.ID]string{}
	line("*Vertices", strconv.Itoa(len(g.Nodes)))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		number[n.ID] = strconv.Itoa(i + 1)
		line(number[n.ID], pajekLabel(n.Label+" ("+string(n.ID)+")"))
	}
	line("*Arcs")
	for i := range g.Edges {
		e := &g.Edges[i]
		line(number[e.From], number[e.To], "1", "l", pajekLabel(e.Kind))
	}
	return w.Flush()
}

func pajekLabel(text string) string {
	return `"` + strings.NewReplacer(`"`, "'", `\`, "/", "\t", " ", "\n", " ", "\r", " ").Replace(visible(text)) + `"`
}

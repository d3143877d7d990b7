package format

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// writePajek writes a .net file: vertices with their labels, and arcs, one relation a kind. A label is in double quotes, and the format has
// no way to write one, a backslash or a line break within: these become a single quote, a slash and a blank.
func writePajek(to io.Writer, g *subgraph.Graph) error {
	w := bufio.NewWriter(to)
	line := func(texts ...string) {
		_, _ = w.WriteString(strings.Join(texts, " ")) // Flush has its error
		_ = w.WriteByte('\n')
	}
	number := map[graph.ID]string{}
	line("*Vertices", strconv.Itoa(len(g.Nodes)))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		number[n.ID] = strconv.Itoa(i + 1)
		line(number[n.ID], pajekLabel(n.Label+" ("+string(n.ID)+")"))
	}
	var kinds []string
	for i := range g.Edges {
		if !slices.Contains(kinds, g.Edges[i].Kind) {
			kinds = append(kinds, g.Edges[i].Kind)
		}
	}
	slices.Sort(kinds)
	for k, kind := range kinds {
		line("*Arcs", ":"+strconv.Itoa(k+1), pajekLabel(kind))
		for i := range g.Edges {
			if e := &g.Edges[i]; e.Kind == kind {
				line(number[e.From], number[e.To], "1")
			}
		}
	}
	return w.Flush()
}

func pajekLabel(text string) string {
	return `"` + strings.NewReplacer(`"`, "'", `\`, "/", "\t", " ", "\n", " ", "\r", " ").Replace(visible(text)) + `"`
}

package format

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/subgraph"
)

// nodeColumns and edgeColumns stand before those of the attributes, whose names have a prefix where they would be the same.
var (
	nodeColumns = []string{"id", "kind", "label", "chosen", "records", "start", "end", "doubts", "rows"}
	edgeColumns = []string{"id", "from", "to", "kind", "start", "end", "key", "doubts", "rows"}
)

// writeNodes writes a line a node (RFC 4180, UTF-8).
func writeNodes(to io.Writer, g *subgraph.Graph) error {
	names := g.NodeNames()
	w := csv.NewWriter(to)
	lines := [][]string{header(nodeColumns, names)}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		line := []string{string(n.ID), n.Kind, n.Label, strconv.FormatBool(n.Chosen), ids(n.Records), n.Start.String(), n.End.String(),
			marks(n.Attributes), rows(n.Sources)}
		lines = append(lines, append(line, values(n.Attributes, names)...))
	}
	return write(w, lines)
}

// writeEdges writes a line an edge.
func writeEdges(to io.Writer, g *subgraph.Graph) error {
	names := g.EdgeNames()
	w := csv.NewWriter(to)
	lines := [][]string{header(edgeColumns, names)}
	for i := range g.Edges {
		e := &g.Edges[i]
		line := []string{edgeID(i), string(e.From), string(e.To), e.Kind, e.Start.String(), e.End.String(), e.Key, marks(e.Attributes), rows(e.Sources)}
		lines = append(lines, append(line, values(e.Attributes, names)...))
	}
	return write(w, lines)
}

// edgeID numbers edges in their order.
func edgeID(i int) string { return "e" + strconv.Itoa(i+1) }

func header(fixed, names []string) []string {
	all := slices.Clone(fixed)
	for _, name := range names {
		all = append(all, column(fixed, name))
	}
	return all
}

// column is how an attribute is called beside fixed columns.
func column(fixed []string, name string) string {
	if slices.Contains(fixed, name) {
		return "stated_" + name
	}
	return name
}

func values(all []subgraph.Attribute, names []string) []string {
	line := make([]string, len(names))
	for i, name := range names {
		line[i] = subgraph.Value(all, name)
	}
	return line
}

func write(w *csv.Writer, lines [][]string) error {
	for _, line := range lines {
		for i, cell := range line {
			line[i] = defused(cell)
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// triggers begin what a spreadsheet takes for a formula, in their full-width forms too.
const triggers = "=+-@\t\r\n＝＋－＠"

// defused puts an apostrophe before what a spreadsheet would compute (OWASP, CSV injection), which quotes do not prevent. Numbers are left.
func defused(cell string) string {
	if cell == "" || !strings.ContainsAny(cell[:min(len(cell), 4)], triggers) {
		return cell
	}
	first := []rune(cell)[0]
	if _, err := strconv.ParseFloat(cell, 64); err == nil || !strings.ContainsRune(triggers, first) {
		return cell
	}
	return "'" + cell
}

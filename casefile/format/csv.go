package format

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/subgraph"
)

// nodeColumns and edgeColumns stand before those of scores and attributes.
var (
	nodeColumns = []string{"id", "kind", "label", "chosen", "records", "start", "end", "doubts", "rows"}
	edgeColumns = []string{"id", "from", "to", "kind", "start", "end", "key", "doubts", "rows"}
)

// writeNodes writes a line a node (RFC 4180, UTF-8).
func writeNodes(to io.Writer, g *subgraph.Graph) error {
	c := nodeColumnsOf(g, nodeColumns...)
	return table(to, c.header, len(g.Nodes), func(i int) []string { return nodeLine(c, &g.Nodes[i]) })
}

// writeEdges writes a line an edge.
func writeEdges(to io.Writer, g *subgraph.Graph) error {
	c := edgeColumnsOf(g, edgeColumns...)
	return table(to, c.header, len(g.Edges), func(i int) []string { return edgeLine(c, i, &g.Edges[i]) })
}

// nodeLine is a node in the columns of nodeColumns and the graph's own.
func nodeLine(c *columns, n *subgraph.Node) []string {
	return c.line([]string{string(n.ID), n.Kind, n.Label, strconv.FormatBool(n.Chosen), ids(n.Records), n.Start.String(), n.End.String(),
		marks(n.Attributes), rows(n.Sources)}, n.Scores, n.Attributes)
}

func edgeLine(c *columns, i int, e *subgraph.Edge) []string {
	return c.line([]string{edgeID(i), string(e.From), string(e.To), e.Kind, e.Start.String(), e.End.String(), e.Key, marks(e.Attributes),
		rows(e.Sources)}, nil, e.Attributes)
}

// edgeID numbers edges in their order.
func edgeID(i int) string { return "e" + strconv.Itoa(i+1) }

// table writes a header and lines, cells that a spreadsheet would compute defused.
func table(to io.Writer, header []string, lines int, line func(i int) []string) error {
	w := csv.NewWriter(to)
	for i := -1; i < lines; i++ {
		var cells []string
		if i < 0 {
			cells = slices.Clone(header)
		} else {
			cells = line(i)
		}
		for j, cell := range cells {
			cells[j] = defused(cell)
		}
		if err := w.Write(cells); err != nil {
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

package format

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// importDelimiter stands between the elements of a list, which are ids and rows: none holds a control character.
const importDelimiter = "\x1f"

// importTypes are the types of fixed columns that are no texts.
var importTypes = map[string]string{"chosen": "boolean", "records": "string[]", "rows": "string[]", "start": "date", "end": "date"}

// importTable writes the tables that neo4j-admin reads: a header with types, then a line a thing. Every text stands in double quotes, and so
// may have several lines; nothing is put before a text, since nobody but the loader reads it.
type importTable struct {
	w       *bufio.Writer
	longest int
}

func (t *importTable) line(cells []string) {
	for i, cell := range cells {
		if i > 0 {
			_ = t.w.WriteByte(',')
		}
		t.longest = max(t.longest, len(cell))
		_, _ = t.w.WriteString(cell) // Flush has its error
	}
	_ = t.w.WriteByte('\n')
}

// header names columns with their types; the first cells are given.
func (t *importTable) header(first []string, c *columns, from int, last string) {
	cells := first
	for i := from; i < len(c.header); i++ {
		kind := c.kind(i)
		if i < len(c.fixed) && importTypes[c.fixed[i]] != "" {
			kind = importTypes[c.fixed[i]]
		}
		cells = append(cells, importQuoted(c.header[i]+":"+kind))
	}
	t.line(append(cells, last))
}

func importQuoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

func importCell(value any) string {
	switch v := value.(type) {
	case string:
		return importQuoted(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case graph.Date:
		return v.String()
	case []string:
		return importQuoted(strings.Join(v, importDelimiter))
	}
	return ""
}

// writeImportNodes writes the nodes of a case file as neo4j-admin reads them, with the properties that the script of Cypher gives them.
func writeImportNodes(to io.Writer, g *subgraph.Graph) error {
	return importNodes(&importTable{w: bufio.NewWriter(to)}, g)
}

func importNodes(t *importTable, g *subgraph.Graph) error {
	c := importNodeColumns(g)
	t.header([]string{"id:ID"}, c, 1, ":LABEL")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		var cells []string
		for _, value := range importNode(c, n) {
			cells = append(cells, importCell(value))
		}
		t.line(append(cells, importQuoted(caseLabel+importDelimiter+nodeLabel(n.Kind))))
	}
	return t.w.Flush()
}

// writeImportEdges writes the relationships likewise.
func writeImportEdges(to io.Writer, g *subgraph.Graph) error {
	return importEdges(&importTable{w: bufio.NewWriter(to)}, g)
}

func importEdges(t *importTable, g *subgraph.Graph) error {
	c := importEdgeColumns(g)
	t.header([]string{":START_ID", ":END_ID"}, c, 0, ":TYPE")
	for i := range g.Edges {
		e := &g.Edges[i]
		cells := []string{importQuoted(string(e.From)), importQuoted(string(e.To))}
		for _, value := range importEdge(c, edgeUUID(e), i, e) {
			cells = append(cells, importCell(value))
		}
		t.line(append(cells, importQuoted(edgeType(e.Kind))))
	}
	return t.w.Flush()
}

// writeImportArguments writes the options of neo4j-admin, one a line, among them room for the longest cell.
func writeImportArguments(to io.Writer, g *subgraph.Graph) error {
	t := &importTable{w: bufio.NewWriter(io.Discard)}
	if err := errors.Join(importNodes(t, g), importEdges(t, g)); err != nil {
		return err
	}
	arguments := []string{"--overwrite-destination", "--id-type=string", "--array-delimiter=U+001F", "--normalize-types=false", "--multiline-fields=true",
		"--nodes=neo4j-nodes.csv", "--relationships=neo4j-relationships.csv", "--read-buffer-size=" + strconv.Itoa(max(8<<20, 2*t.longest))}
	_, err := io.WriteString(to, strings.Join(arguments, "\n")+"\n")
	return err
}

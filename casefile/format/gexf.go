package format

import (
	"encoding/xml"
	"io"
	"strconv"
	"time"

	"rummage/graph"
)

// The elements of GEXF 1.3 (https://gexf.net) that are written.
type (
	// gexfMeta has the handling code among its keywords, the only place for it.
	gexfMeta struct {
		XMLName     xml.Name `xml:"meta"`
		Modified    string   `xml:"lastmodifieddate,attr"`
		Creator     string   `xml:"creator"`
		Keywords    string   `xml:"keywords,omitempty"`
		Description string   `xml:"description"`
	}
	gexfAttribute struct {
		XMLName xml.Name `xml:"attribute"`
		ID      string   `xml:"id,attr"`
		Title   string   `xml:"title,attr"`
		Type    string   `xml:"type,attr"`
	}
	gexfAttributes struct {
		XMLName xml.Name `xml:"attributes"`
		Class   string   `xml:"class,attr"`
		List    []gexfAttribute
	}
	gexfValue struct {
		XMLName xml.Name `xml:"attvalue"`
		For     string   `xml:"for,attr"`
		Value   string   `xml:"value,attr"`
	}
	gexfValues struct {
		XMLName xml.Name `xml:"attvalues"`
		List    []gexfValue
	}
	gexfNode struct {
		XMLName xml.Name `xml:"node"`
		ID      string   `xml:"id,attr"`
		Label   string   `xml:"label,attr"`
		gexfSpan
		Values gexfValues
	}
	gexfEdge struct {
		XMLName xml.Name `xml:"edge"`
		ID      string   `xml:"id,attr"`
		Source  string   `xml:"source,attr"`
		Target  string   `xml:"target,attr"`
		Label   string   `xml:"label,attr"`
		gexfSpan
		Values gexfValues
	}
	gexfSpan struct {
		Start string `xml:"start,attr,omitempty"`
		End   string `xml:"end,attr,omitempty"`
	}
)

func gexfDays(start, end graph.Date) gexfSpan { return gexfSpan{start.String(), end.String()} }

// gexfDeclared declares columns.
func gexfDeclared(class string, c *columns) gexfAttributes {
	all := gexfAttributes{Class: class}
	for i, name := range c.header {
		all.List = append(all.List, gexfAttribute{ID: strconv.Itoa(i), Title: name, Type: c.kind(i)})
	}
	return all
}

// gexfLine puts the values of a line under their columns, empty ones left out.
func gexfLine(line []string) gexfValues {
	var list gexfValues
	for i, value := range line {
		if value != "" {
			list.List = append(list.List, gexfValue{For: strconv.Itoa(i), Value: value})
		}
	}
	return list
}

// writeGEXF writes GEXF 1.3: a dynamic graph whose consignments and edges have their days, so that Gephi's timeline shows when. Signs that
// XML 1.0 cannot hold become U+FFFD; the JSON form has them.
func writeGEXF(to io.Writer, document *Document) error {
	g := document.Graph
	d := &xmlDocument{encoder: xml.NewEncoder(to), to: to}
	nodes := nodeColumnsOf(g, "kind", "chosen", "records", "doubts", "rows").avoiding("id", "label", "start", "end")
	edges := edgeColumnsOf(g, "event", "doubts", "rows").avoiding("id", "key", "label", "source", "target", "start", "end")
	d.begin("gexf", "xmlns", "http://gexf.net/1.3", "version", "1.3")
	d.element(gexfMeta{Modified: document.Made.UTC().Format(time.DateOnly), Creator: document.Tool, Keywords: document.Handling.String(), Description: warning})
	d.begin("graph", "defaultedgetype", "directed", "mode", "dynamic", "timeformat", "date")
	d.element(gexfDeclared("node", nodes))
	d.element(gexfDeclared("edge", edges))
	d.begin("nodes")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		d.element(gexfNode{ID: string(n.ID), Label: n.Label, gexfSpan: gexfDays(n.Start, n.End), Values: gexfLine(nodes.line(
			[]string{n.Kind, strconv.FormatBool(n.Chosen), ids(n.Records), marks(n.Attributes), rows(n.Sources)}, n.Scores, n.Attributes))})
	}
	d.end()
	d.begin("edges")
	for i := range g.Edges {
		e := &g.Edges[i]
		d.element(gexfEdge{ID: edgeID(i), Source: string(e.From), Target: string(e.To), Label: e.Kind, gexfSpan: gexfDays(e.Start, e.End),
			Values: gexfLine(edges.line([]string{e.Key, marks(e.Attributes), rows(e.Sources)}, nil, e.Attributes))})
	}
	d.end()
	return d.close()
}

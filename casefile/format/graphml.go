package format

import (
	"encoding/xml"
	"io"
	"strconv"
)

// The elements of GraphML (http://graphml.graphdrawing.org/specification.html) that are written.
type (
	graphmlKey struct {
		XMLName xml.Name `xml:"key"`
		ID      string   `xml:"id,attr"`
		For     string   `xml:"for,attr"`
		Name    string   `xml:"attr.name,attr"`
		Type    string   `xml:"attr.type,attr"`
	}
	graphmlData struct {
		XMLName xml.Name `xml:"data"`
		Key     string   `xml:"key,attr"`
		Value   string   `xml:",chardata"`
	}
	graphmlNode struct {
		XMLName xml.Name `xml:"node"`
		ID      string   `xml:"id,attr"`
		Data    []graphmlData
	}
	graphmlEdge struct {
		XMLName xml.Name `xml:"edge"`
		ID      string   `xml:"id,attr"`
		Source  string   `xml:"source,attr"`
		Target  string   `xml:"target,attr"`
		Data    []graphmlData
	}
)

// graphmlKeys are the keys of nodes or edges: the fixed columns without what the elements have of their own, then the others.
type graphmlKeys struct {
	*columns
	ids []string
}

func graphmlKeysOf(letter string, c *columns) *graphmlKeys {
	k := &graphmlKeys{columns: c}
	for i := range len(c.fixed) + len(c.scores) + len(c.names) {
		k.ids = append(k.ids, letter+strconv.Itoa(i))
	}
	return k
}

// data puts values under their keys, empty ones left out.
func (k *graphmlKeys) data(line []string) []graphmlData {
	data := make([]graphmlData, 0, len(line))
	for i, value := range line {
		if value != "" {
			data = append(data, graphmlData{Key: k.ids[i], Value: value})
		}
	}
	return data
}

// declare writes the declarations of the keys.
func (k *graphmlKeys) declare(d *xmlDocument, of string) {
	for i, name := range k.header {
		d.element(graphmlKey{ID: k.ids[i], For: of, Name: name, Type: k.kind(i)})
	}
}

// writeGraphML writes GraphML 1.0: a directed graph, parallel edges told apart by their ids. Signs that XML 1.0 cannot hold become U+FFFD;
// the JSON form has them. The graph bears the handling code.
func writeGraphML(to io.Writer, document *Document) error {
	g := document.Graph
	nodes := graphmlKeysOf("n", nodeColumnsOf(g, "kind", "label", "chosen", "records", "start", "end", "doubts", "rows").avoiding("id"))
	edges := graphmlKeysOf("e", edgeColumnsOf(g, "kind", "start", "end", "key", "doubts", "rows").avoiding("id", "source", "target"))
	d := &xmlDocument{encoder: xml.NewEncoder(to), to: to}
	d.begin("graphml", "xmlns", "http://graphml.graphdrawing.org/xmlns")
	nodes.declare(d, "node")
	edges.declare(d, "edge")
	code := document.Handling.String()
	if code != "" {
		d.element(graphmlKey{ID: "g0", For: "graph", Name: "handling", Type: "string"})
	}
	d.begin("graph", "id", "G", "edgedefault", "directed")
	if code != "" {
		d.element(graphmlData{Key: "g0", Value: code})
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		fixed := []string{n.Kind, n.Label, strconv.FormatBool(n.Chosen), ids(n.Records), n.Start.String(), n.End.String(), marks(n.Attributes), rows(n.Sources)}
		d.element(graphmlNode{ID: string(n.ID), Data: nodes.data(nodes.line(fixed, n.Scores, n.Attributes))})
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		fixed := []string{e.Kind, e.Start.String(), e.End.String(), e.Key, marks(e.Attributes), rows(e.Sources)}
		d.element(graphmlEdge{ID: edgeID(i), Source: string(e.From), Target: string(e.To), Data: edges.data(edges.line(fixed, nil, e.Attributes))})
	}
	return d.close()
}

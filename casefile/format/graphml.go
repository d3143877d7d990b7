package format

import (
	"encoding/xml"
	"io"
	"strconv"

	"rummage/casefile/subgraph"
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

// graphmlKeys are the keys of nodes or edges: the fixed columns without what the elements have of their own, then the attributes.
type graphmlKeys struct {
	letter string
	fixed  []string
	names  []string
}

func (k *graphmlKeys) id(i int) string { return k.letter + strconv.Itoa(i) }

// data puts values under their keys, empty ones left out.
func (k *graphmlKeys) data(fixed []string, all []subgraph.Attribute) []graphmlData {
	var data []graphmlData
	for i, value := range append(fixed, values(all, k.names)...) {
		if value != "" {
			data = append(data, graphmlData{Key: k.id(i), Value: value})
		}
	}
	return data
}

// declare writes the declarations of the keys.
func (k *graphmlKeys) declare(d *document, of string) {
	for i, name := range header(k.fixed, k.names) {
		d.element(graphmlKey{ID: k.id(i), For: of, Name: name, Type: typeOf(name)})
	}
}

// writeGraphML writes GraphML 1.0: a directed graph, parallel edges told apart by their ids. Signs that XML 1.0 cannot hold become U+FFFD;
// the JSON form has them.
func writeGraphML(to io.Writer, g *subgraph.Graph) error {
	nodes := &graphmlKeys{"n", []string{"kind", "label", "chosen", "records", "start", "end", "doubts", "rows"}, g.NodeNames()}
	edges := &graphmlKeys{"e", []string{"kind", "start", "end", "key", "doubts", "rows"}, g.EdgeNames()}
	d := &document{encoder: xml.NewEncoder(to), to: to}
	d.begin("graphml", "xmlns", "http://graphml.graphdrawing.org/xmlns")
	nodes.declare(d, "node")
	edges.declare(d, "edge")
	d.begin("graph", "id", "G", "edgedefault", "directed")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		fixed := []string{n.Kind, n.Label, strconv.FormatBool(n.Chosen), ids(n.Records), n.Start.String(), n.End.String(), marks(n.Attributes), rows(n.Sources)}
		d.element(graphmlNode{ID: string(n.ID), Data: nodes.data(fixed, n.Attributes)})
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		fixed := []string{e.Kind, e.Start.String(), e.End.String(), e.Key, marks(e.Attributes), rows(e.Sources)}
		d.element(graphmlEdge{ID: edgeID(i), Source: string(e.From), Target: string(e.To), Data: edges.data(fixed, e.Attributes)})
	}
	return d.close()
}

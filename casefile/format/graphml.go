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

// encode writes the declarations of the keys.
func (k *graphmlKeys) encode(e *xml.Encoder, of string) error {
	for i, name := range header(k.fixed, k.names) {
		kind := "string"
		if name == "chosen" {
			kind = "boolean"
		}
		if err := e.Encode(graphmlKey{ID: k.id(i), For: of, Name: name, Type: kind}); err != nil {
			return err
		}
	}
	return nil
}

// writeGraphML writes GraphML 1.0: a directed graph, parallel edges told apart by their ids. Signs that XML 1.0 cannot hold become U+FFFD;
// the JSON form has them.
func writeGraphML(to io.Writer, g *subgraph.Graph) error {
	if _, err := io.WriteString(to, xml.Header); err != nil {
		return err
	}
	nodes := &graphmlKeys{"n", []string{"kind", "label", "chosen", "records", "start", "end", "doubts", "rows"}, g.Names(false)}
	edges := &graphmlKeys{"e", []string{"kind", "start", "end", "key", "doubts", "rows"}, g.Names(true)}
	e := xml.NewEncoder(to)
	e.Indent("", " ")
	root := xml.StartElement{Name: xml.Name{Local: "graphml"}, Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: "http://graphml.graphdrawing.org/xmlns"}}}
	body := xml.StartElement{Name: xml.Name{Local: "graph"}, Attr: []xml.Attr{
		{Name: xml.Name{Local: "id"}, Value: "G"}, {Name: xml.Name{Local: "edgedefault"}, Value: "directed"},
	}}
	if err := e.EncodeToken(root); err != nil {
		return err
	}
	if err := nodes.encode(e, "node"); err != nil {
		return err
	}
	if err := edges.encode(e, "edge"); err != nil {
		return err
	}
	if err := e.EncodeToken(body); err != nil {
		return err
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		fixed := []string{n.Kind, n.Label, strconv.FormatBool(n.Chosen), ids(n.Records), n.Start.String(), n.End.String(), marks(n.Attributes), rows(n.Sources)}
		if err := e.Encode(graphmlNode{ID: string(n.ID), Data: nodes.data(fixed, n.Attributes)}); err != nil {
			return err
		}
	}
	for i := range g.Edges {
		l := &g.Edges[i]
		fixed := []string{l.Kind, l.Start.String(), l.End.String(), l.Key, marks(l.Attributes), rows(l.Sources)}
		if err := e.Encode(graphmlEdge{ID: edgeID(i), Source: string(l.From), Target: string(l.To), Data: edges.data(fixed, l.Attributes)}); err != nil {
			return err
		}
	}
	for _, end := range []xml.EndElement{body.End(), root.End()} {
		if err := e.EncodeToken(end); err != nil {
			return err
		}
	}
	if err := e.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(to, "\n")
	return err
}

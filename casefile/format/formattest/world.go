package formattest

import (
	"strconv"
	"strings"
	"time"

	"rummage/casefile/format"
	"rummage/casefile/marking"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Sources are the files that worlds stand on.
const (
	Declarations = graph.SourceID("s-0123456789abcdef")
	Register     = graph.SourceID("s-fedcba9876543210")
)

// day is one that worlds begin with: 29 July 2021.
const day = graph.Date(738000)

// Document is a graph with everything said of it that a case file says, its handling code as given.
func Document(g *subgraph.Graph, handling string) *format.Document {
	code, err := marking.Parse(handling)
	if err != nil {
		panic(err)
	}
	made := time.Date(2027, 1, 31, 1, 30, 0, 0, time.UTC)
	source := func(id graph.SourceID, name, grading string) graph.Source {
		return graph.Source{ID: id, SourceSpec: graph.SourceSpec{Name: name, Size: 1234, SHA256: graph.SHA256(strings.Repeat(string(id[2:]), 4)),
			Handling: "TLP:GREEN", Grading: grading, ImportedAt: made.Add(-24 * time.Hour)}}
	}
	return &format.Document{Graph: g, Title: "network <n-0123456789ab> & \"more\"", Handling: code, Purpose: "inspection of containers", Recipient: "port office",
		Author: "kim", Tool: "rummage 1.0", Made: made, Sources: []graph.Source{source(Declarations, "declarations.csv", "B2"), source(Register, "=register.csv", "")}}
}

// World is a network with every hostile name as that of a node, as the value of an attribute, and as what tells events apart. Its nodes are of
// every kind, a customs office whose number looks like a UN/LOCODE and one mailbox in two registers among them; between some there are edges that are the same in all but their day or their event, and one leads from a node to itself.
func World() *subgraph.Graph {
	g := &subgraph.Graph{}
	names := Hostile()
	kinds := append(graph.Kinds(), graph.KindConsignment, graph.Party)
	hub := graph.NewID(graph.Party, "t", "hub")
	g.Nodes = append(g.Nodes, subgraph.Node{ID: hub, Kind: "party", Label: "hub", Chosen: true, Attributes: []subgraph.Attribute{},
		Scores: []subgraph.Score{{Name: "exposure", Value: 12.0625}, {Name: "hits", Value: 3}}, Sources: []graph.Origin{{Source: Register, Row: 2}}})
	place := graph.NewID(graph.Place, "HKHKG")
	g.Nodes = append(g.Nodes, subgraph.Node{ID: place, Kind: "place", Label: "Hong Kong", Attributes: []subgraph.Attribute{
		{Name: "note", Value: "said twice"}, {Name: "note", Value: "said twice", Mark: "ambiguous"}}},
		subgraph.Node{ID: graph.NewID(graph.Place, "ar-customs", "EZEIZ"), Kind: "place", Label: "Ezeiza office", Attributes: []subgraph.Attribute{}})
	for _, register := range []string{"hk", "sg"} {
		g.Nodes = append(g.Nodes, subgraph.Node{ID: graph.NewID(graph.Email, register, "1"), Kind: "email", Label: "desk@trade.example", Attributes: []subgraph.Attribute{}})
	}
	ties := graph.Roles()
	for i, name := range names {
		kind := kinds[i%len(kinds)]
		id := graph.NewID(kind, "t", "n"+strconv.Itoa(1000+i))
		node := subgraph.Node{ID: id, Kind: kind.String(), Label: name, Attributes: []subgraph.Attribute{
			{Name: "kind", Value: name}, {Name: "name", Value: name, Mark: "format"}, {Name: "name", Value: "second"}, {Name: awkward[i%len(awkward)], Value: strconv.Itoa(i)}},
			Sources: []graph.Origin{{Source: Declarations, Row: int64(i + 2)}, {Source: Register, Row: int64(i + 2)}}}
		if kind == graph.KindConsignment {
			node.Start, node.End = day, day+graph.Date(i)
		}
		if kind == graph.Party && i%2 == 0 {
			node.Chosen, node.Records = true, []graph.ID{id, hub}
			node.Scores = []subgraph.Score{{Name: "exposure", Value: float64(i) / 3}, {Name: "hits", Value: float64(i)}}
		}
		g.Nodes = append(g.Nodes, node)
		edge := subgraph.Edge{From: id, To: hub, Kind: ties[i%len(ties)].String(), Start: day + graph.Date(i), End: day + graph.Date(2*i), Key: name,
			Attributes: []subgraph.Attribute{{Name: "value", Value: name, Mark: "format"}}, Sources: []graph.Origin{{Source: Declarations, Row: 7}}}
		g.Edges = append(g.Edges, edge)
		if i%10 == 0 { // another day, another event, a day less known, and back to itself
			for _, change := range []func(e *subgraph.Edge){
				func(e *subgraph.Edge) { e.Start++; e.End++ },
				func(e *subgraph.Edge) { e.Key += " again" },
				func(e *subgraph.Edge) { e.End = graph.NoDate },
				func(e *subgraph.Edge) { e.To = e.From },
				func(e *subgraph.Edge) { e.To = place },
			} {
				other := edge
				change(&other)
				g.Edges = append(g.Edges, other)
			}
		}
	}
	return g
}

// awkward are names of attributes.
var awkward = []string{"value (USD)", "a:b", "=x", "`t`", `\u0041`, "id", "stated_kind", "score_exposure", "chosen", "source", "last day", `"q"`, "a,b", "値", "x.y", "a b", "label", "START", "type{x}", "$p", "rows", "-", "0"}

// Large is a network of consignments with so many edges, six to a consignment, as declarations make them: for benchmarks.
func Large(edges int) *subgraph.Graph {
	g := &subgraph.Graph{}
	for i := range edges / 60 {
		id := graph.NewID(graph.Party, "t", strconv.Itoa(i))
		g.Nodes = append(g.Nodes, subgraph.Node{ID: id, Kind: "party", Label: "Trader " + strconv.Itoa(i) + " 貿易", Attributes: []subgraph.Attribute{
			{Name: "name", Value: "Trader " + strconv.Itoa(i)}, {Name: "country", Value: "HK"}}, Sources: []graph.Origin{{Source: Register, Row: int64(i + 2)}}})
	}
	parties := len(g.Nodes)
	for i := range edges / 6 {
		id := graph.NewID(graph.KindConsignment, "t", strconv.Itoa(i))
		at := []graph.Origin{{Source: Declarations, Row: int64(i + 2)}}
		when := day + graph.Date(i%1000)
		g.Nodes = append(g.Nodes, subgraph.Node{ID: id, Kind: subgraph.Consignment, Label: strconv.Itoa(i), Start: when, End: when, Attributes: []subgraph.Attribute{
			{Name: "value", Value: strconv.Itoa(i * 7 % 100000)}, {Name: "mass", Value: strconv.Itoa(i * 13 % 5000)}, {Name: "view", Value: "declaration"}}, Sources: at})
		for j, role := range []graph.Role{graph.Consignor, graph.Consignee, graph.Exporter, graph.Importer, graph.Declarant, graph.Carrier} {
			g.Edges = append(g.Edges, subgraph.Edge{From: id, To: g.Nodes[(i*31+j*977)%parties].ID, Kind: role.String(), Start: when, End: when,
				Attributes: []subgraph.Attribute{}, Sources: at})
		}
	}
	return g
}

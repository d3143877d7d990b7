// Package casefiletest makes networks for the tests of what is written of them: by seed, of any size, with names of every script and names
// that mean harm.
//
// It must not know what is written.
package casefiletest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"rummage/casefile/format/formattest"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Source is the id of the one source that all rows are of.
const Source = graph.SourceID("s-0123456789abcdef")

// names are of the region.
var names = []string{
	"Golden Harbour Trading (HK) Company Limited", "琥珀貿易有限公司", "株式会社トヨタ商事", "주식회사 한빛무역", "บริษัท สยามการค้า จำกัด", "ООО «Восточный порт»",
	"شركة النور للتجارة", "Công ty TNHH Thương mại Sông Hồng", "Mill Lane 1, 12/F", "Pacific Freight Forwarders Pte Ltd", "深圳市宝安区福永街道", "ACME",
}

// Network is a network of so many traders with twice as many consignments or more among them, an address, a forwarder, and the ports and
// goods that go with these.
func Network(traders, consignments int, seed uint64) *subgraph.Graph {
	random := rand.New(rand.NewPCG(seed, uint64(traders)))
	g := &subgraph.Graph{}
	row := int64(1)
	next := func() []graph.Origin { row++; return []graph.Origin{{Source: Source, Row: row}} }
	node := func(id graph.ID, label string, chosen bool) {
		g.Nodes = append(g.Nodes, subgraph.Node{ID: id, Kind: id.Kind().String(), Label: label, Chosen: chosen,
			Attributes: []subgraph.Attribute{{Name: "name", Value: label}}, Sources: next()})
	}
	edge := func(from, to graph.ID, role graph.Role, day graph.Date) {
		g.Edges = append(g.Edges, subgraph.Edge{From: from, To: to, Kind: role.String(), Start: day, End: day, Attributes: []subgraph.Attribute{}, Sources: next()})
	}
	party := func(i int) graph.ID { return graph.NewID(graph.Party, "t", fmt.Sprintf("%04d", i)) }
	for i := range traders {
		node(party(i), fmt.Sprintf("%s %d", names[i%len(names)], i), true)
	}
	address, forwarder := graph.NewID(graph.Address, "1 Mill Lane"), graph.NewID(graph.Party, "t", "forwarder")
	node(address, "1 Mill Lane, Sheung Wan, Hong Kong", false)
	node(forwarder, "Pacific Freight", false)
	ports := []string{"CNSZX", "HKHKG", "JPYOK", "SGSIN"}
	for _, code := range ports {
		node(graph.NewID(graph.Place, code), code, false)
	}
	for i := range min(traders, 3) {
		edge(party(i), address, graph.RegisteredAt, graph.NoDate)
	}
	boxes := max(1, consignments)
	for i := range boxes {
		node(graph.NewID(graph.Equipment, fmt.Sprintf("CSQU%06d", i)), fmt.Sprintf("CSQU%06d", i), false)
	}
	for i := range consignments {
		id, day := graph.NewID(graph.KindConsignment, "t", fmt.Sprintf("%05d", i)), graph.Date(737791+random.IntN(500))
		n := subgraph.Node{ID: id, Kind: subgraph.Consignment, Label: fmt.Sprintf("D-%05d", i), Start: day, End: day, Sources: next(),
			Attributes: []subgraph.Attribute{{Name: "value", Value: "=1+1", Mark: "format"}}}
		if random.IntN(6) == 0 {
			n.Attributes = append(n.Attributes, subgraph.Attribute{Name: subgraph.Outcome, Value: "hit " + day.String()})
		}
		g.Nodes = append(g.Nodes, n)
		a := random.IntN(traders)
		b := (a + 1 + random.IntN(min(3, max(1, traders-1)))) % traders
		edge(id, party(a), graph.Exporter, day)
		edge(id, party(b), graph.Importer, day)
		edge(id, graph.NewID(graph.Place, ports[random.IntN(len(ports))]), graph.Loading, day)
		edge(id, graph.NewID(graph.Equipment, fmt.Sprintf("CSQU%06d", reused(random, i))), graph.InEquipment, day)
		if random.IntN(4) == 0 {
			edge(id, forwarder, graph.Forwarder, day)
		}
	}
	slices.SortFunc(g.Nodes, func(a, b subgraph.Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return g
}

// Harm are the hostile names of all formats, 200 and more, and further ones that mean harm where a browser or a printer reads them. Scripts in them
// leave a mark (window.harm), and addresses are of this machine, so that a test sees what ran and who was asked.
func Harm() []string {
	all := formattest.Hostile()
	for i, name := range all {
		all[i] = strings.ReplaceAll(name, "alert(1)", "window.harm=1")
	}
	return append(append(all, names...), pages...)
}

// pages do harm in pages and on paper.
var pages = []string{
	`</style><script>window.harm=1</script>`, `<!--<script>`, `<img src=http://127.0.0.1:9/x>`, `&lt;script&gt;`, `&#60;script&#62;`, "`window.harm=1`",
	`' onmouseover='window.harm=1`, `" style="background:url(http://127.0.0.1:9/x)`, `__proto__`, `constructor`, `toString`, "\u202egnp.exe", "bad\xffutf8", "\ufffd",
	"e\u0301\u0302\u0303\u0304\u0305", "👩‍👩‍👧‍👦", "\U000F0000private", "", strings.Repeat("<b>", 3_000), strings.Repeat("W", 10_000), `<iframe src="data:text/html,<script>parent.harm=1</script>">`,
	`<base href=http://127.0.0.1:9/>`, `<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">`, `<link rel=stylesheet href=http://127.0.0.1:9/x>`,
	`<form action=http://127.0.0.1:9/><input>`, `<object data=http://127.0.0.1:9/x>`, `<math><mi xlink:href="javascript:window.harm=1">`, `\end{document}`, `(parens) \( PDF`,
	`endstream endobj`, `%PDF-1.7`, `<</JS(app.alert(1))>>`,
}

// Rename gives the nodes of a graph other labels and values, in turn.
func Rename(g *subgraph.Graph, labels []string) {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		n.Label = labels[i%len(labels)]
		n.Attributes = append(n.Attributes, subgraph.Attribute{Name: labels[(i+1)%len(labels)], Value: labels[(i+2)%len(labels)]})
	}
}

// reused is the container of a consignment: its own, or one in ten times that of one before.
func reused(random *rand.Rand, i int) int {
	if i > 0 && random.IntN(10) == 0 {
		return random.IntN(i)
	}
	return i
}

package hostile

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// edifact is one cargo report, a consignment for each entry.
func edifact(d data) []byte {
	var b strings.Builder
	b.WriteString("UNB+UNOA:2+HKSHIP+HKCUSTOMS+210630:0830+I1'\nUNH+1+CUSCAR:D:95B:UN'\nBGM+785+MAN1+9'\nDTM+137:20210630:102'\n")
	for i, e := range d.entries {
		fmt.Fprintf(&b, "CNI+%d+%s'\nNAD+CZ+++%s'\nNAD+CN+++%s'\n", i+1, e[0], released(e[2]), released(e[3]))
	}
	fmt.Fprintf(&b, "UNT+%d+1'\nUNZ+1+I1'\n", 4+3*len(d.entries))
	return []byte(b.String())
}

// released is text in which nothing divides.
func released(text string) string {
	return strings.NewReplacer("?", "??", "'", "?'", "+", "?+", ":", "?:").Replace(text)
}

// isa is the head of an interchange of X12, whose length is fixed.
const isa = "ISA*00*          *00*          *02*OCEA           *ZZ*USCBP          *240531*0830*U*00401*000000777*0*P*>~\n"

// x12 is one manifest, a bill for each entry.
func x12(d data) []byte {
	var b strings.Builder
	b.WriteString(isa + "GS*SO*OCEA*USCBP*20240531*0830*77*X*004010~\nST*309*0001~\n" +
		"M10*OCEA*S*PA*9074729*EASTERN HOPE*0521W*MAN1*3*E*L~\nP4*2704*20240615*24*Y258~\n")
	for i, e := range d.entries {
		fmt.Fprintf(&b, "LX*%d~\nM11*%s*57035*420*CTN*12700*K~\nN1*SH*%s~\nN1*CN*%s~\n", i+1, e[0], e[2], e[3])
	}
	fmt.Fprintf(&b, "SE*%d*0001~\nGE*1*77~\nIEA*1*000000777~\n", 4+4*len(d.entries))
	return []byte(b.String())
}

func graphml(d data) []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n" +
		"<key id=\"n\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/><key id=\"w\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n" +
		"<graph edgedefault=\"directed\">\n")
	for _, n := range d.nodes {
		fmt.Fprintf(&b, "<node id=\"%s\"><data key=\"n\">%s</data></node>\n", escaped(n[0]), escaped(n[1]))
	}
	for i, e := range d.edges {
		fmt.Fprintf(&b, "<edge source=\"%s\" target=\"%s\"><data key=\"w\">%d.5</data></edge>\n", d.nodes[e[0]][0], d.nodes[e[1]][0], i)
	}
	b.WriteString("</graph>\n</graphml>\n")
	return []byte(b.String())
}

func gexf(d data) []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf version=\"1.3\"><graph defaultedgetype=\"directed\">\n<nodes>\n")
	for _, n := range d.nodes {
		fmt.Fprintf(&b, "<node id=\"%s\" label=\"%s\"/>\n", escaped(n[0]), escaped(n[1]))
	}
	b.WriteString("</nodes>\n<edges>\n")
	for i, e := range d.edges {
		fmt.Fprintf(&b, "<edge id=\"%d\" source=\"%s\" target=\"%s\" weight=\"%d.5\"/>\n", i, d.nodes[e[0]][0], d.nodes[e[1]][0], i)
	}
	b.WriteString("</edges>\n</graph></gexf>\n")
	return []byte(b.String())
}

func pajek(d data) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "*Vertices %d\n", len(d.nodes))
	for i, n := range d.nodes {
		fmt.Fprintf(&b, "%d \"%s\"\n", i+1, n[1])
	}
	b.WriteString("*Arcs\n")
	for i, e := range d.edges {
		fmt.Fprintf(&b, "%d %d %d.5\n", e[0]+1, e[1]+1, i)
	}
	return []byte(b.String())
}

// edgeList has comments above, as SNAP writes them.
func edgeList(d data) []byte {
	var b strings.Builder
	b.WriteString("# Directed graph\n# FromNodeId\tToNodeId\n")
	for _, e := range d.edges {
		fmt.Fprintf(&b, "%d\t%d\n", e[0]+1, e[1]+1)
	}
	return []byte(b.String())
}

// quoted is text as JSON and DOT have it.
func quoted(text string) string {
	b, err := json.Marshal(text)
	must(err)
	return string(b)
}

func nodeLink(d data) []byte {
	var nodes, links []string
	for _, n := range d.nodes {
		nodes = append(nodes, fmt.Sprintf(`{"id":%s,"label":%s}`, quoted(n[0]), quoted(n[1])))
	}
	for i, e := range d.edges {
		links = append(links, fmt.Sprintf(`{"source":%s,"target":%s,"weight":%d.5}`, quoted(d.nodes[e[0]][0]), quoted(d.nodes[e[1]][0]), i))
	}
	return []byte("{\"directed\":true,\"nodes\":[\n" + strings.Join(nodes, ",\n") + "\n],\"links\":[\n" + strings.Join(links, ",\n") + "\n]}\n")
}

func dot(d data) []byte {
	var b strings.Builder
	b.WriteString("digraph trade {\n")
	for _, n := range d.nodes {
		fmt.Fprintf(&b, "  %s [label=%s];\n", n[0], quoted(n[1]))
	}
	for i, e := range d.edges {
		fmt.Fprintf(&b, "  %s -> %s [weight=%s];\n", d.nodes[e[0]][0], d.nodes[e[1]][0], strconv.Itoa(i)+".5")
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

package network

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/encoding"
	"gonum.org/v1/gonum/graph/encoding/dot"
	"gonum.org/v1/gonum/graph/formats/cytoscapejs"
	"gonum.org/v1/gonum/graph/formats/gexf12"
	"gonum.org/v1/gonum/graph/formats/sigmajs"
	"gonum.org/v1/gonum/graph/simple"

	"rummage/fixtures"
	"rummage/ingest/read"
)

// tie is an edge of a network that everybody knows.
type tie struct{ source, target, weight string }

// known is such a network.
type known struct {
	nodes []string
	ties  []tie
	sided bool // it is directed
}

// load reads a network of the fixtures.
func load(t testing.TB, nodes, edges string, sided bool) known {
	t.Helper()
	table := func(name string) [][]string {
		file, err := fixtures.Open(name)
		require.NoError(t, err)
		defer file.Close()
		all, err := csv.NewReader(file).ReadAll()
		require.NoError(t, err)
		return all[1:]
	}
	k := known{sided: sided}
	seen := map[string]bool{}
	note := func(id string) {
		if !seen[id] {
			seen[id] = true
			k.nodes = append(k.nodes, id)
		}
	}
	if nodes != "" {
		for _, row := range table(nodes) {
			note(row[0])
		}
	}
	for _, row := range table(edges) {
		one := tie{source: row[0], target: row[1]}
		if len(row) > 2 {
			one.weight = row[2]
		}
		k.ties = append(k.ties, one)
		note(row[0])
		note(row[1])
	}
	return k
}

func networks(t testing.TB) map[string]known {
	return map[string]known{
		"karate":   load(t, "graphs/karate.nodes.csv.gz", "graphs/karate.edges.csv.gz", false),
		"dolphins": load(t, "graphs/dolphins.nodes.csv.gz", "graphs/dolphins.edges.csv.gz", false),
		"caviar":   load(t, "", "graphs/caviar/all_phases.edges.csv.gz", true),
	}
}

// escapeXML writes text for XML.
func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}

func (k known) graphML() []byte {
	var b bytes.Buffer
	kind := map[bool]string{false: "undirected", true: "directed"}[k.sided]
	fmt.Fprintf(&b, "<?xml version='1.0' encoding='utf-8'?>\n<graphml><key id=\"w\" for=\"edge\" attr.name=\"weight\"/><graph edgedefault=\"%s\">\n", kind)
	for _, id := range k.nodes {
		fmt.Fprintf(&b, "  <node id=\"%s\" />\n", escapeXML(id))
	}
	for _, e := range k.ties {
		fmt.Fprintf(&b, "  <edge source=\"%s\" target=\"%s\">", escapeXML(e.source), escapeXML(e.target))
		if e.weight != "" {
			fmt.Fprintf(&b, "<data key=\"w\">%s</data>", e.weight)
		}
		b.WriteString("</edge>\n")
	}
	b.WriteString("</graph></graphml>\n")
	return b.Bytes()
}

func (k known) pajek() []byte {
	var b bytes.Buffer
	number := map[string]int{}
	fmt.Fprintf(&b, "*Vertices %d\r\n", len(k.nodes))
	for i, id := range k.nodes {
		number[id] = i + 1
		fmt.Fprintf(&b, "%d \"%s\"\r\n", i+1, id)
	}
	b.WriteString(map[bool]string{false: "*Edges\r\n", true: "*Arcs\r\n"}[k.sided])
	for _, e := range k.ties {
		fmt.Fprintf(&b, "%d %d %s\r\n", number[e.source], number[e.target], e.weight)
	}
	return b.Bytes()
}

func (k known) edgeList() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s graph\n", map[bool]string{false: "Undirected", true: "Directed"}[k.sided])
	for _, e := range k.ties {
		fmt.Fprintf(&b, "%s\t%s", e.source, e.target)
		if e.weight != "" {
			b.WriteString("\t" + e.weight)
		}
		b.WriteString("\n")
	}
	return b.Bytes()
}

func (k known) nodeLink(t testing.TB) []byte {
	nodes, links := []map[string]any{}, []map[string]any{}
	for _, id := range k.nodes {
		nodes = append(nodes, map[string]any{"id": id})
	}
	for _, e := range k.ties {
		link := map[string]any{"source": e.source, "target": e.target}
		if e.weight != "" {
			link["weight"] = json.Number(e.weight)
		}
		links = append(links, link)
	}
	file, err := json.MarshalIndent(map[string]any{"directed": k.sided, "multigraph": false, "graph": map[string]any{}, "nodes": nodes, "links": links}, "", " ")
	require.NoError(t, err)
	return file
}

func (k known) gexf(t testing.TB) []byte {
	c := gexf12.Content{Version: "1.2", Graph: gexf12.Graph{DefaultEdgeType: map[bool]string{false: "undirected", true: "directed"}[k.sided]}}
	for _, id := range k.nodes {
		c.Graph.Nodes.Nodes = append(c.Graph.Nodes.Nodes, gexf12.Node{ID: id})
	}
	for i, e := range k.ties {
		weight, _ := strconv.ParseFloat(e.weight, 64)
		c.Graph.Edges.Edges = append(c.Graph.Edges.Edges, gexf12.Edge{ID: strconv.Itoa(i), Source: e.source, Target: e.target, Weight: weight})
	}
	file, err := xml.MarshalIndent(c, "", "  ")
	require.NoError(t, err)
	return file
}

func (k known) cytoscape(t testing.TB) []byte {
	var g cytoscapejs.GraphNodeEdge
	for _, id := range k.nodes {
		g.Elements.Nodes = append(g.Elements.Nodes, cytoscapejs.Node{Data: cytoscapejs.NodeData{ID: id}})
	}
	for i, e := range k.ties {
		one := cytoscapejs.Edge{Data: cytoscapejs.EdgeData{ID: "e" + strconv.Itoa(i), Source: e.source, Target: e.target, Attributes: map[string]any{}}}
		if e.weight != "" {
			one.Data.Attributes["weight"] = json.Number(e.weight)
		}
		g.Elements.Edges = append(g.Elements.Edges, one)
	}
	file, err := json.Marshal(g)
	require.NoError(t, err)
	return file
}

func (k known) sigma(t testing.TB) []byte {
	var g sigmajs.Graph
	for _, id := range k.nodes {
		g.Nodes = append(g.Nodes, sigmajs.Node{ID: id})
	}
	for i, e := range k.ties {
		one := sigmajs.Edge{ID: strconv.Itoa(i), Source: e.source, Target: e.target, Attributes: map[string]any{}}
		if e.weight != "" {
			one.Attributes["weight"] = json.Number(e.weight)
		}
		g.Edges = append(g.Edges, one)
	}
	file, err := json.Marshal(g)
	require.NoError(t, err)
	return file
}

// named is a node of gonum's that is written under its own name.
type named struct {
	number int64
	name   string
}

func (n named) ID() int64     { return n.number }
func (n named) DOTID() string { return n.name }

// weighed is an edge of gonum's with a weight to write.
type weighed struct {
	simple.Edge
	weight string
}

func (w weighed) Attributes() []encoding.Attribute {
	if w.weight == "" {
		return nil
	}
	return []encoding.Attribute{{Key: "weight", Value: w.weight}}
}

func (k known) dot(t testing.TB) []byte {
	g := simple.NewDirectedGraph()
	nodes := map[string]named{}
	for i, id := range k.nodes {
		nodes[id] = named{int64(i), id}
		g.AddNode(nodes[id])
	}
	for _, e := range k.ties {
		g.SetEdge(weighed{simple.Edge{F: nodes[e.source], T: nodes[e.target]}, e.weight})
	}
	file, err := dot.Marshal(g, "known", "", "  ")
	require.NoError(t, err)
	return file
}

// TestKnownNetworks: the same nodes and edges come back from every notation,
// whoever wrote it.
func TestKnownNetworks(t *testing.T) {
	for name, k := range networks(t) {
		for notation, file := range map[string][]byte{
			GraphML: k.graphML(), Pajek: k.pajek(), EdgeList: k.edgeList(), JSON: k.nodeLink(t), GEXF: k.gexf(t),
			"cytoscape": k.cytoscape(t), "sigma": k.sigma(t), DOT: k.dot(t),
		} {
			t.Run(name+" "+notation, func(t *testing.T) {
				d, found := all(t, file, Nodes, read.Hints{})
				ids := map[string]string{}
				for _, row := range cells(d, found) {
					who := row[id]
					if notation == Pajek {
						who = row[label]
					}
					ids[row[id]] = who
				}
				require.Len(t, ids, len(k.nodes))
				have := map[string]bool{}
				for _, who := range ids {
					have[who] = true
				}
				for _, who := range k.nodes {
					require.True(t, have[who], who)
				}
				d, found = all(t, file, Edges, read.Hints{})
				var got, want []tie
				for _, row := range cells(d, found) {
					got = append(got, tie{ids[row[source]], ids[row[target]], row[weight]})
					switch notation {
					case "cytoscape", "sigma":
						require.Empty(t, row[directed], "they do not say")
					case DOT:
						require.Equal(t, "true", row[directed])
					default:
						require.Equal(t, fmt.Sprint(k.sided), row[directed])
					}
				}
				want = k.ties
				if notation == DOT {
					require.ElementsMatch(t, want, got)
					return
				}
				require.Equal(t, want, got)
			})
		}
	}
}

// TestTextOfXML: names and values come through XML as the standard library
// writes and reads them.
func TestTextOfXML(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	letters := []rune("ab <>&\"'é香𠮷]\t;#x")
	text := func() string {
		out := make([]rune, 1+random.IntN(12))
		for i := range out {
			out[i] = letters[random.IntN(len(letters))]
		}
		return strings.TrimSpace(string(out)) + "."
	}
	type datum struct {
		Key  string `xml:"key,attr"`
		Text string `xml:",chardata"`
	}
	type vertex struct {
		ID   string  `xml:"id,attr"`
		Data []datum `xml:"data"`
	}
	for range 300 {
		var document struct {
			XMLName xml.Name `xml:"graphml"`
			Graph   struct {
				Nodes []vertex `xml:"node"`
			} `xml:"graph"`
		}
		for i := range 1 + random.IntN(5) {
			document.Graph.Nodes = append(document.Graph.Nodes, vertex{text() + strconv.Itoa(i), []datum{{"k", text()}, {"l", text()}}})
		}
		file, err := xml.MarshalIndent(document, "", strings.Repeat(" ", random.IntN(3)))
		require.NoError(t, err)
		d, events := all(t, file, Nodes, read.Hints{})
		require.Equal(t, []string{id, label, "k", "l"}, strings.Split(d.Names, read.Between))
		require.Len(t, events, len(document.Graph.Nodes))
		for i, n := range document.Graph.Nodes {
			require.Equal(t, []string{n.ID, "", n.Data[0].Text, n.Data[1].Text}, events[i].Row.Names(), "%s", file)
		}
	}
}

// TestTextOfJSON: as for XML.
func TestTextOfJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	letters := []rune("ab \\/\"'é香𠮷\u2028\t\n\b{}[],:")
	text := func() string {
		out := make([]rune, random.IntN(12))
		for i := range out {
			out[i] = letters[random.IntN(len(letters))]
		}
		return string(out)
	}
	for range 300 {
		nodes := []map[string]any{}
		for i := range 1 + random.IntN(5) {
			nodes = append(nodes, map[string]any{"id": strconv.Itoa(i) + text(), "label": "x" + text(), "n": random.NormFloat64(), "a": map[string]any{"b": text(), "c": nil}})
		}
		file, err := json.MarshalIndent(map[string]any{"directed": false, "nodes": nodes, "links": []any{}}, "", strings.Repeat(" ", random.IntN(3)))
		require.NoError(t, err)
		_, events := all(t, file, Nodes, read.Hints{})
		require.Len(t, events, len(nodes))
		for i, n := range nodes {
			number, err := json.Marshal(n["n"])
			require.NoError(t, err)
			inner := n["a"].(map[string]any)
			require.Equal(t, []string{n["id"].(string), n["label"].(string), inner["b"].(string), "", string(number)}, events[i].Row.Names(), "%s", file)
		}
	}
}

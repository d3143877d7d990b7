package network

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"rummage/ingest/read"
)

// benchFiles are graphs of so many nodes, with three edges each.
func benchFiles(nodes int) map[string][]byte {
	var graphML, gexf, pajek, list, js bytes.Buffer
	graphML.WriteString(`<graphml><key id="d0" for="node" attr.name="label"/><key id="d1" for="node" attr.name="country"/><key id="d2" for="edge" attr.name="weight"/><graph edgedefault="directed">`)
	gexf.WriteString(`<gexf><graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="country"/></attributes><nodes>`)
	fmt.Fprintf(&pajek, "*Vertices %d\n", nodes)
	list.WriteString("# Directed graph\n")
	js.WriteString(`{"directed": true, "multigraph": false, "graph": {}, "nodes": [`)
	for i := range nodes {
		name := fmt.Sprintf("Party %d Trading &amp; Co.", i)
		fmt.Fprintf(&graphML, "    <node id=\"n%d\">\n      <data key=\"d0\">%s</data>\n      <data key=\"d1\">HK</data>\n    </node>\n", i, name)
		fmt.Fprintf(&gexf, "<node id=\"n%d\" label=\"%s\"><attvalues><attvalue for=\"0\" value=\"HK\"/></attvalues></node>\n", i, name)
		fmt.Fprintf(&pajek, "%d \"Party %d Trading\" 0.5000 0.5000\n", i+1, i)
		if i > 0 {
			js.WriteString(", ")
		}
		fmt.Fprintf(&js, `{"label": "Party %d Trading \u0026 Co.", "country": "HK", "id": "n%d"}`, i, i)
	}
	gexf.WriteString("</nodes><edges>")
	pajek.WriteString("*Arcs\n")
	js.WriteString(`], "links": [`)
	for i := range 3 * nodes {
		a, b := i%nodes, i*7919%nodes
		fmt.Fprintf(&graphML, "    <edge source=\"n%d\" target=\"n%d\">\n      <data key=\"d2\">%d.5</data>\n    </edge>\n", a, b, i%10)
		fmt.Fprintf(&gexf, "<edge id=\"%d\" source=\"n%d\" target=\"n%d\" weight=\"%d.5\"/>\n", i, a, b, i%10)
		fmt.Fprintf(&pajek, "%d %d %d.5\n", a+1, b+1, i%10)
		fmt.Fprintf(&list, "%d\t%d\n", a, b)
		if i > 0 {
			js.WriteString(", ")
		}
		fmt.Fprintf(&js, `{"weight": %d.5, "source": "n%d", "target": "n%d"}`, i%10, a, b)
	}
	graphML.WriteString("</graph></graphml>")
	gexf.WriteString("</edges></graph></gexf>")
	js.WriteString("]}")
	return map[string][]byte{GraphML: graphML.Bytes(), GEXF: gexf.Bytes(), Pajek: pajek.Bytes(), EdgeList: list.Bytes(), JSON: js.Bytes()}
}

// BenchmarkRead reads one part of a file, its columns known.
func BenchmarkRead(b *testing.B) {
	const nodes = 20_000
	files := benchFiles(nodes)
	for _, name := range []string{GraphML, GEXF, Pajek, EdgeList, JSON} {
		file := files[name]
		for part, want := range map[string]int{Nodes: nodes, Edges: 3 * nodes} {
			b.Run(name+"/"+part, func(b *testing.B) { benchRead(b, file, part, want) })
		}
	}
}

func benchRead(b *testing.B, file []byte, part string, want int) {
	d, err := Detect(context.Background(), bytes.NewReader(file), read.Part{Sheet: part}, read.Hints{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		r, err := Open(context.Background(), bytes.NewReader(file), d)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			if _, err := r.Next(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != want {
			b.Fatal(n)
		}
		rows += n
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkDetect looks at a whole file for its columns.
func BenchmarkDetect(b *testing.B) {
	file := benchFiles(20_000)[GraphML]
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Detect(context.Background(), bytes.NewReader(file), read.Part{Sheet: Edges}, read.Hints{}); err != nil {
			b.Fatal(err)
		}
	}
}

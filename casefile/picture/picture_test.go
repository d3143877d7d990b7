package picture_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/casefiletest"
	"rummage/casefile/picture"
	"rummage/casefile/subgraph"
	"rummage/casefile/typeface"
	"rummage/graph"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func arrange(t require.TestingT, d *picture.Drawing) *picture.Picture {
	p, err := picture.Arrange(context.Background(), d)
	require.NoError(t, err)
	return p
}

func svg(t require.TestingT, p *picture.Picture) []byte {
	var b bytes.Buffer
	require.NoError(t, p.Sheet().WriteSVG(&b))
	return b.Bytes()
}

func options(g *subgraph.Graph) picture.Options {
	return picture.Options{Title: "network n-0123456789ab", Handling: "TLP:AMBER", Roles: map[graph.ID]string{g.Nodes[len(g.Nodes)-2].ID: "hub"}}
}

// TestPicturesAreGolden draws three networks, and pins how well they can be read.
func TestPicturesAreGolden(t *testing.T) {
	measures := map[string]picture.Measures{}
	for name, size := range map[string][2]int{"five": {5, 12}, "twenty": {20, 60}, "fifty": {50, 150}} {
		g := casefiletest.Network(size[0], size[1], 7)
		p := arrange(t, picture.Of(g, options(g)))
		measures[name] = p.Measure()
		golden(t, name+".svg", svg(t, p))
		assert.Zero(t, p.Measure().Overlaps, name)
		assert.Zero(t, p.Unlabelled, name)
	}
	text, err := json.MarshalIndent(measures, "", " ")
	require.NoError(t, err)
	golden(t, "measures.json", append(text, '\n'))
	guide, err := os.ReadFile("../../docs/casefile.md")
	require.NoError(t, err)
	for _, m := range measures {
		assert.Contains(t, string(guide), fmt.Sprintf("| %d | %d | %d | %d | %d | %v |\n", m.Nodes, m.Links, m.Overlaps, m.Crossings, m.Crossable, m.Stress), "the guide shows what was measured")
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), name)
}

// TestEveryLabelCanBeRead draws networks of many shapes: no two labels cover each other, none lies outside, none is left out.
func TestEveryLabelCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		traders := rapid.IntRange(1, 20).Draw(t, "traders")
		g := casefiletest.Network(traders, rapid.IntRange(0, 40).Draw(t, "consignments"), rapid.Uint64().Draw(t, "seed"))
		d := picture.Of(g, options(g))
		if rapid.Bool().Draw(t, "whole") && len(g.Nodes) < 40 {
			d = picture.Whole(g, options(g))
		}
		p := arrange(t, d)
		require.Zero(t, p.Measure().Overlaps)
		require.Zero(t, p.Unlabelled)
		require.Len(t, p.Places, len(d.Nodes))
		for _, at := range p.Places {
			require.True(t, at.X > 0 && at.Y > 0 && at.X < p.Width && at.Y < p.Height, "%v", at)
		}
		for _, l := range p.Labels {
			require.True(t, l.X > 0 && l.Y > 0 && l.X+l.W < p.Width && l.Y+l.H < p.Height, "%v", l)
		}
		require.Equal(t, svg(t, p), svg(t, arrange(t, d)), "the same drawing, the same bytes")
	})
}

// TestCrossingsAreFew holds crossings against those of the same network with its signs dealt out anew, which is what chance makes of them.
func TestCrossingsAreFew(t *testing.T) {
	g := casefiletest.Network(20, 60, 7)
	p := arrange(t, picture.Of(g, options(g)))
	require.Positive(t, p.Measure().Crossable)
	assert.Less(t, float64(p.Measure().Crossings), 0.02*float64(p.Measure().Crossable))

	tree := &subgraph.Graph{}
	id := func(i int) graph.ID { return graph.NewID(graph.Party, "t", fmt.Sprintf("%03d", i)) }
	for i := range 30 {
		tree.Nodes = append(tree.Nodes, subgraph.Node{ID: id(i), Kind: "party", Label: fmt.Sprint("trader ", i), Chosen: true})
		if i > 0 {
			tree.Edges = append(tree.Edges, subgraph.Edge{From: id(i), To: id((i - 1) / 3), Kind: "owned_by"})
		}
	}
	assert.Zero(t, arrange(t, picture.Of(tree, picture.Options{})).Measure().Crossings, "a tree can be drawn without")
}

// TestFolded counts what became of consignments.
func TestFolded(t *testing.T) {
	g := casefiletest.Network(5, 40, 3)
	d := picture.Of(g, options(g))
	assert.Equal(t, 40, d.Folded)
	traded := 0
	for _, l := range d.Links {
		for _, k := range l.Kinds {
			if k == picture.Trade {
				traded += l.N
			}
		}
	}
	assert.Equal(t, 40, traded, "each consignment is part of one line from seller to buyer")
	for _, n := range d.Nodes {
		assert.NotEqual(t, subgraph.Consignment, n.Kind)
		assert.NotEqual(t, "place", n.Kind)
	}
	require.Contains(t, d.LeftOut, picture.Count{Kind: "place", N: 4})

	// One that sells, asked for alone: its consignments lead from it to whoever buys.
	seller := slices.IndexFunc(g.Nodes, func(n subgraph.Node) bool { return n.ID == firstSeller(g) })
	for i := range g.Nodes {
		g.Nodes[i].Chosen = i == seller
	}
	alone := picture.Of(g, options(g))
	sold := 0
	for _, l := range alone.Links {
		if slices.Contains(l.Kinds, picture.Trade) && alone.Nodes[l.From].Chosen {
			sold++
		}
	}
	assert.Positive(t, sold)
	for i := range g.Nodes {
		g.Nodes[i].Chosen = strings.HasPrefix(string(g.Nodes[i].ID), "party/t/0")
	}

	whole := picture.Whole(g, options(g))
	assert.Len(t, whole.Nodes, len(g.Nodes))
	assert.Equal(t, hits(d), hits(whole), "what was found is told of traders in both")
	found := 0
	for _, n := range whole.Nodes {
		if n.Kind == subgraph.Consignment {
			found += n.Hits
		}
	}
	trades := func(d *picture.Drawing) (n int) {
		for _, l := range d.Links {
			if slices.Contains(l.Kinds, picture.Trade) || slices.Contains(l.Kinds, graph.Exporter.String()) {
				n += l.Hits
			}
		}
		return n
	}
	require.Positive(t, found)
	assert.Equal(t, found, trades(whole), "each is told of the tie to its exporter")
	assert.Equal(t, found, trades(d), "and of the line that it is part of")
	some := picture.Whole(g, picture.Options{Most: 12})
	assert.Len(t, some.Nodes, 12)
	left := 0
	for _, c := range some.LeftOut {
		left += c.N
	}
	assert.Equal(t, len(g.Nodes)-12, left, "what is not drawn is counted")
	chosen := 0
	for _, n := range some.Nodes {
		if n.Chosen {
			chosen++
		}
	}
	assert.Equal(t, 5, chosen, "those asked for are drawn first")
}

// hits are those of the parties of a drawing.
func hits(d *picture.Drawing) map[graph.ID]int {
	all := map[graph.ID]int{}
	for _, n := range d.Nodes {
		if n.Chosen {
			all[n.ID] = n.Hits
		}
	}
	return all
}

func firstSeller(g *subgraph.Graph) graph.ID {
	return g.Edges[slices.IndexFunc(g.Edges, func(e subgraph.Edge) bool { return e.Kind == graph.Exporter.String() })].To
}

// TestNobody draws nothing, and one alone.
func TestNobody(t *testing.T) {
	assert.NotEmpty(t, svg(t, arrange(t, &picture.Drawing{})))
	p := arrange(t, &picture.Drawing{Nodes: []picture.Node{{ID: "party/x", Kind: "unheard of", Label: "x"}}})
	assert.Len(t, p.Labels, 1)
}

// TestHostileNamesAreInert reads the picture of 200 hostile names again: well-formed, of known elements alone, and each label stands as text.
func TestHostileNamesAreInert(t *testing.T) {
	names := casefiletest.Harm()
	require.GreaterOrEqual(t, len(names), 200)
	g := casefiletest.Network(40, 180, 1)
	casefiletest.Rename(g, names)
	for i := range g.Nodes {
		g.Nodes[i].Chosen = i < len(names)
	}
	p := arrange(t, picture.Whole(g, picture.Options{Title: names[0], Handling: "TLP:RED"}))
	d := xml.NewDecoder(bytes.NewReader(svg(t, p)))
	known := []string{"svg", "title", "desc", "polygon", "polyline", "circle", "text"}
	harmless := strings.Fields("xmlns width height viewBox role font-family x y cx cy r points fill stroke stroke-width stroke-dasharray font-size textLength lengthAdjust paint-order unicode-bidi")
	var texts strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			assert.Contains(t, known, e.Name.Local)
			for _, a := range e.Attr {
				assert.Contains(t, harmless, a.Name.Local)
			}
		case xml.CharData:
			texts.Write(e)
		}
	}
	for _, l := range p.Labels {
		for _, line := range l.Lines {
			assert.Contains(t, texts.String(), line)
			assert.NotContains(t, line, "\u202e")
		}
	}
	assert.Contains(t, typeface.Shown("\u202egnp.exe"), "[U+202E]")
}

// TestPNG reads the dots again: as large as the picture, with ink in it.
func TestPNG(t *testing.T) {
	g := casefiletest.Network(5, 12, 7)
	p := arrange(t, picture.Of(g, options(g)))
	var b bytes.Buffer
	require.NoError(t, p.Sheet().WritePNG(&b))
	i, err := png.Decode(&b)
	require.NoError(t, err)
	assert.InDelta(t, 2*p.Width, float64(i.Bounds().Dx()), 1)
	dark := func(left, up, right, down float64) int {
		n := 0
		for x := int(2 * left); x < int(2*right); x++ {
			for y := int(2 * up); y < int(2*down); y++ {
				if r, _, _, _ := i.At(x, y).RGBA(); r < 0x8000 {
					n++
				}
			}
		}
		return n
	}
	for _, l := range p.Labels {
		assert.Positive(t, dark(l.X, l.Y, l.X+l.W, l.Y+l.H), "letters of %v", l.Lines)
	}
	assert.Zero(t, dark(0, 0, p.Width, 4), "the edge is white")
}

// patient is a context that is cancelled when it was asked so many times.
type patient struct {
	context.Context
	left int
}

func (p *patient) Err() error {
	if p.left--; p.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancelled stops, within a network that is of one piece too.
func TestCancelled(t *testing.T) {
	drawing := picture.Whole(casefiletest.Network(5, 12, 7), picture.Options{})
	full := &patient{t.Context(), 1 << 30}
	_, err := picture.Arrange(full, drawing)
	require.NoError(t, err)
	asked := 1<<30 - full.left
	require.Greater(t, asked, 60, "at every pass of the descent, and after it")
	for _, after := range []int{0, 1, 30, asked - 1} {
		_, err := picture.Arrange(&patient{t.Context(), after}, drawing)
		require.ErrorIs(t, err, context.Canceled, "after %d", after)
	}
}

func BenchmarkArrange(b *testing.B) {
	for name, size := range map[string][2]int{"20": {20, 60}, "2000": {300, 1250}} {
		b.Run(name, func(b *testing.B) {
			g := casefiletest.Network(size[0], size[1], 7)
			var m picture.Measures
			for b.Loop() {
				m = arrange(b, picture.Whole(g, options(g))).Measure()
			}
			b.ReportMetric(float64(m.Nodes), "nodes")
			b.ReportMetric(float64(m.Crossings), "crossings")
			b.ReportMetric(m.Stress, "stress")
			b.ReportMetric(float64(m.Overlaps), "overlaps")
		})
	}
}

package format_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/format"
	"rummage/casefile/format/formattest"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// world has every hostile name in every place a name can be.
func world() *subgraph.Graph {
	g := &subgraph.Graph{}
	hub := graph.NewID(graph.Party, "t", "hub")
	g.Nodes = append(g.Nodes, subgraph.Node{ID: hub, Kind: "party", Label: "hub", Chosen: true, Attributes: []subgraph.Attribute{}})
	for i, name := range formattest.Hostile() {
		id := graph.NewID(graph.Party, "t", "n"+strconv.Itoa(1000+i))
		g.Nodes = append(g.Nodes, subgraph.Node{
			ID: id, Kind: "party", Label: name, Records: []graph.ID{id, hub}, Start: 738000, End: 738001 + graph.Date(i),
			Attributes: []subgraph.Attribute{{Name: "kind", Value: name}, {Name: "name", Value: name, Mark: "format"}, {Name: "name", Value: "second"}},
			Sources:    []graph.Origin{{Source: "s-0123456789abcdef", Row: int64(i + 2)}},
		})
		g.Edges = append(g.Edges, subgraph.Edge{From: id, To: hub, Kind: "importer", Start: 738000, Key: name,
			Attributes: []subgraph.Attribute{{Name: "value", Value: name}}, Sources: []graph.Origin{{Source: "s-0123456789abcdef", Row: 7}}})
	}
	// Two that are the same in all but the day, and one to itself.
	twin := g.Edges[0]
	twin.Start = 738009
	loop := g.Edges[0]
	loop.To = loop.From
	g.Edges = append(g.Edges, twin, loop)
	return g
}

func written(t *testing.T, name string, g *subgraph.Graph) []byte {
	t.Helper()
	for _, f := range format.Formats() {
		for _, file := range f.Files {
			if file.Name == name {
				var text bytes.Buffer
				require.NoError(t, file.Write(&text, formattest.Document(g, "TLP:AMBER")))
				return text.Bytes()
			}
		}
	}
	t.Fatal("no file ", name)
	return nil
}

func TestFormatsAreGolden(t *testing.T) {
	small := &subgraph.Graph{Nodes: world().Nodes[:4], Edges: world().Edges[:3]}
	for _, f := range format.Formats() {
		for _, file := range f.Files {
			if ext := filepath.Ext(file.Name); ext == ".xlsx" || ext == ".parquet" {
				continue // packed, as a release of the compressor does it; see exchange_test.go
			}
			for of, g := range map[string]*subgraph.Graph{"small-": small, "empty-": {}} {
				got := written(t, file.Name, g)
				golden := filepath.Join("testdata", of+file.Name)
				if *update {
					require.NoError(t, os.WriteFile(golden, got, 0o600))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				assert.Equal(t, string(want), string(got), golden)
			}
		}
	}
}

// TestCSVComesBack reads the tables again: every value is there, and none begins as a formula does.
func TestCSVComesBack(t *testing.T) {
	g := world()
	lines, err := csv.NewReader(bytes.NewReader(written(t, "nodes.csv", g))).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, len(g.Nodes)+1)
	label := -1
	for i, name := range lines[0] {
		if name == "label" {
			label = i
		}
	}
	for i, line := range lines[1:] {
		// encoding/csv reads \r\n within quotes as \n, as RFC 4180 has it.
		want := strings.ReplaceAll(g.Nodes[i].Label, "\r\n", "\n")
		assert.Contains(t, []string{want, "'" + want}, line[label])
		for _, cell := range line {
			if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" {
				assert.NotContains(t, "=+-@\t\r\n＝＋－＠", string([]rune(cell)[0]), "%q", cell)
			}
		}
	}
	edges, err := csv.NewReader(bytes.NewReader(written(t, "edges.csv", g))).ReadAll()
	require.NoError(t, err)
	require.Len(t, edges, len(g.Edges)+1)
}

// TestGraphMLComesBack reads the file by Go's decoder; what XML 1.0 cannot hold is U+FFFD, all else the same.
func TestGraphMLComesBack(t *testing.T) {
	g := world()
	var read struct {
		Keys []struct {
			ID   string `xml:"id,attr"`
			Name string `xml:"attr.name,attr"`
		} `xml:"key"`
		Nodes []struct {
			ID   string `xml:"id,attr"`
			Data []struct {
				Key   string `xml:"key,attr"`
				Value string `xml:",chardata"`
			} `xml:"data"`
		} `xml:"graph>node"`
		Edges []struct {
			ID     string `xml:"id,attr"`
			Source string `xml:"source,attr"`
			Target string `xml:"target,attr"`
		} `xml:"graph>edge"`
	}
	text := written(t, "network.graphml", g)
	decoder := xml.NewDecoder(bytes.NewReader(text))
	require.NoError(t, decoder.Decode(&read))
	_, err := decoder.Token()
	for err == nil {
		_, err = decoder.Token()
	}
	require.ErrorIs(t, err, io.EOF, "one document and nothing behind it")
	name := map[string]string{}
	for _, k := range read.Keys {
		require.Empty(t, name[k.ID])
		name[k.ID] = k.Name
	}
	require.Len(t, read.Nodes, len(g.Nodes))
	for i, n := range read.Nodes {
		assert.Equal(t, string(g.Nodes[i].ID), n.ID)
		for _, d := range n.Data {
			if name[d.Key] == "label" {
				assert.Equal(t, held(g.Nodes[i].Label), d.Value)
			}
		}
	}
	require.Len(t, read.Edges, len(g.Edges), "parallel edges stay apart")
	seen := map[string]bool{}
	for i, e := range read.Edges {
		assert.Equal(t, string(g.Edges[i].From)+string(g.Edges[i].To), e.Source+e.Target)
		assert.False(t, seen[e.ID])
		seen[e.ID] = true
	}
}

// held is a text as XML 1.0 can hold it.
func held(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r < 0xfffe || r > 0xffff && r <= unicode.MaxRune {
			return r
		}
		return 0xfffd
	}, text)
}

// TestJSONLosesNothing reads every value again.
func TestJSONLosesNothing(t *testing.T) {
	g := world()
	var read struct {
		Directed, Multigraph bool
		Nodes                []subgraph.Node
		Links                []struct {
			Source, Target graph.ID
			Kind, Event    string
			Start, End     graph.Date
			Attributes     []subgraph.Attribute
			Rows           []struct {
				Source graph.SourceID
				Row    int64
			}
		}
	}
	require.NoError(t, json.Unmarshal(written(t, "network.json", g), &read))
	assert.True(t, read.Directed && read.Multigraph)
	require.Len(t, read.Nodes, len(g.Nodes))
	for i := range read.Nodes {
		want := g.Nodes[i]
		want.Sources = nil
		assert.Equal(t, want, read.Nodes[i])
	}
	require.Len(t, read.Links, len(g.Edges))
	for i, l := range read.Links {
		e := g.Edges[i]
		assert.Equal(t, fmt.Sprint(e.From, e.To, e.Kind, e.Key, e.Start, e.End, e.Attributes), fmt.Sprint(l.Source, l.Target, l.Kind, l.Event, l.Start, l.End, l.Attributes))
		require.Len(t, l.Rows, 1)
	}
}

func TestChosen(t *testing.T) {
	all, err := format.Chosen(nil)
	require.NoError(t, err)
	assert.Len(t, all, len(format.Names()))
	some, err := format.Chosen([]string{"json", "csv"})
	require.NoError(t, err)
	assert.Equal(t, "csv", some[0].Name, "in the order of the table")
	_, err = format.Chosen([]string{"anx3"})
	require.ErrorIs(t, err, format.ErrUnknown)
}

// full is a disk on which nothing has room.
type full struct{}

var errFull = errors.New("no room")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAFullDiskIsTold(t *testing.T) {
	for _, f := range format.Formats() {
		for _, file := range f.Files {
			require.ErrorIs(t, file.Write(full{}, formattest.Document(world(), "TLP:AMBER")), errFull, file.Name)
		}
	}
}

package format_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/format"
	"rummage/casefile/format/formattest"
	"rummage/casefile/subgraph"
	"rummage/ingest/format/parquet"
	"rummage/ingest/format/workbook"
	"rummage/ingest/read"
)

// TestIngestReadsWorkbooksAgain hands the workbook to the reader of ingest: as many rows in each sheet, and labels that say the same.
func TestIngestReadsWorkbooksAgain(t *testing.T) {
	g := formattest.World()
	content := written(t, "network.xlsx", g)
	names, err := workbook.Sheets(t.Context(), bytes.NewReader(content))
	require.NoError(t, err)
	require.Equal(t, []string{"nodes", "edges", "rows", "about"}, names)
	sheet := func(name string) []map[string]string {
		d, err := workbook.Detect(t.Context(), bytes.NewReader(content), name, read.Hints{Header: read.Yes})
		require.NoError(t, err)
		reader, err := workbook.Open(t.Context(), bytes.NewReader(content), d)
		require.NoError(t, err)
		return cells(t, reader, d)
	}
	nodes, edges := sheet("nodes"), sheet("edges")
	require.Len(t, nodes, len(g.Nodes))
	for i, n := range nodes {
		want := held(g.Nodes[i].Label)
		require.Equal(t, string(g.Nodes[i].ID), n["id"])
		assert.Contains(t, []string{want, strings.TrimSpace(want)}, n["label"], "of node %d", i)
	}
	require.Len(t, edges, len(g.Edges))
	require.Len(t, sheet("rows"), len(g.Rows()))
	for _, row := range sheet("about") {
		if row["what"] == "handling" {
			assert.Equal(t, "TLP:AMBER", row["value"])
		}
	}
	parts, err := workbookParts(content)
	require.NoError(t, err)
	assert.NotContains(t, parts, "<f>", "nothing is computed")
}

// TestIngestReadsParquetAgain does so with the tables of columns.
func TestIngestReadsParquetAgain(t *testing.T) {
	g := formattest.World()
	for name, want := range map[string]int{"nodes.parquet": len(g.Nodes), "edges.parquet": len(g.Edges)} {
		content := written(t, name, g)
		d, err := parquet.Detect(context.Background(), bytes.NewReader(content))
		require.NoError(t, err)
		reader, err := parquet.Open(context.Background(), bytes.NewReader(content), d)
		require.NoError(t, err)
		rows := cells(t, reader, d)
		require.Len(t, rows, want)
		for i, row := range rows {
			if row == nil {
				continue // holds a NUL, which ingest refuses
			}
			if name == "nodes.parquet" {
				n := g.Nodes[i]
				assert.Equal(t, []string{string(n.ID), n.Label, n.Start.String(), n.End.String()}, []string{row["id"], row["label"], row["start"], row["end"]})
			} else {
				e := g.Edges[i]
				assert.Equal(t, []string{string(e.From), string(e.To), e.Kind, e.Start.String(), e.End.String(), e.Key},
					[]string{row["from"], row["to"], row["kind"], row["start"], row["end"], row["event"]})
			}
		}
	}
}

// TestTheSameTwice writes every file twice: an order that comes from a map, or a clock, would show.
func TestTheSameTwice(t *testing.T) {
	all := formattest.World()
	g := &subgraph.Graph{Nodes: all.Nodes[:60], Edges: all.Edges[:60]}
	for _, f := range format.Formats() {
		for _, file := range f.Files {
			require.True(t, bytes.Equal(written(t, file.Name, g), written(t, file.Name, g)), file.Name)
		}
	}
}

// stixRef is what names an object in STIX.
var stixRef = regexp.MustCompile(`^[a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// TestSTIXHoldsTogether: every object has an id of its own, made of what it names (UUIDv5), but for those that OASIS fixed; whatever is referred
// to is there; everything bears the handling code, whichever it is.
func TestSTIXHoldsTogether(t *testing.T) {
	for _, code := range []string{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED", "H2", "5x5x5:4", ""} {
		var text bytes.Buffer
		document := formattest.Document(formattest.World(), code)
		for _, f := range format.Formats() {
			if f.Name == "stix" {
				require.NoError(t, f.Files[0].Write(&text, document))
			}
		}
		var bundle struct {
			ID      string
			Objects []map[string]any
		}
		require.NoError(t, json.Unmarshal(text.Bytes(), &bundle))
		assert.Regexp(t, stixRef, bundle.ID)
		there, marking := map[string]bool{}, ""
		for _, o := range bundle.Objects {
			id := o["id"].(string)
			require.False(t, there[id], id)
			there[id] = true
			if o["type"] == "marking-definition" {
				require.Empty(t, marking)
				marking = id
				assert.Equal(t, code, o["name"])
				continue
			}
			assert.Regexp(t, stixRef, id)
		}
		require.Equal(t, code != "", marking != "")
		var countries []any
		for _, o := range bundle.Objects {
			if o["type"] == "location" {
				countries = append(countries, o["country"])
			}
		}
		assert.Equal(t, []any{"HK"}, countries, "a number of a customs office is no UN/LOCODE")
		for _, o := range bundle.Objects {
			for name, value := range o {
				if strings.HasSuffix(name, "_ref") {
					assert.True(t, there[value.(string)], "%s of %s: %s", name, o["id"], value)
				}
				if list, ok := value.([]any); ok && strings.HasSuffix(name, "_refs") {
					for _, one := range list {
						assert.True(t, there[one.(string)], "%s of %s: %s", name, o["id"], one)
					}
				}
			}
			if o["type"] != "marking-definition" && code != "" {
				assert.Equal(t, []any{marking}, o["object_marking_refs"], o["id"])
			}
		}
	}
}

// TestLiteralsOfCypherAreReadByAllServers: some read \uXXXX wherever it stands before they look for literals, others within literals only. Both get
// the text that was written, and never leave the literal.
func TestLiteralsOfCypherAreReadByAllServers(t *testing.T) {
	check := func(t require.TestingT, text string) {
		written := format.CypherText(text)
		require.NotContains(t, written, "\n")
		early, ok := literal(numbers(written, false))
		require.True(t, ok, written)
		require.Equal(t, text, early, written)
		late, ok := literal(written)
		require.True(t, ok, written)
		require.Equal(t, text, numbers(late, true), written)
	}
	for _, name := range formattest.Hostile() {
		check(t, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{`\`, `'`, `u0027`, `u005c`, `U`, "\n", "x", "長", "\u202e", "`", `"`, " + ", "\x00", "🚢"})).Draw(t, "parts"), ""))
	})
}

// numbers reads \uXXXX as signs. Marked ones are those that a literal had kept apart.
func numbers(text string, marked bool) string {
	pattern := `\\u([0-9a-f]{4})`
	if marked {
		pattern = `\x{F0000}u([0-9a-f]{4})`
	}
	return regexp.MustCompile(pattern).ReplaceAllStringFunc(text, func(found string) string {
		code, _ := strconv.ParseUint(found[len(found)-4:], 16, 32)
		return string(rune(code))
	})
}

// literal reads a text in single quotes. A backslash that begins a number is left as U+F0000.
func literal(text string) (string, bool) {
	within, opened := strings.CutPrefix(text, "'")
	within, closed := strings.CutSuffix(within, "'")
	if !opened || !closed {
		return "", false
	}
	var b strings.Builder
	signs := []rune(within)
	for i := 0; i < len(signs); i++ {
		switch r := signs[i]; {
		case r == '\'':
			return "", false
		case r == '\\' && i+1 < len(signs) && signs[i+1] == 'u':
			b.WriteRune(0xf0000)
		case r == '\\':
			i++
			if i == len(signs) || !strings.ContainsRune(`\'`, signs[i]) {
				return "", false
			}
			b.WriteRune(signs[i])
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), true
}

// TestNamesOfAttributesStayApart: attributes that are called as columns, or as each other once these have their prefix, keep a column each.
func TestNamesOfAttributesStayApart(t *testing.T) {
	names := []string{"kind", "stated_kind", "score_hits", "chosen", "a:b", "a：b", ""}
	node := subgraph.Node{ID: "party/t/a", Kind: "party", Label: "a", Scores: []subgraph.Score{{Name: "hits", Value: 1}}}
	for i, name := range names {
		node.Attributes = append(node.Attributes, subgraph.Attribute{Name: name, Value: "value " + strconv.Itoa(i)})
	}
	for _, file := range []string{"nodes.csv", "network.graphml", "network.gexf", "network.cyjs", "network.cx2", "network.anx", "i2-entities.csv", "network.cypher", "neo4j-nodes.csv"} {
		text := string(written(t, file, &subgraph.Graph{Nodes: []subgraph.Node{node}}))
		for i := range names {
			assert.Contains(t, text, "value "+strconv.Itoa(i), file)
		}
	}
}

// workbookParts are the sheets of a workbook as they stand in its archive.
func workbookParts(content []byte) (string, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, file := range archive.File {
		part, err := file.Open()
		if err != nil {
			return "", err
		}
		if _, err := io.Copy(&text, part); err != nil {
			return "", err
		}
	}
	return text.String(), nil
}

// TestNamesOfExtensions: they are made of what they mean, and stay what they were in case files that are out already.
func TestNamesOfExtensions(t *testing.T) {
	for is, made := range format.Extensions() {
		assert.Equal(t, made, is)
	}
}

// TestMISPTellsItsPartsApart: every object, attribute and reference has a UUID of its own.
func TestMISPTellsItsPartsApart(t *testing.T) {
	var text bytes.Buffer
	for _, f := range format.Formats() {
		if f.Name == "misp" {
			require.NoError(t, f.Files[0].Write(&text, formattest.Document(formattest.World(), "TLP:AMBER")))
		}
	}
	type part struct {
		UUID            string
		Attribute       []part
		ObjectReference []part
	}
	var file struct {
		Event struct {
			Attribute, Object []part
		}
	}
	require.NoError(t, json.Unmarshal(text.Bytes(), &file))
	seen := map[string]bool{}
	var meet func(all []part)
	meet = func(all []part) {
		for _, p := range all {
			require.NotEmpty(t, p.UUID)
			require.False(t, seen[p.UUID], p.UUID)
			seen[p.UUID] = true
			meet(p.Attribute)
			meet(p.ObjectReference)
		}
	}
	meet(file.Event.Attribute)
	meet(file.Event.Object)
	assert.Greater(t, len(seen), 1000)
}

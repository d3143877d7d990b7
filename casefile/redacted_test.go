package casefile_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"rummage/casefile"
	"rummage/casefile/format"
	"rummage/casefile/picture"
	"rummage/casefile/redaction"
	"rummage/casefile/report"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

var redactionKey = []byte("a key of thirty-two bytes, or so")

// secretly are contents in which persons are named in every place that there is: label, attribute, key, document, text, cell, file.
func secretly(names []string) *casefile.Contents {
	firm := graph.NewID(graph.Party, "t", "FIRM")
	g := &subgraph.Graph{Nodes: []subgraph.Node{{ID: firm, Kind: "party", Label: "Amber of " + names[0], Chosen: true,
		Attributes: []subgraph.Attribute{{Name: "note", Value: "see " + names[0] + "; and more"}}, Sources: []graph.Origin{{Source: "s-1", Row: 1}}}}}
	var rows []string
	for i, name := range names {
		id := graph.NewID(graph.Party, "t", fmt.Sprintf("PERSON-%d", i))
		rowNumber := int64(i + 2)
		rows = append(rows, fmt.Sprintf(`{"source_id":"s-1","row":%d,"note":"","record":%s,"says":{}}`, rowNumber, quoted(map[string]any{
			"source": "of " + name + ".csv", "source_id": "s-1", "sha256": "ab", "mapping": "m", "row": rowNumber, "bytes": []int{0, 9},
			"columns": map[string]string{"name": name}, "joined": []string{name}, "joined_more": 0, "cited": nil})))
		g.Nodes = append(g.Nodes, subgraph.Node{ID: id, Kind: "party", Label: name, Attributes: []subgraph.Attribute{{Name: "name", Value: name}}})
		g.Edges = append(g.Edges, subgraph.Edge{From: id, To: firm, Kind: "director_of", Key: name + " 1", Sources: []graph.Origin{{Source: "s-1", Row: rowNumber}}})
		g.Records.Facts = append(g.Records.Facts, graph.Fact{Entity: id, Property: "name", Value: name, Origins: []graph.Origin{{Source: "s-1", Row: rowNumber}}})
		g.Records.Links = append(g.Records.Links, graph.Link{Role: graph.DirectorOf, From: id, To: firm, Key: name, Origins: []graph.Origin{{Source: "s-1", Row: rowNumber}}})
	}
	rows = append(rows, fmt.Sprintf(`{"source_id":"s-1","row":99,"note":"","record":%s,"says":{}}`, quoted(map[string]any{"source": "x.csv", "columns": map[string]string{"note": names[0]}})))
	g.Settle()
	return &casefile.Contents{Title: "network of " + names[0], Graph: g, Formats: format.Formats(), Rows: lines(rows, nil),
		Sources: []graph.Source{{ID: "s-1", SourceSpec: graph.SourceSpec{Name: names[0] + ".csv", Owner: names[len(names)-1]}}},
		Cases:   map[graph.SourceID]json.RawMessage{"s-1": json.RawMessage(quoted(map[string]string{"author": names[0]}))},
		Texts: []casefile.Text{{Name: "network.json", Content: []byte(strconv.QuoteToASCII(names[0]) + ": " + quoted(names))},
			{Name: "notes.txt", Content: []byte("about " + names[0])}},
	}
}

func quoted(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// traces are how a name might still be read in some bytes: made with other means than package redaction makes them.
func traces(name string) map[string][]byte {
	all := map[string][]byte{"UTF-8": []byte(name), "JSON": []byte(strings.Trim(quoted(name), `"`)), "ASCII": []byte(strings.Trim(strconv.QuoteToASCII(name), `"`)),
		"percent": []byte(url.PathEscape(name)), "query": []byte(url.QueryEscape(name))}
	for order, endian := range map[string]unicode.Endianness{"UTF-16LE": unicode.LittleEndian, "UTF-16BE": unicode.BigEndian} {
		wide, err := unicode.UTF16(endian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(name))
		if err != nil {
			panic(err)
		}
		all[order] = wide
	}
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(name))
	all["XML"] = escaped.Bytes()
	for shift := range 3 {
		// What stands before and behind changes the first and the last signs: these are left out.
		whole := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", shift) + name + "---"))
		all[fmt.Sprint("base64+", shift)] = []byte(whole[(shift*8+5)/6 : (shift+len(name))*8/6])
	}
	return all
}

// TestNothingRedactedIsLeft packs with any names, and looks for them in every byte and name of the pack. Each pack is flushed to the disk, so that
// there are few draws.
func TestNothingRedactedIsLeft(t *testing.T) {
	names := rapid.StringOfN(rapid.RuneFrom([]rune(`abcdefgXYZ"<&>'\%/é王小明김민수محمدАб`)), 5, 14, 40).Filter(func(s string) bool {
		return strings.ContainsAny(s, "abcdefgXYZ王小明김민수") && !strings.Contains("redacted-party", strings.ToLower(s))
	})
	request, err := redaction.Parse([]string{"persons"})
	require.NoError(t, err)
	drawn := rapid.SliceOfNDistinct(names, 1, 4, rapid.ID)
	for seed := range 20 {
		persons := drawn.Example(seed)
		c := secretly(persons)
		c.Redaction, err = redaction.New(redactionKey, request, c.Graph, redaction.Knowledge{})
		require.NoError(t, err)
		target, _, err := pack(t, t.TempDir(), c, "", casefile.Packing{})
		require.NoError(t, err, "%q", persons)
		require.NoError(t, filepath.WalkDir(target, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			for _, name := range persons {
				for encoding, trace := range traces(name) {
					if bytes.Contains(content, trace) || strings.Contains(path, string(trace)) {
						t.Fatalf("%s: %q as %s: %q", path, name, encoding, trace)
					}
				}
			}
			return err
		}))
	}
}

// TestTheUnredactedPackHoldsTheNames, so that the test above looks for what would be there.
func TestTheUnredactedPackHoldsTheNames(t *testing.T) {
	target, _, err := pack(t, t.TempDir(), secretly([]string{"Lee Ka Ming", "Chan Tai Man"}), "", casefile.Packing{Zip: true})
	require.NoError(t, err)
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, bytes.Count(content, []byte("Lee Ka Ming")), 20)
}

// TestWhatIsLeftIsRefused where nothing could take it out: in the words about the case file, its name, and a format of somebody else.
func TestWhatIsLeftIsRefused(t *testing.T) {
	request, err := redaction.Parse([]string{"persons"})
	require.NoError(t, err)
	made := func() *casefile.Contents {
		c := secretly([]string{"Lee Ka Ming"})
		c.Redaction, err = redaction.New(redactionKey, request, c.Graph, redaction.Knowledge{})
		require.NoError(t, err)
		return c
	}
	folder := t.TempDir()
	said := custody("")
	said.Recipient = "Lee Ka Ming"
	_, err = casefile.Pack(context.Background(), filepath.Join(folder, "case"), made(), said, casefile.Packing{})
	require.ErrorIs(t, err, casefile.ErrLeft)
	assert.NotContains(t, err.Error(), "Lee", "the error does not say it either")
	_, err = casefile.Pack(context.Background(), filepath.Join(folder, "lee ka ming.zip"), made(), custody(""), casefile.Packing{Zip: true})
	require.ErrorIs(t, err, casefile.ErrLeft)
	hidden := made()
	hidden.Texts = append(hidden.Texts, casefile.Text{Name: "photo.txt", Content: []byte(base64.StdEncoding.EncodeToString([]byte("by Lee Ka Ming, today")))})
	_, err = casefile.Pack(context.Background(), filepath.Join(folder, "case"), hidden, custody(""), casefile.Packing{})
	require.ErrorIs(t, err, casefile.ErrLeft)
	require.ErrorContains(t, err, "data/photo.txt, as base64")
	hidden = made()
	hidden.Formats = []format.Format{{Name: "scan", Title: "a page", Files: []format.File{{Name: "scan.pdf", Write: func(to io.Writer, _ *format.Document) error {
		return report.Compose(&report.Case{Title: "a page", Custody: [][2]string{{"by", "signed by Lee Ka Ming"}}, Graph: &subgraph.Graph{}, Story: &story.Story{},
			Picture: &picture.Sheet{Width: 100, Height: 100}}).WritePDF(to, time.Time{})
	}}}}}
	_, err = casefile.Pack(context.Background(), filepath.Join(folder, "case"), hidden, custody(""), casefile.Packing{})
	require.ErrorIs(t, err, casefile.ErrLeft)
	require.ErrorContains(t, err, "data/graph/scan.pdf, as a line of a page")
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

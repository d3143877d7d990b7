package report_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/casefiletest"
	"rummage/casefile/picture"
	"rummage/casefile/report"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// made is when the case files of these tests were made.
var made = time.Date(2027, 1, 31, 9, 30, 0, 0, time.UTC)

// told is a report of a small network of which everything is said that a story has room for; its labels are those given, if any.
func told(t *testing.T, labels []string) *report.Document {
	t.Helper()
	g := casefiletest.Network(6, max(14, len(labels)/2), 3) // a consignment and a container each: as many nodes as labels
	if labels != nil {
		casefiletest.Rename(g, labels)
	}
	first := g.Nodes[len(g.Nodes)-1]
	why := &story.Story{
		Heading: "network, grade A", Summary: []string{"more hits between its members than chance explains"}, Base: "of all inspected 3 % were hits",
		For: []string{"4 hits in 5"}, Against: []string{"family firms trade in closed circles"}, Without: []string{"no single tie clears it"}, Missing: []string{"inspect one of 7"}, Notes: []string{"a note"},
		Ledger:   []story.Entry{{Share: 0.75, What: "hits near", Rows: "s-1:2"}, {Share: 0.25, What: "an address", Rows: "s-1:3"}},
		Patterns: []story.Pattern{{Name: "carousel", Text: "goods come back", Shows: []string{"the same box"}, Against: []string{"returned goods"}}},
		Members:  []story.Member{{ID: first.ID, Name: first.Label, Role: "hub", Evidence: []string{"most ties"}, Trades: "importer", Exposure: "3.1", Hits: 2, Inspected: 3, Listed: true}},
	}
	drawn, err := picture.Arrange(context.Background(), picture.Of(g, picture.Options{Title: "network n-1", Handling: "TLP:AMBER", Roles: why.Roles()}))
	require.NoError(t, err)
	return report.Compose(&report.Case{Title: "network n-1", Handling: "TLP:AMBER", Custody: [][2]string{{"purpose", "training"}, {"recipient", "port office"}}, Graph: g, Story: why, Picture: drawn.Sheet(),
		Sources: []graph.Source{{ID: casefiletest.Source, SourceSpec: graph.SourceSpec{Name: "declarations.csv", SHA256: graph.SHA256(strings.Repeat("ab", 32)), Handling: "TLP:AMBER"}}}})
}

// text is a document without its pictures.
func text(d *report.Document) string {
	var b strings.Builder
	fmt.Fprintln(&b, d.Title, "|", d.Handling, "|", d.Custody)
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "\n# %s\n", s.Heading)
		for _, line := range s.Texts {
			fmt.Fprintln(&b, line)
		}
		for _, line := range s.List {
			fmt.Fprintln(&b, "-", line)
		}
		if s.Sheet != nil {
			fmt.Fprintln(&b, "(a picture)")
		}
		if s.Table == nil {
			continue
		}
		share := 0.0
		for _, c := range s.Table.Columns {
			fmt.Fprintf(&b, "%s | ", c.Name)
			share += c.Share
		}
		fmt.Fprintf(&b, "%.3f\n", share)
		for _, row := range s.Table.Rows {
			fmt.Fprintln(&b, strings.Join(row, " | "))
		}
	}
	return b.String()
}

func TestReportTellsTheCase(t *testing.T) {
	got := text(told(t, nil))
	if *update {
		require.NoError(t, os.WriteFile("testdata/report.golden", []byte(got), 0o600))
	}
	want, err := os.ReadFile("testdata/report.golden")
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// TestThingsStandOnTheirTies: a container has no row of its own, and names those of the ties to it.
func TestThingsStandOnTheirTies(t *testing.T) {
	g := casefiletest.Network(6, 14, 3)
	var box *subgraph.Node
	for i := range g.Nodes {
		if n := &g.Nodes[i]; n.Kind == graph.Equipment.String() && slices.ContainsFunc(g.Edges, func(e subgraph.Edge) bool { return e.To == n.ID }) {
			box = n
		}
	}
	require.NotNil(t, box)
	box.Sources = nil
	var want []string
	for i := range g.Edges {
		if e := &g.Edges[i]; e.To == box.ID || e.From == box.ID {
			for _, o := range e.Sources {
				want = append(want, fmt.Sprintf("S1:%d", o.Row))
			}
		}
	}
	require.NotEmpty(t, want)
	d := report.Compose(&report.Case{Title: "t", Graph: g, Story: &story.Story{}, Sources: []graph.Source{{ID: casefiletest.Source}}})
	for _, s := range d.Sections {
		if s.Heading != "Parties, places and things" {
			continue
		}
		for _, row := range s.Table.Rows {
			assert.NotEmpty(t, row[len(row)-1], row)
			if row[2] == string(box.ID) {
				assert.Equal(t, strings.Join(want, " "), row[len(row)-1])
				want = nil
			}
		}
	}
	assert.Nil(t, want, "it stands in the table")
}

// TestPagesHoldNoMarkupFromData: what stands in tags is ours alone, whatever names say.
func TestPagesHoldNoMarkupFromData(t *testing.T) {
	var plain, harm bytes.Buffer
	require.NoError(t, told(t, nil).WriteHTML(&plain))
	require.NoError(t, told(t, casefiletest.Harm()).WriteHTML(&harm))
	for _, heading := range []string{"What this is", "Picture", "Members", "Ledger of the score", "Timeline", "Consignments", "Sources", "What it does not say"} {
		assert.Contains(t, plain.String(), ">"+heading+"</h2>")
	}
	assert.Contains(t, plain.String(), "TLP:AMBER")
	names := regexp.MustCompile(`<[a-zA-Z][a-zA-Z0-9]*`)
	known := map[string]bool{}
	for _, tag := range names.FindAllString(plain.String(), -1) {
		known[tag] = true
	}
	shown := html.UnescapeString(strings.ToValidUTF8(harm.String(), "\ufffd"))
	for _, name := range casefiletest.Harm() {
		line, _, _ := strings.Cut(strings.NewReplacer("\x00", "\ufffd", "\r", "").Replace(strings.ToValidUTF8(name, "\ufffd")), "\n")
		assert.True(t, strings.Contains(strings.ReplaceAll(shown, "\r", ""), line), "%.80q", name)
	}
	for _, tag := range names.FindAllString(harm.String(), -1) {
		assert.True(t, known[tag], "%s comes from a name", tag)
	}
	assert.Contains(t, harm.String(), "&lt;script&gt;window.harm=1")
}

// TestPaperIsTheSameTwice, and holds no action that names ask for.
func TestPaperIsTheSameTwice(t *testing.T) {
	for _, labels := range [][]string{nil, casefiletest.Harm()} {
		var first, second bytes.Buffer
		require.NoError(t, told(t, labels).WritePDF(&first, made))
		require.NoError(t, told(t, labels).WritePDF(&second, made))
		require.Equal(t, first.Bytes(), second.Bytes())
		assert.True(t, bytes.HasPrefix(first.Bytes(), []byte("%PDF-")))
		assert.Greater(t, bytes.Count(first.Bytes(), []byte("/Type /Page\n")), 2)
		for _, action := range []string{"/JS", "/JavaScript", "/OpenAction /", "/URI", "/Launch"} {
			assert.NotContains(t, first.String(), action)
		}
	}
}

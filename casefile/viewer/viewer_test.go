package viewer_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/casefiletest"
	"rummage/casefile/picture"
	"rummage/casefile/story"
	"rummage/casefile/viewer"
	"rummage/graph"
)

var (
	policy = regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`)
	script = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	data   = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)
)

// page is a viewer of a small network with names that mean harm, and rows as a case file has them.
func page(t *testing.T) (string, *viewer.Case) {
	t.Helper()
	names := casefiletest.Harm()
	g := casefiletest.Network(6, len(names)/2, 3)
	require.GreaterOrEqual(t, len(g.Nodes), len(names))
	casefiletest.Rename(g, names)
	c := &viewer.Case{Title: "</title><script>window.harm=1</script>", Handling: "TLP:AMBER", Custody: [][2]string{{"purpose", "training"}}, Graph: g,
		Story: &story.Story{Heading: "network, grade A"}, Limits: []string{"no proof"}, Places: map[graph.ID][2]float64{},
		Sources: []graph.Source{{ID: casefiletest.Source, SourceSpec: graph.SourceSpec{Name: "</script>"}}}}
	for i := range g.Nodes {
		if n := &g.Nodes[i]; n.Kind == graph.Place.String() {
			c.Places[n.ID] = [2]float64{114, 22}
		}
	}
	for _, o := range g.Rows() {
		c.Rows = append(c.Rows, json.RawMessage(fmt.Sprintf(`{"source_id":%q,"row":%d,"note":"","record":{"sha256":"ab","bytes":[1,2],"columns":{"name":"</script>"}}}`, o.Source, o.Row)))
	}
	drawn, err := picture.Arrange(context.Background(), picture.Whole(g, picture.Options{Title: c.Title}))
	require.NoError(t, err)
	c.Scenes = []viewer.Scene{{Name: "every consignment", Note: drawn.Said(), Picture: drawn}}
	var out bytes.Buffer
	require.NoError(t, viewer.Write(&out, c))
	return out.String(), c
}

// TestOneScriptRuns: the page has the one script that its policy names by hash, and one block of data, in which no tag can begin.
func TestOneScriptRuns(t *testing.T) {
	text, _ := page(t)
	scripts := script.FindAllStringSubmatch(text, -1)
	require.Len(t, scripts, 1)
	sum := sha256.Sum256([]byte(scripts[0][1]))
	said := html.UnescapeString(policy.FindStringSubmatch(text)[1])
	assert.Contains(t, said, "script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	assert.Contains(t, said, "default-src 'none'")
	blocks := data.FindAllStringSubmatch(text, -1)
	require.Len(t, blocks, 1)
	assert.NotContains(t, blocks[0][1], "<")
}

// TestRowsBringWhatGoesWithThem: rows of second files and rows of other offices stand beside the row that they go with, each file is named once
// however many rows it has, and a row that is not handed in is bare.
func TestRowsBringWhatGoesWithThem(t *testing.T) {
	g := casefiletest.Network(3, 4, 1)
	sums := func(c string) graph.SHA256 { return graph.SHA256(strings.Repeat(c, 64)) }
	c := &viewer.Case{Graph: g, Story: &story.Story{}, Sources: []graph.Source{{ID: casefiletest.Source, SourceSpec: graph.SourceSpec{Name: "case.zip", SHA256: sums("a")}}}}
	rows := g.Rows()
	for _, o := range rows[1:] {
		c.Rows = append(c.Rows, json.RawMessage(fmt.Sprintf(`{"source_id":%q,"row":%d,"note":"","record":{"source":"case.zip","sha256":%q,"bytes":[1,2],"columns":{"b":"1","a":"2"},
			"joined":[{"join":"traders","source":"traders.csv","sha256":%q,"row":7,"bytes":[3,4],"columns":{"Name":"Kam Fung"}}],"joined_more":5,
			"cited":{"source":"theirs.zip","source_id":"s-1","sha256":%q,"row":8,"bytes":[5,6],"note":"withheld","cited":{"source":"first.csv","sha256":%q,"row":9,"bytes":[7,8],"note":"","cited":null}}}}`,
			o.Source, o.Row, sums("a"), sums("b"), sums("c"), sums("d"))))
	}
	var out bytes.Buffer
	require.NoError(t, viewer.Write(&out, c))
	text := data.FindStringSubmatch(out.String())[1]
	for _, sum := range []string{"a", "b", "c", "d"} {
		assert.Equal(t, 1, strings.Count(text, strings.Repeat(sum, 64)), "the sum of a file stands there once")
	}
	type place struct {
		F      int
		Row    int64
		Note   string
		Join   string
		Bytes  []int64
		Cells  [][2]string
		Joined []place
		More   int
		Cites  []place
		Bare   bool
	}
	var got struct {
		Files []struct{ Name string }
		Rows  []place
	}
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	file := map[string]int{}
	for i, f := range got.Files {
		file[f.Name] = i
	}
	require.Len(t, file, 4)
	require.Len(t, got.Rows, len(rows))
	assert.Equal(t, place{F: file["case.zip"], Row: rows[1].Row, Bytes: []int64{1, 2}, Cells: [][2]string{{"b", "1"}, {"a", "2"}}, More: 5,
		Joined: []place{{F: file["traders.csv"], Row: 7, Join: "traders", Bytes: []int64{3, 4}, Cells: [][2]string{{"Name", "Kam Fung"}}}},
		Cites:  []place{{F: file["theirs.zip"], Row: 8, Bytes: []int64{5, 6}, Note: "withheld"}, {F: file["first.csv"], Row: 9, Bytes: []int64{7, 8}}}}, got.Rows[0])
	assert.Equal(t, place{F: file["case.zip"], Row: rows[0].Row, Bare: true}, got.Rows[len(rows)-1])
}

// TestDataAreWhole: every node, edge and row of the case stands in the page.
func TestDataAreWhole(t *testing.T) {
	text, c := page(t)
	var got map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(data.FindStringSubmatch(text)[1]), &got))
	for name, want := range map[string]int{"nodes": len(c.Graph.Nodes), "edges": len(c.Graph.Edges), "rows": len(c.Rows), "scenes": 1} {
		var list []json.RawMessage
		require.NoError(t, json.Unmarshal(got[name], &list), name)
		assert.Len(t, list, want, name)
	}
}

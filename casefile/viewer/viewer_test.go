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

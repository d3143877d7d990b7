package casefile_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile"
	"rummage/casefile/casefiletest"
	"rummage/casefile/format"
	"rummage/casefile/story"
	"rummage/graph"
)

// large are contents of any size, each name one that means harm if harm is given.
func large(traders, consignments int, harm []string) *casefile.Contents {
	g := casefiletest.Network(traders, consignments, 7)
	if harm != nil {
		casefiletest.Rename(g, harm)
	}
	c := &casefile.Contents{Title: "network n-0123456789ab", Graph: g, Formats: format.Formats(), Story: &story.Story{Heading: "network, grade A"},
		Sources: []graph.Source{{ID: casefiletest.Source, SourceSpec: graph.SourceSpec{Name: "declarations.csv", SHA256: graph.SHA256(strings.Repeat("ab", 32)), Handling: "TLP:AMBER"}}},
		Places:  map[graph.ID][2]float64{}}
	for i := range g.Nodes {
		if n := &g.Nodes[i]; n.Kind == graph.Place.String() {
			c.Places[n.ID] = [2]float64{114 + float64(i%7)*3, 22 + float64(i%5)*4}
		}
	}
	var rows []string
	for i, o := range g.Rows() {
		name := "value"
		if harm != nil {
			name = harm[i%len(harm)]
		}
		cells, err := json.Marshal(map[string]string{"name": name, "row": fmt.Sprint(o.Row)})
		if err != nil {
			panic(err)
		}
		rows = append(rows, fmt.Sprintf(`{"source_id":%q,"row":%d,"note":"","record":{"sha256":"ab","bytes":[1,2],"columns":%s,`+
			`"joined":[{"join":"traders","source":"traders.csv","sha256":"cd","row":7,"bytes":[3,4],"columns":%s}],"joined_more":0,`+
			`"cited":{"source":"theirs.csv","sha256":"ef","row":8,"bytes":[5,6],"note":""}}}`, o.Source, o.Row, cells, cells))
	}
	c.Rows = lines(rows, nil)
	if harm != nil {
		c.Title = harm[0]
		c.Story = &story.Story{Heading: harm[1], Summary: harm, Base: harm[2], For: harm[:9], Notes: harm[9:20], Ledger: []story.Entry{{Share: 1, What: harm[3], Rows: harm[4]}},
			Patterns: []story.Pattern{{Name: harm[5], Text: harm[6], Shows: harm[:3], Against: harm[3:7]}},
			Members:  []story.Member{{ID: g.Nodes[len(g.Nodes)-1].ID, Name: harm[7], Role: "hub", Evidence: harm[:4]}}}
		c.Sources[0].Name = harm[8]
	}
	return c
}

// files packs contents and returns what people read.
func files(t testing.TB, c *casefile.Contents) map[string][]byte {
	t.Helper()
	target := filepath.Join(t.TempDir(), "case.zip")
	_, err := casefile.Pack(context.Background(), target, c, custody(""), casefile.Packing{Zip: true})
	require.NoError(t, err)
	all := map[string][]byte{}
	z, err := zip.OpenReader(target)
	require.NoError(t, err)
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		all[filepath.Base(f.Name)] = content
	}
	return all
}

// TestPeopleReadTheSameEverywhere packs twice, and finds what a case must say in report and viewer.
func TestPeopleReadTheSameEverywhere(t *testing.T) {
	a, b := files(t, large(6, 20, nil)), files(t, large(6, 20, nil))
	for _, name := range []string{"report.html", "report.pdf", "viewer.html", "picture.svg", "picture.png"} {
		require.NotEmpty(t, a[name], name)
		assert.True(t, bytes.Equal(a[name], b[name]), "%s: the same case, the same bytes", name)
	}
	for _, name := range []string{"report.html", "viewer.html", "picture.svg"} {
		assert.Contains(t, string(a[name]), "TLP:AMBER", name)
		assert.NotContains(t, string(a[name]), "http://127", name)
	}
	for _, part := range []string{"inspection of containers", "port office", "declarations.csv", strings.Repeat("ab", 32), "What it does not say", "琥珀貿易有限公司 1", "D-00000"} {
		assert.Contains(t, string(a["report.html"]), part)
		assert.Contains(t, string(a["viewer.html"]), part)
	}
	assert.True(t, bytes.HasPrefix(a["report.pdf"], []byte("%PDF-")))
}

// TestHarmIsInert opens report, viewer and picture of all hostile names in a browser: no script of the data runs, nobody is asked for anything,
// nothing breaks, and report and viewer show each name as it was stored.
func TestHarmIsInert(t *testing.T) {
	harm := casefiletest.Harm()
	require.GreaterOrEqual(t, len(harm), 200)
	all := files(t, large(40, len(harm), harm))
	browser := casefiletest.Start(t)
	folder := t.TempDir()
	inert := func(name string) {
		t.Helper()
		var harmed string
		browser.Ask("typeof window.harm", &harmed)
		assert.Equal(t, "undefined", harmed, name)
		assert.Empty(t, browser.Complaints, name)
		assert.Empty(t, browser.Outside(), name)
	}
	for _, name := range []string{"picture.svg", "report.html", "viewer.html"} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, all[name], 0o600))
		browser.Open(path, 1280, 900)
		inert(name)
		var shown []string
		switch name {
		case "picture.svg":
			var wider float64 // by so much than the room that it was given, whatever letters this machine has
			browser.Ask("Math.max(...[...document.querySelectorAll('text')].map(e => e.getBBox().width - e.getAttribute('textLength')))", &wider)
			assert.Less(t, wider, 2.0, "letters are squeezed by whole steps")
		case "report.html":
			browser.Ask(`(() => {
				const section = [...document.querySelectorAll('section')].find(s => s.querySelector('h2').textContent === 'Consignments');
				return [...section.querySelectorAll('.data > tbody > tr')].map(r => r.children[1].textContent);
			})()`, &shown)
			stored(t, name, harm, shown)
		case "viewer.html":
			stored(t, name, harm, toldIn(t, browser))
			var found int
			browser.Ask(`(() => { const s = document.getElementById('search'); s.value = '琥珀貿易'; s.dispatchEvent(new Event('input')); return document.querySelectorAll('#results li button').length; })()`, &found)
			assert.Positive(t, found, "search in any script")
		}
		inert(name)
	}
}

// toldIn goes through all tabs and pictures of a viewer, chooses every consignment, and returns how each was called.
func toldIn(t *testing.T, browser *casefiletest.Browser) []string {
	t.Helper()
	var ready string
	browser.Ask("document.body.dataset.ready", &ready)
	assert.Equal(t, "yes", ready)
	var buttons int
	browser.Ask("document.querySelectorAll('[role=tab], #scenes button').length", &buttons)
	require.Greater(t, buttons, 6)
	for i := range buttons {
		browser.Ask(fmt.Sprintf("document.querySelectorAll('[role=tab], #scenes button')[%d].click()", i), nil)
	}
	var rows, more int
	browser.Ask(`(() => { document.querySelector('[data-panel=panel-consignments]').click(); })()`, nil)
	for more = 1; more > 0; {
		browser.Ask(`(() => { const all = document.querySelectorAll('#table-consignments > button'); all.forEach(b => b.click()); return all.length; })()`, &more)
	}
	browser.Ask("document.querySelectorAll('#table-consignments tbody tr').length", &rows)
	var told []string
	for i := range rows {
		var name string
		browser.Ask(fmt.Sprintf(`(() => { document.querySelectorAll('#table-consignments tbody tr')[%d].querySelector('button').click(); return document.querySelector('#detail h2').textContent; })()`, i), &name)
		told = append(told, name)
	}
	var row string
	browser.Ask("document.querySelector('#detail .row').textContent", &row)
	for _, part := range []string{"joined as traders: traders.csv, row 7", "cites theirs.csv, row 8", "SHA-256 of the file: cd, bytes 3 to 4"} {
		assert.Contains(t, row, part)
	}
	return told
}

// stored holds what is shown against the names that consignments have: every one is shown, and nothing that is none. Line breaks are left out
// of both, since a page makes them with markup, and so is what no page can hold: bytes that are no text, and U+0000.
func stored(t *testing.T, page string, names, shown []string) {
	t.Helper()
	plain := func(text string) string {
		return strings.NewReplacer("\r", "", "\n", "", "\x00", "\ufffd").Replace(strings.ToValidUTF8(text, "\ufffd"))
	}
	want, got := map[string]bool{}, map[string]bool{}
	for _, name := range names {
		want[plain(name)] = true
	}
	for _, name := range shown {
		if name = plain(name); !strings.HasPrefix(name, "consignment/") { // the id, where there is no name
			got[name] = true
		}
	}
	delete(want, "")
	delete(got, "")
	for name := range want {
		assert.True(t, got[name], "%s: %.80q is shown nowhere", page, name)
	}
	for name := range got {
		assert.True(t, want[name], "%s: %.80q is shown, which nobody stored", page, name)
	}
}

// BenchmarkPack is one case file, as a zip, of a network of 8,000 edges, and more than twice the 2,000 nodes that such a one may have: all formats, report, viewer and picture.
func BenchmarkPack(b *testing.B) {
	c := large(300, 1900, nil)
	for b.Loop() {
		files(b, c)
	}
	b.ReportMetric(float64(len(c.Graph.Nodes)), "nodes")
	b.ReportMetric(float64(len(c.Graph.Edges)), "edges")
}

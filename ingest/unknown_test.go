package ingest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// unknown is a file of a layout that no mapping knows, and what a person changes in its
// draft: lines, as they begin, with what stands in their place.
type unknown struct {
	file, part string
	hints      read.Hints
	edits      [][2]string
}

// mostEdits is how many lines of a draft a person may have to change.
const mostEdits = 5

// unknowns were made up for the purpose: names are invented, numbers are lawful.
func unknowns() []unknown {
	return []unknown{
		{file: "gate.csv"},
		{file: "berthing.xlsx"},
		{file: "houses.csv"},
		{file: "awbs.tsv"},
		{file: "ring.graphml", part: "#nodes"},
		{file: "ring.graphml", part: "#edges"},
		{file: "crew.net", part: "#nodes"},
		{file: "crew.net", part: "#edges"},
		{file: "sims.gexf", part: "#nodes"},
		{file: "sims.gexf", part: "#edges"},
		{file: "firms.json", part: "#nodes"},
		{file: "firms.json", part: "#edges"},
		{file: "contacts.txt", edits: [][2]string{{"      column_3: 3", "      times: 3"}}},
		{file: "people.csv"},
		{file: "cdr.csv"},
		{file: "chat.csv"},
		{file: "swift.csv"},
		{file: "ledger.csv"},
		{file: "officers.csv"},
		{file: "owners.json"},
		{file: "crew.xlsx", edits: [][2]string{{`      name: "Family Name"`, `      name: {columns: ["Given Names", "Family Name"]}`}}},
		{file: "entries.txt", edits: [][2]string{
			{"  consignor:", "  importer:"},
			{"  consignee:", "  exporter:"},
			{"      consignor: consignor", "      importer: importer"},
			{"      consignee: consignee", "      exporter: exporter"},
			{"      column_9: 9", "      value: 9"},
		}},
		{file: "report.txt"},
		{file: "sad.xml", hints: read.Hints{Record: "Item"}},
		{file: "shipments.json", hints: read.Hints{Record: "cargo"}},
		{file: "visits.jsonl"},
		{file: "parcels.csv"},
		{file: "crossing.csv"},
		{file: "sealcheck.csv"},
		{file: "incautaciones.csv"},
		{file: "apreensoes.csv"},
		{file: "saisies.csv", edits: [][2]string{
			{"  - subject: shipment\n    result: hit", "  - subject: shipment\n    result: seizure"},
			{"  - subject: suspect\n    result: hit", "  - subject: suspect\n    result: seizure"},
		}},
		{file: "pib.csv"},
		{file: "borang.csv"},
		{file: "cte.tsv"},
		{file: "batgiu.csv"},
		{file: "chahuo.csv", edits: [][2]string{{"      column_7: ", "      found: "}, {"      column_10: ", "      value_in_10000: "}}},
		{file: "jeokbal.csv", edits: [][2]string{{"      column_5: ", "      representative: "}, {"      column_12: ", "      offence: "}}},
		{file: "banip.xlsx"},
		{file: "dan.csv"},
		{file: "nyuko.csv"},
		{file: "thai.csv"},
		{file: "dt.csv"},
		{file: "portcalls.csv"},
		{file: "yard.csv"},
		{file: "bunker.csv"},
		{file: "ais.csv"},
		{file: "matrix.csv"},
		{file: "mt103.csv"},
		{file: "epoch.csv"},
		{file: "shares.csv"},
		{file: "narrative.csv"},
		{file: "zoll.csv"},
		{file: "beyanname.csv"},
		{file: "zgloszenia.csv"},
		{file: "bollette.csv", hints: read.Hints{Encoding: read.Windows1252}},
		{file: "bayan.csv"},
		{file: "md.csv"},
		{file: "kedendik.csv"},
		{file: "meduuleg.csv"},
		{file: "pratevet.csv"},
		{file: "baijaeng.csv"},
		{file: "kyaynya.csv"},
		{file: "vagon.tsv"},
		{file: "zhukkhat.csv"},
		{file: "nompheng.csv"},
		{file: "phanghuay.csv"},
		{file: "hpotkon.csv"},
		{file: "entri.csv"},
		{file: "ezharname.csv"},
		{file: "meetings.gexf", part: "#nodes"},
		{file: "meetings.gexf", part: "#edges"},
		{file: "odd.graphml", part: "#nodes"},
		{file: "odd.graphml", part: "#edges"},
		{file: "boards.net", part: "#nodes"},
		{file: "boards.net", part: "#edges"},
	}
}

// TestUnknownLayouts: a layout that nobody wrote a mapping for goes from its draft to a
// graph with few edited lines. The golden file has how many, and what came of each file.
func TestUnknownLayouts(t *testing.T) {
	var all strings.Builder
	store := open(t)
	for _, u := range unknowns() {
		t.Run(u.file+u.part, func(t *testing.T) { all.WriteString(u.check(t, store)) })
	}
	golden := filepath.Join("testdata", "unknown", "what-came-of-it.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(all.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), all.String())
}

func (u unknown) check(t *testing.T, into graph.Store) string {
	path := filepath.Join("testdata", "unknown", u.file)
	drafted, err := Draft(t.Context(), path, DraftOptions{Part: u.part, Hints: u.hints})
	require.NoError(t, err)
	text := drafted.Text
	require.LessOrEqual(t, len(u.edits), mostEdits)
	for _, edit := range u.edits {
		require.Equal(t, 1, strings.Count(text, "\n"+edit[0]), "%q in\n%s", edit[0], text)
		text = strings.Replace(text, "\n"+edit[0], "\n"+edit[1], 1)
	}
	m, err := mapping.Parse(u.file, []byte(text))
	require.NoError(t, err, text)
	o := options()
	o.Mapping, o.Part = m, u.part
	o.Hints.Record = m.Record
	store := &counter{Store: into}
	report, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	require.Len(t, report.Files, 1)
	assert.Zero(t, store.bad, "rows are refused")
	return fmt.Sprintf("%s%s: %d edited lines, %s\n%s\n", u.file, u.part, len(u.edits), drafted.Shape, store)
}

// counter is a store that counts what rows say.
type counter struct {
	graph.Store
	said map[string]int
	bad  int
}

func (c *counter) Begin(ctx context.Context, spec graph.SourceSpec) (graph.Import, error) {
	into, err := c.Store.Begin(ctx, spec)
	c.said = map[string]int{}
	return &counted{into, c}, err
}

// counted is an import into such a store.
type counted struct {
	graph.Import
	to *counter
}

func (c *counted) Append(ctx context.Context, row *graph.Row) error {
	c.to.bad += len(row.Errors)
	for i := range row.Statements {
		s := &row.Statements[i]
		c.to.said[s.View.String()]++
		for _, tie := range s.Ties {
			c.to.said["tie "+tie.Role.String()+" "+kindOf(tie.Entity)]++
		}
	}
	for _, l := range row.Links {
		c.to.said["link "+kindOf(l.From)+" "+l.Role.String()+" "+kindOf(l.To)]++
	}
	for _, o := range row.Outcomes {
		c.to.said["outcome "+kindOf(o.Subject)+" "+o.Result.String()]++
	}
	for _, f := range row.Facts {
		c.to.said["fact "+kindOf(f.Entity)+" "+f.Property]++
	}
	return c.Import.Append(ctx, row)
}

func kindOf(id graph.ID) string { return id.Kind().String() }

func (c *counter) String() string {
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(c.said)) {
		fmt.Fprintf(&b, "  %d %s\n", c.said[what], what)
	}
	return b.String()
}

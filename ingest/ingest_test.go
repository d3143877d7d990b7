package ingest

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/fixtures"
	"rummage/fixtures/simulate"
	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/ingest/ident"
	"rummage/ingest/mapping"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open opens a new store.
func open(t testing.TB) graph.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store"), sqlite.Options{Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	return store
}

// clock starts on 1 July 2021 and goes on a second at each look.
func clock() func() time.Time {
	at := time.Date(2021, 7, 1, 12, 0, 0, 0, time.UTC)
	return func() time.Time { at = at.Add(time.Second); return at }
}

func options() Options { return Options{Now: clock()} }

// write makes a file; one whose name ends in .gz is compressed.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if strings.HasSuffix(name, ".gz") {
		var b strings.Builder
		z := gzip.NewWriter(&b)
		_, err := z.Write([]byte(content))
		require.NoError(t, err)
		require.NoError(t, z.Close())
		content = b.String()
	}
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func within(t testing.TB, store graph.Store) graph.Reader {
	t.Helper()
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, reader.Close()) })
	return reader
}

// count reads a CSV fixture with the standard library and counts the distinct
// cells of a column, empty ones left out.
func count(t testing.TB, into map[string]map[string]bool, name string, columns map[string]string) (rows int64) {
	t.Helper()
	file, err := fixtures.Open(name)
	require.NoError(t, err)
	defer file.Close()
	all, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	for i, header := range all[0] {
		what, ok := columns[header]
		if !ok {
			continue
		}
		if into[what] == nil {
			into[what] = map[string]bool{}
		}
		for _, row := range all[1:] {
			if row[i] != "" {
				into[what][row[i]] = true
			}
		}
	}
	return int64(len(all) - 1)
}

func TestRealInput(t *testing.T) {
	names := []string{"korean-customs/train.csv.gz", "korean-customs/valid.csv.gz", "korean-customs/test.csv.gz"}
	want := map[string]map[string]bool{}
	rows := map[string]int64{"sdn.csv.gz": 7379, "alt.csv.gz": 9682, "add.csv.gz": 11696}
	var paths []string
	for _, name := range names {
		paths = append(paths, fixtures.Path(name))
		rows[filepath.Base(name)] = count(t, want, name, map[string]string{
			"Declaration ID": "consignment/kr-decl/", "Importer ID": "party/kr-importer/", "Seller ID": "party/kr-seller/",
			"Declarant ID": "party/kr-declarant/", "Courier ID": "party/kr-courier/", "HS6 Code": "commodity/hs2017/",
		})
	}
	for _, name := range []string{"ofac/sdn.csv.gz", "ofac/alt.csv.gz", "ofac/add.csv.gz"} {
		paths = append(paths, fixtures.Path(name))
	}
	store := open(t)
	var seen []Progress
	o := options()
	o.Progress = func(p Progress) { seen = append(seen, p) }
	report, err := Run(t.Context(), store, paths, o)
	require.NoError(t, err)
	for _, f := range report.Files {
		assert.Equal(t, Imported, f.State)
		assert.Equal(t, rows[f.Source.Name], f.Source.Rows, f.Source.Name)
		assert.Equal(t, f.Source.Rows, f.Source.Stored)
		assert.True(t, f.Source.HasEvidence)
		assert.Contains(t, f.Dialect, "gzip, utf-8, delimiter comma")
	}
	assert.Zero(t, report.Quarantined())
	assert.Equal(t, int64(37385), report.Files[0].Source.Consignments)

	reader := within(t, store)
	got := map[string]map[string]bool{}
	note := func(id graph.ID) {
		i := strings.LastIndexByte(string(id), '/') + 1
		if kind := string(id[:i]); want[kind] != nil {
			if got[kind] == nil {
				got[kind] = map[string]bool{}
			}
			got[kind][string(id[i:])] = true
		}
	}
	for c, err := range reader.Consignments(t.Context(), graph.Want{Fields: []string{}}) {
		require.NoError(t, err)
		note(c.ID)
		for _, tie := range c.Ties() {
			note(tie.Entity)
		}
	}
	for kind := range want {
		assert.Equal(t, len(want[kind]), len(got[kind]), kind)
		assert.Equal(t, want[kind], got[kind])
	}
	links := 0
	for l, err := range reader.Links(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		if l.Role == graph.LinkedTo && strings.HasPrefix(string(l.To), "party/ofac-name/") {
			links++
		}
	}
	assert.Equal(t, 4, links, "of 2406 remarks four break off inside the name")
	checkProgress(t, seen, len(paths))
}

func checkProgress(t *testing.T, seen []Progress, files int) {
	t.Helper()
	ended := map[string]bool{}
	for _, p := range seen {
		assert.LessOrEqual(t, p.Done, p.Total)
		if p.Done == p.Total {
			ended[p.File+string(p.Stage)] = true
		}
	}
	assert.Len(t, ended, 3*files+1, "hash, keep and rows of each file, learn of one")
}

func TestTheSimulatedWorldIsKnown(t *testing.T) {
	o := simulate.DefaultOptions()
	o.Scale = 0.02
	world, err := simulate.New(o)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, world.Write(t.Context(), folder))
	paths := []string{
		filepath.Join(folder, simulate.DeclarationsFile), filepath.Join(folder, simulate.RegistryFile),
		filepath.Join(folder, simulate.InspectionsFile),
	}
	store := open(t)
	report, err := Run(t.Context(), store, paths, options())
	require.NoError(t, err)
	for i, want := range []string{"rummage-declarations", "rummage-registry", "rummage-inspections"} {
		f := report.Files[i]
		assert.Equal(t, want, f.Source.Mapping)
		assert.Zero(t, f.Source.Quarantined)
		text, err := os.ReadFile(paths[i])
		require.NoError(t, err)
		assert.Equal(t, int64(strings.Count(string(text), "\n")-1), f.Source.Rows)
	}
	reader := within(t, store)
	inspected, hits, marked := 0, 0, 0
	for c, err := range reader.Consignments(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		looked, hit := c.Looked()
		if looked {
			inspected++
		}
		if hit {
			hits++
		}
	}
	for e, err := range reader.Entities(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		for _, f := range e.Facts {
			if f.Mark != "" && f.Mark != string(ident.Discouraged) {
				marked++
			}
		}
	}
	assert.Equal(t, int(report.Files[2].Source.Rows), inspected)
	assert.Positive(t, hits)
	assert.Zero(t, marked, "the world's identifiers keep their rules")
}

func TestDocumentsOfOneConsignmentInAnyOrder(t *testing.T) {
	documents, err := mapping.Parse("documents.yaml", []byte(`
mapping: documents
recognise: {header: [Entry, Kind, Version, Amended, Day, Importer, Carrier, Value]}
date: Day
entities:
  importer: {kind: party, namespace: demo, id: Importer}
  carrier: {kind: party, namespace: demo, id: Carrier}
consignments:
  entry:
    system: demo
    number: Entry
    view: {column: Kind}
    version: Version
    amended: Amended
    ties: {importer: importer, carrier: carrier}
    fields: {value: Value}
`))
	require.NoError(t, err)
	header := "Entry,Kind,Version,Amended,Day,Importer,Carrier,Value\n"
	files := []string{
		write(t, "declaration.csv", header+"E1,declaration,1,,2021-06-30,Kam Fung,,100\n"),
		write(t, "manifest.csv", header+"E1,manifest,,,2021-06-28,Kam Fung Ltd,Swift,90\n"),
		write(t, "amendment.csv", header+"E1,declaration,2,2021-07-01,2021-06-30,Golden Wind,,900\n"),
	}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		store := open(t)
		for _, i := range order {
			o := options()
			o.Mapping = documents
			report, err := Run(t.Context(), store, files[i:i+1], o)
			require.NoError(t, err)
			assert.Equal(t, int64(1), report.Files[0].Source.Stored)
		}
		c, err := within(t, store).Consignment(t.Context(), "consignment/demo/E1")
		require.NoError(t, err)
		require.Len(t, c.Current, 2)
		assert.Equal(t, graph.Declaration, c.Current[0].View)
		assert.Equal(t, int64(2), c.Current[0].Version)
		assert.Equal(t, graph.Manifest, c.Current[1].View)
		require.Len(t, c.History, 1)
		assert.Equal(t, int64(1), c.History[0].Version)
		shown, others := c.Field(graph.FieldValue)
		assert.Equal(t, "900", shown.Value)
		require.Len(t, others, 1)
		assert.Equal(t, "90", others[0].Value)
		assert.Equal(t, []graph.Tie{
			{Role: graph.Importer, Entity: "party/demo/Golden Wind"}, {Role: graph.Importer, Entity: "party/demo/Kam Fung Ltd"},
			{Role: graph.Carrier, Entity: "party/demo/Swift"},
		}, c.Ties())
	}
}

func TestOptionsReachTheSource(t *testing.T) {
	store := open(t)
	o := options()
	o.Handling, o.Grading, o.Owner, o.NoEvidence = "TLP:AMBER", "B2", "office 40", true
	o.Retention = graph.DateOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	o.Hints.Delimiter = ";"
	path := write(t, "w.csv", "party;address\nE1;A1\n")
	report, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	s := report.Files[0].Source
	assert.Equal(t, []string{"w.csv", "TLP:AMBER", "B2", "office 40", "2026-01-01", "trade-world-addresses"},
		[]string{s.Name, s.Handling, s.Grading, s.Owner, s.Retention.String(), s.Mapping})
	assert.Equal(t, "delimiter=;", s.Options)
	assert.False(t, s.HasEvidence)
	assert.Equal(t, time.Date(2021, 7, 1, 12, 0, 1, 0, time.UTC), s.ImportedAt)

	_, err = Run(t.Context(), store, []string{path}, Options{})
	assert.ErrorContains(t, err, "no clock")
}

func TestCancelledRunLeavesNothingAndGoesThroughLater(t *testing.T) {
	store := open(t)
	paths := []string{
		fixtures.Path("worlds/B2-11/addresses.csv.gz"), fixtures.Path("korean-customs/train.csv.gz"),
		fixtures.Path("korean-customs/valid.csv.gz"),
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := options()
	o.Progress = func(p Progress) {
		if p.File == paths[1] && p.Stage == StageRows {
			cancel()
		}
	}
	report, err := Run(ctx, store, paths, o)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, []State{Imported, Failed, Untried}, []State{report.Files[0].State, report.Files[1].State, report.Files[2].State})
	require.ErrorIs(t, report.Files[2].Err, ErrStopped)
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	assert.Len(t, sources, 1)

	report, err = Run(t.Context(), store, paths, options())
	require.NoError(t, err)
	assert.Equal(t, []State{Already, Imported, Imported}, []State{report.Files[0].State, report.Files[1].State, report.Files[2].State})
	assert.Equal(t, int64(37385), report.Files[1].Source.Stored)
}

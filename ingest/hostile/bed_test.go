package hostile

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/ingest"
	"rummage/ingest/mapping"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mappings are those that know the sound files.
var mappings = []string{`
mapping: rows
recognise: {header: [id, day, trader, partner, value]}
date: {column: day, required: true}
entities:
  trader: {kind: party, namespace: trial, id: trader}
  partner: {kind: party, namespace: trial, id: {column: partner, required: true}}
consignments:
  entry:
    system: trial
    number: id
    view: declaration
    ties: {importer: trader, exporter: partner}
    fields:
      value: {column: value, rule: number, strict: true}
      description: {column: note, optional: true}
`, `
mapping: cargo
recognise: {header: [CNI.number, NAD+CZ.name, NAD+CN.name]}
entities:
  trader: {kind: party, namespace: trial, id: NAD+CZ.name}
  partner: {kind: party, namespace: trial, id: NAD+CN.name}
consignments:
  bill: {system: cargo, number: CNI.number, view: manifest, ties: {consignor: trader, consignee: partner}}
`, `
mapping: manifest
recognise: {header: [M11.number, N1+SH.name, N1+CN.name]}
entities:
  trader: {kind: party, namespace: trial, id: N1+SH.name}
  partner: {kind: party, namespace: trial, id: N1+CN.name}
consignments:
  bill: {system: manifest, number: M11.number, view: manifest, ties: {consignor: trader, consignee: partner}}
`, `
mapping: nodes
recognise: {header: [id, label]}
entities:
  node: {kind: party, namespace: network, id: id, facts: {name: label, list: {text: network}}}
`, `
mapping: edges
recognise: {header: [source, target, directed, weight]}
entities:
  from: {kind: party, namespace: network, id: source}
  to: {kind: party, namespace: network, id: target}
links:
  - {role: linked_to, from: from, to: to, fields: {weight: weight}}
`}

// library is the mappings, read.
func library(t testing.TB) []*mapping.Mapping {
	t.Helper()
	var all []*mapping.Mapping
	for i, text := range mappings {
		m, err := mapping.Parse(fmt.Sprintf("trial-%d.yaml", i), []byte(text))
		require.NoError(t, err)
		all = append(all, m)
	}
	return all
}

// open makes a new store.
func open(t testing.TB) graph.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store"), sqlite.Options{Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

// clock goes on a second at each look.
func clock() func() time.Time {
	at := time.Date(2021, 7, 1, 12, 0, 0, 0, time.UTC)
	return func() time.Time { at = at.Add(time.Second); return at }
}

// bed is the store in which files are tried, with one sound source in it.
type bed struct {
	store graph.Store
	now   func() time.Time
	known []*mapping.Mapping
	shows string // with nothing but that source
}

func newBed(t testing.TB) *bed {
	t.Helper()
	b := &bed{store: open(t), now: clock(), known: library(t)}
	d := sound()
	for i := range d.entries {
		d.entries[i][0] = "A" + d.entries[i][0]
	}
	path := filepath.Join(t.TempDir(), "anchor.csv")
	require.NoError(t, os.WriteFile(path, csvText(d), 0o600))
	report, err := ingest.Run(t.Context(), b.store, []string{path}, ingest.Options{Library: b.known, Now: b.now})
	require.NoError(t, err)
	require.Equal(t, int64(soundRows), report.Files[0].Source.Stored)
	b.shows = b.shown(t)
	return b
}

// shown is everything that the store shows.
func (b *bed) shown(t testing.TB) string {
	t.Helper()
	reader, err := b.store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	var out strings.Builder
	for c, err := range reader.Consignments(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		fmt.Fprintln(&out, c.ID, c.Current, c.Outcomes)
	}
	for e, err := range reader.Entities(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		fmt.Fprintln(&out, e.ID, e.Facts, e.Outcomes)
	}
	for l, err := range reader.Links(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		fmt.Fprintln(&out, l.Role, l.From, l.To, l.Fields)
	}
	return out.String()
}

// patience is after how long a file hangs.
const patience = 2 * time.Minute

// try imports a file, holds what is true of every one, and says what came of it,
// a line each. What it brought in is taken out again.
func (b *bed) try(t testing.TB, c *trial, path string) string {
	t.Helper()
	before := listing(t, filepath.Dir(path))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	o := ingest.Options{Library: b.known, Now: b.now, Hints: c.hints}
	if c.during != nil {
		o.Progress = func(p ingest.Progress) { c.during(t, path, p) }
	}
	report, err := ingest.Run(ctx, b.store, []string{path}, o)
	require.NoError(t, ctx.Err(), "it hangs")
	require.NotEmpty(t, report.Files)
	defer func() {
		b.withdraw(t, &report)
		require.Equal(t, b.shows, b.shown(t), "what is refused leaves nothing behind")
	}()
	if c.during == nil {
		require.Equal(t, before, listing(t, filepath.Dir(path)), "reading writes nothing")
	}
	var says []string
	rows, failed := int64(0), false
	for i := range report.Files {
		f := &report.Files[i]
		switch f.State {
		case ingest.Failed:
			failed = true
			says = append(says, b.refused(t, f))
		case ingest.Imported:
			rows += f.Source.Rows
			says = append(says, b.taken(t, f)...)
		default:
			require.Fail(t, "neither in nor out", "%s: %s", f.Path(), f.State)
		}
	}
	require.Equal(t, failed, err != nil)
	if c.records > 0 {
		require.Equal(t, int64(c.records), rows, "rows stored and quarantined are the records of the file: %s", says)
	}
	text := strings.Join(says, "\n")
	return strings.ReplaceAll(text, filepath.Dir(path)+string(filepath.Separator), "")
}

// listing names what lies in a folder.
func listing(t testing.TB, folder string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	}))
	return all
}

// unfit are words that a message for a person does not hold.
var unfit = []string{"runtime error", "%!", "<nil>", "goroutine", "interface conversion", "strconv.", "reflect:", "panic"}

// fit is a message that a person may read: one line, not too long for that.
func fit(t testing.TB, text string) string {
	t.Helper()
	for _, word := range unfit {
		require.NotContains(t, text, word)
	}
	require.Less(t, len(text), 1500, "a message is too long: %.200s", text)
	require.NotRegexp(t, `[^\P{Cc}\n]|[\x{202A}-\x{202E}\x{2066}-\x{2069}]`, text, "what a terminal would obey")
	return strings.ReplaceAll(text, "\n", "\n    ")
}

// refused says why a file is refused.
func (b *bed) refused(t testing.TB, f *ingest.File) string {
	t.Helper()
	require.ErrorContains(t, f.Err, "ingest: "+f.Path()+": ")
	require.Equal(t, graph.Source{}, f.Source)
	return "refused: " + fit(t, strings.TrimPrefix(f.Err.Error(), "ingest: "))
}

// mostShown is how many rows are read again of a source, and mostTold how many
// reasons are written down.
const (
	mostShown = 12
	mostTold  = 2
)

// taken looks at a source: its rows are stored or quarantined with a reason, and
// each can be shown as it stands in the file.
func (b *bed) taken(t testing.TB, f *ingest.File) []string {
	t.Helper()
	s := f.Source
	require.Equal(t, s.Rows, s.Stored+s.Quarantined)
	reader, err := b.store.Within(t.Context(), graph.Scope{Sources: []graph.SourceID{s.ID}})
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	says := []string{fmt.Sprintf("%s: %d rows, %d quarantined; %s", f.Path(), s.Rows, s.Quarantined, f.Dialect)}
	bad := map[int64]bool{}
	for e, err := range reader.Quarantine(t.Context(), s.ID) {
		require.NoError(t, err)
		require.Positive(t, e.Row)
		require.NotEmpty(t, e.Code)
		require.NotEmpty(t, e.Reason)
		if bad[e.Row] = true; len(says) <= mostTold {
			says = append(says, fit(t, fmt.Sprintf("  row %d, column %q, %s: %s", e.Row, e.Column, e.Code, e.Reason)))
		}
	}
	require.Len(t, bad, int(s.Quarantined))
	sources, err := b.store.Sources(t.Context())
	require.NoError(t, err)
	explainer := ingest.NewExplainer(reader, sources)
	defer func() { require.NoError(t, explainer.Close()) }()
	require.Equal(t, s.Rows, explained(t, reader, explainer, s.ID, bad))
	exported(t, explainer, s.ID, bad)
	return says
}

// explained shows rows of a source again, and counts the places of all.
func explained(t testing.TB, reader graph.Reader, e *ingest.Explainer, id graph.SourceID, bad map[int64]bool) int64 {
	t.Helper()
	n, last := int64(0), int64(0)
	for place, err := range reader.Places(t.Context(), id) {
		require.NoError(t, err)
		require.Greater(t, place.Row, last)
		last = place.Row
		if n++; n > mostShown {
			continue
		}
		origin := graph.Origin{Source: id, Row: place.Row}
		if bad[place.Row] {
			_, err = e.Refused(t.Context(), origin)
		} else {
			_, err = e.Row(t.Context(), origin)
		}
		require.NoError(t, err, "row %d", place.Row)
	}
	return n
}

// exported writes the quarantine of a source for repair: all its rows, and
// nothing that a spreadsheet would run.
func exported(t testing.TB, e *ingest.Explainer, id graph.SourceID, bad map[int64]bool) {
	t.Helper()
	from, to := io.Pipe()
	wrote, want := make(chan error, 1), int64(len(bad))
	go func() {
		n, err := e.ExportQuarantine(t.Context(), id, to)
		if err == nil && n != want {
			err = fmt.Errorf("%d rows written of %d", n, want)
		}
		_ = to.CloseWithError(err) // it never fails
		wrote <- err
	}()
	rows := csv.NewReader(from)
	rows.FieldsPerRecord = -1
	header := true
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		for _, cell := range cells {
			if len(cell) > 0 && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
				require.Fail(t, "a spreadsheet would run it", "%.60q", cell)
			}
		}
		if !header {
			delete(bad, number(t, cells[0]))
		}
		header = false
	}
	require.NoError(t, <-wrote)
	require.Empty(t, bad, "every refused row is written for repair")
}

// number is a row's number as written.
func number(t testing.TB, cell string) (n int64) {
	t.Helper()
	_, err := fmt.Sscan(cell, &n)
	require.NoError(t, err)
	return n
}

// withdraw takes out what a report brought in.
func (b *bed) withdraw(t testing.TB, report *ingest.Report) {
	t.Helper()
	for i := range report.Files {
		if f := &report.Files[i]; f.State == ingest.Imported {
			require.NoError(t, b.store.Withdraw(t.Context(), f.Source.ID, b.now(), "tried"))
		}
	}
	sources, err := b.store.Sources(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, len(slices.DeleteFunc(sources, func(s graph.Source) bool { return s.EndedBy != graph.NotEnded })))
}

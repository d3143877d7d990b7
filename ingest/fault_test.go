package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// faulty is a store that fails at one step of an import.
type faulty struct {
	graph.Store
	step  string
	fault error
}

func (f *faulty) at(step string) error {
	if f.step == step {
		return f.fault
	}
	return nil
}

func (f *faulty) Sources(ctx context.Context) ([]graph.Source, error) {
	if err := f.at("sources"); err != nil {
		return nil, err
	}
	return f.Store.Sources(ctx)
}

func (f *faulty) Begin(ctx context.Context, spec graph.SourceSpec) (graph.Import, error) {
	if err := f.at("begin"); err != nil {
		return nil, err
	}
	into, err := f.Store.Begin(ctx, spec)
	return &faultyImport{Import: into, of: f}, err
}

type faultyImport struct {
	graph.Import
	of *faulty
}

func (f *faultyImport) Keep(ctx context.Context, sha graph.SHA256, file io.Reader) error {
	if err := f.of.at("keep"); err != nil {
		return err
	}
	return f.Import.Keep(ctx, sha, file)
}

func (f *faultyImport) Append(ctx context.Context, row *graph.Row) error {
	if err := f.of.at("append"); err != nil {
		return err
	}
	return f.Import.Append(ctx, row)
}

func (f *faultyImport) Commit(ctx context.Context) (graph.Source, error) {
	if err := f.of.at("commit"); err != nil {
		return graph.Source{}, err
	}
	source, err := f.Import.Commit(ctx)
	if f.of.at("count") != nil {
		source.Stored--
	}
	return source, err
}

func (f *faultyImport) Abort() error { return errors.Join(f.Import.Abort(), f.of.at("abort")) }

// TestAStoreThatFails: wherever a store fails, the file names the fault, nothing
// of it is stored, and no further file is tried; but a fault that is the file's own
// keeps no other out.
func TestAStoreThatFails(t *testing.T) {
	disk := errors.New("disk is full")
	for name, c := range map[string]struct {
		step  string
		fault error
		next  State
	}{
		"no list":            {"sources", disk, Untried},
		"no beginning":       {"begin", disk, Untried},
		"no copy":            {"keep", disk, Untried},
		"no row":             {"append", disk, Untried},
		"no end":             {"commit", disk, Untried},
		"a row against rule": {"append", fmt.Errorf("row: %w", graph.ErrInvalidRecord), Failed},
		"another file":       {"keep", fmt.Errorf("copy: %w", graph.ErrEvidenceMismatch), Failed},
	} {
		t.Run(name, func(t *testing.T) {
			whole := open(t)
			store := &faulty{Store: whole, step: c.step, fault: c.fault}
			files := []string{write(t, "a.csv", world+"C1,0,I1,E1,F1,P1,0,0\n"), write(t, "b.csv", world+"C2,0,I1,E1,F1,P1,0,0\n")}
			report, err := Run(t.Context(), store, files, options())
			require.ErrorIs(t, err, c.fault)
			require.Len(t, report.Files, 2)
			assert.Equal(t, c.next, report.Files[1].State)
			if c.step != "sources" {
				assert.Equal(t, Failed, report.Files[0].State)
				require.ErrorContains(t, report.Files[0].Err, "ingest: "+files[0]+": ")
			}
			if c.next == Untried && c.step != "sources" {
				require.ErrorIs(t, report.Files[1].Err, ErrStopped)
			}
			sources, err := whole.Sources(t.Context())
			require.NoError(t, err)
			require.Empty(t, sources)
			store.step = ""
			report, err = Run(t.Context(), store, files, options())
			require.NoError(t, err)
			assert.Equal(t, []State{Imported, Imported}, []State{report.Files[0].State, report.Files[1].State})
		})
	}
}

// TestAStoreThatCountsWrong: it is told as a fault of the house.
func TestAStoreThatCountsWrong(t *testing.T) {
	store := &faulty{Store: open(t), step: "count", fault: errors.New("counts wrong")}
	_, err := Run(t.Context(), store, []string{write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\n")}, options())
	require.ErrorIs(t, err, ErrCount)
	require.ErrorContains(t, err, "read 1 and 0 bad, stored 0, quarantined 0 of 1")
}

// TestAnAbortThatFails is told beside what went wrong before it.
func TestAnAbortThatFails(t *testing.T) {
	store := &faulty{Store: open(t), step: "abort", fault: errors.New("lock is lost")}
	path := write(t, "cut.csv.gz", world+strings.Repeat("C1,0,I1,E1,F1,P1,0,0\n", 20_000))
	cut := write(t, "cut.csv", readText(t, path)[:500])
	report, err := Run(t.Context(), store, []string{cut}, options())
	require.ErrorIs(t, err, store.fault)
	require.ErrorContains(t, err, "breaks off")
	assert.Equal(t, Failed, report.Files[0].State)
}

// readText is what a file holds.
func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// TestSourcesThatCannotBeReadAgain: what is wrong is told with the source's name.
func TestSourcesThatCannotBeReadAgain(t *testing.T) {
	store := open(t)
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\nC2\n")}, options())
	require.NoError(t, err)
	s := report.Files[0].Source
	for name, c := range map[string]struct {
		dialect string
		says    string
	}{
		"no dialect":     {`{`, "w.csv: dialect: "},
		"another format": {`{"format":"cuneiform"}`, `w.csv: read: dialect is not usable: format "cuneiform"`},
		"another header": {`{"format":"delimited","compression":"zstd","header":true}`, "w.csv: "},
	} {
		t.Run(name, func(t *testing.T) {
			s.Dialect = json.RawMessage(c.dialect)
			e := NewExplainer(within(t, store), []graph.Source{s})
			defer func() { require.NoError(t, e.Close()) }()
			_, err := e.Row(t.Context(), graph.Origin{Source: s.ID, Row: 2})
			require.ErrorContains(t, err, c.says)
			_, err = e.Refused(t.Context(), graph.Origin{Source: s.ID, Row: 3})
			require.ErrorContains(t, err, c.says)
			_, err = e.ExportQuarantine(t.Context(), s.ID, io.Discard)
			require.ErrorContains(t, err, c.says)
		})
	}
	none := NewExplainer(within(t, store), nil)
	_, err = none.Row(t.Context(), graph.Origin{Source: s.ID, Row: 2})
	require.ErrorIs(t, err, graph.ErrUnknownSource)
	_, err = none.Refused(t.Context(), graph.Origin{Source: s.ID, Row: 9})
	require.ErrorIs(t, err, graph.ErrNotFound)
}

// refusing takes nothing that is written.
type refusing struct{ fault error }

func (r refusing) Write([]byte) (int, error) { return 0, r.fault }

// TestQuarantineThatCannotBeWritten: the fault of the disk is told.
func TestQuarantineThatCannotBeWritten(t *testing.T) {
	store := open(t)
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", world+strings.Repeat("C1,soon,I1,E1,F1,P1,0,0\n", 500))}, options())
	require.NoError(t, err)
	fault := errors.New("disk is full")
	_, err = explainer(t, store).ExportQuarantine(t.Context(), report.Files[0].Source.ID, refusing{fault})
	require.ErrorIs(t, err, fault)
	require.ErrorContains(t, err, "ingest: quarantine: w.csv: ")
}

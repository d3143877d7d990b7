package neo4j

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"rummage/graph"
)

const askRunsBefore = "MATCH (r:Run) WHERE ($kind = '' OR r.kind = $kind) AND r.seq <= $most RETURN properties(r) ORDER BY r.seq"

// Locate returns the place of a row.
func (r *reader) Locate(ctx context.Context, origin graph.Origin) (graph.Span, error) {
	if err := r.open(ctx); err != nil {
		return graph.Span{}, err
	}
	source := r.sources[origin.Source]
	if source == nil {
		return graph.Span{}, notFound("row", origin)
	}
	span, found, err := r.store.findPlace(ctx, source.number, origin.Row)
	if err == nil && !found {
		err = notFound("row", origin)
	}
	return span, err
}

// Places yields where the rows of a source stand.
func (r *reader) Places(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowPlace, error] {
	return func(yield func(graph.RowPlace, error) bool) {
		err := r.open(ctx)
		if err == nil && r.sources[id] == nil {
			err = notFound("source", id)
		}
		if err != nil {
			yield(graph.RowPlace{}, err)
			return
		}
		r.store.allPlaces(ctx, r.sources[id])(yield)
	}
}

// Evidence opens a kept file. Where the folder named here does not hold it, or
// none is named, the error is a graph.NoEvidenceError.
func (r *reader) Evidence(ctx context.Context, file graph.SHA256) (graph.Evidence, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	visible, kept := false, false
	for _, source := range r.sources {
		if slices.Contains(source.Files(), file) {
			visible, kept = true, kept || source.HasEvidence
		}
	}
	switch {
	case !visible:
		return nil, notFound("file", file)
	case !kept:
		return nil, fmt.Errorf("neo4j: file %s: %w", file, graph.ErrNoEvidence)
	case r.store.evidence == nil:
		return nil, lacking(file, "its bytes were kept, and no evidence folder is named; --evidence names it")
	}
	opened, err := r.store.evidence.Evidence(ctx, file)
	if errors.Is(err, graph.ErrNoEvidence) {
		return nil, lacking(file, "it is not in the evidence folder %s: the evidence of this store was kept elsewhere, or the folder is another one; --evidence names it",
			r.store.evidence.Dir())
	}
	if err != nil {
		return nil, err
	}
	return &keptFile{Evidence: opened, reader: r}, nil
}

func lacking(file graph.SHA256, format string, args ...any) error {
	return fmt.Errorf("neo4j: %w", &graph.NoEvidenceError{File: file, Reason: fmt.Sprintf(format, args...)})
}

// keptFile can be read for as long as its reader is open.
type keptFile struct {
	graph.Evidence
	reader *reader
}

// ReadAt reads the file's bytes.
func (f *keptFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.reader.open(context.Background()); err != nil {
		return 0, err
	}
	return f.Evidence.ReadAt(p, off)
}

// Quarantine yields the refused rows of a source.
func (r *reader) Quarantine(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowError, error] {
	return func(yield func(graph.RowError, error) bool) {
		err := r.open(ctx)
		if err == nil && r.sources[id] == nil {
			err = notFound("source", id)
		}
		if err != nil {
			yield(graph.RowError{}, err)
			return
		}
		r.store.refusedRows(ctx, r.sources[id])(yield)
	}
}

// Decisions returns the visible decisions, in the order of saying.
func (r *reader) Decisions(ctx context.Context, subject graph.ID) ([]graph.Decision, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	var all []graph.Decision
	for i := range r.said {
		if d := r.said[i]; subject == "" || d.Subject == subject || d.Other == subject {
			d.Sources = slices.Clone(d.Sources)
			all = append(all, d)
		}
	}
	return all, nil
}

// Runs returns the visible runs of a kind, oldest first.
func (r *reader) Runs(ctx context.Context, kind string) ([]graph.Run, error) {
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	var all []graph.Run
	for record, err := range r.store.stream(ctx, cypher{askRunsBefore, map[string]any{"kind": kind, "most": r.runs}}) {
		if err != nil {
			return nil, err
		}
		p, _ := record.Values[0].(map[string]any)
		run, err := runOf(p)
		if err != nil {
			return nil, r.store.broken(graph.ErrDamaged, "run %s: scope: %v", text(p["id"]), err)
		}
		known := r.gate.scope.KnownOn.IsZero() || !run.Finished.After(r.gate.scope.KnownOn)
		if known && r.cleared.Shows(run) {
			all = append(all, *run)
		}
	}
	return all, nil
}

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"

	"rummage/graph"
)

// Locate returns the place of a row.
func (r *reader) Locate(ctx context.Context, origin graph.Origin) (span graph.Span, err error) {
	source := r.sources[origin.Source]
	if source == nil {
		return span, notFound("row", origin)
	}
	found := false
	err = r.snap.use(func(q querier) error {
		span, found, err = findPlace(ctx, q, r.store.codec, source, origin.Row)
		return err
	})
	if err == nil && !found {
		return span, notFound("row", origin)
	}
	return span, errorOf("locate", interrupted(ctx, err))
}

// Places yields where the rows of a source stand.
func (r *reader) Places(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowPlace, error] {
	return func(yield func(graph.RowPlace, error) bool) {
		source := r.sources[id]
		if source == nil {
			yield(graph.RowPlace{}, notFound("source", id))
			return
		}
		for no := range source.places {
			block, err := r.placeBlock(ctx, source.num<<32|no)
			if err != nil {
				yield(graph.RowPlace{}, errorOf("places", err))
				return
			}
			for i, row := range block.number {
				if !yield(graph.RowPlace{Row: row, Span: block.span[i]}, nil) {
					return
				}
			}
		}
	}
}

func (r *reader) placeBlock(ctx context.Context, key int64) (*placeBlock, error) {
	data, err := r.snap.block(ctx, placeBlocks, key)
	if err != nil {
		return nil, err
	}
	block, err := unpackPlaces(r.store.codec, data)
	if err != nil {
		return nil, damaged(placeBlocks.place(key), err.Error())
	}
	return block, nil
}

// Evidence opens a kept file.
func (r *reader) Evidence(ctx context.Context, file graph.SHA256) (graph.Evidence, error) {
	visible, kept := false, false
	for _, source := range r.sources {
		if slices.Contains(source.Files(), file) {
			visible, kept = true, kept || source.HasEvidence
		}
	}
	if !visible {
		return nil, notFound("file", file)
	}
	if !kept {
		return nil, fmt.Errorf("sqlite: file %s: %w", file, graph.ErrNoEvidence)
	}
	f := &keptFile{snap: r.snap, codec: r.store.codec}
	err := r.snap.use(func(q querier) (err error) {
		f.num, f.size, err = findFile(ctx, q, file)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = damaged("file "+string(file), "missing")
	}
	if err != nil {
		return nil, errorOf("evidence", interrupted(ctx, err))
	}
	return f, nil
}

// Quarantine yields the refused rows of a source.
func (r *reader) Quarantine(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowError, error] {
	return func(yield func(graph.RowError, error) bool) {
		source := r.sources[id]
		if source == nil {
			yield(graph.RowError{}, notFound("source", id))
			return
		}
		for no := range source.refused {
			rows, err := r.refusedBlock(ctx, source.num<<32|no)
			if err != nil {
				yield(graph.RowError{}, errorOf("quarantine", err))
				return
			}
			for _, row := range rows {
				if !yield(graph.RowError{
					Source: id, Join: row.Join, Row: row.Row, Span: graph.Span{Offset: row.Offset, Length: row.Length},
					Column: row.Column, Code: row.Code, Reason: row.Reason,
				}, nil) {
					return
				}
			}
		}
	}
}

func (r *reader) refusedBlock(ctx context.Context, key int64) ([]refusedRow, error) {
	data, err := r.snap.block(ctx, refusedBlocks, key)
	if err != nil {
		return nil, err
	}
	rows, err := unpackRefused(r.store.codec, data)
	if err != nil {
		return nil, damaged(refusedBlocks.place(key), err.Error())
	}
	return rows, nil
}

// Decisions returns the visible decisions, in the order of saying.
func (r *reader) Decisions(ctx context.Context, subject graph.ID) ([]graph.Decision, error) {
	if err := errors.Join(r.snap.open(), ctx.Err()); err != nil {
		return nil, errorOf("decisions", interrupted(ctx, err))
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

// Runs returns the visible runs of a kind, or of every kind.
func (r *reader) Runs(ctx context.Context, kind string) ([]graph.Run, error) {
	var all []graph.Run
	err := r.snap.use(func(q querier) error {
		return readRuns(ctx, q, r.snap.state.runs, func(run *graph.Run) {
			known := r.scope.KnownOn.IsZero() || !run.Finished.After(r.scope.KnownOn)
			if known && (kind == "" || run.Kind == kind) && r.cleared.Shows(run) {
				all = append(all, *run)
			}
		})
	})
	return all, errorOf("runs", interrupted(ctx, err))
}

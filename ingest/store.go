package ingest

import (
	"context"
	"errors"
	"fmt"

	"rummage/graph"
)

// storeError marks an error of the store, after which the next file would fare
// no better.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// ofStore marks err as the store's unless it is about this file alone.
func ofStore(err error) error {
	switch {
	case err == nil, errors.Is(err, graph.ErrAlreadyImported), errors.Is(err, graph.ErrInvalidRecord),
		errors.Is(err, graph.ErrEvidenceMismatch):
		return err
	}
	return &storeError{err: err}
}

// errWithdrawn is what a run of a job returns, with the source, where a file that nobody named was withdrawn.
var errWithdrawn = errors.New("withdrawn")

// takenOut finds the source that a file was which a person withdrew, and which nobody named: that stays out.
func (r *run) takenOut(spec *graph.SourceSpec, path string) (graph.Source, bool) {
	gone, found := r.withdrawn[spec.Reading()]
	return gone, found && len(r.known[spec.Content()]) == 0 && r.options.Named != nil && !r.options.Named(path)
}

// source stores what fill adds as one source, whole or not at all.
func (r *run) source(ctx context.Context, spec graph.SourceSpec, fill func(into graph.Import) error) (source graph.Source, err error) {
	into, err := r.store.Begin(ctx, spec)
	if err != nil {
		return source, ofStore(err)
	}
	defer func() {
		if abortErr := into.Abort(); err != nil && abortErr != nil {
			err = errors.Join(err, ofStore(abortErr))
		}
	}()
	if err = fill(into); err != nil {
		return source, err
	}
	source, err = into.Commit(ctx)
	return source, ofStore(err)
}

// ofKeeping says whose error it is that a file could not be kept.
func ofKeeping(err error) error {
	if errors.Is(err, graph.ErrEvidenceMismatch) {
		return changed(err)
	}
	return ofStore(err)
}

// changed says what to do about a file that someone is still writing.
func changed(cause error) error {
	return fmt.Errorf("the file changed while it was read; import it again when it is complete: %w", cause)
}

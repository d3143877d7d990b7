package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"math"
	"slices"

	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/read"
)

// repaired finds the source whose file was mended as a whole: one with rows in quarantine,
// read by the same mapping, all of whose other rows stand in this file under the same number
// with the same cells. It is "" where there is none. Where a file is another one, the
// first rows tell; of one that was mended both are read to the end.
func (r *run) repaired(ctx context.Context, j *job) (found graph.SourceID, err error) {
	if j.cut > 0 {
		return "", nil
	}
	var reader graph.Reader
	for i := len(r.broken) - 1; i >= 0 && found == "" && err == nil; i-- { // the newest first
		s := &r.broken[i]
		if s.Rules != j.mapping.Rules || s.Part != j.part.String() || s.SHA256 == j.sha {
			continue
		}
		if reader == nil {
			if reader, err = r.store.Within(ctx, graph.Scope{}); err != nil {
				return "", ofStore(err)
			}
			defer func() { err = errors.Join(err, reader.Close()) }()
		}
		var same bool
		same, err = j.repairs(ctx, reader, s)
		switch {
		case same && err == nil:
			found = s.ID
		case untold(err):
			err = nil // it ended since, or its file cannot be read: no reason to keep another one out
		}
	}
	return found, err
}

// untold reports an error of a source that is out of sight, or whose file was not kept or is
// damaged: nothing can be told of what mends it.
func untold(err error) bool {
	return errors.Is(err, graph.ErrNotFound) || errors.Is(err, graph.ErrUnknownSource) ||
		errors.Is(err, graph.ErrNoEvidence) || errors.Is(err, graph.ErrDamaged)
}

// repairs reports whether the file is that of a source, mended.
func (j *job) repairs(ctx context.Context, reader graph.Reader, s *graph.Source) (same bool, err error) {
	var spec layoutSpec
	if err := json.Unmarshal(s.Dialect, &spec); err != nil {
		return false, nil //nolint:nilerr // a source that cannot be read again is no reason to keep a file out
	}
	file, err := reader.Evidence(ctx, s.SHA256)
	if err != nil {
		return false, ofStore(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	old, err := format.Open(ctx, io.NewSectionReader(file, 0, file.Size()), spec.Dialect)
	if err != nil {
		return false, nil //nolint:nilerr // see above
	}
	defer old.Close()
	mended, err := format.Open(ctx, j.all(), j.dialect)
	if err != nil {
		return false, err
	}
	defer mended.Close()
	if !sameHeader(old.Header(), mended.Header()) || old.Header() != nil && reasonsIn(old.Header().Names()) > 0 {
		return false, nil
	}
	next, stop := iter.Pull2(reader.Quarantine(ctx, s.ID))
	defer stop()
	return alike(old, mended, &refusals{next: next})
}

// refusals tell of rows whether they were refused. Rows are asked for in order, and of the
// quarantine only what stands before them is read.
type refusals struct {
	next func() (graph.RowError, error, bool)
	at   int64 // the row that was read last, math.MaxInt64 behind the last one
}

func (r *refusals) has(n int64) (bool, error) {
	for r.at < n {
		row, err, more := r.next()
		switch {
		case err != nil:
			return false, ofStore(err)
		case !more || row.Join != "":
			r.at = math.MaxInt64
		default:
			r.at = row.Row
		}
	}
	return r.at == n, nil
}

func sameHeader(a, b *read.Row) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.EqualFunc(a.Cells, b.Cells, bytes.Equal)
}

// alike reports whether the rows of two files are the same but for those that were refused,
// of which at least one must differ. A file of which no row was sound cannot be known again.
func alike(old, mended read.Reader, refused *refusals) (bool, error) {
	changed, sound := false, false
	for {
		was, wasErr := old.Next()
		is, isErr := mended.Next()
		wasBad, isBad := new(read.RowError), new(read.RowError)
		switch {
		case errors.Is(wasErr, io.EOF) || errors.Is(isErr, io.EOF):
			return changed && sound && errors.Is(wasErr, io.EOF) && errors.Is(isErr, io.EOF), nil
		case wasErr != nil && !errors.As(wasErr, &wasBad):
			return false, nil //nolint:nilerr // what the house cannot read again is no reason to keep a file out
		case isErr != nil && !errors.As(isErr, &isBad):
			return false, nil //nolint:nilerr // it is met again when the rows are read
		}
		if numberOf(was, wasBad) != numberOf(is, isBad) {
			return false, nil
		}
		same := wasErr == nil && isErr == nil && slices.EqualFunc(was.Cells, is.Cells, bytes.Equal)
		if same && sound {
			continue
		}
		bad, err := refused.has(numberOf(was, wasBad))
		switch {
		case err != nil:
			return false, err
		case same:
			sound = !bad
		case !bad:
			return false, nil
		case isErr == nil:
			changed = true
		}
	}
}

// numberOf is the number of a row, or of one that could not be read.
func numberOf(row *read.Row, bad *read.RowError) int64 {
	if row != nil {
		return row.Number
	}
	return bad.Row
}

package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"rummage/graph"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// microsecond is the grain of stored times.
const microsecond = time.Microsecond

// ErrCount is returned when rows read are not rows stored plus rows
// quarantined. It means a fault of the house, never of the file.
var ErrCount = errors.New("rows read are not rows stored and quarantined")

// ErrStopped is wrapped by the errors of the files that were not tried, since
// the store or the caller ended the run before them.
var ErrStopped = errors.New("not tried")

// Options say how files come in. Now must be set; the zero value of all else
// recognises each file, keeps it as evidence and tells nobody.
type Options struct {
	// Mapping is the one to use for every file. The default is nil: each file
	// is recognised.
	Mapping *mapping.Mapping
	// Library holds the mappings that recognise files. The default is nil:
	// those that are shipped.
	Library []*mapping.Mapping
	// Hints are what the user knows about how the files are written.
	Hints read.Hints
	// NoEvidence leaves out the copies of the files: rows cannot be shown later.
	NoEvidence bool

	Handling  string
	Grading   string
	Owner     string
	Retention graph.Date

	Now      func() time.Time
	Progress func(Progress) // called from one goroutine at a time
}

// Stage is what happens to a file.
type Stage string

// The stages, in order; Learn only where the mapping looks things up.
const (
	StageHash  Stage = "hash"
	StageLearn Stage = "learn"
	StageKeep  Stage = "keep"
	StageRows  Stage = "rows"
)

// Progress says how far a file has come, in bytes as they lie on the disk.
type Progress struct {
	File        string
	Stage       Stage
	Done, Total int64
}

// State is what became of a file.
type State string

// The states of a file.
const (
	Imported State = "imported" // a new source
	Replaced State = "replaced" // a new reading that took the place of an earlier one
	Already  State = "already"  // imported before; nothing changed
	Failed   State = "failed"   // nothing of it is stored
	Untried  State = "untried"  // the run ended before it
)

// File is what became of one file.
type File struct {
	Path    string
	State   State
	Source  graph.Source     // the new source, or the one that was there; zero when State is Failed or Untried
	Earlier []graph.SourceID // the readings that were replaced
	Dialect string           // how the file is written, in words
	Mended  bool             // it holds rows that ExportQuarantine wrote
	Err     error            // of Failed and Untried; names the file
}

// Report says what became of every file, in the order of the call.
type Report struct {
	Files []File
}

// Quarantined counts the rows of new sources that were refused.
func (r *Report) Quarantined() int64 {
	n := int64(0)
	for i := range r.Files {
		if r.Files[i].State == Imported || r.Files[i].State == Replaced {
			n += r.Files[i].Source.Quarantined
		}
	}
	return n
}

// Run imports files, one source each, in order. A file that cannot be imported
// leaves nothing behind and does not keep the others out; when the store
// refuses, or ctx ends, the rest is not tried. The error joins those of the
// failed files; the report is complete in any case.
//
// Memory is bounded whatever the size of a file, save for the names that a
// mapping's lookups hold.
func Run(ctx context.Context, store graph.Store, files []string, options Options) (Report, error) {
	report := Report{Files: make([]File, len(files))}
	for i, path := range files {
		report.Files[i] = File{Path: path, State: Untried}
	}
	if options.Now == nil {
		return report, errors.New("ingest: options: no clock")
	}
	if options.Library == nil && options.Mapping == nil {
		var err error
		if options.Library, err = mapping.Library(); err != nil {
			return report, fmt.Errorf("ingest: %w", err)
		}
	}
	known, err := earlier(ctx, store)
	if err != nil {
		return report, fmt.Errorf("ingest: list sources: %w", err)
	}
	var all []error
	var stopped error
	for i := range report.Files {
		f := &report.Files[i]
		if stopped != nil {
			f.Err = fmt.Errorf("ingest: %s: %w: %w", f.Path, ErrStopped, stopped)
			continue
		}
		stopped = one(ctx, store, f, &options, known)
		if f.Err != nil {
			all = append(all, f.Err)
		}
	}
	return report, errors.Join(all...)
}

// earlier lists the sources that count, by the bytes they were read from.
func earlier(ctx context.Context, store graph.Store) (map[graph.SHA256][]graph.SourceID, error) {
	sources, err := store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[graph.SHA256][]graph.SourceID)
	for i := range sources {
		if sources[i].EndedBy == graph.NotEnded {
			known[sources[i].SHA256] = append(known[sources[i].SHA256], sources[i].ID)
		}
	}
	return known, nil
}

// one imports one file. It returns an error only when no further file should
// be tried.
func one(ctx context.Context, store graph.Store, f *File, o *Options, known map[graph.SHA256][]graph.SourceID) (stop error) {
	j := &job{path: f.Path, options: o}
	defer j.close()
	source, err := j.run(ctx, store)
	f.Dialect, f.Mended = j.described(), j.cut > 0
	already := new(graph.AlreadyImportedError)
	switch {
	case err == nil:
		f.State, f.Source, f.Earlier = Imported, source, known[j.sha]
		if len(f.Earlier) > 0 {
			f.State = Replaced
		}
		known[j.sha] = []graph.SourceID{source.ID}
	case errors.As(err, &already):
		f.State, f.Source = Already, already.Source
	default:
		f.State, f.Err = Failed, fmt.Errorf("ingest: %s: %w", f.Path, err)
		fault := new(storeError)
		if ctx.Err() != nil || errors.As(err, &fault) {
			return err
		}
	}
	return nil
}

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

// run takes the file all the way.
func (j *job) run(ctx context.Context, store graph.Store) (source graph.Source, err error) {
	if err = j.open(ctx); err != nil {
		return source, err
	}
	spec, err := j.spec()
	if err != nil {
		return source, err
	}
	into, err := store.Begin(ctx, spec)
	if err != nil {
		return source, ofStore(err)
	}
	defer func() {
		if abortErr := into.Abort(); err != nil && abortErr != nil {
			err = errors.Join(err, ofStore(abortErr))
		}
	}()
	if j.mapper.Learns() {
		if err = j.learn(ctx); err != nil {
			return source, err
		}
	}
	if !j.options.NoEvidence {
		err = into.Keep(ctx, j.stream(ctx, StageKeep))
		if errors.Is(err, graph.ErrEvidenceMismatch) {
			return source, changed(err)
		}
		if err != nil {
			return source, ofStore(err)
		}
	}
	stats, err := j.rows(ctx, into)
	if err != nil {
		return source, err
	}
	if source, err = into.Commit(ctx); err != nil {
		return source, ofStore(err)
	}
	if source.Rows != stats.Rows+stats.Bad || source.Rows != source.Stored+source.Quarantined {
		err = fmt.Errorf("%w: read %d and %d bad, stored %d, quarantined %d of %d",
			ErrCount, stats.Rows, stats.Bad, source.Stored, source.Quarantined, source.Rows)
	}
	return source, err
}

// changed says what to do about a file that someone is still writing.
func changed(cause error) error {
	return fmt.Errorf("the file changed while it was read; import it again when it is complete: %w", cause)
}

func (j *job) described() string {
	if j.mapper == nil {
		return ""
	}
	return j.dialect.String()
}

// learn is the first pass over the file: it fills the lookups.
func (j *job) learn(ctx context.Context) error {
	reader, err := read.Open(ctx, j.stream(ctx, StageLearn), j.dialect)
	if err != nil {
		return err
	}
	defer reader.Close()
	for {
		row, err := reader.Next()
		bad := new(read.RowError)
		switch {
		case err == nil:
			cells, lost := j.own(row.Cells)
			if lost > 0 {
				continue
			}
			if err := j.mapper.Learn(row.Number, cells); err != nil {
				return err
			}
		case errors.Is(err, io.EOF):
			j.mapper.Learned()
			return nil
		case !errors.As(err, &bad):
			return err
		}
	}
}

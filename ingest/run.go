package ingest

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/ident"
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
	// Part is a pattern of path.Match: of each archive and workbook, only the parts
	// with such a name are imported. ErrNoPart: it has none. The default is "": all.
	Part string
	// With names the second files, one for each join of the mapping, which serve
	// every file. A mapping that joins others is an error wrapping
	// mapping.ErrJoin. The default is nil: none.
	With []With
	// IdentityKey makes pseudonyms of numbers that identify persons. Without it
	// such numbers are kept out.
	IdentityKey ident.Key
	// Named tells the files that a person named. Others, which only lay in a folder,
	// are passed over if the same reading of them was withdrawn: a job of every night
	// must not undo what a person did. The default is nil: all are named.
	Named func(file string) bool
	// CaseKeys are public keys of which one must have signed each case file; nil takes unsigned ones too.
	CaseKeys []ed25519.PublicKey
	// NoEvidence leaves out the copies of the files: rows cannot be shown later.
	NoEvidence bool

	Handling  string
	Grading   string
	Owner     string
	Retention graph.Date

	Now      func() time.Time
	Progress func(Progress) // never called by two goroutines at once
}

// Stage is what happens to a file.
type Stage string

// The stages, in order; Join and Learn only where the mapping joins a second file,
// or looks things up.
const (
	StageHash  Stage = "hash"
	StageJoin  Stage = "join"
	StageLearn Stage = "learn"
	StageKeep  Stage = "keep"
	StageRows  Stage = "rows"
)

// Progress says how far a file has come, in bytes as they lie on the disk, and how many of
// its rows the store has taken.
type Progress struct {
	File        string
	Stage       Stage
	Done, Total int64
	Rows        int64 // of StageRows
}

// State is what became of a file.
type State string

// The states of a file.
const (
	Imported State = "imported" // a new source
	Replaced State = "replaced" // a new reading that took the place of an earlier one
	Already  State = "already"  // imported before; nothing changed
	// Withdrawn is a file that nobody named and that was withdrawn before; nothing changed.
	Withdrawn State = "withdrawn"
	// Blank is a sheet of one cell, such as a note, in a workbook that holds tables beside it; it is passed over.
	Blank   State = "blank"
	Failed  State = "failed"  // nothing of it is stored
	Untried State = "untried" // the run ended before it
)

// File is what became of one file, or part of one.
type File struct {
	File    string    // its path, as given
	Part    read.Part // of the file
	State   State
	Source  graph.Source     // the new source, or the one that was there; zero when State is Failed, Blank or Untried
	Earlier []graph.SourceID // the readings that were replaced
	Dialect string           // how the file is written, in words
	Mended  bool             // it holds rows that ExportQuarantine wrote
	Mends   []string         // of these sources
	Repairs graph.SourceID   // the source whose file it is, mended as a whole; "" for no such
	Open    int64            // rows of Source in quarantine that nobody has mended, see Explainer.Open; all of them where that was not counted
	Joined  []Joined         // what became of its second files; nil for none
	Amends  []Amended        // sources most of whose consignments it states anew, though it mends none of them
	Doubts  []Doubt          // what was kept of a new source though something is wrong with it, the most first

	// Of a case file: the public key of its signature, in hexadecimal digits, and that it has none.
	Signer   string
	Unsigned bool
	// SameCase are, of Imported, case files of the same case by the same office that count too, as it says.
	SameCase []graph.SourceID
	Err      error // of Failed and Untried; names the file

	blank bool // Failed, and of one cell
}

// Path names the file by its path, and the part behind it.
func (f *File) Path() string { return graph.Titled(f.File, f.Part.String()) }

// Report says what became of every file, in the order of the call; of an archive
// each file in it.
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

// Unresolved counts the rows of the files that are refused, whether now or when these were
// imported before, and that nobody has mended yet.
func (r *Report) Unresolved() int64 {
	n := int64(0)
	for i := range r.Files {
		if f := &r.Files[i]; f.State != Failed && f.State != Untried && f.State != Withdrawn {
			n += f.Open
		}
	}
	return n
}

// Run imports files, one source each, in order. A file that cannot be imported
// leaves nothing behind and does not keep the others out; when the store
// refuses, or ctx ends, the rest is not tried. The error joins those of the
// failed files and what ended the run; the report is complete in any case.
//
// Memory is bounded whatever the size of a file, save for the names that a
// mapping's lookups hold.
func Run(ctx context.Context, store graph.Store, files []string, options Options) (Report, error) {
	var report Report
	if options.Now == nil {
		return untried(files), errors.New("ingest: options: no clock")
	}
	if options.Library == nil && options.Mapping == nil {
		var err error
		if options.Library, err = mapping.Library(); err != nil {
			return untried(files), fmt.Errorf("ingest: %w", err)
		}
	}
	r := &run{store: store, options: &options, joins: &joining{options: &options}}
	if err := r.earlier(ctx); err != nil {
		return untried(files), fmt.Errorf("ingest: list sources: %w", err)
	}
	defer r.joins.close()
	for _, path := range files {
		report.Files = append(report.Files, r.file(ctx, path)...)
	}
	var all []error
	if r.stopped == nil {
		if err := r.count(ctx, &report); err != nil {
			all = append(all, fmt.Errorf("ingest: rows in quarantine: %w", err))
		}
	}
	for i := range report.Files {
		if f := &report.Files[i]; f.State == Failed {
			all = append(all, f.Err)
		}
	}
	if r.stopped != nil && !errors.Is(errors.Join(all...), r.stopped) {
		all = append(all, fmt.Errorf("ingest: %w", r.stopped))
	}
	return report, errors.Join(all...)
}

// untried is the report of a run that did not begin.
func untried(files []string) Report {
	report := Report{Files: make([]File, len(files))}
	for i, path := range files {
		report.Files[i] = File{File: path, State: Untried}
	}
	return report
}

// run is a call of Run.
type run struct {
	store   graph.Store
	options *Options
	known   map[graph.Content][]graph.SourceID // sources that count, by what they were read from
	// withdrawn are readings that a person took out, those last of each.
	withdrawn map[graph.Reading]graph.Source
	titles    map[graph.SourceID]string // of sources that count
	broken    []graph.Source            // those that count and have rows in quarantine, in order of time
	joins     *joining
	stopped   error // what ended the run; the rest is not tried
}

// earlier lists the sources that are there.
func (r *run) earlier(ctx context.Context) error {
	sources, err := r.store.Sources(ctx)
	if err != nil {
		return err
	}
	r.known, r.withdrawn = make(map[graph.Content][]graph.SourceID), make(map[graph.Reading]graph.Source)
	r.titles = make(map[graph.SourceID]string)
	for i := range sources {
		switch s := &sources[i]; s.EndedBy {
		case graph.NotEnded:
			r.known[s.Content()] = append(r.known[s.Content()], s.ID)
			r.titles[s.ID] = s.Title()
			r.brought(s)
		case graph.Withdrawn:
			if last, found := r.withdrawn[s.Reading()]; !found || last.Ended.Before(s.Ended) {
				r.withdrawn[s.Reading()] = *s
			}
		}
	}
	return nil
}

// brought notes a source whose file somebody may mend.
func (r *run) brought(s *graph.Source) {
	if s.Quarantined > 0 && s.HasEvidence {
		r.broken = append(r.broken, *s)
	}
}

// count takes off each file's open rows those that somebody has mended.
func (r *run) count(ctx context.Context, report *Report) error {
	if !slices.ContainsFunc(report.Files, func(f File) bool { return f.Open > 0 }) {
		return nil
	}
	sources, err := r.store.Sources(ctx)
	if err != nil {
		return err
	}
	reader, err := r.store.Within(ctx, graph.Scope{})
	if err != nil {
		return err
	}
	e := NewExplainer(reader, sources)
	for i := range report.Files {
		f := &report.Files[i]
		if f.Open == 0 || err != nil {
			continue
		}
		var n int64
		if n, err = e.Unmended(ctx, f.Source.ID); err == nil {
			f.Open = min(f.Open, n)
		}
	}
	return errors.Join(err, e.Close(), reader.Close())
}

// file imports the parts of one file.
func (r *run) file(ctx context.Context, path string) []File {
	if r.stopped != nil {
		return []File{r.untried(path, read.Part{})}
	}
	if isCase(path) {
		return r.caseFile(ctx, path)
	}
	came, err := r.arrive(ctx, path)
	if err != nil {
		if ctx.Err() != nil {
			r.stopped = err
		}
		return []File{{File: path, State: Failed, Err: fmt.Errorf("ingest: %s: %w", path, err)}}
	}
	// The file was only read: closing it cannot lose anything.
	defer func() { _ = came.file.Close() }()
	var all []File
	for _, part := range came.parts {
		if r.stopped != nil {
			all = append(all, r.untried(path, part))
			continue
		}
		for _, j := range r.readings(ctx, came, part) {
			f := File{File: path, Part: j.part}
			if r.stopped != nil {
				f = r.untried(path, j.part)
			} else {
				r.part(ctx, &f, j)
			}
			all = append(all, f)
		}
	}
	passBlank(all)
	return all
}

func (r *run) untried(path string, part read.Part) File {
	f := File{File: path, Part: part, State: Untried}
	f.Err = fmt.Errorf("ingest: %s: %w: %w", f.Path(), ErrStopped, r.stopped)
	return f
}

// part imports one part of a file.
func (r *run) part(ctx context.Context, f *File, j *job) {
	source, err := j.run(ctx, r)
	f.Dialect, f.Mended, f.Mends, f.Repairs = j.described(), j.cut > 0, j.mends, j.whole
	if j.mapper != nil {
		f.Joined = j.seconds.met(j.mapper, err == nil)
		f.Doubts = j.doubts.list()
	}
	others := len(r.known)
	r.became(ctx, f, source, err)
	f.blank = f.State == Failed && r.stopped == nil && j.oneCell(j.first)
	if f.State == Imported && others > 0 && !f.Mended && f.Repairs == "" {
		if f.Amends, err = r.amends(ctx, source.ID, j.consigned); err != nil {
			r.stopped = fmt.Errorf("%s: compare with other sources: %w", f.Path(), ofStore(err)) // the file is in
		}
	}
}

// became notes what became of a file, and ends the run when no further one should be tried.
func (r *run) became(ctx context.Context, f *File, source graph.Source, err error) {
	already := new(graph.AlreadyImportedError)
	switch {
	case err == nil:
		f.State, f.Source, f.Earlier = Imported, source, r.known[source.Content()]
		if len(f.Earlier) > 0 {
			f.State = Replaced
		}
		f.Open = source.Quarantined
		r.known[source.Content()] = []graph.SourceID{source.ID}
		r.titles[source.ID] = source.Title()
		r.broken = slices.DeleteFunc(r.broken, func(s graph.Source) bool { return slices.Contains(f.Earlier, s.ID) })
		r.brought(&source)
	case errors.As(err, &already):
		f.State, f.Source, f.Open = Already, already.Source, already.Source.Quarantined
	case errors.Is(err, errWithdrawn):
		f.State, f.Source = Withdrawn, source
	default:
		f.State, f.Err = Failed, fmt.Errorf("ingest: %s: %w", f.Path(), err)
		fault := new(storeError)
		if ctx.Err() != nil || errors.As(err, &fault) {
			r.stopped = err
		}
	}
}

// run takes the file all the way.
func (j *job) run(ctx context.Context, r *run) (source graph.Source, err error) {
	if err = j.open(ctx); err != nil {
		return source, err
	}
	spec, err := j.spec()
	if err != nil {
		return source, err
	}
	if gone, out := r.takenOut(&spec, j.path); out {
		return gone, errWithdrawn
	}
	if len(r.known[spec.Content()]) == 0 {
		if j.whole, err = r.repaired(ctx, j); err == nil && j.whole != "" {
			spec, err = j.spec()
		}
		if err != nil {
			return source, err
		}
	}
	var stats read.Stats
	source, err = r.source(ctx, spec, func(into graph.Import) error {
		err := j.learn(ctx)
		if err == nil {
			err = j.keep(ctx, into, spec.Files())
		}
		if err == nil {
			stats, err = j.rows(ctx, into)
		}
		if err == nil {
			err = j.seconds.refuse(ctx, into)
		}
		return err
	})
	if err == nil && (source.Rows != stats.Rows+stats.Bad || source.Rows != source.Stored+source.Quarantined) {
		err = fmt.Errorf("%w: read %d and %d bad, stored %d, quarantined %d of %d",
			ErrCount, stats.Rows, stats.Bad, source.Stored, source.Quarantined, source.Rows)
	}
	return source, err
}

// keep has the file and its second ones kept, each once.
func (j *job) keep(ctx context.Context, into graph.Import, files []graph.SHA256) error {
	if j.options.NoEvidence {
		return nil
	}
	all := []*job{j}
	for _, s := range j.seconds.all {
		all = append(all, s.job)
	}
	for _, sha := range files {
		one := all[slices.IndexFunc(all, func(k *job) bool { return k.sha == sha })]
		if err := ofKeeping(into.Keep(ctx, sha, one.stream(ctx, StageKeep))); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) described() string {
	if j.mapper == nil {
		return ""
	}
	return j.dialect.String()
}

// learn reads what must be known before the first row: the second files, and the
// file itself where the mapping looks things up in it.
func (j *job) learn(ctx context.Context) error {
	if err := j.seconds.learn(ctx, j.mapper); err != nil || !j.mapper.Learns() {
		return err
	}
	return j.learnLookups(ctx)
}

// learnLookups is the first pass over the file: it fills the lookups.
func (j *job) learnLookups(ctx context.Context) error {
	reader, err := format.Open(ctx, j.stream(ctx, StageLearn), j.dialect)
	if err != nil {
		return err
	}
	defer reader.Close()
	reader = j.table(reader)
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

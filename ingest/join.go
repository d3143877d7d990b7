package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// MaxBroken is how many broken rows of a second file are told one by one by Run.
// The store has them all.
const MaxBroken = 1000

// mostBroken is how many rows of a second file may be broken.
const mostBroken = 1 << 20

// ErrBroken is returned for a second file hardly any row of which can be joined.
var ErrBroken = fmt.Errorf("more than %d of its rows cannot be read or joined: it is hardly the file that is meant; name how it is written under file in the mapping's join", mostBroken)

// With names the second file of a join.
type With struct {
	Join string // its name in the mapping
	File string
	Part string // pattern of the part that is meant, as in Options; "" leaves it to the mapping
}

// Joined is what became of a second file beside one file.
type Joined struct {
	graph.Joined
	File              string // its path, as given
	Dialect           string // how it is written, in words
	Rows              int64  // that could be joined, or state no key
	Broken            int64  // rows that could not be, each as if it were not there
	Errors            []graph.RowError
	mapping.JoinStats // zero where nothing was read: State is Already
}

// second is a second file on its way in.
type second struct {
	*job    // of its part; there is no mapping
	join    mapping.Join
	columns []string
	rows    int64
	broken  int64
	refused [][]graph.RowError // all errors of each broken row
}

// seconds are the second files of one mapping. They are opened, and read, once for
// all files that the mapping reads.
type seconds struct {
	all     []*second
	learned *mapping.Mapper // that has read them
	err     error           // they cannot be opened
}

// joining opens second files for the files of a run.
type joining struct {
	options *Options
	known   map[*mapping.Mapping]*seconds
}

// of returns the second files of a mapping.
func (o *joining) of(ctx context.Context, m *mapping.Mapping) (*seconds, error) {
	if s := o.known[m]; s != nil {
		return s, s.err
	}
	s := new(seconds)
	if s.err = s.open(ctx, m, o.options); ctx.Err() == nil {
		if o.known == nil {
			o.known = make(map[*mapping.Mapping]*seconds)
		}
		o.known[m] = s
	}
	return s, s.err
}

// close closes what was opened. The files were only read: that cannot lose
// anything.
func (o *joining) close() {
	for _, s := range o.known {
		s.close()
	}
}

func (s *seconds) close() {
	for _, one := range s.all {
		_ = one.file.Close()
	}
	s.all = nil
}

// open opens one file for each join of the mapping.
func (s *seconds) open(ctx context.Context, m *mapping.Mapping, options *Options) error {
	var names []string
	for _, w := range options.With {
		if slices.Contains(names, w.Join) {
			return fmt.Errorf("join %s: two files are given", w.Join)
		}
		names = append(names, w.Join)
	}
	if err := m.CheckJoins(names); err != nil {
		return err
	}
	for _, j := range m.Joins() {
		with := options.With[slices.Index(names, j.Name)]
		one, err := openSecond(ctx, j, with, options)
		if err != nil {
			s.close()
			return fmt.Errorf("join %s: %s: %w", j.Name, with.File, err)
		}
		s.all = append(s.all, one)
	}
	return nil
}

func openSecond(ctx context.Context, j mapping.Join, with With, options *Options) (_ *second, err error) {
	came, err := arrive(ctx, with.File, cmp.Or(with.Part, j.Part))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, came.file.Close())
		}
	}()
	if len(came.parts) > 1 {
		return nil, &PartsError{came.parts}
	}
	one := &second{job: &job{arrival: came, part: came.parts[0], options: options}, join: j}
	hints := read.Hints{Encoding: read.Encoding(j.Encoding), Delimiter: j.Delimiter, Quote: j.Quote, Record: j.Record}
	rows, err := one.sample(ctx, hints, mapping.SampleRows)
	if err != nil {
		return nil, err
	}
	one.columns, one.cut = rows[0], 0
	if d := &one.dialect; !d.Named() {
		d.Header, d.Columns = j.Header, len(rows[0]) // the first row says how many there are
	}
	return one, one.hash(ctx)
}

// columns names the columns of each second file for Bind.
func (s *seconds) columns() []mapping.Second {
	all := make([]mapping.Second, len(s.all))
	for i, one := range s.all {
		all[i] = mapping.Second{Join: one.join.Name, Columns: one.columns}
	}
	return all
}

// learn gives the mapper what the second files hold.
func (s *seconds) learn(ctx context.Context, m *mapping.Mapper) error {
	if s.learned != nil {
		m.Adopt(s.learned)
		return nil
	}
	for i, one := range s.all {
		if err := one.learn(ctx, i, m); err != nil {
			return fmt.Errorf("join %s: %s: %w", one.join.Name, one.path, err)
		}
	}
	s.learned = m
	return nil
}

// learn reads a second file. It fails when the bytes read are not those that were
// hashed.
func (s *second) learn(ctx context.Context, i int, m *mapping.Mapper) error {
	s.rows, s.broken, s.refused = 0, 0, nil
	h := sha256.New()
	stream := s.stream(ctx, StageJoin)
	from := io.TeeReader(stream, h)
	reader, err := format.Open(ctx, hashed{from, stream}, s.dialect)
	if err != nil {
		return err
	}
	defer reader.Close()
	for {
		row, err := reader.Next()
		bad := new(read.RowError)
		switch {
		case err == nil:
			err = s.row(row, i, m)
		case errors.As(err, &bad):
			err = s.refuse(bad)
		case errors.Is(err, io.EOF):
			return s.unchanged(from, h.Sum)
		default:
			if sizeErr := s.sameSize(); sizeErr != nil {
				err = errors.Join(sizeErr, err)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (s *second) row(row *read.Row, i int, m *mapping.Mapper) error {
	faults, err := m.LearnJoined(i, row.Number, row.Cells)
	switch {
	case err != nil:
		return err
	case len(faults) == 0:
		s.rows++
		return nil
	}
	return s.tell(row.Position, faults)
}

func (s *second) refuse(bad *read.RowError) error {
	var row graph.Row
	refuse(&row, &line{number: bad.Row, bad: bad})
	return s.tell(bad.Position, row.Errors)
}

// tell notes why a row cannot be joined.
func (s *second) tell(at read.Position, faults []graph.RowError) error {
	if s.broken++; s.broken > mostBroken {
		return ErrBroken
	}
	row := slices.Clone(faults)
	for i := range row {
		row[i].Join, row[i].Span = s.join.Name, graph.Span{Offset: at.Offset, Length: at.Length}
	}
	s.refused = append(s.refused, row)
	return nil
}

// told are the errors of the first broken rows.
func (s *second) told() []graph.RowError {
	return slices.Concat(s.refused[:min(len(s.refused), MaxBroken)]...)
}

// refuse hands the broken rows of the second files to an import.
func (s *seconds) refuse(ctx context.Context, into graph.Import) error {
	for _, one := range s.all {
		for _, row := range one.refused {
			if err := into.Refuse(ctx, slices.Clone(row)); err != nil {
				return ofStore(err)
			}
		}
	}
	return nil
}

// spec is what the store is told of the second files.
func (s *seconds) spec() []graph.Joined {
	var all []graph.Joined
	for _, one := range s.all {
		all = append(all, graph.Joined{
			Join: one.join.Name, Name: valid(filepath.Base(one.path)), SHA256: one.sha, Size: one.file.Size(), Part: valid(one.part.String()),
		})
	}
	return all
}

// valid is text that every store gives back as it is.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// layouts are what is kept to read rows of the second files again.
func (s *seconds) layouts(m *mapping.Mapper) []secondSpec {
	var all []secondSpec
	for i, one := range s.all {
		all = append(all, secondSpec{Join: one.join.Name, Layout: layoutSpec{Dialect: one.dialect, Guards: m.JoinedGuards(i)}})
	}
	return all
}

// met says what became of the second files beside one file.
func (s *seconds) met(m *mapping.Mapper, learned bool) []Joined {
	var all []Joined
	for i, spec := range s.spec() {
		one := s.all[i]
		j := Joined{Joined: spec, File: one.path, Dialect: one.dialect.String()}
		if learned {
			j.Rows, j.Broken, j.Errors, j.JoinStats = one.rows, one.broken, one.told(), m.JoinStats(i)
		}
		all = append(all, j)
	}
	return all
}

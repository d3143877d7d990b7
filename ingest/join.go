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

// ErrSeveral is returned where several files are given for a join and one that is not the first
// holds no mended rows of a second file.
var ErrSeveral = errors.New("two files are given; behind the first may stand such as hold mended rows of it, which ExportJoined wrote")

// ErrMendedAlone is returned where mended rows of a second file are given without the file that they
// are of: all its other rows would be gone.
var ErrMendedAlone = errors.New("it holds mended rows of a second file; name the file itself before it")

// With names the second file of a join. Several of one join are the file, and behind it such as
// ExportJoined wrote and somebody mended: they are read as if their rows stood in the file.
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
	at      int    // number of the join in the mapping
	label   string // what the store calls it: the name of the join; of mended rows with a number behind it
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

// open opens the files of each join of the mapping.
func (s *seconds) open(ctx context.Context, m *mapping.Mapping, options *Options) error {
	var names []string
	for _, w := range options.With {
		if !slices.Contains(names, w.Join) {
			names = append(names, w.Join)
		}
	}
	if err := m.CheckJoins(names); err != nil {
		return err
	}
	for at, j := range m.Joins() {
		var first *second
		n := 0
		for _, with := range options.With {
			if with.Join != j.Name {
				continue
			}
			one, err := openSecond(ctx, j, with, options)
			if err == nil {
				s.all = append(s.all, one)
				n++
				one.at, one.label = at, labelled(j.Name, n)
				err = one.fits(first)
			}
			if err != nil {
				s.close()
				return fmt.Errorf("join %s: %s: %w", j.Name, with.File, err)
			}
			if first == nil {
				first = one
			}
		}
	}
	return nil
}

// labelled is what the store calls the n-th file of a join, counted from 1.
func labelled(join string, n int) string {
	if n == 1 {
		return join
	}
	return fmt.Sprintf("%s.%d", join, n)
}

// JoinOf is the name of the join that a file of a source's Joined is of.
func JoinOf(label string) string {
	join, _, _ := strings.Cut(label, ".")
	return join
}

// fits reports whether a file can stand behind the first of its join, or be the first.
func (s *second) fits(first *second) error {
	switch {
	case first == nil && s.cut > 0:
		return ErrMendedAlone
	case first == nil:
		return nil
	case s.cut == 0:
		return ErrSeveral
	case first.join.Header && !slices.Equal(s.columns, first.columns) || len(s.columns) != len(first.columns):
		return fmt.Errorf("its columns are not those of %s: %w", filepath.Base(first.path), ErrSeveral)
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
		return nil, &PartsError{Parts: came.parts}
	}
	one := &second{job: &job{arrival: came, part: came.parts[0], options: options}, join: j}
	rows, err := one.sample(ctx, read.Hints{}, mapping.SampleRows)
	// What ExportJoined wrote is not written the way the mapping says of the file.
	hints := read.Hints{Encoding: read.Encoding(j.Encoding), Delimiter: j.Delimiter, Quote: j.Quote, Record: j.Record}
	if hints != (read.Hints{}) && one.cut == 0 {
		rows, err = one.sample(ctx, hints, mapping.SampleRows)
	}
	if err != nil {
		return nil, err
	}
	one.columns = one.ownNames(rows[0])
	if d := &one.dialect; !d.Named() {
		d.Header, d.Columns = j.Header || one.cut > 0, len(rows[0]) // the first row says how many there are
	}
	return one, one.hash(ctx)
}

// columns names the columns of each second file for Bind.
func (s *seconds) columns() []mapping.Second {
	var all []mapping.Second
	for _, one := range s.all {
		if one.cut == 0 {
			all = append(all, mapping.Second{Join: one.join.Name, Columns: one.columns})
		}
	}
	return all
}

// learn gives the mapper what the second files hold.
func (s *seconds) learn(ctx context.Context, m *mapping.Mapper) error {
	if s.learned != nil {
		m.Adopt(s.learned)
		return nil
	}
	for _, one := range s.all {
		if err := one.learn(ctx, m); err != nil {
			return fmt.Errorf("join %s: %s: %w", one.join.Name, one.path, err)
		}
	}
	for _, one := range s.all {
		if one.cut == 0 {
			continue
		}
		if err := s.mended(ctx, one); err != nil {
			return fmt.Errorf("join %s: %s: %w", one.join.Name, one.path, err)
		}
	}
	s.learned = m
	return nil
}

// mended takes the rows that a file brings in again off those that were refused.
func (s *seconds) mended(ctx context.Context, by *second) error {
	again := make(map[string]map[int64]bool)
	err := eachMended(ctx, by.file, by.dialect, func(_ int64, of string, was int64) {
		if again[of] == nil {
			again[of] = make(map[int64]bool)
		}
		again[of][was] = true
	})
	for _, one := range s.all {
		if rows := again[fileOrigin(one.sha)]; one.at == by.at && one != by && len(rows) > 0 {
			one.refused = slices.DeleteFunc(one.refused, func(row []graph.RowError) bool { return rows[row[0].Row] })
			one.broken = int64(len(one.refused))
		}
	}
	return err
}

// learn reads a second file. It fails when the bytes read are not those that were
// hashed.
func (s *second) learn(ctx context.Context, m *mapping.Mapper) error {
	s.rows, s.broken, s.refused = 0, 0, nil
	h := sha256.New()
	stream := s.stream(ctx, StageJoin)
	from := io.TeeReader(stream, h)
	reader, err := format.Open(ctx, hashed{from, stream}, s.dialect)
	if err != nil {
		return err
	}
	defer reader.Close()
	reader = s.table(reader)
	for {
		row, err := reader.Next()
		bad := new(read.RowError)
		switch {
		case err == nil:
			err = s.row(row, m)
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

func (s *second) row(row *read.Row, m *mapping.Mapper) error {
	cells, lost := s.own(row.Cells)
	if lost > 0 {
		bad := lostError(s.columns[min(lost, len(s.columns))-1])
		bad.Row, bad.Position = row.Number, row.Position
		return s.refuse(bad)
	}
	faults, err := m.LearnJoined(s.at, row.Number, cells)
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
		row[i].Join, row[i].Span = s.label, graph.Span{Offset: at.Offset, Length: at.Length}
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
			Join: one.label, Name: valid(filepath.Base(one.path)), SHA256: one.sha, Size: one.file.Size(), Part: valid(one.part.String()),
		})
	}
	return all
}

// valid is text that every store gives back as it is.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// layouts are what is kept to read rows of the second files again.
func (s *seconds) layouts(m *mapping.Mapper) []secondSpec {
	var all []secondSpec
	for _, one := range s.all {
		all = append(all, secondSpec{Join: one.label, Layout: layoutSpec{Dialect: one.dialect, Guards: one.shifted(m.JoinedGuards(one.at))}})
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
			j.Rows, j.Broken, j.Errors = one.rows, one.broken, one.told()
		}
		if learned && one.cut == 0 { // of all files of the join together
			j.JoinStats = m.JoinStats(one.at)
		}
		all = append(all, j)
	}
	return all
}

package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rummage/casefile/marking"
	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// ErrNoRows is returned for a file that holds a header and nothing else.
var ErrNoRows = errors.New("the file has a header and no rows below it")

// ErrNoPart is returned for a file none of whose parts has the name that is
// wanted.
var ErrNoPart = errors.New("none of its parts is named so")

// arrival is a file that was opened, with the parts that are wanted.
type arrival struct {
	path  string
	file  *read.File
	parts []read.Part
	sha   graph.SHA256 // "" until hash was called
	least marking.Code // the handling code that it has at least

	telling sync.Mutex
	far     Progress // told last
}

// arrive opens a file and lists its parts whose names match a pattern, all for
// none.
func arrive(ctx context.Context, name, pattern string) (*arrival, error) {
	file, err := read.OpenFile(name)
	if err != nil {
		return nil, err
	}
	parts, err := format.Parts(ctx, file)
	if err == nil && pattern != "" {
		parts, err = wanted(parts, pattern)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &arrival{path: name, file: file, parts: parts}, nil
}

// mostNamed is how many parts an error names.
const mostNamed = 20

// wanted picks the parts whose names match a pattern of path.Match. A sheet goes
// by its name, with or without the # before it.
func wanted(parts []read.Part, pattern string) ([]read.Part, error) {
	var picked []read.Part
	for _, part := range parts {
		name := part.String()
		whole, err := path.Match(pattern, name)
		if err != nil {
			return nil, fmt.Errorf("part %q: %w", pattern, err)
		}
		sheet, _ := path.Match(pattern, strings.TrimPrefix(name, "#"))
		if whole || sheet {
			picked = append(picked, part)
		}
	}
	switch {
	case len(picked) > 0:
		return picked, nil
	case len(parts) == 1 && parts[0] == (read.Part{}):
		return nil, fmt.Errorf("%w: %q; it has no parts", ErrNoPart, pattern)
	}
	return nil, fmt.Errorf("%w: %q; it has %s", ErrNoPart, pattern, named(parts))
}

// named lists parts by their names.
func named(parts []read.Part) string {
	var names []string
	for i, part := range parts {
		if i == mostNamed {
			names = append(names, fmt.Sprintf("%d more", len(parts)-mostNamed))
			break
		}
		names = append(names, strconv.Quote(part.String()))
	}
	return strings.Join(names, ", ")
}

// job is one part of a file on its way in.
type job struct {
	*arrival
	part      read.Part
	options   *Options
	hints     read.Hints
	found     *read.Dialect      // what the hints lead to, nil: not yet known
	library   []*mapping.Mapping // to recognise it by, nil: that of the options
	first     [][]string         // see recognise
	fault     error
	dialect   read.Dialect
	mapping   *mapping.Mapping
	mapper    *mapping.Mapper
	joins     *joining
	seconds   *seconds       // of the mapping
	cut       int            // reason columns of a repaired file, before its own
	doubts    doubts         // of the rows that were stored
	consigned consigned      // of the first of these
	mends     []string       // of what the rows of a repaired file were rows
	whole     graph.SourceID // whose file this is, mended; "" for no such
}

// open looks at the part: how it is written, which mapping it wants, and
// whether that mapping's columns are there. Nothing is stored yet.
func (j *job) open(ctx context.Context) error {
	if err := j.layout(ctx); err != nil {
		return err
	}
	if err := j.hash(ctx); err != nil {
		return err
	}
	told := func(part read.Part) string {
		content := sha256.Sum256([]byte(string(j.sha) + "\x00" + part.String()))
		return hex.EncodeToString(content[:6])
	}
	j.mapper.Of(told(j.part), told(read.Part{Member: j.part.Member}))
	j.mapper.Identify(j.options.IdentityKey)
	return j.origins(ctx)
}

// mostMended is of how many sources a repaired file may hold rows that are known again.
const mostMended = 1000

// origins notes of which sources a repaired file holds rows.
func (j *job) origins(ctx context.Context) error {
	if j.cut == 0 {
		return nil
	}
	return eachMended(ctx, j.file, j.dialect, func(_ int64, of string, _ int64) {
		if !sourceOrigin.MatchString(of) {
			return
		}
		if at, known := slices.BinarySearch(j.mends, of); !known && len(j.mends) < mostMended {
			j.mends = slices.Insert(j.mends, at, of)
		}
	})
}

// hash reads the whole file, once for all its parts.
func (j *job) hash(ctx context.Context) error {
	if j.sha != "" {
		return nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, j.stream(ctx, StageHash)); err != nil {
		return fmt.Errorf("hash: %w", err)
	}
	j.sha = graph.SHA256(hex.EncodeToString(h.Sum(nil)))
	return nil
}

// layout finds dialect and mapping and joins them.
func (j *job) layout(ctx context.Context) error {
	if err := j.recognise(ctx); err != nil {
		return err
	}
	rows, err := j.first, j.fault
	// A repaired file is written the way ExportQuarantine does it.
	if better := withMapping(j.hints, j.mapping); j.cut == 0 && better != j.hints {
		rows, err = j.sample(ctx, better, mapping.SampleRows)
	}
	if err != nil {
		return err
	}
	columns := j.ownNames(rows[0])
	if !j.dialect.Named() {
		most := j.dialect.Columns
		j.dialect.Header, j.dialect.Columns = j.mapping.HasHeader() || j.cut > 0, len(rows[0])
		if !j.dialect.Header && most == j.mapping.Width() {
			// The first row may be a ragged one: what most rows have counts.
			columns, j.dialect.Columns = make([]string, most), most
		}
	}
	if j.seconds, err = j.joins.of(ctx, j.mapping); err != nil {
		return err
	}
	if j.mapper, err = j.mapping.Bind(columns, j.seconds.columns()...); err != nil {
		return err
	}
	if j.dialect.Header && len(rows) == 1 && j.headerOnly(ctx) {
		return ErrNoRows
	}
	return nil
}

// recognise reads the first rows and finds the mapping that they want. Where one was
// named, what is wrong with the rows is kept: the mapping may say how to read them.
func (j *job) recognise(ctx context.Context) error {
	if j.mapping != nil {
		return nil
	}
	j.first, j.fault = j.sample(ctx, j.hints, mapping.SampleRows)
	if j.mapping = j.options.Mapping; j.mapping != nil {
		return nil
	}
	if j.fault != nil {
		return j.fault
	}
	library := j.library
	if library == nil || j.cut > 0 {
		library = j.options.Library
	}
	known, err := mapping.Recognise(library, j.body(j.first))
	if err == nil {
		j.mapping = known
	}
	return err
}

// withMapping adds what a mapping says about its files to what the user said.
func withMapping(h read.Hints, m *mapping.Mapping) read.Hints {
	if h.Encoding == "" {
		h.Encoding = read.Encoding(m.Encoding)
	}
	if h.Delimiter == "" {
		h.Delimiter = m.Delimiter
	}
	if h.Quote == "" {
		h.Quote = m.Quote
	}
	if h.Widths == "" {
		h.Widths = m.Widths
	}
	return h
}

// sampleBytes bounds the sample where rows are long.
const sampleBytes = 1 << 20

// sample finds the dialect and reads the first rows, the header among them. Rows of empty cells
// above them are none of the table. read.ErrEmpty: there are no others.
func (j *job) sample(ctx context.Context, hints read.Hints, most int) ([][]string, error) {
	var err error
	if j.found != nil && hints == j.hints {
		j.dialect = *j.found
	} else if j.dialect, err = format.Detect(ctx, j.file, j.part, hints); err != nil {
		return nil, err
	}
	d := j.dialect
	var rows [][]string
	if d.Named() {
		rows = append(rows, strings.Split(d.Names, read.Between))
	} else {
		d.Header, d.Columns = false, 0
	}
	reader, err := format.Open(ctx, j.all(), d)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	reader = j.table(reader)
	for left := sampleBytes; len(rows) < most && left > 0; {
		row, err := reader.Next()
		bad := new(read.RowError)
		switch {
		case err == nil:
			if above, is := reader.(*stating); is && above.passed > 0 && len(rows) == 0 {
				j.dialect.First = row.Number
			}
			rows = append(rows, row.Names())
			left -= len(row.Raw)
		case errors.As(err, &bad) && len(rows) > 0:
		case errors.As(err, &bad):
			return nil, fmt.Errorf("the first row cannot be read: %w", err)
		case len(rows) > 0 && ctx.Err() == nil:
			// What is wrong further on is met again when the rows are read.
			return j.markRepaired(rows), nil
		case errors.Is(err, io.EOF):
			return nil, read.ErrEmpty
		default:
			return nil, err
		}
	}
	return j.markRepaired(rows), nil
}

// markRepaired notes whether the rows come from ExportQuarantine.
func (j *job) markRepaired(rows [][]string) [][]string {
	j.cut = reasonsIn(rows[0])
	return rows
}

// body is the sample as the mapping's own file would have it.
func (j *job) body(rows [][]string) [][]string {
	if j.cut == 0 {
		return rows
	}
	cut := make([][]string, 0, len(rows))
	for _, row := range rows {
		cut = append(cut, j.ownNames(row))
	}
	if isNumbered(cut[0]) {
		return cut[1:]
	}
	return cut
}

// headerOnly reports that no row of any kind follows the header.
func (j *job) headerOnly(ctx context.Context) bool {
	reader, err := format.Open(ctx, j.all(), j.dialect)
	if err != nil {
		return false
	}
	defer reader.Close()
	_, err = j.table(reader).Next()
	return errors.Is(err, io.EOF)
}

// all streams the file from its first byte, beside any other stream.
func (j *job) all() *io.SectionReader { return io.NewSectionReader(j.file, 0, j.file.Size()) }

// stream is all, counted for progress.
func (j *job) stream(ctx context.Context, stage Stage) *meter {
	return &meter{ctx: ctx, from: j.all(), total: j.file.Size(), tell: func(done int64) {
		j.tell(func(p *Progress) {
			if p.Stage != stage {
				p.Rows = 0
			}
			p.Stage, p.Done = stage, done
		})
	}}
}

// tell changes how far the job is, and tells it.
func (j *job) tell(change func(*Progress)) {
	if j.options.Progress == nil {
		return
	}
	j.telling.Lock()
	defer j.telling.Unlock()
	change(&j.far)
	j.far.File, j.far.Total = (&File{File: j.path, Part: j.part}).Path(), j.file.Size()
	j.options.Progress(j.far)
}

// spec is what the store is told before the first row.
func (j *job) spec() (graph.SourceSpec, error) {
	dialect, err := json.Marshal(layoutSpec{
		Dialect: j.dialect, Guards: j.guards(), Joins: j.mapping.JoinText(), Second: j.seconds.layouts(j.mapper), Mends: j.mends, Repairs: j.whole,
	})
	if err != nil {
		return graph.SourceSpec{}, fmt.Errorf("dialect: %w", err)
	}
	handling, err := j.atLeast()
	if err != nil {
		return graph.SourceSpec{}, err
	}
	o := j.options
	return graph.SourceSpec{
		Name: filepath.Base(j.path), SHA256: j.sha, Size: j.file.Size(), Part: j.part.String(),
		Mapping: j.mapping.Name, Rules: j.mapping.Rules, Options: j.canonical(), Joined: j.seconds.spec(),
		Dialect: dialect, Handling: handling, Grading: o.Grading, Owner: o.Owner, Retention: o.Retention,
		ImportedAt: o.Now().UTC().Truncate(microsecond),
	}, nil
}

// layoutSpec is what a source keeps to read its rows again: the dialect, and the
// columns to be kept from sight.
type layoutSpec struct {
	read.Dialect
	Guards map[int]mapping.Guard `json:"guards,omitempty"` // by column, from 0
	Joins  string                `json:"joins,omitempty"`  // which rows of second files go with its own, see mapping.ParseJoins
	Second []secondSpec          `json:"second,omitempty"` // in the order of the source's Joined

	Mends   []string       `json:"mends,omitempty"`   // sources whose rows it brought in again, see ExportQuarantine
	Repairs graph.SourceID `json:"repairs,omitempty"` // source whose file it is, mended as a whole
}

// secondSpec is how the second file of a join is read again.
type secondSpec struct {
	Join   string     `json:"join"`
	Layout layoutSpec `json:"layout"`
}

// guards are those of the mapping, by the columns of the file as it is read: in a
// repaired file the reasons stand before the mapping's own.
func (j *job) guards() map[int]mapping.Guard {
	return j.shifted(j.mapper.Guards())
}

// shifted moves guards behind the reasons.
func (j *job) shifted(guards map[int]mapping.Guard) map[int]mapping.Guard {
	if len(guards) == 0 {
		return nil
	}
	all := make(map[int]mapping.Guard)
	for i, g := range guards {
		all[i+j.cut] = g
	}
	return all
}

// canonical writes what the user said that changes what is read: the hints, and
// where numbers of persons are guarded which key makes their pseudonyms.
func (j *job) canonical() string {
	text := canonical(j.options.Hints)
	if !j.mapper.Guarded() || !j.options.IdentityKey.Given() {
		return text
	}
	key := "identity=" + j.options.IdentityKey.Fingerprint()
	if text == "" {
		return key
	}
	return text + "," + key
}

// canonical writes the hints of the user, "" when there are none. What Detect
// finds by itself follows from the bytes and is no option.
func canonical(h read.Hints) string {
	var parts []string
	for _, p := range []struct {
		name  string
		given bool
		value any
	}{
		{"delimiter", h.Delimiter != "", h.Delimiter}, {"encoding", h.Encoding != "", h.Encoding},
		{"header", h.Header != read.Auto, h.Header}, {"quote", h.Quote != "", h.Quote},
		{"quoted", h.Quoted != read.Auto, h.Quoted}, {"record", h.Record != "", h.Record}, {"text", h.Text != read.Auto, h.Text},
		{"widths", h.Widths != "", h.Widths},
	} {
		if p.given {
			parts = append(parts, fmt.Sprintf("%s=%v", p.name, p.value))
		}
	}
	return strings.Join(parts, ",")
}

// meter counts what is read through it, in order or not, and tells now and then.
type meter struct {
	ctx   context.Context
	from  *io.SectionReader
	total int64
	done  int64
	told  int64
	tell  func(done int64)
}

// tellEvery is how many bytes lie between two calls of Progress.
const tellEvery = 1 << 20

func (m *meter) Read(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.from.Read(p)
	m.count(n, err)
	return n, err
}

// ReadAt reads as io.ReaderAt does, but for one goroutine.
func (m *meter) ReadAt(p []byte, offset int64) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.from.ReadAt(p, offset)
	m.count(n, nil)
	return n, err
}

// Size returns the size of the file.
func (m *meter) Size() int64 { return m.from.Size() }

// count adds what was read; pieces that are read twice cannot make it more than
// there is.
func (m *meter) count(n int, err error) {
	m.done = min(m.done+int64(n), m.total)
	if m.done-m.told >= tellEvery || err != nil && m.done > m.told {
		m.told = m.done
		m.tell(m.done)
	}
}

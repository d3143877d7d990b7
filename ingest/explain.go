package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rummage/casefile/row"
	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/ident"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// Explainer shows the rows that records stand on, from the kept evidence. It
// is used by one goroutine and closed in the end.
type Explainer struct {
	reader  graph.Reader
	sources map[graph.SourceID]graph.Source
	opened  map[graph.SourceID]*layout
	key     ident.Key    // see Identify
	at      graph.SHA256 // file that evidence is of
	file    graph.Evidence
	mended  *mending // nil until it was asked for
}

// layout is how the rows of one source are read again.
type layout struct {
	dialect read.Dialect
	names   []string
	spans   format.Spans // nil while another file is open
	guards  map[int]mapping.Guard

	joins    []*joinedFile   // second files, in the order of the mapping
	joinText string          // see mapping.ParseJoins
	keys     *mapping.Mapper // tells the keys of rows; nil until it is asked for
}

// masked returns cells as they may be shown: numbers that identify persons as
// pseudonyms, or as instead where there is no key. In a row with more or fewer
// cells than the file has columns nobody knows which cell holds what, so all
// of it is kept from sight.
func (l *layout) masked(cells [][]byte, key ident.Key, instead string) [][]byte {
	if len(l.guards) == 0 {
		return cells
	}
	shown := make([][]byte, len(cells))
	for i, cell := range cells {
		shown[i] = cell
		switch g, ok := l.guards[i]; {
		case len(cells) != l.width():
			shown[i] = []byte(instead)
		case ok:
			shown[i] = []byte(g.Mask(key, string(cell), instead))
		}
	}
	return shown
}

// width is how many cells a sound row has.
func (l *layout) width() int {
	if len(l.names) > 0 {
		return len(l.names)
	}
	return l.dialect.Columns
}

// NewExplainer explains what reader shows. Sources is what the store lists.
func NewExplainer(reader graph.Reader, sources []graph.Source) *Explainer {
	e := &Explainer{reader: reader, sources: make(map[graph.SourceID]graph.Source), opened: make(map[graph.SourceID]*layout)}
	for _, s := range sources {
		e.sources[s.ID] = s
	}
	return e
}

// Identify gives the key under which numbers that identify persons are shown, as
// pseudonyms. Without it Withheld of package mapping stands for them.
func (e *Explainer) Identify(key ident.Key) { e.key = key }

// Close closes the evidence that is open.
func (e *Explainer) Close() error {
	var err error
	for _, how := range e.opened {
		how.spans = nil
		for _, j := range how.joins {
			err = errors.Join(err, j.close())
		}
	}
	if e.file == nil {
		return err
	}
	err = errors.Join(err, e.file.Close())
	e.file, e.at = nil, ""
	return err
}

// Row reads a row again. The error wraps graph.ErrNotFound when the scope does
// not show it, and graph.ErrNoEvidence when the file was not kept; the record
// then says everything but the columns.
//
// In a compressed file the cost is that of unpacking it up to the row, from the
// last row on if that stands before it. The first row of a source with second files
// costs a pass over each, and 32 bytes of memory for each of their rows.
func (e *Explainer) Row(ctx context.Context, origin graph.Origin) (row.Record, error) {
	span, err := e.reader.Locate(ctx, origin)
	if err != nil {
		return row.Record{}, fmt.Errorf("ingest: explain: %w", err)
	}
	return e.row(ctx, origin, span, (*layout).cells)
}

// Refused is Row for one in quarantine, as well as it can be read: read.Lost stands
// for what cannot.
func (e *Explainer) Refused(ctx context.Context, origin graph.Origin) (row.Record, error) {
	span, err := e.reader.Locate(ctx, origin)
	if err != nil {
		return row.Record{}, fmt.Errorf("ingest: explain: %w", err)
	}
	return e.row(ctx, origin, span, (*layout).refused)
}

// cells reads the cells of a sound row.
func (l *layout) cells(ctx context.Context, at read.Position) ([][]byte, error) {
	return l.spans.Cells(ctx, at)
}

// row reads a row in one of the two ways.
func (e *Explainer) row(ctx context.Context, origin graph.Origin, span graph.Span, by func(*layout, context.Context, read.Position) ([][]byte, error)) (row.Record, error) {
	source, ok := e.sources[origin.Source]
	if !ok {
		return row.Record{}, fmt.Errorf("ingest: explain: %s: %w", origin.Source, graph.ErrUnknownSource)
	}
	record := row.Record{
		Source: source.Title(), ID: source.ID, SHA256: source.SHA256, Mapping: source.Mapping,
		Row: origin.Row, Bytes: [2]int64{span.Offset, span.Offset + span.Length},
	}
	if source.Mapping == CaseMapping {
		err := e.cited(ctx, &record, &source)
		if err != nil {
			err = fmt.Errorf("ingest: explain: %s: row %d: %w", source.Title(), origin.Row, err)
		}
		return record, err
	}
	how, err := e.open(ctx, &source)
	if err != nil {
		return record, fmt.Errorf("ingest: explain: %s: %w", source.Title(), err)
	}
	cells, err := by(how, ctx, read.Position{Offset: span.Offset, Length: span.Length})
	if err != nil {
		return record, fmt.Errorf("ingest: explain: %s: row %d: %w", source.Title(), origin.Row, err)
	}
	record.Joined, record.MoreJoined, err = e.joined(ctx, how, cells)
	if err != nil {
		err = fmt.Errorf("ingest: explain: %s: row %d: %w", source.Title(), origin.Row, err)
	}
	record.Columns = how.shown(cells, e.key)
	return record, err
}

// shown are the cells of a row with the names of their columns.
func (l *layout) shown(cells [][]byte, key ident.Key) row.Columns {
	var all row.Columns
	for i, cell := range l.masked(cells, key, mapping.Withheld) {
		name := strconv.Itoa(i + 1)
		if i < len(l.names) && l.names[i] != "" {
			name = l.names[i]
		}
		all = append(all, row.Column{Name: name, Value: string(cell)})
	}
	return all
}

// open makes the evidence of a source the open one.
func (e *Explainer) open(ctx context.Context, source *graph.Source) (*layout, error) {
	if e.file == nil || e.at != source.SHA256 {
		if err := e.Close(); err != nil {
			return nil, err
		}
		file, err := e.reader.Evidence(ctx, source.SHA256)
		if err != nil {
			return nil, err
		}
		e.file, e.at = file, source.SHA256
	}
	how := e.opened[source.ID]
	if how == nil {
		how = new(layout)
		if err := how.learn(ctx, source, e.file); err != nil {
			return nil, err
		}
		e.opened[source.ID] = how
	}
	if how.spans == nil {
		var err error
		if how.spans, err = format.NewSpans(e.file, how.dialect); err != nil {
			return nil, err
		}
	}
	return how, nil
}

// learn takes the dialect from the source and the names from the file.
func (l *layout) learn(ctx context.Context, source *graph.Source, file graph.Evidence) error {
	var spec layoutSpec
	if err := json.Unmarshal(source.Dialect, &spec); err != nil {
		return fmt.Errorf("dialect: %w", err)
	}
	var err error
	if l.joins, err = joinedFiles(source, &spec); err != nil {
		return err
	}
	l.joinText = spec.Joins
	return l.take(ctx, &spec, file)
}

// take takes the dialect of one file.
func (l *layout) take(ctx context.Context, spec *layoutSpec, file graph.Evidence) error {
	l.dialect, l.guards = spec.Dialect, spec.Guards
	switch {
	case l.dialect.Named():
		l.names = strings.Split(l.dialect.Names, read.Between)
		return nil
	case !l.dialect.Header:
		return nil
	}
	rows, err := format.Open(ctx, io.NewSectionReader(file, 0, file.Size()), l.dialect)
	if err != nil {
		return err
	}
	l.names = rows.Header().Names()
	return rows.Close()
}

package ingest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/read"
)

// mending tells which rows in quarantine were brought in again, mended or not: as rows
// of a file that ExportQuarantine wrote, or as rows of the whole file mended.
// A row goes by the one that it was in the beginning.
type mending struct {
	heirs map[graph.SourceID]graph.SourceID // what took a source's place: another reading of it, or its file mended
	first map[graph.Origin]graph.Origin     // of a row of a mended file, which it was in the beginning
	last  map[graph.Origin]settled          // and what became of that last
	still map[graph.SourceID]map[int64]bool // rows in quarantine of files mended as a whole
	met   map[graph.SourceID]bool           // sources of the rows of first and last
}

// settled says where a row came in again.
type settled struct {
	at     graph.Origin
	stored bool
}

// Open yields the rows in quarantine of a source that nobody has mended yet, each where it
// was refused last: a row that a mended file brought in, or that was refused anew there, is
// not among those of the file it came from. Rows of second files stand behind the others.
//
// What mended a row counts for as long as its own source does. Files that were mended
// are read again for it, once for each Explainer, with about 200 bytes of memory a row.
func (e *Explainer) Open(ctx context.Context, id graph.SourceID) iter.Seq2[graph.RowError, error] {
	return func(yield func(graph.RowError, error) bool) {
		m, err := e.mendings(ctx)
		if err != nil {
			yield(graph.RowError{}, err)
			return
		}
		for row, err := range e.reader.Quarantine(ctx, id) {
			if err == nil && row.Join == "" && !m.open(graph.Origin{Source: id, Row: row.Row}) {
				continue
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// Unmended counts the rows that Open yields, those of second files not among them. The
// quarantine is read for it only where something of the source was mended.
func (e *Explainer) Unmended(ctx context.Context, id graph.SourceID) (int64, error) {
	m, err := e.mendings(ctx)
	if err != nil {
		return 0, err
	}
	if source, ok := e.sources[id]; ok && !m.touches(id) {
		return source.Quarantined, nil
	}
	n, last := int64(0), int64(0)
	for row, err := range e.Open(ctx, id) {
		switch {
		case err != nil:
			return 0, err
		case row.Join != "":
			return n, nil
		case row.Row != last:
			n, last = n+1, row.Row
		}
	}
	return n, nil
}

// open reports whether a row in quarantine is still to be mended there.
func (m *mending) open(at graph.Origin) bool {
	key := m.key(at)
	if rows, whole := m.still[key.Source]; whole && key.Source != at.Source && !rows[key.Row] {
		return false
	}
	became, again := m.last[key]
	return !again || !became.stored && became.at == at
}

// touches reports whether rows in quarantine of a source may have come in again.
func (m *mending) touches(id graph.SourceID) bool {
	now := m.key(graph.Origin{Source: id}).Source
	return now != id || m.met[id]
}

// key is the row that a row was in the beginning, in the source that counts for it now.
func (m *mending) key(at graph.Origin) graph.Origin {
	if first, ok := m.first[at]; ok {
		at = first
	}
	for range len(m.heirs) {
		heir, ok := m.heirs[at.Source]
		if !ok {
			break
		}
		at.Source = heir
	}
	return at
}

// note says that a row came in again.
func (m *mending) note(key graph.Origin, now settled) {
	m.met[key.Source], m.met[now.at.Source] = true, true
	if !m.last[key].stored {
		m.last[key] = now
	}
}

// mendings reads what has been mended, the first time that it is asked for.
func (e *Explainer) mendings(ctx context.Context) (*mending, error) {
	if e.mended != nil {
		return e.mended, nil
	}
	m := &mending{
		heirs: make(map[graph.SourceID]graph.SourceID), first: make(map[graph.Origin]graph.Origin),
		last: make(map[graph.Origin]settled), still: make(map[graph.SourceID]map[int64]bool),
		met: make(map[graph.SourceID]bool),
	}
	var all []mendedSource
	for _, s := range e.sources {
		if heir := e.heir(&s); heir != "" {
			m.heirs[s.ID] = heir
		}
		var spec layoutSpec
		if !s.KnownOn(e.reader.Scope().KnownOn) || json.Unmarshal(s.Dialect, &spec) != nil || spec.Repairs == "" && len(spec.Mends) == 0 {
			continue
		}
		all = append(all, mendedSource{s, spec})
	}
	slices.SortFunc(all, func(a, b mendedSource) int {
		return cmp.Or(a.ImportedAt.Compare(b.ImportedAt), cmp.Compare(a.ID, b.ID))
	})
	for i := range all {
		if of := all[i].spec.Repairs; of != "" { // of what stands there now, should it have been read anew
			if at := m.key(graph.Origin{Source: of}).Source; m.key(graph.Origin{Source: all[i].ID}).Source != at {
				m.heirs[at] = all[i].ID
			}
		}
	}
	for i := range all {
		err := e.read(ctx, &all[i], m)
		if errors.Is(err, graph.ErrNotFound) || errors.Is(err, graph.ErrUnknownSource) || errors.Is(err, graph.ErrNoEvidence) {
			continue // what is out of sight, or was not kept, mends nothing that can be told
		}
		if err != nil {
			return nil, fmt.Errorf("ingest: %s: rows that it mends: %w", all[i].Title(), err)
		}
	}
	e.mended = m
	return m, nil
}

// heir is the source that took the place of one: its re-reading or, of one that was taken out, the first
// that was brought in of the same bytes since; "" for none.
func (e *Explainer) heir(s *graph.Source) graph.SourceID {
	switch s.EndedBy {
	case graph.Replaced:
		return s.Replaced
	case graph.NotEnded:
		return ""
	}
	var next graph.Source
	for _, other := range e.sources {
		if other.ID == s.ID || other.Content() != s.Content() || other.Mapping != s.Mapping || other.ImportedAt.Before(s.Ended) {
			continue
		}
		if next.ID == "" || cmp.Or(other.ImportedAt.Compare(next.ImportedAt), cmp.Compare(other.ID, next.ID)) < 0 {
			next = other
		}
	}
	return next.ID
}

// mendedSource is a source that brought in rows that others refused.
type mendedSource struct {
	graph.Source
	spec layoutSpec
}

// read notes the rows of one such source.
func (e *Explainer) read(ctx context.Context, s *mendedSource, m *mending) error {
	refused := make(map[int64]bool)
	for row, err := range e.reader.Quarantine(ctx, s.ID) {
		if err != nil {
			return err
		}
		if row.Join == "" {
			refused[row.Row] = true
		}
	}
	if s.spec.Repairs != "" {
		m.still[s.ID] = refused
		for row := range refused {
			at := graph.Origin{Source: s.ID, Row: row}
			m.note(at, settled{at: at})
		}
		return nil
	}
	file, err := e.reader.Evidence(ctx, s.SHA256)
	if err != nil {
		return err
	}
	err = eachMended(ctx, file, s.spec.Dialect, func(row int64, of string, was int64) {
		from := graph.Origin{Source: graph.SourceID(of), Row: was}
		if source, ok := e.sources[from.Source]; !ok || source.Mapping != s.Mapping {
			return
		}
		at := graph.Origin{Source: s.ID, Row: row}
		m.first[at] = m.key(from)
		m.note(m.first[at], settled{at: at, stored: !refused[row]})
	})
	return errors.Join(err, file.Close())
}

// eachMended tells of each row of a file that ExportQuarantine wrote of what it was a
// row, and which. A row that has lost its beginning is passed over.
func eachMended(ctx context.Context, file read.Input, d read.Dialect, tell func(row int64, of string, was int64)) error {
	rows, err := format.Open(ctx, io.NewSectionReader(file, 0, file.Size()), d)
	if err != nil {
		return err
	}
	defer rows.Close()
	header := rows.Header()
	if header == nil {
		return nil
	}
	origin := originIn(header.Names())
	if origin < 0 {
		return nil
	}
	spans, err := format.NewSpans(file, d)
	if err != nil {
		return err
	}
	for {
		row, err := rows.Next()
		bad := new(read.RowError)
		var cells [][]byte
		number := int64(0)
		switch {
		case err == nil:
			cells, number = row.Cells, row.Number
		case errors.As(err, &bad):
			if cells, err = spans.Salvage(ctx, bad.Position); err != nil {
				return err
			}
			number = bad.Row
		case errors.Is(err, io.EOF):
			return nil
		default:
			return err
		}
		if len(cells) <= origin {
			continue
		}
		if was, err := strconv.ParseInt(string(cells[0]), 10, 64); err == nil {
			tell(number, string(cells[origin]), was)
		}
	}
}

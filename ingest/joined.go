package ingest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"rummage/casefile/row"
	"rummage/graph"
	"rummage/ingest/format"
	"rummage/ingest/ident"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// mostJoined is how many rows of second files are shown beside a row.
const mostJoined = 32

// joinedFile is a second file of a source, read again.
type joinedFile struct {
	graph.Joined
	spec  layoutSpec
	how   layout
	at    int            // number of the join in the mapping
	file  graph.Evidence // nil while it is closed
	index []rowAt        // by hash, then row; nil until it was built
}

// rowAt is a key that a row of a second file has.
type rowAt struct {
	hash uint64
	row  int64
	graph.Span
}

func byHash(a, b rowAt) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.row, b.row)) }

// hashOf is FNV-1a of 64 bits. What it finds is compared.
func hashOf(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return h
}

// joinedFiles are the second files of a source, closed.
func joinedFiles(source *graph.Source, spec *layoutSpec) ([]*joinedFile, error) {
	if len(spec.Second) != len(source.Joined) {
		return nil, fmt.Errorf("dialect: of %d second files, not of %d", len(spec.Second), len(source.Joined))
	}
	var all []*joinedFile
	for i := range spec.Second {
		one := &joinedFile{Joined: source.Joined[i], spec: spec.Second[i].Layout}
		if last := len(all) - 1; last >= 0 { // files of one join stand together
			if one.at = all[last].at; JoinOf(all[last].Join) != JoinOf(one.Join) {
				one.at++
			}
		}
		all = append(all, one)
	}
	return all, nil
}

func (j *joinedFile) close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file, j.how.spans = nil, nil
	return err
}

// open opens the kept file.
func (j *joinedFile) open(ctx context.Context, reader graph.Reader) (err error) {
	if j.file != nil {
		return nil
	}
	if j.file, err = reader.Evidence(ctx, j.SHA256); err != nil {
		return fmt.Errorf("%s: %w", j.Title(), err)
	}
	if err = j.how.take(ctx, &j.spec, j.file); err == nil {
		j.how.spans, err = format.NewSpans(j.file, j.how.dialect)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", j.Title(), err), j.close())
	}
	return nil
}

// columns are the names of the columns, as many empty ones where they have none.
func (l *layout) columns() []string {
	if len(l.names) > 0 {
		return l.names
	}
	return make([]string, l.dialect.Columns)
}

// ownColumns are the columns without those of reasons, as they were written.
func (l *layout) ownColumns() []string {
	cut := reasonsIn(l.names)
	if cut == 0 {
		return l.columns()
	}
	all := slices.Clone(l.names[cut:])
	for i, name := range all {
		all[i] = asWritten(name)
	}
	return all
}

// openJoins makes the second files of a source ready to be asked.
func (e *Explainer) openJoins(ctx context.Context, how *layout) error {
	var second []mapping.Second
	for _, j := range how.joins {
		if err := j.open(ctx, e.reader); err != nil {
			return err
		}
		if JoinOf(j.Join) == j.Join {
			second = append(second, mapping.Second{Join: j.Join, Columns: j.how.columns()})
		}
	}
	if how.keys == nil {
		m, err := mapping.ParseJoins(how.joinText)
		if err != nil {
			return err
		}
		if how.keys, err = m.Bind(how.ownColumns(), second...); err != nil {
			return err
		}
	}
	how.keys.Identify(e.key)
	for _, j := range how.joins {
		if j.index != nil {
			continue
		}
		if err := j.build(ctx, how.keys); err != nil {
			return fmt.Errorf("%s: %w", j.Title(), err)
		}
	}
	return nil
}

// build notes the keys of all rows.
func (j *joinedFile) build(ctx context.Context, keys *mapping.Mapper) error {
	rows, err := format.Open(ctx, io.NewSectionReader(j.file, 0, j.file.Size()), j.how.dialect)
	if err != nil {
		return err
	}
	defer rows.Close()
	index := []rowAt{}
	for {
		row, err := rows.Next()
		switch {
		case err == nil && j.how.lost(row.Cells): // it was refused
		case err == nil:
			for _, key := range keys.JoinedKeys(j.at, j.how.own(row.Cells)) {
				index = append(index, rowAt{hashOf(key), row.Number, graph.Span{Offset: row.Offset, Length: row.Length}})
			}
		case errors.Is(err, io.EOF):
			slices.SortFunc(index, byHash)
			j.index = index
			return nil
		case !errors.As(err, new(*read.RowError)):
			return err
		}
	}
}

// joined finds the rows of second files that go with a row of these cells, and how
// many more there are than are shown.
func (e *Explainer) joined(ctx context.Context, how *layout, cells [][]byte) (rows []row.Joined, more int, err error) {
	if len(how.joins) == 0 {
		return nil, 0, nil
	}
	if err := e.openJoins(ctx, how); err != nil {
		return nil, 0, err
	}
	own := how.own(cells)
	for _, j := range how.joins {
		wanted := how.keys.Keys(j.at, own)
		for _, at := range j.places(wanted) {
			if len(rows) == mostJoined {
				more++
				continue
			}
			cells, err := j.how.spans.Cells(ctx, read.Position{Offset: at.Offset, Length: at.Length})
			if err != nil {
				return rows, more, fmt.Errorf("%s: row %d: %w", j.Title(), at.row, err)
			}
			has := how.keys.JoinedKeys(j.at, j.how.own(cells))
			if slices.ContainsFunc(wanted, func(key string) bool { return slices.Contains(has, key) }) {
				rows = append(rows, j.shown(at, cells, e.key))
			}
		}
	}
	return rows, more, nil
}

// own returns the cells that are the file's own, as they were written: in a
// repaired file reasons stand before them.
func (l *layout) own(cells [][]byte) [][]byte {
	cut := reasonsIn(l.names)
	if cut == 0 {
		return cells
	}
	var all [][]byte
	for _, cell := range cells[min(cut, len(cells)):] {
		all = append(all, []byte(asWritten(string(cell))))
	}
	return all
}

// lost reports a row of a repaired file in which nobody has put back what was lost.
func (l *layout) lost(cells [][]byte) bool {
	return reasonsIn(l.names) > 0 && slices.ContainsFunc(l.own(cells), func(cell []byte) bool { return bytes.Contains(cell, []byte(read.Lost)) })
}

// places returns the rows that have the hash of one of the keys, in order.
func (j *joinedFile) places(keys []string) []rowAt {
	var all []rowAt
	for _, key := range keys {
		hash := hashOf(key)
		at, _ := slices.BinarySearchFunc(j.index, hash, func(r rowAt, h uint64) int { return cmp.Compare(r.hash, h) })
		for ; at < len(j.index) && j.index[at].hash == hash; at++ {
			all = append(all, j.index[at])
		}
	}
	slices.SortFunc(all, func(a, b rowAt) int { return cmp.Compare(a.row, b.row) })
	return slices.CompactFunc(all, func(a, b rowAt) bool { return a.row == b.row })
}

// shown is a row with its cells.
func (j *joinedFile) shown(at rowAt, cells [][]byte, key ident.Key) row.Joined {
	return row.Joined{
		Join: j.Join, Source: j.Title(), SHA256: j.SHA256, Row: at.row,
		Bytes: [2]int64{at.Offset, at.Offset + at.Length}, Columns: j.how.shown(cells, key),
	}
}

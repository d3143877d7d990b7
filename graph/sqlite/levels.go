package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// maxSegments is how many segments a read touches at most.
const maxSegments = 16

// segmentRow is a row of the table segment.
type segmentRow struct {
	id, records, blocks int64
}

func (r *segmentRow) values() []any { return []any{r.id, r.records, r.blocks} }

// readSegments reads the whole table, in the order of making.
func readSegments(ctx context.Context, q querier, want int64) ([]segmentRow, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, records, blocks, sum FROM segment ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []segmentRow
	for rows.Next() {
		var r segmentRow
		var sum int64
		if err := rows.Scan(&r.id, &r.records, &r.blocks, &sum); err != nil {
			return nil, err
		}
		if sum != sumOf("segment", r.values()...) {
			return nil, damaged(fmt.Sprint("segment ", r.id), "checksum")
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if int64(len(all)) != want {
		return nil, damaged("segment", fmt.Sprintf("%d rows instead of %d", len(all), want))
	}
	return all, nil
}

// addSegment writes a new segment.
func (w *writeWork) addSegment(fill func(segment.Sink) (*segment.Head, error)) (*segment.Head, error) {
	ctx := context.Background()
	w.state.segmentIDs++
	sink := &segmentSink{ctx: ctx, q: w.conn, id: w.state.segmentIDs}
	head, err := fill(sink)
	if err != nil {
		return nil, err
	}
	row := segmentRow{id: sink.id, records: int64(head.Records()), blocks: sink.blocks}
	_, err = w.conn.ExecContext(ctx, "INSERT INTO segment (id, records, blocks, sum) VALUES (?, ?, ?, ?)",
		append(row.values(), sumOf("segment", row.values()...))...)
	w.state.segments++
	return head, err
}

func (w *writeWork) dropSegment(id int64) error {
	w.state.segments--
	if err := segmentBlocks.erase(context.Background(), w.conn, id); err != nil {
		return err
	}
	return execOne(context.Background(), w.conn, "DELETE FROM segment WHERE id = ?", id)
}

// plan says how many of the smallest segments to merge, 0 when there are few
// enough. It takes the two smallest and goes on while the next is no greater
// than what is gathered already: equal segments are merged all at once, and a
// large one is touched only when what comes to it is about its size. One-row
// imports are so rewritten 2 times per 153 rows, 3 times per 969, 4 times per
// 4 845: binomial numbers, the least that sixteen runs allow (Bentley and Saxe
// 1980).
func plan(sizes []int64) int {
	if len(sizes) <= maxSegments {
		return 0
	}
	total, k := sizes[0]+sizes[1], 2
	for k < len(sizes) && sizes[k] <= total {
		total += sizes[k]
		k++
	}
	return k
}

// level merges segments until there are few enough.
func (w *writeWork) level() error {
	for w.state.segments > maxSegments {
		all, err := readSegments(context.Background(), w.conn, w.state.segments)
		if err != nil {
			return err
		}
		slices.SortFunc(all, func(a, b segmentRow) int {
			return cmp.Or(cmp.Compare(a.records, b.records), cmp.Compare(a.id, b.id))
		})
		sizes := make([]int64, len(all))
		for i := range all {
			sizes[i] = all[i].records
		}
		if err := w.merge(all[:plan(sizes)], ""); err != nil {
			return err
		}
	}
	return nil
}

// merge writes segments as one, without the source drop, and erases them.
func (w *writeWork) merge(rows []segmentRow, drop graph.SourceID) error {
	readers := make([]*segment.Reader, len(rows))
	left := int64(0)
	for i := range rows {
		var err error
		if readers[i], err = openSegment(w.conn, w.store, rows[i].id, segment.Recent()); err != nil {
			return err
		}
		for _, source := range readers[i].Sources {
			if source != drop {
				left++
			}
		}
	}
	if left > 0 {
		if _, err := w.addSegment(func(sink segment.Sink) (*segment.Head, error) {
			return segment.Merge(sink, w.store.codec, readers, func(id graph.SourceID) bool { return id == drop })
		}); err != nil {
			return err
		}
	}
	for i := range rows {
		if err := w.dropSegment(rows[i].id); err != nil {
			return err
		}
	}
	return nil
}

func openSegment(q querier, s *Store, id int64, cache segment.Cache) (*segment.Reader, error) {
	return segment.Open(&segmentSource{id: id, get: func(key int64) ([]byte, error) {
		return segmentBlocks.get(context.Background(), q, key)
	}}, s.codec, cache)
}

func openSegments(q querier, s *Store, want int64) ([]*segment.Reader, error) {
	rows, err := readSegments(context.Background(), q, want)
	if err != nil {
		return nil, err
	}
	all := make([]*segment.Reader, len(rows))
	for i := range rows {
		if all[i], err = openSegment(q, s, rows[i].id, segment.Recent()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// addUp adds the numbers of consignments when no two parts can share one.
func addUp(parts []*segment.Head) (int64, bool) {
	parts = slices.DeleteFunc(slices.Clone(parts), func(h *segment.Head) bool { return h.Statements == 0 })
	slices.SortFunc(parts, func(a, b *segment.Head) int {
		first, _, _ := a.Range()
		second, _, _ := b.Range()
		return strings.Compare(first, second)
	})
	total, last := int64(0), ""
	for _, h := range parts {
		first, end, _ := h.Range()
		if first <= last {
			return 0, false
		}
		total += int64(h.Consignments)
		last = end
	}
	return total, true
}

// idCursor walks the ids of the statements of a segment.
type idCursor struct {
	r      *segment.Reader
	no, i  int
	ids    *segment.Texts
	source []uint32
}

func (c *idCursor) next() (bool, error) {
	c.i++
	for c.ids == nil || c.i >= c.ids.Len() {
		if c.no >= c.r.Blocks(segment.StatementSection) {
			return false, nil
		}
		b, err := c.r.ScanBlock(segment.StatementSection, c.no)
		if err != nil {
			return false, err
		}
		if c.ids, err = b.IDs(); err != nil {
			return false, err
		}
		if c.source, err = b.Sources(); err != nil {
			return false, err
		}
		c.no++
		c.i = 0
	}
	return true, nil
}

// countConsignments counts the distinct ids of statements of each source.
func countConsignments(all []*segment.Reader) (map[graph.SourceID]int64, error) {
	streams := make([]*segment.Stream[*idCursor], len(all))
	for i, r := range all {
		c := &idCursor{r: r}
		streams[i] = &segment.Stream[*idCursor]{Segment: i, Record: c, Advance: c.next}
	}
	weave, err := segment.NewWeave(streams, func(a, b *segment.Stream[*idCursor]) int {
		return cmp.Or(strings.Compare(a.Record.ids.At(a.Record.i), b.Record.ids.At(b.Record.i)), cmp.Compare(a.Segment, b.Segment))
	})
	if err != nil {
		return nil, err
	}
	counts := make(map[graph.SourceID]int64)
	last := make(map[graph.SourceID]string)
	for {
		at, err := weave.Next()
		if at == nil || err != nil {
			return counts, err
		}
		source, id := all[at.Segment].Sources[at.Record.source[at.Record.i]], at.Record.ids.At(at.Record.i)
		if had, ok := last[source]; !ok || had != id {
			last[source] = id
			counts[source]++
		}
	}
}

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// importing is one open import. Everything it writes lies in one transaction,
// so a crash, an abort or a full disk leave the store as it was. The caller's
// goroutine fills one chunk while another is sorted, packed and written.
type importing struct {
	store  *Store
	work   *writeWork
	spec   graph.SourceSpec
	row    sourceRow
	before []sourceRow
	kept   []graph.SHA256 // files whose bytes are kept

	last    int64 // number of the last row
	chunk   *segment.Chunk
	spare   *segment.Chunk
	parts   []*segment.Head // of the chunks written
	places  placeWriter
	refused refusedWriter
	joined  graph.Refusals
	pending []pendingBlock // packed, not yet written
	busy    chan error     // the result of what runs in the background; nil when nothing does
	closed  bool
}

type pendingBlock struct {
	table blocks
	no    int64
	data  []byte
}

// Begin starts the import of one source.
func (s *Store) Begin(ctx context.Context, spec graph.SourceSpec) (graph.Import, error) {
	if spec.ImportedAt.IsZero() {
		return nil, fmt.Errorf("sqlite: import %s: no time of import: %w", spec.Name, graph.ErrInvalidRecord)
	}
	spec.ImportedAt = instant(spec.ImportedAt)
	work, err := s.begin(ctx, "import "+spec.Name)
	if err != nil {
		return nil, err
	}
	i := &importing{store: s, work: work, spec: spec, chunk: segment.NewChunk(s.options.chunk), spare: segment.NewChunk(s.options.chunk)}
	i.places.codec, i.refused.codec = s.codec, s.codec
	if err := i.prepare(); err != nil {
		work.abort()
		return nil, errorOf(work.what, err)
	}
	return i, nil
}

func (i *importing) prepare() (err error) {
	if i.before, err = i.work.sources(); err != nil {
		return err
	}
	n := 0
	for j := range i.before {
		had := &i.before[j]
		if had.Reading() != i.spec.Reading() {
			continue
		}
		if had.Ended.IsZero() {
			return &graph.AlreadyImportedError{Source: had.Source}
		}
		n++
	}
	i.row = sourceRow{Source: graph.Source{SourceSpec: i.spec, ID: i.spec.ID(n)}, num: i.work.state.sources + 1}
	return nil
}

// fail aborts the import because of err.
func (i *importing) fail(err error) error {
	_ = i.Abort()
	return errorOf(i.work.what, err)
}

// Append takes one row.
func (i *importing) Append(ctx context.Context, row *graph.Row) error {
	if i.closed {
		return graph.ErrClosed
	}
	if row.Number&63 == 0 && ctx.Err() != nil {
		return i.fail(ctx.Err())
	}
	if row.Number <= i.last || row.Number < 1 || row.Offset < 0 || row.Length < 0 {
		return i.fail(fmt.Errorf("row %d at byte %d after row %d: %w", row.Number, row.Offset, i.last, graph.ErrInvalidRecord))
	}
	if i.joined.Begun() {
		return i.fail(fmt.Errorf("row %d after those of joined files: %w", row.Number, graph.ErrInvalidRecord))
	}
	i.last = row.Number
	i.row.Rows++
	if i.places.add(row) {
		i.pending = append(i.pending, i.places.pack())
	}
	if len(row.Errors) > 0 {
		i.row.Quarantined++
		if i.refused.add(row) {
			return i.packRefused()
		}
		return nil
	}
	i.row.Stored++
	if err := i.chunk.Add(row); err != nil {
		return i.fail(err)
	}
	if i.chunk.Full() {
		if err := i.handOver(); err != nil {
			return i.fail(err)
		}
	}
	return nil
}

// Refuse notes a row of a joined file that was left out.
func (i *importing) Refuse(ctx context.Context, refused []graph.RowError) error {
	if i.closed {
		return graph.ErrClosed
	}
	if ctx.Err() != nil {
		return i.fail(ctx.Err())
	}
	if _, err := i.joined.Check(&i.spec, refused); err != nil {
		return i.fail(err)
	}
	if i.refused.addJoined(refused) {
		return i.packRefused()
	}
	return nil
}

func (i *importing) packRefused() error {
	block, err := i.refused.pack()
	if err != nil {
		return i.fail(err)
	}
	i.pending = append(i.pending, block)
	return nil
}

// wait waits for what runs in the background.
func (i *importing) wait() error {
	if i.busy == nil {
		return nil
	}
	err := <-i.busy
	i.busy = nil
	return err
}

// handOver has the full chunk and the pending blocks written in the
// background and goes on with an empty chunk.
func (i *importing) handOver() error {
	if err := i.wait(); err != nil {
		return err
	}
	full, pending := i.chunk, i.pending
	i.chunk, i.spare, i.pending = i.spare, full, nil
	i.chunk.Reset()
	i.busy = make(chan error, 1)
	go func() { i.busy <- i.write(full, pending) }()
	return nil
}

func (i *importing) write(chunk *segment.Chunk, pending []pendingBlock) error {
	ctx := context.Background()
	for _, b := range pending {
		if err := b.table.put(ctx, i.work.conn, i.row.num<<32|b.no, b.data); err != nil {
			return err
		}
	}
	if chunk.Empty() {
		return nil
	}
	head, err := i.work.addSegment(func(sink segment.Sink) (*segment.Head, error) {
		return chunk.Write(sink, i.store.codec, i.row.ID)
	})
	if err != nil {
		return err
	}
	i.parts = append(i.parts, head)
	i.row.Newest = max(i.row.Newest, chunk.Newest())
	return i.work.level()
}

// Keep stores a file's bytes as evidence.
func (i *importing) Keep(ctx context.Context, sha graph.SHA256, file io.Reader) error {
	if i.closed {
		return graph.ErrClosed
	}
	if err := i.wait(); err != nil {
		return i.fail(err)
	}
	if !slices.Contains(i.spec.Files(), sha) {
		return i.fail(fmt.Errorf("file %s is none of its own: %w", sha, graph.ErrInvalidRecord))
	}
	if err := i.work.keep(ctx, file, sha); err != nil {
		return i.fail(err)
	}
	if !slices.Contains(i.kept, sha) {
		i.kept = append(i.kept, sha)
	}
	return nil
}

// Commit makes the source visible.
func (i *importing) Commit(ctx context.Context) (graph.Source, error) {
	if i.closed {
		return graph.Source{}, graph.ErrClosed
	}
	if err := i.finish(ctx); err != nil {
		return graph.Source{}, i.fail(err)
	}
	i.closed = true
	if err := i.work.commit(ctx); err != nil {
		return graph.Source{}, err
	}
	listed := i.row
	listed.Dialect, listed.Joined = slices.Clone(i.row.Dialect), slices.Clone(i.row.Joined) // those are the caller's
	i.store.remember(append(i.before, listed), i.work.state.generation)
	return i.row.Source, nil
}

// finish writes what is left, the source's row and the ends of the readings
// that it replaces.
func (i *importing) finish(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	all := len(i.spec.Files())
	if i.row.HasEvidence = len(i.kept) == all; !i.row.HasEvidence && len(i.kept) > 0 {
		return fmt.Errorf("%d of its %d files kept: %w", len(i.kept), all, graph.ErrInvalidRecord)
	}
	if i.places.len() > 0 {
		i.pending = append(i.pending, i.places.pack())
	}
	if i.refused.len() > 0 {
		if err := i.packRefused(); err != nil {
			return err
		}
	}
	if err := errors.Join(i.handOver(), i.wait()); err != nil {
		return err
	}
	i.row.places, i.row.refused = i.places.blocks, i.refused.blocks
	var err error
	if i.row.Consignments, err = i.countConsignments(); err != nil {
		return err
	}
	if err := i.work.replaceReadings(i.before, &i.row.Source); err != nil {
		return err
	}
	i.work.state.sources++
	return i.row.save(ctx, i.work.conn)
}

// replaceReadings ends the readings of the same content that still count.
func (w *writeWork) replaceReadings(all []sourceRow, by *graph.Source) error {
	for i := range all {
		had := &all[i]
		if had.Content() != by.Content() || !had.Ended.IsZero() {
			continue
		}
		had.Ended, had.EndedBy, had.Replaced = by.ImportedAt, graph.Replaced, by.ID
		if err := had.save(context.Background(), w.conn); err != nil {
			return err
		}
	}
	return nil
}

// countConsignments counts the distinct ids. Chunks that cover ranges of
// their own, as those of a file in rising order do, are just added up.
func (i *importing) countConsignments() (int64, error) {
	if n, ok := addUp(i.parts); ok {
		return n, nil
	}
	all, err := openSegments(i.work.conn, i.store, i.work.state.segments)
	if err != nil {
		return 0, err
	}
	counts, err := countConsignments(all)
	return counts[i.row.ID], err
}

// Abort leaves no trace.
func (i *importing) Abort() error {
	if i.closed {
		return nil
	}
	i.closed = true
	_ = i.wait() // it fails or not, all of it is rolled back
	i.work.abort()
	return nil
}

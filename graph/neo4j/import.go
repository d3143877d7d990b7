package neo4j

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"rummage/graph"
)

// importing is one open import. The caller's goroutine fills one batch while
// another is written. Nothing that is written is in any scope before Commit.
type importing struct {
	store  *Store
	work   *work
	writer *writer
	spec   graph.SourceSpec
	node   sourceNode
	before *census
	kept   []graph.SHA256 // files whose bytes are kept, or were compared

	ctx    context.Context // of writing; ended by cancel
	cancel context.CancelFunc

	resumed ledger // where an import of the same rows was broken off
	joined  graph.Refusals
	hash    hash.Hash
	encoded []byte
	last    int64   // number of the last row
	open    []place // the page of places that the last row is on
	batch   *batch
	busy    *background // what is being written; nil when nothing is
	closed  bool
}

// background is the writing of a batch.
type background struct {
	done chan struct{} // closed when it is over
	err  error
}

// Begin starts the import of one source. One of the same reading that was broken
// off goes on where it was, and what others left that were broken off is taken
// out.
func (s *Store) Begin(ctx context.Context, spec graph.SourceSpec) (graph.Import, error) {
	if spec.ImportedAt.IsZero() {
		return nil, fmt.Errorf("neo4j: import %s: no time of import: %w", spec.Name, graph.ErrInvalidRecord)
	}
	spec.ImportedAt = instant(spec.ImportedAt)
	for _, t := range []*string{&spec.Name, &spec.Mapping, &spec.Options, &spec.Handling, &spec.Grading, &spec.Owner} {
		*t = valid(*t)
	}
	spec.Dialect, spec.Joined = slices.Clone(spec.Dialect), slices.Clone(spec.Joined)
	w, err := s.begin(ctx, "import "+spec.Name)
	if err != nil {
		return nil, err
	}
	i := &importing{store: s, work: w, spec: spec, hash: sha256.New()}
	if err := i.prepare(ctx); err != nil {
		w.release()
		return nil, s.errorOf(ctx, err)
	}
	i.ctx, i.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return i, nil
}

func (i *importing) prepare(ctx context.Context) (err error) {
	if i.before, err = i.work.census(ctx); err != nil {
		return err
	}
	id, err := i.before.next(&i.spec)
	if err != nil {
		return err
	}
	i.node = sourceNode{Source: graph.Source{SourceSpec: i.spec, ID: id}}
	own, err := i.work.finishOthers(ctx, i.before, i.node.ID)
	if err != nil {
		return err
	}
	i.writer = &writer{work: i.work, cache: newCache(), limit: most, ledger: ledger{id: i.node.ID, name: i.spec.Name, sha: i.spec.SHA256, tool: i.store.options.Tool}}
	if own != nil {
		i.resumed, i.node.number = *own, own.number
		i.writer.ledger, i.writer.begun = *own, true
	} else {
		i.node.number = i.before.given + 1
	}
	i.writer.ledger.number = i.node.number
	i.batch = newBatch(i.node.number, i.store.options.batch)
	return nil
}

// fail ends the import because of err. What is in the database is taken out,
// unless the server is gone or another writes: then it stays for the next
// writer, invisible, and the same import goes on from there.
func (i *importing) fail(ctx context.Context, err error) error {
	err = i.store.errorOf(ctx, err)
	if errors.Is(err, graph.ErrUnreachable) || errors.Is(err, graph.ErrLocked) {
		i.end()
		return err
	}
	return errors.Join(err, i.Abort())
}

// end stops writing and gives the lock back.
func (i *importing) end() {
	i.closed = true
	i.cancel()
	if i.busy != nil {
		<-i.busy.done
		i.busy = nil
	}
	i.work.release()
}

// Keep stores a file's bytes in the evidence folder. Without one they are
// compared with their hash only.
func (i *importing) Keep(ctx context.Context, sha graph.SHA256, file io.Reader) error {
	if i.closed {
		return graph.ErrClosed
	}
	if !slices.Contains(i.spec.Files(), sha) {
		return i.broken(ctx, fmt.Errorf("neo4j: import %s: file %s is none of its own: %w", i.spec.Name, sha, graph.ErrInvalidRecord))
	}
	if i.store.evidence == nil {
		if err := compare(ctx, file, sha); err != nil {
			return i.fail(ctx, err)
		}
	} else if err := i.keep(ctx, sha, file); err != nil {
		return i.broken(ctx, fmt.Errorf("neo4j: import %s: %w", i.spec.Name, err))
	}
	if !slices.Contains(i.kept, sha) {
		i.kept = append(i.kept, sha)
	}
	return nil
}

// keep stores a file's bytes, and notes whether they are there because of this
// import.
func (i *importing) keep(ctx context.Context, sha graph.SHA256, file io.Reader) error {
	had, err := i.store.keeps(sha)
	if err == nil {
		_, err = i.store.evidence.Keep(ctx, file, sha)
	}
	if l := &i.writer.ledger; err == nil && !had && !slices.Contains(l.files, sha) {
		l.files = append(slices.Clone(l.files), sha)
	}
	return err
}

// complete asks that all files are kept, or none.
func (i *importing) complete(ctx context.Context) error {
	all := len(i.spec.Files())
	if len(i.kept) > 0 && len(i.kept) < all {
		return i.broken(ctx, fmt.Errorf("neo4j: import %s: %d of its %d files kept: %w", i.spec.Name, len(i.kept), all, graph.ErrInvalidRecord))
	}
	i.node.HasEvidence = i.store.evidence != nil && len(i.kept) == all
	return nil
}

// broken ends the import because of an error that is not the server's.
func (i *importing) broken(_ context.Context, err error) error {
	return errors.Join(err, i.Abort())
}

// compare reads a file to its end and compares its hash.
func compare(ctx context.Context, file io.Reader, want graph.SHA256) error {
	sum := sha256.New()
	block := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := file.Read(block)
		sum.Write(block[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the file: %w", err)
		}
	}
	if got := graph.SHA256(hex.EncodeToString(sum.Sum(nil))); got != want {
		return fmt.Errorf("neo4j: SHA-256 is %s, was %s: %w", got, want, graph.ErrEvidenceMismatch)
	}
	return nil
}

// Append takes one row.
func (i *importing) Append(ctx context.Context, row *graph.Row) error {
	if i.closed {
		return graph.ErrClosed
	}
	if row.Number&63 == 0 && ctx.Err() != nil {
		return i.fail(ctx, ctx.Err())
	}
	if row.Number <= i.last {
		return i.broken(ctx, fmt.Errorf("neo4j: import %s: row %d after row %d: %w", i.spec.Name, row.Number, i.last, graph.ErrInvalidRecord))
	}
	if err := row.Check(); err != nil {
		return i.broken(ctx, fmt.Errorf("neo4j: import %s: %w", i.spec.Name, err))
	}
	if i.joined.Begun() {
		return i.broken(ctx, fmt.Errorf("neo4j: import %s: row %d after those of joined files: %w", i.spec.Name, row.Number, graph.ErrInvalidRecord))
	}
	i.last = row.Number
	i.encoded = appendRow(i.encoded[:0], row)
	i.hash.Write(i.encoded)
	i.node.Rows++
	if len(row.Errors) > 0 {
		i.node.Quarantined++
	} else {
		i.node.Stored++
	}
	if row.Number <= i.resumed.row {
		return i.again(ctx, row)
	}
	if i.resumed.row > 0 && !i.resumed.reached {
		return i.other(ctx)
	}
	i.take(row)
	if i.batch.full() {
		if err := i.handOver(ctx); err != nil {
			return i.fail(ctx, err)
		}
	}
	return nil
}

// Refuse notes a row of a joined file that was left out. One that is there from an import
// that was broken off is written again as it was.
func (i *importing) Refuse(ctx context.Context, refused []graph.RowError) error {
	if i.closed {
		return graph.ErrClosed
	}
	if ctx.Err() != nil {
		return i.fail(ctx, ctx.Err())
	}
	n, err := i.joined.Check(&i.spec, refused)
	if err != nil {
		return i.broken(ctx, fmt.Errorf("neo4j: import %s: %w", i.spec.Name, err))
	}
	if i.resumed.row > 0 && !i.resumed.reached {
		return i.other(ctx)
	}
	i.batch.refuseJoined(n, i.node.ID, refused)
	if i.batch.full() {
		if err := i.handOver(ctx); err != nil {
			return i.fail(ctx, err)
		}
	}
	return nil
}

// take puts a row into the batch.
func (i *importing) take(row *graph.Row) {
	i.open = i.batch.place(i.open, row)
	if len(row.Errors) > 0 {
		i.batch.refuse(i.node.ID, row)
		return
	}
	i.node.Newest = max(i.node.Newest, i.batch.add(row))
}

// again passes over a row that is there from an import that was broken off.
func (i *importing) again(ctx context.Context, row *graph.Row) error {
	scratch := batch{pages: map[int64][]place{}}
	i.open = scratch.place(i.open, row)
	if row.Number < i.resumed.row {
		return nil
	}
	if i.sum() != i.resumed.sum {
		return i.other(ctx)
	}
	i.resumed.reached = true
	i.node.Newest = i.resumed.newest
	return nil
}

// other is the error of an import whose rows are not those that are there.
func (i *importing) other(ctx context.Context) error {
	return i.broken(ctx, fmt.Errorf("neo4j: import %s: its rows are not those that were read when it was broken off after row %d; "+
		"what there was of it has been taken out: begin it again: %w", i.spec.Name, i.resumed.row, graph.ErrInvalidRecord))
}

func (i *importing) sum() string { return hex.EncodeToString(i.hash.Sum(nil)) }

// wait waits for what is being written, or until the caller gives up.
func (i *importing) wait(ctx context.Context) error {
	if i.busy == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, i.cancel)
	defer stop()
	<-i.busy.done
	err := i.busy.err
	i.busy = nil
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// handOver has the batch written in the background and goes on with an empty
// one.
func (i *importing) handOver(ctx context.Context) error {
	if err := i.wait(ctx); err != nil {
		return err
	}
	full := i.batch
	i.finishBatch()
	i.batch = newBatch(i.node.number, i.store.options.batch)
	going := &background{done: make(chan struct{})}
	i.busy = going
	go func() {
		defer close(going.done)
		going.err = i.writer.write(i.ctx, full.seal(), nil)
	}()
	return nil
}

// finishBatch notes in the batch what the ledger says after it.
func (i *importing) finishBatch() {
	i.batch.ledger = ledger{row: i.last, sum: i.sum(), newest: i.node.Newest}
}

// Commit makes the source visible.
func (i *importing) Commit(ctx context.Context) (graph.Source, error) {
	if i.closed {
		return graph.Source{}, graph.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return graph.Source{}, i.fail(ctx, err)
	}
	if i.resumed.row > 0 && !i.resumed.reached {
		return graph.Source{}, i.other(ctx)
	}
	if err := i.complete(ctx); err != nil {
		return graph.Source{}, err
	}
	if err := i.wait(ctx); err != nil {
		return graph.Source{}, i.fail(ctx, err)
	}
	stop := context.AfterFunc(ctx, i.cancel)
	defer stop()
	if err := i.finish(); err != nil {
		return graph.Source{}, i.fail(ctx, err)
	}
	i.end()
	return i.node.Source, nil
}

// finish writes what is left with the source's own node, and then shows it.
func (i *importing) finish() error {
	i.finishBatch()
	generation := i.before.generation + 1
	i.node.born = generation
	last := &ending{node: &i.node, replaced: i.before.replacedBy(&i.node)}
	if err := i.writer.write(i.ctx, i.batch.seal(), last); err != nil {
		return err
	}
	return i.work.show(i.ctx, generation)
}

// Abort leaves no trace.
func (i *importing) Abort() error {
	if i.closed {
		return nil
	}
	i.closed = true
	i.cancel()
	if i.busy != nil {
		<-i.busy.done // whatever became of it is taken out
		i.busy = nil
	}
	defer i.work.release()
	ctx := context.Background()
	if i.writer.begun {
		return i.store.errorOf(ctx, i.work.takeOut(ctx, &i.writer.ledger, i.before.sources))
	}
	return i.store.forget(i.writer.ledger.files, i.before.sources)
}

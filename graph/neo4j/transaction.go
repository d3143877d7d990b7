package neo4j

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// transaction is one try of a writing transaction. A statement that the server
// does not answer within Options.Patience fails.
type transaction struct {
	ctx     context.Context
	store   *Store
	server  driver.ExplicitTransaction
	created int // nodes that the last statement created
	related int // relationships that it created
}

// run runs a statement and returns its records, which must be few enough to be
// kept.
func (t *transaction) run(q cypher) ([]*driver.Record, error) {
	ctx, cancel := context.WithTimeout(t.ctx, t.store.options.Patience)
	defer cancel()
	result, err := t.server.Run(ctx, q.text, q.values)
	if err != nil {
		return nil, t.slow(ctx, err)
	}
	var all []*driver.Record
	var record *driver.Record
	for result.NextRecord(ctx, &record) {
		all = append(all, record)
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return nil, t.slow(ctx, err)
	}
	t.created, t.related = summary.Counters().NodesCreated(), summary.Counters().RelationshipsCreated()
	return all, nil
}

// commit reports an error whose outcome nobody knows by unknown.
func (t *transaction) commit() (unknown bool, err error) {
	ctx, cancel := context.WithTimeout(t.ctx, t.store.options.Patience)
	defer cancel()
	if err := t.server.Commit(ctx); err != nil {
		return serverError(err) == nil || gone(err), t.slow(ctx, err)
	}
	return false, nil
}

// errSlow is what became of a statement that the server did not answer in time,
// while it answers others.
var errSlow = errors.New("no answer in time")

func (t *transaction) slow(ctx context.Context, err error) error {
	if ctx.Err() != nil && t.ctx.Err() == nil {
		return fmt.Errorf("%w: %w", errSlow, err)
	}
	return err
}

// transact runs a piece of work in a transaction that proves first that the
// lock is still this writer's. It is tried again when the server says that it
// may be, and when the server was gone and came back within Options.Patience;
// so the work must not mind being done again from the start. Whether a
// transaction whose answer was lost took place is asked of done; nil stands for
// work that may be done twice.
func (w *work) transact(ctx context.Context, do func(*transaction) error, done func(context.Context) (bool, error)) error {
	proven := func(t *transaction) error {
		if err := w.prove(t); err != nil {
			return err
		}
		return do(t)
	}
	if done == nil {
		return w.retry(ctx, proven, nil)
	}
	return w.retry(ctx, proven, func(ctx context.Context) (bool, error) {
		// A commit that is still at work holds the node of the writer: who has had that knows how it ended.
		if err := w.retry(ctx, w.prove, nil); err != nil {
			return false, err
		}
		return done(ctx)
	})
}

// prove locks the node of the writer and sees that it is still this one's.
func (w *work) prove(t *transaction) error {
	found, err := t.run(cypher{proveWriter, map[string]any{"epoch": w.epoch}})
	if err != nil {
		return err
	}
	if len(found) != 1 || integer(found[0].Values[0]) != w.epoch {
		return w.lost()
	}
	return nil
}

const mostTries = 30 // of a transaction that the server lets fail

func (w *work) retry(ctx context.Context, do func(*transaction) error, done func(context.Context) (bool, error)) error {
	for try := 0; ; try++ {
		unknown, err := w.once(ctx, do)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || !fromServer(err) {
			return w.store.errorOf(ctx, err)
		}
		switch {
		case passing(err) && try < mostTries:
			if err := pause(ctx, jitter(try)); err != nil {
				return w.store.errorOf(ctx, err)
			}
			continue
		case passing(err) || tooLarge(err) || !gone(err):
			return w.store.errorOf(ctx, err)
		}
		if back := w.awaitServer(ctx, err); back != nil {
			return back
		}
		if unknown && done != nil {
			if ok, err := done(ctx); ok || err != nil {
				return err
			}
		}
		if errors.Is(err, errSlow) || try >= mostTries {
			return w.store.errorOf(ctx, err)
		}
	}
}

// once tries a transaction once.
func (w *work) once(ctx context.Context, do func(*transaction) error) (unknown bool, err error) {
	session := w.store.session(ctx, driver.AccessModeWrite)
	defer closeAtOnce(session)
	begin, cancel := context.WithTimeout(ctx, w.store.options.Patience)
	server, err := session.BeginTransaction(begin, driver.WithTxTimeout(0), driver.WithTxMetadata(map[string]any{"tool": "rummage", "work": w.what}))
	cancel()
	if err != nil {
		return false, err
	}
	t := &transaction{ctx: ctx, store: w.store, server: server}
	if err := do(t); err != nil {
		return false, err // closing the session rolls back
	}
	return t.commit()
}

// awaitServer waits until the server answers again and the lock is held again.
func (w *work) awaitServer(ctx context.Context, cause error) error {
	deadline := time.Now().Add(w.store.options.Patience)
	for try := 0; ; try++ {
		left := time.Until(deadline)
		if left <= 0 {
			return w.store.errorOf(ctx, cause)
		}
		asking, cancel := context.WithTimeout(ctx, left)
		err := w.retake(asking, min(left, lockWait))
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil || errors.Is(err, graph.ErrLocked):
			return w.store.errorOf(ctx, err)
		}
		if err := pause(ctx, jitter(try)); err != nil {
			return w.store.errorOf(ctx, err)
		}
	}
}

// jitter is how long to wait before another try: longer each time, up to a
// second or so, and never the same for two writers.
func jitter(try int) time.Duration {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	most := 20 * time.Millisecond << min(try, 6)
	return most/2 + time.Duration(binary.LittleEndian.Uint64(b[:])%uint64(most))
}

// write does one small piece of work in one transaction, which takes the lock,
// does it, and gives the lock back with its commit.
func (s *Store) write(ctx context.Context, what string, do func(*transaction) error, done func(context.Context) (bool, error)) error {
	w, err := s.begin(ctx, what)
	if err != nil {
		return err
	}
	defer w.release()
	return w.transact(ctx, do, done)
}

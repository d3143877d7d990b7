package neo4j

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// lockWait is how long a writer waits for another.
const lockWait = 10 * time.Second

const (
	// takeLock writes a node in a transaction that stays open: nobody else can
	// write it before that ends, and it ends with its connection.
	takeLock = "MATCH (l:Lock {id: 'rummage'}) SET l.taken = $epoch RETURN l.id"
	// signWriter says who writes. The epoch rises with every writer.
	signWriter = `MATCH (w:Writer {id: 'rummage'}) SET w.epoch = w.epoch + 1, w.holder = $holder, w.since = $since RETURN w.epoch`
	// proveWriter locks the node of the writer, and then looks whose it is: a
	// writer that comes later waits with its epoch until this transaction ends.
	proveWriter = "MATCH (w:Writer {id: 'rummage'}) SET w.proof = $epoch RETURN w.epoch"
	askWriter   = "MATCH (w:Writer {id: 'rummage'}) RETURN w.epoch, w.holder, w.since"
)

// work is the right to write, for one piece of work of one process. The server
// frees it when the process or its connection dies.
type work struct {
	store   *Store
	what    string
	epoch   int64
	session driver.SessionWithContext
	held    driver.ExplicitTransaction // has written the Lock node
}

// begin waits at most lockWait for the right to write.
func (s *Store) begin(ctx context.Context, what string) (*work, error) {
	if err := s.writable(ctx); err != nil {
		return nil, err
	}
	w := &work{store: s, what: what}
	if err := w.take(ctx, lockWait); err != nil {
		return nil, err
	}
	if err := w.sign(ctx); err != nil {
		w.release()
		return nil, err
	}
	return w, nil
}

// writable says why nothing may be written.
func (s *Store) writable(ctx context.Context) error {
	if s.closed.Load() {
		return fmt.Errorf("neo4j: %w", graph.ErrClosed)
	}
	if s.options.ReadOnly {
		return s.broken(graph.ErrReadOnly, "it was opened so")
	}
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return s.errorOf(ctx, err)
	}
	return nil
}

// take writes the Lock node and keeps the transaction open.
func (w *work) take(ctx context.Context, wait time.Duration) error {
	s := w.store
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if s.options.Waiting != nil {
		alarm := time.AfterFunc(time.Second, func() { s.options.Waiting(s.lockedBy()) })
		defer alarm.Stop()
	}
	for try := 0; ; try++ {
		session := s.session(waiting, driver.AccessModeWrite)
		// Without a limit: the lock lasts as long as the import.
		held, err := session.BeginTransaction(waiting, driver.WithTxTimeout(0), driver.WithTxMetadata(map[string]any{"tool": "rummage", "work": w.what}))
		if err == nil {
			t := &transaction{ctx: waiting, store: s, server: held}
			var found []*driver.Record
			if found, err = t.run(cypher{takeLock, map[string]any{"epoch": w.epoch}}); err == nil && len(found) == 0 {
				err = s.broken(graph.ErrDamaged, "the node of the lock is missing; open the store again, which makes it")
			}
		}
		if err == nil {
			w.session, w.held = session, held
			return nil
		}
		closeAtOnce(session)
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			return s.errorOf(ctx, err)
		case waiting.Err() != nil || heldElsewhere(err):
			return s.lockedBy() // a deadline is a shorter wait
		case !passing(err) || try > 20:
			return s.errorOf(ctx, err)
		}
		_ = pause(waiting, jitter(try))
	}
}

func heldElsewhere(err error) bool {
	said := serverError(err)
	return said != nil && (said.Code == "Neo.ClientError.Transaction.LockAcquisitionTimeout" || said.Code == "Neo.TransientError.Transaction.LockAcquisitionTimeout")
}

// closeAtOnce ends a session, whatever became of its connection.
func closeAtOnce(session driver.SessionWithContext) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = session.Close(ctx)
}

// lockedBy says who holds the lock; where the server does not say so within
// five seconds it is that, not the lock, that is wrong.
func (s *Store) lockedBy() error {
	ctx, cancel := context.WithTimeout(context.Background(), min(5*time.Second, s.options.Patience))
	defer cancel()
	found, err := s.records(ctx, cypher{text: askWriter})
	if err != nil {
		return &storeError{s.address, occasion{graph.ErrUnreachable, "the server does not answer; see whether it runs and is not overloaded"}, err}
	}
	locked := &graph.LockedError{Holder: "a process that left no name"}
	if len(found) == 1 {
		if holder := text(found[0].Values[1]); holder != "" {
			locked.Holder = holder
		}
		locked.Since = instantOf(found[0].Values[2])
	}
	return fmt.Errorf("neo4j: %s: %w", s.address, locked)
}

// signature is who writes and since when, as others are told.
func (s *Store) signature() map[string]any {
	host, _ := os.Hostname() // a name that nobody knows is no reason not to write
	return map[string]any{"holder": fmt.Sprintf("process %d on %s (%s)", os.Getpid(), host, s.options.Holder),
		"since": time.Now().UTC().Truncate(time.Second)}
}

// sign makes the epoch this writer's own.
func (w *work) sign(ctx context.Context) error {
	sign := func(t *transaction) error {
		found, err := t.run(cypher{signWriter, w.store.signature()})
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return w.store.broken(graph.ErrDamaged, "the node of the writer is missing; open the store again, which makes it")
		}
		w.epoch = integer(found[0].Values[0])
		return nil
	}
	// An answer that was lost does no harm: the epoch rises once more.
	return w.retry(ctx, sign, nil)
}

// retake takes the lock anew after the connection was lost, if nobody else has
// had it since.
func (w *work) retake(ctx context.Context, wait time.Duration) error {
	if w.held != nil {
		t := &transaction{ctx: ctx, store: w.store, server: w.held}
		if _, err := t.run(cypher{text: askServer}); err == nil {
			return nil
		}
		w.release()
	}
	if err := w.take(ctx, wait); err != nil {
		return err
	}
	found, err := w.store.records(ctx, cypher{text: askWriter})
	if err != nil {
		return w.store.errorOf(ctx, err)
	}
	if len(found) != 1 || integer(found[0].Values[0]) != w.epoch {
		return w.lost()
	}
	return nil
}

// lost is the error of a writer that another has followed.
func (w *work) lost() error {
	return fmt.Errorf("neo4j: %s: the connection broke, and another writer followed; begin the %s again: %w", w.store.address, w.what, w.store.lockedBy())
}

// release gives the right back; doing so twice is harmless.
func (w *work) release() {
	if w.session == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), min(5*time.Second, w.store.options.Patience))
	defer cancel()
	_ = w.held.Rollback(ctx)
	_ = w.session.Close(ctx)
	w.session, w.held = nil, nil
}

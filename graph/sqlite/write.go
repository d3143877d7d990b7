package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rummage/graph"
)

// writeWork is one transaction of the writer, with the lock that allows it.
type writeWork struct {
	store *Store
	what  string
	lock  *lock
	conn  *sql.Conn
	state state
	done  bool

	keepOpen bool // commit leaves the connection and the lock to the caller
}

// begin takes the lock and starts the transaction. Statements of the
// transaction run without the caller's context: it is looked at between
// blocks, and an interrupt in the middle would cost more than it saves.
func (s *Store) begin(ctx context.Context, what string) (*writeWork, error) {
	held, err := s.writeLock(ctx)
	if err != nil {
		return nil, err
	}
	w := &writeWork{store: s, what: what, lock: held}
	if w.conn, err = s.writing.Conn(ctx); err != nil {
		held.release()
		return nil, errorOf(what, interrupted(ctx, err))
	}
	if _, err = w.conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err == nil {
		w.state, err = readState(context.Background(), w.conn)
	}
	if err != nil {
		w.abort()
		return nil, errorOf(what, err)
	}
	return w, nil
}

// commit makes everything visible and durable, or nothing.
func (w *writeWork) commit(ctx context.Context) error {
	if w.done {
		return graph.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		w.abort()
		return err
	}
	w.state.generation++
	err := writeState(context.Background(), w.conn, &w.state)
	if err == nil {
		_, err = w.conn.ExecContext(context.Background(), "COMMIT")
	}
	if err != nil {
		w.abort()
		return errorOf(w.what, err)
	}
	w.done = true
	if !w.keepOpen {
		w.close()
	}
	return nil
}

// abort leaves no trace; after commit it does nothing.
func (w *writeWork) abort() {
	if w.done {
		return
	}
	// SQLite may have rolled back by itself, as it does when the disk is full.
	_, _ = w.conn.ExecContext(context.Background(), "ROLLBACK")
	w.close()
}

func (w *writeWork) close() {
	w.done = true
	_ = w.conn.Close()
	w.lock.release()
}

// write does one piece of work in a transaction of its own.
func (s *Store) write(ctx context.Context, what string, work func(*writeWork) error) error {
	w, err := s.begin(ctx, what)
	if err != nil {
		return err
	}
	if err := work(w); err != nil {
		w.abort()
		return errorOf(what, err)
	}
	return w.commit(ctx)
}

// checkpoint moves the journal into the file and empties it, as far as readers
// allow; where they do not, the last one to close the store does. What was
// committed is safe either way, so an error is none.
func (w *writeWork) checkpoint() {
	var busy, log, moved int
	ctx := context.Background()
	_, _ = w.conn.ExecContext(ctx, "PRAGMA busy_timeout = 0") // readers are not waited for
	_ = w.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	_, _ = w.conn.ExecContext(ctx, "PRAGMA busy_timeout = 10000")
}

// execOne changes exactly one row.
func execOne(ctx context.Context, q querier, query string, args ...any) error {
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("%d rows changed instead of one: %w", n, errors.Join(err, graph.ErrDamaged))
	}
	return nil
}

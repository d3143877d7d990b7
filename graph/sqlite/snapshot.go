package sqlite

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"

	"rummage/graph"
)

// snapshot is one read transaction on a connection of its own: it goes on
// seeing the commit that it began with. It is safe for concurrent use.
type snapshot struct {
	mu     sync.Mutex
	conn   *sql.Conn
	state  state
	closed atomic.Bool
	over   *atomic.Bool // the store is closed
}

func (s *Store) snapshot(ctx context.Context) (*snapshot, error) {
	if s.closed.Load() {
		return nil, graph.ErrClosed
	}
	if err := s.there(); err != nil {
		return nil, err
	}
	conn, err := s.reading.Conn(ctx)
	if err != nil {
		return nil, errorOf("read", interrupted(ctx, err))
	}
	snap := &snapshot{conn: conn, over: &s.closed}
	if _, err = conn.ExecContext(ctx, "BEGIN"); err == nil {
		snap.state, err = readState(ctx, conn) // the first read pins the commit
	}
	if err != nil {
		snap.close()
		return nil, errorOf("read", interrupted(ctx, err))
	}
	return snap, nil
}

func (s *snapshot) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Swap(true) {
		return
	}
	_, _ = s.conn.ExecContext(context.Background(), "ROLLBACK") // a read has nothing to lose
	_ = s.conn.Close()
}

// open returns ErrClosed when the reader or the store has been closed: what
// is cached could be read still.
func (s *snapshot) open() error {
	if s.closed.Load() || s.over.Load() {
		return graph.ErrClosed
	}
	return nil
}

// use runs work on the connection while nobody else does.
func (s *snapshot) use(work func(q querier) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.open(); err != nil {
		return err
	}
	return work(s.conn)
}

// block reads one block.
func (s *snapshot) block(ctx context.Context, table blocks, key int64) (data []byte, err error) {
	err = s.use(func(q querier) error {
		data, err = table.get(ctx, q, key)
		return err
	})
	return data, err
}

package neo4j

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"rummage/graph"
	"rummage/graph/neo4j/evidence"
)

// Options say how to reach a server and what to do there.
type Options struct {
	User     string // "" when the server asks for none
	Password string
	Database string        // "" means neo4j
	Evidence string        // folder of the imported files' bytes; "" when none are kept
	ReadOnly bool          // write nothing, not even constraints
	Create   bool          // start a store where there is none
	Holder   string        // who writes, for the message that others get
	Waiting  func(error)   // is told after a second, by what wraps a *graph.LockedError, who is waited for; nil for nobody
	Tool     string        // version of rummage, for the server's log
	Patience time.Duration // how long to wait for a server that does not answer; 0 means 30 seconds

	batch int // consignments and links that a batch holds; tests make it small
}

// Store is a store in a Neo4j database. It may be used by several goroutines.
type Store struct {
	server    driver.DriverWithContext
	options   Options
	address   string
	bookmarks driver.BookmarkManager
	evidence  *evidence.Folder // nil when no bytes are kept
	agent     string           // what the server calls itself; "" until it is known to be recent enough
	format    int64            // of the database
	closed    atomic.Bool
	memory    atomic.Pointer[memory]

	mu       sync.Mutex
	listed   []sourceNode // as of generation listedAt
	listedAt int64
}

// fetch is how many records a stream asks for at a time: enough that the
// server is never waited for, few enough that memory stays flat.
const fetch = 10_000

// cypher is a query with its parameters. The text is a constant or chosen
// from a closed list, never put together from data.
type cypher struct {
	text   string //cypher:text
	values map[string]any
}

// session opens a session of the store's database.
func (s *Store) session(ctx context.Context, mode driver.AccessMode) driver.SessionWithContext {
	c := driver.SessionConfig{AccessMode: mode, DatabaseName: s.options.Database, FetchSize: fetch, BookmarkManager: s.bookmarks}
	if s.agent != "" { // hints on queries, which nobody reads; a server too old for us may not know how to leave them out
		c.NotificationsMinSeverity = notifications.DisabledLevel
	}
	return s.server.NewSession(ctx, c)
}

// stream runs a reading query and yields its records as they come. Memory is
// that of one fetch. The last pair carries the error, if there was one.
func (s *Store) stream(ctx context.Context, q cypher) iter.Seq2[*driver.Record, error] {
	return func(yield func(*driver.Record, error) bool) {
		if s.closed.Load() {
			yield(nil, fmt.Errorf("neo4j: %w", graph.ErrClosed))
			return
		}
		for try := 0; ; try++ {
			begun, err := s.flow(ctx, q, yield)
			if err == nil {
				return
			}
			if begun || try == staleTries || ctx.Err() != nil || !stale(err) {
				yield(nil, s.errorOf(ctx, err))
				return
			}
		}
	}
}

// staleTries is how often a query is put anew when its connection turns out to
// have ended while it lay in the pool, as all of them do when a server starts
// again.
const staleTries = 20

// flow runs a query once and reports whether anything was yielded.
func (s *Store) flow(ctx context.Context, q cypher, yield func(*driver.Record, error) bool) (begun bool, err error) {
	session := s.session(ctx, driver.AccessModeRead)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	result, err := session.Run(ctx, q.text, q.values)
	if err != nil {
		return false, err
	}
	var record *driver.Record
	for result.NextRecord(ctx, &record) {
		begun = true
		if !yield(record, nil) {
			return true, nil
		}
	}
	return begun, result.Err()
}

// records runs a reading query whose answer is small.
func (s *Store) records(ctx context.Context, q cypher) ([]*driver.Record, error) {
	var all []*driver.Record
	for record, err := range s.stream(ctx, q) {
		if err != nil {
			return nil, err
		}
		all = append(all, record)
	}
	return all, nil
}

// do runs one writing query in a transaction of its own, for what may be done
// twice.
func (s *Store) do(ctx context.Context, q cypher) error {
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	result, err := session.Run(ctx, q.text, q.values)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	return s.errorOf(ctx, err)
}

package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// tries is how often emptying is begun: what a test before left at work may hold locks against it for a while.
const tries = 20

// few is how many nodes are deleted in one transaction; more go in batches, so that memory stays small.
const few = 5000

// Empty deletes every node and relationship and keeps the schema; a deadlock with what is still at work there is tried
// again, some times. Cost: some milliseconds for what a small test leaves behind.
func (s *Server) Empty(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := s.emptied(ctx); err != nil {
		t.Fatalf("neo4jtest: empty %s: %v", s.Address, err)
	}
}

// emptied tries to empty the database until nothing passing is in the way.
func (s *Server) emptied(ctx context.Context) error {
	for try := 1; ; try++ {
		err := s.empty(ctx)
		if err == nil || !passing(err) || try == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(try) * 50 * time.Millisecond):
		}
	}
}

// passing reports whether the server says that the same may do later.
func passing(err error) bool {
	var answer *neo4j.Neo4jError
	return errors.As(err, &answer) && answer.Classification() == "TransientError"
}

func (s *Server) empty(ctx context.Context) error {
	// The store keeps this count, so that asking is quicker than looking.
	nodes, err := s.count(ctx, "MATCH (n) RETURN count(n)")
	switch {
	case err != nil || nodes == 0:
		return err
	case nodes <= few:
		return s.run(ctx, "MATCH (n) DETACH DELETE n", nil)
	}
	// Relationships first: a hub's would all be deleted in the transaction of one node.
	if err := s.run(ctx, "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS", nil); err != nil {
		return err
	}
	return s.run(ctx, "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", nil)
}

// Bare deletes everything, the constraints and indexes too: the database as it is when nobody has used it.
func (s *Server) Bare(t testing.TB) {
	t.Helper()
	s.Empty(t)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := s.drop(ctx); err != nil {
		t.Fatalf("neo4jtest: drop the schema of %s: %v", s.Address, err)
	}
}

// drop drops constraints before indexes, since a constraint owns one.
func (s *Server) drop(ctx context.Context) error {
	for _, kind := range []struct{ list, drop string }{
		{"SHOW CONSTRAINTS YIELD name RETURN name", "DROP CONSTRAINT $name IF EXISTS"},
		{"SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name", "DROP INDEX $name IF EXISTS"},
	} {
		names, err := s.column(ctx, kind.list)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := s.run(ctx, kind.drop, map[string]any{"name": name}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Server) count(ctx context.Context, cypher string) (int64, error) {
	values, err := s.column(ctx, cypher)
	if err != nil {
		return 0, err
	}
	if len(values) == 1 {
		if n, ok := values[0].(int64); ok {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%s: want one number, got %v", cypher, values)
}

// column returns the first column of a query's answer.
func (s *Server) column(ctx context.Context, cypher string) ([]any, error) {
	driver, err := s.connect()
	if err != nil {
		return nil, err
	}
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: s.Database})
	defer func() { _ = session.Close(ctx) }() // what went wrong, the query told
	result, err := session.Run(ctx, cypher, nil)
	if err != nil {
		return nil, err
	}
	rows, err := result.Collect(ctx)
	if err != nil {
		return nil, err
	}
	values := make([]any, 0, len(rows))
	for _, row := range rows {
		if len(row.Values) == 0 {
			return nil, errors.New("a row without columns")
		}
		values = append(values, row.Values[0])
	}
	return values, nil
}

package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// Server is a connection to a Neo4j server whatever its databases hold: for
// asking it what has nothing to do with a store. Several goroutines may use it.
type Server struct{ store *Store }

// Reach connects to the server at address, such as bolt://localhost:7687, and
// sees that it is a Neo4j that is new enough. It waits at most
// Options.Patience; of the other options User, Password, Database and Tool
// count. Errors wrap ErrAddress or graph.ErrUnreachable and say what to do next.
func Reach(ctx context.Context, address string, options Options) (*Server, error) {
	s := &Store{options: options}
	if s.options.Database == "" {
		s.options.Database = defaultDatabase
	}
	if s.options.Patience == 0 {
		s.options.Patience = defaultPatience
	}
	if err := s.dial(ctx, address); err != nil {
		return nil, err
	}
	patient, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	if err := s.checkServer(patient); err != nil {
		_ = s.server.Close(context.WithoutCancel(ctx))
		return nil, s.impatient(ctx, err)
	}
	return &Server{store: s}, nil
}

// Session opens a session that reads in the database that Options name. The
// caller closes it.
func (s *Server) Session(ctx context.Context) driver.SessionWithContext {
	return s.store.session(ctx, driver.AccessModeRead)
}

// Explain turns an error of the driver into one of the contract, in words that
// a person can act on. The driver's stays within it.
func (s *Server) Explain(ctx context.Context, err error) error { return s.store.errorOf(ctx, err) }

// Agent is what the server calls itself, such as Neo4j/5.26.30.
func (s *Server) Agent() string { return s.store.agent }

// Close closes the connections.
func (s *Server) Close() error { return s.store.Close() }

// dial makes the driver. Nothing is sent yet.
func (s *Store) dial(ctx context.Context, address string) error {
	shown, err := checkAddress(address)
	if err != nil {
		return err
	}
	if strings.EqualFold(s.options.Database, "system") {
		return fmt.Errorf("neo4j: %s: in the database system the server keeps its users and databases, and nothing else can be kept there; "+
			"name another with --neo4j-database: %w", shown, ErrAddress)
	}
	s.address, s.bookmarks = shown, driver.NewBookmarkManager(driver.BookmarkManagerConfig{})
	auth := driver.NoAuth()
	if s.options.User != "" {
		auth = driver.BasicAuth(s.options.User, s.options.Password, "")
	}
	if s.server, err = driver.NewDriverWithContext(address, auth, driverConfig(&s.options)); err != nil {
		return s.errorOf(ctx, err)
	}
	return nil
}

// impatient says so of an error that came about because the server did not
// answer within Options.Patience.
func (s *Store) impatient(ctx context.Context, err error) error {
	if err != nil && errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		what := fmt.Sprintf("no answer within %v; see whether the server runs and is not overloaded", s.options.Patience)
		return &storeError{s.address, occasion{graph.ErrUnreachable, what}, err}
	}
	return err
}

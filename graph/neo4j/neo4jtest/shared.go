package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// one is the server that the tests of this binary share.
var one struct {
	mutex  sync.Mutex
	asked  bool
	server *Server
	err    error
}

// Shared returns the server that all tests of this binary share, started on first use and empty of data;
// constraints and indexes stay, since making them takes longer than most tests. Tests that use it must not
// run in parallel. Main stops it.
func Shared(t testing.TB) *Server {
	t.Helper()
	one.mutex.Lock()
	if !one.asked {
		one.asked = true
		one.server, one.err = common(context.Background())
	}
	server, err := one.server, one.err
	one.mutex.Unlock()
	need(t, err)
	server.Empty(t)
	return server
}

// common is the server of the environment, or else one of our own.
func common(ctx context.Context) (*Server, error) {
	s, err := named(ctx)
	if s != nil || err != nil {
		return s, err
	}
	return Start(ctx, Options{})
}

// Own returns a server of the test's own, which it may kill and start again; it stops when the test ends. The
// environment's server is never used for that.
func Own(t testing.TB, o Options) *Server {
	t.Helper()
	server, err := Start(context.Background(), o)
	need(t, err)
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Errorf("neo4jtest: stop: %v", err)
		}
	})
	return server
}

// need ends the test if there is no server: a skip where the machine has none and none is demanded.
func need(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrNone) && os.Getenv("RUMMAGE_REQUIRE_NEO4J") != "1":
		fmt.Fprintf(os.Stderr, "SKIPPED, NO NEO4J: %s: %v\n", t.Name(), err)
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// Suite is what testing.M and goleak.VerifyTestMain have in common.
type Suite interface{ Run() int }

// Main wraps the tests of a binary so that the shared server is stopped after the last one:
//
//	func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m).Run()) }
//
// or goleak.VerifyTestMain(neo4jtest.Main(m)).
func Main(m Suite) Suite { return suite{m} }

type suite struct{ tests Suite }

// Run runs the tests and stops the shared server; a server that does not stop fails the run.
func (s suite) Run() int {
	code := s.tests.Run()
	one.mutex.Lock()
	defer one.mutex.Unlock()
	if one.server == nil {
		return code
	}
	err := errors.Join(one.server.leave(), one.server.Stop())
	one.server, one.err = nil, errors.New("neo4jtest: the shared server has been stopped")
	if err != nil {
		fmt.Fprintf(os.Stderr, "neo4jtest: stop: %v\n", err)
		return max(code, 1)
	}
	return code
}

// Driver opens a driver for the test, closed when it ends.
func (s *Server) Driver(t testing.TB) neo4j.DriverWithContext {
	t.Helper()
	driver, err := open(s.Address, s.User, s.Password)
	if err != nil {
		t.Fatalf("neo4jtest: driver: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := driver.Close(ctx); err != nil {
			t.Errorf("neo4jtest: close driver: %v", err)
		}
	})
	return driver
}

// ours ends the test if the server is one that the environment named.
func (s *Server) ours(t testing.TB) {
	t.Helper()
	if s.engine == nil {
		t.Fatal("neo4jtest: a server that the environment named is not ours to stop; use Own")
	}
}

// Kill ends the server as kill -9 does and returns when it is gone.
func (s *Server) Kill(t testing.TB) { t.Helper(); s.end(t, true) }

// Terminate asks the server to stop, as SIGTERM does, and returns when it is gone.
func (s *Server) Terminate(t testing.TB) { t.Helper(); s.end(t, false) }

func (s *Server) end(t testing.TB, kill bool) {
	t.Helper()
	s.ours(t)
	ctx, cancel := context.WithTimeout(context.Background(), stopping+10*time.Second)
	defer cancel()
	if err := s.engine.end(ctx, kill); err != nil {
		t.Fatalf("neo4jtest: end the server: %v", err)
	}
}

// Again starts a server that was ended, on the same data and the same port, and waits until it answers.
func (s *Server) Again(t testing.TB) {
	t.Helper()
	s.ours(t)
	if err := s.start(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// Freeze stops the server where it stands, as SIGSTOP does: connections stay open and nothing is answered.
func (s *Server) Freeze(t testing.TB) { t.Helper(); s.freeze(t, true) }

// Thaw lets a frozen server go on.
func (s *Server) Thaw(t testing.TB) { t.Helper(); s.freeze(t, false) }

func (s *Server) freeze(t testing.TB, still bool) {
	t.Helper()
	s.ours(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.engine.freeze(ctx, still); err != nil {
		t.Fatalf("neo4jtest: freeze or thaw: %v", err)
	}
}

// PID is the server's process; 0 where it runs in a container, was ended, or is not ours.
func (s *Server) PID() int {
	if s.engine == nil {
		return 0
	}
	return s.engine.pid()
}

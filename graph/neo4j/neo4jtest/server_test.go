package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// TestMain plays another test binary when a test has started it for that.
func TestMain(m *testing.M) {
	if part := os.Getenv(playing); part != "" {
		play(part)
	}
	goleak.VerifyTestMain(Main(m))
}

// nodes counts what the server holds.
func nodes(t *testing.T, s *Server) int64 {
	t.Helper()
	n, err := s.count(t.Context(), "MATCH (n) RETURN count(n)")
	require.NoError(t, err)
	return n
}

func TestAServerOfOnesOwnKeepsItsDataThroughEveryEnd(t *testing.T) {
	s := Own(t, Options{})
	require.NoError(t, s.run(t.Context(), "CREATE (:Thing {n: 1})", nil))
	for _, end := range []struct {
		name string
		how  func()
	}{{"kill -9", func() { s.Kill(t) }}, {"SIGTERM", func() { s.Terminate(t) }}} {
		t.Run(end.name, func(t *testing.T) {
			address := s.Address
			end.how()
			assert.Zero(t, s.PID())
			assert.Error(t, s.answers(t.Context()), "nothing listens")
			s.Again(t)
			assert.Equal(t, address, s.Address)
			assert.EqualValues(t, 1, nodes(t, s))
		})
	}
	folder := s.Folder
	require.NoError(t, s.Stop())
	assert.NoDirExists(t, folder)
	require.NoError(t, s.Stop(), "a second time does nothing")
}

func TestAServerOfferedByTheEnvironmentIsUsedAndNeverHarmed(t *testing.T) {
	s := Shared(t)
	t.Setenv("RUMMAGE_NEO4J", s.Address)
	t.Setenv("RUMMAGE_NEO4J_PASSWORD", s.Password)
	lent, err := common(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "neo4j", lent.User)
	require.NoError(t, lent.run(t.Context(), "CREATE (:Thing)", nil))
	_, err = common(t.Context())
	assert.ErrorContains(t, err, "it holds 1 nodes")
	require.NoError(t, lent.leave())
	require.NoError(t, lent.Stop())
	assert.Zero(t, nodes(t, s), "left empty, and running")
	for _, bad := range []struct{ name, address, password, want string }{
		{"wrong password", s.Address, "wrong", "Unauthorized"},
		{"not Bolt", "http://127.0.0.1:1", "", "want bolt://host:port"},
	} {
		t.Run(bad.name, func(t *testing.T) {
			t.Setenv("RUMMAGE_NEO4J", bad.address)
			t.Setenv("RUMMAGE_NEO4J_PASSWORD", bad.password)
			_, err := common(t.Context())
			assert.ErrorContains(t, err, bad.want)
			assert.NotErrorIs(t, err, ErrNone, "a wrong address is a mistake, not a lack")
		})
	}
	for name, act := range map[string]func(testing.TB){"kill": lent.Kill, "terminate": lent.Terminate, "again": lent.Again} {
		t.Run(name, func(t *testing.T) {
			r := recorded(t, act)
			assert.Contains(t, r.fatal, "not ours")
		})
	}
}

func TestAServerThatCannotStartShowsItsLog(t *testing.T) {
	_, err := Start(t.Context(), Options{Settings: []string{"server.bolt.thread_pool_max_size=-7"}})
	if errors.Is(err, ErrNone) {
		need(t, err)
	}
	assert.ErrorContains(t, err, "it ended by itself")
	assert.ErrorContains(t, err, "Failed to start Neo4j")
	_, err = Start(t.Context(), Options{Settings: []string{"nonsense"}})
	assert.ErrorContains(t, err, `setting "nonsense": want name=value`)
}

// Graph Data Science where it is asked for is what the tests of package gds run on.
func TestBrowserWhereAskedFor(t *testing.T) {
	folder := t.TempDir()
	s := Own(t, Options{Folder: folder, HTTP: true})
	answer, err := http.Get(s.Browser)
	require.NoError(t, err)
	defer answer.Body.Close()
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	http.DefaultClient.CloseIdleConnections()
	require.NoError(t, s.run(t.Context(), "CREATE (:Thing)", nil))
	require.NoError(t, s.Stop())

	again := Own(t, Options{Folder: folder, Measured: true})
	assert.EqualValues(t, 1, nodes(t, again), "a folder that was named stays, and so does its password")
	assert.Empty(t, again.Browser)
	again.Freeze(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	assert.Error(t, again.answers(ctx), "it hangs")
	again.Thaw(t)
	assert.NoError(t, again.answers(t.Context()))
	again.Freeze(t)
	require.NoError(t, again.Stop(), "a frozen server stops too, and needs no kill")
}

func TestEmptyKeepsTheSchema(t *testing.T) {
	s := Shared(t)
	require.NoError(t, s.run(t.Context(), "CREATE CONSTRAINT thing IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE", nil))
	for _, many := range []int64{3, few + 1} {
		require.NoError(t, s.run(t.Context(), "UNWIND range(1, $n) AS i CREATE (:Thing {id: i})-[:NEXT]->(:Other)",
			map[string]any{"n": many}))
		require.Equal(t, 2*many, nodes(t, s))
		s.Empty(t)
		assert.Zero(t, nodes(t, s))
	}
	kept, err := s.column(t.Context(), "SHOW CONSTRAINTS YIELD name RETURN name")
	require.NoError(t, err)
	assert.Equal(t, []any{"thing"}, kept)
	s.Bare(t)
	kept, err = s.column(t.Context(), "SHOW CONSTRAINTS YIELD name RETURN name")
	require.NoError(t, err)
	assert.Empty(t, kept)
	assert.Same(t, s, Shared(t))
}

// A deadlock is with what is still at work in the database, and that comes to an end.
func TestEmptyGivesNoWayToWhatIsStillAtWork(t *testing.T) {
	s := Shared(t)
	require.NoError(t, s.run(t.Context(), "UNWIND range(0, 9) AS i CREATE (:Thing {i: i})", nil))
	session := s.Driver(t).NewSession(t.Context(), neo4j.SessionConfig{DatabaseName: s.Database})
	work, err := session.BeginTransaction(t.Context())
	require.NoError(t, err)
	hold := func(i int) error {
		result, err := work.Run(t.Context(), "MATCH (n:Thing {i: $i}) SET n.held = true", map[string]any{"i": i})
		if err == nil {
			_, err = result.Consume(t.Context())
		}
		return err
	}
	require.NoError(t, hold(9))
	emptied := make(chan error, 1)
	go func() { emptied <- s.emptied(t.Context()) }()
	_ = hold(0) // against its order: one of the two is told of a deadlock, if they meet
	require.NoError(t, work.Close(t.Context()))
	require.NoError(t, session.Close(t.Context()))
	require.NoError(t, <-emptied)
	assert.Zero(t, nodes(t, s))

	deadlock := &neo4j.Neo4jError{Code: "Neo.TransientError.Transaction.DeadlockDetected"}
	assert.True(t, passing(fmt.Errorf("empty: %w", deadlock)))
	assert.False(t, passing(&neo4j.Neo4jError{Code: "Neo.ClientError.Security.Unauthorized"}))
	assert.False(t, passing(errors.New("no answer")))
}

package neo4jtest

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(Main(m)) }

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
	_, err := os.Stat(folder)
	assert.ErrorIs(t, err, os.ErrNotExist)
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

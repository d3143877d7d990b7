package transfer_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
	"rummage/graph/transfer"
)

// server is a store in an empty database of a real server.
func server(t testing.TB) graph.Store {
	s := neo4jtest.Shared(t)
	store, err := neo4j.Open(ctx, s.Address, neo4j.Options{User: s.User, Password: s.Password, Database: s.Database,
		Evidence: filepath.Join(t.TempDir(), "evidence"), Create: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// TestThereAndBack copies a file's store into a server and back.
func TestThereAndBack(t *testing.T) {
	for _, seed := range []int{1, 3, 5} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			from, to, back := empty(t), server(t), empty(t)
			history := storetest.NewHistory(seed)
			scopes := history.Scopes(history.Play(t, from))
			ledger(t, from)
			first := copied(t, from, to)
			same(t, from, to, scopes...)
			require.Equal(t, first.Digest, copied(t, to, back).Digest)
			same(t, from, back, scopes...)
			again := copied(t, from, to)
			require.Zero(t, again.Rows+again.Bytes+again.Decisions+again.Runs, "copying twice changes nothing")
		})
	}
}

func TestAServerThatGoesOn(t *testing.T) {
	from, to := empty(t), server(t)
	storetest.NewHistory(3).PlaySteps(t, from, func() { copied(t, from, to) })
	for i := range 2 {
		put(t, from, storetest.NewBatch(fmt.Sprint("file ", i), 1+i, many(i, 250)...))
	}
	report := copied(t, from, to)
	require.Equal(t, 2, states(report)[transfer.Copied])
	same(t, from, to)
}

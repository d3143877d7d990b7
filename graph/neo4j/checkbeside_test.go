package neo4j

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// The server shows a query that runs what commits beside it, record by record.
func TestACheckBesideAWriterFindsNothing(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s, other := small(t, at.Address, at, ample), small(t, at.Address, at, ample)
	_, err := many("stays", 300).Import(ctx, s)
	require.NoError(t, err)
	done := make(chan error, 1)
	ended := make(chan struct{})
	defer func() { <-ended }() // so that the writer outlives no failure, and is in no other test's way
	go func() {
		defer close(ended)
		for i := range 4 {
			batch := many(fmt.Sprint("comes and goes ", i), 600)
			if _, err := batch.Import(ctx, s); err != nil {
				done <- err
				return
			}
			if err := s.Purge(ctx, batch.Spec.ID(0), storetest.Noon(9), ""); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for checks := 0; ; checks++ {
		problems, err := other.Check(ctx, nil)
		require.NoError(t, err)
		if len(problems) > 0 {
			require.NoError(t, <-done)
			require.Empty(t, problems, "check %d", checks)
		}
		select {
		case err := <-done:
			require.NoError(t, err)
			return
		default:
		}
	}
}

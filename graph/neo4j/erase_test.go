package neo4j

import (
	"context"
	"fmt"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// Ties are taken away from the side of the consignment, which has a few,
// whatever there is at the other end.
func TestTiesToAHubAreFoundFromTheirConsignments(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s, err := Open(ctx, at.Address, at.options())
	require.NoError(t, err)
	defer s.Close()
	const all, some = 3000, 50
	batch := storetest.NewBatch("hub", 1, hubRows(all)...)
	_, err = batch.Import(ctx, s)
	require.NoError(t, err)
	var rows []any
	for i := range some {
		rows = append(rows, []any{string(graph.NewID(graph.KindConsignment, "hub", fmt.Sprintf("%08d", i))), string(graph.NewID(graph.Party, "hub", "hub"))})
	}
	session := s.session(ctx, driver.AccessModeWrite)
	defer session.Close(ctx)
	tx, err := session.BeginTransaction(ctx)
	require.NoError(t, err)
	result, err := tx.Run(ctx, "PROFILE "+textsOfRole[graph.Importer].drop, over(rows))
	require.NoError(t, err)
	told, err := result.Consume(ctx)
	require.NoError(t, err)
	require.Equal(t, some, told.Counters().RelationshipsDeleted())
	require.Less(t, hits(told.Profile()), int64(some*100), "of the server's pages, for consignments of ten ties")
	require.NoError(t, tx.Rollback(ctx))
}

func hits(plan driver.ProfiledPlan) int64 {
	sum := plan.DbHits()
	for _, child := range plan.Children() {
		sum += hits(child)
	}
	return sum
}

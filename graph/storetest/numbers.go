package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func (suite) TestConsignmentsAreFoundByNumber(t *testing.T, b *bench) {
	ctx := context.Background()
	store, model := b.open(), NewModel()
	of := func(system, number string, day int) graph.Row {
		row := Shipment(number, "imp", "97061800", day)
		row.Statements[0].Consignment = graph.NewID(graph.KindConsignment, system, number)
		return row
	}
	open := []graph.Row{of("kr-decl", "97061800", 1), of("zz", "9706", 2), of("zz", "97061800", 9), of("a", "AB/12", 3), of("a", "C1", 3), of("a", "C10", 3)}
	for i := range 30 {
		open = append(open, of("many", fmt.Sprintf("9706-%02d", i), 4), of("many", fmt.Sprintf("9706-%02d", i), 5))
	}
	hidden := []graph.Row{of("a", "97061800", 1), of("zz", "9706", 2), of("many", "9706-00", 1)}
	found := Found("97061801", graph.Hit, 6)
	alone := graph.NewID(graph.KindConsignment, "seen", "97061801")
	found.Outcomes[0].Subject = alone
	var sources []graph.SourceID
	for i, batch := range []*Batch{NewBatch("open", 1, open...), NewBatch("hidden", 2, hidden...), NewBatch("inspections", 3, found)} {
		sources = append(sources, b.put(store, batch).ID)
		model.Put(batch)
		require.Len(t, sources, i+1)
	}
	for _, scope := range []graph.Scope{{}, {Sources: sources[:1]}, {Sources: sources[1:]}, {KnownOn: Noon(1)}, {Until: Day(4)}, {Until: Day(1)}} {
		reader, oracle := b.within(store, scope), model.Within(scope)
		for _, text := range []string{"97061800", "9706", "970", "97", "9706-0", "ab/1", "AB/12", "c1", "C10", "kr-decl", " 97061801 "} {
			for _, kinds := range [][]graph.Kind{nil, {graph.KindConsignment}, {graph.Party}} {
				for _, limit := range []int{1, 3, 100} {
					query := graph.SearchQuery{Text: text, Kinds: kinds, Limit: limit}
					want, err := oracle.Search(ctx, query)
					require.NoError(t, err)
					got, err := reader.Search(ctx, query)
					require.NoError(t, err)
					require.Len(t, got, len(want), "%v", query)
					for i := range want {
						require.Equal(t, want[i], got[i], "%v", query)
					}
				}
			}
		}
	}
	matches, err := b.within(store, graph.Scope{}).Search(ctx, graph.SearchQuery{Text: "97061801"})
	require.NoError(t, err)
	require.Equal(t, []graph.Match{{ID: alone, Name: "97061801", Score: 1, Reasons: []string{"number: the same"}}}, matches)
}

package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/casefile/story"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// TestTheLedgerOfACaseFileNamesWhoIsInIt alone, and its shares still sum to 1.
func TestTheLedgerOfACaseFileNamesWhoIsInIt(t *testing.T) {
	in, other := graph.NewID(graph.Party, "t", "IN"), graph.NewID(graph.Party, "t", "OTHER")
	row := func(n int64) []flag.Record { return []flag.Record{{Row: n}} }
	x := &flag.Explanation{Parts: []flag.Part{
		{From: in, Name: "In", Share: 0.6, Hits: []flag.Hit{{Result: "hit", Records: row(1)}}, Records: append(row(1), row(2)...), Covers: 0.5,
			Path: []flag.Step{{From: in, To: other, ToName: "Other", Records: row(2)}}},
		{From: other, Name: "Other", Share: 0.3, Seed: 1}, {From: in, Name: "In", Share: 0.0998, Path: []flag.Step{{From: in, To: in}}}, {From: in, Name: "Little", Share: 0.0002, Seed: 2},
	}}
	withhold(x, &subgraph.Graph{Nodes: []subgraph.Node{{ID: in}}})
	require.Len(t, x.Parts, 3)
	assert.Empty(t, x.Parts[0].Path)
	assert.Equal(t, row(1), x.Parts[0].Records)
	assert.Len(t, x.Parts[1].Path, 1, "a path within the case file stays")
	others := x.Parts[2]
	assert.Equal(t, "others (2)", others.Name)
	assert.Empty(t, others.From)
	assert.InDelta(t, 0.3002, float64(others.Share), 1e-12)
	assert.InDelta(t, 3, float64(others.Seed), 0)
	ledger, sum := ledgerOf(x), 0.0
	for _, e := range ledger {
		assert.NotContains(t, e.What, "Other")
		sum += e.Share
	}
	assert.InDelta(t, 1, sum, 1e-12)
}

// TestTheLedgerOfManySeeds: those beyond the ones told are in the case file and have shares, so they are not told with those that are not.
func TestTheLedgerOfManySeeds(t *testing.T) {
	x, g := &flag.Explanation{}, &subgraph.Graph{}
	for i := range mostTold + 3 {
		id := graph.NewID(graph.Party, "t", fmt.Sprint(i))
		x.Parts = append(x.Parts, flag.Part{From: id, Name: "P", Share: 0.05})
		g.Nodes = append(g.Nodes, subgraph.Node{ID: id})
	}
	x.Parts = append(x.Parts, flag.Part{From: graph.NewID(graph.Party, "t", "OTHER"), Name: "Other", Share: 0.1})
	withhold(x, g)
	ledger := ledgerOf(x)
	require.Len(t, ledger, mostTold+2)
	assert.InDelta(t, 0.15, ledger[mostTold].Share, 1e-12)
	assert.Equal(t, "3 more, which explanation.json names", ledger[mostTold].What)
	assert.Equal(t, story.Entry{Share: 0.1, What: "others (1): shares of 0.0 %, or not in this case file"}, ledger[mostTold+1])
}

package flag_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
	"rummage/graph/storetest"
)

// A forwarder with one client is no service party, and no lead either.
func TestWhoOnlyServesIsNoLead(t *testing.T) {
	ring := newTown().ring(0, 1, 2, 3, 4)
	for i := range ring.declared {
		ties := ring.declared[i].Statements[0].Ties
		if ties[0].Entity == storetest.Trader("ring-4") {
			ring.declared[i].Statements[0].Ties = append(ties, graph.Tie{Role: graph.Forwarder, Entity: storetest.Trader("small forwarder")})
		}
	}
	analysis := run(t, ring.model(t), graph.Scope{}).Analysis
	small, seen := analysis.View.Node(storetest.Trader("small forwarder"))
	require.True(t, seen)
	require.False(t, analysis.View.Service[small], "too few clients")
	require.Greater(t, float64(analysis.Exposure.Ratio[small]), 1.0, "exposed it is")
	unknown, known := analysis.Leads()
	require.NotEmpty(t, known)
	for _, lead := range append(unknown, known...) {
		require.NotEqual(t, storetest.Trader("small forwarder"), lead.ID)
	}
}

// A director who trades in nothing has the exposure of the company, and is a lead only when a list names him.
func TestWhoOnlyDirectsIsNoLead(t *testing.T) {
	ring := newTown().ring(0, 1, 2, 3, 4)
	director, wanted := storetest.Trader("director"), storetest.Trader("wanted director")
	ring.register = append(ring.register, graph.Row{Links: []graph.Link{
		{Role: graph.DirectorOf, From: director, To: storetest.Trader("ring-exp")},
		{Role: graph.DirectorOf, From: wanted, To: storetest.Trader("ring-exp")},
	}})
	ring.looked = append(ring.looked, graph.Row{Outcomes: []graph.Outcome{{Subject: wanted, Result: graph.Listed}}})
	analysis := run(t, ring.model(t), graph.Scope{}).Analysis
	node, seen := analysis.View.Node(director)
	require.True(t, seen)
	require.Greater(t, float64(analysis.Exposure.Ratio[node]), 1.0, "exposed he is")
	ids := func(leads []flag.Lead) (all []graph.ID) {
		for _, lead := range leads {
			all = append(all, lead.ID)
		}
		return all
	}
	unknown, known := analysis.Leads()
	require.NotContains(t, append(ids(unknown), ids(known)...), director)
	require.Contains(t, ids(known), wanted)
}

package flag_test

import (
	"testing"

	"github.com/stretchr/testify/require"

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

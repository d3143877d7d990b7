package flag_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
	"rummage/graph/storetest"
)

func memberOf(t *testing.T, n *flag.Network, name string) flag.Member {
	t.Helper()
	at := slices.IndexFunc(n.Members, func(m flag.Member) bool { return m.ID == storetest.Trader(name) })
	require.GreaterOrEqual(t, at, 0, name)
	return n.Members[at]
}

// cast is the ring with parts to play: ring-5 deals with the exporter alone and shares its house with two others, ring-3 declares
// for two of them, a haulier carries for all and for nobody else, and ring-4 has a telephone with a party outside.
func cast(t *testing.T) *flag.Network {
	t.Helper()
	town := newTown().ring(0, 1, 2, 3, 4)
	town.live("ring-5", "tower")
	for n := range 4 {
		town.ship("ring-5", "ring-exp", n < 2, n < 2)
	}
	ring := map[graph.ID]bool{}
	for _, name := range []string{"ring-0", "ring-1", "ring-2", "ring-3", "ring-4", "ring-5"} {
		ring[storetest.Trader(name)] = true
	}
	for i := range town.declared {
		s := &town.declared[i].Statements[0]
		for _, tie := range s.Ties {
			if tie.Role != graph.Importer || !ring[tie.Entity] {
				continue
			}
			s.Ties = append(s.Ties, graph.Tie{Role: graph.Carrier, Entity: storetest.Trader("haulier")})
			if tie.Entity == storetest.Trader("ring-0") || tie.Entity == storetest.Trader("ring-1") {
				s.Ties = append(s.Ties, graph.Tie{Role: graph.Forwarder, Entity: storetest.Trader("ring-3")})
			}
			break
		}
	}
	town.calls("ring-4", "555 0199")
	town.calls("imp-007", "555 0199")
	r := run(t, town.model(t), graph.Scope{}).Result
	require.Len(t, r.Networks, 1)
	return &r.Networks[0]
}

func TestMembersHaveRolesWithWhatSpeaksForThem(t *testing.T) {
	n := cast(t)
	hub := memberOf(t, n, "ring-exp")
	assert.Equal(t, flag.RoleHub, hub.Role)
	assert.Equal(t, 1, hub.HubRank)
	assert.Equal(t, []string{"hub: tied to 6 of 6 others"}, hub.Evidence)
	shell := memberOf(t, n, "ring-5")
	assert.Equal(t, flag.RoleShell, shell.Role)
	assert.Equal(t, []string{"shell: deals with one party alone; shares the address with 3 other members"}, shell.Evidence)
	assert.Equal(t, flag.RoleFacilitator, memberOf(t, n, "ring-3").Role)
	assert.Equal(t, flag.RoleMember, memberOf(t, n, "ring-4").Role)
	assert.Empty(t, memberOf(t, n, "ring-4").Roles)
	assert.Less(t, float64(hub.Constraint), float64(memberOf(t, n, "ring-4").Constraint), "who has one contact depends on it")
}

func TestWhoServesOnlyMembersIsCaptive(t *testing.T) {
	n := cast(t)
	at := slices.IndexFunc(n.Facilitators, func(f flag.Facility) bool { return f.ID == storetest.Trader("haulier") })
	require.GreaterOrEqual(t, at, 0)
	f := n.Facilitators[at]
	assert.Equal(t, []any{flag.RoleCarrier, false, true, 6}, []any{f.Role, f.Service, f.Captive, f.Members})
	assert.Contains(t, n.What, "6 members use haulier, which serves hardly anyone else")
	for _, f := range n.Facilitators {
		if f.Service {
			assert.Equal(t, flag.RoleFacilitator, f.Role)
			assert.False(t, f.Captive)
		}
	}
}

func TestKeyPlayersHoldANetworkTogether(t *testing.T) {
	n := cast(t)
	require.NotNil(t, n.Key)
	assert.Equal(t, []graph.ID{storetest.Trader("ring-exp")}, n.Key.Members)
	assert.True(t, n.Key.Exact)
	assert.Greater(t, float64(n.Key.After), float64(n.Key.Before))
	assert.True(t, memberOf(t, n, "ring-exp").Key)
	assert.False(t, memberOf(t, n, "ring-0").Key)
}

func TestTiesLeadOutOfANetwork(t *testing.T) {
	n := cast(t)
	require.NotEmpty(t, n.Boundary)
	assert.GreaterOrEqual(t, n.BoundaryAll, len(n.Boundary))
	at := slices.IndexFunc(n.Boundary, func(b flag.Boundary) bool { return b.ID == storetest.Trader("imp-007") })
	require.GreaterOrEqual(t, at, 0)
	b := n.Boundary[at]
	assert.Equal(t, []string{"identifier"}, b.Ties)
	assert.Equal(t, graph.NewID(graph.Phone, "555 0199"), b.Via)
	assert.Equal(t, "555 0199", b.ViaName)
	assert.Equal(t, "The firm of imp-007", b.Name)
	assert.Equal(t, 1, b.Members)
	for _, b := range n.Boundary {
		assert.NotContains(t, string(b.ID), "agent-", "service parties tie nobody")
		if slices.Contains(b.Ties, "partner") {
			assert.Positive(t, b.Consignments)
		}
	}
}

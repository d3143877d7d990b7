package view_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/graph"
)

// recordsOf lists records as "agent role: numbers of consignments that were hits of inspected, of clients".
func recordsOf(v *view.View) []string {
	ids := make(map[uint64]graph.ID)
	for _, id := range v.Consignments.HitIDs {
		ids[view.HashID(id)] = id
	}
	var all []string
	for _, r := range v.Records {
		var hits []string
		for _, place := range r.Hits {
			hits = append(hits, ids[v.Consignments.Hash[place]].Label())
		}
		all = append(all, fmt.Sprintf("%s %s: %v of %d, of %d", v.IDs[r.Node].Label(), r.Role, hits, r.Inspected, r.Clients))
	}
	return all
}

// results are five consignments of other clients: two clear, one hit, one seizure, one that nobody looked at.
func results(s *viewtest.Scope, ties ...graph.Tie) {
	for i, result := range []graph.Result{graph.Clear, graph.Hit, graph.NoResult, graph.Seizure, graph.Clear} {
		own := append([]graph.Tie{tie(graph.Importer, party(fmt.Sprint("client", i)))}, ties...)
		s.Declare(fmt.Sprint("c", i), 1, result, own...)
	}
}

func TestRecordsOfServiceParties(t *testing.T) {
	agent, other, alias := party("agent"), party("other"), party("zalias")
	said := func(kinds ...graph.Decision) []graph.Decision {
		for i := range kinds {
			kinds[i].Seq = int64(i + 1)
		}
		return kinds
	}
	isService := func(id graph.ID) graph.Decision { return graph.Decision{Subject: id, Kind: graph.Service} }
	listed := func(id graph.ID) graph.Entity {
		return graph.Entity{ID: id, Outcomes: []graph.Outcome{{Result: graph.Listed}}}
	}
	for name, test := range map[string]struct {
		arrange func(s *viewtest.Scope)
		want    []string
	}{
		"by its ties": {func(s *viewtest.Scope) {
			serve(s, agent, 20)
			results(s, tie(graph.Declarant, agent))
		}, []string{"agent declarant: [c1 c3] of 4, of 4"}},
		"each role apart": {func(s *viewtest.Scope) {
			s.Said = said(isService(agent))
			results(s, tie(graph.Forwarder, agent))
			s.Declare("d", 1, graph.Hit, tie(graph.Declarant, agent), tie(graph.Forwarder, agent))
		}, []string{"agent declarant: [d] of 1, of 0", "agent forwarder: [c1 c3 d] of 5, of 4"}},
		"two of one role have a record each": {func(s *viewtest.Scope) {
			s.Said = said(isService(other), isService(agent))
			s.Declare("d", 1, graph.Hit, tie(graph.Carrier, other), tie(graph.Carrier, agent))
		}, []string{"agent carrier: [d] of 1, of 0", "other carrier: [d] of 1, of 0"}},
		"a cluster is one party, once a consignment": {func(s *viewtest.Scope) {
			s.Said = said(isService(agent), graph.Decision{Subject: agent, Other: alias, Kind: graph.Same})
			s.Declare("d", 1, graph.Clear, tie(graph.Carrier, alias), tie(graph.Carrier, agent))
			s.Declare("e", 1, graph.Hit, tie(graph.Carrier, alias))
		}, []string{"agent carrier: [e] of 2, of 0"}},
		"a client counts once": {func(s *viewtest.Scope) {
			s.Said = said(isService(agent))
			results(s, tie(graph.Carrier, agent))
			s.Declare("d", 1, graph.Hit, tie(graph.Carrier, agent), tie(graph.Importer, party("client0")))
			s.Declare("e", 1, graph.Hit, tie(graph.Carrier, agent), tie(graph.Exporter, party("client0")))
			s.Declare("f", 1, graph.Clear, tie(graph.Carrier, agent), tie(graph.Exporter, party("a")), tie(graph.Importer, party("client0")))
		}, []string{"agent carrier: [c1 c3 d e] of 7, of 4"}},
		"no trader has one": {func(s *viewtest.Scope) {
			results(s, tie(graph.Declarant, agent))
		}, nil},
		"a person says that it trades": {func(s *viewtest.Scope) {
			serve(s, agent, 20)
			results(s, tie(graph.Declarant, agent))
			s.Said = said(graph.Decision{Subject: agent, Kind: graph.Trader})
		}, nil},
		"not of what it traded itself": {func(s *viewtest.Scope) {
			s.Said = said(isService(agent))
			s.Declare("d", 1, graph.Hit, tie(graph.Importer, agent), tie(graph.Exporter, party("a")))
		}, nil},
		"nor where nothing was inspected": {func(s *viewtest.Scope) {
			serve(s, agent, 20)
		}, nil},
		"nor of a listed trader": {func(s *viewtest.Scope) {
			s.Said, s.Records = said(isService(agent)), []graph.Entity{listed(party("client1"))}
			results(s, tie(graph.Declarant, agent))
		}, []string{"agent declarant: [c3] of 3, of 3"}},
		"nor of what another that is listed had in its hands": {func(s *viewtest.Scope) {
			s.Said, s.Records = said(isService(agent), isService(other)), []graph.Entity{listed(other)}
			results(s, tie(graph.Declarant, agent))
			s.Declare("d", 1, graph.Hit, tie(graph.Declarant, agent), tie(graph.Carrier, other))
		}, []string{"agent declarant: [c1 c3] of 4, of 4", "other carrier: [d] of 1, of 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &viewtest.Scope{}
			test.arrange(s)
			assert.Equal(t, test.want, recordsOf(build(t, s, view.Options{})))
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(s.Trade), func(i, j int) { s.Trade[i], s.Trade[j] = s.Trade[j], s.Trade[i] })
			assert.Equal(t, test.want, recordsOf(build(t, s, view.Options{Threads: 3})))
			lanes := build(t, s, view.Options{Edges: []view.Edge{view.Partner, view.Goods}})
			assert.Equal(t, test.want, recordsOf(lanes), "late nodes move the numbers")
		})
	}
}

// A lane is numbered after the scan, and its id comes before those of parties, so every number moves.
func TestRecordsFollowTheirNodes(t *testing.T) {
	s := &viewtest.Scope{Said: []graph.Decision{{Seq: 1, Subject: party("agent"), Kind: graph.Service}}}
	results(s, tie(graph.OfCommodity, graph.NewID(graph.Commodity, "hs2022", "851712")), tie(graph.Carrier, party("agent")))
	plain := build(t, s, view.Options{})
	lanes := build(t, s, view.Options{Edges: []view.Edge{view.Goods}})
	require.Greater(t, len(lanes.IDs), len(plain.IDs))
	assert.NotEqual(t, plain.Records[0].Node, lanes.Records[0].Node)
	assert.Equal(t, recordsOf(plain), recordsOf(lanes))
}

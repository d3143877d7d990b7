package view

import (
	"slices"

	"rummage/graph"
)

// judge marks the service parties: by what they do, and where a person decided, by that.
func (s *scanner) judge(identity *graph.Identity, decisions []graph.Decision) {
	slices.Sort(s.clients)
	s.clients = slices.Compact(s.clients)
	count := make([]int, len(s.view.IDs))
	for _, packed := range s.clients {
		count[packed>>32]++
	}
	s.clients = nil
	for u, id := range s.view.IDs {
		s.view.Service[u] = id.Kind() == graph.Party && count[u] >= serviceClients &&
			float64(s.serves[u]) >= serviceShare*float64(s.acts[u])
	}
	last := make(map[graph.ID]int64)
	for i := range decisions {
		d := &decisions[i]
		if d.Kind != graph.Service && d.Kind != graph.Trader {
			continue
		}
		id := identity.Cluster(d.Subject)
		u, ok := s.view.Node(id)
		if !ok || d.Seq < last[id] {
			continue
		}
		last[id] = d.Seq
		s.view.Service[u] = d.Kind == graph.Service
	}
}

// placeLanes gives the lanes their rank among all ids, and moves every other number accordingly.
func (s *scanner) placeLanes() {
	if len(s.lanes) == 0 {
		return
	}
	v := s.view
	had := len(v.IDs)
	all := make([]graph.ID, had+len(s.lanes))
	copy(all, v.IDs)
	for id, u := range s.lanes {
		all[u] = id
	}
	order := make([]uint32, len(all))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return compareIDs(all[a], all[b]) })
	rank := make([]uint32, len(all))
	service, listed := make([]bool, len(all)), make([]bool, len(all))
	v.IDs = make([]graph.ID, len(all))
	for i, old := range order {
		rank[old] = uint32(i)
		v.IDs[i] = all[old]
		if int(old) < had {
			service[i], listed[i] = v.Service[old], v.Listed[old]
		}
	}
	v.Service, v.Listed = service, listed
	for _, column := range [][]uint32{s.edges.From, s.edges.To, v.Consignments.Importer, v.Consignments.Exporter} {
		for i, u := range column {
			if u != None {
				column[i] = rank[u]
			}
		}
	}
	for _, pairs := range [][]Pair{v.Pairs, v.Identifiers} {
		for i, p := range pairs {
			pairs[i] = Pair{From: rank[p.From], To: rank[p.To]}
		}
	}
}

package view

import (
	"cmp"
	"slices"

	"rummage/algo/csr"
	"rummage/graph"
)

// judge marks the service parties, by what they do, and where a person decided, by that; and keeps their records.
func (s *scanner) judge(said, linked *gatherer, decisions []graph.Decision) {
	count := s.distinct(said, linked)
	for u, id := range s.view.IDs {
		s.view.Service[u] = count[u] >= serviceClients && id.Kind() == graph.Party &&
			float64(said.serves[u]+linked.serves[u]) >= serviceShare*float64(said.acts[u]+linked.acts[u])
	}
	last := make(map[graph.ID]int64)
	for i := range decisions {
		d := &decisions[i]
		if d.Kind != graph.Service && d.Kind != graph.Trader {
			continue
		}
		id := s.identity.Cluster(d.Subject)
		u, ok := s.view.Node(id)
		if !ok || d.Seq < last[id] {
			continue
		}
		last[id] = d.Seq
		s.view.Service[u] = d.Kind == graph.Service
	}
	said.found()
}

// found keeps the records of service parties, in order.
func (g *gatherer) found() {
	for key, record := range g.served {
		if g.view.Service[key.node] {
			slices.Sort(record.clients)
			record.Clients = len(slices.Compact(record.clients))
			g.records = append(g.records, record.Record)
		}
	}
	slices.SortFunc(g.records, func(a, b Record) int { return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Role, b.Role)) })
	g.served = nil
}

// distinct counts the clients of each node, each once: dealt out by node, then told by a mark of the last node that had them.
func (s *scanner) distinct(said, linked *gatherer) []uint32 {
	n := len(s.view.IDs)
	start := make([]uint32, n+1)
	both := [2][]uint64{said.clients, linked.clients}
	for _, clients := range both {
		for _, packed := range clients {
			start[packed>>32+1]++
		}
	}
	for u := range n {
		start[u+1] += start[u]
	}
	dealt, next := make([]uint32, start[n]), slices.Clone(start[:n])
	for _, clients := range both {
		for _, packed := range clients {
			dealt[next[packed>>32]] = uint32(packed)
			next[packed>>32]++
		}
	}
	said.clients, linked.clients = nil, nil
	count := make([]uint32, n)
	mark := make([]uint32, n+max(len(said.lateID), len(linked.lateID)))
	for u := range n {
		for _, client := range dealt[start[u]:start[u+1]] {
			if mark[client] != uint32(u)+1 {
				mark[client] = uint32(u) + 1
				count[u]++
			}
		}
	}
	return count
}

// join puts what was gathered together and returns the edges. Late nodes get their rank among all ids, which moves every number.
func (s *scanner) join(said, linked *gatherer) csr.Columns {
	v := s.view
	if late := slices.Concat(said.lateID, linked.lateID); len(late) > 0 {
		rank := s.place(late)
		said.rename(rank, v.IDs)
		linked.rename(rank, v.IDs)
	}
	v.Consignments, v.Records, v.Pairs, v.Identifiers = said.columns, said.records, said.pairs, linked.identifiers
	a, b := &said.edges, &linked.edges
	return csr.Columns{
		From: append(a.From, b.From...), To: append(a.To, b.To...), Type: append(a.Type, b.Type...),
		Count: append(a.Count, b.Count...), Weight: append(a.Weight, b.Weight...),
	}
}

// place puts late ids among those of the view and returns where those that stood there before are now.
func (s *scanner) place(late []graph.ID) []uint32 {
	v := s.view
	all := slices.Concat(v.IDs, late)
	slices.SortFunc(all, compareIDs)
	all = slices.Compact(all)
	service, listed := make([]bool, len(all)), make([]bool, len(all))
	rank := make([]uint32, 0, len(v.IDs))
	for i, id := range all {
		if old := len(rank); old < len(v.IDs) && v.IDs[old] == id {
			service[i], listed[i] = v.Service[old], v.Listed[old]
			rank = append(rank, uint32(i))
			continue
		}
		listed[i] = s.listed[id]
	}
	v.IDs, v.Service, v.Listed = all, service, listed
	return rank
}

// rename changes every number to the rank of its id, given the ranks of those that the scan of entities numbered.
func (g *gatherer) rename(rank []uint32, ids []graph.ID) {
	rank = slices.Clip(rank)
	for _, id := range g.lateID {
		at, _ := slices.BinarySearchFunc(ids, id, compareIDs)
		rank = append(rank, uint32(at))
	}
	for _, column := range [][]uint32{g.edges.From, g.edges.To, g.columns.Importer, g.columns.Exporter} {
		for i, u := range column {
			if u != None {
				column[i] = rank[u]
			}
		}
	}
	for i := range g.records {
		g.records[i].Node = rank[g.records[i].Node]
	}
	for _, pairs := range [][]Pair{g.pairs, g.identifiers} {
		for i, p := range pairs {
			pairs[i] = Pair{From: rank[p.From], To: rank[p.To]}
		}
	}
}

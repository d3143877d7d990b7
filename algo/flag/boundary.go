package flag

import (
	"cmp"
	"slices"
	"strings"

	"rummage/algo/view"
	"rummage/graph"
)

// Boundary is a party outside a network that members are tied to: where it may go on. Service parties, and identifiers that more than a
// few have, tie nobody.
type Boundary struct {
	ID      graph.ID `json:"id"`
	Name    string   `json:"name"`
	Members int      `json:"members"` // tied to it
	Ties    []string `json:"ties"`    // kinds: partner, identifier, payment ...

	// Via is an identifier that it shares with a member, "" where none.
	Via     graph.ID `json:"via"`
	ViaName string   `json:"via_name"`

	Consignments int    `json:"consignments"` // with members
	Inspected    int    `json:"inspected"`    // own
	Hits         int    `json:"hits"`
	Listed       bool   `json:"listed"`
	Exposure     Number `json:"exposure"`

	// Network is another flagged network that it is a member of, "" where none.
	Network graph.ID `json:"network"`
}

// mostBoundary is how many parties outside a network lists.
const mostBoundary = 10

// outside lists the parties outside that members are tied to: those of other networks first, then those with hits of their own or
// listed, then the most exposed. It returns how many there are in all.
func (a *Analysis) outside(nodes []uint32, of map[uint32]graph.ID) ([]Boundary, int) {
	met := make(map[uint32]*Boundary)
	for _, v := range nodes {
		seen := make(map[uint32]bool)
		types, counts := a.View.Ties.Types(v), a.View.Ties.Counts(v)
		for i, z := range a.View.Ties.Neighbours(v) {
			switch e := view.Edge(types[i]); e {
			case view.Partner, view.Payment, view.Contact, view.Association:
				if b := a.meet(met, nodes, z, e, seen); b != nil && e == view.Partner {
					b.Consignments += int(counts[i])
				}
			case view.Identifier:
				a.share(met, nodes, v, z, seen)
			}
		}
	}
	all := make([]Boundary, 0, len(met))
	for v, b := range met {
		slices.Sort(b.Ties)
		b.Network = of[v]
		all = append(all, *b)
	}
	rank := func(b *Boundary) int {
		switch {
		case b.Network != "":
			return 0
		case b.Hits > 0 || b.Listed:
			return 1
		}
		return 2
	}
	slices.SortFunc(all, func(x, y Boundary) int {
		return cmp.Or(cmp.Compare(rank(&x), rank(&y)), cmp.Compare(y.Exposure, x.Exposure), strings.Compare(string(x.ID), string(y.ID)))
	})
	return all[:min(len(all), mostBoundary)], len(all)
}

// meet notes a tie of a member to a party outside; seen are those that the member was met with before.
func (a *Analysis) meet(met map[uint32]*Boundary, nodes []uint32, z uint32, e view.Edge, seen map[uint32]bool) *Boundary {
	id := a.View.IDs[z]
	if contains(nodes, z) || id.Kind() != graph.Party || a.Trade.IsService(z) {
		return nil
	}
	b := met[z]
	if b == nil {
		inspected, hits := a.own(z)
		b = &Boundary{
			ID: id, Ties: []string{}, Inspected: inspected, Hits: hits, Listed: a.Trade.IsListed(z), Exposure: Number(a.Exposure.Ratio[z]),
		}
		met[z] = b
	}
	if !seen[z] {
		seen[z] = true
		b.Members++
	}
	if kind := e.String(); !slices.Contains(b.Ties, kind) {
		b.Ties = append(b.Ties, kind)
	}
	return b
}

// share notes who else has an identifier of a member, and whom the member is an identifier of, or is directed or owned by.
func (a *Analysis) share(met map[uint32]*Boundary, nodes []uint32, v, z uint32, seen map[uint32]bool) {
	a.meet(met, nodes, z, view.Identifier, seen)
	if contains(nodes, z) || a.degree(z, view.Identifier) > a.Settings.RareUsers {
		return
	}
	types := a.View.Ties.Types(z)
	for i, u := range a.View.Ties.Neighbours(z) {
		if view.Edge(types[i]) != view.Identifier || u == v {
			continue
		}
		if b := a.meet(met, nodes, u, view.Identifier, seen); b != nil && (b.Via == "" || a.View.IDs[z] < b.Via) {
			b.Via = a.View.IDs[z]
		}
	}
}

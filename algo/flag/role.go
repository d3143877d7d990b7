package flag

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/simple"

	"rummage/algo/finding"
)

// Roles of members. They are read from the network alone, two members being tied when they deal with each other or share a rare
// identifier, and rank brokers apart from hubs, since who knows most is seldom who holds it together.
const (
	// RoleHub is tied to at least half of the others, to three at least, and to no fewer than any other member.
	RoleHub = "hub"
	// RoleBroker is the member, not a hub, that most shortest paths among the others pass through, a tenth at least.
	RoleBroker = "broker"
	// RoleMember is everyone else.
	RoleMember = "member"
)

const leastBrokerage = 0.1

// members tells each member of a network.
func (a *Analysis) members(nodes []uint32) []Member {
	ties := a.inner(nodes)
	between := network.Betweenness(ties)
	others := float64(max(len(nodes)-1, 1))
	paths := max(others*(others-1), 1) // gonum counts a path from both of its ends
	members := make([]Member, len(nodes))
	most, broker := 0, 0.0
	for i, v := range nodes {
		inspected, hits := a.own(v)
		members[i] = Member{
			ID: a.View.IDs[v], Role: RoleMember, Trades: a.trades(v, nodes),
			Ties: ties.From(int64(i)).Len(), Betweenness: Number(between[int64(i)] / paths),
			Exposure: Number(a.Exposure.Ratio[v]), Hits: hits, Inspected: inspected, Listed: a.Trade.IsListed(v),
		}
		most = max(most, members[i].Ties)
	}
	for i := range members {
		m := &members[i]
		if m.Ties == most && m.Ties >= 3 && 2*float64(m.Ties) >= others {
			m.Role = RoleHub
		} else {
			broker = max(broker, float64(m.Betweenness))
		}
	}
	for i := range members {
		if m := &members[i]; m.Role != RoleHub && broker >= leastBrokerage && float64(m.Betweenness) == broker {
			m.Role = RoleBroker
		}
	}
	return members
}

// inner is the network as an undirected graph: node i is the i-th member.
func (a *Analysis) inner(nodes []uint32) *simple.UndirectedGraph {
	g := simple.NewUndirectedGraph()
	for i := range nodes {
		g.AddNode(simple.Node(i))
	}
	join := func(x, y uint32) {
		i, in := slices.BinarySearch(nodes, x)
		j, also := slices.BinarySearch(nodes, y)
		if in && also && i != j {
			g.SetEdge(simple.Edge{F: simple.Node(i), T: simple.Node(j)})
		}
	}
	for _, lever := range a.Trial.Levers(nodes) {
		if lever.Identifier == finding.None {
			join(lever.Pair.A, lever.Pair.B)
			continue
		}
		users := a.Trial.UsersAmong(lever.Identifier, nodes)
		for i, x := range users {
			for _, y := range users[i+1:] {
				join(x, y)
			}
		}
	}
	return g
}

// trades says on which side of the trade inside a member stands.
func (a *Analysis) trades(v uint32, nodes []uint32) string {
	c := &a.Trade.Consignments
	imports := slices.ContainsFunc(a.imports.Of(v), func(i uint32) bool { return contains(nodes, c.Exporter[i]) })
	exports := slices.ContainsFunc(a.exports.Of(v), func(i uint32) bool { return contains(nodes, c.Importer[i]) })
	switch {
	case imports && exports:
		return "both"
	case imports:
		return "importer"
	case exports:
		return "exporter"
	}
	return ""
}

func contains(nodes []uint32, v uint32) bool {
	_, in := slices.BinarySearch(nodes, v)
	return in
}

// what puts into a few words what binds a network.
func (a *Analysis) what(n *Network) []string {
	what := []string{}
	for _, s := range n.Shared {
		if s.Users <= a.Settings.RareUsers {
			what = append(what, fmt.Sprintf("%d members share %s %s", s.Members, article(s.Kind), s.Name))
		}
	}
	if best := a.Findings.List[n.findings[0]]; best.Loops > 0 {
		what = append(what, fmt.Sprintf("closed circle: %s beyond what holds it together", counted(best.Loops, "tie")))
	}
	for _, f := range n.Facilitators {
		if f.Unusual {
			what = append(what, fmt.Sprintf("%d members use %s, a service of %d", f.Members, f.Name, f.Clients))
		}
	}
	exporters := 0
	for i := range n.Members {
		if n.Members[i].Trades == "exporter" {
			exporters++
		}
	}
	if exporters == 1 {
		what = append(what, "one exporter for all")
	}
	if len(what) == 0 {
		what = append(what, "closeness of trade only")
	}
	return what
}

// counted is a number with its word, in the plural unless it is 1.
func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// article names the kind of an identifier; a party that several others are tied to as an identifier directs or owns them.
func article(kind string) string {
	if kind == "party" {
		return "the director or owner"
	}
	return "the " + kind
}

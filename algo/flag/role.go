package flag

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/simple"

	"rummage/algo/broker"
	"rummage/algo/csr"
	"rummage/algo/finding"
	"rummage/algo/view"
	"rummage/graph"
)

// Roles of members and of those who serve them. The first two are read from the network alone, two members being tied when they deal
// with each other or share a rare identifier, and rank brokers apart from hubs, since who knows most is seldom who holds it together.
// None of them is a sign of guilt.
const (
	// RoleHub is tied to at least half of the others, to three at least, and to no fewer than any other member.
	RoleHub = "hub"
	// RoleBroker is the member, not a hub, that most shortest paths among the others pass through, a tenth at least.
	RoleBroker = "broker"
	// RoleFacilitator declares or forwards for two members or more: a member itself, or a party of Network.Facilitators.
	RoleFacilitator = "facilitator"
	// RoleCarrier carries for two members or more, and does nothing else for them.
	RoleCarrier = "carrier"
	// RoleShell deals with one party alone, a member, and shares an identifier with a member, or has one that a crowd has.
	RoleShell = "shell"
	// RoleMember is everyone else.
	RoleMember = "member"
)

const leastBrokerage = 0.1

// Key is the set of members whose loss lengthens the ways among the others most (Borgatti 2006, KPP-Neg by DF): one in five members,
// three at most.
type Key struct {
	Members []graph.ID `json:"members"`
	Before  Number     `json:"before"` // fragmentation DF of all members: 0 where everyone is tied to everyone, 1 where nobody is
	After   Number     `json:"after"`  // and of those left without them
	Exact   bool       `json:"exact"`  // all sets were tried
}

const (
	keyShare  = 5 // one key player for so many members
	keyMost   = 3
	keyFewest = 4 // members of a network that has any
)

// members tells each member of a network.
func (a *Analysis) members(nodes []uint32) []Member {
	ties := a.inner(nodes)
	between := network.Betweenness(ties)
	others := float64(max(len(nodes)-1, 1))
	paths := max(others*(others-1), 1) // gonum counts a path from both of its ends
	members := make([]Member, len(nodes))
	for i, v := range nodes {
		inspected, hits := a.own(v)
		members[i] = Member{
			ID: a.View.IDs[v], Role: RoleMember, Roles: []string{}, Evidence: []string{}, Trades: a.trades(v, nodes),
			Ties: ties.From(int64(i)).Len(), Betweenness: exactly(between[int64(i)] / paths), Constraint: Number(math.NaN()),
			Exposure: Number(a.Exposure.Ratio[v]), Hits: hits, Inspected: inspected, Listed: a.Trade.IsListed(v),
		}
	}
	rank(members)
	return members
}

// exactly takes off the last digits, which follow the order in which the engine happened to add shares up, and would decide who of equal
// ones comes first.
func exactly(x float64) Number {
	const digits = 1e12
	return Number(math.Round(x*digits) / digits)
}

// rank numbers members by ties and by betweenness, apart; equal ones have one rank.
func rank(members []Member) {
	for i := range members {
		m := &members[i]
		m.HubRank, m.BrokerRank = 1, 1
		for j := range members {
			if members[j].Ties > m.Ties {
				m.HubRank++
			}
			if members[j].Betweenness > m.Betweenness {
				m.BrokerRank++
			}
		}
		if m.Betweenness == 0 {
			m.BrokerRank = 0
		}
	}
}

// cast gives the members of a network their roles, with what speaks for each, and tells its key players.
func (a *Analysis) cast(ctx context.Context, reader graph.Finder, n *Network) error {
	ties := a.inner(n.nodes)
	centre(n.Members)
	for i, v := range n.nodes {
		if err := a.serves(ctx, reader, n, i, v); err != nil {
			return err
		}
		a.hollow(n, i, v)
	}
	for i := range n.Members {
		if m := &n.Members[i]; len(m.Roles) > 0 {
			m.Role = m.Roles[0]
		}
	}
	return n.hold(ctx, ties)
}

// centre finds hubs and the broker.
func centre(members []Member) {
	others, broker := float64(max(len(members)-1, 1)), 0.0
	for i := range members {
		m := &members[i]
		if m.HubRank == 1 && m.Ties >= 3 && 2*float64(m.Ties) >= others {
			m.play(RoleHub, fmt.Sprintf("tied to %d of %d others", m.Ties, len(members)-1))
		} else {
			broker = max(broker, float64(m.Betweenness))
		}
	}
	for i := range members {
		if m := &members[i]; !slices.Contains(m.Roles, RoleHub) && broker >= leastBrokerage && float64(m.Betweenness) == broker {
			m.play(RoleBroker, fmt.Sprintf("%.0f %% of the shortest ways among the others lead through it", 100*broker))
		}
	}
}

func (m *Member) play(role, evidence string) {
	m.Roles, m.Evidence = append(m.Roles, role), append(m.Evidence, role+": "+evidence)
}

// serves notes what a member does for other members beside its trade.
func (a *Analysis) serves(ctx context.Context, reader graph.Finder, n *Network, at int, v uint32) error {
	var clients []uint32
	types := a.View.Ties.Types(v)
	for i, z := range a.View.Ties.Neighbours(v) {
		if view.Edge(types[i]) == view.Forwarder && contains(n.nodes, z) {
			clients = append(clients, z)
		}
	}
	role, served, err := a.service(ctx, reader, v, clients)
	if err == nil && served >= 2 {
		n.Members[at].play(role, fmt.Sprintf("for %d other members", served))
	}
	return err
}

// serviceRole says what somebody does who serves members: by the record of a service party where there is one, since asking a store for the
// consignments of a large one takes long, else by what it did for the first members.
func (a *Analysis) serviceRole(ctx context.Context, reader graph.Finder, z uint32, served []uint32) (string, error) {
	at, _ := slices.BinarySearchFunc(a.View.Records, z, func(r view.Record, z uint32) int { return cmp.Compare(r.Node, z) })
	role := ""
	for ; at < len(a.View.Records) && a.View.Records[at].Node == z; at++ {
		if a.View.Records[at].Role != graph.Carrier {
			return RoleFacilitator, nil
		}
		role = RoleCarrier
	}
	if role != "" {
		return role, nil
	}
	role, _, err := a.service(ctx, reader, z, served[:min(len(served), someMembers)])
	return role, err
}

// someMembers and someRecords are enough to see what a party does for others.
const (
	someMembers = 3
	someRecords = 20
)

// service says what a party does for others, of whom some may serve it: as facilitator, or as carrier alone; and for how many.
func (a *Analysis) service(ctx context.Context, reader graph.Finder, v uint32, clients []uint32) (role string, served int, err error) {
	role = RoleCarrier
	for _, z := range clients {
		// Asked from the client's side, who has fewer records.
		records, err := reader.Connections(ctx, graph.ConnectionQuery{ID: a.View.IDs[z], With: a.View.IDs[v], Limit: someRecords})
		if err != nil {
			return "", 0, fmt.Errorf("flag: what %s does for %s: %w", a.View.IDs[v], a.View.IDs[z], err)
		}
		does := false
		for i := range records {
			for _, r := range records[i].WithRoles {
				if r == graph.Declarant || r == graph.Forwarder {
					role, does = RoleFacilitator, true
				}
				does = does || r == graph.Carrier
			}
		}
		if does {
			served++
		}
	}
	return role, served, nil
}

// hollow notes whether a member is a shell by what shows.
func (a *Analysis) hollow(n *Network, at int, v uint32) {
	partners, partner := 0, uint32(0)
	types := a.View.Ties.Types(v)
	for i, z := range a.View.Ties.Neighbours(v) {
		if view.Edge(types[i]) == view.Partner {
			partners, partner = partners+1, z
		}
	}
	if partners != 1 || !contains(n.nodes, partner) {
		return
	}
	for i, z := range a.View.Ties.Neighbours(v) {
		if view.Edge(types[i]) != view.Identifier {
			continue
		}
		kind := a.View.IDs[z].Kind().String()
		users := a.degree(z, view.Identifier)
		mates := 0
		for _, u := range a.View.Ties.Neighbours(z) {
			if u != v && contains(n.nodes, u) {
				mates++
			}
		}
		switch {
		case users > a.Settings.RareUsers:
			n.Members[at].play(RoleShell, fmt.Sprintf("deals with one party alone; %d users of %s", users, article(kind)))
			return
		case mates > 0:
			n.Members[at].play(RoleShell, fmt.Sprintf("deals with one party alone; shares %s with %s", article(kind), counted(mates, "other member")))
			return
		}
	}
}

// hold measures who holds the network together: constraint of each member, and the key players.
func (n *Network) hold(ctx context.Context, ties *simple.UndirectedGraph) error {
	var edges csr.Columns
	for i := range n.nodes {
		for j := range i {
			if ties.HasEdgeBetween(int64(i), int64(j)) {
				edges.From, edges.To = append(edges.From, uint32(j)), append(edges.To, uint32(i))
			}
		}
	}
	g, err := csr.Build(ctx, edges, csr.Options{Nodes: len(n.nodes), Threads: 1})
	if err != nil {
		return fmt.Errorf("flag: ties of network %s: %w", n.ID, err)
	}
	holes, err := broker.StructuralHoles(ctx, g, broker.HolesOptions{Threads: 1})
	if err != nil {
		return fmt.Errorf("flag: network %s: %w", n.ID, err)
	}
	for i := range n.Members {
		n.Members[i].Constraint = Number(holes.Constraint[i])
	}
	if len(n.nodes) < keyFewest {
		return nil
	}
	whole, err := broker.Fragment(ctx, g, nil)
	if err != nil {
		return fmt.Errorf("flag: network %s: %w", n.ID, err)
	}
	size := min(keyMost, max(1, len(n.nodes)/keyShare))
	set, err := broker.KeyPlayers(ctx, g, broker.KeyOptions{Goal: broker.Lengthen, Size: size, Threads: 1})
	if err != nil {
		return fmt.Errorf("flag: network %s: %w", n.ID, err)
	}
	n.Key = &Key{Members: []graph.ID{}, Before: Number(whole.Distance), After: Number(set.Score), Exact: set.Exact}
	for _, u := range set.Nodes {
		n.Members[u].Key = true
		n.Key.Members = append(n.Key.Members, n.Members[u].ID)
	}
	return nil
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

// facilitators lists who serves two members or more, and at least half of those members that use anyone: service parties, and who
// trades in nothing itself.
func (a *Analysis) facilitators(ctx context.Context, reader graph.Finder, nodes []uint32) ([]Facility, error) {
	using := 0
	for _, v := range nodes {
		if a.degree(v, view.Forwarder) > 0 {
			using++
		}
	}
	list := []Facility{}
	var fault error
	a.around(nodes, view.Forwarder, func(z uint32, members int) {
		trades := len(a.imports.Of(z))+len(a.exports.Of(z)) > 0
		if fault != nil || contains(nodes, z) || trades && !a.Trade.IsService(z) || members < 2 || 2*members < using {
			return
		}
		var served []uint32
		for _, v := range nodes {
			if _, tied := slices.BinarySearch(a.View.Ties.Neighbours(v), z); tied {
				served = append(served, v)
			}
		}
		role, err := a.serviceRole(ctx, reader, z, served)
		clients := a.degree(z, view.Forwarder)
		fault = err
		list = append(list, Facility{
			ID: a.View.IDs[z], Role: role, Members: members, Clients: clients, Service: a.Trade.IsService(z),
			Captive: captiveOf*members >= captiveMembers*clients, Unusual: members*a.importers >= 3*clients*using,
		})
	})
	slices.SortStableFunc(list, func(x, y Facility) int { return cmp.Compare(y.Members, x.Members) })
	return list, fault
}

// A party is captive when two of three of its clients are members.
const captiveMembers, captiveOf = 2, 3

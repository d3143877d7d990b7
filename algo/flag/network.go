package flag

import (
	"slices"

	"rummage/algo/finding"
	"rummage/algo/view"
	"rummage/graph"
)

// Network is the case that findings open: their members together, with what binds them.
type Network struct {
	ID    graph.ID `json:"id"` // "n-" and 12 hexadecimal digits; the same from run to run
	State State    `json:"state"`
	Grade string   `json:"grade"` // the best of its findings

	// Change is what is not as it was: who joined, how much more exposed, taken in or split from what; "" where the state says it all.
	Change string `json:"change"`

	// Alerts say why it is news, by the rules of material change; none for a network that is not.
	Alerts []Alert `json:"alerts"`

	// Decision is the last word of a person on it when the result is read: see Rule. A stored run has none.
	Decision *Ruling `json:"decision"`

	// Heading is what the grade permits to say.
	Heading string   `json:"heading"`
	Members []Member `json:"members"`

	// Exposure is the sum of its members' exposure less 1 each: 0 for a network no nearer to hits than anybody.
	Exposure Number `json:"exposure"`

	Inspected int    `json:"inspected"` // consignments between members, of whatever finding
	Hits      int    `json:"hits"`      // among them
	Q         Number `json:"q"`         // of its best finding

	Shared       []Shared   `json:"shared"`       // identifiers of two members or more
	Facilitators []Facility `json:"facilitators"` // who serves most of its importers
	Key          *Key       `json:"key"`          // who holds it together; nil for fewer than four members

	// Boundary are parties outside that members are tied to, the first of BoundaryAll.
	Boundary    []Boundary `json:"boundary"`
	BoundaryAll int        `json:"boundary_all"`

	What []string `json:"what"` // what binds it, in a few words each

	// Schemes are places where the records of its members look like a typology; a network of grade P has nothing else.
	Schemes []Scheme `json:"schemes,omitempty"`

	// Its life: the run that first saw it, networks of the last run that it took in or came out of, and the ids of records
	// that it is followed by, those of every cluster among its members.
	Founded  graph.RunID `json:"founded"`
	Absorbed []graph.ID  `json:"absorbed,omitempty"`
	From     []graph.ID  `json:"from,omitempty"`
	Records  []graph.ID  `json:"records"`
	Life

	nodes    []uint32
	groups   [][]graph.ID // records by node
	findings []int        // places in Findings.List, best first

	base    *Figures // what material change is measured from; nil where nothing is known
	cleared bool     // the last word on it, or on what it split from, clears it
	found   bool     // Former was found in this run
}

// Member is a trader of a network.
type Member struct {
	ID   graph.ID `json:"id"`
	Name string   `json:"name"`

	// Role is what it is to the others: see roles. Roles are all that it has, that one first; Evidence says what speaks for each.
	Role     string   `json:"role"`
	Roles    []string `json:"roles"`
	Evidence []string `json:"evidence"`

	// Trades says on which side of the trade inside it stands: importer, exporter, both, or "" where only identifiers tie it.
	Trades string `json:"trades"`

	Ties        int    `json:"ties"`        // other members that it deals with or shares an identifier with
	Betweenness Number `json:"betweenness"` // share of the shortest paths among the others that pass through it
	HubRank     int    `json:"hub_rank"`    // by ties, from 1
	BrokerRank  int    `json:"broker_rank"` // by betweenness, from 1; 0 where no path passes through it
	Constraint  Number `json:"constraint"`  // Burt's: low where its contacts do not know each other; null without contacts
	Key         bool   `json:"key"`         // one of the key players
	Exposure    Number `json:"exposure"`
	Hits        int    `json:"hits"` // own, on whatever consignment
	Inspected   int    `json:"inspected"`
	Listed      bool   `json:"listed"`
}

// Shared is an identifier that binds members.
type Shared struct {
	ID      graph.ID `json:"id"`
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Members int      `json:"members"`
	Users   int      `json:"users"` // in all
}

// Facility is a party that serves members and is none.
type Facility struct {
	ID      graph.ID `json:"id"`
	Name    string   `json:"name"`
	Role    string   `json:"role"`    // facilitator, or carrier where it does nothing else
	Service bool     `json:"service"` // a service party, of many
	Members int      `json:"members"`
	Clients int      `json:"clients"` // in all

	// Captive: two of three of its clients at least are members.
	Captive bool `json:"captive"`

	// Unusual: the share of the members it serves is three times its share of all importers, at least.
	Unusual bool `json:"unusual"`
}

// Headings by grade; headingP is another. Grade B alone may be one trader that offends again and again.
const (
	headingA = "network"
	headingB = "repeat offenders or network"
)

// merge tells the networks that findings open, and typologies.
func (a *Analysis) merge() []Network {
	networks := a.open(a.joined())
	for i := range networks {
		a.fill(&networks[i])
	}
	return networks
}

// joined joins findings into networks: two of them are one if they share half of the smaller one's members or more, and so on
// from one to the next. The networks are ordered by their best finding. A wide community brings members in only where nothing closer
// opens the network: it holds bystanders more often.
func (a *Analysis) joined() []Network {
	list := a.Findings.List
	root := make([]int, len(list))
	for i := range list {
		root[i] = i
		for j := range i {
			if halved(list[i].Members, list[j].Members) {
				x, y := top(root, i), top(root, j)
				root[max(x, y)] = min(x, y)
			}
		}
	}
	var networks []Network
	place := make([]int, len(list))
	for i := range list {
		r := top(root, i)
		if r == i {
			place[i] = len(networks)
			networks = append(networks, Network{Grade: list[i].Grade.String(), Heading: headingB})
			if list[i].Grade == finding.GradeA {
				networks[place[i]].Heading = headingA
			}
		}
		n := &networks[place[r]]
		n.findings = append(n.findings, i)
	}
	for i := range networks {
		n := &networks[i]
		wide := !slices.ContainsFunc(n.findings, func(at int) bool { return list[at].Origin != finding.Wide })
		for _, at := range n.findings {
			if wide || list[at].Origin != finding.Wide {
				n.nodes = append(n.nodes, list[at].Members...)
			}
		}
		slices.Sort(n.nodes)
		n.nodes = slices.Compact(n.nodes)
	}
	return networks
}

func top(root []int, i int) int {
	for root[i] != i {
		i = root[i]
	}
	return i
}

// halved says whether two ascending lists have half of the shorter one in common, or more.
func halved[T uint32 | graph.ID](a, b []T) bool { return 2*overlap(a, b) >= min(len(a), len(b)) }

// overlap counts what two ascending lists have in common.
func overlap[T uint32 | graph.ID](a, b []T) int {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	return common
}

// fill tells a network by its nodes.
func (a *Analysis) fill(n *Network) {
	for _, v := range n.nodes {
		n.Exposure += Number(a.Exposure.Ratio[v] - 1)
	}
	n.Inspected, n.Hits = a.inside(n.nodes)
	n.Q = 1
	for _, at := range n.findings {
		n.Q = min(n.Q, Number(a.Findings.List[at].Q[finding.ShuffleConsignments]))
	}
	if len(n.findings) == 0 {
		n.Q = n.Schemes[0].Q
	}
	n.Shared = a.shared(n.nodes)
	n.Members = a.members(n.nodes)
}

// shared lists the identifiers of two members or more, most members first.
func (a *Analysis) shared(nodes []uint32) []Shared {
	shared := []Shared{}
	a.around(nodes, view.Identifier, func(z uint32, members int) {
		if members < 2 || contains(nodes, z) {
			return
		}
		shared = append(shared, Shared{
			ID: a.View.IDs[z], Kind: a.View.IDs[z].Kind().String(), Members: members, Users: a.degree(z, view.Identifier),
		})
	})
	slices.SortStableFunc(shared, func(x, y Shared) int { return y.Members - x.Members })
	return shared
}

// around calls see, in the order of ids, for every node that an edge of that kind ties to a member, with the number of these.
func (a *Analysis) around(nodes []uint32, kind view.Edge, see func(z uint32, members int)) {
	var met []uint32
	for _, v := range nodes {
		types := a.View.Ties.Types(v)
		for i, z := range a.View.Ties.Neighbours(v) {
			if view.Edge(types[i]) == kind {
				met = append(met, z)
			}
		}
	}
	slices.Sort(met)
	for from := 0; from < len(met); {
		to := from
		for to < len(met) && met[to] == met[from] {
			to++
		}
		see(met[from], to-from)
		from = to
	}
}

func (a *Analysis) degree(v uint32, kind view.Edge) int {
	n := 0
	for _, t := range a.View.Ties.Types(v) {
		if view.Edge(t) == kind {
			n++
		}
	}
	return n
}

// follows notes the ids of records behind its nodes.
func (n *Network) follows(a *Analysis, identity *graph.Identity) {
	n.groups = make([][]graph.ID, len(n.nodes))
	for i, v := range n.nodes {
		n.groups[i] = slices.Sorted(slices.Values(identity.Members(a.View.IDs[v])))
	}
	n.Records = slices.Concat(n.groups...)
	slices.Sort(n.Records)
	n.Records = slices.Compact(n.Records)
}

package picture

import (
	"cmp"
	"math/bits"
	"slices"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// Drawing is what is to be drawn: nodes, and one link for every two of them that have anything in common.
type Drawing struct {
	Title    string
	Handling string // banner; "" where there is none
	Nodes    []Node
	Links    []Link
	// LeftOut counts by kind what is not drawn, in the order of kinds.
	LeftOut []Count
	// Folded is how many consignments are lines here and no nodes.
	Folded int
}

// Count is how many of a kind there are.
type Count struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

// Node is a thing with a sign.
type Node struct {
	ID     graph.ID `json:"id"`
	Kind   string   `json:"kind"`
	Label  string   `json:"label"`
	Role   string   `json:"role,omitempty"` // of a member, as the analysis names it
	Chosen bool     `json:"chosen,omitempty"`
	// Hits are its own outcomes that found something, and those of consignments in which it buys or sells.
	Hits   int  `json:"hits,omitempty"`
	Listed bool `json:"listed,omitempty"`
}

// Link joins two nodes, by place in Nodes.
type Link struct {
	From int `json:"from"`
	To   int `json:"to"`
	// Kinds are the roles that it stands for, ordered; Trade where a consignment goes from one to the other.
	Kinds []string   `json:"kinds"`
	N     int        `json:"n"`    // consignments and links
	Hits  int        `json:"hits"` // consignments in it, or at an end of it, that were found in breach
	Both  bool       `json:"both"` // goes the other way too
	Start graph.Date `json:"start"`
	End   graph.Date `json:"end"`
}

// Wide is how wide a link is drawn: wider by a step for twice the records.
func (l *Link) Wide() float64 { return min(1+float64(float64(bits.Len(uint(max(l.N, 1)))-1)*0.6), 5) }

// Trade is the kind of links that consignments from a seller to a buyer became.
const Trade = "trade"

// Options say what is drawn.
type Options struct {
	Title, Handling string
	// Roles of members, by id.
	Roles map[graph.ID]string
	// Most is the greatest number of nodes; 0 stands for MostNodes.
	Most int
}

// MostNodes is how many nodes a picture has at most. Beyond that, nobody reads it.
const MostNodes = 2000

// mostAround is how many parties that were not asked for stand around those that were.
const mostAround = 40

// Of draws a graph as people read it: a consignment between two of the chosen is part of a line; of the rest there is drawn what joins two
// of the chosen at least, or all of it around a party alone. Places, routes and commodities, through which everything passes, are for map
// and tables.
func Of(g *subgraph.Graph, opts Options) *Drawing {
	f := &folding{graph: g, places: map[graph.ID]int{}, links: map[[2]int]*Link{}, around: map[int]map[int]int{}}
	for i := range g.Nodes {
		f.places[g.Nodes[i].ID] = i
		if g.Nodes[i].Chosen {
			f.chosen++
		}
	}
	f.ties()
	for i := range g.Nodes {
		if g.Nodes[i].Kind == subgraph.Consignment {
			f.consignment(i)
		}
	}
	f.linked()
	return f.drawing(opts, f.kept(opts.most()))
}

// Whole draws everything, each consignment as a node.
func Whole(g *subgraph.Graph, opts Options) *Drawing {
	f := &folding{graph: g, places: map[graph.ID]int{}, links: map[[2]int]*Link{}}
	degree := make([]int, len(g.Nodes))
	for i := range g.Nodes {
		f.places[g.Nodes[i].ID] = i
	}
	f.ties()
	for i := range g.Edges {
		e := &g.Edges[i]
		a, b := f.places[e.From], f.places[e.To]
		degree[a]++
		degree[b]++
		f.link(a, b, e.Kind, e.Start, e.End)
	}
	for at, ties := range f.tied {
		hit, _ := g.Nodes[at].Outcomes()
		f.traders(ties, hit)
		for _, e := range ties {
			f.links[[2]int{min(at, f.places[e.To]), max(at, f.places[e.To])}].Hits = min(hit, 1)
		}
	}
	keep := make([]int, len(g.Nodes))
	for i := range keep {
		keep[i] = i
	}
	slices.SortStableFunc(keep, func(a, b int) int {
		return cmp.Or(order(g.Nodes[b].Chosen)-order(g.Nodes[a].Chosen), degree[b]-degree[a])
	})
	keep = keep[:min(len(keep), opts.most())]
	slices.Sort(keep)
	return f.drawing(opts, keep)
}

func order(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (o *Options) most() int {
	if o.Most > 0 {
		return o.Most
	}
	return MostNodes
}

// folding makes lines of consignments.
type folding struct {
	graph  *subgraph.Graph
	places map[graph.ID]int
	chosen int
	tied   map[int][]*subgraph.Edge // of a consignment
	links  map[[2]int]*Link         // the lower place first
	around map[int]map[int]int      // what was not chosen: which of the chosen it touches, how often
	folded int
	hits   map[int]int
}

func (f *folding) ties() {
	f.tied = map[int][]*subgraph.Edge{}
	for i := range f.graph.Edges {
		e := &f.graph.Edges[i]
		if at := f.places[e.From]; f.graph.Nodes[at].Kind == subgraph.Consignment {
			f.tied[at] = append(f.tied[at], e)
		}
	}
}

// ranks order the roles of traders in a consignment: who is served stands first.
var ranks = []string{graph.Importer.String(), graph.Consignee.String(), graph.Exporter.String(), graph.Consignor.String()}

func rank(role string) int {
	if at := slices.Index(ranks, role); at >= 0 {
		return at
	}
	return len(ranks)
}

// buys and sells tell the sides of a trade by a rank.
func buys(rank int) bool  { return rank < 2 }
func sells(rank int) bool { return rank == 2 || rank == 3 }

// consignment makes lines from one of its chosen parties, the buyer if it is among them, to all the others in it.
func (f *folding) consignment(at int) {
	hit, _ := f.graph.Nodes[at].Outcomes()
	ties := slices.Clone(f.tied[at])
	slices.SortStableFunc(ties, func(a, b *subgraph.Edge) int { return cmp.Compare(rank(a.Kind), rank(b.Kind)) })
	f.traders(ties, hit)
	anchor := slices.IndexFunc(ties, func(e *subgraph.Edge) bool { return f.node(e.To).Chosen })
	if anchor < 0 {
		return
	}
	f.folded++
	to := f.places[ties[anchor].To]
	seen := map[int]bool{to: true}
	for _, e := range ties {
		from := f.places[e.To]
		if seen[from] || passed(f.node(e.To).Kind) {
			continue
		}
		seen[from] = true
		var l *Link
		switch one, other := rank(ties[anchor].Kind), rank(e.Kind); {
		case sells(other) && buys(one):
			l = f.link(from, to, Trade, e.Start, e.End)
		case buys(other) && sells(one):
			l = f.link(to, from, Trade, e.Start, e.End)
		default:
			l = f.link(from, to, e.Kind, e.Start, e.End)
		}
		l.Hits += min(hit, 1)
		if !f.graph.Nodes[from].Chosen {
			f.touch(from, to)
		}
	}
}

// traders counts a hit for whoever buys or sells in it, once.
func (f *folding) traders(ties []*subgraph.Edge, hit int) {
	if hit == 0 {
		return
	}
	if f.hits == nil {
		f.hits = map[int]int{}
	}
	seen := map[int]bool{}
	for _, e := range ties {
		if at := f.places[e.To]; rank(e.Kind) < len(ranks) && !seen[at] {
			seen[at] = true
			f.hits[at]++
		}
	}
}

func (f *folding) node(id graph.ID) *subgraph.Node { return &f.graph.Nodes[f.places[id]] }

// passed tells kinds that everything passes through.
func passed(kind string) bool {
	return kind == graph.Place.String() || kind == graph.Route.String() || kind == graph.Commodity.String()
}

func (f *folding) touch(what, chosen int) {
	if f.around[what] == nil {
		f.around[what] = map[int]int{}
	}
	f.around[what][chosen]++
}

// linked adds the links from one entity to another.
func (f *folding) linked() {
	for i := range f.graph.Edges {
		e := &f.graph.Edges[i]
		a, b := f.places[e.From], f.places[e.To]
		if f.graph.Nodes[a].Kind == subgraph.Consignment {
			continue
		}
		f.link(a, b, e.Kind, e.Start, e.End)
		for _, ends := range [][2]int{{a, b}, {b, a}} {
			if f.graph.Nodes[ends[0]].Chosen && !f.graph.Nodes[ends[1]].Chosen {
				f.touch(ends[1], ends[0])
			}
		}
	}
}

// link adds to the one link that two nodes have.
func (f *folding) link(from, to int, kind string, start, end graph.Date) *Link {
	key := [2]int{min(from, to), max(from, to)}
	l := f.links[key]
	if l == nil {
		l = &Link{From: from, To: to}
		f.links[key] = l
	}
	if at, found := slices.BinarySearch(l.Kinds, kind); !found {
		l.Kinds = slices.Insert(l.Kinds, at, kind)
	}
	l.N++
	l.Both = l.Both || l.From != from
	if start != graph.NoDate && (l.Start == graph.NoDate || start < l.Start) {
		l.Start = start
	}
	l.End = max(l.End, end)
	return l
}

// kept lists what is drawn, by place: the chosen, and what joins two of them; of that what joins most comes first.
func (f *folding) kept(most int) []int {
	var keep, around []int
	weight := func(at int) (chosen, times int) {
		for _, n := range f.around[at] {
			times += n
		}
		return len(f.around[at]), times
	}
	for i := range f.graph.Nodes {
		n := &f.graph.Nodes[i]
		if n.Chosen {
			keep = append(keep, i)
			continue
		}
		chosen, times := weight(i)
		alone := f.chosen == 1 && (times > 1 || n.Kind != graph.Equipment.String())
		if chosen > 1 || chosen == 1 && alone {
			around = append(around, i)
		}
	}
	slices.SortStableFunc(around, func(a, b int) int {
		x, n := weight(a)
		y, m := weight(b)
		return cmp.Or(y-x, m-n)
	})
	keep = append(keep[:min(len(keep), most)], around[:min(len(around), max(mostAround, f.chosen), max(0, most-len(keep)))]...)
	slices.Sort(keep)
	return keep
}

// drawing takes what is kept, and counts what is not.
func (f *folding) drawing(opts Options, keep []int) *Drawing {
	d := &Drawing{Title: opts.Title, Handling: opts.Handling, Folded: f.folded}
	renumbered := map[int]int{}
	for _, at := range keep {
		n := &f.graph.Nodes[at]
		renumbered[at] = len(d.Nodes)
		hits, listed := n.Outcomes()
		d.Nodes = append(d.Nodes, Node{ID: n.ID, Kind: n.Kind, Label: n.Label, Role: opts.Roles[n.ID], Chosen: n.Chosen,
			Hits: hits + f.hits[at], Listed: listed})
	}
	for _, l := range f.links {
		from, drawn := renumbered[l.From]
		to, drawnToo := renumbered[l.To]
		if !drawn || !drawnToo || from == to {
			continue
		}
		kept := *l
		kept.From, kept.To = from, to
		d.Links = append(d.Links, kept)
	}
	slices.SortFunc(d.Links, func(a, b Link) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	left := map[string]int{}
	for i := range f.graph.Nodes {
		if _, drawn := renumbered[i]; !drawn && (f.graph.Nodes[i].Kind != subgraph.Consignment || f.folded == 0) {
			left[f.graph.Nodes[i].Kind]++
		}
	}
	for _, k := range kinds() {
		if left[k] > 0 {
			d.LeftOut = append(d.LeftOut, Count{k, left[k]})
		}
	}
	return d
}

// kinds lists the kinds of nodes in a fixed order.
func kinds() []string {
	all := []string{subgraph.Consignment}
	for _, k := range graph.Kinds() {
		all = append(all, k.String())
	}
	return all
}

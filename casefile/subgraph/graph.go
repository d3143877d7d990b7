package subgraph

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/row"
	"rummage/graph"
)

// Consignment is the kind of the nodes that are consignments; those of all others are kinds of entities.
const Consignment = "consignment"

// Outcome is the name of the attributes that say what was found: a result, and the day if one is known.
const Outcome = "outcome"

// Graph is a part of a store. Nodes are ordered by id, edges by From, Kind, To, days and Key.
type Graph struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"`
	// Records are what nodes and edges were made of, by the ids of records.
	Records Records `json:"-"`
}

// Records are records of a store, each with the rows that say so.
type Records struct {
	Facts      []graph.Fact
	Statements []graph.Statement
	Links      []graph.Link
	Outcomes   []graph.Outcome
}

// Node is an entity, under the name of its cluster, or a consignment.
type Node struct {
	ID    graph.ID `json:"id"`
	Kind  string   `json:"kind"`
	Label string   `json:"label"`
	// Chosen tells that it was asked for; others are there since they stand in what the chosen have in common.
	Chosen bool `json:"chosen"`
	// Records are the ids of the records that were judged to be this entity; none where there is one.
	Records    []graph.ID  `json:"records,omitempty"`
	Attributes []Attribute `json:"attributes"`
	// Scores are what an analysis says of it, ordered by name; none where nothing does.
	Scores  []Score        `json:"scores,omitempty"`
	Start   graph.Date     `json:"start"` // first day of what is said of a consignment
	End     graph.Date     `json:"end"`   // last
	Sources []graph.Origin `json:"-"`
}

// Outcomes counts what was found, of the attributes that Collect makes of outcomes, and tells whether a list names the node.
func (n *Node) Outcomes() (hits int, listed bool) {
	for _, a := range n.Attributes {
		if a.Name != Outcome {
			continue
		}
		result, _, _ := strings.Cut(a.Value, " ")
		if r, err := graph.ParseResult(result); err == nil {
			listed = listed || r == graph.Listed
			if r.IsHit() {
				hits++
			}
		}
	}
	return hits, listed
}

// Score is a number that was computed, and that no file states. It is finite.
type Score struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Edge is a tie of a consignment to an entity, or a link from one entity to another.
type Edge struct {
	From graph.ID `json:"from"`
	To   graph.ID `json:"to"`
	// Kind is the role that To has for From.
	Kind       string         `json:"kind"`
	Start      graph.Date     `json:"start"`
	End        graph.Date     `json:"end"`
	Key        string         `json:"key,omitempty"` // tells events apart that are equal in all else
	Attributes []Attribute    `json:"attributes"`
	Sources    []graph.Origin `json:"-"`
}

// Attribute is a value as it stood in a file. Mark says why it is doubtful, if it is.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Mark  string `json:"mark,omitempty"`
}

// Value returns all values of a name, joined by "; ".
func Value(all []Attribute, name string) string {
	var values []string
	for _, a := range all {
		if a.Name == name {
			values = append(values, a.Value)
		}
	}
	return strings.Join(values, "; ")
}

// NodeNames lists the names of the attributes of all nodes, ordered.
func (g *Graph) NodeNames() []string {
	seen := map[string]bool{}
	for i := range g.Nodes {
		name(seen, g.Nodes[i].Attributes)
	}
	return slices.Sorted(maps.Keys(seen))
}

// EdgeNames lists the names of the attributes of all edges, ordered.
func (g *Graph) EdgeNames() []string {
	seen := map[string]bool{}
	for i := range g.Edges {
		name(seen, g.Edges[i].Attributes)
	}
	return slices.Sorted(maps.Keys(seen))
}

func name(seen map[string]bool, all []Attribute) {
	for _, a := range all {
		seen[a.Name] = true
	}
}

// ScoreNames lists the names of the scores of all nodes, ordered.
func (g *Graph) ScoreNames() []string {
	seen := map[string]bool{}
	for i := range g.Nodes {
		for _, s := range g.Nodes[i].Scores {
			seen[s.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Score puts what an analysis says of nodes, by their ids, to 12 significant digits, which is what processors of all kinds agree on. Numbers
// that do not exist (NaN, infinite) are left out, and ids of others too.
func (g *Graph) Score(scores map[graph.ID][]Score) {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		for _, s := range scores[n.ID] {
			if !math.IsNaN(s.Value) && !math.IsInf(s.Value, 0) {
				s.Value, _ = strconv.ParseFloat(strconv.FormatFloat(s.Value, 'g', 12, 64), 64) // reads what was just written
				n.Scores = append(n.Scores, s)
			}
		}
		slices.SortFunc(n.Scores, func(a, b Score) int { return strings.Compare(a.Name, b.Name) })
	}
}

// Rows lists the rows that anything in the graph stands on, each once, ordered.
func (g *Graph) Rows() []graph.Origin {
	var all []graph.Origin
	for i := range g.Nodes {
		all = append(all, g.Nodes[i].Sources...)
	}
	for i := range g.Edges {
		all = append(all, g.Edges[i].Sources...)
	}
	return united(all)
}

func united(all []graph.Origin) []graph.Origin {
	slices.SortFunc(all, graph.CompareOrigins)
	return slices.Compact(all)
}

// Says tells what each row says, of what the graph holds.
func (r *Records) Says() map[graph.Origin]*row.Says {
	all := map[graph.Origin]*row.Says{}
	each := func(origins []graph.Origin, add func(s *row.Says)) {
		for _, o := range united(slices.Clone(origins)) {
			if all[o] == nil {
				all[o] = &row.Says{}
			}
			add(all[o])
		}
	}
	for i := range r.Facts {
		each(r.Facts[i].Origins, func(s *row.Says) { s.AddFact(&r.Facts[i]) })
	}
	for i := range r.Statements {
		each(r.Statements[i].Origins, func(s *row.Says) { s.AddStatement(&r.Statements[i]) })
	}
	for i := range r.Links {
		each(r.Links[i].Origins, func(s *row.Says) { s.AddLink(&r.Links[i]) })
	}
	for i := range r.Outcomes {
		each(r.Outcomes[i].Origins, func(s *row.Says) { s.AddOutcome(&r.Outcomes[i]) })
	}
	return all
}

// Settle orders everything, and makes equal edges one.
func (g *Graph) Settle() {
	slices.SortFunc(g.Nodes, func(a, b Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
	slices.SortStableFunc(g.Edges, compareEdges)
	edges := g.Edges[:0]
	for _, e := range g.Edges {
		if n := len(edges); n > 0 && compareEdges(edges[n-1], e) == 0 {
			edges[n-1].Sources = append(edges[n-1].Sources, e.Sources...)
			edges[n-1].Attributes = append(edges[n-1].Attributes, e.Attributes...)
			continue
		}
		edges = append(edges, e)
	}
	g.Edges = edges
	for i := range g.Nodes {
		n := &g.Nodes[i]
		n.Sources, n.Attributes = united(n.Sources), distinct(n.Attributes)
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		e.Sources, e.Attributes = united(e.Sources), distinct(e.Attributes)
	}
}

func compareEdges(a, b Edge) int {
	return cmp.Or(strings.Compare(string(a.From), string(b.From)), strings.Compare(a.Kind, b.Kind), strings.Compare(string(a.To), string(b.To)),
		cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), strings.Compare(a.Key, b.Key))
}

// distinct orders attributes and leaves out what stands there twice. It returns an empty list rather than none.
func distinct(all []Attribute) []Attribute {
	slices.SortFunc(all, func(a, b Attribute) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value), strings.Compare(a.Mark, b.Mark))
	})
	return append([]Attribute{}, slices.Compact(all)...)
}

package subgraph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rummage/graph"
)

var (
	// ErrNobody is returned when nobody is asked for.
	ErrNobody = errors.New("nobody was asked for")
	// ErrTooMany is returned when more parties are asked for than Most.
	ErrTooMany = errors.New("too many parties for one case file")
)

// Most is the greatest number of parties that Collect takes: it asks about every two of them.
const Most = 500

// page is how many records or neighbours are asked for at once.
const page = 500

// Reader is what Collect asks of a scope.
type Reader interface {
	graph.Finder
	Identity() *graph.Identity
}

// Collect returns the parties asked for, by ids of records or clusters, and of what the scope shows: the consignments that two of them stand
// in, with everything else that stands in these; the links between them; what else each is linked to, such as addresses and directors; and
// of a party alone all its consignments. Cost: a query for every two parties, and one for each consignment and entity found. Progress may be
// nil.
//
// Errors: ErrNobody, ErrTooMany, those of the reader, graph.ErrNotFound for a party that the scope does not show among them.
func Collect(ctx context.Context, reader Reader, parties []graph.ID, progress func(done, total int)) (*Graph, error) {
	c := &collection{ctx: ctx, reader: reader, identity: reader.Identity(), chosen: map[graph.ID]bool{}, entities: map[graph.ID]bool{},
		consignments: map[graph.ID]bool{}, links: map[string]bool{}, graph: &Graph{}}
	for _, id := range parties {
		c.chosen[c.identity.Cluster(id)] = true
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	err := c.run(progress)
	if err != nil {
		return nil, fmt.Errorf("subgraph: %w", err)
	}
	c.graph.Settle()
	return c.graph, nil
}

type collection struct {
	ctx          context.Context
	reader       Reader
	identity     *graph.Identity
	chosen       map[graph.ID]bool
	entities     map[graph.ID]bool
	consignments map[graph.ID]bool
	links        map[string]bool // that are among the records
	graph        *Graph
}

func (c *collection) run(progress func(done, total int)) error {
	switch n := len(c.chosen); {
	case n == 0:
		return ErrNobody
	case n > Most:
		return fmt.Errorf("%w: %d, and at most %d can be in one", ErrTooMany, n, Most)
	}
	chosen := sorted(c.chosen)
	for i, a := range chosen {
		progress(i, len(chosen))
		c.entities[a] = true
		if err := c.linked(a); err != nil {
			return err
		}
		others := chosen[i+1:]
		if len(chosen) == 1 {
			others = []graph.ID{""}
		}
		for _, b := range others {
			if err := c.between(a, b); err != nil {
				return err
			}
		}
	}
	for _, id := range sorted(c.consignments) {
		if err := c.consignment(id); err != nil {
			return err
		}
	}
	for _, id := range sorted(c.entities) {
		if err := c.entity(id); err != nil {
			return err
		}
	}
	return nil
}

func sorted(set map[graph.ID]bool) []graph.ID {
	all := make([]graph.ID, 0, len(set))
	for id := range set {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

// linked finds what a party is linked to, and the links.
func (c *collection) linked(id graph.ID) error {
	counts, err := c.reader.Counts(c.ctx, id)
	if err != nil {
		return err
	}
	var roles []graph.Role
	for _, count := range counts {
		if count.Role.IsLink() && !slices.Contains(roles, count.Role) {
			roles = append(roles, count.Role)
		}
	}
	if len(roles) == 0 {
		return nil
	}
	for at := 0; ; at += page {
		neighbours, err := c.reader.Neighbours(c.ctx, graph.NeighbourQuery{ID: id, Roles: roles, Offset: at, Limit: page})
		if err != nil {
			return err
		}
		for _, n := range neighbours {
			c.entities[n.ID] = true
			if err := c.between(id, n.ID); err != nil {
				return err
			}
		}
		if len(neighbours) < page {
			return nil
		}
	}
}

// between takes the links that hold two entities, and the consignments if both are chosen, or the one is alone.
func (c *collection) between(a, b graph.ID) error {
	for at := 0; ; at += page {
		found, err := c.reader.Connections(c.ctx, graph.ConnectionQuery{ID: a, With: b, Offset: at, Limit: page})
		if err != nil {
			return err
		}
		for i := range found {
			switch f := &found[i]; {
			case f.Link != nil && b != "":
				c.link(f.Link, f.Origins)
			case f.Link == nil && (b == "" || c.chosen[b]):
				c.consignments[f.Consignment] = true
			}
		}
		if len(found) < page {
			return nil
		}
	}
}

func (c *collection) link(l *graph.Link, origins []graph.Origin) {
	if key := linkKey(l); !c.links[key] {
		c.links[key] = true
		record := *l
		record.Origins = slices.Concat(l.Origins, origins)
		c.graph.Records.Links = append(c.graph.Records.Links, record)
	}
	c.graph.Edges = append(c.graph.Edges, Edge{
		From: c.identity.Cluster(l.From), To: c.identity.Cluster(l.To), Kind: l.Role.String(), Start: l.Start, End: l.End, Key: l.Key,
		Attributes: fields(l.Fields), Sources: append(slices.Clone(l.Origins), origins...),
	})
}

// linkKey tells links apart: one is found from either end.
func linkKey(l *graph.Link) string {
	return fmt.Sprintf("%d %q %q %d %d %q %q", l.Role, l.From, l.To, l.Start, l.End, l.Key, l.Fields)
}

func fields(all []graph.Field) []Attribute {
	var list []Attribute
	for _, f := range all {
		list = append(list, Attribute{f.Name, f.Value, f.Mark})
	}
	return list
}

// consignment takes a consignment as its current statements have it.
func (c *collection) consignment(id graph.ID) error {
	found, err := c.reader.Consignment(c.ctx, id)
	if err != nil {
		return err
	}
	node := Node{ID: found.ID, Kind: Consignment, Label: found.ID.Label()}
	for i := range found.Current {
		s := &found.Current[i]
		node.Attributes = append(append(node.Attributes, Attribute{Name: "view", Value: s.View.String()}), fields(s.Fields)...)
		node.Sources = append(node.Sources, s.Origins...)
		node.span(s.Date)
		for _, t := range s.Ties {
			to := c.identity.Cluster(t.Entity)
			c.entities[to] = true
			c.graph.Edges = append(c.graph.Edges, Edge{
				From: found.ID, To: to, Kind: t.Role.String(), Start: s.Date, End: s.Date, Sources: slices.Clone(s.Origins),
			})
		}
	}
	node.outcomes(found.Outcomes)
	c.graph.Nodes = append(c.graph.Nodes, node)
	c.graph.Records.Statements = append(c.graph.Records.Statements, found.Current...)
	c.graph.Records.Outcomes = append(c.graph.Records.Outcomes, found.Outcomes...)
	return nil
}

// span widens the days of a node.
func (n *Node) span(day graph.Date) {
	if day == graph.NoDate {
		return
	}
	if n.Start == graph.NoDate || day < n.Start {
		n.Start = day
	}
	n.End = max(n.End, day)
}

func (n *Node) outcomes(all []graph.Outcome) {
	for i := range all {
		o := &all[i]
		value := o.Result.String()
		if o.Date != graph.NoDate {
			value += " " + o.Date.String()
		}
		n.Attributes = append(append(n.Attributes, Attribute{Name: Outcome, Value: value}), fields(o.Fields)...)
		n.Sources = append(n.Sources, o.Origins...)
	}
}

// entity takes an entity with its facts.
func (c *collection) entity(id graph.ID) error {
	found, err := c.reader.Entity(c.ctx, id)
	if err != nil {
		return err
	}
	node := Node{ID: found.ID, Kind: found.Kind().String(), Label: found.Name(), Chosen: c.chosen[id]}
	if members := c.identity.Members(id); len(members) > 1 {
		node.Records = slices.Sorted(slices.Values(members))
	}
	for _, f := range found.Facts {
		node.Attributes = append(node.Attributes, Attribute{f.Property, f.Value, f.Mark})
		node.Sources = append(node.Sources, f.Origins...)
	}
	node.outcomes(found.Outcomes)
	c.graph.Nodes = append(c.graph.Nodes, node)
	c.graph.Records.Facts = append(c.graph.Records.Facts, found.Facts...)
	c.graph.Records.Outcomes = append(c.graph.Records.Outcomes, found.Outcomes...)
	return nil
}

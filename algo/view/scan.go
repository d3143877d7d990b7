package view

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/algo/csr"
	"rummage/graph"
)

// errUnknown is returned when a scan names an entity that the scan of entities did not yield: a store's broken promise.
var errUnknown = errors.New("entity is in no scan of entities")

// progressStep is how many records pass between two calls of Progress.
const progressStep = 1 << 14

// scanner gathers a view from the three scans.
type scanner struct {
	opts  Options
	view  *View
	index map[graph.ID]uint32 // of record ids, by what they are one with
	edges csr.Columns
	rules []Rule // of the kinds that the view has
	seen  int

	acts, serves []uint32 // per node: what it did in consignments, and what of it in a service role
	clients      []uint64 // service party and client, packed
	lanes        map[graph.ID]uint32

	reads  [64]bool // roles of ties that something here looks at
	kindOf [64]Edge // roles of links, and the kind of edge that they make
	ties   []tie    // of the consignment at hand
	made   []edge   // of the consignment at hand
}

// tie is a tie whose entity has a dense id.
type tie struct {
	role   graph.Role
	node   uint32
	entity graph.ID
}

type edge struct {
	kind     Edge
	from, to uint32
}

func scan(ctx context.Context, source Source, decisions []graph.Decision, opts Options) (*View, error) {
	s := &scanner{opts: opts, lanes: make(map[graph.ID]uint32), view: &View{
		Scope: source.Scope(), Decided: lastSeq(decisions), Decay: opts.Decay,
	}}
	s.choose()
	if err := s.entities(ctx, source); err != nil {
		return nil, err
	}
	want := graph.Want{Properties: []string{}, Fields: []string{}}
	if err := each(source.Consignments(ctx, want), "consignments", s.consignment); err != nil {
		return nil, err
	}
	if err := each(source.Links(ctx, want), "links", s.link); err != nil {
		return nil, err
	}
	s.judge(source.Identity(), decisions)
	s.placeLanes()
	s.index = nil
	ties, err := csr.Build(ctx, s.edges, csr.Options{Nodes: len(s.view.IDs), Loops: csr.DropLoops, Threads: opts.Threads})
	if err != nil {
		return nil, fmt.Errorf("view: %w", err)
	}
	s.view.Ties = ties
	return s.view, nil
}

// choose notes what the kinds of edges asked for are made of.
func (s *scanner) choose() {
	for _, rule := range rules {
		if !slices.Contains(s.opts.Edges, rule.Edge) {
			continue
		}
		s.rules = append(s.rules, rule)
		if rule.Shape == Bought {
			for _, role := range slices.Concat(laneStarts, laneEnds) {
				s.reads[role] = true
			}
		}
		for _, role := range rule.Roles {
			if rule.Shape == Linked {
				s.kindOf[role] = rule.Edge
			} else {
				s.reads[role] = true
			}
		}
	}
	for _, role := range partyRoles {
		s.reads[role] = true
	}
}

// entities numbers the clusters and marks those that are listed.
func (s *scanner) entities(ctx context.Context, source Source) error {
	identity := source.Identity()
	var records, clusters, listed []graph.ID
	want := graph.Want{Properties: []string{}, Fields: []string{}}
	err := each(source.Entities(ctx, want), "entities", func(e *graph.Entity) error {
		id := graph.ID(strings.Clone(string(e.ID)))
		cluster := identity.Cluster(id)
		records, clusters = append(records, id), append(clusters, cluster)
		for i := range e.Outcomes {
			if r := e.Outcomes[i].Result; r.IsHit() || r == graph.Listed {
				listed = append(listed, cluster)
				break
			}
		}
		return s.tick()
	})
	if err != nil {
		return err
	}
	ids := slices.Clone(clusters)
	if !slices.IsSortedFunc(ids, compareIDs) {
		slices.SortFunc(ids, compareIDs)
	}
	v := s.view
	v.IDs = slices.Compact(ids)
	v.Listed, v.Service = make([]bool, len(v.IDs)), make([]bool, len(v.IDs))
	s.acts, s.serves = make([]uint32, len(v.IDs)), make([]uint32, len(v.IDs))
	s.index = make(map[graph.ID]uint32, len(v.IDs))
	for u, id := range v.IDs {
		s.index[id] = uint32(u)
	}
	for i, record := range records {
		if record != clusters[i] {
			s.index[record] = s.index[clusters[i]]
		}
	}
	for _, id := range listed {
		v.Listed[s.index[id]] = true
	}
	for _, id := range v.IDs {
		if id.Kind() == graph.Party {
			v.Parties++
		}
	}
	return nil
}

func (s *scanner) tick() error {
	s.seen++
	if s.opts.Progress != nil && s.seen%progressStep == 0 {
		s.opts.Progress(s.seen)
	}
	return nil
}

func (s *scanner) node(id graph.ID) (uint32, error) {
	u, ok := s.index[id]
	if !ok {
		return None, fmt.Errorf("%s: %w", id, errUnknown)
	}
	return u, nil
}

// consignment adds one place to the columns and the edges that its ties make.
func (s *scanner) consignment(c *graph.Consignment) error {
	s.ties, s.made = s.ties[:0], s.made[:0]
	for _, t := range c.Ties() {
		if int(t.Role) >= len(s.reads) || !s.reads[t.Role] {
			continue
		}
		u, err := s.node(t.Entity)
		if err != nil {
			return fmt.Errorf("%s: %w", c.ID, err)
		}
		if !slices.ContainsFunc(s.ties, func(had tie) bool { return had.role == t.Role && had.node == u }) {
			s.ties = append(s.ties, tie{role: t.Role, node: u, entity: t.Entity})
		}
	}
	importer, exporter := s.primary(importingSide), s.primary(exportingSide)
	inspected, hit := c.Looked()
	columns := &s.view.Consignments
	columns.Hash = append(columns.Hash, HashID(c.ID))
	columns.Importer, columns.Exporter = append(columns.Importer, importer), append(columns.Exporter, exporter)
	columns.Inspected, columns.Hit = append(columns.Inspected, inspected), append(columns.Hit, hit)
	if hit {
		columns.HitIDs = append(columns.HitIDs, graph.ID(strings.Clone(string(c.ID))))
	}

	client := importer
	if client == None {
		client = exporter
	}
	s.services(client)
	for i := range s.rules {
		s.apply(&s.rules[i], importer, exporter, client)
	}
	s.add(s.fade(c.Date()))
	return s.tick()
}

// primary returns the trader that stands for a side, or None.
func (s *scanner) primary(side []graph.Role) uint32 {
	for _, role := range side {
		least := None
		for _, t := range s.ties {
			if t.role == role {
				least = min(least, t.node)
			}
		}
		if least != None {
			return least
		}
	}
	return None
}

// services notes what each party of the consignment did, and for whom.
func (s *scanner) services(client uint32) {
	for _, t := range s.ties {
		if !slices.Contains(partyRoles, t.role) {
			continue
		}
		s.acts[t.node]++
		if slices.Contains(serviceRoles, t.role) {
			s.serves[t.node]++
			if client != None && client != t.node {
				s.clients = append(s.clients, uint64(t.node)<<32|uint64(client))
			}
		}
	}
}

func (s *scanner) apply(rule *Rule, importer, exporter, client uint32) {
	switch rule.Shape {
	case Across:
		s.across(importer, exporter)
	case Served:
		for _, t := range s.ties {
			if slices.Contains(rule.Roles, t.role) {
				s.join(rule.Edge, client, t.node)
			}
		}
	case Held:
		for _, t := range s.ties {
			if slices.Contains(rule.Roles, t.role) {
				s.join(rule.Edge, importer, t.node)
				s.join(rule.Edge, exporter, t.node)
			}
		}
	case Bought:
		for _, t := range s.ties {
			if slices.Contains(rule.Roles, t.role) {
				lane := s.lane(t.entity)
				s.join(rule.Edge, importer, lane)
				s.join(rule.Edge, exporter, lane)
			}
		}
	case Linked:
	}
}

// across makes every pair of partners, and notes those beyond the primary two.
func (s *scanner) across(importer, exporter uint32) {
	s.join(Partner, importer, exporter)
	for _, a := range s.ties {
		if !slices.Contains(exportingSide, a.role) {
			continue
		}
		for _, b := range s.ties {
			if b.role != graph.Importer && b.role != graph.Consignee {
				continue
			}
			if (a.node != exporter || b.node != importer) && s.join(Partner, b.node, a.node) {
				s.view.Pairs = append(s.view.Pairs, Pair{From: b.node, To: a.node})
			}
		}
	}
}

// lane returns the node of the goods' heading between where they came from and where they went.
func (s *scanner) lane(commodity graph.ID) uint32 {
	heading := commodity.Label()
	heading = heading[:min(4, len(heading))]
	from := s.label(laneStarts)
	to := s.label(laneEnds)
	id := graph.ID("lane/" + heading + "@" + from + ">" + to)
	u, ok := s.lanes[id]
	if !ok {
		u = uint32(len(s.view.IDs) + len(s.lanes))
		s.lanes[id] = u
	}
	return u
}

func (s *scanner) label(roles []graph.Role) string {
	for _, role := range roles {
		for _, t := range s.ties {
			if t.role == role {
				return t.entity.Label()
			}
		}
	}
	return "?"
}

// join notes an edge of the consignment at hand once, and reports whether it is one.
func (s *scanner) join(kind Edge, from, to uint32) bool {
	e := edge{kind: kind, from: from, to: to}
	if from == None || to == None || from == to || slices.Contains(s.made, e) || slices.Contains(s.made, edge{kind, to, from}) {
		return false
	}
	s.made = append(s.made, e)
	return true
}

// add writes the edges at hand to the columns.
func (s *scanner) add(weight float64) {
	for _, e := range s.made {
		s.edges.From, s.edges.To = append(s.edges.From, e.from), append(s.edges.To, e.to)
		s.edges.Type, s.edges.Count = append(s.edges.Type, uint8(e.kind)), append(s.edges.Count, 1)
		if s.opts.Decay > 0 {
			s.edges.Weight = append(s.edges.Weight, weight)
		}
	}
}

// fade is what is left of a record of that day, halved every Decay days before the end of the scope. A record without a day
// does not fade: nothing says that it is old.
func (s *scanner) fade(day graph.Date) float64 {
	if day == graph.NoDate || s.opts.Decay == 0 {
		return 1
	}
	age := max(0, float64(s.view.Scope.Until-day))
	return max(csr.LeastWeight, math.Exp2(-age/s.opts.Decay))
}

// link adds the edge that a link makes.
func (s *scanner) link(l *graph.Link) error {
	if err := s.tick(); err != nil {
		return err
	}
	if int(l.Role) >= len(s.kindOf) {
		return nil
	}
	kind := s.kindOf[l.Role]
	if kind == NoEdge && l.Role != graph.DirectorOf {
		return nil
	}
	from, err := s.node(l.From)
	if err != nil {
		return err
	}
	to, err := s.node(l.To)
	if err != nil {
		return err
	}
	if l.Role == graph.DirectorOf && from != to {
		s.acts[from]++
		s.serves[from]++
		s.clients = append(s.clients, uint64(from)<<32|uint64(to))
	}
	s.made = s.made[:0]
	if kind == NoEdge || !s.join(kind, from, to) {
		return nil
	}
	if kind == Identifier {
		tie := Pair{From: from, To: to}
		if l.Role == graph.DirectorOf {
			tie = Pair{From: to, To: from}
		}
		s.view.Identifiers = append(s.view.Identifiers, tie)
	}
	s.add(s.fade(l.End))
	return nil
}

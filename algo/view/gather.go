package view

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/algo/csr"
	"rummage/graph"
)

// gatherer makes edges of one scan. It is used by one goroutine; what gatherers share is only read meanwhile.
type gatherer struct {
	*scanner
	edges       csr.Columns
	columns     Consignments
	pairs       []Pair
	identifiers []Pair

	acts, serves []uint32 // per node: what it did in consignments, and what of it in a service role
	clients      []uint64 // service party and client, packed

	served  map[service]*tally
	records []Record // of service parties; see found

	// late are nodes that no scan of entities numbered: lanes, and equipment that was left aside. Their numbers follow those of the
	// view in the order in which they were met, until join gives them their rank.
	late   map[graph.ID]uint32
	lateID []graph.ID

	kept *extract // of what was gathered; nil where none is kept
	room texts    // of its ids

	ties []tie  // of the consignment at hand
	made []edge // of the consignment at hand
}

// tie is a tie whose entity has a dense id.
type tie struct {
	role   graph.Role
	node   uint32
	entity graph.ID
}

// service is a node in a service role.
type service struct {
	node uint32
	role graph.Role
}

// tally is a record in the making.
type tally struct {
	Record
	clients []uint32 // of each inspected consignment that names one
}

type edge struct {
	kind     Edge
	from, to uint32
}

func newGatherer(s *scanner) *gatherer {
	n := len(s.view.IDs)
	g := &gatherer{
		scanner: s, acts: make([]uint32, n), serves: make([]uint32, n), late: make(map[graph.ID]uint32), served: make(map[service]*tally),
	}
	if s.opts.extractable() && !s.same {
		g.kept = &extract{}
	}
	return g
}

// node returns the number of the cluster that a record belongs to.
func (g *gatherer) node(record graph.ID) (uint32, error) {
	if u, ok := g.index[record]; ok {
		return u, nil
	}
	if g.old != nil { // which has clusters alone
		if u, ok := g.index[g.identity.Cluster(record)]; ok {
			return u, nil
		}
	}
	if g.aside && strings.HasPrefix(string(record), asidePrefix) {
		return g.later(g.identity.Cluster(record)), nil
	}
	return None, fmt.Errorf("%s: %w", record, errUnknown)
}

// later numbers a node that no scan of entities did.
func (g *gatherer) later(id graph.ID) uint32 {
	u, ok := g.late[id]
	if !ok {
		id = graph.ID(strings.Clone(string(id)))
		u = uint32(len(g.view.IDs) + len(g.lateID))
		g.late[id], g.lateID = u, append(g.lateID, id)
	}
	return u
}

// document is what a scan shows of consignments, packed: those of one batch share the list of ties.
type document struct {
	id             graph.ID
	day            graph.Date
	inspected, hit bool
	look           Look        // without its office
	ties           []graph.Tie // that something here looks at
}

// pack adds a consignment to a batch. It may run on another goroutine than what takes the batch.
func (g *gatherer) pack(into []document, c *graph.Consignment) []document {
	d := document{id: c.ID, day: c.Date()}
	if d.inspected, d.hit = c.Looked(); d.inspected {
		d.look = looked(c)
	}
	if len(into) < cap(into) {
		d.ties = into[:len(into)+1][len(into)].ties[:0] // of a batch before
	}
	for _, t := range c.Ties() {
		if int(t.Role) < len(g.reads) && g.reads[t.Role] {
			d.ties = append(d.ties, t)
		}
	}
	return append(into, d)
}

func (g *gatherer) consignments(batch []document) error {
	for i := range batch {
		if err := g.consignment(&batch[i]); err != nil {
			return err
		}
	}
	g.tick(len(batch))
	return nil
}

// consignment finds the nodes of its ties and gathers it.
func (g *gatherer) consignment(d *document) error {
	g.ties, g.made = g.ties[:0], g.made[:0]
	for _, t := range d.ties {
		u, err := g.node(t.Entity)
		if err != nil {
			return fmt.Errorf("%s: %w", d.id, err)
		}
		if !slices.ContainsFunc(g.ties, func(had tie) bool { return had.role == t.Role && had.node == u }) {
			g.ties = append(g.ties, tie{role: t.Role, node: u, entity: t.Entity})
		}
	}
	g.gather(d)
	return nil
}

// gather adds one place to the columns and the edges that the ties at hand make.
func (g *gatherer) gather(d *document) {
	importer, exporter := g.primary(importingSide), g.primary(exportingSide)
	columns := &g.columns
	columns.Hash = append(columns.Hash, HashID(d.id))
	columns.Importer, columns.Exporter = append(columns.Importer, importer), append(columns.Exporter, exporter)
	columns.Inspected, columns.Hit = append(columns.Inspected, d.inspected), append(columns.Hit, d.hit)
	columns.Day = append(columns.Day, d.day)
	if d.inspected {
		look := d.look
		look.Office = g.primary(officeRoles)
		columns.Looks = append(columns.Looks, look)
	}
	if d.hit {
		columns.HitIDs = append(columns.HitIDs, graph.ID(strings.Clone(string(d.id))))
	}

	client := first(importer, exporter)
	g.services(client)
	if d.inspected {
		g.inspect(d.hit, importer, exporter)
	}
	for i := range g.rules {
		g.apply(&g.rules[i], importer, exporter, client)
	}
	g.add(g.fade(d.day))
	if g.kept != nil {
		kept := *d
		if g.old == nil {
			kept.id = g.room.keep(d.id)
		}
		g.kept.note(&kept, g.ties)
	}
}

// first is whose consignment it is.
func first(importer, exporter uint32) uint32 {
	if importer != None {
		return importer
	}
	return exporter
}

// primary returns the trader that stands for a side, or None.
func (g *gatherer) primary(side []graph.Role) uint32 {
	for _, role := range side {
		least := None
		for _, t := range g.ties {
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
func (g *gatherer) services(client uint32) {
	for _, t := range g.ties {
		if !slices.Contains(partyRoles, t.role) {
			continue
		}
		if int(t.node) >= len(g.acts) {
			continue // equipment does nothing of its own
		}
		g.acts[t.node]++
		if slices.Contains(serviceRoles, t.role) {
			g.serves[t.node]++
			if client != None && client != t.node {
				g.clients = append(g.clients, uint64(t.node)<<32|uint64(client))
			}
		}
	}
}

// inspect adds the consignment at hand, the last of the columns, to the records of those who served it.
func (g *gatherer) inspect(hit bool, importer, exporter uint32) {
	listed := func(u uint32) bool { return int(u) < len(g.view.Listed) && g.view.Listed[u] }
	if listed(importer) || listed(exporter) {
		return
	}
	for _, t := range g.ties {
		if !slices.Contains(serviceRoles, t.role) || int(t.node) >= len(g.acts) {
			continue
		}
		if slices.ContainsFunc(g.ties, func(o tie) bool {
			return o.node != t.node && slices.Contains(serviceRoles, o.role) && listed(o.node)
		}) {
			continue
		}
		key := service{t.node, t.role}
		record := g.served[key]
		if record == nil {
			record = &tally{Record: Record{Node: t.node, Role: t.role}}
			g.served[key] = record
		}
		record.Inspected++
		if client := first(importer, exporter); client != None {
			record.clients = append(record.clients, client)
		}
		if hit {
			record.Hits = append(record.Hits, uint32(len(g.columns.Hash)-1))
		}
	}
}

func (g *gatherer) apply(rule *Rule, importer, exporter, client uint32) {
	switch rule.Shape {
	case Across:
		g.across(importer, exporter)
	case Served:
		for _, t := range g.ties {
			if slices.Contains(rule.Roles, t.role) {
				g.join(rule.Edge, client, t.node)
			}
		}
	case Held:
		for _, t := range g.ties {
			if slices.Contains(rule.Roles, t.role) {
				g.join(rule.Edge, importer, t.node)
				g.join(rule.Edge, exporter, t.node)
			}
		}
	case Bought:
		for _, t := range g.ties {
			if slices.Contains(rule.Roles, t.role) {
				lane := g.lane(t.entity)
				g.join(rule.Edge, importer, lane)
				g.join(rule.Edge, exporter, lane)
			}
		}
	case Linked:
	}
}

// across makes every pair of partners, and notes those beyond the primary two.
func (g *gatherer) across(importer, exporter uint32) {
	g.join(Partner, importer, exporter)
	for _, a := range g.ties {
		if !slices.Contains(exportingSide, a.role) {
			continue
		}
		for _, b := range g.ties {
			if b.role != graph.Importer && b.role != graph.Consignee {
				continue
			}
			if (a.node != exporter || b.node != importer) && g.join(Partner, b.node, a.node) {
				g.pairs = append(g.pairs, Pair{From: b.node, To: a.node})
			}
		}
	}
}

// lane returns the node of the goods' heading between where they came from and where they went.
func (g *gatherer) lane(commodity graph.ID) uint32 {
	heading := commodity.Label()
	heading = heading[:min(4, len(heading))]
	from := g.label(laneStarts)
	to := g.label(laneEnds)
	return g.later(graph.ID("lane/" + heading + "@" + from + ">" + to))
}

func (g *gatherer) label(roles []graph.Role) string {
	for _, role := range roles {
		for _, t := range g.ties {
			if t.role == role {
				return t.entity.Label()
			}
		}
	}
	return "?"
}

// join notes an edge of the consignment at hand once, and reports whether it is one.
func (g *gatherer) join(kind Edge, from, to uint32) bool {
	e := edge{kind: kind, from: from, to: to}
	if from == None || to == None || from == to || slices.Contains(g.made, e) || slices.Contains(g.made, edge{kind, to, from}) {
		return false
	}
	g.made = append(g.made, e)
	return true
}

// add writes the edges at hand to the columns.
func (g *gatherer) add(weight float64) {
	for _, e := range g.made {
		g.edges.From, g.edges.To = append(g.edges.From, e.from), append(g.edges.To, e.to)
		g.edges.Type, g.edges.Count = append(g.edges.Type, uint8(e.kind)), append(g.edges.Count, 1)
		if g.opts.Decay > 0 {
			g.edges.Weight = append(g.edges.Weight, weight)
		}
	}
}

// fade is what is left of a record of that day, halved every Decay days before the end of the scope. A record without a day
// does not fade: nothing says that it is old.
func (g *gatherer) fade(day graph.Date) float64 {
	if day == graph.NoDate || g.opts.Decay == 0 {
		return 1
	}
	age := max(0, float64(g.view.Scope.Until-day))
	return max(csr.LeastWeight, math.Exp2(-age/g.opts.Decay))
}

// link adds the edge that a link makes.
func (g *gatherer) link(l *graph.Link) error {
	g.tick(1)
	if int(l.Role) >= len(g.kindOf) {
		return nil
	}
	kind := g.kindOf[l.Role]
	if kind == NoEdge && l.Role != graph.DirectorOf {
		return nil
	}
	from, err := g.node(l.From)
	if err != nil {
		return err
	}
	to, err := g.node(l.To)
	if err != nil {
		return err
	}
	if l.Role == graph.DirectorOf && from != to && int(from) < len(g.acts) {
		g.acts[from]++
		g.serves[from]++
		g.clients = append(g.clients, uint64(from)<<32|uint64(to))
	}
	g.made = g.made[:0]
	if kind == NoEdge || !g.join(kind, from, to) {
		return nil
	}
	if kind == Identifier {
		tie := Pair{From: from, To: to}
		if l.Role == graph.DirectorOf {
			tie = Pair{From: to, To: from}
		}
		g.identifiers = append(g.identifiers, tie)
	}
	g.add(g.fade(l.End))
	return nil
}

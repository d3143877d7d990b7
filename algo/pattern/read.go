package pattern

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"rummage/graph"
)

// Source is the part of graph.Reader that records are read from.
type Source interface {
	Identity() *graph.Identity
	graph.Scanner
}

// Options of Read. The zero value is usable.
type Options struct {
	// Progress is called now and then with the number of records read; nil for none.
	Progress func(records int)
}

// registerDates are the facts of parties that are days.
var registerDates = []string{"incorporated", "dissolved"}

// Read takes what the typologies look at out of a scope, and nothing else.
//
// Cost: a scan of entities, consignments and links; of memory 8 bytes a tie and role that a
// typology names, and the ids.
func Read(ctx context.Context, source Source, typologies []*Typology, opts Options) (*Records, error) {
	d := &drawer{
		opts: opts, identity: source.Identity(), wants: wantsOf(typologies),
		out: &Records{known: map[string]uint32{}, facts: map[string][]float64{}},
	}
	if err := d.consignments(ctx, source); err != nil {
		return nil, err
	}
	if err := d.links(ctx, source); err != nil {
		return nil, err
	}
	if err := d.entities(ctx, source); err != nil {
		return nil, err
	}
	d.finish()
	return d.out, nil
}

// wants is what typologies read.
type wants struct {
	roles      [2][]string // of consignments, of links
	attributes []string
	fields     []string
	history    bool
}

func wantsOf(typologies []*Typology) wants {
	var w wants
	roles := [2]map[string]bool{{roleImporting: true, roleExporting: true}, {roleFrom: true, roleTo: true, roleAs: true}}
	attributes, fields := map[string]bool{}, map[string]bool{}
	for _, t := range typologies {
		for _, p := range t.plans {
			maps.Copy(roles[0], p.roles)
			maps.Copy(attributes, p.attributes)
		}
	}
	for name := range attributes {
		for _, role := range recordAttributes[name].roles {
			roles[0][role] = true
		}
		for _, field := range recordAttributes[name].fields {
			fields[field] = true
		}
		w.history = w.history || recordAttributes[name].history
	}
	for role := range roles[0] {
		if name, ok := strings.CutPrefix(role, rolePrefixField); ok {
			fields[name] = true
		}
	}
	w.roles = [2][]string{slices.Sorted(maps.Keys(roles[0])), slices.Sorted(maps.Keys(roles[1]))}
	w.attributes, w.fields = slices.Sorted(maps.Keys(attributes)), slices.Sorted(maps.Keys(fields))
	return w
}

// drawer reads a scope.
type drawer struct {
	opts     Options
	identity *graph.Identity
	wants    wants
	out      *Records
	seen     int
}

const progressStep = 1 << 13

func (d *drawer) tick() {
	if d.seen++; d.opts.Progress != nil && d.seen%progressStep == 0 {
		d.opts.Progress(d.seen)
	}
}

// rows are the nodes of records in one role, before these have their numbers.
type rows struct {
	start []uint32
	nodes []uint32
}

func (r *rows) add(nodes ...uint32) {
	r.nodes = append(r.nodes, nodes...)
	r.start = append(r.start, uint32(len(r.nodes)))
}

// ordered puts the records in an order.
func (r *rows) ordered(order []int) *ties {
	t := &ties{start: make([]uint32, 1, len(order)+1), nodes: make([]uint32, 0, len(r.nodes))}
	for _, i := range order {
		from := uint32(0)
		if i > 0 {
			from = r.start[i-1]
		}
		t.nodes = append(t.nodes, r.nodes[from:r.start[i]]...)
		t.start = append(t.start, uint32(len(t.nodes)))
	}
	return t
}

func (d *drawer) consignments(ctx context.Context, source Source) error {
	t := &d.out.consignments
	roles := make([]rows, len(d.wants.roles[0]))
	stated := make([]measured, 0)
	want := graph.Want{Properties: []string{}, Fields: d.wants.fields, History: d.wants.history}
	var ids []graph.ID
	var days []graph.Date
	var into []string
	var nodes []uint32
	for c, err := range source.Consignments(ctx, want) {
		if err != nil {
			return fmt.Errorf("pattern: consignments: %w", err)
		}
		r := reading{Consignment: c, ties: d.clusters(c.Ties())}
		for k, role := range d.wants.roles[0] {
			nodes = nodes[:0]
			into = r.texts(into[:0], role)
			for _, text := range into {
				nodes = append(nodes, d.node(text))
			}
			roles[k].add(nodes...)
		}
		ids, days = append(ids, graph.ID(strings.Clone(string(c.ID)))), append(days, c.Date())
		stated = append(stated, measure(&r, d.identity))
		d.tick()
	}
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(days[a], days[b]), strings.Compare(string(ids[a]), string(ids[b])))
	})
	t.ids, t.days = make([]graph.ID, len(ids)), make([]graph.Date, len(ids))
	measures := make([]measured, len(ids))
	for to, i := range order {
		t.ids[to], t.days[to], measures[to] = ids[i], days[i], stated[i]
	}
	t.ties = map[string]*ties{}
	for k, role := range d.wants.roles[0] {
		if len(roles[k].nodes) > 0 {
			t.ties[role] = roles[k].ordered(order)
		}
	}
	t.attributes = map[string][]float64{}
	for _, name := range d.wants.attributes {
		t.attributes[name] = recordAttributes[name].of(t, measures)
	}
	return nil
}

// node numbers a text that may share memory with the record it was read from.
func (d *drawer) node(text string) uint32 {
	if n, ok := d.out.known[text]; ok {
		return n
	}
	return d.out.node(strings.Clone(text))
}

// clusters names the parties of ties as they are judged to be one.
func (d *drawer) clusters(ties []graph.Tie) []graph.Tie {
	out := make([]graph.Tie, len(ties))
	for i, tie := range ties {
		out[i] = graph.Tie{Role: tie.Role, Entity: d.identity.Cluster(tie.Entity)}
	}
	return out
}

func (d *drawer) links(ctx context.Context, source Source) error {
	t := &d.out.links
	var roles [3]rows // as, from, to
	var order []int
	for l, err := range source.Links(ctx, graph.Want{Properties: []string{}, Fields: []string{}}) {
		if err != nil {
			return fmt.Errorf("pattern: links: %w", err)
		}
		from, to := d.identity.Cluster(l.From), d.identity.Cluster(l.To)
		if l.Role == graph.DirectorOf {
			// Of all links this one alone runs from what is had to the party that has it.
			from, to = to, from
		}
		kept := graph.Link{Role: l.Role, From: graph.ID(strings.Clone(string(l.From))), To: graph.ID(strings.Clone(string(l.To))), Start: l.Start, End: l.End}
		roles[0].add(d.node("as/" + l.Role.String()))
		roles[1].add(d.node(string(from)))
		roles[2].add(d.node(string(to)))
		t.tied, order = append(t.tied, kept), append(order, len(order))
		d.tick()
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.tied[a].Start, t.tied[b].Start) })
	tied := make([]graph.Link, len(order))
	for to, i := range order {
		tied[to] = t.tied[i]
		t.days = append(t.days, tied[to].Start)
	}
	t.tied, t.ties = tied, map[string]*ties{}
	for k, role := range []string{roleAs, roleFrom, roleTo} {
		if len(order) > 0 {
			t.ties[role] = roles[k].ordered(order)
		}
	}
	return nil
}

// entities keeps what registers and lists say of nodes that a record names.
func (d *drawer) entities(ctx context.Context, source Source) error {
	want := graph.Want{Properties: registerDates, Fields: []string{}}
	for e, err := range source.Entities(ctx, want) {
		if err != nil {
			return fmt.Errorf("pattern: entities: %w", err)
		}
		d.tick()
		node, ok := d.out.known[string(d.identity.Cluster(e.ID))]
		if !ok {
			continue
		}
		for i := range e.Facts {
			if day, ok := dayOf(e.Facts[i].Value); ok {
				d.put(e.Facts[i].Property, node, float64(day))
			}
		}
		for i := range e.Outcomes {
			if r := e.Outcomes[i].Result; r == graph.Listed || r.IsHit() {
				d.put("listed", node, 1)
				if e.Outcomes[i].Date != graph.NoDate {
					d.put("listed_on", node, float64(e.Outcomes[i].Date))
				}
			}
		}
	}
	return nil
}

// put notes what is said of a node; of several days the first.
func (d *drawer) put(name string, node uint32, value float64) {
	values := d.out.facts[name]
	for len(values) < len(d.out.names) {
		values = append(values, math.NaN())
	}
	if !(values[node] <= value) {
		values[node] = value
	}
	d.out.facts[name] = values
}

// layouts are how registers write days.
var layouts = []string{"2006-01-02", "20060102", "02/01/2006", "2-Jan-2006", "2006/01/02"}

func dayOf(text string) (graph.Date, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return graph.DateOf(t), true
		}
	}
	return graph.NoDate, false
}

func (d *drawer) finish() {
	r := d.out
	for _, t := range []*table{&r.consignments, &r.links} {
		for _, ties := range t.ties {
			ties.index(len(r.names))
		}
	}
	for _, day := range r.consignments.days {
		if day != graph.NoDate && r.first == graph.NoDate {
			r.first = day
		}
		r.last = max(r.last, day)
	}
}

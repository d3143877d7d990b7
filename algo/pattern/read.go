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
	Threads int // 0 means one per processor; it does not change the answer

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
	d := newDrawer(source.Identity(), wantsOf(typologies), opts)
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
	roles      []string // of consignments
	attributes []string
	fields     []string
	texts      []string // of fields, those that are roles
	history    bool
}

func wantsOf(typologies []*Typology) wants {
	var w wants
	roles := map[string]bool{roleImporting: true, roleExporting: true}
	attributes, fields := map[string]bool{}, map[string]bool{}
	for _, t := range typologies {
		for _, p := range t.plans {
			maps.Copy(roles, p.roles)
			maps.Copy(attributes, p.attributes)
		}
	}
	for name := range attributes {
		for _, role := range recordAttributes[name].roles {
			roles[role] = true
		}
		for _, field := range recordAttributes[name].fields {
			fields[field] = true
		}
		w.history = w.history || recordAttributes[name].history
	}
	for role := range roles {
		if name, ok := strings.CutPrefix(role, rolePrefixField); ok {
			fields[name] = true
			w.texts = append(w.texts, name)
		}
	}
	slices.Sort(w.texts)
	w.roles, w.attributes, w.fields = slices.Sorted(maps.Keys(roles)), slices.Sorted(maps.Keys(attributes)), slices.Sorted(maps.Keys(fields))
	return w
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
		roles[0].add(d.out.node("as/" + l.Role.String()))
		roles[1].add(d.node(string(from)))
		roles[2].add(d.node(string(to)))
		t.tied, order = append(t.tied, kept), append(order, len(order))
		d.tick(1)
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
		d.tick(1)
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

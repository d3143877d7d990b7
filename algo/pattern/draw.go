package pattern

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/algo/csr/crew"
	"rummage/algo/view"
	"rummage/graph"
)

// drawer reads a scope.
type drawer struct {
	opts     Options
	identity *graph.Identity
	wants    wants
	reads    [64]bool // roles of ties that something here looks at
	out      *Records
	seen     int

	at      map[graph.ID]uint32 // entity -> place in about
	recent  [recents]uint32     // some hash of an entity -> its place in about, for those that are met again and again
	about   []about
	lanes   map[[2]uint32]uint32 // places -> node + 1
	viewed  [256]uint32          // kind of document -> node + 1
	ruled   [256]uint32          // result of an inspection -> node + 1
	fields  []map[string]uint32  // of each field that is a role: value -> node
	readers []func(into []uint32, d *drawer) []uint32
	columns []rows            // of the roles wanted, as readers
	money   map[string]uint32 // currency -> its number; of pack alone
	sum     []measured
	ids     []graph.ID
	days    []graph.Date
	room    strings.Builder // the ids' memory

	tied []tied // of the consignment at hand
	now  *document
}

// about is what is known of an entity that ties name. Nodes are counted from 1; 0 is one that was not looked up yet.
type about struct {
	id      graph.ID
	cluster graph.ID
	node    uint32
	goods   [3]uint32 // chapter, heading, subheading
	country uint32
}

const nothing = ^uint32(0) // there is no such node

// tied is a tie of the consignment at hand.
type tied struct {
	role graph.Role
	of   uint32 // place in about; nothing for one that seldom comes again
	node uint32 // of such a one
}

// document is what a scan shows of a consignment.
type document struct {
	id      graph.ID
	day     graph.Date
	ties    []graph.Tie
	views   []graph.View
	results []graph.Result
	fields  []stated
	numbers measured
}

// stated is the value of a field that is a role.
type stated struct {
	field int // of wants.texts
	value string
}

func newDrawer(identity *graph.Identity, w wants, opts Options) *drawer {
	d := &drawer{
		opts: opts, identity: identity, wants: w, out: &Records{known: map[string]uint32{}, facts: map[string][]float64{}},
		at: map[graph.ID]uint32{}, money: map[string]uint32{}, lanes: map[[2]uint32]uint32{}, fields: make([]map[string]uint32, len(w.texts)), columns: make([]rows, len(w.roles)),
	}
	for i := range d.fields {
		d.fields[i] = map[string]uint32{}
	}
	for _, role := range w.roles {
		read, ties := reader(role, w.texts)
		d.readers = append(d.readers, read)
		for _, r := range ties {
			d.reads[r] = true
		}
	}
	for _, r := range journey {
		d.reads[r] = true
	}
	return d
}

const progressStep = 1 << 13

func (d *drawer) tick(n int) {
	had := d.seen
	if d.seen += n; d.opts.Progress != nil && had/progressStep != d.seen/progressStep {
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
	want := graph.Want{Properties: []string{}, Fields: d.wants.fields, History: d.wants.history}
	take := func(batch []document) error {
		for i := range batch {
			d.take(&batch[i])
		}
		d.tick(len(batch))
		return nil
	}
	if err := view.Ahead(source.Consignments(ctx, want), crew.Size(d.opts.Threads, 2), d.pack, take); err != nil {
		return fmt.Errorf("pattern: consignments: %w", err)
	}
	d.at, d.about, d.lanes = nil, nil, nil
	order := d.order()
	t := &d.out.consignments
	t.ids, t.days = make([]graph.ID, len(order)), make([]graph.Date, len(order))
	measures := make([]measured, len(order))
	for to, i := range order {
		t.ids[to], t.days[to], measures[to] = d.ids[i], d.days[i], d.sum[i]
	}
	d.ids, d.days, d.sum = nil, nil, nil
	t.ties = map[string]*ties{}
	for k, role := range d.wants.roles {
		if len(d.columns[k].nodes) > 0 {
			t.ties[role] = d.columns[k].ordered(order)
			d.columns[k] = rows{}
		}
	}
	told := make([][]float64, len(d.wants.attributes))
	err := crew.Run(ctx, d.opts.Threads, len(told), func(_, i int) { told[i] = recordAttributes[d.wants.attributes[i]].of(t, measures) })
	if err != nil {
		return fmt.Errorf("pattern: %w", err)
	}
	t.attributes = map[string][]float64{}
	for i, name := range d.wants.attributes {
		t.attributes[name] = told[i]
	}
	return nil
}

// order is that of days, then ids.
func (d *drawer) order() []int {
	order := make([]int, len(d.ids))
	for i := range order {
		order[i] = i
	}
	byID := slices.IsSortedFunc(d.ids, func(a, b graph.ID) int { return strings.Compare(string(a), string(b)) })
	slices.SortFunc(order, func(a, b int) int {
		if d.days[a] != d.days[b] {
			return cmp.Compare(d.days[a], d.days[b])
		}
		if byID {
			return cmp.Compare(a, b)
		}
		return strings.Compare(string(d.ids[a]), string(d.ids[b]))
	})
	return order
}

// pack adds a consignment to a batch. It runs beside take, and must not look at what that writes.
func (d *drawer) pack(into []document, c *graph.Consignment) []document {
	s := document{id: c.ID, day: c.Date()}
	if len(into) < cap(into) { // the lists of a batch before
		had := &into[:len(into)+1][len(into)]
		s.ties, s.views, s.results, s.fields = had.ties[:0], had.views[:0], had.results[:0], had.fields[:0]
	}
	for _, t := range c.Ties() {
		if int(t.Role) < len(d.reads) && d.reads[t.Role] {
			s.ties = append(s.ties, t)
		}
	}
	for i := range c.Current {
		s.views = append(s.views, c.Current[i].View)
		for k, name := range d.wants.texts {
			for _, f := range c.Current[i].Fields {
				if f.Name == name && f.Value != "" {
					s.fields = append(s.fields, stated{k, f.Value})
				}
			}
		}
	}
	for i := range c.Outcomes {
		s.results = append(s.results, c.Outcomes[i].Result)
	}
	s.numbers = measure(c, d.identity)
	currency, _, _ := shown(c, graph.FieldCurrency)
	number, ok := d.money[currency]
	if !ok {
		number = uint32(len(d.money))
		d.money[strings.Clone(currency)] = number
	}
	s.numbers.currency = number
	return append(into, s)
}

// take gives a consignment its nodes.
func (d *drawer) take(s *document) {
	d.now, d.tied = s, d.tied[:0]
	for _, t := range s.ties {
		if t.Role == graph.InEquipment || t.Role == graph.Sealed {
			d.tied = append(d.tied, tied{t.Role, nothing, d.node(string(d.identity.Cluster(t.Entity)))})
			continue
		}
		d.tied = append(d.tied, tied{role: t.Role, of: d.entity(t.Entity)})
	}
	for k, read := range d.readers {
		c := &d.columns[k]
		from := len(c.nodes)
		c.nodes = read(c.nodes, d)
		if len(c.nodes) > from+1 {
			c.nodes = c.nodes[:from+len(d.distinct(c.nodes[from:]))]
		}
		c.start = append(c.start, uint32(len(c.nodes)))
	}
	s.numbers.legs = d.legs()
	d.sum, d.days, d.ids = append(d.sum, s.numbers), append(d.days, s.day), append(d.ids, graph.ID(d.keep(string(s.id))))
}

// distinct puts nodes in the order of their texts, each once.
func (d *drawer) distinct(nodes []uint32) []uint32 {
	slices.SortFunc(nodes, func(a, b uint32) int { return strings.Compare(d.out.names[a], d.out.names[b]) })
	return slices.Compact(nodes)
}

// keep copies a text that shares memory with the record it was read from, behind the ones before.
func (d *drawer) keep(text string) string {
	if d.room.Cap()-d.room.Len() < len(text) {
		d.room = strings.Builder{}
		d.room.Grow(max(1<<16, len(text)))
	}
	start := d.room.Len()
	d.room.WriteString(text)
	return d.room.String()[start:]
}

// entity finds what is known of one, by its record.
func (d *drawer) entity(id graph.ID) uint32 {
	recent := &d.recent[hashOf(id)]
	if int(*recent) < len(d.about) && d.about[*recent].id == id {
		return *recent
	}
	at, ok := d.at[id]
	if !ok {
		at = uint32(len(d.about))
		id = graph.ID(d.keep(string(id)))
		d.at[id] = at
		d.about = append(d.about, about{id: id, cluster: d.identity.Cluster(id)})
	}
	*recent = at
	return at
}

const recents = 1 << 16

// hashOf tells most ids apart by their last letters.
func hashOf(id graph.ID) uint32 {
	h := uint64(len(id))
	for i := max(0, len(id)-10); i < len(id); i++ {
		h = h*31 + uint64(id[i])
	}
	return uint32(h*0x9e3779b97f4a7c15>>32) % recents
}

// node numbers a text that may share memory with the record it was read from.
func (d *drawer) node(text string) uint32 {
	if n, ok := d.out.known[text]; ok {
		return n
	}
	return d.out.node(d.keep(text))
}

// party is the node of an entity's cluster.
func (d *drawer) party(of uint32) uint32 {
	a := &d.about[of]
	if a.node == 0 {
		a.node = d.out.node(string(a.cluster)) + 1
	}
	return a.node - 1
}

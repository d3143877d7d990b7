package pattern

import (
	"math/bits"
	"slices"
)

// set is a set of nodes or records.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) has(i uint32) bool { return s[i/64]&(1<<(i%64)) != 0 }
func (s set) add(i uint32)      { s[i/64] |= 1 << (i % 64) }
func (s set) drop(i uint32)     { s[i/64] &^= 1 << (i % 64) }

func (s set) size() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// list names the members, ascending.
func (s set) list() []uint32 {
	all := make([]uint32, 0, s.size())
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			all = append(all, uint32(i*64+bits.TrailingZeros64(word)))
		}
	}
	return all
}

// motif is a plan on the records of a scope: what can be told once for all draws.
type motif struct {
	records *Records
	plan    *plan
	dealt   map[tieRole]bool
	fixed   map[*constant][]uint32

	nodes []set // variable -> nodes that it can stand for, whatever is dealt
	may   []set // slot of find -> records that it can be, whatever is dealt

	base     []uint32 // rows of what no draw changes, in groups
	ends     []int    // rows up to the end of each group
	baseCut  int      // first records that were given up
	moves    []move   // what makes a base row, and then what is left
	from     int      // of the moves, those after the base
	stages   []stage
	rare     []rare
	bounds   Bounds
	hopeless bool // no draw can have a match
}

// isDealt says whether draws change the ties of a role.
func (m *motif) isDealt(link bool, role string) bool { return m.dealt[tieRole{link, role}] }

// static says that no draw changes what a condition looks up.
func (m *motif) static(c *condition) bool {
	return !slices.ContainsFunc(c.reads, func(of tieRole) bool { return m.dealt[of] })
}

// narrowings are how often what can be is narrowed down by what else can be.
const narrowings = 3

// narrow fills in which nodes and records can be in a row at all. It keeps too many rather than too few.
func (m *motif) narrow() {
	b := &board{Records: m.records}
	m.nodes, m.may = make([]set, len(m.plan.variables)), make([]set, len(m.plan.find))
	for i := range m.plan.find {
		for _, join := range m.plan.find[i].binds {
			m.meet(join.variable, m.standing(m.plan.find[i].link, join.role))
		}
	}
	m.often()
	e := env{board: b, nodes: make([]uint32, len(m.plan.variables)), records: make([]uint32, len(m.plan.slots))}
	for i := range m.plan.conditions {
		c := &m.plan.conditions[i]
		if c.needs.records != 0 || bits.OnesCount64(c.needs.nodes) != 1 || !m.static(c) {
			continue
		}
		v := bits.TrailingZeros64(c.needs.nodes)
		for _, node := range m.nodes[v].list() {
			if e.nodes[v] = node; !holds(c.value(&e)) {
				m.nodes[v].drop(node)
			}
		}
	}
	for i := range m.plan.find {
		m.may[i] = m.possible(&m.plan.find[i], &e)
	}
	for range narrowings {
		if !m.again() {
			return
		}
	}
}

// often leaves variables that stand in one role of several records the nodes that have as many.
func (m *motif) often() {
	times := map[tieRole][]int{}
	for i := range m.plan.find {
		c := &m.plan.find[i]
		for _, j := range c.binds {
			of := tieRole{c.link, j.role}
			if times[of] == nil {
				times[of] = make([]int, len(m.nodes))
			}
			times[of][j.variable]++
		}
	}
	for of, count := range times {
		ties := m.records.table(of.link).ties[of.role]
		for v, n := range count {
			if n < 2 {
				continue
			}
			for _, node := range m.nodes[v].list() {
				if len(ties.with(node)) < n {
					m.nodes[v].drop(node)
				}
			}
		}
	}
}

// standing are the nodes that have a record in a role.
func (m *motif) standing(link bool, role string) set {
	all := newSet(len(m.records.names))
	for _, node := range m.records.table(link).ties[role].nodes {
		all.add(node)
	}
	return all
}

// meet leaves a variable the nodes of a set only.
func (m *motif) meet(v int, with set) {
	if m.nodes[v] == nil {
		m.nodes[v] = with
		return
	}
	for i := range with {
		m.nodes[v][i] &= with[i]
	}
}

// possible are the records that a clause can have, as far as they tell by themselves.
func (m *motif) possible(c *clause, e *env) set {
	t := m.records.table(c.link)
	all, l := newSet(t.len()), m.look(c)
	var unary []*condition
	for i := range m.plan.conditions {
		if n := m.plan.conditions[i].needs; n.nodes == 0 && n.records == 1<<c.slot && m.static(&m.plan.conditions[i]) {
			unary = append(unary, &m.plan.conditions[i])
		}
	}
	for record := range uint32(t.len()) {
		if !l.could(record) {
			continue
		}
		e.records[c.slot] = record
		if !slices.ContainsFunc(unary, func(c *condition) bool { return !holds(c.value(e)) }) {
			all.add(record)
		}
	}
	return all
}

// look is what a clause asks of a record's own ties: some in each role, and of those that no draw changes one of some nodes.
type look []asks

type asks struct {
	ties  *ties
	dealt bool
	nodes set
}

func (m *motif) look(c *clause) look {
	t := m.records.table(c.link)
	var all look
	for i := range c.fixed {
		f := &c.fixed[i]
		one := asks{ties: t.ties[f.role], dealt: m.isDealt(c.link, f.role), nodes: newSet(len(m.records.names))}
		for _, node := range m.fixed[f] {
			one.nodes.add(node)
		}
		all = append(all, one)
	}
	for _, join := range c.binds {
		all = append(all, asks{t.ties[join.role], m.isDealt(c.link, join.role), m.nodes[join.variable]})
	}
	return all
}

// could says whether the ties of a record are what a clause can have.
func (l look) could(record uint32) bool {
	for i := range l {
		of := l[i].ties.of(record)
		if len(of) == 0 || !l[i].dealt && !l[i].nodes.any(of) {
			return false
		}
	}
	return true
}

func (s set) any(of []uint32) bool {
	for _, i := range of {
		if s.has(i) {
			return true
		}
	}
	return false
}

// again narrows nodes down by records and these by nodes. It reports whether there may be more to do.
func (m *motif) again() bool {
	changed := make([]bool, len(m.nodes))
	for i := range m.plan.find {
		c := &m.plan.find[i]
		records := m.may[i].list()
		for _, join := range c.binds {
			if m.isDealt(c.link, join.role) {
				continue
			}
			seen, ties := newSet(len(m.records.names)), m.records.table(c.link).ties[join.role]
			for _, record := range records {
				for _, node := range ties.of(record) {
					seen.add(node)
				}
			}
			had := m.nodes[join.variable].size()
			m.meet(join.variable, seen)
			changed[join.variable] = changed[join.variable] || m.nodes[join.variable].size() < had
		}
	}
	more := false
	for i := range m.plan.find {
		c := &m.plan.find[i]
		if !slices.ContainsFunc(c.binds, func(j join) bool { return changed[j.variable] }) {
			continue
		}
		l := m.look(c)
		for _, record := range m.may[i].list() {
			if !l.could(record) {
				m.may[i].drop(record)
				more = true
			}
		}
	}
	return more
}

// rare is a dealt role of a base row's record in which few records have a node that would do.
type rare struct {
	slot    int
	of      tieRole
	holders []uint32 // the records that have one before anything is dealt
}

// seldom finds the dealt roles by which most rows of the base can be passed over in every draw.
func (m *motif) seldom(wide int) {
	rows := len(m.base) / wide
	for i := range m.moves[m.from:] {
		a := &m.moves[m.from+i]
		if a.kind != moveBind {
			continue
		}
		for _, j := range a.free {
			of := tieRole{a.link, j.role}
			ties, holders := m.records.table(a.link).ties[j.role], 0
			nodes := m.nodes[j.variable].list()
			for _, node := range nodes {
				holders += len(ties.with(node))
			}
			if !m.dealt[of] || holders > rows/8 {
				continue
			}
			r := rare{slot: a.slot, of: of}
			for _, node := range nodes {
				r.holders = append(r.holders, ties.with(node)...)
			}
			m.rare = append(m.rare, r)
		}
		return // what follows is of records that are found later
	}
}

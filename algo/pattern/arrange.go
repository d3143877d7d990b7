package pattern

import (
	"math"
	"math/bits"
	"slices"
)

// What a move does with a row in the making.
const (
	moveFind = iota // takes a record for a slot
	moveBind        // gives variables their nodes, and holds the record against those that have them
	moveTell        // tells conditions
	moveLack        // looks for what must not be there
)

// move is one step of a search.
type move struct {
	kind   int
	slot   int
	link   bool
	known  []join // roles whose variable has its node
	free   []join // roles whose variable gets its node here
	again  []join // roles whose variable got it here, in another role
	bound  []int  // variables that have their nodes before
	fixed  []*constant
	times  []timing
	others []int // slots whose records differ
	where  []*condition
	lack   *lack
}

// stage is moves up to a point at which rows that belong together are counted: where a match must have more of them, those go.
type stage struct {
	from, to int
	by       []int // variables known at its end that all rows of a match share; none where nothing is counted
	least    int
	days     bool // the record is known by which rows lie in a window
}

// arrange chooses the order in which a motif is matched: first what no draw changes, which is matched once for all of them.
//
// The first clause is the one that leaves the fewest rows. Others follow whose ties are all as they are, as long as they do
// not make rows many more. Then come the dealt ties of these, and what is joined to them.
func (m *motif) arrange() {
	best := arrangement{}
	for i := range m.plan.find {
		if best.of != nil && m.may[i].size()/64 > len(best.rows)/best.wide {
			continue // it would take long to find out that there are more
		}
		a := newArrangement(m)
		a.clause(i, false)
		a.settle(false)
		if a.run(0, m.may[i].list()); best.of == nil || len(a.rows) < len(best.rows) {
			best = *a
		}
		if len(best.rows) == 0 && best.cut == 0 {
			break
		}
	}
	for len(best.rows) > 0 {
		next, ok := best.further()
		if !ok {
			break
		}
		best = *next
	}
	if m.hopeless = len(best.rows) == 0; m.hopeless { // whatever is dealt, nothing can match
		m.baseCut = best.cut
		return
	}
	m.base, m.ends, m.baseCut, m.from = best.rows, best.ends, best.cut, len(best.moves)
	best.deal()
	m.moves, m.stages = best.moves, best.stages
	if n := len(m.stages); n > 0 && m.stages[n-1].to == len(m.moves) {
		m.stages = m.stages[:n-1] // rows are counted at the end anyway
	}
	m.seldom(best.wide)
}

// arrangement is an order of moves in the making.
type arrangement struct {
	of     *motif
	moves  []move
	known  needs
	placed needs // records of clauses that were found; nodes are not looked at
	told   uint64
	lacked uint64
	stages []stage

	wide int
	rows []uint32 // of the base so far
	ends []int
	cut  int
	tied needs // what is known at the end of the base
}

func newArrangement(m *motif) *arrangement {
	return &arrangement{of: m, wide: len(m.plan.variables) + len(m.plan.find)}
}

// clause finds the record of a clause and binds its roles: those that are dealt only if told to.
func (a *arrangement) clause(i int, dealt bool) {
	c := &a.of.plan.find[i]
	find := move{kind: moveFind, slot: c.slot, link: c.link}
	for _, j := range c.binds {
		if a.known.nodes&(1<<j.variable) != 0 && (dealt || !a.of.isDealt(c.link, j.role)) {
			find.known = append(find.known, j)
		}
	}
	for k := range c.fixed {
		if dealt || !a.of.isDealt(c.link, c.fixed[k].role) {
			find.fixed = append(find.fixed, &c.fixed[k])
		}
	}
	for _, t := range c.times {
		if a.placed.records&(1<<t.slot) != 0 {
			find.times = append(find.times, t)
		}
	}
	for k := range a.of.plan.find {
		if a.placed.records&(1<<k) != 0 && a.of.plan.find[k].link == c.link {
			find.others = append(find.others, k)
		}
	}
	a.moves = append(a.moves, find)
	a.placed.records |= 1 << c.slot
	a.known.records |= 1 << c.slot
	bind := a.bind(c, func(role string) bool { return dealt || !a.of.isDealt(c.link, role) })
	bind.known, bind.fixed = nil, nil // the record was held against these
	if len(bind.free) > 0 {
		a.moves = append(a.moves, bind)
	}
}

// bind gives variables of a clause their nodes.
func (a *arrangement) bind(c *clause, takes func(role string) bool) move {
	out := move{kind: moveBind, slot: c.slot, link: c.link}
	for v := range a.of.plan.variables {
		if a.known.nodes&(1<<v) != 0 {
			out.bound = append(out.bound, v)
		}
	}
	before := a.known.nodes
	for _, j := range c.binds {
		switch {
		case !takes(j.role):
		case before&(1<<j.variable) != 0:
			out.known = append(out.known, j)
		case a.known.nodes&(1<<j.variable) != 0:
			out.again = append(out.again, j)
		default:
			out.free = append(out.free, j)
			a.known.nodes |= 1 << j.variable
		}
	}
	for k := range c.fixed {
		if takes(c.fixed[k].role) {
			out.fixed = append(out.fixed, &c.fixed[k])
		}
	}
	return out
}

// settle tells what can be told: of what draws change only if told to.
func (a *arrangement) settle(dealt bool) {
	tell := move{kind: moveTell}
	for i := range a.of.plan.conditions {
		c := &a.of.plan.conditions[i]
		if a.told&(1<<i) != 0 || !c.needs.within(a.known) || !dealt && !a.of.static(c) {
			continue
		}
		a.told |= 1 << i
		if !a.of.folded(c) {
			tell.where = append(tell.where, c)
		}
	}
	if len(tell.where) > 0 {
		a.moves = append(a.moves, tell)
	}
	for i := range a.of.plan.none {
		l := &a.of.plan.none[i]
		if a.lacked&(1<<i) != 0 || !l.needs.within(a.known) || !dealt && !a.of.fast(l) {
			continue
		}
		a.lacked |= 1 << i
		a.moves = append(a.moves, move{kind: moveLack, slot: l.slot, link: l.link, known: l.binds, times: l.times, others: l.others, lack: l})
	}
}

// folded says that a condition is of a single node or record, so that narrow has told it.
func (m *motif) folded(c *condition) bool {
	return m.static(c) && bits.OnesCount64(c.needs.nodes)+bits.OnesCount64(c.needs.records) == 1
}

// fast says that no draw changes whether something is lacking.
func (m *motif) fast(l *lack) bool {
	for _, j := range l.binds {
		if m.isDealt(l.link, j.role) {
			return false
		}
	}
	for i := range l.fixed {
		if m.isDealt(l.link, l.fixed[i].role) {
			return false
		}
	}
	return !slices.ContainsFunc(l.where, func(c condition) bool { return !m.static(&c) })
}

// run makes rows of the moves from one on: of records for the first clause, or else of the rows there are. It reports whether
// that was worth it.
func (a *arrangement) run(from int, seeds []uint32) bool {
	s := a.of.search(&board{Records: a.of.records}, a.moves)
	rows := a.rows
	a.rows, a.ends = nil, nil
	s.stop = len(a.moves)
	if from == 0 {
		for _, record := range seeds {
			s.left = s.bounds.Steps
			s.first(record)
		}
	} else if !a.extend(s, from, rows) {
		return false
	}
	a.cut += s.cut
	by, least, days := a.of.bound(a.known)
	a.rows, a.ends = s.sift(s.out, by, least, days, nil)
	a.tied = a.known
	return true
}

// extend goes on from rows that there are. It reports whether that took few steps and did not make rows many more.
func (a *arrangement) extend(s *search, from int, rows []uint32) bool {
	most := max(mostMore*len(rows), fewRows*a.wide)
	budget := mostLooks * max(len(rows)/a.wide, fewRows)
	for at := 0; at < len(rows); at += a.wide {
		s.load(rows[at : at+a.wide])
		s.left = s.bounds.Steps
		s.at(from)
		if budget -= s.bounds.Steps - s.left; s.left < 0 || budget < 0 || len(s.out) > 8*most {
			return false
		}
	}
	return true
}

// bound is what may be counted of rows of which so much is known.
func (m *motif) bound(known needs) (by []int, least int, days bool) {
	for _, v := range m.plan.by {
		if known.nodes&(1<<v) != 0 {
			by = append(by, v)
		}
	}
	for _, c := range m.plan.counts {
		if c.needs.within(known) {
			least = max(least, c.least)
		}
	}
	days = m.plan.anchor >= 0 && known.records&(1<<m.plan.anchor) != 0 && !math.IsInf(m.plan.window, 1)
	return by, least, days
}

// A further clause of the base makes rows at most so many times as many, and looks at so many records for each; few rows do not matter.
const (
	mostMore  = 2
	mostLooks = 256
	fewRows   = 1 << 12
)

// further adds a clause to the base, as far as no draw changes its ties, if there is one that is joined to it by such ties and
// does not make rows many more.
func (a *arrangement) further() (*arrangement, bool) {
	for i := range a.of.plan.find {
		c := &a.of.plan.find[i]
		if a.placed.records&(1<<i) != 0 || !a.joined(c, false) {
			continue
		}
		next := *a
		next.moves = slices.Clone(a.moves)
		next.clause(i, false)
		next.settle(false)
		if next.run(len(a.moves), nil) && len(next.rows) <= max(mostMore*len(a.rows), fewRows*a.wide) {
			return &next, true
		}
	}
	return nil, false
}

// joined says whether a clause has a variable that is known, by a tie that may be dealt only if told so.
func (a *arrangement) joined(c *clause, dealt bool) bool {
	return slices.ContainsFunc(c.binds, func(j join) bool {
		return a.known.nodes&(1<<j.variable) != 0 && (dealt || !a.of.isDealt(c.link, j.role))
	})
}

// changes says whether a clause has a tie that draws change.
func (m *motif) changes(c *clause) bool {
	return slices.ContainsFunc(c.binds, func(j join) bool { return m.isDealt(c.link, j.role) }) ||
		slices.ContainsFunc(c.fixed, func(f constant) bool { return m.isDealt(c.link, f.role) })
}

// deal arranges what is left after the base.
func (a *arrangement) deal() {
	for i := range a.of.plan.find {
		c := &a.of.plan.find[i]
		if a.placed.records&(1<<i) == 0 || !a.of.changes(c) {
			continue
		}
		a.moves = append(a.moves, a.bind(c, func(role string) bool { return a.of.isDealt(c.link, role) }))
		a.settle(false)
	}
	a.stage(len(a.moves))
	a.settle(true)
	for {
		next, fewest := -1, math.MaxInt
		for i := range a.of.plan.find {
			c := &a.of.plan.find[i]
			if a.placed.records&(1<<i) != 0 || !a.joined(c, true) {
				continue
			}
			unknown := 0
			for _, j := range c.binds {
				if a.known.nodes&(1<<j.variable) == 0 {
					unknown++
				}
			}
			if unknown < fewest {
				next, fewest = i, unknown
			}
		}
		if next < 0 {
			return
		}
		a.clause(next, true)
		a.settle(false)
		a.stage(len(a.moves))
		a.settle(true)
	}
}

// stage ends one here, if more can be counted than at the end of the last.
func (a *arrangement) stage(to int) {
	from, had := a.of.from, a.tied
	if n := len(a.stages); n > 0 {
		from = a.stages[n-1].to
	}
	by, least, days := a.of.bound(a.known)
	hadBy, hadLeast, hadDays := a.of.bound(had)
	if len(by) == 0 || least < 2 || len(by) == len(hadBy) && least == hadLeast && days == hadDays {
		return
	}
	a.stages = append(a.stages, stage{from, to, by, least, days})
	a.tied = a.known
}

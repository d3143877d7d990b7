package pattern

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Bounds keep a search finite. The zero value is usable.
type Bounds struct {
	Steps int // records looked at from one first record, or from what was matched before ties were dealt out; 20,000 when 0
	Rows  int // that are held at a time; 2,000,000 when 0
}

const (
	usualSteps = 20_000
	usualRows  = 2_000_000
)

// prepare looks at what no draw changes of a motif.
func (r *Records) prepare(p *plan, dealt map[tieRole]bool, bounds Bounds) *motif {
	m := &motif{
		records: r, plan: p, dealt: dealt, fixed: map[*constant][]uint32{},
		bounds: Bounds{cmp.Or(bounds.Steps, usualSteps), cmp.Or(bounds.Rows, usualRows)},
	}
	look := func(all []constant) {
		for i := range all {
			f := &all[i]
			for _, text := range f.texts {
				if n, ok := r.known[prefixOf(f.role)+text]; ok {
					m.fixed[f] = append(m.fixed[f], n)
				}
			}
		}
	}
	for i := range p.find {
		look(p.find[i].fixed)
	}
	for i := range p.none {
		look(p.none[i].fixed)
	}
	m.narrow()
	m.arrange()
	return m
}

// seat is where a variable stands on a board.
type seat struct {
	variable int
	ties     held
}

// asked are the nodes of a constant on a board.
type asked struct {
	nodes []uint32
	ties  held
}

// act is a move on a board.
type act struct {
	*move
	table              *table
	seats, free, again []seat // known, free and again of the move
	asked              []asked
	room               []uint32
}

// search matches one motif on a board. It may be used again after other ties were dealt.
type search struct {
	*motif
	board *board
	env   env
	acts  []act
	wide  int

	left  int // steps
	cut   int // searches that were given up
	stop  int // at this move a row is put out
	out   []uint32
	depth [][]uint32 // rows of the stages
	sieve []sieve    // of the stages, and of the end

	picked []set // as rare

	found func(*group)   // takes what was found
	alone map[string]int // matches of one row by their records, place in single
	rows  []uint32       // of those
	list  [][]uint32     // of those that belong together
}

func (m *motif) search(b *board, moves []move) *search {
	s := &search{
		motif: m, board: b, wide: len(m.plan.variables) + len(m.plan.find), acts: make([]act, len(moves)),
		env:   env{board: b, nodes: make([]uint32, len(m.plan.variables)), records: make([]uint32, len(m.plan.slots))},
		depth: make([][]uint32, len(m.stages)+1), sieve: make([]sieve, len(m.stages)+1), alone: map[string]int{},
	}
	for i := range moves {
		a := act{move: &moves[i], table: b.table(moves[i].link)}
		seats := func(joins []join) (all []seat) {
			for _, j := range joins {
				all = append(all, seat{j.variable, b.ties(tieRole{a.link, j.role})})
			}
			return all
		}
		a.seats, a.free, a.again = seats(a.known), seats(a.move.free), seats(a.move.again)
		fixed := a.fixed
		if a.lack != nil {
			for k := range a.lack.fixed {
				fixed = append(fixed, &a.lack.fixed[k])
			}
		}
		for _, f := range fixed {
			a.asked = append(a.asked, asked{m.fixed[f], b.ties(tieRole{a.link, f.role})})
		}
		s.acts[i] = a
	}
	return s
}

// load shows a row.
func (s *search) load(row []uint32) {
	n := len(s.env.nodes)
	copy(s.env.nodes, row[:n])
	copy(s.env.records, row[n:])
}

// first begins with a record for the first move.
func (s *search) first(record uint32) {
	s.env.records[s.acts[0].slot] = record
	s.at(1)
	if s.left < 0 {
		s.cut++
	}
}

// at goes on with a move.
func (s *search) at(i int) {
	if i == s.stop {
		s.put()
		return
	}
	a := &s.acts[i]
	switch a.kind {
	case moveFind:
		s.between(a, func(record uint32) bool {
			if s.may[a.slot].has(record) {
				s.env.records[a.slot] = record
				s.at(i + 1)
			}
			return s.left >= 0
		})
	case moveBind:
		if s.fits(a, s.env.records[a.slot]) {
			s.name(a, i, 0)
		}
	case moveTell:
		for _, c := range a.where {
			if !holds(c.value(&s.env)) {
				return
			}
		}
		s.at(i + 1)
	case moveLack:
		if !s.any(a) && s.left >= 0 {
			s.at(i + 1)
		}
	}
}

// put keeps the row.
func (s *search) put() {
	if len(s.out)/s.wide >= s.bounds.Rows {
		s.left = -1
		return
	}
	s.out = append(append(s.out, s.env.nodes...), s.env.records[:len(s.plan.find)]...)
}

// candidates lists the records that the most telling of what is known leaves, ascending.
func (s *search) candidates(a *act) []uint32 {
	var most held
	node, least := uint32(0), -1
	consider := func(t held, n uint32) {
		if count := t.count(n); least < 0 || count < least {
			most, node, least = t, n, count
		}
	}
	for i := range a.seats {
		consider(a.seats[i].ties, s.env.nodes[a.seats[i].variable])
	}
	for i := range a.asked {
		if len(a.asked[i].nodes) == 1 {
			consider(a.asked[i].ties, a.asked[i].nodes[0])
		}
	}
	if least <= 0 {
		return nil
	}
	return most.with(node, &a.room)
}

// span bounds the days of a record by those of others that are known.
func (s *search) span(a *act) (from, to float64) {
	from, to = math.Inf(-1), math.Inf(1)
	for _, t := range a.times {
		day := dayNumber(s.board.table(t.link).days[s.env.records[t.slot]])
		if math.IsNaN(day) {
			return math.Inf(1), math.Inf(-1)
		}
		from, to = max(from, day+t.from), min(to, day+t.to)
	}
	if len(a.times) > 0 {
		from = max(from, 1) // what has no day is neither before nor after
	}
	return from, to
}

// between calls see for each record that a move may have, until it says no.
func (s *search) between(a *act, see func(record uint32) bool) {
	from, to := s.span(a)
	if from > to {
		return
	}
	records, days := s.candidates(a), a.table.days
	if len(a.times) > 0 {
		records = records[sort.Search(len(records), func(i int) bool { return float64(days[records[i]]) >= from }):]
	}
	for _, record := range records {
		if float64(days[record]) > to {
			return
		}
		if s.left--; s.left < 0 {
			return
		}
		if s.fits(a, record) && !slices.ContainsFunc(a.others, func(slot int) bool {
			return s.plan.slots[slot].link == a.link && s.env.records[slot] == record
		}) && !see(record) {
			return
		}
	}
}

// fits holds a record against what is known of its roles.
func (s *search) fits(a *act, record uint32) bool {
	for i := range a.seats {
		if !a.seats[i].ties.holds(record, s.env.nodes[a.seats[i].variable]) {
			return false
		}
	}
	for i := range a.asked {
		of := a.asked[i].ties.of(record)
		if !slices.ContainsFunc(of, func(n uint32) bool { return slices.Contains(a.asked[i].nodes, n) }) {
			return false
		}
	}
	return true
}

// name gives the free variables of a move their nodes, from one on.
func (s *search) name(a *act, i, at int) {
	if at == len(a.free) {
		for k := range a.again {
			if !a.again[k].ties.holds(s.env.records[a.slot], s.env.nodes[a.again[k].variable]) {
				return
			}
		}
		s.at(i + 1)
		return
	}
	v := a.free[at].variable
	for _, node := range a.free[at].ties.of(s.env.records[a.slot]) {
		if s.nodes[v].has(node) && s.new(a, at, node) {
			s.env.nodes[v] = node
			s.name(a, i, at+1)
		}
	}
}

// new says that no variable with a node stands for this one.
func (s *search) new(a *act, at int, node uint32) bool {
	for _, v := range a.bound {
		if s.env.nodes[v] == node {
			return false
		}
	}
	for k := range at {
		if s.env.nodes[a.free[k].variable] == node {
			return false
		}
	}
	return true
}

// any reports whether there is a record of a kind that must not be found.
func (s *search) any(a *act) bool {
	found := false
	s.between(a, func(record uint32) bool {
		s.env.records[a.slot] = record
		for i := range a.lack.where {
			if !holds(a.lack.where[i].value(&s.env)) {
				return true
			}
		}
		found = true
		return false
	})
	return found
}

// run hands every match to found.
func (s *search) run(found func(*group)) {
	s.found, s.cut = found, 0
	if s.hopeless {
		return
	}
	clear(s.alone)
	s.rows = s.rows[:0]
	s.pick()
	from := 0
	for _, to := range s.ends {
		s.stage(0, s.base[from*s.wide:to*s.wide])
		from = to
	}
	s.single()
}

// pick notes which records got what few have.
func (s *search) pick() {
	if s.picked == nil {
		s.picked = make([]set, len(s.rare))
		for i := range s.rare {
			s.picked[i] = newSet(s.board.table(s.rare[i].of.link).len())
		}
	}
	for i := range s.rare {
		clear(s.picked[i])
		hand := s.board.ties(s.rare[i].of).hand
		for _, record := range s.rare[i].holders {
			if hand != nil {
				record = hand.to(record)
			}
			s.picked[i].add(record)
		}
	}
}

// passed says that a base row has none of what few have.
func (s *search) passed(row []uint32) bool {
	for i := range s.rare {
		if !s.picked[i].has(row[len(s.plan.variables)+s.rare[i].slot]) {
			return true
		}
	}
	return false
}

// stage takes rows through a stage and all after it.
func (s *search) stage(k int, rows []uint32) {
	from, to := s.from, len(s.acts)
	if k > 0 {
		from = s.stages[k-1].to
	}
	if k < len(s.stages) {
		to = s.stages[k].to
	}
	s.stop, s.out = to, s.depth[k][:0]
	for at := 0; at < len(rows); at += s.wide {
		if k == 0 && s.passed(rows[at:at+s.wide]) {
			continue
		}
		s.load(rows[at : at+s.wide])
		if s.left = s.bounds.Steps; from == to {
			s.put()
		} else {
			s.at(from)
		}
		if s.left < 0 {
			s.cut++
		}
	}
	out := s.out
	s.depth[k] = out
	if k == len(s.stages) {
		s.collect(out)
		return
	}
	st := &s.stages[k]
	sifted, ends := s.sift(out, st.by, st.least, st.days, &s.sieve[k])
	start := 0
	for _, end := range ends {
		s.stage(k+1, sifted[start*s.wide:end*s.wide])
		start = end
	}
}

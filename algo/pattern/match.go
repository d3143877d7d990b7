package pattern

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
)

// Bounds keep a search finite. The zero value is usable.
type Bounds struct {
	Steps int // records looked at from one first record; 20,000 when 0
	Rows  int // in all; 2,000,000 when 0
}

const (
	usualSteps = 20_000
	usualRows  = 2_000_000
)

// search matches one motif on a board.
type search struct {
	board  *board
	plan   *plan
	bounds Bounds
	env    env
	fixed  map[*constant][]uint32
	never  []bool // of clauses: no record can be one

	left int // steps
	cut  int // first records that were given up
	rows []uint32
	wide int
}

// rowsOf finds every row of a motif, in the order of its first records.
func rowsOf(ctx context.Context, b *board, p *plan, bounds Bounds) (*search, error) {
	s := &search{
		board: b, plan: p, bounds: Bounds{cmp.Or(bounds.Steps, usualSteps), cmp.Or(bounds.Rows, usualRows)},
		env:   env{board: b, nodes: make([]uint32, len(p.variables)), records: make([]uint32, len(p.slots))},
		fixed: map[*constant][]uint32{}, never: make([]bool, len(p.slots)), wide: len(p.variables) + len(p.find),
	}
	for i := range p.find {
		if !s.fix(&p.find[i]) {
			return s, nil
		}
	}
	first := &p.find[0]
	seeds := s.candidates(first)
	total := len(seeds)
	if seeds == nil {
		total = b.table(first.link).len()
	}
	for i := range total {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("pattern: %w", ctx.Err())
		}
		record := uint32(i)
		if seeds != nil {
			record = seeds[i]
		}
		s.left = s.bounds.Steps
		s.try(0, record)
		if s.left < 0 {
			s.cut++
		}
	}
	return s, nil
}

// fix looks up the texts of a step. It reports whether all its roles, and some of the texts
// of each constant, are in the records at all; what must not be found may be missing.
func (s *search) fix(st *step) bool {
	for _, join := range slices.Concat(st.known, st.free, st.again) {
		if s.board.ties(st.link, join.role) == nil {
			return false
		}
	}
	for i := range st.fixed {
		f := &st.fixed[i]
		nodes := []uint32{}
		for _, text := range f.texts {
			if n, ok := s.board.known[prefixOf(f.role)+text]; ok {
				nodes = append(nodes, n)
			}
		}
		if len(nodes) == 0 || s.board.ties(st.link, f.role) == nil {
			return false
		}
		s.fixed[f] = nodes
	}
	for i := range st.none {
		s.never[st.none[i].slot] = !s.fix(&st.none[i])
	}
	return true
}

// candidates lists the records that the most telling of what is known leaves, ascending; nil
// where nothing does.
func (s *search) candidates(st *step) []uint32 {
	var best []uint32
	found := false
	consider := func(records []uint32) {
		if !found || len(records) < len(best) {
			best, found = records, true
		}
	}
	for _, join := range st.known {
		consider(s.board.ties(st.link, join.role).with(s.env.nodes[join.variable]))
	}
	for i := range st.fixed {
		if nodes := s.fixed[&st.fixed[i]]; len(nodes) == 1 {
			consider(s.board.ties(st.link, st.fixed[i].role).with(nodes[0]))
		}
	}
	if found && best == nil {
		best = []uint32{}
	}
	return best
}

// span bounds the days of a step's record by those of others that are known.
func (s *search) span(st *step) (from, to float64) {
	from, to = math.Inf(-1), math.Inf(1)
	for _, t := range st.times {
		day := dayNumber(s.board.table(t.link).days[s.env.records[t.slot]])
		if math.IsNaN(day) {
			return math.Inf(1), math.Inf(-1)
		}
		from, to = max(from, day+t.from), min(to, day+t.to)
	}
	if len(st.times) > 0 {
		from = max(from, 1) // what has no day is neither before nor after
	}
	return from, to
}

// between calls see for each record that a step may have, until it says no.
func (s *search) between(st *step, see func(record uint32) bool) {
	records, days := s.candidates(st), s.board.table(st.link).days
	from, to := s.span(st)
	start := sort.Search(len(records), func(i int) bool { return float64(days[records[i]]) >= from })
	for _, record := range records[start:] {
		if float64(days[record]) > to {
			return
		}
		if s.left--; s.left < 0 {
			return
		}
		if s.fits(st, record) && !see(record) {
			return
		}
	}
}

// fits holds a record against everything that is known.
func (s *search) fits(st *step, record uint32) bool {
	for _, join := range st.known {
		if !s.board.ties(st.link, join.role).holds(record, s.env.nodes[join.variable]) {
			return false
		}
	}
	for i := range st.fixed {
		f := &st.fixed[i]
		ties := s.board.ties(st.link, f.role)
		if !slices.ContainsFunc(s.fixed[f], func(n uint32) bool { return ties.holds(record, n) }) {
			return false
		}
	}
	return !slices.ContainsFunc(s.plan.others[st.slot], func(slot int) bool {
		return s.plan.slots[slot].link == st.link && s.env.records[slot] == record
	})
}

// try takes a record for a step, and goes on from there.
func (s *search) try(depth int, record uint32) {
	st := &s.plan.find[depth]
	if depth == 0 {
		if s.left--; !s.fits(st, record) {
			return
		}
	}
	s.env.records[st.slot] = record
	s.name(depth, 0)
}

// name gives the free variables of a step their nodes, from one on.
func (s *search) name(depth, at int) {
	st := &s.plan.find[depth]
	if at == len(st.free) {
		s.settle(depth)
		return
	}
	join := st.free[at]
	for _, node := range s.board.ties(st.link, join.role).of(s.env.records[st.slot]) {
		// Variables are numbered in the order of naming, so those below have their nodes.
		if slices.Contains(s.env.nodes[:join.variable], node) {
			continue
		}
		s.env.nodes[join.variable] = node
		s.name(depth, at+1)
	}
}

// settle tells what can be told after a step, and takes the next.
func (s *search) settle(depth int) {
	st := &s.plan.find[depth]
	for _, join := range st.again {
		if !s.board.ties(st.link, join.role).holds(s.env.records[st.slot], s.env.nodes[join.variable]) {
			return
		}
	}
	for i := range st.where {
		if !holds(st.where[i].value(&s.env)) {
			return
		}
	}
	for i := range st.none {
		if s.any(&st.none[i]) || s.left < 0 {
			return
		}
	}
	if depth+1 == len(s.plan.find) {
		if len(s.rows)/s.wide >= s.bounds.Rows {
			s.left = -1
			return
		}
		s.rows = append(append(s.rows, s.env.nodes...), s.env.records[:len(s.plan.find)]...)
		return
	}
	s.between(&s.plan.find[depth+1], func(record uint32) bool {
		s.try(depth+1, record)
		return s.left >= 0
	})
}

// any reports whether there is a record of a kind that must not be found.
func (s *search) any(st *step) bool {
	if s.never[st.slot] {
		return false
	}
	found := false
	s.between(st, func(record uint32) bool {
		s.env.records[st.slot] = record
		for i := range st.where {
			if !holds(st.where[i].value(&s.env)) {
				return true
			}
		}
		found = true
		return false
	})
	return found
}

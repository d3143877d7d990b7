package pattern

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"rummage/graph"
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

// row is one of those found.
func (s *search) row(i int) []uint32 { return s.rows[i*s.wide : (i+1)*s.wide] }

// matches makes matches of the rows.
func (s *search) matches() []*group {
	all := make([][]uint32, len(s.rows)/s.wide)
	for i := range all {
		all[i] = s.row(i)
	}
	if len(s.plan.by) == 0 {
		return s.single(all)
	}
	anchor := -1
	if s.plan.anchor >= 0 {
		anchor = len(s.plan.variables) + s.plan.anchor
	}
	sorted := func(a, b []uint32) int {
		for _, v := range s.plan.by {
			if a[v] != b[v] {
				return cmp.Compare(a[v], b[v])
			}
		}
		if anchor >= 0 && a[anchor] != b[anchor] {
			return cmp.Compare(a[anchor], b[anchor])
		}
		return slices.Compare(a, b)
	}
	slices.SortFunc(all, sorted)
	var out []*group
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && s.together(all[from], all[to]) {
			to++
		}
		out = append(out, s.windows(all[from:to], anchor)...)
		from = to
	}
	return out
}

func (s *search) together(a, b []uint32) bool {
	for _, v := range s.plan.by {
		if a[v] != b[v] {
			return false
		}
	}
	return true
}

// single makes a match of each row; of rows with the same records one.
func (s *search) single(all [][]uint32) []*group {
	seen := map[string]bool{}
	var out []*group
	for _, row := range all {
		g := &group{s.board, s.plan, [][]uint32{row}}
		if key := g.key(); !seen[key] {
			seen[key] = true
			out = append(out, g)
		}
	}
	return out
}

// windows makes matches of rows that belong together: of all stretches of so many days that
// cannot be made longer, the first that has everything wanted, and on from its end.
func (s *search) windows(rows [][]uint32, anchor int) []*group {
	if math.IsInf(s.plan.window, 1) {
		if g := (&group{s.board, s.plan, rows}); g.wanted() {
			return []*group{g}
		}
		return nil
	}
	days := s.board.consignments.days
	day := func(i int) float64 { return dayNumber(days[rows[i][anchor]]) }
	var out []*group
	ended := 0
	for from := 0; from < len(rows); {
		if math.IsNaN(day(from)) {
			from++
			continue
		}
		to := max(from, ended)
		for to < len(rows) && day(to)-day(from) <= s.plan.window {
			to++
		}
		next := from + 1
		if to > ended {
			if g := (&group{s.board, s.plan, rows[from:to]}); g.wanted() {
				out = append(out, g)
				next = to
			}
			ended = to
		}
		from = next
	}
	return out
}

func (g *group) wanted() bool {
	for _, condition := range g.plan.having {
		if !holds(condition(g)) {
			return false
		}
	}
	return true
}

// consignments lists those of the match, in order.
func (g *group) consignments() []uint32 { return g.recordsOf(false) }

func (g *group) recordsOf(link bool) []uint32 {
	var all []uint32
	for i := range g.plan.find {
		if g.plan.slots[i].link == link {
			all = append(all, g.distinct(len(g.plan.variables)+i)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// key is the same for matches of the same records.
func (g *group) key() string { return fmt.Sprint(g.recordsOf(false), g.recordsOf(true)) }

// A Match is one place where a typology is met.
type Match struct {
	Records  []Record // in the order of time; links, which seldom have a day, first
	Nodes    []Node
	Strength float64 // the greater, the less likely by chance
	First    graph.Date
	Last     graph.Date
	Against  []string // one beside each of the typology's: "yes", "no", or "not in the records"
	Q        float64  // smallest share of false matches at which this one is told; 1 where it was not tested
	Opens    bool     // a network may open from it
}

// Record is a consignment or a link of a match.
type Record struct {
	As   string // the clauses it was found by
	ID   graph.ID
	Link *graph.Link // nil for a consignment
	Day  graph.Date
}

// Node is what fills a role of the motif: a party, an address, a heading.
type Node struct {
	Variable string
	Name     string // an id, or a text such as "goods/hs2022/8517"
}

// What an against says of a match.
const (
	AgainstYes     = "yes"
	AgainstNo      = "no"
	AgainstUnknown = "not in the records"
)

// match tells a group.
func (g *group) match(t *Typology) Match {
	m := Match{Strength: g.plan.strength(g), Q: 1}
	for v, name := range g.plan.variables {
		for _, node := range g.distinct(v) {
			m.Nodes = append(m.Nodes, Node{name, g.board.names[node]})
		}
	}
	for _, link := range []bool{true, false} {
		for _, record := range g.recordsOf(link) {
			r := Record{As: g.as(link, record), Day: g.board.table(link).days[record]}
			if link {
				r.Link = &g.board.links.tied[record]
			} else {
				r.ID = g.board.consignments.ids[record]
				m.Last = max(m.Last, r.Day)
				if m.First == graph.NoDate {
					m.First = r.Day
				}
			}
			m.Records = append(m.Records, r)
		}
	}
	for i := range t.Against {
		says := AgainstUnknown
		if clears := g.plan.clears[i]; clears != nil {
			if value := clears(g); !math.IsNaN(value) {
				says = AgainstNo
				if holds(value) {
					says = AgainstYes
				}
			}
		}
		m.Against = append(m.Against, says)
	}
	return m
}

// as names the clauses that a record was found by.
func (g *group) as(link bool, record uint32) string {
	name := ""
	for i := range g.plan.find {
		if g.plan.slots[i].link != link {
			continue
		}
		if _, ok := slices.BinarySearch(g.distinct(len(g.plan.variables)+i), record); ok {
			if name != "" {
				name += ", "
			}
			name += g.plan.slots[i].name
		}
	}
	return name
}

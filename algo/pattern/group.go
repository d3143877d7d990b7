package pattern

import (
	"cmp"
	"math"
	"slices"

	"rummage/graph"
)

// collect makes matches of rows, all of those that belong together.
func (s *search) collect(rows []uint32) {
	if len(s.plan.by) == 0 {
		for at := 0; at < len(rows); at += s.wide {
			s.keep(rows[at : at+s.wide])
		}
		return
	}
	sifted, ends := s.sift(rows, s.plan.by, s.plan.least, s.plan.anchor >= 0 && !math.IsInf(s.plan.window, 1), &s.sieve[len(s.stages)])
	anchor := -1
	if s.plan.anchor >= 0 {
		anchor = len(s.plan.variables) + s.plan.anchor
	}
	inTime := func(a, b []uint32) int {
		if anchor >= 0 && a[anchor] != b[anchor] {
			return cmp.Compare(a[anchor], b[anchor])
		}
		return slices.Compare(a, b)
	}
	from := 0
	for _, to := range ends {
		s.list = s.list[:0]
		for at := from; at < to; at++ {
			s.list = append(s.list, sifted[at*s.wide:(at+1)*s.wide])
		}
		if !slices.IsSortedFunc(s.list, inTime) {
			slices.SortFunc(s.list, inTime)
		}
		s.windows(s.list, anchor)
		from = to
	}
}

// keep notes a row that is a match by itself: of rows with the same records the one that the order of the clauses comes to first.
func (s *search) keep(row []uint32) {
	g := group{s.board, s.plan, [][]uint32{row}}
	key := g.key()
	at, ok := s.alone[key]
	if !ok {
		s.alone[key] = len(s.rows) / s.wide
		s.rows = append(s.rows, row...)
		return
	}
	if had := s.rows[at*s.wide : (at+1)*s.wide]; g.before(row, had) {
		copy(had, row)
	}
}

// before says which of two rows a search in the order of the clauses would come to first.
func (g *group) before(a, b []uint32) bool {
	n := len(g.plan.variables)
	for i := range g.plan.find {
		c := &g.plan.find[i]
		if a[n+i] != b[n+i] {
			return a[n+i] < b[n+i]
		}
		for _, j := range c.fresh {
			if a[j.variable] == b[j.variable] {
				continue
			}
			of := g.board.ties(tieRole{c.link, j.role}).of(a[n+i])
			return slices.Index(of, a[j.variable]) < slices.Index(of, b[j.variable])
		}
	}
	return false
}

// single hands the rows on that are matches by themselves.
func (s *search) single() {
	for at := 0; at < len(s.rows); at += s.wide {
		s.found(&group{s.board, s.plan, [][]uint32{s.rows[at : at+s.wide]}})
	}
}

// matches are all that the search finds, in an order that depends on the records alone.
func (s *search) matches() []*group {
	var all []*group
	s.run(func(g *group) {
		kept := &group{g.board, g.plan, make([][]uint32, len(g.rows))}
		for i, row := range g.rows {
			kept.rows[i] = slices.Clone(row)
		}
		all = append(all, kept)
	})
	slices.SortFunc(all, func(a, b *group) int {
		if len(s.plan.by) == 0 {
			switch {
			case a.before(a.rows[0], b.rows[0]):
				return -1
			case a.before(b.rows[0], a.rows[0]):
				return 1
			}
			return 0
		}
		for _, v := range s.plan.by {
			if a.rows[0][v] != b.rows[0][v] {
				return cmp.Compare(a.rows[0][v], b.rows[0][v])
			}
		}
		if n := len(s.plan.variables) + s.plan.anchor; s.plan.anchor >= 0 {
			return cmp.Compare(a.rows[0][n], b.rows[0][n])
		}
		return 0
	})
	return all
}

// windows makes matches of rows that belong together: of all stretches of so many days that
// cannot be made longer, the first that has everything wanted, and on from its end.
func (s *search) windows(rows [][]uint32, anchor int) {
	if math.IsInf(s.plan.window, 1) {
		if g := (&group{s.board, s.plan, rows}); g.wanted() {
			s.found(g)
		}
		return
	}
	days := s.records.consignments.days
	day := func(i int) float64 { return dayNumber(days[rows[i][anchor]]) }
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
			if to-from >= s.plan.least {
				if g := (&group{s.board, s.plan, rows[from:to]}); g.wanted() {
					s.found(g)
					next = to
				}
			}
			ended = to
		}
		from = next
	}
}

func (g *group) wanted() bool {
	if len(g.rows) < g.plan.least {
		return false
	}
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
func (g *group) key() string {
	var key []byte
	for _, link := range []bool{false, true} {
		for _, record := range g.recordsOf(link) {
			key = append(key, byte(record), byte(record>>8), byte(record>>16), byte(record>>24))
		}
		key = append(key, '.')
	}
	return string(key)
}

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

// Told says in words what the records make of something that would clear a match.
func Told(result, says string) string {
	switch result {
	case AgainstYes:
		return "clears it, by the records: " + says
	case AgainstNo:
		return "would clear it, but the records show that it is not so: " + says
	}
	return "would clear it, which the records do not tell: " + says
}

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

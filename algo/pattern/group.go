package pattern

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"rummage/graph"
)

// row is one of those found.
func (s *search) row(i int) []uint32 { return s.rows[i*s.wide : (i+1)*s.wide] }

// matches makes matches of the rows.
func (s *search) matches() []*group {
	all := make([][]uint32, 0, len(s.rows)/s.wide)
	several := s.several()
	for i := range len(s.rows) / s.wide {
		if several == nil || several[s.hash(s.row(i))] >= s.plan.least {
			all = append(all, s.row(i))
		}
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

// several counts the rows that belong together, by a hash, where a match must have more than
// one: most have no match, and need not be put in order.
func (s *search) several() map[uint64]int {
	if s.plan.least < 2 {
		return nil
	}
	count := make(map[uint64]int, len(s.rows)/s.wide)
	for i := range len(s.rows) / s.wide {
		count[s.hash(s.row(i))]++
	}
	return count
}

// hash is the same for rows that belong together; others that share it cost time and nothing else.
func (s *search) hash(row []uint32) uint64 {
	h := uint64(0)
	for _, v := range s.plan.by {
		h = (h ^ uint64(row[v])) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
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

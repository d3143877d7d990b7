package pattern

import (
	"math"
	"slices"

	"rummage/graph"
)

// Records are what a scope shows, as tables that motifs are matched on. They do not change.
type Records struct {
	names []string // node -> id of a cluster, or a text such as "heading/hs2022/8517"
	known map[string]uint32

	consignments, links table

	facts map[string][]float64 // attribute of a node -> days or counts, by node, as long as there are any
	first graph.Date           // of all consignments
	last  graph.Date
}

// table is records of one kind in columns. A record's number is its rank by day, then id.
type table struct {
	ids        []graph.ID   // of consignments
	tied       []graph.Link // of links
	days       []graph.Date
	ties       map[string]*ties
	attributes map[string][]float64 // NaN where a record does not state it
}

func (t *table) len() int { return len(t.days) }

// ties say which nodes stand in one role, by record and by node.
type ties struct {
	start []uint32 // record -> place of its first node; one more than there are records
	nodes []uint32 // of each record in order, each once

	from    []uint32 // node -> place of its first record
	records []uint32 // of each node, ascending
}

// of lists the nodes of a record.
func (t *ties) of(record uint32) []uint32 { return t.nodes[t.start[record]:t.start[record+1]] }

// with lists the records of a node.
func (t *ties) with(node uint32) []uint32 {
	if int(node)+1 >= len(t.from) {
		return nil
	}
	return t.records[t.from[node]:t.from[node+1]]
}

// index fills the records of each node in.
func (t *ties) index(nodes int) {
	t.from = make([]uint32, nodes+1)
	for _, node := range t.nodes {
		t.from[node+1]++
	}
	for node := range nodes {
		t.from[node+1] += t.from[node]
	}
	t.records = make([]uint32, len(t.nodes))
	next := slices.Clone(t.from)
	for record := range len(t.start) - 1 {
		for _, node := range t.of(uint32(record)) {
			t.records[next[node]] = uint32(record)
			next[node]++
		}
	}
}

func (r *Records) table(link bool) *table {
	if link {
		return &r.links
	}
	return &r.consignments
}

// held is ties as a board has them: those of the records, or of these what a hand made.
type held struct {
	*ties
	hand *hand
}

func (t held) none() bool { return t.ties == nil }

// of lists the nodes of a record.
func (t held) of(record uint32) []uint32 {
	if t.hand != nil {
		record = t.hand.from(record)
	}
	return t.ties.of(record)
}

func (t held) holds(record, node uint32) bool { return slices.Contains(t.of(record), node) }

// count is how many records a node has, which no draw changes.
func (t held) count(node uint32) int { return len(t.ties.with(node)) }

// with lists the records of a node, ascending; it may use the room.
func (t held) with(node uint32, room *[]uint32) []uint32 {
	records := t.ties.with(node)
	if t.hand == nil {
		return records
	}
	all := (*room)[:0]
	for _, record := range records {
		all = append(all, t.hand.to(record))
	}
	slices.Sort(all)
	*room = all
	return all
}

// board is the tables that a motif is matched on: those of the records, with ties dealt out
// anew where a draw has done so. A board is used by one goroutine.
type board struct {
	*Records
	hands []*hand
	users map[uint32]float64 // of nodes that were asked for
	room  [2][]uint32
}

// ties returns those of a role; none where no record has it.
func (b *board) ties(of tieRole) held {
	h := held{ties: b.table(of.link).ties[of.role]}
	for _, hand := range b.hands {
		if hand.role == of {
			h.hand = hand
		}
	}
	return h
}

func (r *Records) node(text string) uint32 {
	if n, ok := r.known[text]; ok {
		return n
	}
	n := uint32(len(r.names))
	r.known[text] = n
	r.names = append(r.names, text)
	return n
}

var (
	importingRole = tieRole{role: roleImporting}
	exportingRole = tieRole{role: roleExporting}
	linkedTo      = tieRole{link: true, role: roleTo}
	linkedFrom    = tieRole{link: true, role: roleFrom}
)

// traded lists the records in which a node stands on either side of the trade.
func (b *board) traded(node uint32) (all [2][]uint32) {
	for i, role := range []tieRole{importingRole, exportingRole} {
		if t := b.ties(role); !t.none() {
			all[i] = t.with(node, &b.room[i])
		}
	}
	return all
}

// linked counts the parties that have a node.
func (b *board) linked(node uint32) float64 {
	if n, ok := b.users[node]; ok {
		return n
	}
	t, from := b.ties(linkedTo), b.ties(linkedFrom)
	if t.none() || from.none() {
		return 0
	}
	all := b.room[1][:0]
	for _, link := range t.with(node, &b.room[0]) {
		all = append(all, from.of(link)...)
	}
	slices.Sort(all)
	b.room[1] = all
	n := float64(len(slices.Compact(all)))
	if b.users == nil {
		b.users = map[uint32]float64{}
	}
	b.users[node] = n
	return n
}

// nodeAttributes are what a condition may ask of a node, and the roles whose other ties it looks up.
var nodeAttributes = map[string]struct {
	means string
	reads []tieRole
	of    func(b *board, node uint32) float64
}{
	"users": {"parties linked to it", []tieRole{linkedTo, linkedFrom}, (*board).linked},
	// How many consignments a node has, no draw changes, so that it looks up nothing.
	"records": {"consignments that it buys or sells", nil, func(b *board, node uint32) float64 {
		n := 0
		for _, role := range []tieRole{importingRole, exportingRole} {
			if t := b.ties(role); !t.none() {
				n += t.count(node)
			}
		}
		return float64(n)
	}},
	"first": {"day of its first consignment", []tieRole{importingRole, exportingRole}, func(b *board, node uint32) float64 {
		first := math.NaN()
		for _, records := range b.traded(node) {
			for _, record := range records {
				if day := b.consignments.days[record]; day != graph.NoDate {
					if !(first <= float64(day)) {
						first = float64(day)
					}
					break
				}
			}
		}
		return first
	}},
	"last": {"day of its last consignment", []tieRole{importingRole, exportingRole}, func(b *board, node uint32) float64 {
		last := math.NaN()
		for _, records := range b.traded(node) {
			if len(records) == 0 {
				continue
			}
			day := b.consignments.days[records[len(records)-1]]
			if day != graph.NoDate && !(last >= float64(day)) {
				last = float64(day)
			}
		}
		return last
	}},
	"listed":       {"1 if it is on a list or was itself found in breach, else 0", nil, func(b *board, node uint32) float64 { return b.fact("listed", node, 0) }},
	"listed_on":    {"day of the first listing", nil, func(b *board, node uint32) float64 { return b.fact("listed_on", node, math.NaN()) }},
	"incorporated": {"day of incorporation", nil, func(b *board, node uint32) float64 { return b.fact("incorporated", node, math.NaN()) }},
	"dissolved":    {"day of dissolution", nil, func(b *board, node uint32) float64 { return b.fact("dissolved", node, math.NaN()) }},
}

// said are the attributes that registers and lists state.
var said = []string{"dissolved", "incorporated", "listed", "listed_on"}

func (r *Records) fact(name string, node uint32, missing float64) float64 {
	values := r.facts[name]
	if int(node) >= len(values) || math.IsNaN(values[node]) {
		return missing
	}
	return values[node]
}

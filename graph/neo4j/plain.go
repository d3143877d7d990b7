package neo4j

import "rummage/graph"

// plain reads consignments of one statement and without outcomes, which nearly
// all are: a million of them are read in a scan, so they share slabs of memory
// and go through no record in between.
type plain struct {
	gate         *gate
	origins      bool // wanted
	consignments []graph.Consignment
	statements   []graph.Statement
	ties         []graph.Tie
	read         statement // reused
}

const (
	slab     = 256
	tieSlab  = 4096
	tiesLeft = 64 // of a slab, fewer than which are not worth while
)

// consignment reads what the queries of consignments return; ok is false when
// it must be read the long way, shown is nil when the gate does not show it.
func (p *plain) consignment(values []any) (shown *graph.Consignment, ok bool) {
	heads, _ := values[1].([]any)
	fields, _ := values[2].([]any)
	if len(heads) != 1 || len(fields) > 1 || values[3] != nil {
		return nil, false
	}
	if cap(p.ties)-len(p.ties) < tiesLeft {
		p.ties = make([]graph.Tie, 0, tieSlab)
	}
	room := p.ties[len(p.ties):]
	p.read.Ties = room
	p.read.Consignment = graph.ID(text(values[0]))
	if !parseStatement(text(heads[0]), &p.read) {
		return nil, false
	}
	if len(fields) == 1 {
		if p.read.Fields, ok = parseFields(text(fields[0])); !ok {
			return nil, false
		}
	}
	if !p.gate.any(p.read.mentions) {
		return nil, true
	}
	if n := len(p.read.Ties); n <= cap(room) {
		p.ties = p.ties[:len(p.ties)+n]
		p.read.Ties = p.read.Ties[:n:n]
	}
	if len(p.consignments) == 0 {
		p.consignments, p.statements = make([]graph.Consignment, slab), make([]graph.Statement, slab)
	}
	shown, p.consignments = &p.consignments[0], p.consignments[1:]
	current := p.statements[:1:1]
	p.statements = p.statements[1:]
	current[0] = p.read.Statement
	if p.origins {
		current[0].Origins, _, _ = p.gate.shown(p.read.mentions)
	}
	shown.ID, shown.Current = p.read.Consignment, current
	return shown, true
}

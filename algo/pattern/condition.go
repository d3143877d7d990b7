package pattern

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"rummage/algo/stat"
	"rummage/graph"
)

// env is a row in the making: a node for each variable, a record for each clause.
type env struct {
	board   *board
	nodes   []uint32
	records []uint32
}

// condition is a compiled term, with the variables and clauses that must be known before it
// can be told. NaN stands for what is not stated; nothing is true of it.
type condition struct {
	value func(*env) float64
	needs needs
	reads []tieRole // it looks up who else has a tie in these roles, so that dealing them out anew changes it
}

// needs are sets of variables and of clauses, as bits.
type needs struct{ nodes, records uint64 }

func (n needs) within(known needs) bool {
	return n.nodes&^known.nodes == 0 && n.records&^known.records == 0
}

func (n needs) plus(other needs) needs {
	return needs{n.nodes | other.nodes, n.records | other.records}
}

// holds says whether the value of a condition is true.
func holds(value float64) bool { return value != 0 && !math.IsNaN(value) }

var operators = map[string]func(a, b float64) float64{
	"+":  func(a, b float64) float64 { return a + b },
	"-":  func(a, b float64) float64 { return a - b },
	"*":  func(a, b float64) float64 { return a * b },
	"/":  func(a, b float64) float64 { return a / b },
	"<":  func(a, b float64) float64 { return yes(a < b) },
	"<=": func(a, b float64) float64 { return yes(a <= b) },
	">":  func(a, b float64) float64 { return yes(a > b) },
	">=": func(a, b float64) float64 { return yes(a >= b) },
	"=":  func(a, b float64) float64 { return yes(a == b) },
	"!=": func(a, b float64) float64 { return yes(a < b || a > b) },
	"or": func(a, b float64) float64 { return yes(holds(a) || holds(b)) },
}

// row compiles a term for a row.
func (c *compiler) row(t *term) (condition, error) {
	switch t.op {
	case "number":
		return condition{value: func(*env) float64 { return t.number }}, nil
	case "name":
		p, ok := c.t.Parameters[t.name]
		if !ok {
			return condition{}, fmt.Errorf("%q is no parameter", t.name)
		}
		return condition{value: func(*env) float64 { return p.Value }}, nil
	case "attribute":
		return c.attributeOf(t.name, t.attribute)
	case "call":
		return c.call(t)
	}
	left, err := c.row(t.of[0])
	if err != nil {
		return condition{}, err
	}
	right, err := c.row(t.of[1])
	if err != nil {
		return condition{}, err
	}
	op := operators[t.op]
	return condition{
		value: func(e *env) float64 { return op(left.value(e), right.value(e)) },
		needs: left.needs.plus(right.needs), reads: slices.Concat(left.reads, right.reads),
	}, nil
}

// attributeOf compiles NAME.ATTRIBUTE.
func (c *compiler) attributeOf(name, attribute string) (condition, error) {
	if name == "data" {
		switch attribute {
		case "first":
			return condition{value: func(e *env) float64 { return float64(e.board.first) }}, nil
		case "last":
			return condition{value: func(e *env) float64 { return float64(e.board.last) }}, nil
		}
		return condition{}, fmt.Errorf("data has first and last, no %q", attribute)
	}
	if v := slices.Index(c.p.variables, name); v >= 0 {
		of, ok := nodeAttributes[attribute]
		if !ok {
			return condition{}, fmt.Errorf("%s is a node and has no %q", name, attribute)
		}
		c.p.facts[attribute] = true
		return condition{
			value: func(e *env) float64 { return of.of(e.board, e.nodes[v]) },
			needs: needs{nodes: 1 << v}, reads: of.reads,
		}, nil
	}
	s := slices.IndexFunc(c.p.slots, func(s slot) bool { return s.name == name })
	if s < 0 {
		return condition{}, fmt.Errorf("nothing is called %q", name)
	}
	get, err := c.recordAttribute(c.p.slots[s], attribute)
	if err != nil {
		return condition{}, err
	}
	return condition{
		value: func(e *env) float64 { return get(e.board, e.records[s]) },
		needs: needs{records: 1 << s},
	}, nil
}

// recordAttribute compiles what a record, or a link, is asked for.
func (c *compiler) recordAttribute(s slot, name string) (func(b *board, record uint32) float64, error) {
	if name == "day" {
		return func(b *board, record uint32) float64 { return dayNumber(b.table(s.link).days[record]) }, nil
	}
	if s.link {
		if name == "end" {
			return func(b *board, record uint32) float64 { return dayNumber(b.links.tied[record].End) }, nil
		}
		return nil, fmt.Errorf("%s is a link, which has day and end, no %q", s.name, name)
	}
	if _, ok := recordAttributes[name]; !ok {
		return nil, fmt.Errorf("%s is a record and has no %q", s.name, name)
	}
	c.p.attributes[name] = true
	return func(b *board, record uint32) float64 { return b.consignments.attributes[name][record] }, nil
}

func dayNumber(day graph.Date) float64 {
	if day == graph.NoDate {
		return math.NaN()
	}
	return float64(day)
}

// call compiles abs(x) and shares(record, record, role).
func (c *compiler) call(t *term) (condition, error) {
	switch {
	case t.name == "abs" && len(t.of) == 1:
		of, err := c.row(t.of[0])
		return condition{value: func(e *env) float64 { return math.Abs(of.value(e)) }, needs: of.needs, reads: of.reads}, err
	case t.name == "shares" && len(t.of) == 3 && t.of[0].op == "name" && t.of[1].op == "name" && t.of[2].op == "name":
		return c.shares(t.of[0].name, t.of[1].name, t.of[2].name)
	}
	return condition{}, fmt.Errorf("%s of %d parts is no function here: there are abs(x) and shares(record, record, role)", t.name, len(t.of))
}

// shares compiles whether two records have a node in common in a role: 1 or 0, not stated
// where one of them has none.
func (c *compiler) shares(first, second, role string) (condition, error) {
	a := slices.IndexFunc(c.p.slots, func(s slot) bool { return s.name == first })
	b := slices.IndexFunc(c.p.slots, func(s slot) bool { return s.name == second })
	if a < 0 || b < 0 || c.p.slots[a].link || c.p.slots[b].link || !isRole(false, role) {
		return condition{}, fmt.Errorf("shares(%s, %s, %s) wants two records and a role", first, second, role)
	}
	c.p.roles[role] = true
	of := tieRole{role: role}
	return condition{needs: needs{records: 1<<a | 1<<b}, reads: []tieRole{of}, value: func(e *env) float64 {
		ties := e.board.ties(of)
		if ties.none() || len(ties.of(e.records[a])) == 0 || len(ties.of(e.records[b])) == 0 {
			return math.NaN()
		}
		return yes(slices.ContainsFunc(ties.of(e.records[a]), func(n uint32) bool { return ties.holds(e.records[b], n) }))
	}}, nil
}

// group is the rows that make one match.
type group struct {
	board *board
	plan  *plan
	rows  [][]uint32 // each the nodes of the variables, then the records of the clauses
}

// env shows a row.
func (g *group) env(row int) *env {
	n := len(g.plan.variables)
	return &env{board: g.board, nodes: g.rows[row][:n], records: g.rows[row][n:]}
}

// distinct lists what stands in a column of the rows, each once.
func (g *group) distinct(column int) []uint32 {
	all := make([]uint32, len(g.rows))
	for i, row := range g.rows {
		all[i] = row[column]
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// aggregates are functions of the stated values of an attribute, of which there is one at least.
var aggregates = map[string]func([]float64) float64{
	"sum":      sum,
	"mean":     func(v []float64) float64 { return sum(v) / float64(len(v)) },
	"median":   stat.Median,
	"least":    slices.Min[[]float64],
	"greatest": slices.Max[[]float64],
	// spread is the standard deviation over the mean.
	"spread": func(v []float64) float64 {
		mean, squares := sum(v)/float64(len(v)), 0.0
		for _, x := range v {
			squares += (x - mean) * (x - mean)
		}
		return math.Sqrt(squares/float64(len(v))) / mean
	},
}

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}

// grouped compiles a term for a match: functions over its rows, and attributes of what all
// of these have in common.
func (c *compiler) grouped(t *term) (func(*group) float64, error) {
	switch {
	case t.op == "number" || t.op == "name":
		of, err := c.row(t)
		return func(*group) float64 { return of.value(nil) }, err
	case t.op == "call" && t.name == "count" && len(t.of) == 1 && t.of[0].op == "name":
		column := c.column(t.of[0].name)
		if column < 0 {
			return nil, fmt.Errorf("count: nothing is called %q", t.of[0].name)
		}
		return func(g *group) float64 { return float64(len(g.distinct(column))) }, nil
	case t.op == "call" && aggregates[t.name] != nil && len(t.of) == 1 && t.of[0].op == "attribute":
		return c.aggregate(t)
	case t.op == "call" && t.name == "abs" && len(t.of) == 1:
		of, err := c.grouped(t.of[0])
		return func(g *group) float64 { return math.Abs(of(g)) }, err
	case t.op == "call" || t.op == "attribute":
		of, err := c.row(t)
		if err == nil && !of.needs.within(c.p.common) {
			err = errors.New("a match may have several of these: want a function of them, such as count, sum, median, spread, least, greatest")
		}
		return func(g *group) float64 { return of.value(g.env(0)) }, err
	}
	left, err := c.grouped(t.of[0])
	if err != nil {
		return nil, err
	}
	right, err := c.grouped(t.of[1])
	op := operators[t.op]
	return func(g *group) float64 { return op(left(g), right(g)) }, err
}

// column is the place of a variable or clause in a row, -1 for none.
func (c *compiler) column(name string) int {
	if v := slices.Index(c.p.variables, name); v >= 0 {
		return v
	}
	for i := range c.p.find {
		if c.p.slots[i].name == name {
			return len(c.p.variables) + i
		}
	}
	return -1
}

func (c *compiler) aggregate(t *term) (func(*group) float64, error) {
	name, attribute := t.of[0].name, t.of[0].attribute
	column := c.column(name)
	if column < 0 {
		return nil, fmt.Errorf("%s: nothing is called %q", t.name, name)
	}
	var get func(b *board, of uint32) float64
	if column < len(c.p.variables) {
		node, ok := nodeAttributes[attribute]
		if !ok {
			return nil, fmt.Errorf("%s is a node and has no %q", name, attribute)
		}
		get = node.of
	} else {
		var err error
		if get, err = c.recordAttribute(c.p.slots[column-len(c.p.variables)], attribute); err != nil {
			return nil, err
		}
	}
	fold := aggregates[t.name]
	return func(g *group) float64 {
		var values []float64
		for _, of := range g.distinct(column) {
			if v := get(g.board, of); !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		if len(values) == 0 {
			return math.NaN()
		}
		return fold(values)
	}, nil
}

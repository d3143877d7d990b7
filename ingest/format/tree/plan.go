package tree

import (
	"fmt"
	"slices"
	"strings"

	"rummage/ingest/read"
)

// role says what an element is on the way to the record.
type role uint8

const (
	aside  role = iota // not on the way
	around             // on the way, above the unit
	unit               // the unit, with a record within
	within             // between unit and record
	record             // the record within a unit
	both               // unit and record
)

// A node is a path of which something is known: it is a column, it is on the
// way to the record, or one of these lies below it.
type node struct {
	role   role
	column int // -1: none
	level  int // names of the route that lead to it or to where it branches off
	name   string
	next   map[string]*node
	last   *node // the child asked for last
	behind *node // the sibling asked for after this one, last time

	// Of a group: a node aside with others below it.
	below    []int32 // the columns from here on
	in       int64   // the instance that holds the last occurrence, -1 for none
	began    int64   // when that began, as a harvest counts
	repeated bool    // it is not the first there
}

func newNode(name string, r role, level int) *node {
	return &node{name: name, role: r, column: -1, level: level, next: map[string]*node{}, in: -1}
}

// child returns the node of a name, nil for none. Children mostly come in the
// order of the record before, so that most look-ups are a comparison.
func (n *node) child(name []byte) *node {
	if n == nil {
		return nil
	}
	if n.last != nil {
		if guess := n.last.behind; guess != nil && guess.name == string(name) {
			n.last = guess
			return guess
		}
	}
	c := n.next[string(name)]
	if c != nil {
		if n.last != nil {
			n.last.behind = c
		}
		n.last = c
	}
	return c
}

// A plan says which column a path is.
type plan struct {
	root    *node // above the root element
	route   route
	columns []string
	levels  [][]int // columns of each level
	level   []int   // of each column
	late    []bool  // of columns around the units: their last value stands behind the first unit
	lates   int
}

// newPlan reads the columns and the record of a dialect.
func newPlan(d read.Dialect) (*plan, error) {
	way, err := parseRoute(d.Record, d.Format)
	switch {
	case err != nil:
		return nil, err
	case d.Format != JSON && d.Format != Lines && d.Format != XML:
		return nil, fmt.Errorf("%w: format %q", read.ErrDialect, d.Format)
	case d.Format == Lines && way.unit != 1:
		return nil, fmt.Errorf("%w: the unit of JSON lines is a line, not that of %q", read.ErrDialect, d.Record)
	}
	p := &plan{root: newNode("", around, 0), route: way, levels: make([][]int, len(way.names)+1)}
	p.columns = strings.Split(d.Names, read.Between)
	if d.Columns != len(p.columns) || !d.Named() {
		return nil, fmt.Errorf("%w: %d names for %d columns", read.ErrDialect, len(p.columns), d.Columns)
	}
	p.late = make([]bool, len(p.columns))
	on := []*node{p.root}
	for i, name := range way.names {
		at := newNode(name, way.role(i+1), i+1)
		on[i].next[name] = at
		on = append(on, at)
	}
	inside := false
	for i, name := range p.columns {
		at, err := p.place(on, name)
		if err != nil {
			return nil, err
		}
		if at.column >= 0 {
			return nil, fmt.Errorf("%w: the column %q twice", read.ErrDialect, name)
		}
		at.column = i
		p.levels[at.level] = append(p.levels[at.level], i)
		p.level = append(p.level, at.level)
		if at.level >= way.unit {
			inside = true
		} else if inside {
			p.late[i] = true
			p.lates++
		}
	}
	p.root.group()
	return p, nil
}

// group notes the columns of groups, and returns those of this node.
func (n *node) group() []int32 {
	var columns []int32
	if n.column >= 0 {
		columns = append(columns, int32(n.column))
	}
	for _, c := range n.next {
		columns = append(columns, c.group()...)
	}
	if n.role == aside && len(n.next) > 0 {
		slices.Sort(columns)
		n.below = columns
	}
	return columns
}

// role is what the element is to which so many names lead.
func (r route) role(names int) role {
	switch {
	case names < r.unit:
		return around
	case names == r.unit && names == len(r.names):
		return both
	case names == r.unit:
		return unit
	case names < len(r.names):
		return within
	}
	return record
}

// place returns the node of a column, made where it is missing. On is the nodes
// on the way to the record.
func (p *plan) place(on []*node, column string) (*node, error) {
	rest, level := column, len(p.route.names)
	for strings.HasPrefix(rest, up) {
		rest = rest[len(up):]
		level--
	}
	if level < 1 {
		return nil, fmt.Errorf("%w: the column %q lies above the root", read.ErrDialect, column)
	}
	path, _, err := names(rest)
	if err != nil {
		return nil, err
	}
	at := on[level]
	for _, name := range path {
		next := at.next[name]
		if next == nil {
			next = newNode(name, aside, level)
			at.next[name] = next
		}
		at = next
	}
	if at.level != level {
		return nil, fmt.Errorf("%w: the column %q is on the way to the record", read.ErrDialect, column)
	}
	return at, nil
}

package mapping

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	// repeatCells says of an entity that its columns hold several values each.
	repeatCells = "cells"
	// mostTimes is how often an entity may be repeated.
	mostTimes = 100
	// place stands in the names of columns for the number of the repetition.
	place = "{n}"
)

// repeat reads how often an entity is repeated: as often as numbered columns are
// to be looked for, 0 for an entity that is not; or, aligned, as often as its
// cells have values.
func (p *parser) repeat(n *yaml.Node, what string) (times int, aligned bool) {
	if n == nil {
		return 0, false
	}
	text := p.text(n, what+": repeat")
	if text == repeatCells {
		return 0, true
	}
	times, err := strconv.Atoi(text)
	if err != nil || times < 1 || times > mostTimes {
		p.fail(n.Line, "%s: repeat: want a number from 1 to %d, or %s, found %q", what, mostTimes, repeatCells, text)
		return 0, false
	}
	return times, false
}

// numbered is the label of one repetition. Labels of the author hold no such sign.
func numbered(label string, n int) string { return label + "#" + strconv.Itoa(n) }

// labels returns what a label of an entity stands for.
func (p *parser) labels(label string) []string {
	times := p.repeated[label]
	if times == 0 {
		return []string{label}
	}
	all := make([]string, times)
	for i := range all {
		all[i] = numbered(label, i+1)
	}
	return all
}

// substituted returns copies of nodes with the number in its places.
func substituted(fields map[string]*yaml.Node, n int) map[string]*yaml.Node {
	copies := make(map[string]*yaml.Node, len(fields))
	for key, node := range fields {
		copies[key] = substitute(node, n)
	}
	return copies
}

func substitute(node *yaml.Node, n int) *yaml.Node {
	one := *node
	one.Value = strings.ReplaceAll(node.Value, place, strconv.Itoa(n))
	one.Content = make([]*yaml.Node, len(node.Content))
	for i, part := range node.Content {
		one.Content[i] = substitute(part, n)
	}
	return &one
}

// makeOptional lets a file lack the columns of an entity.
func (e *entitySpec) makeOptional() {
	values := []*valueSpec{e.id}
	for _, f := range e.facts {
		values = append(values, f.value)
	}
	for _, v := range values {
		if v != nil {
			v.makeOptional()
		}
	}
	for i := range e.when {
		e.when[i].column.optional = true
	}
}

func (v *valueSpec) makeOptional() {
	v.optional = true
	for i := range v.columns {
		v.columns[i].optional = true
	}
	for i := range v.where {
		v.where[i].column.optional = true
	}
	for _, a := range v.first {
		a.makeOptional()
	}
}

// columnsOf returns the indexes of the columns that an entity reads.
func (b *binder) columnsOf(e *entitySpec) []int {
	var all []int
	add := func(ref *columnRef) {
		if i := b.column(*ref); i >= 0 {
			all = append(all, i)
		}
	}
	e.id.refs(add)
	for _, f := range e.facts {
		f.value.refs(add)
	}
	for i := range e.when {
		add(&e.when[i].column)
	}
	return all
}

// identifyEach is identify for an entity whose columns hold several values each:
// the first of each belong together, the second, and so on.
func (m *Mapper) identifyEach(e *entity) *identified {
	times := 1
	for _, c := range e.columns {
		times = max(times, bytes.Count(m.cells[c], between)+1)
	}
	if times == 1 {
		return m.identify(e)
	}
	whole := m.cells
	defer func() { m.cells = whole }()
	all := &identified{}
	for n := range min(times, MaxValues+1) {
		m.pieces = append(m.pieces[:0], whole...)
		for _, c := range e.columns {
			m.pieces[c] = piece(whole[c], n)
		}
		m.cells = m.pieces
		if found := m.identify(e); found != nil {
			all.ids = append(all.ids, found.ids...)
			all.doubt = cmp.Or(all.doubt, found.doubt)
		}
	}
	if len(all.ids) == 0 {
		return nil
	}
	slices.Sort(all.ids)
	if all.ids = slices.Compact(all.ids); len(all.ids) > MaxValues {
		m.fail(e.id.label, CodeSeveral, fmt.Sprintf("names %d entities, more than the %d allowed for one row", len(all.ids), MaxValues))
	}
	return all
}

// Between stands between the values of a cell that holds several. The readers of
// messages, trees and graph files write it.
const Between = "\x1F"

var between = []byte(Between)

// piece returns the n-th value of a cell; a cell of one value has it every time.
func piece(cell []byte, n int) []byte {
	if !bytes.Contains(cell, between) {
		return cell
	}
	for range n {
		_, rest, more := bytes.Cut(cell, between)
		if !more {
			return nil
		}
		cell = rest
	}
	first, _, _ := bytes.Cut(cell, between)
	return first
}

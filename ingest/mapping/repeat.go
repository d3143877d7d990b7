package mapping

import (
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
		if v == nil {
			continue
		}
		for i := range v.columns {
			v.columns[i].optional = true
		}
	}
	for i := range e.when {
		e.when[i].column.optional = true
	}
}

// columnsOf returns the indexes of the columns that an entity reads.
func (b *binder) columnsOf(e *entitySpec) []int {
	var all []int
	add := func(refs ...columnRef) {
		for _, ref := range refs {
			if i := b.column(ref); i >= 0 {
				all = append(all, i)
			}
		}
	}
	add(e.id.columns...)
	for _, f := range e.facts {
		add(f.value.columns...)
	}
	for i := range e.when {
		add(e.when[i].column)
	}
	return all
}

package edi

import (
	"strconv"
	"strings"
)

// place is an element and a component of a segment, both counted from 1.
type place struct{ element, component int32 }

// slot numbers that name no column.
const (
	unnamed   = -1 // the column is named by its numbers
	qualifier = -2 // part of the name of the segment
)

// tag is the name of a segment in a number: its bytes, four at most.
type tag uint32

// tagOf returns the number of a name, zero for one of more than four bytes.
func tagOf[T string | []byte](name T) tag {
	if len(name) > 4 {
		return 0
	}
	var t tag
	for i := range len(name) {
		t = t<<8 | tag(name[i])
	}
	return t
}

// layout says what the values of a segment are called.
type layout struct {
	name string // of the segment
	// names are those of the slots; places with the same slot hold the lines of one
	// text, joined by a line break.
	names      []string
	slots      [][]int32 // by element and component, from 0
	qualifiers []place   // whose codes stand in the name of the segment
	// owned segments that follow this one belong to it, and stand under its name.
	owned []tag
	// loose qualifiers own nothing: what follows is of the message itself.
	loose string
	// each element is a segment of its own, with its own qualifier.
	each bool
	// recent headings of the segment, the last one found first.
	recent [3]*heading
	// derive adds what several values say together.
	derive func(*occurrence)
}

// newLayout reads a line of a table of segments. Elements stand between bars,
// components between spaces; "!" is a qualifier, "-" has no name, and "text*5"
// takes five components as lines of one text. A name with a leading "+" stands
// in no place of its own and is derived.
func newLayout(name, line string) *layout {
	l := &layout{name: name}
	index := map[string]int32{}
	slot := func(value string) int32 {
		at, known := index[value]
		if !known {
			at = int32(len(l.names))
			index[value] = at
			l.names = append(l.names, value)
		}
		return at
	}
	for e, components := range strings.Split(line, "|") {
		row := []int32{}
		for _, word := range strings.Fields(components) {
			value, count, _ := strings.Cut(word, "*")
			n, err := strconv.Atoi(count)
			if err != nil {
				n = 1
			}
			switch {
			case value == "!":
				l.qualifiers = append(l.qualifiers, place{int32(e + 1), int32(len(row) + 1)})
				row = append(row, qualifier)
			case value == "-":
				row = append(row, unnamed)
			case strings.HasPrefix(value, "+"):
				slot(value[1:])
			default:
				for range n {
					row = append(row, slot(value))
				}
			}
		}
		l.slots = append(l.slots, row)
	}
	return l
}

// slot returns the slot of a place.
func (l *layout) slot(at place) int32 {
	if int(at.element) > len(l.slots) {
		return unnamed
	}
	row := l.slots[at.element-1]
	if int(at.component) > len(row) {
		return unnamed
	}
	return row[at.component-1]
}

// find returns the slot of a name that the table gives.
func (l *layout) find(name string) int32 {
	for i, n := range l.names {
		if n == name {
			return int32(i)
		}
	}
	return unnamed
}

// number names a place that has no name: the element, and the component where
// the element has several.
func number(at place) string {
	text := strconv.Itoa(int(at.element))
	if at.component > 1 {
		text += "." + strconv.Itoa(int(at.component))
	}
	return text
}

// layouts turns a table of segments into layouts by tag.
func layouts(table map[string]string, owners map[string]string) map[tag]*layout {
	all := make(map[tag]*layout, len(table))
	for name, line := range table {
		all[tagOf(name)] = newLayout(name, line)
	}
	for name, owned := range owners {
		l := all[tagOf(name)]
		for _, name := range strings.Fields(owned) {
			l.owned = append(l.owned, tagOf(name))
		}
	}
	return all
}

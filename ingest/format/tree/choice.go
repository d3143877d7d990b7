package tree

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rummage/ingest/read"
)

// mostAround is how many bytes of what stands around the units go with rows.
const mostAround = read.MaxRecord

// guess finds the record: see the package's comment.
func (s *survey) guess() *twig {
	level := s.root.children
	if len(level) == 0 {
		return nil
	}
	if level[0].repeated {
		return level[0]
	}
	for len(level) > 0 {
		var best *twig
		var below []*twig
		for _, t := range level {
			below = append(below, t.children...)
			if !t.repeated || t.leaves() < 2 {
				continue
			}
			if best == nil || t.leaves() > best.leaves() || t.leaves() == best.leaves() && t.seen > best.seen {
				best = t
			}
		}
		if best != nil {
			return best
		}
		level = below
	}
	return s.root.children[0]
}

// find returns the element that a caller named.
func (s *survey) find(path, format string) (*twig, error) {
	wanted, _, err := names(path)
	if err != nil {
		return nil, err
	}
	exact := wanted
	switch {
	case format != XML:
		exact = append([]string{self}, wanted...)
	case len(wanted) == 0 && len(s.root.children) > 0:
		return s.root.children[0], nil
	}
	var ends, lists []*twig
	var hit *twig
	s.root.walk(func(t *twig) {
		if t.depth == 0 || format == XML && strings.HasPrefix(t.name, "@") {
			return
		}
		way := t.path()
		if slices.Equal(way, exact) {
			hit = t
		}
		if len(wanted) > 0 && len(way) >= len(wanted) && slices.Equal(way[len(way)-len(wanted):], wanted) {
			ends = append(ends, t)
		}
		if t.repeated && t.leaves() > 0 {
			lists = append(lists, t)
		}
	})
	switch {
	case hit != nil:
		return hit, nil
	case len(ends) == 1:
		return ends[0], nil
	case len(ends) > 1:
		return nil, fmt.Errorf("%w: several elements end in %q: %s; name one of them whole", read.ErrDialect, path, listed(ends, format))
	case len(lists) > 0:
		return nil, fmt.Errorf("%w: no element is called %q; those that are repeated are %s", read.ErrDialect, path, listed(lists, format))
	}
	return nil, fmt.Errorf("%w: no element is called %q, and none is repeated", read.ErrDialect, path)
}

// listed writes the first paths of several.
func listed(twigs []*twig, format string) string {
	const most = 10
	var b strings.Builder
	for i, t := range twigs {
		if i == most {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(route{t.path(), t.depth}.text(format))
	}
	return b.String()
}

// unitOf is the outermost repeated element on the way to one.
func unitOf(record *twig) *twig {
	found := record
	for t := record; t.depth > 0; t = t.up {
		if t.repeated {
			found = t
		}
	}
	return found
}

// likely is the element to pass when one before the first record is at fault:
// the outermost that is open and repeated, else the one below the root.
func (s *survey) likely() *twig {
	var open []*twig
	for _, t := range s.open[1:] {
		if t == nil {
			break
		}
		open = append(open, t)
	}
	for _, t := range open {
		if t.repeated {
			return t
		}
	}
	if len(open) > 1 {
		return open[1]
	}
	return nil
}

// columns returns the names of the columns for a record and its unit.
func (s *survey) columns(record, unit *twig) []string {
	way := route{record.path(), unit.depth}
	var leaves, late []*twig
	room := int64(mostAround)
	for t, from := record, (*twig)(nil); t.depth > 0; t, from = t.up, t {
		var found []*twig
		t.branch(from, t.depth < unit.depth, func(leaf *twig) { found = append(found, leaf) })
		slices.SortStableFunc(found, byFirst)
		for _, leaf := range found {
			if t.depth >= unit.depth {
				leaves = append(leaves, leaf)
				continue
			}
			if room -= leaf.bytes; room < 0 {
				break
			}
			if leaf.last > unit.opened {
				late = append(late, leaf)
			} else {
				leaves = append(leaves, leaf)
			}
		}
	}
	slices.SortStableFunc(leaves, byFirst)
	slices.SortStableFunc(late, byFirst)
	columns := make([]string, 0, len(leaves)+len(late))
	for _, leaf := range append(leaves, late...) {
		columns = append(columns, way.column(leaf.path()))
	}
	return columns
}

func byFirst(a, b *twig) int { return cmp.Compare(a.first, b.first) }

// branch visits the leaves of an element and below it, except below the branch
// that leads to the record, and except those of other lists if single is set.
func (t *twig) branch(except *twig, single bool, visit func(*twig)) {
	if t.isLeaf() {
		visit(t)
	}
	for _, c := range t.children {
		if c == except || single && c.repeated && len(c.children) > 0 {
			continue
		}
		c.branch(except, single, visit)
	}
}

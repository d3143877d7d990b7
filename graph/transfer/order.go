package transfer

import (
	"cmp"
	"fmt"
	"slices"

	"rummage/graph"
)

// unit is a run of sources each of which replaced the one before. Nothing of
// the same file may be imported in between, or that would have replaced them.
type unit struct {
	tasks  []*task
	after  int     // units that must come before
	before []*unit // units that must come after
}

func (u *unit) last() *task { return u.tasks[len(u.tasks)-1] }

func compareUnits(a, b *unit) int {
	x, y := &a.tasks[0].want, &b.tasks[0].want
	return cmp.Or(x.ImportedAt.Compare(y.ImportedAt), cmp.Compare(x.ID, y.ID))
}

// inOrder returns the tasks in an order of import that has led to these
// lines: by time of import, but that imports of one reading come in the order
// of their ids, that what replaced a source follows it, and that of one file
// what counts is imported last. Clocks may have been wrong; ids are not.
func inOrder(listed []graph.Source, byID map[graph.SourceID]*task) ([]*task, error) {
	units, of, err := unitsOf(listed, byID)
	if err != nil {
		return nil, err
	}
	follow := func(a, b *unit) {
		if a != b {
			a.before = append(a.before, b)
			b.after++
		}
	}
	imports := map[graph.Reading][]*task{}
	contents := map[graph.Content][]*unit{}
	for i := range listed {
		t := byID[listed[i].ID]
		imports[t.want.Reading()] = append(imports[t.want.Reading()], t)
	}
	for i := range listed {
		same := imports[listed[i].Reading()]
		delete(imports, listed[i].Reading())
		for n := range same {
			at := slices.IndexFunc(same, func(t *task) bool { return t.want.ID == listed[i].SourceSpec.ID(n) })
			if at < n {
				return nil, fmt.Errorf("source %s (%s): its id is that of no import of its file: %w", same[n].want.ID, same[n].want.Name, graph.ErrDamaged)
			}
			same[n], same[at] = same[at], same[n]
			if n > 0 {
				follow(of[same[n-1].want.ID], of[same[n].want.ID])
			}
		}
	}
	for _, u := range units {
		contents[u.last().want.Content()] = append(contents[u.last().want.Content()], u)
	}
	for _, u := range units {
		if u.last().want.EndedBy == graph.NotEnded {
			for _, other := range contents[u.last().want.Content()] {
				follow(other, u)
			}
		}
	}
	return sorted(units, len(listed))
}

// unitsOf joins sources with those that replaced them.
func unitsOf(listed []graph.Source, byID map[graph.SourceID]*task) (units []*unit, of map[graph.SourceID]*unit, err error) {
	replaced := map[graph.SourceID]bool{} // some source by this one
	for i := range listed {
		s := &listed[i]
		if s.Replaced == "" {
			continue
		}
		if by := byID[s.Replaced]; by == nil || by.want.Content() != s.Content() || replaced[s.Replaced] {
			return nil, nil, fmt.Errorf("source %s (%s): replaced by %s, which is not there or no reading of it: %w", s.ID, s.Name, s.Replaced, graph.ErrDamaged)
		}
		replaced[s.Replaced] = true
	}
	of = map[graph.SourceID]*unit{}
	for i := range listed {
		if replaced[listed[i].ID] {
			continue
		}
		u := &unit{}
		for t := byID[listed[i].ID]; t != nil; t = byID[t.want.Replaced] {
			u.tasks = append(u.tasks, t)
			of[t.want.ID] = u
		}
		units = append(units, u)
	}
	if len(of) != len(listed) {
		return nil, nil, fmt.Errorf("sources that replaced each other: %w", graph.ErrDamaged)
	}
	return units, of, nil
}

// sorted lays units out so that each follows those that it must, the earliest
// first among those that may come next.
func sorted(units []*unit, tasks int) ([]*task, error) {
	var ready []*unit
	add := func(u *unit) {
		at, _ := slices.BinarySearchFunc(ready, u, func(a, b *unit) int { return compareUnits(b, a) })
		ready = slices.Insert(ready, at, u)
	}
	for _, u := range units {
		if u.after == 0 {
			add(u)
		}
	}
	all := make([]*task, 0, tasks)
	for len(ready) > 0 {
		u := ready[len(ready)-1] // the earliest stands last
		ready = ready[:len(ready)-1]
		all = append(all, u.tasks...)
		for _, next := range u.before {
			if next.after--; next.after == 0 {
				add(next)
			}
		}
	}
	if len(all) != tasks {
		return nil, fmt.Errorf("sources that must each have come before the other: %w", graph.ErrDamaged)
	}
	return all, nil
}

package neo4j

import (
	"slices"

	"rummage/graph"
)

// gate is a resolved scope in the numbers of the database.
type gate struct {
	scope   graph.Scope
	sources map[int64]graph.SourceID // the visible ones by number
}

// numbers returns the numbers of the visible sources, rising.
func (g *gate) numbers() []int64 {
	all := make([]int64, 0, len(g.sources))
	for number := range g.sources {
		all = append(all, number)
	}
	slices.Sort(all)
	return all
}

// sees reports whether something that a source says of a day is in scope.
func (g *gate) sees(source int64, day graph.Date) bool {
	_, ok := g.sources[source]
	return ok && g.scope.Sees(day)
}

// mention is one source's support of a record: the smallest row of those with
// the earliest day.
type mention struct {
	source int64
	row    int64
	day    graph.Date
}

// add puts a mention into a list kept by source, and reports whether that
// changed it.
func addMention(all []mention, m mention) ([]mention, bool) {
	at, found := slices.BinarySearchFunc(all, m.source, func(had mention, source int64) int { return int(had.source - source) })
	if !found {
		return slices.Insert(all, at, m), true
	}
	if had := &all[at]; m.day < had.day || m.day == had.day && m.row < had.row {
		*had = m
		return all, true
	}
	return all, false
}

// addMentions adds several.
func addMentions(all, more []mention) (_ []mention, changed bool) {
	for _, m := range more {
		var added bool
		all, added = addMention(all, m)
		changed = changed || added
	}
	return all, changed
}

// dropMention takes a source out of a list.
func dropMention(all []mention, source int64) []mention {
	return slices.DeleteFunc(all, func(m mention) bool { return m.source == source })
}

// shown returns the origins that a gate lets through, ordered by source, and
// the earliest of their days; ok is false when there are none.
func (g *gate) shown(all []mention) (origins []graph.Origin, day graph.Date, ok bool) {
	for _, m := range all {
		if !g.sees(m.source, m.day) {
			continue
		}
		if !ok || m.day < day {
			day = m.day
		}
		ok = true
		origins = append(origins, graph.Origin{Source: g.sources[m.source], Row: m.row})
	}
	slices.SortFunc(origins, graph.CompareOrigins)
	return origins, day, ok
}

// any reports whether the gate lets one of them through.
func (g *gate) any(all []mention) bool {
	return slices.ContainsFunc(all, func(m mention) bool { return g.sees(m.source, m.day) })
}

// days returns the days of mentions beside the origins that shown made of them.
func (g *gate) days(all []mention, origins []graph.Origin) []graph.Date {
	days := make([]graph.Date, len(origins))
	for _, m := range all {
		origin := graph.Origin{Source: g.sources[m.source], Row: m.row}
		if at, found := slices.BinarySearchFunc(origins, origin, graph.CompareOrigins); found {
			days[at] = m.day
		}
	}
	return days
}

package ingest

import (
	"context"
	"slices"

	"rummage/ingest/format"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// readings lists how a part is read: once, or, where it holds records of several
// kinds that mappings know, once for each kind. What is wrong with the part is said
// when it is opened.
//
// The kind that the reader would take by itself is the part as a whole; another is
// told from it by the path of its records. So the same rows are the same part,
// whoever named their record.
func (r *run) readings(ctx context.Context, came *arrival, part read.Part) []*job {
	hints := r.options.Hints
	one := &job{arrival: came, part: part, options: r.options, joins: r.joins, hints: hints}
	wanted := r.records()
	hints.Record = ""
	tables, at, err := format.Tables(ctx, came.file, part, hints, wanted)
	if err != nil {
		if r.options.Mapping != nil && len(wanted) == 1 {
			one.hints.Record = wanted[0]
		}
		return []*job{one}
	}
	table := func(i int) *job {
		j := *one
		j.found, j.hints.Record = &tables[i], tables[i].Record
		if i > 0 {
			j.part.Sheet = tables[i].Record
			j.found.Part = j.part
		}
		return &j
	}
	switch {
	case tables[0].Record == "":
		one.hints, one.found = hints, &tables[0]
		one.library = r.knowing(true, func(*mapping.Mapping) bool { return false })
		return []*job{one}
	case r.options.Mapping == nil && r.options.Hints.Record == "":
		return r.recognised(ctx, tables, func(i int) *job {
			j := table(i)
			j.library = r.knowing(i == 0, func(m *mapping.Mapping) bool { return at[slices.Index(wanted, m.Record)] == i })
			return j
		})
	case len(wanted) == 0:
		return []*job{table(0)}
	case at[0] < 0: // it is not there, which is to be said
		one.hints.Record = wanted[0]
		return []*job{one}
	}
	return []*job{table(at[0])}
}

// recognised returns the kinds of records that mappings know, and the first where they
// know none.
func (r *run) recognised(ctx context.Context, tables []read.Dialect, table func(i int) *job) []*job {
	if len(tables) == 1 {
		return []*job{table(0)}
	}
	var all []*job
	for i := range tables {
		if j := table(i); j.recognise(ctx) == nil {
			all = append(all, j)
		}
	}
	if len(all) == 0 {
		return []*job{table(0)}
	}
	return all
}

// records lists the paths of records that are to be looked for: that which a person
// named, by itself or with a mapping, else those of the library.
func (r *run) records() []string {
	switch m := r.options.Mapping; {
	case r.options.Hints.Record != "":
		return []string{r.options.Hints.Record}
	case m != nil && m.Record == "":
		return nil
	case m != nil:
		return []string{m.Record}
	}
	var all []string
	for _, m := range r.options.Library {
		if m.Record != "" && !slices.Contains(all, m.Record) {
			all = append(all, m.Record)
		}
	}
	return all
}

// knowing lists the mappings for records of a kind: those that name none, if it is
// the first, and those of which has says that they name it.
func (r *run) knowing(first bool, has func(m *mapping.Mapping) bool) []*mapping.Mapping {
	var all []*mapping.Mapping
	for _, m := range r.options.Library {
		if m.Record == "" && first || m.Record != "" && has(m) {
			all = append(all, m)
		}
	}
	return all
}

package ingest

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"rummage/graph"
)

// Amended says that a new source speaks of consignments that another source speaks of, in other
// words: of each such pair of statements one counts, as if it amended the other. Where that holds
// of most consignments of a file, its numbers may be none.
type Amended struct {
	Source   graph.SourceID // the other
	Title    string         // its name
	Count    int            // consignments of which both speak
	Compared int            // of the new source that were looked at, mostAmended at most
}

// mostAmended is how many consignments of a new source are looked up, the first of its rows.
const mostAmended = 200

// consigned are the first consignments that rows of a source speak of, each once.
type consigned []graph.ID

// note adds those of a row that is stored.
func (c *consigned) note(row *graph.Row) {
	for i := range row.Statements {
		if len(*c) < mostAmended && len(row.Errors) == 0 && !slices.Contains(*c, row.Statements[i].Consignment) {
			*c = append(*c, row.Statements[i].Consignment)
		}
	}
}

// amends looks up which sources a new one amends most consignments of; none of one that mends
// another, or of too few consignments to tell.
func (r *run) amends(ctx context.Context, source graph.SourceID, among consigned) ([]Amended, error) {
	const few = 2
	if len(among) < few {
		return nil, nil
	}
	reader, err := r.store.Within(ctx, graph.Scope{})
	if err != nil {
		return nil, err
	}
	counts := map[graph.SourceID]int{}
	for _, id := range among {
		c, err := reader.Consignment(ctx, id)
		if errors.Is(err, graph.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, errors.Join(err, reader.Close())
		}
		for _, other := range rivals(c, source) {
			counts[other]++
		}
	}
	var all []Amended
	for other, n := range counts {
		if 2*n > len(among) && n >= few {
			all = append(all, Amended{Source: other, Title: r.titles[other], Count: n, Compared: len(among)})
		}
	}
	slices.SortFunc(all, func(a, b Amended) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Source, b.Source)) })
	return all, reader.Close()
}

// rivals are the sources with a statement of the same document and part as one of a source, that
// says something else.
func rivals(c *graph.Consignment, source graph.SourceID) []graph.SourceID {
	all := slices.Concat(c.Current, c.History)
	of := func(s *graph.Statement, id graph.SourceID) bool {
		return slices.ContainsFunc(s.Origins, func(o graph.Origin) bool { return o.Source == id })
	}
	var found []graph.SourceID
	for i := range all {
		own := &all[i]
		if !of(own, source) {
			continue
		}
		for k := range all {
			other := &all[k]
			if i == k || of(other, source) || own.View != other.View || own.Document != other.Document || own.Part != other.Part {
				continue
			}
			for _, o := range other.Origins {
				if !slices.Contains(found, o.Source) {
					found = append(found, o.Source)
				}
			}
		}
	}
	return found
}

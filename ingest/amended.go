package ingest

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"rummage/graph"
)

// Amended says that a new source speaks of consignments that another source speaks of, in other
// words and without a version or a day that would make it an amendment: of each such pair of
// statements one counts, as if it amended the other. Where that holds of most consignments of a
// file, its numbers may be none.
type Amended struct {
	Source   graph.SourceID // the other
	Title    string         // its name
	Count    int            // consignments of which both speak
	Compared int            // of the new source that were looked at, mostAmended at most
}

// mostAmended is how many consignments of a new source are looked up, the first of its rows: each
// is a search of the whole store.
const mostAmended = 50

// mostCompared is how many statements a consignment may have that is compared: what more rows
// speak of is no single consignment, and would be read again for each new source.
const mostCompared = 10_000

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
// another, or of too few consignments to tell. It ends when no source can have most of them any
// more, and at a consignment of more than mostCompared statements; one consignment at a time is
// held in memory.
func (r *run) amends(ctx context.Context, source graph.SourceID, among consigned) ([]Amended, error) {
	const few = 2
	if len(among) < few {
		return nil, nil
	}
	reader, err := r.store.Within(ctx, graph.Scope{})
	if err != nil {
		return nil, err
	}
	counts, best := map[graph.SourceID]int{}, 0
	for i, id := range among {
		if 2*(best+len(among)-i) <= len(among) {
			return nil, reader.Close()
		}
		c, err := reader.Consignment(ctx, id)
		if errors.Is(err, graph.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, errors.Join(err, reader.Close())
		}
		if len(c.Current)+len(c.History) > mostCompared {
			return nil, reader.Close()
		}
		for other := range rivals(c, source) {
			counts[other]++
			best = max(best, counts[other])
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

// place is where a statement stands in the chain of its document and part. Of two in one place
// neither amends the other.
type place struct {
	view           graph.View
	document, part string
	version        int64
	amended        graph.Date
}

// rivals are the sources with a statement in the place of one of a source, that says something else.
func rivals(c *graph.Consignment, source graph.SourceID) map[graph.SourceID]bool {
	all := slices.Concat(c.Current, c.History)
	if len(all) < 2 {
		return nil
	}
	of := func(s *graph.Statement) bool {
		return slices.ContainsFunc(s.Origins, func(o graph.Origin) bool { return o.Source == source })
	}
	at := func(s *graph.Statement) place { return place{s.View, s.Document, s.Part, s.Version, s.Amended} }
	own := map[place]bool{}
	for i := range all {
		if of(&all[i]) {
			own[at(&all[i])] = true
		}
	}
	found := map[graph.SourceID]bool{}
	for i := range all {
		if s := &all[i]; own[at(s)] && !of(s) {
			for _, o := range s.Origins {
				found[o.Source] = true
			}
		}
	}
	return found
}

package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A List is what parties are screened against.
type List struct {
	entries  []*Subject
	used     Frequency
	searches *sync.Pool
}

// NewList makes a list of its entries. Crowd is as in Options.
func NewList(ctx context.Context, entries []*Subject, crowd, threads int) (*List, error) {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b *Subject) int { return strings.Compare(string(a.ID), string(b.ID)) })
	work := spread{threads: threads, n: len(entries), piece: usualPiece}
	x, err := newIndex(ctx, heads{subjects: entries}, cmp.Or(crowd, usualCrowd), work)
	if err != nil {
		return nil, fmt.Errorf("resolve: list: %w", err)
	}
	return &List{entries: entries, used: counted(entries), searches: &sync.Pool{New: func() any { return newSearch(x) }}}, nil
}

// A Match is an entry of a list that a party may be.
type Match struct {
	Entry *Subject
	Judgement
}

// Screen returns the entries that the party scores at least so much with, the
// likeliest first, then by id. It may be called by several goroutines. Entries that
// share a key with it are compared, as in Propose.
func (l *List) Screen(s *Subject, least float64) []Match {
	search := l.searches.Get().(*search)
	defer l.searches.Put(search)
	search.look(s)
	slices.Sort(search.found)
	var all []Match
	for _, k := range search.found {
		entry := l.entries[k]
		if promising(s, entry, least) && scoreOf(s, entry, l.used) >= least {
			all = append(all, Match{entry, Judge(s, entry, l.used)})
		}
	}
	slices.SortStableFunc(all, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// A List is what parties are screened against.
type List struct {
	entries []*Subject
	index   *index
	used    Frequency
}

// NewList makes a list of its entries. Crowd is as in Options.
func NewList(ctx context.Context, entries []*Subject, crowd, threads int) (*List, error) {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b *Subject) int { return strings.Compare(string(a.ID), string(b.ID)) })
	keys, err := keysOf(ctx, entries, threads)
	if err != nil {
		return nil, fmt.Errorf("resolve: list: %w", err)
	}
	return &List{entries: entries, index: newIndex(entries, keys, cmp.Or(crowd, usualCrowd)), used: counted(entries)}, nil
}

// A Match is an entry of a list that a party may be.
type Match struct {
	Entry *Subject
	Judgement
}

// Screen returns the entries that the party scores at least so much with, the
// likeliest first, then by id. It may be called by several goroutines.
func (l *List) Screen(s *Subject, least float64) []Match {
	var others []uint32
	for _, sum := range l.index.followed(hashes(s)) {
		others = l.index.sharing(sum, others)
	}
	slices.Sort(others)
	var all []Match
	for _, k := range slices.Compact(others) {
		if j := Judge(s, l.entries[k], l.used); j.Score >= least {
			all = append(all, Match{l.entries[k], j})
		}
	}
	slices.SortStableFunc(all, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

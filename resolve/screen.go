package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rummage/resolve/name"
)

// A List is what parties are screened against.
type List struct {
	entries []*Subject
	used    Frequency
	glances *name.Glances
	places  []uint32 // of the names of all entries, in glances
	first   []uint32 // by entry, where its names begin
	desks   *sync.Pool
}

// desk is where a party is screened.
type desk struct {
	search  *search
	glances []name.Glance // of the names of the party
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
	l := &List{entries: entries, used: counted(entries), desks: &sync.Pool{New: func() any { return &desk{search: newSearch(x)} }}}
	var names []*name.Name
	for _, e := range entries {
		l.first = append(l.first, uint32(len(names)))
		names = append(names, e.names...)
	}
	l.first = append(l.first, uint32(len(names)))
	l.glances = name.NewGlances(names, nil, namesFor(usualLeast))
	l.places = l.glances.ByName()
	return l, nil
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
	at := l.desks.Get().(*desk)
	defer l.desks.Put(at)
	at.sit(l.glances, s)
	slices.Sort(at.search.found)
	var all []Match
	for _, k := range at.search.found {
		entry := l.entries[k]
		if at.may(s, entry, l.places[l.first[k]:l.first[k+1]], least) && scoreOf(s, entry, l.used) >= least {
			all = append(all, Match{entry, Judge(s, entry, l.used)})
		}
	}
	slices.SortStableFunc(all, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// sit makes ready for a party.
func (d *desk) sit(glances *name.Glances, s *Subject) {
	d.search.look(s)
	for len(d.glances) < len(s.names) {
		d.glances = append(d.glances, name.Glance{})
	}
	for i, n := range s.names {
		glances.For(n, &d.glances[i])
	}
}

// may says what promising says of the party and an entry, whose names have places.
func (d *desk) may(s, entry *Subject, places []uint32, least float64) bool {
	lack := lacking(s, entry, least)
	if len(s.names) == 0 || len(places) == 0 {
		return lack <= 0
	}
	score := scoreLacking(lack)
	for i := range s.names {
		d.glances[i].Ask(score)
		for _, place := range places {
			if d.glances[i].May(place) {
				return true
			}
		}
	}
	return false
}

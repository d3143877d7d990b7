package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/resolve/name"
)

// FindOptions are what Find is asked. The zero value is usable.
type FindOptions struct {
	// Least is the score from which a party is found; 0.5 when it is 0.
	Least float64
	// Also are parties that are judged whatever they score: those found otherwise.
	Also map[graph.ID]bool
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not
	// change the result.
	Threads int
	// Progress is told how many parties were looked at; nil for nobody.
	Progress func(parties int64)
}

// Found is what Find answers.
type Found struct {
	Parties  int // whose names were looked at
	Compared int // and compared
	// Matches are the parties that score enough, the likeliest first, then by id;
	// Also those that were to be judged in any case, by id.
	Matches, Also []Match
	// Nearest are the likeliest of those that score less, a few, in the same order. They say
	// what Least to ask with where there are no matches.
	Nearest []Match
}

// nearest is how many parties are told that score too little.
const nearest = 5

// Find looks for the parties of a scope that may bear a name, in whatever script and
// spelling. It judges as Propose and List do of a party that has this name and
// nothing else, by the rarity of words that Learn gives for the scope's parties.
//
// It looks at every name of the scope but prepares only those that a sieve lets
// through and a sample. Cost: one scan of the entities, and a fraction of a
// microsecond a name; memory for the sample and for what passed.
func Find(ctx context.Context, reader graph.Reader, text string, opts FindOptions) (*Found, error) {
	f := &finding{opts: opts, out: &Found{}, g: collection{clusters: reader.Identity(), all: map[graph.ID]*Party{}}}
	f.opts.Least = cmp.Or(opts.Least, usualLeast)
	f.sieve, f.open = newSieve(name.Prepare(name.Unknown, text))
	if !f.open && len(opts.Also) == 0 {
		return f.out, nil
	}
	want := graph.Want{Properties: []string{graph.PropertyName, graph.PropertyAlias}}
	for entity, err := range reader.Entities(ctx, want) {
		if err != nil {
			return nil, fmt.Errorf("resolve: find: %w", err)
		}
		switch kind := entity.ID.Kind(); {
		case kind == graph.Party:
			f.look(entity)
		case strings.Compare(string(entity.ID), partiesEnd) >= 0:
			return f.judge(ctx, text)
		}
	}
	return f.judge(ctx, text)
}

// partiesEnd comes behind the ids of all parties.
const partiesEnd = "party0"

// finding is a call of Find.
type finding struct {
	opts  FindOptions
	sieve *sieve
	open  bool // the sieve may let something through
	learn Learner
	g     collection // parties of several records, which are looked at when all are there
	near  []*Party
	out   *Found
}

// look takes a record that is a party by itself, if it may be near, and keeps one of
// several for later.
func (f *finding) look(entity *graph.Entity) {
	if cluster := f.g.clusters.Cluster(entity.ID); len(f.g.clusters.Members(cluster)) > 1 {
		f.g.of(cluster).take(entity)
		return
	}
	p := &Party{ID: entity.ID}
	p.take(entity)
	f.consider(p)
}

// consider learns from a party, and keeps it if it may be near.
func (f *finding) consider(p *Party) {
	p.settled()
	f.out.Parties++
	if f.opts.Progress != nil && f.out.Parties%4096 == 0 {
		f.opts.Progress(int64(f.out.Parties))
	}
	f.learn.Add(p.ID, p.Names)
	if f.opts.Also[p.ID] || f.open && slices.ContainsFunc(p.Names, f.sieve.passes) {
		f.near = append(f.near, p)
	}
}

// judge compares the name with those of the parties that may be near.
func (f *finding) judge(ctx context.Context, text string) (*Found, error) {
	for _, id := range f.g.order {
		f.consider(f.g.all[id])
	}
	h := Preparing{Corpus: f.learn.Corpus()}
	query := h.Prepare(Party{Names: []string{text}})
	all := make([]Match, len(f.near))
	err := share(ctx, f.opts.Threads, len(f.near), func(i int) {
		s := h.Prepare(*f.near[i])
		all[i] = Match{s, Judge(query, s, nil)}
	})
	if err != nil {
		return nil, fmt.Errorf("resolve: find: %w", err)
	}
	f.out.Compared = len(all)
	slices.SortFunc(all, func(a, b Match) int { return strings.Compare(string(a.Entry.ID), string(b.Entry.ID)) })
	for _, m := range all {
		if f.opts.Also[m.Entry.ID] {
			f.out.Also = append(f.out.Also, m)
		}
		switch {
		case m.Score >= f.opts.Least:
			f.out.Matches = append(f.out.Matches, m)
		case m.Score > 0:
			f.out.Nearest = append(f.out.Nearest, m)
		}
	}
	byScore := func(a, b Match) int { return cmp.Compare(b.Score, a.Score) }
	slices.SortStableFunc(f.out.Matches, byScore)
	slices.SortStableFunc(f.out.Nearest, byScore)
	f.out.Nearest = f.out.Nearest[:min(len(f.out.Nearest), nearest)]
	return f.out, nil
}

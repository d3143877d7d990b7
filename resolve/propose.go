package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/graph"
)

// Options of Propose. The zero value is usable.
type Options struct {
	// Least is the score from which a pair is proposed; 0.5 when it is 0.
	Least float64
	// Crowd is how many parties may share a key that is followed; 200 when it is 0.
	Crowd int
	// Judged tells pairs that are not to be proposed, since somebody has judged them;
	// nil for none.
	Judged func(a, b graph.ID) bool
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not
	// change the result.
	Threads int
}

// A Pair is two parties that may be one. A is the smaller id.
type Pair struct {
	A, B graph.ID
	Judgement
}

// Proposals are the pairs that are worth a look.
type Proposals struct {
	Parties  int
	Compared int     // pairs that share a key
	Pairs    []Pair  // the likeliest first, then by ids
	Left     []Crowd // contacts that so many share that they were not followed
}

const (
	usualLeast = 0.5
	usualCrowd = 200
)

// Propose finds the pairs of parties that score at least so much. Pairs are
// compared that share a key: the sound or the consonants of one of their two rarest
// words, the beginning of the name written as one word, the rest of an address
// below its street, a line or a mailbox. Two spellings of a name that agree in none
// of them are missed; tests measure how many that are. An address that a list names
// without a name is nobody's other name, and in no pair.
//
// The result depends on the set of parties alone, not on their order or the number
// of threads. Cost: the parties, times at most the keys of one and the crowd.
func Propose(ctx context.Context, subjects []*Subject, opts Options) (*Proposals, error) {
	least, crowd := cmp.Or(opts.Least, usualLeast), cmp.Or(opts.Crowd, usualCrowd)
	subjects = slices.Clone(subjects)
	slices.SortFunc(subjects, func(a, b *Subject) int { return strings.Compare(string(a.ID), string(b.ID)) })
	keys, err := keysOf(ctx, subjects, opts.Threads)
	if err != nil {
		return nil, fmt.Errorf("resolve: propose: %w", err)
	}
	x := newIndex(subjects, keys, crowd)
	used := counted(subjects)
	found := make([][]Pair, len(subjects))
	compared := make([]int, len(subjects))
	err = share(ctx, opts.Threads, len(subjects), func(i int) {
		var others []uint32
		for _, sum := range x.followed(keys[i]) {
			others = x.sharing(sum, others)
		}
		slices.Sort(others)
		for _, k := range slices.Compact(others) {
			a, b := subjects[i], subjects[k]
			if int(k) <= i || a.placeOnly() || b.placeOnly() || opts.Judged != nil && opts.Judged(a.ID, b.ID) {
				continue
			}
			compared[i]++
			if j := Judge(a, b, used); j.Score >= least {
				found[i] = append(found[i], Pair{a.ID, b.ID, j})
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("resolve: propose: %w", err)
	}
	out := &Proposals{Parties: len(subjects), Left: x.left}
	for i := range found {
		out.Compared += compared[i]
		out.Pairs = append(out.Pairs, found[i]...)
	}
	slices.SortFunc(out.Pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(string(a.A), string(b.A)), strings.Compare(string(a.B), string(b.B)))
	})
	return out, nil
}

// counted counts how many parties use each contact.
func counted(subjects []*Subject) Frequency {
	users := map[use]int{}
	for _, s := range subjects {
		s.uses(func(u use) { users[u]++ })
	}
	return func(kind, text string) int { return users[use{kind, text}] }
}

// readable is a key for people.
func readable(key string) string { return strings.ReplaceAll(key, "\x00", " ") }

// Judged returns the pairs that decisions speak of, for Options.Judged: by the
// clusters that hold them.
func Judged(decisions []graph.Decision, clusters *graph.Identity) func(a, b graph.ID) bool {
	type pair struct{ a, b graph.ID }
	ordered := func(a, b graph.ID) pair {
		if b < a {
			a, b = b, a
		}
		return pair{a, b}
	}
	known := map[pair]bool{}
	for i := range decisions {
		if d := &decisions[i]; d.Kind.AboutPair() {
			known[ordered(clusters.Cluster(d.Subject), clusters.Cluster(d.Other))] = true
		}
	}
	return func(a, b graph.ID) bool { return known[ordered(a, b)] }
}

package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rummage/graph"
	"rummage/resolve/name"
)

// Options of Propose. The zero value is usable.
type Options struct {
	// Least is the score from which a pair is proposed; 0.5 when it is 0.
	Least float64
	// Crowd is how many parties may share a key that is followed; 200 when it is 0.
	Crowd int
	// Most is how many pairs are told with their reasons, the likeliest; all when it
	// is 0. A pair takes 16 bytes, and some hundreds more with its reasons.
	Most int
	// Judged tells pairs that are not to be proposed, since somebody has judged them;
	// nil for none.
	Judged func(a, b graph.ID) bool
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not
	// change the result.
	Threads int
	// Progress is told how many parties a stage is done with, by several goroutines;
	// nil for nobody.
	Progress func(stage string, done, total int)
}

// Stages of Propose, as Progress names them.
const (
	StageIndex   = "index"
	StageCompare = "compare"
)

// A Pair is two parties that may be one. A is the smaller id.
type Pair struct {
	A, B graph.ID
	Judgement
}

// Proposals are the pairs that are worth a look.
type Proposals struct {
	Parties  int
	Compared int     // pairs that share a key; one that a misspelling leads to counts from either side
	Scored   int     // those of them that were not ruled out at a glance
	Found    int     // pairs that score enough
	Pairs    []Pair  // the likeliest first, then by ids; no more than Options.Most
	Left     []Crowd // contacts that so many share that they were not followed
}

const (
	usualLeast = 0.5
	usualCrowd = 200
)

// Propose finds the pairs of parties that score at least so much. Pairs are
// compared that share a key: a word that tells a name from others or one that it may
// be a misspelling of, by itself where few have it, together with a second word
// where many have it; all words; the beginning of the name written as one word; the
// rest of an address below its street, a line or a mailbox. Two spellings of a name
// that agree in none of them are missed; tests measure how many that are. An address
// that a list names without a name is nobody's other name, and in no pair.
//
// The result depends on the set of parties alone, not on their order or the number
// of threads. Cost: the parties, times at most some crowds; in practice some hundred
// pairs a party, most of which a bound rules out. Memory, beside the parties: some
// 200 bytes each.
func Propose(ctx context.Context, subjects []*Subject, opts Options) (*Proposals, error) {
	p := newProposing(subjects, &opts)
	if err := p.find(ctx, &opts); err != nil {
		return nil, fmt.Errorf("resolve: propose: %w", err)
	}
	p.tell(opts.Most)
	return &p.out, nil
}

// proposing is a call of Propose.
type proposing struct {
	subjects []*Subject
	least    float64
	judged   func(a, b graph.ID) bool
	used     Frequency
	// glances hold the first name of each subject. Those of whom nothing but one name is
	// known, and who cannot be told apart by it, have one place: they are looked up, and
	// compared with others, once.
	glances *name.Glances
	named   float64    // what names must score where nothing else is known
	index   *index     // of the first subject of each place
	mu      sync.Mutex // for what follows
	found   []scored
	out     Proposals
}

func newProposing(subjects []*Subject, opts *Options) *proposing {
	subjects = slices.Clone(subjects)
	slices.SortFunc(subjects, func(a, b *Subject) int { return strings.Compare(string(a.ID), string(b.ID)) })
	names := make([]*name.Name, len(subjects))
	for i, s := range subjects {
		if len(s.names) > 0 {
			names[i] = s.names[0]
		}
	}
	p := &proposing{
		subjects: subjects, least: cmp.Or(opts.Least, usualLeast), judged: opts.Judged, used: counted(subjects), out: Proposals{Parties: len(subjects)},
	}
	p.named = namesFor(p.least)
	p.glances = name.NewGlances(names, func(i int) bool { return subjects[i].plain() == nil }, p.named)
	return p
}

// heads are the first subjects of each place.
func (p *proposing) heads() heads {
	n := p.glances.Places()
	h := heads{
		subjects: make([]*Subject, n), several: make([]uint64, n/64+1),
		parties: func(head uint32) int { return len(p.glances.At(head)) },
	}
	for i := range n {
		at := p.glances.At(uint32(i))
		h.subjects[i] = p.subjects[at[0]]
		if len(at) > 1 {
			h.several[i/64] |= 1 << (i % 64)
		}
	}
	return h
}

// scored is a pair of subjects, the first before the second.
type scored struct {
	score float64
	a, b  uint32
}

func (o *Options) report(stage string) func(done, total int) {
	if o.Progress == nil {
		return nil
	}
	return func(done, total int) { o.Progress(stage, done, total) }
}

func (p *proposing) find(ctx context.Context, opts *Options) error {
	work := spread{
		threads: opts.Threads, n: p.glances.Places(), piece: usualPiece, progress: opts.report(StageIndex),
		before: func(i int) int { return p.glances.Before(uint32(i)) },
	}
	x, err := newIndex(ctx, p.heads(), cmp.Or(opts.Crowd, usualCrowd), work)
	if err != nil {
		return err
	}
	p.index, p.out.Left = x, x.left
	searches := sync.Pool{New: func() any { return newSearch(x) }}
	work.progress = opts.report(StageCompare)
	return work.do(ctx, func(from, to int) {
		s := searches.Get().(*search)
		defer searches.Put(s)
		t := tally{proposing: p}
		for i := from; i < to && ctx.Err() == nil; i++ {
			t.look(uint32(i), s)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.found = append(p.found, t.found...)
		p.out.Compared += t.compared
		p.out.Scored += t.scored
	})
}

// tell sorts the pairs, leaves each once, and fills in the reasons of the first.
func (p *proposing) tell(most int) {
	slices.SortFunc(p.found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b))
	})
	p.found = slices.Compact(p.found)
	p.out.Found = len(p.found)
	if most <= 0 {
		most = len(p.found)
	}
	for _, f := range p.found[:min(most, len(p.found))] {
		a, b := p.subjects[f.a], p.subjects[f.b]
		p.out.Pairs = append(p.out.Pairs, Pair{a.ID, b.ID, Judge(a, b, p.used)})
	}
}

// counted counts how many parties use each contact.
func counted(subjects []*Subject) Frequency {
	users := map[use]int{}
	for _, s := range subjects {
		if s.contacts == &unreachable {
			continue
		}
		s.uses(func(u use) { users[u]++ })
	}
	return func(kind, text string) int { return users[use{kind, text}] }
}

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

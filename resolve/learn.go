package resolve

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/resolve/name"
)

// mostLearned is from how many parties the rarity of words is learnt, at most: so
// many that a word which one name in a hundred has is met some hundred times.
const mostLearned = 20_000

// Learner learns how rare words are from the names of parties. Of more than 20,000
// it takes those whose ids come first by a hash: the same whatever their order, and
// at a bounded cost. It is for one goroutine. The zero value is ready.
type Learner struct {
	taken []sample
	bar   uint64 // hash of the last that counts, once there are enough
}

type sample struct {
	sum   uint64
	id    graph.ID
	names []string
}

// Add hands in a party, once, with its names. The slice must not change.
func (l *Learner) Add(id graph.ID, names []string) {
	sum := spot(id)
	if len(names) == 0 || l.bar > 0 && sum > l.bar {
		return
	}
	l.taken = append(l.taken, sample{sum, id, names})
	if len(l.taken) == 2*mostLearned {
		l.settle()
		l.bar = l.taken[len(l.taken)-1].sum
	}
}

// spot is where an id stands among all that might be: its hash by FNV-1a, with the
// differences of similar ids spread over all bits.
func spot(id graph.ID) uint64 {
	sum := uint64(0xcbf29ce484222325)
	for i := range len(id) {
		sum = (sum ^ uint64(id[i])) * 0x100000001b3
	}
	sum ^= sum >> 32
	sum *= 0x9E3779B97F4A7C15
	return sum ^ sum>>29
}

// settle leaves those that come first, in order.
func (l *Learner) settle() {
	slices.SortFunc(l.taken, func(a, b sample) int {
		return cmp.Or(cmp.Compare(a.sum, b.sum), strings.Compare(string(a.id), string(b.id)))
	})
	l.taken = l.taken[:min(len(l.taken), mostLearned)]
}

// Corpus returns what was learnt, for Preparing.Corpus. Cost: some microseconds a
// name, on all processors.
func (l *Learner) Corpus() *name.Corpus {
	l.settle()
	prepared := make([][]*name.Name, len(l.taken))
	_ = share(context.Background(), 0, len(l.taken), func(i int) { // nobody cancels it
		for _, text := range l.taken[i].names {
			prepared[i] = append(prepared[i], name.Prepare(name.Unknown, text))
		}
	})
	c := &name.Corpus{}
	for _, names := range prepared {
		for _, n := range names {
			c.Add(n)
		}
	}
	return c
}

// Learn is the Corpus of a Learner that was handed all parties.
func Learn(parties []Party) *name.Corpus {
	var l Learner
	for i := range parties {
		l.Add(parties[i].ID, parties[i].Names)
	}
	return l.Corpus()
}

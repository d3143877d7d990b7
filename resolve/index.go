package resolve

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
)

// index finds the subjects that share a key. A key that more than a crowd share is
// not followed: one of contacts not at all, as what so many share says nothing. A
// word is followed by itself where few have it or nothing else tells a name from
// others, else only where a second word, or all the others, agree too.
type index struct {
	crowd int // may share all words, or a contact
	some  int // two words, or a beginning
	few   int // one word
	names *table
	hubs  *table // contacts
	words vocabulary
	left  []Crowd
	heads heads
}

// heads are the parties that an index knows, one for all that have the same keys.
type heads struct {
	subjects []*Subject
	parties  func(head uint32) int // how many a head stands for; nil for one each
	several  []uint64              // a bit for each head that stands for more than one
}

// count is how many parties a group of an index stands for; where they are more than
// so many, that they are more.
func (h *heads) count(t *table, group []uint64, most int) int {
	n := len(group)
	if h.parties == nil || n > most {
		return n
	}
	for _, pair := range group {
		if who := t.who(pair); h.several[who/64]>>(who%64)&1 != 0 {
			n += h.parties(who) - 1
		}
	}
	return n
}

// Crowd is a key that was not followed, as too many parties share it.
type Crowd struct {
	Key     string
	Parties int
}

// Parts of a crowd that may share what says less than all words of a name: two
// words, and one.
const (
	someOf = 4
	fewOf  = 8
)

// newIndex indexes heads.
func newIndex(ctx context.Context, h heads, crowd int, work spread) (*index, error) {
	subjects := h.subjects
	x := &index{crowd: crowd, names: newTable(len(subjects)), hubs: newTable(len(subjects)), heads: h}
	x.some, x.few = max(crowd/someOf, 1), max(crowd/fewOf, 1)
	x.words.few = x.few
	var words gathering
	names := sync.Pool{New: func() any { return &adding{t: x.names} }}
	hubs := sync.Pool{New: func() any { return &adding{t: x.hubs} }}
	err := work.do(ctx, func(from, to int) {
		name, hub := names.Get().(*adding), hubs.Get().(*adding)
		defer names.Put(name)
		defer hubs.Put(hub)
		var room []outline
		for i := from; i < to; i++ {
			room = subjects[i].outlines(room)
			for k := range room {
				room[k].post(name, uint32(i), &words)
			}
			subjects[i].reaches(func(key string) { hub.add(hash("contact", key), uint32(i)) })
		}
		name.flush()
		hub.flush()
	})
	if err != nil {
		return nil, err
	}
	for _, t := range []*table{x.names, x.hubs} {
		if err := t.sort(ctx, work.threads); err != nil {
			return nil, err
		}
	}
	x.leave()
	return x, x.words.build(ctx, &words, func(word uint64) int { return h.count(x.names, x.names.group(word), math.MaxInt) }, work.threads)
}

// post enters the keys of a name.
func (o *outline) post(to *adding, who uint32, words *gathering) {
	for i := range o.items {
		it := &o.items[i]
		if it.alone {
			to.add(it.sum, who)
		}
		if it.sound != "" {
			words.add(it)
		}
	}
	o.pairs(func(i, k int) { to.add(both(o.items[i].sum, o.items[k].sum), who) })
	if len(o.items) > 0 {
		to.add(whole(o.words), who)
	}
	for _, key := range o.extra {
		to.add(key, who)
	}
}

// mostCrowds is how many crowds are told.
const mostCrowds = 100

// leave notes the keys of contacts that are not followed, the greatest crowds
// first. The texts are found again by the first subject that has the key.
func (x *index) leave() {
	x.hubs.groups(func(group []uint64) {
		if len(group) <= x.crowd {
			return
		}
		x.heads.subjects[x.hubs.who(group[0])].reaches(func(key string) {
			if same := x.hubs.group(hash("contact", key)); len(same) == len(group) && &same[0] == &group[0] {
				x.left = append(x.left, Crowd{key, len(group)})
			}
		})
	})
	slices.SortFunc(x.left, func(a, b Crowd) int { return cmp.Or(cmp.Compare(b.Parties, a.Parties), cmp.Compare(a.Key, b.Key)) })
	x.left = x.left[:min(len(x.left), mostCrowds)]
}

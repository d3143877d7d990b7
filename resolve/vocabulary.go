package resolve

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"rummage/resolve/name"
	"rummage/resolve/name/script"
)

// vocabulary is the words of all names that an index holds, by their letters. What a
// misspelt word may be is looked up among words, of which there are far fewer than
// names.
type vocabulary struct {
	words []written // in the order of their hashes
	keys  *table    // fuzzy keys of words
	plans []plan
	few   int
}

// written is a word as it is spelled.
type written struct {
	hash        uint64 // of the text
	text, sound string
	sum         uint64 // of the sound: what names are found by
	bones       uint64 // hash of the consonants
	users       uint32 // how many names have a word of the sound
	common      bool   // a word of trade or a place, which is not followed by itself
}

// plan is how a word is followed: the sounds that may be the same word, first those
// that few enough names have to be followed by themselves, then those that are
// followed only where another word agrees too.
type plan struct {
	near     []uint64
	taken    int
	complete bool // all of it, and the word itself, is followed by itself
}

const (
	// mostAlike is how many words may share a fuzzy key that is followed.
	mostAlike = 400
	// mostNear is how many words are tried for one.
	mostNear = 40
)

// gathering collects words, from several goroutines.
type gathering struct {
	shards [64]struct {
		mu    sync.Mutex
		words map[uint64]written
	}
}

func (g *gathering) add(it *item) {
	w := written{hash: hash("text", it.text), text: it.text, sound: it.sound, sum: it.sum, common: !it.alone}
	switch {
	case w.common:
		w.hash = hash("common", it.text)
	case it.sound != script.Sound(it.text):
		w.hash = hash("text", it.text, " ", it.sound) // a given name, by what it is in every spelling
	}
	s := &g.shards[w.hash%uint64(len(g.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.words == nil {
		s.words = map[uint64]written{}
	}
	if _, known := s.words[w.hash]; !known {
		s.words[w.hash] = w
	}
}

// build makes the vocabulary of the words gathered. Users tells how many parties have
// a word.
func (v *vocabulary) build(ctx context.Context, g *gathering, users func(word uint64) int, threads int) error {
	for i := range g.shards {
		for _, w := range g.shards[i].words {
			v.words = append(v.words, w)
		}
		g.shards[i].words = nil
	}
	slices.SortFunc(v.words, func(a, b written) int { return cmp.Compare(a.hash, b.hash) })
	v.keys, v.plans = newTable(len(v.words)), make([]plan, len(v.words))
	all := spread{threads: threads, n: len(v.words), piece: usualPiece}
	pool := sync.Pool{New: func() any { return &adding{t: v.keys} }}
	err := all.do(ctx, func(from, to int) {
		adding := pool.Get().(*adding)
		defer pool.Put(adding)
		var keys []uint64
		for i := from; i < to; i++ {
			w := &v.words[i]
			w.bones, w.users = hash("bones", skeleton(w.sound)), uint32(users(w.sum))
			keys = fuzzy(w.text, w.sound, keys)
			for _, k := range keys {
				adding.add(k, uint32(i))
			}
		}
		adding.flush()
	})
	if err != nil {
		return err
	}
	if err := v.keys.sort(ctx, threads); err != nil {
		return err
	}
	return all.do(ctx, func(from, to int) {
		var m mulling
		for i := from; i < to; i++ {
			v.plans[i] = v.plan(&v.words[i], &m)
		}
	})
}

// of returns the plan for a word that so many names have.
func (v *vocabulary) of(it *item, users int, m *mulling) plan {
	i, found := slices.BinarySearchFunc(v.words, hash("text", it.text), func(w written, hash uint64) int { return cmp.Compare(w.hash, hash) })
	if found && v.words[i].sum == it.sum {
		return v.plans[i]
	}
	w := written{text: it.text, sound: it.sound, sum: it.sum, bones: hash("bones", skeleton(it.sound)), users: uint32(users)}
	return v.plan(&w, m)
}

// mulling is room to make plans in.
type mulling struct {
	keys  []uint64
	words []candidate
}

// candidate is a word that another may stand for.
type candidate struct {
	word  uint32
	edits int
}

func (v *vocabulary) plan(w *written, m *mulling) plan {
	v.alike(w, m)
	left := v.few
	p := plan{complete: int(w.users) <= left}
	if p.complete {
		left -= int(w.users)
	}
	if len(m.words) == 0 {
		return p
	}
	var rest []uint64
	for _, c := range m.words {
		other := &v.words[c.word]
		if n := int(other.users); n <= left && !other.common {
			p.near = append(p.near, other.sum)
			left -= n
		} else {
			rest = append(rest, other.sum)
		}
	}
	p.taken = len(p.near)
	p.near = append(p.near, rest...)
	p.complete = p.complete && len(rest) == 0
	return p
}

// alike finds the words that a word may be a misspelling of, one of each sound: the
// nearest first, then those that fewer names have.
func (v *vocabulary) alike(w *written, m *mulling) {
	m.words = m.words[:0]
	m.keys = fuzzy(w.text, w.sound, m.keys)
	for _, key := range m.keys {
		group := v.keys.group(key)
		if len(group) > mostAlike {
			continue
		}
		for _, pair := range group {
			m.words = append(m.words, candidate{word: v.keys.who(pair)})
		}
	}
	slices.SortFunc(m.words, func(a, b candidate) int { return cmp.Compare(a.word, b.word) })
	m.words = slices.Compact(m.words)
	near := m.words[:0]
	for _, c := range m.words {
		other := &v.words[c.word]
		if other.sum == w.sum {
			continue
		}
		c.edits = min(name.Edits(w.text, other.text), name.Edits(w.sound, other.sound))
		if other.bones == w.bones || c.edits <= max(1, max(len(w.sound), len(other.sound))/4) {
			near = append(near, c)
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		x, y := &v.words[a.word], &v.words[b.word]
		return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(x.users, y.users), cmp.Compare(x.sum, y.sum), cmp.Compare(a.word, b.word))
	})
	m.words = near[:0]
	for _, c := range near[:min(len(near), 2*mostNear)] {
		sum := v.words[c.word].sum
		if len(m.words) < mostNear && !slices.ContainsFunc(m.words, func(o candidate) bool { return v.words[o.word].sum == sum }) {
			m.words = append(m.words, c)
		}
	}
}

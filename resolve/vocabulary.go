package resolve

import (
	"cmp"
	"context"
	"math/bits"
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
	letters     uint32 // set of those of the text
	tones       uint32 // and of the sound
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
			w.measure()
			w.users = uint32(users(w.sum))
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
	rooms := sync.Pool{New: func() any { return &mulling{} }}
	return all.do(ctx, func(from, to int) {
		m := rooms.Get().(*mulling)
		defer rooms.Put(m)
		for i := from; i < to; i++ {
			v.plans[i] = v.plan(&v.words[i], m)
		}
	})
}

// of returns the plan for a word that so many names have.
func (v *vocabulary) of(it *item, users int, m *mulling) plan {
	i, found := slices.BinarySearchFunc(v.words, hash("text", it.text), func(w written, hash uint64) int { return cmp.Compare(w.hash, hash) })
	if found && v.words[i].sum == it.sum {
		return v.plans[i]
	}
	w := written{text: it.text, sound: it.sound, sum: it.sum, users: uint32(users)}
	w.measure()
	return v.plan(&w, m)
}

// mulling is room to make plans in.
type mulling struct {
	keys   []uint64
	words  []candidate
	seen   []uint32 // by word, the number of the last search that met it
	number uint32
}

// begin makes ready for a search among so many words.
func (m *mulling) begin(words int) {
	if m.number++; len(m.seen) != words || m.number == 0 {
		m.seen, m.number = make([]uint32, words), 1
	}
	m.words = m.words[:0]
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

// measure fills in what is derived from the text and the sound.
func (w *written) measure() {
	w.bones = hash("bones", skeleton(w.sound))
	w.letters, w.tones = lettersOf(w.text), lettersOf(w.sound)
}

// lettersOf is the set of the letters of a text, of those that edits are counted of.
func lettersOf(text string) uint32 {
	set := uint32(0)
	for i := range min(len(text), mostCompared) {
		set |= 1 << (text[i] & 31)
	}
	return set
}

// mostCompared is how many letters name.Edits compares.
const mostCompared = 64

// near says whether another word may be a misspelling, and how many letters differ
// then. An edit changes the length by one at most, and the set of letters by two.
func (w *written) near(other *written) (edits int, ok bool) {
	if other.sum == w.sum {
		return 0, false
	}
	bones, most := other.bones == w.bones, max(1, max(len(w.sound), len(other.sound))/4)
	if !bones && apart(w.text, other.text, w.letters^other.letters) > most && apart(w.sound, other.sound, w.tones^other.tones) > most {
		return 0, false
	}
	edits = min(name.Edits(w.text, other.text), name.Edits(w.sound, other.sound))
	return edits, bones || edits <= most
}

// apart is at least how many edits lie between two texts, whose letters differ so.
func apart(a, b string, letters uint32) int {
	m, n := min(len(a), mostCompared), min(len(b), mostCompared)
	return max(m-n, n-m, (bits.OnesCount32(letters)+1)/2)
}

// alike finds the words that a word may be a misspelling of, one of each sound: the
// nearest first, then those that fewer names have.
func (v *vocabulary) alike(w *written, m *mulling) {
	m.begin(len(v.words))
	m.keys = fuzzy(w.text, w.sound, m.keys)
	for _, key := range m.keys {
		group := v.keys.group(key)
		if len(group) > mostAlike {
			continue
		}
		for _, pair := range group {
			at := v.keys.who(pair)
			if m.seen[at] == m.number {
				continue
			}
			m.seen[at] = m.number
			if edits, ok := w.near(&v.words[at]); ok {
				m.words = append(m.words, candidate{at, edits})
			}
		}
	}
	near := m.words
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

package name

import (
	"math/bits"
	"slices"

	"rummage/resolve/name/script"
)

// how says why two words were put together.
type how uint8

const (
	exactly  how = iota // the same letters
	meaning             // a common word and its meaning, in any language
	together            // written in one word here, in several there
	letters             // nearly the same letters
	sounding            // nearly the same sound
	bony                // the same consonants, where an abjad leaves vowels out
	lettered            // an initial and a word
)

var hows = [...]string{"same", "same meaning", "joined", "similar", "sounds alike", "same consonants", "initial"}

// pair is an alignment of words: nx words of one name from i on with ny words
// of the other from j on.
type pair struct {
	i, j, nx, ny uint8
	how          how
	edits        uint8   // letters that differ
	sim          float32 // 0 to 1
}

// measure compares one reading of a name with one of another. It lives on the
// stack; comparing allocates nothing.
type measure struct {
	x, y       []*word
	kind       Kind
	doneX      uint32 // words that are in a pair, as bits
	doneY      uint32
	pairs      [maxWords]pair
	n          int
	values     values
	evidence   float32 // what the shared words are worth
	numbers    bool    // numbers that contradict each other
	reversed   bool    // father and son swapped
	byInitials bool    // some evidence is a letter only
	strangers  bool    // an ordinary word stands alone
	turned     bool    // x is of the second name
}

// align puts the words of both readings into pairs: equal ones first, then
// those that are one word here and several there, then similar ones from the
// most similar on, then initials. Order does not matter.
func (m *measure) align() {
	m.exact()
	if m.open() {
		m.join(m.x, m.y, false)
		m.join(m.y, m.x, true)
	}
	if m.open() {
		m.similar()
	}
	if m.open() {
		m.initials()
	}
}

// open says whether both sides have words left.
func (m *measure) open() bool {
	return bits.OnesCount32(m.doneX) < len(m.x) && bits.OnesCount32(m.doneY) < len(m.y) && m.n < maxWords
}

func (m *measure) add(p pair) {
	m.doneX |= (1<<p.nx - 1) << p.i
	m.doneY |= (1<<p.ny - 1) << p.j
	m.pairs[m.n] = p
	m.n++
}

func (m *measure) exact() {
	for i := range m.x {
		for j := range m.y {
			if m.doneY&(1<<j) != 0 {
				continue
			}
			if h, ok := same(m.x[i], m.y[j]); ok {
				m.add(pair{i: uint8(i), j: uint8(j), nx: 1, ny: 1, how: h, sim: 1})
				break
			}
		}
	}
}

// same says whether two words are equal: by meaning, or by letters. Words in
// one script of characters are equal only if the characters are.
func same(x, y *word) (how, bool) {
	if x == y && x.text != "" {
		return exactly, true
	}
	if x.idea != y.idea && x.idea != 0 && y.idea != 0 {
		return 0, false
	}
	if x.idea != 0 && x.idea == y.idea {
		if x.text == y.text {
			return exactly, true
		}
		return meaning, true
	}
	if bothNative(x, y) {
		return exactly, slices.Equal(x.native, y.native)
	}
	return exactly, x.text == y.text && x.text != ""
}

// bothNative says whether two words can be compared in their own script.
func bothNative(x, y *word) bool {
	return len(x.native) > 0 && len(y.native) > 0 && x.script == y.script
}

// maxJoined is how many words on one side may be one on the other.
const maxJoined = 4

// join looks for two to four words that follow each other on one side and are
// one word on the other: van der Bilt, Good Will.
func (m *measure) join(from, to []*word, swapped bool) {
	for i := range from {
		for n := 2; n <= maxJoined && i+n <= len(from); n++ {
			m.joinAt(from, to, i, n, swapped)
		}
	}
}

func (m *measure) joinAt(from, to []*word, i, n int, swapped bool) {
	doneFrom, doneTo := m.doneX, m.doneY
	if swapped {
		doneFrom, doneTo = doneTo, doneFrom
	}
	if doneFrom>>i&(1<<n-1) != 0 || m.n == maxWords {
		return
	}
	set, size := uint32(0), 0
	for k := range n {
		if from[i+k].flags&number != 0 {
			return
		}
		set |= from[i+k].letters
		size += len(from[i+k].text)
	}
	if size > maxLetters {
		return
	}
	for j := range to {
		other := to[j]
		slack := 1
		if (len(from[i].native) > 0) != (len(other.native) > 0) {
			slack = 1 + size/8 // a spelling by one system beside one by another
		}
		if doneTo&(1<<j) == 0 && bothNative(from[i], other) && joinedNative(from[i:i+n], other.native) {
			m.joined(pair{i: uint8(i), j: uint8(j), nx: uint8(n), ny: 1, how: together, sim: 1}, swapped)
			return
		}
		if doneTo&(1<<j) == 0 && (from[i].flags^other.flags)&abjad != 0 && joinedBones(from[i:i+n], other.text) {
			m.joined(pair{i: uint8(i), j: uint8(j), nx: uint8(n), ny: 1, how: bony, sim: 0.9}, swapped)
			return
		}
		if doneTo&(1<<j) != 0 || len(other.text) < size-slack || len(other.text) > size+slack ||
			bits.OnesCount32(set^other.letters) > 2*slack || bothNative(from[i], other) {
			continue
		}
		if sim, d := joined(from[i:i+n], other.text, slack); sim > 0 {
			m.joined(pair{i: uint8(i), j: uint8(j), nx: uint8(n), ny: 1, how: together, sim: sim, edits: d}, swapped)
			return
		}
	}
}

func (m *measure) joined(p pair, swapped bool) {
	if swapped {
		p.i, p.j, p.nx, p.ny = p.j, p.i, p.ny, p.nx
	}
	m.add(p)
}

// joinedBones says whether the consonants of words, written together, are those
// of one word.
func joinedBones(words []*word, other string) bool {
	var one, two [32]byte
	rest := script.Bones(other, two[:])
	for i := range words {
		b := script.Bones(words[i].text, one[:])
		if len(b) > len(rest) || string(b) != string(rest[:len(b)]) {
			return false
		}
		rest = rest[len(b):]
	}
	return len(rest) == 0
}

// joinedNative says whether words in their own script, written together, are
// one word.
func joinedNative(words []*word, other []rune) bool {
	for i := range words {
		n := len(words[i].native)
		if n == 0 || n > len(other) || !slices.Equal(words[i].native, other[:n]) {
			return false
		}
		other = other[n:]
	}
	return len(other) == 0
}

// joined compares words written together with one word; slack letters may
// differ in a long one.
func joined(words []*word, other string, slack int) (float32, uint8) {
	var buf [maxLetters]byte
	all := buf[:0]
	for i := range words {
		all = append(all, words[i].text...)
	}
	if string(all) == other {
		return 1, 0
	}
	if slack == 1 && len(other) < 7 {
		return 0, 0
	}
	if d := editsBytes(all, other); d <= slack {
		return 1 - float32(d)/float32(max(len(all), len(other))), uint8(d)
	}
	return 0, 0
}

// most is how many words on each side are tried for similarity.
const most = 8

// floor is the least similarity that puts two words together.
const floor = 0.4

func (m *measure) similar() {
	var is, js [most]uint8
	ni, nj := left(m.doneX, len(m.x), &is), left(m.doneY, len(m.y), &js)
	var sims [most][most]pair
	for a := range ni {
		for b := range nj {
			sims[a][b] = m.similarity(int(is[a]), int(js[b]))
		}
	}
	for m.n < maxWords {
		best := pair{sim: floor}
		at, bt := -1, -1
		for a := range ni {
			for b := range nj {
				if p := &sims[a][b]; p.sim > best.sim && m.doneX&(1<<is[a]) == 0 && m.doneY&(1<<js[b]) == 0 {
					best, at, bt = *p, a, b
				}
			}
		}
		if at < 0 || bt < 0 {
			return
		}
		m.add(best)
	}
}

// left lists the words that are in no pair yet.
func left(done uint32, n int, into *[most]uint8) int {
	k := 0
	for i := 0; i < n && k < most; i++ {
		if done&(1<<i) == 0 {
			into[k] = uint8(i)
			k++
		}
	}
	return k
}

// similarity of two words that are not equal.
func (m *measure) similarity(i, j int) pair {
	x, y := m.x[i], m.y[j]
	p := pair{i: uint8(i), j: uint8(j), nx: 1, ny: 1}
	switch {
	case (x.flags|y.flags)&(number|initial) != 0:
	case x.idea != 0 && y.idea != 0 && x.class != given: // two meanings
	case bothNative(x, y):
		p.sim, p.edits = nativeSimilarity(x, y)
	case (x.flags|y.flags)&short != 0: // each letter counts
	default:
		p.sim, p.edits, p.how = spelledSimilarity(x, y, m.kind)
	}
	if p.sim > 0 && p.how == exactly {
		p.how = letters
	}
	return p
}

// nativeSimilarity compares words in one script. One Chinese character or
// Korean syllable more, less or other is another name, unless the word is long.
func nativeSimilarity(x, y *word) (float32, uint8) {
	n := max(len(x.native), len(y.native))
	d := editsNative(x.native, y.native)
	sim := 1 - float32(d)/float32(n)
	if x.flags&spelled != 0 {
		if n < 4 {
			return 0, uint8(min(3*d, 255))
		}
		sim = 1 - 1.8*float32(d)/float32(n)
		d *= 3
	}
	return max(sim, 0), uint8(min(d, 255))
}

// mostUnlike is how many letters may be in one of two words alone.
const mostUnlike = 7

// spelledSimilarity compares words by letters, and by sound where that says
// more.
func spelledSimilarity(x, y *word, kind Kind) (float32, uint8, how) {
	n := max(len(x.text), len(y.text))
	small := min(len(x.text), len(y.text))
	if (x.flags^y.flags)&abjad != 0 {
		return boneSimilarity(x.text, y.text)
	}
	if 2*small < n || bits.OnesCount32(x.letters^y.letters) > mostUnlike {
		return 0, uint8(min(n, 255)), letters
	}
	d := edits(x.text, y.text)
	sim, h := 1-float32(d)/float32(n), letters
	if kind == Vessel && n <= 4 {
		return 0, uint8(d), letters
	}
	if s := soundSimilarity(x.sound, y.sound); s > sim {
		sim, h = s, sounding
	}
	return sim, uint8(min(d, 255)), h
}

func soundSimilarity(x, y string) float32 {
	n := max(len(x), len(y))
	if n < 3 {
		return 0
	}
	if x == y {
		return 0.92
	}
	return 0.92 - float32(edits(x, y))/float32(n)
}

// boneSimilarity compares consonants, where one of two words has no vowels.
func boneSimilarity(x, y string) (float32, uint8, how) {
	var one, two [32]byte
	a, b := script.Bones(x, one[:]), script.Bones(y, two[:])
	n := max(len(a), len(b))
	if n < 2 {
		return 0, uint8(min(max(len(x), len(y)), 255)), bony
	}
	if string(a) == string(b) {
		return 0.9, 0, bony
	}
	d := editsBytes(a, string(b))
	return max(0, 0.9-1.4*float32(d)/float32(n)), uint8(d), bony
}

// initials puts single letters to words that begin with them, in persons'
// names.
func (m *measure) initials() {
	if m.kind != Person {
		return
	}
	for i := range m.x {
		for j := range m.y {
			if m.doneX&(1<<i) != 0 || m.doneY&(1<<j) != 0 || m.n == maxWords {
				continue
			}
			x, y := m.x[i], m.y[j]
			if (x.flags^y.flags)&initial != 0 && x.text != "" && y.text != "" && x.text[0] == y.text[0] && x.class != particle && y.class != particle {
				m.add(pair{i: uint8(i), j: uint8(j), nx: 1, ny: 1, how: lettered, sim: 1})
			}
		}
	}
}

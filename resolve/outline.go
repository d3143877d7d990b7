package resolve

import (
	"cmp"
	"slices"
	"strings"

	"rummage/resolve/contact"
	"rummage/resolve/name"
	"rummage/resolve/name/script"
)

// outline is what an index knows of one reading of a name.
type outline struct {
	items []item
	words uint64   // the sum of all words that tell something: their order does not matter
	lone  bool     // one word alone tells it from others
	extra []uint64 // keys that are followed as they are
	// Places of words that tell a name from others, and of those that many names have:
	// room that is used again.
	telling, labels []int
}

// item is a word, or several written together, by which a name is looked up.
type item struct {
	sum   uint64
	sound string // what a misspelling is near to; "" for what none is looked for
	text  string // likewise, by letters
	words uint32 // which words of the reading, a bit each
	alone bool   // followed by itself; others only together with another item
	main  bool   // a word of its own, that may be exchanged in the whole
}

// How many items of a reading there are at most: words that tell it from others,
// words of trade and places, and words written together.
const (
	mostWords  = 3
	mostLabels = 2
	mostJoined = 4
)

// fewBones is how many letters a skeleton has at least that is a key, mostBones how
// many of a whole name are looked at first, manyBones how many second.
const (
	fewBones  = 4
	mostBones = 7
	manyBones = 24
)

// outlines describes the names of a party: one for each reading of each name. What is
// in the room for them is lost.
func (s *Subject) outlines(into []outline) []outline {
	into = into[:0]
	for _, n := range s.names {
		for reading := range n.Readings() {
			words := n.Words(reading)
			if len(words) == 0 {
				continue
			}
			if len(into) == cap(into) {
				into = append(into, outline{})
			} else {
				into = into[:len(into)+1]
			}
			into[len(into)-1].fill(words)
		}
	}
	return into
}

// fill describes a reading.
func (o *outline) fill(words []name.Word) {
	*o = outline{items: o.items[:0], extra: o.extra[:0], telling: o.telling[:0], labels: o.labels[:0]}
	o.sort(words)
	o.lone = len(o.telling) == 1
	for i, at := range o.telling {
		w := &words[at]
		sound, sum := wordSum(w)
		o.words += mixed(sum)
		if i < mostWords {
			o.items = append(o.items, item{sum, sound, w.Text, 1 << at, true, true})
			if w.Native != "" && sound != "" {
				o.extra = append(o.extra, hash("native", w.Native))
			}
		}
	}
	for i, at := range o.labels {
		sum := hash("label", words[at].Label)
		o.words += mixed(sum)
		if i < mostLabels {
			it := item{sum: sum, words: 1 << at}
			if w := &words[at]; !w.Number {
				it.sound, it.text = w.Sound, w.Text
			}
			o.items = append(o.items, it)
		}
	}
	o.join(words)
	o.asOne(words)
}

// sort lists the words that tell a name from others and those that many names have,
// each from the rarest on.
func (o *outline) sort(words []name.Word) {
	for i := range words {
		switch w := &words[i]; {
		case tells(w):
			o.telling = append(o.telling, i)
		case !w.Weak && w.Label != "":
			o.labels = append(o.labels, i)
		}
	}
	rarest := func(i, k int) int {
		a, b := &words[i], &words[k]
		return cmp.Or(cmp.Compare(b.Rarity, a.Rarity), strings.Compare(a.Text, b.Text), cmp.Compare(i, k))
	}
	slices.SortFunc(o.telling, rarest)
	slices.SortFunc(o.labels, rarest)
}

func tells(w *name.Word) bool {
	return (!w.Common || w.Given) && !w.Number && (w.Sound != "" || w.Native != "")
}

// wordSum is the sound of a word and its hash; a given name counts as what it is in
// every spelling.
func wordSum(w *name.Word) (sound string, sum uint64) {
	switch {
	case w.Given:
		sound = script.Sound(w.Label)
	case w.Sound != "":
		sound = w.Sound
	default:
		return "", hash("native", w.Native) // no spelling is known
	}
	return sound, hash("word", sound)
}

// join adds words that follow each other, written together, so that words cut in
// other places come together: two at a time, one of which tells the name from others,
// and all of a longer run of such.
func (o *outline) join(words []name.Word) {
	joined := 0
	add := func(from, to int) {
		if joined++; joined > mostJoined {
			return
		}
		text := words[from].Text + words[from+1].Text
		for i := from + 2; i < to; i++ {
			text += words[i].Text
		}
		o.items = append(o.items, item{sum: hash("word", script.Sound(text)), words: (1<<(to-from) - 1) << from, alone: true})
	}
	for from, to := 0, 0; from < len(words); from = to + 1 {
		for to = from; to < len(words) && tells(&words[to]); to++ {
		}
		if to-from > 2 {
			add(from, to)
		}
	}
	for i := range max(len(words)-1, 0) {
		if (tells(&words[i]) || tells(&words[i+1])) && !words[i].Number && !words[i+1].Number {
			add(i, i+2)
		}
	}
}

// asOne adds keys of the name as one word: its consonants up to two lengths, and
// the beginning of the rarest word with the first letters of the others.
func (o *outline) asOne(words []name.Word) {
	if bones := together(words); len(bones) >= fewBones {
		o.extra = append(o.extra, hash("together", bones[:min(len(bones), mostBones)]))
		if len(bones) > mostBones {
			o.extra = append(o.extra, hash("together", bones[:min(len(bones), manyBones)]))
		}
	}
	if len(o.telling) > 0 && len(words) > 1 {
		o.extra = append(o.extra, hash("starts", starts(&words[o.telling[0]], words)))
	}
}

func (i *item) joined() bool { return i.alone && !i.main }

// pairs calls each for two items that have no word in common, at least one of which
// is followed by itself.
func (o *outline) pairs(each func(i, k int)) {
	for i := range o.items {
		for k := range o.items[:i] {
			a, b := &o.items[k], &o.items[i]
			if a.words&b.words == 0 && (a.alone || b.alone) && (!a.joined() || !b.joined()) {
				each(k, i)
			}
		}
	}
}

// skeleton is a sound without its vowels behind the first letter, which slips and
// spellings change most, and without letters that then stand twice.
func skeleton(sound string) string {
	b := make([]byte, 0, 32)
	for i := range len(sound) {
		r := sound[i]
		if i > 0 && (r == 'a' || r == 'e' || r == 'i' || r == 'o' || r == 'u' || r == b[len(b)-1]) {
			continue
		}
		b = append(b, r)
	}
	return string(b)
}

// together is the skeleton of a name written as one word.
func together(words []name.Word) string {
	var b strings.Builder
	for i := range words {
		b.WriteString(words[i].Sound)
	}
	return skeleton(b.String())
}

// starts is the beginning of the rarest word with the first letters of the others.
func starts(first *name.Word, words []name.Word) string {
	var letters []byte
	for i := range words {
		if w := &words[i]; w.Text != first.Text && w.Sound != "" {
			letters = append(letters, w.Sound[0])
		}
	}
	slices.Sort(letters)
	return first.Sound[:min(len(first.Sound), 3)] + " " + string(letters)
}

// fuzzy lists the keys of which a misspelling of a word has one too: its letters
// with each left out in turn, so that one slip changes not all of them (symmetric
// deletion), and its sound likewise; its consonants; and those, where they are many,
// likewise.
func fuzzy(text, sound string, into []uint64) []uint64 {
	into = append(into[:0], hash("sound", sound))
	if len(text) >= fewBones && len(text) <= mostDeleted {
		into = deletions("text", text, into)
	}
	if len(sound) >= fewBones && len(sound) <= mostDeleted {
		into = deletions("sound", sound, into)
	}
	bones := skeleton(sound)
	if len(bones) >= fewBones {
		into = append(into, hash("bones", bones))
	}
	if len(bones) >= manyDeleted && len(bones) <= mostDeleted {
		into = deletions("bones", bones, into)
	}
	slices.Sort(into)
	return slices.Compact(into)
}

// How many letters a word has at most, and how many consonants at least, of which
// each is left out: fewer are shared by words that have little in common.
const (
	mostDeleted = 20
	manyDeleted = 6
)

func deletions(kind, text string, into []uint64) []uint64 {
	into = append(into, hash(kind, text))
	for i := range text {
		into = append(into, hash(kind, text[:i], text[i+1:]))
	}
	return into
}

// reaches calls each for the keys of a party's contacts, each once. Many may share
// one without being one party.
func (s *Subject) reaches(each func(key string)) {
	var known []string
	add := func(kind, text string) {
		if key := kind + " " + text; !slices.Contains(known, key) {
			known = append(known, key)
			each(key)
		}
	}
	for i := range s.addresses {
		for _, k := range s.addresses[i].Keys() {
			add("address", k)
		}
	}
	for _, p := range s.phones {
		if p.E164 != "" && !p.Dummy {
			add("phone", p.E164)
		}
	}
	for _, m := range s.mailboxes {
		switch {
		case m.Dummy:
		case m.Provider == contact.Own:
			add("site", m.Site)
		default:
			add("mailbox", m.Address())
		}
	}
}

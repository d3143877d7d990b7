package name

import (
	"math"

	"rummage/resolve/name/form"
)

// feature is one thing that two names are compared by. Each has a value from 0
// to 1.
type feature uint8

const (
	agree     feature = iota // how much of all evidence is shared
	spelling                 // how many of the letters are the same, words in pairs
	clash                    // the share of words on both sides that have no counterpart
	rival                    // a word on each side, each worth a name
	extra                    // words on one side that have none
	worst                    // how far apart the least similar pair is
	head                     // the first telling word has no counterpart
	trade                    // another line of business
	where                    // another place
	elsewhere                // a place on one side only
	legal                    // legal forms that exclude each other
	series                   // another number of a series of funds or trusts
	counted                  // a number on one side only
	mismatch                 // an initial that fits nothing
	letterly                 // the share of evidence that is an initial
	lone                     // a single word beside a longer name
	father                   // another father's name
	features                 // their number
)

// values are the values of all features.
type values [features]float64

// about tells a reader what each feature is, and which way it may count.
var about = [features]struct {
	name string
	sign float64 // 1 for, -1 against
	text string
}{
	agree:     {"agree", 1, "share of the evidence that both names have"},
	spelling:  {"spelling", 1, "share of the letters that are the same"},
	clash:     {"clash", -1, "share of words on both sides without counterpart"},
	rival:     {"rival", -1, "whole words on each side that exclude each other"},
	extra:     {"extra", -1, "share of words on one side without counterpart"},
	worst:     {"worst", -1, "distance of the least similar pair of words"},
	head:      {"head", -1, "the first telling word has no counterpart"},
	trade:     {"trade", -1, "another line of business"},
	where:     {"where", -1, "another place"},
	elsewhere: {"elsewhere", -1, "a place on one side only"},
	legal:     {"legal", -1, "legal forms that exclude each other"},
	series:    {"series", -1, "another number in a series of funds or trusts"},
	counted:   {"counted", -1, "a number on one side only"},
	mismatch:  {"mismatch", -1, "an initial that fits no word"},
	letterly:  {"letterly", -1, "share of the evidence that is an initial"},
	lone:      {"lone", -1, "a single word beside a longer name"},
	father:    {"father", -1, "another father's name"},
}

// balance is what is left without counterpart on one side.
type balance struct {
	cost     float32
	letters  int
	trade    bool
	place    bool
	number   bool
	initial  bool
	ordinary bool
	patron   bool
}

// weigh fills in the values after align.
func (m *measure) weigh(a, b *Name) {
	v := &m.values
	*v = values{}
	one, two := m.rest(m.x, m.doneX), m.rest(m.y, m.doneY)
	var total, differing int
	least := float32(1)
	for k := range m.n {
		p := &m.pairs[k]
		g := gain(p.sim)
		rx, cx, lx := sum(m.x[p.i : p.i+p.nx])
		ry, cy, ly := sum(m.y[p.j : p.j+p.ny])
		if p.how == lettered {
			m.byInitials = true
			v[letterly] += float64(max(rx, ry))
			rx, ry = min(rx, ry), min(rx, ry)
		} else {
			one.cost += cx * (1 - g)
			two.cost += cy * (1 - g)
			total += max(lx, ly)
			if p.how != meaning {
				differing += int(p.edits)
			}
			if m.x[p.i].class == ordinary || m.x[p.i].class == given {
				least = min(least, g)
			}
		}
		m.evidence += (rx + ry) / 2 * g
	}
	low, high := min(one.cost, two.cost), max(one.cost, two.cost)
	v[agree] = ratio(m.evidence, m.evidence+(low+high)/2)
	v[clash] = ratio(low, m.evidence+low)
	v[rival] = math.Min(1, float64(low))
	v[extra] = ratio(high-low, m.evidence+high)
	v[letterly] /= math.Max(v[letterly]+float64(m.evidence), 1)
	v[worst] = float64(1 - least)
	total += max(one.letters, two.letters)
	differing += max(one.letters, two.letters)
	if total > 0 {
		v[spelling] = min(1, max(0, (1-float64(differing)/float64(total)-0.4)/0.6))
	}
	m.mark(one, two, a, b)
}

// gain is what a similarity is worth: nothing below 0.45, all from 0.95 on.
func gain(sim float32) float32 { return min(1, max(0, (sim-0.45)/0.5)) }

func ratio(part, whole float32) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part / whole)
}

func sum(words []*word) (rare, cost float32, size int) {
	for i := range words {
		rare += words[i].rare
		cost += words[i].cost
		size += len(words[i].text)
	}
	return rare, cost, size
}

// rest looks at the words without counterpart.
func (m *measure) rest(words []*word, done uint32) balance {
	var b balance
	for i := range words {
		if done&(1<<i) != 0 {
			continue
		}
		w := words[i]
		switch {
		case w.flags&number != 0:
			b.number = true
			continue
		case w.class == place:
			b.place = true
			continue
		case w.flags&initial != 0:
			b.initial = true
		case w.class == sector, w.class == corporate:
			b.trade = true
		case w.class == ordinary || w.class == given:
			b.ordinary = true
			b.patron = b.patron || w.flags&patron != 0
		}
		b.cost += w.cost
		if w.class != filler && w.class != title {
			b.letters += len(w.text)
		}
	}
	return b
}

// mark sets the features that are there or not.
func (m *measure) mark(one, two balance, a, b *Name) {
	v := &m.values
	m.strangers = one.ordinary || two.ordinary
	v[trade] = yes(one.trade && two.trade)
	v[where] = yes(one.place && two.place)
	v[elsewhere] = yes(one.place != two.place)
	v[legal] = yes(m.kind != Person && form.Compare(a.form, b.form) == form.Contrary)
	v[counted] = yes(one.number != two.number)
	if one.number && two.number {
		if a.vintage && b.vintage {
			v[series] = 1
		} else {
			m.numbers = true
		}
	}
	v[mismatch] = yes(one.initial && (two.initial || two.ordinary) || two.initial && one.ordinary)
	v[father] = yes(one.patron && two.patron)
	v[lone] = yes(telling(m.x) == 1 && two.ordinary || telling(m.y) == 1 && one.ordinary)
	v[head] = yes(m.headless())
	m.reversed = m.kind == Person && m.swapped()
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// telling counts the words that are no common ones.
func telling(words []*word) int {
	n := 0
	for i := range words {
		if (words[i].class == ordinary || words[i].class == given) && words[i].flags&(number|initial) == 0 {
			n++
		}
	}
	return n
}

// headless says whether the first telling word of a name stands alone, or
// nearly so.
func (m *measure) headless() bool {
	return m.firstAlone(m.x, m.doneX, true) || m.firstAlone(m.y, m.doneY, false)
}

func (m *measure) firstAlone(words []*word, done uint32, x bool) bool {
	for i := range words {
		w := words[i]
		if w.class != ordinary && w.class != given || w.flags&(number|initial) != 0 {
			continue
		}
		if done&(1<<i) == 0 {
			return true
		}
		for k := range m.n {
			p := &m.pairs[k]
			at, n := int(p.i), int(p.nx)
			if !x {
				at, n = int(p.j), int(p.ny)
			}
			if at <= i && i < at+n {
				return gain(p.sim) < 0.35
			}
		}
		return false
	}
	return false
}

// swapped says whether father and son have changed places: Salman bin Muhammad
// and Muhammad bin Salman.
func (m *measure) swapped() bool {
	i, j := between(m.x), between(m.y)
	if i <= 0 || j <= 0 {
		return false
	}
	son, parent := false, false
	for k := range m.n {
		p := &m.pairs[k]
		x, y := int(p.i), int(p.j)
		if p.sim < 0.8 || p.nx != 1 || p.ny != 1 {
			continue
		}
		son = son || x == i-1 && y > j
		parent = parent || y == j-1 && x > i
	}
	return son && parent
}

// between is the place of the first bin or ibn, or -1.
func between(words []*word) int {
	for i := range words {
		if words[i].class == particle && words[i].label() == "bin" {
			return i
		}
	}
	return -1
}

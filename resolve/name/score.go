package name

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"rummage/resolve/name/script"
)

//go:embed weights.txt
var weightTable string

// weights are those of one kind: a bias and one for each feature.
type weights struct {
	bias float64
	of   values
}

// table holds the weights of firms and of persons.
type table struct{ firm, person weights }

var learned = sync.OnceValue(func() *table {
	t, err := parseWeights(weightTable)
	if err != nil {
		panic(err) // the table is part of the program, and tested
	}
	return t
})

func parseWeights(text string) (*table, error) {
	var t table
	seen := 0
	for n, line := range strings.Split(text, "\n") {
		cells := strings.Fields(line)
		if len(cells) == 0 || cells[0] == "#" {
			continue
		}
		if len(cells) != 3 {
			return nil, fmt.Errorf("name: weights.txt: line %d: %d cells instead of 3", n+1, len(cells))
		}
		firm, err := strconv.ParseFloat(cells[1], 64)
		if err != nil {
			return nil, fmt.Errorf("name: weights.txt: line %d: %w", n+1, err)
		}
		person, err := strconv.ParseFloat(cells[2], 64)
		if err != nil {
			return nil, fmt.Errorf("name: weights.txt: line %d: %w", n+1, err)
		}
		if cells[0] == "bias" {
			t.firm.bias, t.person.bias = firm, person
			continue
		}
		found := false
		for f := range about {
			if about[f].name == cells[0] {
				t.firm.of[f], t.person.of[f] = firm, person
				found = true
				seen++
			}
		}
		if !found {
			return nil, fmt.Errorf("name: weights.txt: line %d: no feature is called %s", n+1, cells[0])
		}
	}
	if seen != int(features) {
		return nil, fmt.Errorf("name: weights.txt: %d features instead of %d", seen, features)
	}
	return &t, nil
}

func (t *table) of(kind Kind) *weights {
	if kind == Person {
		return &t.person
	}
	return &t.firm
}

// logit is the sum of all contributions.
func (w *weights) logit(v *values) float64 {
	s := w.bias
	for f := range v {
		s += w.of[f] * v[f]
	}
	return s
}

// limit is a rule that no sum of contributions overrules: a score above it
// comes down to it.
type limit uint8

const (
	nothing   limit = iota // no words to compare
	common                 // only words that many names have
	numbering              // numbers that contradict
	swap                   // father and son
	unlike                 // a person and a firm
	acronym                // an abbreviation, which several names may have
	limits
)

var ceilings = [limits]struct {
	most   float64
	reason string
}{
	nothing:   {0, "nothing to compare: a legal form is no name"},
	common:    {0.3, "only words that many names have in common"},
	numbering: {0.3, "numbers contradict"},
	swap:      {0.4, "father and son have changed places"},
	unlike:    {0.4, "one is a person, the other a firm or a vessel"},
	acronym:   {0.6, "letters of an abbreviation, which may stand for another name"},
}

// enough is the least evidence for a match. For firms it is less than one
// short, otherwise unknown word, more than two words of trade, and less than a
// place and a trade together, of which names such as Bank of China are made;
// for persons it is more than one given name.
func enough(kind Kind) float32 {
	if kind == Person {
		return 0.65
	}
	return 0.45
}

// Compare returns how likely two names are the same name, from 0 to 1; 0.5 is
// where labelled pairs divide best. It is symmetric, depends on nothing but
// the two prepared names, and allocates nothing. It costs some microseconds,
// growing with the product of the words.
func Compare(a, b *Name) float64 {
	var m measure
	score, _ := m.compare(a, b)
	return score
}

// compare finds the two readings that fit best, and leaves their measure. The
// name whose text comes first is always x, so that the order of the names makes
// no difference where two alignments are equally good.
func (m *measure) compare(a, b *Name) (score float64, hit uint8) {
	if a.Empty() || b.Empty() {
		return 0, 1 << nothing
	}
	turned := Turned(a, b)
	if turned {
		a, b = b, a
	}
	kind := joint(a, b)
	rank := math.Inf(-1)
	na, nb := len(a.readings), len(b.readings)
	if signs := a.scripts & spelledScripts; signs != 0 && signs == b.scripts&spelledScripts {
		na, nb = 1, 1
	}
	for i := range na {
		for j := range nb {
			var try measure
			try.x, try.y, try.kind, try.turned = a.readings[i], b.readings[j], kind, turned
			try.align()
			try.weigh(a, b)
			v := &try.values
			if r := v[agree] + v[spelling] - v[clash] - v[extra]; r > rank {
				rank = r
				*m = try
			}
		}
	}
	return m.judge(a, b)
}

// Turned says whether Compare takes the second name as the first.
func Turned(a, b *Name) bool { return b.text < a.text || b.text == a.text && b.kind < a.kind }

// spelledScripts are those that are compared as they are written.
const spelledScripts = 1<<script.Han | 1<<script.Hangul | 1<<script.Kana | 1<<script.Thai

// joint is the kind whose rules two names are compared by.
func joint(a, b *Name) Kind {
	switch {
	case a.kind == b.kind:
		return a.kind
	case a.guessed && !b.guessed:
		return b.kind
	case b.guessed && !a.guessed:
		return a.kind
	}
	return Company
}

// judge sums up the features and applies the limits.
func (m *measure) judge(a, b *Name) (score float64, hit uint8) {
	score = logistic(learned().of(m.kind).logit(&m.values))
	if m.abbreviates() {
		hit |= 1 << acronym
		m.evidence = 1
		score = ceilings[acronym].most
	}
	if m.evidence < enough(m.kind) {
		hit |= 1 << common
	}
	if m.numbers {
		hit |= 1 << numbering
	}
	if m.reversed {
		hit |= 1 << swap
	}
	if (a.kind == Person) != (b.kind == Person) && (m.strangers || !a.guessed && !b.guessed) {
		hit |= 1 << unlike
	}
	for l := range limits {
		if hit&(1<<l) != 0 {
			score = min(score, ceilings[l].most)
		}
	}
	return score, hit
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// abbreviates says whether one name is nothing but the first letters of the
// other's words, four at least: fewer meet by chance.
func (m *measure) abbreviates() bool {
	return m.kind == Company && (firstLetters(m.x, m.y) || firstLetters(m.y, m.x))
}

func firstLetters(long, abbreviation []*word) bool {
	if len(abbreviation) == 0 || len(long) < 4 {
		return false
	}
	letters := abbreviation[0].text
	if len(abbreviation) > 1 || len(letters) < 4 || abbreviation[0].idea != 0 {
		return false
	}
	n := 0
	for i := range long {
		if long[i].class == filler {
			continue
		}
		if n == len(letters) || long[i].text == "" || long[i].text[0] != letters[n] {
			return false
		}
		n++
	}
	return n == len(letters)
}

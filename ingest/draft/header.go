package draft

import (
	"regexp"
	"slices"
	"strings"
)

// Meaning is what a column was taken for.
type Meaning struct {
	Subject  Subject
	Property Property
}

// reading is what the name of a column says.
type reading struct {
	Meaning
	sure    float64
	whole   bool     // every word was understood
	because []string // the phrases that were understood
}

// How sure a name makes of a meaning when every word of it is understood, and when
// a word that could speak of several things decides.
const (
	sureName = 0.9
	weakName = 0.7
	bareName = 0.5 // a property of nobody
)

// phrase is a run of words that the vocabulary has.
type phrase struct {
	text  string
	words int
	means []sense
}

// parse cuts words into phrases, the longest first from the left; what is in none
// is counted.
func parse(words []string) (phrases []phrase, unknown int) {
	for at := 0; at < len(words); {
		n := min(longest, len(words)-at)
		for ; n > 0; n-- {
			text := strings.Join(words[at:at+n], " ")
			means := senses()[text]
			if means == nil {
				means = ofSeveral(text)
			}
			if means != nil {
				phrases = append(phrases, phrase{text, n, means})
				break
			}
		}
		if n == 0 {
			unknown++
			n = 1
		}
		at += n
	}
	return phrases, unknown
}

// ofSeveral is what a phrase means in the plural: of those who take part only, since the
// plural of a field, such as items, is as often their count.
func ofSeveral(text string) []sense {
	one, plural := strings.CutSuffix(text, "s")
	if !plural || len(one) < shortest {
		return nil
	}
	means := senses()[one]
	if len(means) == 0 || means[0].subject == Consignment || means[0].subject == Nobody {
		return nil
	}
	return means
}

// isPlace tells the roles of places from those of parties and things.
func (s Subject) isPlace() bool {
	return slices.Contains([]Subject{"origin", "departure", "loading", "discharge", "destination", "transit", "office"}, s)
}

// isParty tells the roles of parties.
func (s Subject) isParty() bool {
	return slices.Contains([]Subject{"importer", "exporter", "consignee", "consignor", "notify_party", "declarant", "carrier", "forwarder", Suspect, Haulier, Driver}, s)
}

// measure is a currency or a unit in brackets, which says nothing of what is measured.
var measure = regexp.MustCompile(`(?i)[(（\[](公斤|千克|usd|us\$|eur|hkd|hk\$|港元|港币|港幣|元|人民币|美元|新台幣|nt\$|원|円|vn[dđ]|idr|rp|r\$|brl|krw|jpy|cny|rmb|sec|seconds|unidades|rm)[)）\]]`)

// read says what the name of a column means. Of a path, such as
// items.item.weight, the last part counts if it speaks of something by itself.
func read(name string) reading {
	var last reading
	if i := strings.LastIndexAny(name, ".@/"); i > 0 && i < len(name)-1 && strings.ContainsAny(name, ".@") && !strings.Contains(name, " ") {
		last = read(name[i+1:])
		if last.whole && last.Subject != Nobody && last.Property != Number {
			if above := read(strings.TrimRight(name[:i], ".@/")); last.Property == "item" && above.Property == Address {
				return above // the line of an address
			}
			return last
		}
		if len(last.because) == 0 { // of a leaf that no word explains, the path tells whose it is, and not what
			if above := read(strings.TrimRight(name[:i], ".@/")); above.Subject == Consignment {
				return reading{}
			}
		}
	}
	words := split(measure.ReplaceAllString(name, ""))
	phrases, unknown := parse(words)
	var r reading
	for _, p := range phrases {
		r.because = append(r.because, p.text)
	}
	if len(phrases) == 0 {
		return r
	}
	path := strings.Contains(name, ".")
	subject, property := leading(phrases, path)
	about := phrases
	if path {
		about = phrases[len(phrases)-1:] // what stands before is where it lies
	}
	r.Meaning = combine(subject, property, about, words)
	r.whole = unknown == 0
	r.sure = sureName
	switch {
	case r.Subject == Nobody:
		r.sure = bareName
	case subject.weak:
		r.sure = weakName
	}
	if r.Subject == Nobody && last.whole {
		return last // of whom, the path does not say
	}
	known := 0
	for _, p := range phrases {
		known += p.words
	}
	r.sure *= float64(known) / float64(known+unknown)
	return r
}

// leading picks what a name speaks of, and what it says of it. Of several subjects
// one that is not weak counts before a weak one, a role before a field, a longer
// phrase before a shorter, an earlier before a later; in a path, such as goods.packages, a
// later before an earlier.
func leading(phrases []phrase, path bool) (subject sense, property Property) {
	best := -1
	for _, p := range phrases {
		for _, m := range p.means {
			if m.subject == Nobody && (property == None || m.property != ID) {
				property = m.property
			}
			rank := 4 * p.words
			switch {
			case m.subject == Nobody:
				continue
			case !m.weak && m.subject != Consignment && m.subject != From && m.subject != To:
				rank += 3
			case !m.weak:
				rank += 2
			}
			if rank > best || path && rank == best {
				best, subject = rank, m
			}
		}
	}
	return subject, property
}

// combine makes one meaning of a subject and a property that stand in one name.
func combine(subject sense, property Property, phrases []phrase, words []string) Meaning {
	m := Meaning{subject.subject, subject.property}
	switch {
	case m.Subject == Nobody:
		m.Property = property
	case m.Subject == "commodity" && m.Property == ID && shortened(words):
		m.Property = Part
	case m.Subject == "commodity" && saysField(phrases, "description"):
		m.Property = Name
	case m.Subject == Consignment:
		m.Property = combineField(m.Property, property, phrases, words)
	case m.Subject == From || m.Subject == To:
		switch {
		case saysField(phrases, Date):
			m = Meaning{Nobody, map[Subject]Property{From: Since, To: Until}[m.Subject]}
		case property != None && property != ID:
			m.Property = property
		}
	case m.Subject.isParty() && saysField(phrases, Date):
		m = Meaning{Consignment, Date}
	case m.Subject.isPlace():
		m.Property = ID
		if property == Name {
			m.Property = Name
		}
		if saysField(phrases, Date) {
			m = Meaning{Consignment, Date}
		}
	case property != None && m.Property == None:
		m.Property = property
	case m.Subject == "vessel" && property == ID:
		m.Property = ID
	case m.Property == None:
		m.Property = Name
	}
	return m
}

// combineField is combine for what is said of the consignment.
func combineField(field, property Property, phrases []phrase, words []string) Property {
	switch {
	case saysField(phrases, Date):
		return Date // "declaration date" is a day, whatever it is that was declared
	case field == Result && saysField(phrases, "description"):
		return "description" // "seized goods"
	case field == Result && property == ID && seizes(words):
		return Number // "seizure no"
	}
	return field
}

// shortened reports the name of a column that holds the first digits of a code.
func shortened(words []string) bool {
	last := words[len(words)-1]
	return len(words) > 1 && (last == "2" || last == "4")
}

// saysField reports whether a phrase means that property of the consignment.
func saysField(phrases []phrase, property Property) bool {
	return slices.ContainsFunc(phrases, func(p phrase) bool {
		return slices.ContainsFunc(p.means, func(m sense) bool { return m.subject == Consignment && m.property == property })
	})
}

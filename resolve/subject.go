package resolve

import (
	"cmp"
	"slices"
	"strings"

	"rummage/resolve/address"
	"rummage/resolve/contact"
	"rummage/resolve/name"
)

// mostOf is how many addresses, phones or mailboxes of a party are compared, and
// mostNames how many names: entries of watch lists have up to some fifty.
const (
	mostOf    = 16
	mostNames = 64
)

// A Subject is a party ready to be compared. It does not change, and may be shared
// among goroutines.
type Subject struct {
	Party
	names     []*name.Name
	addresses []address.Address
	phones    []contact.Phone
	mailboxes []contact.Mailbox
	country   string // the one country that is known of it, a code in lower case
}

// Preparing says what parties have in common before any is compared.
type Preparing struct {
	// Corpus knows how rare words are; nil takes what package name brings along. Of
	// one scope everybody takes the same, that of Learn or Learner, so that a pair
	// has one score wherever it is asked about.
	Corpus *name.Corpus
	// Region is the ISO 3166 code by which phones without a country code are read.
	Region string
}

// Prepare makes a party ready to be compared.
func (h Preparing) Prepare(p Party) *Subject {
	s := &Subject{Party: p}
	for _, text := range p.Names[:min(len(p.Names), mostNames)] {
		if n := h.Corpus.Prepare(name.Unknown, text); !n.Empty() {
			s.names = append(s.names, n)
		}
	}
	s.country = countryOf(p.Countries)
	for _, text := range p.Addresses[:min(len(p.Addresses), mostOf)] {
		if a := address.Parse(text, address.Hints{Country: s.country}); !a.Empty() {
			s.addresses = append(s.addresses, a)
			if s.country == "" {
				s.country = a.Country
			}
		}
	}
	region := h.Region
	if s.country != "" {
		region = s.country
	}
	for _, text := range p.Phones[:min(len(p.Phones), mostOf)] {
		s.phones = append(s.phones, contact.Phones(text, region)...)
	}
	for _, text := range p.Emails[:min(len(p.Emails), mostOf)] {
		s.mailboxes = append(s.mailboxes, contact.Mailboxes(text)...)
	}
	return s
}

// placeOnly says that a list names an address and nobody: whoever is there is meant.
func (s *Subject) placeOnly() bool { return s.Listed && len(s.Names) == 0 && len(s.addresses) > 0 }

// countryOf returns the code of the country that all texts name, "" if they name
// several or none is a code.
func countryOf(texts []string) string {
	code := ""
	for _, text := range texts {
		text = strings.ToLower(strings.TrimSpace(text))
		if len(text) != 2 || code != "" && code != text {
			return ""
		}
		code = text
	}
	return code
}

// A key is what two parties share that are worth comparing.
type key struct {
	text string
	hub  bool // many may share it without being one: what a contact, not a name, is
}

// keys lists what to look a party up by, each once.
func (s *Subject) keys() []key {
	var all []key
	add := func(hub bool, parts ...string) {
		k := key{strings.Join(parts, "\x00"), hub}
		if !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	for _, n := range s.names {
		for reading := range n.Readings() {
			s.nameKeys(n.Words(reading), n, add)
		}
	}
	for i := range s.addresses {
		for _, k := range s.addresses[i].Keys() {
			add(true, "address", k)
		}
	}
	for _, p := range s.phones {
		if p.E164 != "" && !p.Dummy {
			add(true, "phone", p.E164)
		}
	}
	for _, m := range s.mailboxes {
		switch {
		case m.Dummy:
		case m.Provider == contact.Own:
			add(true, "site", m.Site)
		default:
			add(true, "mailbox", m.Address())
		}
	}
	return all
}

// nameKeys adds keys of the two rarest words, each by itself, so that one of them
// may be misspelt beyond recognition: its sound, and its consonants with each left
// out in turn, so that one slip changes not all of them (symmetric deletion); of a
// short word, whose consonants are few, all its letters likewise. A name
// of none but common words is a key as a whole, and every name is as one word, and
// by its beginnings.
func (s *Subject) nameKeys(words []name.Word, n *name.Name, add func(hub bool, parts ...string)) {
	rare := rarest(words)
	if len(rare) == 0 {
		labels := strings.Fields(n.Normal())
		slices.Sort(labels)
		add(false, append([]string{"name"}, labels...)...)
	}
	for _, w := range rare[:min(len(rare), 2)] {
		add(false, "word", w.Sound)
		if w.Native != "" {
			add(false, "native", w.Native)
		}
		if bones := skeleton(w.Sound); len(bones) >= fewBones {
			add(false, "bones", bones)
			for i := range bones {
				add(false, "bones", bones[:i]+bones[i+1:])
			}
		}
		if len(w.Sound) >= fewBones && len(w.Sound) < mostBones {
			add(false, "sound", w.Sound)
			for i := range w.Sound {
				add(false, "sound", w.Sound[:i]+w.Sound[i+1:])
			}
		}
	}
	if whole := together(words); len(whole) >= fewBones {
		add(false, "together", whole[:min(len(whole), mostBones)])
	}
	if len(rare) > 0 && len(words) > 1 {
		add(false, "starts", starts(rare[0], words))
	}
}

// rarest returns the words that tell a name from others, the rarest first.
func rarest(words []name.Word) []name.Word {
	rare := slices.DeleteFunc(slices.Clone(words), func(w name.Word) bool { return w.Common || w.Number || w.Sound == "" })
	slices.SortStableFunc(rare, func(a, b name.Word) int {
		return cmp.Or(cmp.Compare(b.Rarity, a.Rarity), strings.Compare(a.Text, b.Text))
	})
	return rare
}

// fewBones is how many letters a skeleton has at least that is a key, mostBones how
// many of a whole name are looked at.
const (
	fewBones  = 4
	mostBones = 7
)

// skeleton is a sound without its vowels behind the first letter, which slips and
// spellings change most, and without letters that then stand twice.
func skeleton(sound string) string {
	var b strings.Builder
	last := rune(0)
	for i, r := range sound {
		if i > 0 && (strings.ContainsRune("aeiou", r) || r == last) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// together is the skeleton of a name written as one word, so that words cut in
// other places come together.
func together(words []name.Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Sound)
	}
	return skeleton(b.String())
}

// starts is the beginning of the rarest word with the first letters of the others.
func starts(first name.Word, words []name.Word) string {
	var letters []string
	for _, w := range words {
		if w.Text != first.Text && w.Sound != "" {
			letters = append(letters, w.Sound[:1])
		}
	}
	slices.Sort(letters)
	return first.Sound[:min(len(first.Sound), 3)] + " " + strings.Join(letters, "")
}

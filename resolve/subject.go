package resolve

import (
	"context"
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
	*contacts
	names   []*name.Name
	country string // the one country that is known of it, a code in lower case
}

// contacts are what a party can be reached by. Most parties of a file have none and
// share the empty ones.
type contacts struct {
	addresses []address.Address
	phones    []contact.Phone
	mailboxes []contact.Mailbox
}

var unreachable contacts

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
	h.prepare(s, nil)
	return s
}

// All prepares many parties that are held together, on several threads; GOMAXPROCS
// when not positive. They share the words of their names, which makes them a third
// of what they take one by one: about 600 bytes a party that is known by a name. They
// are copies, so that the list of parties may go.
func (h Preparing) All(ctx context.Context, parties []Party, threads int, progress func(done, total int)) ([]*Subject, error) {
	var pool name.Pool
	block := make([]Subject, len(parties))
	all := make([]*Subject, len(parties))
	err := spread{threads: threads, n: len(parties), piece: usualPiece, progress: progress}.do(ctx, func(from, to int) {
		for i := from; i < to; i++ {
			all[i] = &block[i]
			all[i].Party = parties[i]
			h.prepare(all[i], &pool)
		}
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// prepare fills in a subject whose party is there. A pool keeps the words, nil for
// none.
func (h Preparing) prepare(s *Subject, pool *name.Pool) {
	s.contacts = &unreachable
	for _, text := range s.Names[:min(len(s.Names), mostNames)] {
		if n := h.Corpus.Prepare(name.Unknown, text); !n.Empty() {
			if pool != nil {
				n = pool.Share(n)
			}
			s.names = append(s.names, n)
		}
	}
	s.country = countryOf(s.Countries)
	if len(s.Addresses)+len(s.Phones)+len(s.Emails) > 0 {
		s.contacts = new(contacts)
		h.reach(s)
	}
}

// reach takes the contacts of a party apart.
func (h Preparing) reach(s *Subject) {
	for _, text := range s.Addresses[:min(len(s.Addresses), mostOf)] {
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
	for _, text := range s.Phones[:min(len(s.Phones), mostOf)] {
		s.phones = append(s.phones, contact.Phones(text, region)...)
	}
	for _, text := range s.Emails[:min(len(s.Emails), mostOf)] {
		s.mailboxes = append(s.mailboxes, contact.Mailboxes(text)...)
	}
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

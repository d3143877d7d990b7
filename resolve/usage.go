package resolve

import "slices"

// use is a contact as usage is counted: an address as it is written, a line in
// full, a mailbox by its site.
type use struct{ kind, text string }

// uses calls each for the contacts of a party, each once.
func (s *Subject) uses(each func(u use)) {
	known := map[use]bool{}
	add := func(u use) {
		if !known[u] {
			known[u] = true
			each(u)
		}
	}
	for i := range s.addresses {
		add(use{"address", s.addresses[i].Raw})
	}
	for _, p := range s.phones {
		add(use{"phone", p.E164})
	}
	for _, m := range s.mailboxes {
		add(use{"mailbox", m.Site})
	}
}

// Among says who else there is: of a contact of the list that they use too, Screen
// then knows that many use it, as Propose does of all parties together. Others that
// are on the list are counted already and left out. It is called once, before any
// Screen.
func (l *List) Among(h Preparing, others []Party) {
	users := map[use]int{}
	for _, e := range l.entries {
		e.uses(func(u use) { users[u]++ })
	}
	if len(users) == 0 {
		return
	}
	for i := range others {
		p := &others[i]
		if p.Listed || len(p.Addresses)+len(p.Phones)+len(p.Emails) == 0 {
			continue
		}
		for k, text := range p.Addresses {
			if u := (use{"address", text}); users[u] > 0 && !slices.Contains(p.Addresses[:k], text) {
				users[u]++
			}
		}
		if len(p.Phones)+len(p.Emails) > 0 {
			lines := h.Prepare(Party{Countries: p.Countries, Phones: p.Phones, Emails: p.Emails})
			lines.uses(func(u use) {
				if users[u] > 0 {
					users[u]++
				}
			})
		}
	}
	l.used = func(kind, text string) int { return users[use{kind, text}] }
}

// Judge compares two parties by what the list knows of the use of contacts, as
// Screen does with its entries.
func (l *List) Judge(a, b *Subject) Judgement { return Judge(a, b, l.used) }

package address

import "strings"

// readCare takes "c/o" and all of its piece, or attention lines.
func (p *parser) readCare() {
	for i := range p.tokens {
		if !p.is(i, careWord) || !p.tokens[i].first {
			continue
		}
		from := i + 1
		if p.tokens[i].text == "care" {
			if !p.follows(i+1) || p.tokens[i+1].text != "of" {
				continue
			}
			from++
		}
		end := p.pieceEnd(i)
		if from < end {
			more(&p.into.CareOf, p.phrase(from, end), " ")
			p.take(i, end, careSlot)
		}
	}
}

// readBox takes the number of a post-office box, whatever it is called.
func (p *parser) readBox() {
	for i := range p.tokens {
		if !p.is(i, boxWord) {
			continue
		}
		from, value := i, i+1
		switch p.tokens[i].text {
		case "box", "bus":
			if from = p.boxStart(i); from == i {
				continue
			}
		case "apartado":
			if p.follows(value) && (p.tokens[value].text == "postal" || p.tokens[value].text == "aereo") {
				value++
			}
		}
		for p.is(value, numberWord) {
			value++
		}
		if !p.follows(value) || !p.tokens[value].hasDigit() {
			continue
		}
		p.into.Box = strings.TrimLeft(p.tokens[value].text, "#")
		p.take(from, value+1, boxSlot)
	}
	p.readBoxInitials()
}

// boxStart is where "P.O. Box", "G P O Box", "Post Office Box" begins, i itself
// if nothing of it stands before "box".
func (p *parser) boxStart(i int) int {
	from := i
	for from > 0 && p.free(from-1) && !p.tokens[from].first {
		switch p.tokens[from-1].text {
		case "po", "gpo", "p", "o", "g", "post", "office", "postal", "pmb", "private", "mail", "p/o":
			from--
			continue
		}
		break
	}
	return from
}

// readBoxInitials takes "B.P. 123", "A.A. 123" and "C.P. 123" of French, Spanish
// and Portuguese; C.P. with five digits or more is a postcode and stays.
func (p *parser) readBoxInitials() {
	for i := range p.tokens {
		if !p.free(i) || !p.follows(i+1) || p.tokens[i+1].class != digits || p.into.Box != "" {
			continue
		}
		switch text := p.tokens[i].text; {
		case text == "bp" || text == "aa", text == "cp" && len(p.tokens[i+1].text) < 5:
			p.into.Box = p.tokens[i+1].text
			p.take(i, i+2, boxSlot)
		}
	}
}

package address

import "strings"

// course is a street that was found, with the number beside it.
type course struct {
	from, to     int  // tokens of the name, with its kind and direction
	kind         int  // the token of the kind ("road"), -1 without
	number       int  // the token of the number, -1 without
	lead, behind int  // all tokens that belong to it
	before       bool // the kind stands before the name
}

// readStreet takes the street and its number: the first one that has a number
// beside it, else the first.
func (p *parser) readStreet() {
	p.readSection()
	if p.readLot() {
		return
	}
	var best course
	found := false
	for i := 0; i < len(p.tokens); i++ {
		one, ok := p.courseAt(i)
		if !ok {
			continue
		}
		if !found || best.number < 0 && one.number >= 0 {
			best, found = one, true
		}
		if best.number >= 0 {
			break
		}
		i = one.to - 1
	}
	for i := 0; i < len(p.tokens) && !found; i++ {
		best, found = p.weakCourseAt(i)
	}
	for i := 0; i < len(p.tokens) && !found && !cityState(p.land()); i = p.pieceEnd(i) {
		best, found = p.plainCourseAt(i)
	}
	if found {
		p.keepStreet(best)
	}
}

// readSection takes "Sec. 2" of a road in Taiwan, which stands before its name.
func (p *parser) readSection() {
	if p.land() != "tw" {
		return
	}
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.part == free && (t.text == "sec" || t.text == "section") && p.follows(i+1) && p.tokens[i+1].class == digits && len(p.tokens[i+1].text) <= 2 {
			p.section = p.tokens[i+1].text
			p.take(i, i+2, sectionSlot)
			return
		}
	}
}

// readLot takes a lot of a demarcation district in the New Territories, where no
// street has a name: "DD 125 Lot 1234" stands as number 1234 of dd 125.
func (p *parser) readLot() bool {
	for i := range p.tokens {
		if !p.free(i) || p.tokens[i].text != "dd" || !p.follows(i+1) || p.tokens[i+1].class != digits {
			continue
		}
		for k := range p.tokens {
			if !p.free(k) || p.tokens[k].text != "lot" && p.tokens[k].text != "lots" {
				continue
			}
			at := k + 1
			for p.follows(at) && p.is(at, numberWord) {
				at++
			}
			if p.follows(at) && p.tokens[at].hasDigit() {
				p.into.Street, p.into.Number = "dd "+p.tokens[i+1].text, numberForm(p.tokens[at].text)
				p.take(i, i+2, streetSlot)
				p.take(k, at+1, numberSlot)
				p.street, p.streets = min(i, k), max(i+2, at+1)
				return true
			}
		}
	}
	return false
}

// courseAt finds a street whose kind stands at token i.
func (p *parser) courseAt(i int) (course, bool) {
	if !p.free(i) {
		return course{}, false
	}
	t := &p.tokens[i]
	land := p.land()
	chinese := land == "cn" || chineseOwn(land)
	switch {
	case t.word.is&streetLead != 0 && p.leads(i):
		return p.leadCourse(i)
	case t.word.is&streetWord != 0, t.word.is&pinyinStreet != 0 && chinese, romanised(t.text):
		return p.tailCourse(i)
	}
	return course{}, false
}

// romanised holds for streets whose kind hangs on the name, as in Korean and German:
// "teheran-ro", "hauptstrasse".
func romanised(text string) bool {
	for _, tail := range [...]string{"-ro", "-gil", "-daero", "daero", "strasse", "straat", "gasse", "str"} {
		if len(text) > len(tail)+1 && strings.HasSuffix(text, tail) {
			return true
		}
	}
	return false
}

// leads reports whether the kind at i begins a name: nothing but a number stands
// before it, and a word behind.
func (p *parser) leads(i int) bool {
	if !p.follows(i + 1) {
		return false
	}
	if p.tokens[i].first || !p.free(i-1) {
		return true
	}
	return p.tokens[i-1].hasDigit() || p.tokens[i-1].word.is&numberWord != 0
}

// leadCourse reads "jalan ampang 45", "calle 10 no 22-13".
func (p *parser) leadCourse(i int) (course, bool) {
	c := course{from: i, kind: i, number: -1, lead: i, before: true}
	if numbered := &p.tokens[i+1]; numbered.class == digits && strings.Contains(numbered.text, "-") && !p.tokens[i].first && p.free(i-1) && p.tokens[i-1].hasDigit() {
		// "7a avenida 9-15", as in Guatemala: the number before is the name.
		return course{from: i - 1, to: i + 1, kind: i, number: i + 1, lead: i - 1, behind: i + 2, before: true}, true
	}
	counted := false
	switch p.tokens[i].opening() {
	case "soi", "ซอย", "trok", "ngo", "hem", "ngach", "lorong", "gang", "jalan":
		counted = true // their names end in numbers
	}
	k := i + 1
	for p.is(k, streetLead) && p.follows(k+1) {
		k++
	}
	start := k
	for p.follows(k) {
		t := &p.tokens[k]
		if t.word.is&(numberWord|nearWord) != 0 && k > start {
			break
		}
		if k > start && t.hasDigit() {
			numbered, _ := p.numberBefore(i)
			if counted && (numbered >= 0 || t.class == digits && len(t.text) <= 3 && p.follows(k+1) && p.tokens[k+1].hasDigit()) {
				k++
			}
			break
		}
		k++
	}
	c.to, c.behind = k, k
	if number, behind := p.numberAfter(k, 6); number >= 0 {
		c.number, c.behind = number, behind
	} else if number, lead := p.numberBefore(i); number >= 0 {
		c.number, c.lead = number, lead
	}
	return c, true
}

// tailCourse reads "71 des voeux road central", "road" standing at i.
func (p *parser) tailCourse(i int) (course, bool) {
	from := i
	for from > 0 && p.free(from-1) && !p.tokens[from].first {
		t := &p.tokens[from-1]
		if t.hasDigit() || t.word.is&(numberWord|nearWord) != 0 {
			break
		}
		if from < i && t.word.is&buildingWord != 0 && t.word.is&(districtLead|streetWord) == 0 && len(t.text) > 3 {
			break
		}
		from--
	}
	if from == i {
		from = p.countedName(i)
	}
	hung := romanised(p.tokens[i].text)
	c := course{from: from, to: i + 1, kind: i, number: -1}
	if from == i && !hung {
		if !p.follows(i+1) || !p.tokens[i+1].hasDigit() || p.tokens[i].word.is&pinyinStreet != 0 {
			return course{}, false
		}
		c.to++ // "street 271"
	}
	for p.follows(c.to) && p.is(c.to, streetWord) && c.to+1-i < 3 && p.tokens[c.to].text != "st" {
		c.kind, c.to = c.to, c.to+1
	}
	if p.follows(c.to) && p.is(c.to, directionWord) && p.tokens[c.to].full() != "main" && !p.buildingAhead(c.to) {
		c.to++
	}
	if p.land() == "sg" && p.follows(c.to) && p.tokens[c.to].class == digits && len(p.tokens[c.to].text) <= 2 {
		c.to++ // "ang mo kio avenue 3"
	}
	c.lead, c.behind = c.from, c.to
	if number, lead := p.numberBefore(c.from); number >= 0 {
		c.number, c.lead = number, lead
	} else if number, behind := p.numberAfter(c.to, 4); number >= 0 {
		c.number, c.behind = number, behind
	}
	return c, true
}

// countedName is where the name begins whose kind stands at i, if that is a number
// behind another number or a direction: "11251 NW 2 Street". Else it is i.
func (p *parser) countedName(i int) int {
	if i < 2 || p.tokens[i].first || p.tokens[i-1].first || !p.free(i-1) || !p.free(i-2) || p.tokens[i-1].class != digits || len(p.tokens[i-1].text) > 3 {
		return i
	}
	switch {
	case p.tokens[i-2].word.is&directionWord != 0:
		return i - 2
	case p.tokens[i-2].class == digits:
		return i - 1
	}
	return i
}

// buildingAhead reports whether the word at i belongs to the name of a building:
// "Nathan Road Central Plaza".
func (p *parser) buildingAhead(i int) bool {
	return len(p.tokens[i].text) > 2 && p.follows(i+1) && p.tokens[i+1].word.is&buildingWord != 0 && p.tokens[i+1].word.is&districtWord == 0
}

// numberBefore finds a number directly before token i, in its piece or alone in
// the one before. It returns the number and the first token with its "No.".
func (p *parser) numberBefore(i int) (number, lead int) {
	for i > 0 && p.tokens[i-1].part == sectionSlot {
		i--
	}
	if i == 0 || !p.free(i-1) || !p.tokens[i-1].hasDigit() || len(p.tokens[i-1].text) > 12 {
		return -1, i
	}
	number, lead = i-1, i-1
	if p.tokens[i].first {
		start := p.runStart(number)
		behindName := start < number && p.tokens[number-1].word.is&(buildingWord|numberWord) != 0 // "Lockhart Centre 301-307, Lockhart Road"
		if start < number && !behindName {
			return -1, i
		}
		if start == number && !p.tokens[start].first && p.tokens[start-1].part != blockSlot {
			return -1, i
		}
	}
	if lead > 0 && !p.tokens[lead].first && p.is(lead-1, numberWord) {
		lead--
	}
	return number, lead
}

// numberAfter finds a number from token i on: with "No." in the next piece too. A
// bare one has at most so many digits, as longer ones are postcodes.
func (p *parser) numberAfter(i, most int) (number, behind int) {
	if !p.free(i) {
		return -1, i
	}
	if p.is(i, numberWord) && p.free(i+1) && p.tokens[i+1].hasDigit() && !p.tokens[i+1].first {
		return i + 1, i + 2
	}
	t := &p.tokens[i]
	if t.first {
		alone := i+1 < len(p.tokens) && p.tokens[i+1].first
		if !alone || i < 1 || p.tokens[i-1].part != free {
			return -1, i
		}
	}
	if t.hasDigit() && (len(t.text) <= most || strings.ContainsAny(t.text, "-/")) {
		return i, i + 1
	}
	return -1, i
}

// weakCourseAt finds a street whose kind a building could have too: "5 dragon
// terrace". It needs the number.
func (p *parser) weakCourseAt(i int) (course, bool) {
	if !p.is(i, placeWord) {
		return course{}, false
	}
	from := i
	for from > 0 && p.free(from-1) && !p.tokens[from].first && !p.tokens[from-1].hasDigit() && p.tokens[from-1].word.is&numberWord == 0 {
		from--
	}
	if from == i {
		return course{}, false
	}
	number, lead := p.numberBefore(from)
	if number < 0 || p.tokens[from].first {
		return course{}, false
	}
	return course{from: from, to: i + 1, kind: i, number: number, lead: lead, behind: i + 1}, true
}

// plainCourseAt finds a street without a kind in the piece that begins at i: words
// and a number behind them or before ("Pablo Neruda No. 3583", "6 Lothbury"). A
// quarter may follow in the same piece.
func (p *parser) plainCourseAt(i int) (course, bool) {
	end := p.pieceEnd(i)
	for k := i + 1; k < end; k++ {
		if p.is(k, districtLead) {
			end = k
		}
	}
	if !p.allFree(i, end) || !p.freeFrom(end) || end-i < 2 {
		return course{}, false
	}
	c := course{from: i, to: end, kind: -1, number: end - 1, lead: i, behind: end}
	if p.tokens[i].hasDigit() {
		c.from, c.number = i+1, i
	} else {
		c.to = c.number
		if p.tokens[c.to-1].word.is&numberWord != 0 {
			c.to--
		}
	}
	text := p.tokens[c.number].text
	marked := c.to < c.number
	if !p.tokens[c.number].hasDigit() || len(text) > 9 || !marked && (len(text) > 6 || i > 0 && p.postcode(text)) || c.from >= c.to {
		return course{}, false
	}
	for k := c.from; k < c.to; k++ {
		if p.tokens[k].hasDigit() || p.tokens[k].word.is&(buildingWord|buildingLead|districtLead|districtWord|localityWord|regionWord|nearWord|wardWord|placeWord|unitWord) != 0 {
			return course{}, false
		}
	}
	if _, known := p.places.names[string(p.joined(c.from, c.to))]; known && (i > 0 || c.from > i) {
		return course{}, false // "Taipei 104"
	}
	return c, true
}

// freeFrom reports whether any token from i on is free: then something stands
// between the street and the country.
func (p *parser) freeFrom(i int) bool {
	for ; i < len(p.tokens); i++ {
		if p.free(i) {
			return true
		}
	}
	return false
}

// keepStreet writes the street and its number in their normal forms.
func (p *parser) keepStreet(c course) {
	p.gather.Reset()
	for i := c.from; i < c.to; i++ {
		if i > c.from {
			p.gather.WriteByte(' ')
		}
		p.gather.WriteString(p.streetWordAt(i, c))
	}
	if p.section != "" {
		p.gather.WriteString(" section " + p.section)
	}
	p.into.Street = p.gather.String()
	p.take(c.lead, c.behind, taken)
	p.take(c.from, c.to, streetSlot)
	if c.number >= 0 {
		p.into.Number = numberForm(p.tokens[c.number].text)
		p.tokens[c.number].part = numberSlot
	}
	p.street, p.streets = c.lead, max(c.to, c.behind)
}

// streetWordAt is the normal form of one word of a street.
func (p *parser) streetWordAt(i int, c course) string {
	t := &p.tokens[i]
	switch {
	case i == c.kind && c.before:
		return t.opening()
	case i == c.kind:
		return t.full()
	case i == c.kind+1 && i > c.from && t.word.is&directionWord != 0:
		return t.full()
	case i == c.kind-1 && i > c.from && t.word.is&directionWord != 0 && len(t.text) <= 2:
		return t.full()
	case t.text == "st":
		return "saint"
	}
	if land := p.land(); land == "cn" || land == "tw" {
		if direction, ok := pinyinDirections[t.text]; ok && i > c.from {
			return direction
		}
	}
	return t.text
}

// numberForm is the normal form of a number in a street: "116-118" stays, zeros
// in front and "#" go.
func numberForm(text string) string {
	return tidy(strings.TrimLeft(text, "#"))
}

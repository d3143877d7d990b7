package address

import (
	"strconv"
	"strings"
)

// A range of floors is written out to so many at most; one of units to fewer, as a
// wide one may be a number with a dash.
const (
	widestSpan  = 40
	widestUnits = 12
)

// readUnits takes flats, rooms, suites, shops and offices with their numbers.
func (p *parser) readUnits() {
	for i := 0; i < len(p.tokens); i++ {
		if !p.is(i, unitWord|unitTail) {
			continue
		}
		if p.is(i, unitTail) {
			if i > 0 && p.free(i-1) && !p.tokens[i].first && p.tokens[i-1].class == digits {
				more(&p.into.Unit, tidy(p.tokens[i-1].text), ",")
				p.take(i-1, i+1, unitSlot)
			}
			continue
		}
		at := i + 1
		many := p.is(i, unitMany)
		for p.follows(at) && p.is(at, unitWord|numberWord|andWord) {
			many = many || p.is(at, unitMany)
			at++
		}
		end := p.unitValues(at, many)
		if end == at && at > i+1 {
			// What looked like another word was the number: "Flat D", "Unit N".
			at = i + 1
			end = p.unitValues(at, many)
		}
		if end > at {
			p.take(i, end, unitSlot)
			i = end - 1
		}
	}
	p.readTails()
}

// unitValues takes the values from at on and returns the index behind them.
func (p *parser) unitValues(at int, many bool) int {
	end := at
	for end < len(p.tokens) {
		if end > at && p.tokens[end].first && (!many || !p.anotherUnit(end)) {
			break
		}
		if end == at && p.tokens[end].first {
			break
		}
		if end > at && p.is(end, andWord) && p.follows(end+1) && unitValue(p.tokens[end+1].text) {
			end++
			continue
		}
		joined := end > at && !p.tokens[end].first && !p.is(end-1, andWord)
		if !p.free(end) || joined || !unitValue(p.tokens[end].text) {
			break
		}
		more(&p.into.Unit, unitRange(p.tokens[end].text), ",")
		end++
	}
	return end
}

// anotherUnit reports whether the piece that begins at i is one more of several
// units: a value of the length of the one before and nothing else.
func (p *parser) anotherUnit(i int) bool {
	return p.free(i) && p.tokens[i].class != letters && unitValue(p.tokens[i].text) &&
		len(p.tokens[i].text) == len(p.tokens[i-1].text) &&
		(i+1 >= len(p.tokens) || p.tokens[i+1].first || p.is(i+1, andWord))
}

// unitValue holds for what can be the number of a unit: it has a digit or is one
// or two letters.
func unitValue(text string) bool {
	if len(text) > 14 || strings.IndexByte(text, '#') > 0 {
		return false
	}
	digit := false
	for i := range len(text) {
		digit = digit || isDigit(text[i])
	}
	if digit {
		return classify(text) != ordinal
	}
	switch text {
	case "no", "st", "rd", "of", "in", "on", "at", "la", "el", "de", "du", "kl", "hk", "nt", "po", "tp", "jl", "co", "rm", "sq", "dr":
		return false
	}
	return len(text) == 1 && isAlpha(text[0]) || len(text) == 2 && text[0] == text[1] || len(text) == 3 && text[1] == '-'
}

// readTails takes units that end in a romanised Korean or Japanese word: "2309-ho".
func (p *parser) readTails() {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.part != free || t.class != mixed {
			continue
		}
		for _, tail := range [...]string{"-ho", "ho", "-goshitsu", "-gohshitsu", "-shitsu"} {
			if number, ok := strings.CutSuffix(t.text, tail); ok && classify(number) == digits {
				more(&p.into.Unit, tidy(number), ",")
				t.part = unitSlot
				break
			}
		}
		for _, tail := range [...]string{"-dong", "-cha", "dong"} {
			if number, ok := strings.CutSuffix(t.text, tail); ok && t.part == free && classify(number) == digits && len(number) >= 3 {
				more(&p.into.Block, tidy(number), ",")
				t.part = blockSlot
				break
			}
		}
	}
}

// readBlocks takes blocks, towers and phases with their numbers, and towers told
// apart by direction.
func (p *parser) readBlocks() {
	for i := range p.tokens {
		if !p.is(i, blockWord|blockNoun|phaseWord) {
			continue
		}
		t := &p.tokens[i]
		at := i + 1
		for p.follows(at) && p.is(at, numberWord) {
			at++
		}
		value := ""
		if p.follows(at) {
			value = blockValue(p.tokens[at].text)
		}
		if t.word.is&blockNoun != 0 && value != "" && !p.nounIsBlock(i, at) {
			value = ""
		}
		if value != "" && p.numberOfStreet(i, at) {
			value = ""
		}
		switch {
		case value != "" && t.word.is&phaseWord != 0:
			more(&p.into.Phase, value, ",")
		case value != "":
			more(&p.into.Block, value, ",")
		default:
			p.readSide(i)
			continue
		}
		p.take(i, at+1, blockSlot)
		if p.is(at+1, andWord) && p.follows(at+2) && blockValue(p.tokens[at+2].text) != "" && t.word.is&phaseWord == 0 {
			p.into.Block += "," + blockValue(p.tokens[at+2].text)
			p.take(at+1, at+3, blockSlot)
		}
	}
}

// numberOfStreet reports whether what follows "tower" is the number of the street:
// the tower has a name, and words follow ("Bright Way Tower 33 Mong Kok Road").
func (p *parser) numberOfStreet(i, at int) bool {
	named := !p.tokens[i].first && p.free(i-1) && p.tokens[i-1].class == letters && p.tokens[i].word.is&buildingWord != 0
	if !named || p.tokens[at].class != digits {
		return false
	}
	if next := at + 1; next < len(p.tokens) && p.tokens[next].first && len(p.tokens[at].text) >= 2 {
		// "Wah Tung Tower 45-49, Chun On Street"
		for i := next; i < p.pieceEnd(next); i++ {
			if p.is(i, streetWord) && !p.tokens[next].hasDigit() && p.tokens[next].word.is&numberWord == 0 {
				return true
			}
		}
	}
	return p.follows(at+1) && p.tokens[at+1].class == letters && p.tokens[at+1].word.is&(andWord|unitWord|blockWord) == 0
}

// nounIsBlock reports whether "building 5" is a block: the number must end the
// piece, as that of a street would not.
func (p *parser) nounIsBlock(i, at int) bool {
	ends := at+1 >= len(p.tokens) || p.tokens[at+1].first
	return ends && (p.tokens[i].first || !p.free(i-1))
}

// readSide takes "East Tower" and "North Block".
func (p *parser) readSide(i int) {
	if i == 0 || p.tokens[i].first || !p.free(i-1) || p.tokens[i].word.is&blockWord == 0 {
		return
	}
	t := &p.tokens[i-1]
	whole := t.first || i+1 >= len(p.tokens) || p.tokens[i+1].first
	if !whole || t.word.is&directionWord == 0 || len(t.text) < 4 || t.text == "central" || t.text == "centre" || t.text == "main" {
		return
	}
	more(&p.into.Block, t.full(), ",")
	p.take(i-1, i+1, blockSlot)
}

// blockValue is the normal form of the number of a block, empty if it is none.
func blockValue(text string) string {
	if number, ok := numerals[text]; ok {
		return number
	}
	if len(text) > 5 {
		return ""
	}
	if len(text) == 1 && isAlpha(text[0]) {
		return text
	}
	switch classify(text) {
	case digits, mixed:
		return tidy(text)
	}
	return ""
}

// tidy drops leading zeros of the numbers in a value.
func tidy(text string) string {
	if !strings.Contains(text, "0") {
		return text
	}
	var b strings.Builder
	inNumber := false
	for i := range len(text) {
		c := text[i]
		if c == '0' && !inNumber && i+1 < len(text) && isDigit(text[i+1]) {
			continue
		}
		inNumber = isDigit(c)
		b.WriteByte(c)
	}
	return b.String()
}

// unitRange writes a range of units out: "1318-19" is 1318 and 1319, "704-6" is
// 704, 705, 706, "a-c" is a, b, c. What is no range stays.
func unitRange(text string) string {
	if from, to, ok := strings.Cut(text, "&"); ok && from != "" && to != "" {
		return unitRange(from) + "," + unitRange(to)
	}
	if from, to, ok := strings.Cut(text, "/"); ok && classify(from) == digits && classify(to) == digits {
		return tidy(from) + "," + tidy(to)
	}
	from, to, ok := strings.Cut(text, "-")
	if !ok || from == "" || to == "" || strings.Contains(to, "-") {
		return tidy(text)
	}
	if len(from) == 1 && len(to) == 1 && isAlpha(from[0]) && isAlpha(to[0]) && from < to {
		return span(from, to)
	}
	if classify(from) != digits || classify(to) != digits {
		return tidy(text)
	}
	if len(to) < len(from) {
		if len(from) < 3 {
			return tidy(text) // "12-3" is unit 3 of level 12
		}
		to = from[:len(from)-len(to)] + to
	}
	a, z := tidy(from), tidy(to)
	if low, high, _ := bounds(a + "-" + z); high-low > widestUnits {
		return a + "-" + z
	}
	return span(a, z)
}

// span lists from..to, or joins them by a dash where that is no short range.
func span(from, to string) string {
	if len(from) == 1 && len(to) == 1 && isAlpha(from[0]) && isAlpha(to[0]) && from <= to {
		var b strings.Builder
		for c := from[0]; c <= to[0]; c++ {
			if b.Len() > 0 {
				b.WriteByte(',')
			}
			b.WriteByte(c)
		}
		return b.String()
	}
	a, errFrom := strconv.Atoi(from)
	z, errTo := strconv.Atoi(to)
	if errFrom != nil || errTo != nil || z <= a || z-a >= widestSpan {
		return from + "-" + to
	}
	var b strings.Builder
	for ; a <= z; a++ {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(a))
	}
	return b.String()
}

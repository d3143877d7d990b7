package address

import (
	"strconv"
	"strings"
)

// highest is the highest number taken for a floor.
const highest = 165

// readFloors takes floors in their many spellings: "23/F", "23rd Floor", "Level
// 23", "G/F", "1/F-3/F", "10/F & 11/F".
func (p *parser) readFloors() {
	for i := range p.tokens {
		if !p.free(i) {
			continue
		}
		t := &p.tokens[i]
		if t.text[0] == '#' {
			p.readHash(i)
			continue
		}
		if t.word.is&(floorWord|levelWord|floorName) != 0 {
			p.readFloorWord(i)
			continue
		}
		if t.first && i+1 == p.pieceEnd(i) && bareFloor(t.text) {
			more(&p.into.Floor, floorCore(t.text), ",")
			t.part = floorSlot
			continue
		}
		if t.class == mixed || strings.IndexByte(t.text, '/') > 0 || len(t.text) <= 3 {
			if floor, unit := floorWithUnit(t.text); floor != "" {
				more(&p.into.Floor, floor, ",")
				more(&p.into.Unit, tidy(unit), ",")
				t.part = floorSlot
			} else if value := shortFloor(t.text); value != "" {
				more(&p.into.Floor, value, ",")
				t.part = floorSlot
				p.afterFloor(i + 1)
			}
		}
	}
}

// bareFloor holds for "LG1" and "B2", which need no word in a piece of their own.
func bareFloor(text string) bool {
	switch text {
	case "lg1", "lg2", "lg3", "ug1", "ug2", "b1", "b2", "b3", "b4", "lg", "ug":
		return true
	}
	return false
}

// readHash takes Singapore's "#23-09": floor 23, unit 9.
func (p *parser) readHash(i int) {
	t := &p.tokens[i]
	floor, unit, both := strings.Cut(strings.TrimLeft(t.text, "#"), "-")
	if floor == "" {
		return
	}
	if !both {
		more(&p.into.Unit, tidy(floor), ",")
		t.part = unitSlot
		return
	}
	if value := floorCore(floor); value != "" {
		more(&p.into.Floor, value, ",")
		more(&p.into.Unit, unitRange(strings.ReplaceAll(unit, "/", "-")), ",")
	} else {
		more(&p.into.Unit, tidy(floor+"-"+unit), ",")
	}
	t.part = unitSlot
}

// readFloorWord takes a floor that is written with a word at i.
func (p *parser) readFloorWord(i int) {
	t := &p.tokens[i]
	if t.word.is&floorWord != 0 && p.floorBefore(i) {
		return
	}
	if t.word.is&(floorWord|levelWord) != 0 {
		at := i + 1
		for p.follows(at) && p.is(at, numberWord) {
			at++
		}
		if p.follows(at) {
			if value := floorCore(strings.TrimSuffix(p.tokens[at].text, "/f")); value != "" {
				more(&p.into.Floor, value, ",")
				p.take(i, at+1, floorSlot)
				p.afterFloor(at + 1)
				return
			}
		}
		if t.word.is&levelWord != 0 {
			p.floorBefore(i)
		}
		return
	}
	// A name of a floor alone: only where nothing else claims it.
	if p.is(i+1, floorWord) && !p.tokens[i+1].first {
		return // taken when the word behind it comes
	}
	if alone := t.first && i+1 == p.pieceEnd(i); !alone && t.text != "mezzanine" && t.text != "basement" && t.text != "penthouse" {
		return
	}
	value := t.word.full
	if value == "" {
		value = t.text
	}
	if value == "b" && p.follows(i+1) && p.tokens[i+1].class == digits && len(p.tokens[i+1].text) == 1 {
		value += p.tokens[i+1].text
		p.tokens[i+1].part = floorSlot
	}
	more(&p.into.Floor, value, ",")
	t.part = floorSlot
}

// floorBefore takes the floors that stand before the word at i: "23rd", "10th and
// 11th", "Upper Ground".
func (p *parser) floorBefore(i int) bool {
	from := i
	value := ""
	for from > 0 && !p.tokens[from].first && p.free(from-1) {
		t := &p.tokens[from-1]
		one := ""
		switch {
		case t.word.is&ordinalWord != 0:
			one = t.word.full
		case t.word.is&floorName != 0:
			one = t.full()
			if from > 1 && !t.first && p.free(from-2) {
				switch p.tokens[from-2].text {
				case "upper":
					one, from = "ug", from-1
				case "lower":
					one, from = "lg", from-1
				}
			}
		case t.class == ordinal || t.class == digits:
			one = floorCore(t.text)
		case t.word.is&andWord != 0 && value != "":
			from--
			continue
		case len(t.text) <= 2 && value == "":
			one = floorCore(t.text)
		}
		if one == "" {
			break
		}
		from--
		if value == "" {
			value = one
		} else {
			value = one + "," + value
		}
		if from > 0 && p.is(from-1, andWord) {
			continue
		}
		break
	}
	if value == "" {
		return false
	}
	more(&p.into.Floor, value, ",")
	p.take(from, i+1, floorSlot)
	p.afterFloor(i + 1)
	return true
}

// afterFloor takes a unit that follows a floor without a word: "12th Floor C".
func (p *parser) afterFloor(i int) {
	if !p.follows(i) || p.follows(i+1) && p.tokens[i+1].word.is&(streetWord|numberWord) != 0 {
		return
	}
	t := &p.tokens[i]
	lone := i+1 >= len(p.tokens) || p.tokens[i+1].first
	if t.class == letters && len(t.text) == 1 && t.text[0] >= 'a' && (lone || t.word.is&andWord == 0) && lone {
		more(&p.into.Unit, t.text, ",")
		t.part = unitSlot
	}
}

// floorWithUnit reads "5f-2", unit 2 of the fifth floor in Taiwan.
func floorWithUnit(text string) (floor, unit string) {
	before, after, ok := strings.Cut(text, "f-")
	if !ok || after == "" || classify(before) != digits || classify(after) != digits || strings.Contains(after, "-") || strings.HasSuffix(before, "/") {
		return "", ""
	}
	return floorNumber(before), after
}

// shortFloor reads "23/f", "23f", "g/f", "b1/f", "36fl", "1/f-3/f", empty if the
// text is no floor.
func shortFloor(text string) string {
	if from, to, ok := strings.Cut(text, "/f-"); ok {
		to = strings.TrimSuffix(strings.TrimSuffix(to, "f"), "/")
		if a, b := floorCore(from), floorCore(to); a != "" && b != "" {
			return span(a, b)
		}
		return ""
	}
	core := text
	for _, tail := range [...]string{"/floor", "floor", "/flr", "flr", "/fl", "fl", "/f", "-f", "f"} {
		if rest, ok := strings.CutSuffix(text, tail); ok {
			core = rest
			break
		}
	}
	if core == text || core == "" {
		return ""
	}
	if !isDigit(core[0]) && text == core+"f" {
		switch core {
		case "g", "ug", "lg", "b1", "b2", "b3", "u/g", "l/g":
		default:
			return ""
		}
	}
	return floorCore(core)
}

// floorCore is the normal form of a floor without its word, empty if it is none.
func floorCore(text string) string {
	switch text {
	case "g", "ug", "lg", "m", "b":
		return text
	case "u/g", "u-g":
		return "ug"
	case "l/g", "l-g":
		return "lg"
	case "r":
		return "roof"
	case "c":
		return "cl"
	}
	if n := len(text); n >= 2 && n <= 3 && !isDigit(text[0]) {
		head := strings.TrimRight(text, "0123456789")
		switch head {
		case "b", "lg", "ug", "p", "m":
			if len(head) < n {
				return tidyTail(head, text[len(head):])
			}
		}
		return ""
	}
	for _, tail := range [...]string{"st", "nd", "rd", "th"} {
		text = strings.TrimSuffix(text, tail)
	}
	if from, to, ok := cutAny(text, "-&/"); ok {
		if a, b := floorNumber(from), floorNumber(to); a != "" && b != "" {
			if text[len(from)] == '-' {
				return span(a, b)
			}
			return a + "," + b
		}
		return ""
	}
	return floorNumber(text)
}

func tidyTail(head, number string) string {
	number = strings.TrimLeft(number, "0")
	if number == "" {
		return head
	}
	return head + number
}

func floorNumber(text string) string {
	if len(text) == 0 || len(text) > 3 {
		return ""
	}
	core := text
	if last := text[len(text)-1]; len(text) > 1 && last >= 'a' && last <= 'z' {
		core = text[:len(text)-1]
	}
	n, err := strconv.Atoi(core)
	if err != nil || n < 0 || n > highest {
		return ""
	}
	if core != text && n == 0 {
		return ""
	}
	return strings.TrimLeft(text[:len(text)-1], "0") + text[len(text)-1:]
}

// cutAny is strings.Cut at the first of several separators.
func cutAny(text, separators string) (before, after string, found bool) {
	if i := strings.IndexAny(text, separators); i > 0 && i+1 < len(text) {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

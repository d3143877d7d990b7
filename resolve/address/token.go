package address

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// parser holds what one reading needs; readings reuse it.
type parser struct {
	into    *Address
	hint    string
	country string // as far as known
	named   string // what the text called the country
	section string // of the street, in Taiwan
	east    bool   // the text has Han, kana or Hangul
	wide    []byte
	plain   []byte
	out     []byte
	text    string
	tokens  []token
	street  int // the first token of the street, -1 while there is none
	streets int // the token after the street and its direction
	gather  strings.Builder
	words   map[string]word
	places  *gazetteer
}

var parsers = sync.Pool{New: func() any {
	return &parser{words: vocabulary(), places: places()}
}}

func (p *parser) reset(into *Address, hint string) {
	p.into, p.hint, p.country, p.named, p.section, p.east = into, hint, "", "", "", false
	p.tokens = p.tokens[:0]
	p.street, p.streets = -1, -1
}

// class is what a token is made of.
type class uint8

const (
	letters class = iota
	digits        // digits alone, or with dashes or slashes between
	mixed         // both, as "5a", "b12", "12-a"
	ordinal       // "23rd"
)

// token is a word of the text, and the part it was given to.
type token struct {
	text  string
	word  word
	class class
	part  slot
	first bool // begins a piece
}

// slot is the part that a token belongs to; free tokens belong to none yet.
type slot uint8

const (
	free slot = iota
	taken
	unitSlot
	floorSlot
	blockSlot
	numberSlot
	streetSlot
	placeSlot
	countrySlot
	codeSlot
	boxSlot
	careSlot
	sectionSlot
)

// split makes tokens of the text. Keywords that a number sticks to ("rm2309",
// "no8") and those of Thai are cut off.
func (p *parser) split() {
	first := true
	for i := 0; i < len(p.text); {
		switch p.text[i] {
		case ',':
			first = true
			i++
			continue
		case ' ':
			i++
			continue
		}
		end := i
		for end < len(p.text) && p.text[end] != ' ' && p.text[end] != ',' {
			end++
		}
		p.add(p.text[i:end], first)
		first = false
		i = end
	}
}

func (p *parser) add(text string, first bool) {
	if entry, known := p.words[text]; known {
		if isThai(text) {
			first = true // its words for parts begin them, without commas
		}
		p.tokens = append(p.tokens, token{text: text, word: entry, first: first})
		return
	}
	kind := classify(text)
	if kind == mixed {
		if at := leadingLetters(text); at >= 2 {
			if entry, ok := p.words[text[:at]]; ok && entry.is&(unitWord|blockWord|numberWord|phaseWord|levelWord) != 0 {
				p.tokens = append(p.tokens, token{text: text[:at], word: entry, first: first})
				rest := strings.TrimLeft(text[at:], "-/")
				p.tokens = append(p.tokens, token{text: rest, class: classify(rest)})
				return
			}
		}
	}
	if kind == letters && isThai(text) && p.addThai(text) {
		return
	}
	p.tokens = append(p.tokens, token{text: text, class: kind, first: first})
}

// thaiLeads are the words that Thai writes without a space before a name or a
// number, longest first.
var thaiLeads = []string{"ห้องเลขที่", "เลขที่", "อาคาร", "จังหวัด", "อำเภอ", "หมู่ที่", "ถนน", "ซอย", "แขวง", "ตำบล", "เขต", "ชั้น", "ห้อง", "หมู่", "ตึก"}

func isThai(text string) bool {
	return len(text) >= 3 && text[0] == 0xE0 && (text[1] == 0xB8 || text[1] == 0xB9)
}

func (p *parser) addThai(text string) bool {
	for _, lead := range thaiLeads {
		if rest, ok := strings.CutPrefix(text, lead); ok && rest != "" {
			p.tokens = append(p.tokens, token{text: lead, word: p.words[lead], first: true})
			p.add(rest, false)
			return true
		}
	}
	return false
}

func leadingLetters(text string) int {
	i := 0
	for i < len(text) && (isAlpha(text[i]) || text[i] >= utf8.RuneSelf) {
		i++
	}
	return i
}

func classify(text string) class {
	digit, letter, tail := false, false, 0
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c):
			digit = true
			if !letter {
				tail = i + 1
			}
		case c == '-' || c == '/' || c == '#' || c == '&':
		default:
			letter = true
		}
	}
	switch {
	case digit && !letter:
		return digits
	case !digit:
		return letters
	}
	switch text[tail:] {
	case "st", "nd", "rd", "th":
		return ordinal
	}
	return mixed
}

// hasDigit holds for tokens that can be a number.
func (t *token) hasDigit() bool { return t.class == digits || t.class == mixed }

// is reports whether a token may still act in one of the roles.
func (p *parser) is(i int, roles role) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].part == free && p.tokens[i].word.is&roles != 0
}

// free reports whether token i exists and belongs to no part yet.
func (p *parser) free(i int) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].part == free
}

// follows reports whether token i is free and stands in the same piece as i-1.
func (p *parser) follows(i int) bool {
	return p.free(i) && !p.tokens[i].first
}

// pieceEnd is the index behind the last token of the piece that holds i.
func (p *parser) pieceEnd(i int) int {
	for i++; i < len(p.tokens) && !p.tokens[i].first; i++ {
	}
	return i
}

// take gives tokens to a part.
func (p *parser) take(from, to int, part slot) {
	for i := from; i < to; i++ {
		p.tokens[i].part = part
	}
}

// full is a token's full form.
func (t *token) full() string {
	if t.word.full != "" {
		return t.word.full
	}
	return t.text
}

// opening is a token's full form before a name.
func (t *token) opening() string {
	if t.word.lead != "" {
		return t.word.lead
	}
	return t.full()
}

// land is the country as far as known, else the hinted one.
func (p *parser) land() string {
	if p.country != "" {
		return p.country
	}
	return p.hint
}

// phrase joins tokens by spaces as they stand.
func (p *parser) phrase(from, to int) string {
	if to-from == 1 {
		return p.tokens[from].text
	}
	p.gather.Reset()
	for i := from; i < to; i++ {
		if i > from {
			p.gather.WriteByte(' ')
		}
		p.gather.WriteString(p.tokens[i].text)
	}
	return p.gather.String()
}

// more adds a value to a part that may hold several.
func more(field *string, value, between string) {
	switch {
	case value == "":
	case *field == "":
		*field = value
	default:
		*field += between + value
	}
}

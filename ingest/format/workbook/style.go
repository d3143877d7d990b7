package workbook

import (
	"strings"
	"unicode/utf8"
)

// mostFormats is how many formats of a workbook are kept: as many styles as a
// spreadsheet program allows.
const mostFormats = 1 << 16

// mostCode is the longest code of a format that is followed.
const mostCode = 1024

// A kind is what a number means by its format.
type kind uint8

const (
	number kind = iota
	percent
	day    // of a calendar
	clock  // time of day
	moment // day and time of day
	span   // hours that count on
	either // a day, or a time of day where the number is below one
)

// A shape is how numbers of one sign are shown.
type shape struct {
	kind   kind
	whole  int    // digits before the point at least
	places int    // digits behind it at least
	mask   string // of an identifier: its digits as 0 or #, and what stands between
}

// plainly says that a whole number is shown as it is.
func (s *shape) plainly() bool {
	return s.kind == number && s.whole <= 1 && s.places == 0 && s.mask == ""
}

// A pattern is a number format: for positive numbers, negative ones and zero.
type pattern struct {
	shapes [3]shape
	bare   bool // all are shown plainly
}

// builtin are the formats that workbooks name by a number only (ECMA-376 part 1,
// 18.8.30). What East Asian ones show depends on the language of the program, and
// is a date save for those of hours.
var builtin = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00",
	9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
	27: "yyyy-mm", 28: "m-d", 29: "m-d", 30: "m-d-yy", 31: "yyyy-m-d", 32: "h:mm", 33: "h:mm:ss", 36: "yyyy-mm",
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
	50: "yyyy-mm", 51: "m-d", 52: "yyyy-mm", 53: "m-d", 54: "m-d", 57: "yyyy-mm", 58: "m-d",
	59: "0", 60: "0.00", 61: "#,##0", 62: "#,##0.00", 67: "0%", 68: "0.00%",
	71: "d/m/yyyy", 72: "d-mmm-yy", 73: "d-mmm", 74: "mmm-yy", 75: "h:mm", 76: "h:mm:ss", 77: "d/m/yyyy h:mm",
	78: "mm:ss", 79: "[h]:mm:ss", 80: "mm:ss.0", 81: "d/m/bb",
}

// numberFormats reads the formats of the styles that cells refer to.
func (b *book) numberFormats() error {
	if b.styles == "" {
		return nil
	}
	codes := make(map[int]string)
	return b.walk(b.styles, func(s *scanner, _ string) error {
		return s.each(func() error {
			switch string(s.name) {
			case "numFmts":
				return s.each(func() error {
					if id, ok := natural(s.attr("numFmtId")); ok && len(codes) < mostFormats {
						codes[id] = string(s.attr("formatCode"))
					}
					return nil
				})
			case "cellXfs":
				known := make(map[int]pattern)
				return s.each(func() error {
					if string(s.name) != "xf" || len(b.formats) == mostFormats {
						return nil
					}
					id, _ := natural(s.attr("numFmtId"))
					p, ok := known[id]
					if !ok {
						p = patternOf(id, codes)
						known[id] = p
					}
					b.formats = append(b.formats, p)
					return nil
				})
			}
			return nil
		})
	})
}

// natural reads a number without sign.
func natural(text []byte) (int, bool) {
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > 1<<31 {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, len(text) > 0
}

func patternOf(id int, codes map[int]string) pattern {
	if code, ok := codes[id]; ok {
		return parsePattern(code)
	}
	switch id {
	case 34, 35, 55, 56:
		return pattern{shapes: [3]shape{{kind: either}, {kind: either}, {kind: either}}}
	}
	return parsePattern(builtin[id])
}

// parsePattern reads the code of a number format. Sections for positive, negative
// and zero stand between semicolons; where one is missing, the first serves. Where
// conditions in brackets choose the section, numbers are shown without marks.
func parsePattern(code string) pattern {
	var p pattern
	if len(code) > mostCode {
		code = ""
	}
	n := 0
	for rest, more := code, true; more && n < len(p.shapes); n++ {
		var s section
		rest, more = s.parse(rest)
		p.shapes[n] = s.shape()
	}
	for ; n < len(p.shapes); n++ {
		p.shapes[n] = p.shapes[0]
	}
	p.bare = p.shapes[0].plainly() && p.shapes[1].plainly() && p.shapes[2].plainly()
	return p
}

// A section is what one section of a format holds.
type section struct {
	day, hours, months, seconds, elapsed bool
	percent, point, fraction, text       bool
	group                                bool // no marks between digits are of an identifier
	whole, places, marks                 int
	mask                                 []byte
	end                                  int // of the last digit in mask
}

// parse reads up to the next semicolon.
func (s *section) parse(code string) (rest string, more bool) {
	for len(code) > 0 {
		c, size := utf8.DecodeRuneInString(code)
		here := code[:size]
		code = code[size:]
		switch c {
		case ';':
			return code, true
		case '"':
			quoted, after, _ := strings.Cut(code, `"`)
			s.literal(quoted)
			code = after
		case '\\':
			_, size = utf8.DecodeRuneInString(code)
			s.literal(code[:size])
			code = code[size:]
		case '_', '*': // room of a character, a character that fills the cell
			_, size = utf8.DecodeRuneInString(code)
			code = code[size:]
		case '[':
			inner, after, _ := strings.Cut(code, "]")
			s.bracket(strings.ToLower(inner))
			code = after
		default:
			if n := s.word(here + code); n > 0 {
				code = (here + code)[n:]
				continue
			}
			s.mark(c, here)
		}
	}
	return "", false
}

// bracket takes what stands in brackets: [h] for hours that count on, a condition,
// or a colour, currency or language, which change nothing here.
func (s *section) bracket(inner string) {
	switch {
	case inner == "":
	case strings.Trim(inner, inner[:1]) == "" && strings.ContainsAny(inner[:1], "hms"):
		s.elapsed = true
	case strings.ContainsAny(inner[:1], "<>="):
		s.group = true
	}
}

// word takes what is more than one character, and returns its length.
func (s *section) word(code string) int {
	for _, known := range []string{"General", "AM/PM", "A/P", "E+", "E-"} {
		if len(code) < len(known) || !strings.EqualFold(code[:len(known)], known) {
			continue
		}
		switch known {
		case "AM/PM", "A/P":
			s.hours = true
		case "E+", "E-":
			s.fraction = true
		}
		return len(known)
	}
	return 0
}

// mark takes one character.
func (s *section) mark(c rune, here string) {
	switch c {
	case '0', '#', '?':
		s.marks++
		switch {
		case c == '0' && s.point:
			s.places++
		case c == '0':
			s.whole++
		}
		s.mask = append(s.mask, byte(c))
		s.end = len(s.mask)
	case '.':
		s.point = true
	case ',':
		s.group = true
	case '%':
		s.percent = true
	case '/':
		s.fraction = s.fraction || s.marks > 0
		s.literal(here)
	case '@':
		s.text = true
	case 'y', 'Y', 'd', 'D', 'e', 'E', 'g', 'G', 'b', 'B', 'a', 'A':
		s.day = true
	case 'm', 'M':
		s.months = true
	case 'h', 'H':
		s.hours = true
	case 's', 'S':
		s.seconds = true
	default:
		s.literal(here)
	}
}

// literal takes text that is shown as it is. A digit in it would be taken for a
// place of one.
func (s *section) literal(text string) {
	if strings.ContainsAny(text, "0#?") {
		s.group = true
		return
	}
	s.mask = append(s.mask, text...)
}

// shape says what the section shows.
func (s *section) shape() shape {
	timed := s.hours || s.seconds
	switch {
	case s.elapsed:
		return shape{kind: span}
	case s.day && timed:
		return shape{kind: moment}
	case timed:
		return shape{kind: clock}
	case s.day || s.months:
		return shape{kind: day}
	case s.fraction || s.text || s.marks == 0:
		return shape{}
	case s.percent:
		return shape{kind: percent, whole: s.whole, places: s.places}
	}
	made := shape{whole: s.whole, places: s.places}
	if !s.point && !s.group && s.identifies() {
		made.mask = strings.TrimSpace(string(s.mask))
	}
	return made
}

// identifies says whether the section is made for identifiers: marks stand
// between its digits, or it has nothing but zeros, two at least. What stands
// around such zeros belongs to the identifier too (PO-00042); around other digits
// it is a unit or a currency.
func (s *section) identifies() bool {
	first := 0
	for s.mask[first] != '0' && s.mask[first] != '#' && s.mask[first] != '?' {
		first++
	}
	within := s.end-first > s.marks
	zeros := s.whole >= 2 && s.whole == s.marks
	if !zeros {
		s.mask = s.mask[first:s.end]
	}
	return within || zeros
}

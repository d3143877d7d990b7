package neo4j

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"rummage/graph"
)

// A scan of a million consignments reads gigabytes of these texts, which
// encoding/json takes several times longer for than the server to send them.
// What follows reads exactly the form that encoding/json writes; of any other
// it says so, and encoding/json reads it then.

// parser reads a text of one form. After the first surprise it is odd, and
// nothing that it returned counts.
type parser struct {
	text string
	at   int
	odd  bool
}

// take passes over a byte that must come next.
func (p *parser) take(c byte) {
	if p.at >= len(p.text) || p.text[p.at] != c {
		p.odd = true
		return
	}
	p.at++
}

// next passes over a byte if it comes next.
func (p *parser) next(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// more reports whether a list or object that ends with end goes on; first says
// that nothing of it was read yet.
func (p *parser) more(end byte, first bool) bool {
	if p.odd || p.next(end) {
		return false
	}
	if !first {
		p.take(',')
	}
	return !p.odd
}

// finished reports whether all was read and as expected.
func (p *parser) finished() bool { return !p.odd && p.at == len(p.text) }

// str reads a text. It is a part of the whole where nothing is escaped.
func (p *parser) str() string {
	p.take('"')
	start, wide := p.at, false
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			s := p.text[start:p.at]
			p.at++
			if wide && !utf8.ValidString(s) {
				p.odd = true
			}
			return s
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			p.odd = true
			return ""
		case c >= utf8.RuneSelf:
			wide = true
		}
		p.at++
	}
	p.odd = true
	return ""
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escaped reads the rest of a text from its first backslash on.
func (p *parser) escaped(start int) string {
	b := append(make([]byte, 0, p.at-start+32), p.text[start:p.at]...)
	for p.at < len(p.text) && !p.odd {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			if !utf8.Valid(b) {
				p.odd = true
			}
			return string(b)
		case c < ' ':
			p.odd = true
		case c != '\\':
			b = append(b, c)
		case p.next('u'):
			b = utf8.AppendRune(b, p.unicode())
		case p.at < len(p.text) && escapes[p.text[p.at]] != 0:
			b = append(b, escapes[p.text[p.at]])
			p.at++
		default:
			p.odd = true
		}
	}
	p.odd = true
	return ""
}

// unicode reads what stands behind \u, and its second half where it has one.
func (p *parser) unicode() rune {
	r := p.hex()
	if !utf16.IsSurrogate(r) {
		return r
	}
	p.take('\\')
	p.take('u')
	if r = utf16.DecodeRune(r, p.hex()); r == utf8.RuneError {
		p.odd = true
	}
	return r
}

func (p *parser) hex() rune {
	if p.at+4 > len(p.text) {
		p.odd = true
		return 0
	}
	n, err := strconv.ParseUint(p.text[p.at:p.at+4], 16, 16)
	if err != nil {
		p.odd = true
	}
	p.at += 4
	return rune(n)
}

// number reads a whole number.
func (p *parser) number() int64 {
	negative := p.next('-')
	start := p.at
	var n int64
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		n = n*10 + int64(p.text[p.at]-'0')
		p.at++
	}
	digits := p.at - start
	if digits == 0 || digits > 18 || digits > 1 && p.text[start] == '0' {
		p.odd = true
	}
	if negative {
		return -n
	}
	return n
}

// day reads a day.
func (p *parser) day() graph.Date {
	text := p.str()
	if text == "" || p.odd {
		return graph.NoDate
	}
	day, ok := dayOfText(text)
	if !ok {
		p.odd = true
	}
	return day
}

// dayOfText reads year-month-day, each in full.
func dayOfText(text string) (graph.Date, bool) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return graph.NoDate, false
	}
	digits := func(from, to int) int {
		n := 0
		for _, c := range []byte(text[from:to]) {
			if c < '0' || c > '9' {
				return -1
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	year, month, day := digits(0, 4), digits(5, 7), digits(8, 10)
	if year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return graph.NoDate, false
	}
	// Days before the year, counted from March, so that the leap day is its last.
	if month < 3 {
		year, month = year-1, month+12
	}
	return graph.Date(365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 306), true
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// once notes that a key was read, and is odd about one read before.
func (p *parser) once(seen *uint, key uint) {
	if *seen&(1<<key) != 0 {
		p.odd = true
	}
	*seen |= 1 << key
}

// pairs reads origins: the number of a source, and a row.
func (p *parser) pairs(dst []mention) []mention {
	p.take('[')
	for first := true; p.more(']', first); first = false {
		p.take('[')
		m := mention{source: p.number()}
		p.take(',')
		m.row = p.number()
		p.take(']')
		dst = append(dst, m)
	}
	return dst
}

// fields reads names and values, with marks where there are any.
func (p *parser) fields(dst []graph.Field) []graph.Field {
	p.take('[')
	for first := true; p.more(']', first); first = false {
		p.take('[')
		f := graph.Field{Name: p.str()}
		p.take(',')
		f.Value = p.str()
		if p.next(',') {
			f.Mark = p.str()
		}
		p.take(']')
		dst = append(dst, f)
	}
	return dst
}

// ties reads roles and ids.
func (p *parser) ties(dst []graph.Tie) []graph.Tie {
	p.take('[')
	for first := true; p.more(']', first); first = false {
		p.take('[')
		role, known := rolesByName[p.str()]
		p.take(',')
		id := p.str()
		p.take(']')
		p.odd = p.odd || !known
		dst = append(dst, graph.Tie{Role: role, Entity: graph.ID(id)})
	}
	return dst
}

var rolesByName = rolesOf()

func rolesOf() map[string]graph.Role {
	all := make(map[string]graph.Role)
	for _, role := range graph.Roles() {
		all[role.String()] = role
	}
	return all
}

// parseStatement reads the text of a statement into s, whose slices are
// reused; ok is false for a text of another form.
func parseStatement(text string, s *statement) (ok bool) {
	p := parser{text: text}
	ties, mentions := s.Ties[:0], s.mentions[:0]
	*s = statement{Statement: graph.Statement{Consignment: s.Consignment}}
	var seen uint
	p.take('{')
	for first := true; p.more('}', first); first = false {
		key := p.str()
		p.take(':')
		switch key {
		case "view":
			p.once(&seen, 0)
			view, err := graph.ParseView(p.str())
			s.View, p.odd = view, p.odd || err != nil
		case "document":
			p.once(&seen, 1)
			s.Document = p.str()
		case "part":
			p.once(&seen, 2)
			s.Part = p.str()
		case "version":
			p.once(&seen, 3)
			s.Version = p.number()
		case "amended":
			p.once(&seen, 4)
			s.Amended = p.day()
		case "date":
			p.once(&seen, 5)
			s.Date = p.day()
		case "ties":
			p.once(&seen, 6)
			s.Ties = p.ties(ties)
		case "origins":
			p.once(&seen, 7)
			s.mentions = p.pairs(mentions)
		default:
			return false
		}
	}
	for i := range s.mentions {
		s.mentions[i].day = s.Seen()
	}
	return p.finished() && s.View != graph.NoView
}

// parseFact reads the text of a fact.
func parseFact(text string, f *fact) (ok bool) {
	p := parser{text: text}
	var seen uint
	p.take('{')
	for first := true; p.more('}', first); first = false {
		key := p.str()
		p.take(':')
		switch key {
		case "property":
			p.once(&seen, 0)
			f.Property = p.str()
		case "value":
			p.once(&seen, 1)
			f.Value = p.str()
		case "mark":
			p.once(&seen, 2)
			f.Mark = p.str()
		case "origins":
			p.once(&seen, 3)
			p.take('[')
			for first := true; p.more(']', first); first = false {
				p.take('[')
				m := mention{source: p.number()}
				p.take(',')
				m.row = p.number()
				p.take(',')
				day := p.number()
				p.take(']')
				m.day = graph.Date(day)
				p.odd = p.odd || int64(m.day) != day
				f.mentions = append(f.mentions, m)
			}
		default:
			return false
		}
	}
	return p.finished()
}

// parseFields reads the text of fields.
func parseFields(text string) (fields []graph.Field, ok bool) {
	p := parser{text: text}
	fields = p.fields(nil)
	return fields, p.finished()
}

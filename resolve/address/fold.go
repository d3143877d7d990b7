package address

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rummage/resolve/name/script"
)

// fold writes the text into p.text in the form that the rules read: lower case,
// compatibility forms resolved, Latin letters without diacritics, Han characters
// simplified, commas between pieces and single spaces between words.
func (p *parser) fold(text string) {
	if len(text) > MaxText {
		text = text[:MaxText]
		for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
		if r, size := utf8.DecodeLastRuneInString(text); r == utf8.RuneError {
			text = text[:len(text)-size]
		}
	}
	p.plain = p.plain[:0]
	if ascii(text) {
		p.plain = append(p.plain, text...)
	} else {
		p.simplify(text)
	}
	p.punctuate()
	p.text = string(p.out)
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// simplify resolves what is not ASCII, letter by letter.
func (p *parser) simplify(text string) {
	p.wide = norm.NFKC.AppendString(p.wide[:0], text)
	for i := 0; i < len(p.wide); {
		r, size := utf8.DecodeRune(p.wide[i:])
		i += size
		switch {
		case r < utf8.RuneSelf:
			p.plain = append(p.plain, byte(r))
		case r == utf8.RuneError:
			p.plain = append(p.plain, ' ')
		case r >= 0x2E80 && r < 0xFB00:
			p.east = true
			p.plain = appendEast(p.plain, r)
		case unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Mn, r) && r < 0x370:
			p.plain = appendLatin(p.plain, r)
		default:
			p.plain = appendOther(p.plain, r)
		}
	}
}

// appendLatin writes a Latin letter without its marks; letters that do not
// decompose are listed.
func appendLatin(to []byte, r rune) []byte {
	switch unicode.ToLower(r) {
	case 'đ', 'ð':
		return append(to, 'd')
	case 'ø':
		return append(to, 'o')
	case 'ł':
		return append(to, 'l')
	case 'ı':
		return append(to, 'i')
	case 'ß':
		return append(to, "ss"...)
	case 'æ':
		return append(to, "ae"...)
	case 'œ':
		return append(to, "oe"...)
	case 'þ':
		return append(to, "th"...)
	}
	var buffer [utf8.UTFMax]byte
	utf8.EncodeRune(buffer[:], r)
	whole := norm.NFD.Properties(buffer[:])
	decomposed := whole.Decomposition()
	if decomposed == nil {
		if unicode.Is(unicode.Mn, r) {
			return to
		}
		return utf8.AppendRune(to, unicode.ToLower(r))
	}
	for len(decomposed) > 0 {
		base, size := utf8.DecodeRune(decomposed)
		decomposed = decomposed[size:]
		if !unicode.Is(unicode.Mn, base) {
			to = utf8.AppendRune(to, unicode.ToLower(base))
		}
	}
	return to
}

// appendEast writes a character of East Asia: Han simplified, punctuation as
// ASCII.
func appendEast(to []byte, r rune) []byte {
	switch r {
	case '、', '。', '・', '〈', '〉', '《', '》', '「', '」', '『', '』', '【', '】', '〔', '〕':
		return append(to, ',')
	case '〜', 'ー':
		if n := len(to); n > 0 && isDigit(to[n-1]) {
			return append(to, '-')
		}
	case '〇':
		r = '零'
	case '舖': // a shop; the tables keep it apart
		r = '铺'
	case '邨': // an estate, as Hong Kong writes it
		r = '村'
	case '\u3000':
		return append(to, ' ')
	}
	ideograph := r >= 0x4E00 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0x3041 && r <= 0x3096
	if !ideograph && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && r != '〒' {
		return append(to, ' ')
	}
	return utf8.AppendRune(to, script.Simple(r))
}

// appendOther writes letters of other scripts as they are and makes ASCII of
// their punctuation.
func appendOther(to []byte, r rune) []byte {
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return append(to, '-')
	case '‘', '’', 'ʼ', '′', '`':
		return append(to, '\'')
	case '،', '؛':
		return append(to, ',')
	case '٫':
		return append(to, '.')
	}
	if digit := decimal(r); digit >= 0 {
		return append(to, byte('0'+digit))
	}
	if unicode.IsLetter(r) || unicode.IsMark(r) {
		return utf8.AppendRune(to, unicode.ToLower(r))
	}
	return append(to, ' ')
}

// decimal is the value of a digit of Arabic, Persian, Devanagari, Bengali, Thai,
// Lao, Burmese or Khmer script, -1 for what is no digit.
func decimal(r rune) int {
	for _, zero := range [...]rune{0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xED0, 0x1040, 0x17E0} {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// punctuate makes p.out of p.plain: pieces end with a comma, words with a space,
// and within a word only "/", "-", "#" and "&" are left of the punctuation.
func (p *parser) punctuate() {
	in := p.plain
	p.out = p.out[:0]
	for i, c := range in {
		switch {
		case c >= 'A' && c <= 'Z':
			p.out = append(p.out, c+'a'-'A')
		case c >= 'a' && c <= 'z' || isDigit(c) || c >= utf8.RuneSelf:
			p.out = append(p.out, c)
		case c == ',' || c == ';' || c == '\n' || c == '\r' || c == '|' || c == '(' || c == ')' || c == '[' || c == ']':
			p.comma()
		case c == '.':
			p.dot(in, i)
		case c == '-':
			p.dash(in, i)
		case c == '/':
			p.trim()
			p.out = append(p.out, c)
		case c == '#' || c == '&':
			p.space()
			p.out = append(p.out, c)
			if c == '&' {
				p.space()
			}
		case c == '\'':
		default:
			p.space()
		}
	}
	p.trim()
}

// space ends a word; behind a slash, a dash or another space it is nothing.
func (p *parser) space() {
	if n := len(p.out); n > 0 {
		switch p.out[n-1] {
		case ' ', ',', '/', '#', '-':
		default:
			p.out = append(p.out, ' ')
		}
	}
}

func (p *parser) trim() {
	for len(p.out) > 0 && p.out[len(p.out)-1] == ' ' {
		p.out = p.out[:len(p.out)-1]
	}
}

func (p *parser) comma() {
	p.trim()
	if n := len(p.out); n > 0 && p.out[n-1] != ',' {
		p.out = append(p.out, ',')
	}
}

// dot drops the dots within initials ("P.O. Box" is "po box") and parts words at
// all others.
func (p *parser) dot(in []byte, i int) {
	single := i >= 1 && isAlpha(in[i-1]) && (i < 2 || !isWord(in[i-2]))
	next := i+1 < len(in) && isAlpha(in[i+1]) && (i+2 >= len(in) || !isWord(in[i+2]))
	if single && next {
		return
	}
	p.space()
}

// dash keeps a dash within a word and between numbers; with spaces around it, it
// parts pieces as a comma does.
func (p *parser) dash(in []byte, i int) {
	before, after := i-1, i+1
	for before >= 0 && in[before] == ' ' {
		before--
	}
	for after < len(in) && in[after] == ' ' {
		after++
	}
	if before < 0 || after >= len(in) {
		return
	}
	tight := before == i-1 && after == i+1
	floor := before > 0 && in[before]|0x20 == 'f' && in[before-1] == '/' // "10/F - 12/F"
	numbers := (isDigit(in[before]) || floor) && isDigit(in[after])
	if !tight && !numbers {
		if before == i-1 || after == i+1 {
			p.space()
			return
		}
		p.comma()
		return
	}
	p.trim()
	if n := len(p.out); n == 0 || p.out[n-1] == '-' || p.out[n-1] == ',' {
		return
	}
	p.out = append(p.out, '-')
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlpha(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// isWord holds for bytes of a word, letters of other scripts among them.
func isWord(c byte) bool { return isAlpha(c) || isDigit(c) || c >= utf8.RuneSelf }

// alone strips spaces, so that "Fa Yuen" and "Fayuen" are one.
func alone(text string) string {
	if !strings.ContainsAny(text, " -") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := range len(text) {
		if text[i] != ' ' && text[i] != '-' {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

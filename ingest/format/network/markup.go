package network

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"rummage/ingest/read"
)

// deepest is how deep elements, objects and graphs may lie in each other.
const deepest = 64

// errShort: the text ends within what was to be read.
var errShort = errors.New("more is needed")

// A kind says what a token of markup is.
type kind uint8

const (
	isText    kind = iota
	isStart        // of an element, or all of it
	isEnd          // of an element
	isRaw          // a CDATA section
	isDoctype      // a document type declaration
	isNothing      // a comment or an instruction
)

// A pair is an attribute as it stands in the text.
type pair struct{ name, value []byte }

// A token is a piece of markup.
type token struct {
	kind     kind
	from, to int    // indices in the text
	name     []byte // of an element, without prefix
	pairs    []pair
	closed   bool   // an element that ends with its beginning
	data     []byte // of text
}

// get returns an attribute's value, nil if it is not there.
func (t *token) get(name string) []byte {
	for _, p := range t.pairs {
		if string(p.name) == name {
			return p.value
		}
	}
	return nil
}

// markup cuts XML into tokens (Extensible Markup Language 1.0, fifth edition).
// encoding/xml cannot be used: it ends at the first flaw, and counts bytes
// behind the decoder and not in the file.
type markup struct {
	text  []byte
	at    int
	whole bool // nothing follows the text
	// prolog: the outermost element has not begun, so a type declaration may stand
	// here.
	prolog bool
	token  token
}

// A flaw is what is wrong with the markup, and where.
type flaw struct {
	at   int
	what string
}

func (f flaw) Error() string { return f.what }

// asFlaw returns the flaw that an error is, if it is one.
func asFlaw(err error) (flaw, bool) {
	if err == nil {
		return flaw{}, false
	}
	var f flaw
	ok := errors.As(err, &f)
	return f, ok
}

// next reads the token at m.at into m.token. It returns errShort at the text's
// end, and a flaw for what is no markup.
func (m *markup) next() error {
	t := &m.token
	*t = token{from: m.at, pairs: t.pairs[:0]}
	rest := m.text[m.at:]
	if len(rest) == 0 {
		return errShort
	}
	if rest[0] != '<' {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			if !m.whole {
				return errShort
			}
			i = len(rest)
		}
		t.data = rest[:i]
		return m.done(isText, i)
	}
	if len(rest) < 2 {
		return errShort
	}
	switch rest[1] {
	case '!':
		return m.declaration(rest)
	case '?':
		return m.until(isNothing, 2, "?>")
	case '/':
		i := bytes.IndexAny(rest[2:], "<>") + 2
		switch {
		case i < 2:
			return errShort
		case rest[i] == '<':
			return flaw{m.at, "an end tag without >"}
		}
		t.name = local(bytes.TrimRight(rest[2:i], " \t\r\n"))
		return m.done(isEnd, i+1)
	}
	return m.start(rest)
}

// done ends the token n bytes behind its beginning.
func (m *markup) done(k kind, n int) error {
	m.token.kind = k
	m.at += n
	m.token.to = m.at
	return nil
}

// until reads a token up to its end mark.
func (m *markup) until(k kind, opening int, mark string) error {
	rest := m.text[m.at:]
	i := -1
	if len(rest) >= opening {
		i = bytes.Index(rest[opening:], []byte(mark))
	}
	if i < 0 {
		return errShort
	}
	m.token.data = rest[opening : opening+i]
	return m.done(k, opening+i+len(mark))
}

// declaration reads what begins with <!.
func (m *markup) declaration(rest []byte) error {
	for _, d := range [...]struct {
		opening, mark string
		kind          kind
	}{{"<!--", "-->", isNothing}, {"<![CDATA[", "]]>", isRaw}} {
		n := min(len(rest), len(d.opening))
		if string(rest[:n]) == d.opening[:n] {
			return m.until(d.kind, len(d.opening), d.mark)
		}
	}
	const doctype = "<!DOCTYPE"
	if n := min(len(rest), len(doctype)); string(rest[:n]) != doctype[:n] || !m.prolog {
		return flaw{m.at, "<! that begins neither a comment nor a section of text"}
	}
	quote := byte(0)
	for i, c := range rest {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			return fmt.Errorf("%w: its DOCTYPE declares entities or elements of its own, which may do harm; delete it from the file if that is trusted", read.ErrFormat)
		case c == '>':
			return m.done(isDoctype, i+1)
		}
	}
	return errShort
}

// start reads the beginning of an element.
func (m *markup) start(rest []byte) error {
	t := &m.token
	i := 1
	for i < len(rest) && !isSpace(rest[i]) && rest[i] != '>' && rest[i] != '/' && rest[i] != '<' && rest[i] != '=' {
		i++
	}
	if i == 1 && len(rest) > 1 || !nameBegins(rest[1]) {
		return flaw{m.at, "< that begins no element; in text it is written &lt;"}
	}
	t.name = local(rest[1:i])
	for {
		for i < len(rest) && isSpace(rest[i]) {
			i++
		}
		if i >= len(rest) {
			return errShort
		}
		switch rest[i] {
		case '>':
			return m.done(isStart, i+1)
		case '/':
			if i+1 >= len(rest) {
				return errShort
			}
			if rest[i+1] != '>' {
				return flaw{m.at, fmt.Sprintf("a stray / in <%s>", tagged(t.name))}
			}
			t.closed = true
			return m.done(isStart, i+2)
		}
		n, err := m.pair(rest, i)
		if err != nil {
			return err
		}
		i = n
	}
}

// pair reads the attribute at an index and returns the index behind it.
func (m *markup) pair(rest []byte, i int) (int, error) {
	t := &m.token
	from := i
	for i < len(rest) && !isSpace(rest[i]) && rest[i] != '=' && rest[i] != '>' && rest[i] != '<' && rest[i] != '"' && rest[i] != '\'' {
		i++
	}
	name := rest[from:i]
	for i < len(rest) && isSpace(rest[i]) {
		i++
	}
	if i >= len(rest) {
		return 0, errShort
	}
	if rest[i] != '=' || len(name) == 0 {
		return 0, flaw{m.at, fmt.Sprintf("an attribute of <%s> without name or value", tagged(t.name))}
	}
	for i++; i < len(rest) && isSpace(rest[i]); {
		i++
	}
	if i >= len(rest) {
		return 0, errShort
	}
	quote := rest[i]
	if quote != '"' && quote != '\'' {
		return 0, flaw{m.at, fmt.Sprintf("the value of %s without quotes", cut(name))}
	}
	i++
	n := i
	for n < len(rest) && rest[n] != quote && rest[n] != '<' {
		n++
	}
	switch {
	case n == len(rest):
		return 0, errShort
	case rest[n] == '<':
		return 0, flaw{m.at, fmt.Sprintf("a < in the value of %s; it is written &lt;, or a quote is missing", cut(name))}
	}
	t.pairs = append(t.pairs, pair{local(name), rest[i:n]})
	return n + 1, nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// nameBegins tells whether a byte may begin a name.
func nameBegins(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}

// local returns a name without its prefix.
func local(name []byte) []byte { return name[bytes.LastIndexByte(name, ':')+1:] }

// resolve appends text with its references replaced (section 4.6). It returns
// what could not be replaced, or nil.
func resolve(dst, text []byte) (resolved, unknown []byte) {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(dst, text...), unknown
		}
		dst = append(dst, text[:i]...)
		text = text[i:]
		n := bytes.IndexByte(text[:min(len(text), 64)], ';')
		r, ok := utf8.RuneError, false
		if n > 0 {
			r, ok = read.Reference(string(text[1:n]))
		}
		if !ok {
			if unknown == nil {
				unknown = text[:min(len(text), max(n+1, 1))]
			}
			dst, text = append(dst, '&'), text[1:]
			continue
		}
		dst, text = utf8.AppendRune(dst, r), text[n+1:]
	}
}

// declared returns the encoding that an XML declaration names. Names of UTF-16
// count for nothing: if they are true, the bytes tell so themselves.
func declared(head []byte) read.Encoding {
	m := markup{text: bytes.TrimLeft(head, " \t\r\n"), prolog: true}
	if m.next() != nil || m.token.kind != isNothing {
		return ""
	}
	_, name, ok := bytes.Cut(m.token.data, []byte("encoding"))
	name = bytes.TrimLeft(name, " =\t\r\n")
	if !ok || len(name) == 0 {
		return ""
	}
	name, _, _ = bytes.Cut(name[1:], name[:1])
	if bytes.HasPrefix(bytes.ToLower(name), []byte("utf-16")) {
		return ""
	}
	return read.Encoding(name)
}

// knowsRoot tells documents by their outermost element.
func knowsRoot(name string) func([]byte, bool) bool {
	return func(text []byte, whole bool) bool {
		text = bytes.TrimLeft(text, " \t\r\n")
		if len(text) == 0 || text[0] != '<' {
			return false
		}
		m := markup{text: text, whole: whole, prolog: true}
		for {
			if err := m.next(); err != nil {
				// A type declaration that will be refused says what the document is.
				return errors.Is(err, read.ErrFormat) && bytes.HasPrefix(bytes.TrimLeft(m.text[m.at+len("<!DOCTYPE"):], " \t\r\n"), []byte(name))
			}
			if m.token.kind == isStart {
				return string(m.token.name) == name
			}
		}
	}
}

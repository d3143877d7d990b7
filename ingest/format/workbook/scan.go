package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	// window is how much of a part is held at once, and so the longest tag.
	window = 64 << 10
	// mostDepth is how deep elements may lie in each other. Sheets need eight.
	mostDepth = 64
)

// errMarkup: a part is not well-formed XML.
var errMarkup = errors.New("XML is not well-formed")

// A token is what a scanner found.
type token int

const (
	atEnd token = iota // behind the root element
	atOpen
	atShut
	atText
)

// attr is an attribute of a tag, with the name as it is written.
type attr struct{ name, value []byte }

// A scanner cuts XML into tags and pieces of text. Unlike encoding/xml it holds
// no more than window bytes of a part, however long its texts are; it knows no
// document types, and no encoding but UTF-8. Names are without their prefixes.
type scanner struct {
	source  io.Reader
	buf     []byte
	at, end int
	base    int64 // offset of buf[0]
	err     error // what ended the source
	stack   []byte
	marks   []int // where the names of open elements begin in stack
	self    bool  // the tag closes itself: its end comes next
	rooted  bool  // the root element has begun

	// Of the last token, valid until the next.
	name  []byte
	attrs []attr
	text  []byte
	spare []byte // what had to be decoded
}

func newScanner(source io.Reader) *scanner {
	return &scanner{source: source, buf: make([]byte, window)}
}

// depth is how many elements are open.
func (s *scanner) depth() int { return len(s.marks) }

// offset is how many bytes are dealt with.
func (s *scanner) offset() int64 { return s.base + int64(s.at) }

// next moves to the next token.
func (s *scanner) next() (token, error) {
	s.spare = s.spare[:0]
	if s.self {
		s.self = false
		s.pop()
		return atShut, nil
	}
	for {
		if s.at == s.end && !s.more() {
			return s.finish()
		}
		var found token
		var err error
		switch {
		case s.buf[s.at] != '<':
			found, err = s.plain()
		case !s.ensure(2):
			err = s.broken()
		case s.buf[s.at+1] == '!' || s.buf[s.at+1] == '?':
			found, err = s.aside()
		case s.buf[s.at+1] == '/':
			found, err = s.closeTag()
		default:
			found, err = s.openTag()
		}
		if err != nil || found != atEnd {
			return found, err
		}
	}
}

// more reads on, keeping what is not dealt with. False: nothing comes.
func (s *scanner) more() bool {
	if s.err != nil {
		return false
	}
	if s.at > 0 {
		copy(s.buf, s.buf[s.at:s.end])
		s.base += int64(s.at)
		s.end -= s.at
		s.at = 0
	}
	if s.end == len(s.buf) {
		return false
	}
	for range 100 {
		n, err := s.source.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// ensure holds n bytes from here on, if there are so many.
func (s *scanner) ensure(n int) bool {
	for s.end-s.at < n {
		if !s.more() {
			return false
		}
	}
	return true
}

// broken says why what began here does not end.
func (s *scanner) broken() error {
	switch {
	case s.err != nil && !errors.Is(s.err, io.EOF):
		return s.err
	case s.err == nil:
		return s.flaw("a tag of more than %d bytes", window)
	}
	return s.flaw("it ends in the middle")
}

// flaw is a fault of the part, with the place.
func (s *scanner) flaw(what string, args ...any) error {
	return fmt.Errorf("%w at byte %d: %s", errMarkup, s.offset(), fmt.Sprintf(what, args...))
}

// finish is the end of the source.
func (s *scanner) finish() (token, error) {
	if s.err != nil && !errors.Is(s.err, io.EOF) || len(s.marks) > 0 || !s.rooted {
		return atEnd, s.broken()
	}
	return atEnd, nil
}

// plain is a piece of text up to a tag or the end of the window.
func (s *scanner) plain() (token, error) {
	piece := s.buf[s.at:s.end]
	n := bytes.IndexByte(piece, '<')
	switch {
	case len(s.marks) == 0:
		if n >= 0 {
			piece = piece[:n]
		}
		if len(bytes.TrimSpace(bytes.TrimPrefix(piece, []byte("\uFEFF")))) > 0 {
			return atEnd, s.flaw("text outside of elements, or no XML in UTF-8")
		}
		s.at += len(piece)
		return atEnd, nil
	case n < 0:
		if n = complete(piece); n == 0 {
			// A reference or line end goes on behind what is there.
			if !s.more() {
				return atEnd, s.broken()
			}
			return s.plain()
		}
	}
	piece = piece[:n]
	s.text = piece
	if bytes.IndexByte(piece, '&') >= 0 || bytes.IndexByte(piece, '\r') >= 0 {
		var err error
		if s.text, err = s.decode(piece); err != nil {
			return atEnd, err
		}
	}
	s.at += n
	return atText, nil
}

// aside passes what is neither element nor text: declarations, comments. A
// CDATA section is text.
func (s *scanner) aside() (token, error) {
	const cdata = "<![CDATA["
	head := func(what string) bool { return s.ensure(len(what)) && string(s.buf[s.at:s.at+len(what)]) == what }
	switch {
	case head("<?"):
		return atEnd, s.instruction()
	case head("<!--"):
		s.at += len("<!--")
		return atEnd, s.past("-->")
	case head(cdata) && len(s.marks) > 0:
		s.at += len(cdata)
		return s.section()
	}
	return atEnd, s.flaw("a document type, which a workbook does not have")
}

// instruction passes the XML declaration and others like it.
func (s *scanner) instruction() error {
	n, err := s.tag()
	if err != nil {
		return err
	}
	said := s.buf[s.at : s.at+n]
	if i := bytes.Index(said, []byte("encoding=")); i >= 0 && bytes.HasPrefix(said, []byte("<?xml ")) {
		value := said[i+len("encoding="):]
		end := bytes.IndexByte(value[1:], value[0]) + 1
		if named := string(bytes.ToLower(value[1:max(1, end)])); named != "utf-8" && named != "us-ascii" {
			return s.flaw("encoding %q, where a workbook has UTF-8", named)
		}
	}
	s.at += n
	if said[n-2] != '?' {
		return s.past("?>")
	}
	return nil
}

// past moves behind the next mark, however far that is.
func (s *scanner) past(mark string) error {
	for {
		if i := bytes.Index(s.buf[s.at:s.end], []byte(mark)); i >= 0 {
			s.at += i + len(mark)
			return nil
		}
		s.at = max(s.at, s.end-len(mark)+1)
		if !s.more() {
			return s.broken()
		}
	}
}

// section is the text of a CDATA section, which must fit the window.
func (s *scanner) section() (token, error) {
	for {
		if i := bytes.Index(s.buf[s.at:s.end], []byte("]]>")); i >= 0 {
			s.text = s.buf[s.at : s.at+i]
			s.at += i + len("]]>")
			return atText, nil
		}
		if !s.more() {
			return atEnd, s.broken()
		}
	}
}

// tag returns the length of the tag here, its brackets included.
func (s *scanner) tag() (int, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		if s.at+i == s.end && !s.more() {
			return 0, s.broken()
		}
		switch c := s.buf[s.at+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i + 1, nil
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return 0, s.flaw("a tag within a tag")
		}
	}
}

// openTag is a start tag, or one that closes itself.
func (s *scanner) openTag() (token, error) {
	n, err := s.tag()
	if err != nil {
		return atEnd, err
	}
	inner := s.buf[s.at+1 : s.at+n-1]
	if len(inner) > 0 && inner[len(inner)-1] == '/' {
		s.self = true
		inner = inner[:len(inner)-1]
	}
	i := 0
	for i < len(inner) && !space(inner[i]) {
		i++
	}
	full := inner[:i]
	switch {
	case len(full) == 0 || bytes.IndexByte(full, '=') >= 0:
		return atEnd, s.flaw("a tag without a name")
	case len(s.marks) == 0 && s.rooted:
		return atEnd, s.flaw("a second root element")
	case len(s.marks) == mostDepth:
		return atEnd, s.flaw("elements more than %d deep", mostDepth)
	}
	if err = s.attributes(inner[i:]); err != nil {
		return atEnd, err
	}
	s.rooted = true
	s.marks = append(s.marks, len(s.stack))
	s.stack = append(s.stack, full...)
	s.name = local(full)
	s.at += n
	return atOpen, nil
}

// closeTag is an end tag.
func (s *scanner) closeTag() (token, error) {
	n, err := s.tag()
	if err != nil {
		return atEnd, err
	}
	full := bytes.TrimRight(s.buf[s.at+2:s.at+n-1], " \t\r\n")
	if len(s.marks) == 0 || !bytes.Equal(full, s.stack[s.marks[len(s.marks)-1]:]) {
		return atEnd, s.flaw("</%s> closes nothing", full)
	}
	s.pop()
	s.at += n
	return atShut, nil
}

func (s *scanner) pop() {
	last := len(s.marks) - 1
	s.stack = s.stack[:s.marks[last]]
	s.marks = s.marks[:last]
}

// attributes cuts what follows the name in a tag.
func (s *scanner) attributes(rest []byte) error {
	s.attrs = s.attrs[:0]
	for {
		for len(rest) > 0 && space(rest[0]) {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return nil
		}
		i := bytes.IndexByte(rest, '=')
		if i <= 0 {
			return s.flaw("an attribute without a value")
		}
		name := bytes.TrimRight(rest[:i], " \t\r\n")
		rest = bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
			return s.flaw("a value without quotes")
		}
		end := bytes.IndexByte(rest[1:], rest[0]) + 1
		if end == 0 {
			return s.flaw("a value without quotes")
		}
		value := rest[1:end]
		rest = rest[end+1:]
		if bytes.IndexByte(value, '&') >= 0 {
			var err error
			if value, err = s.decode(value); err != nil {
				return err
			}
		}
		if !bytes.HasPrefix(name, []byte("xmlns")) {
			s.attrs = append(s.attrs, attr{local(name), value})
		}
	}
}

// attr returns an attribute of the last tag, nil when it has none of the name.
func (s *scanner) attr(name string) []byte {
	for i := range s.attrs {
		if string(s.attrs[i].name) == name {
			return s.attrs[i].value
		}
	}
	return nil
}

// local is a name without its prefix.
func local(name []byte) []byte {
	return name[bytes.IndexByte(name, ':')+1:]
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// each calls f at the start tag of each element directly in the one that was
// opened last. What f leaves of the element is passed.
func (s *scanner) each(f func() error) error {
	depth := s.depth()
	for {
		found, err := s.next()
		switch {
		case err != nil:
			return err
		case found == atEnd || found == atShut && s.depth() < depth:
			return nil
		case found == atOpen:
			if err = f(); err == nil {
				err = s.leave(depth)
			}
			if err != nil {
				return err
			}
		}
	}
}

// leave passes what is left of the elements deeper than depth.
func (s *scanner) leave(depth int) error {
	for s.depth() > depth {
		if _, err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

// toEnd passes all that is left, where the checksum of a part is compared.
func (s *scanner) toEnd() error {
	for {
		if found, err := s.next(); err != nil || found == atEnd {
			return err
		}
	}
}

// root moves into the root element and returns its name.
func (s *scanner) root() (string, error) {
	found, err := s.next()
	if err == nil && found != atOpen {
		err = s.flaw("no element")
	}
	return string(s.name), err
}

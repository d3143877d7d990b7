package tree

import (
	"bytes"
	"errors"
	"io"

	"rummage/ingest/read"
)

// xmlScanner scans a document of XML 1.0. Names come without their prefix.
type xmlScanner struct {
	soft
	w       *window
	tok     token
	names   []byte // of the elements that are open, with their prefixes
	marks   []int  // where each of them begins in names
	filled  []bool // whether it has attributes, text or children
	attrs   []attribute
	given   int  // attributes that were returned
	empty   bool // the tag ends its element too
	passed  bool // the element was passed
	rooted  bool // there was a root
	marked  int  // elements open, the marked one included
	begin   int64
	text    []byte // of what stands between tags, where it is not one piece
	name    []byte
	decoded []byte
}

// attribute is one as it stands in its tag.
type attribute struct{ name, value []byte }

func newXMLScanner(w *window) *xmlScanner { return &xmlScanner{w: w} }

func (s *xmlScanner) token() *token { return &s.tok }

func (s *xmlScanner) mark() {
	s.marked, s.begin = len(s.marks), s.tok.at
	s.w.hold(s.begin)
}

func (s *xmlScanner) release() { s.w.release() }

func (s *xmlScanner) next() (event, error) {
	if s.given < len(s.attrs) {
		return s.attribute(), nil
	}
	if s.empty || s.passed {
		if s.empty && !s.filled[len(s.filled)-1] {
			s.filled[len(s.filled)-1] = true
			s.tok.value = nil
			return value, nil
		}
		s.empty, s.passed = false, false
		s.pop()
		return closes, nil
	}
	s.text = s.text[:0]
	for whole := true; ; {
		text, c, err := s.upTo()
		if err != nil {
			return 0, s.end(err)
		}
		if c == '!' || c == '?' {
			whole = false
			s.text = s.decode(s.text, text)
			s.w.pos += len(text)
			if err = s.aside(&s.text); err != nil {
				return 0, err
			}
			if len(s.text) > MaxUnit {
				return 0, errLong
			}
			continue
		}
		s.w.pos += len(text)
		if whole {
			if text = trim(text); !simple(text) {
				s.text = s.decode(s.text, text)
				text = s.text
			}
		} else {
			s.text = s.decode(s.text, text)
			text = trim(s.text)
		}
		if len(text) > 0 {
			return s.content(text)
		}
		return s.tag(c)
	}
}

// upTo returns the text up to the next markup and the character behind its <.
func (s *xmlScanner) upTo() ([]byte, byte, error) {
	for from := 0; ; {
		text := s.w.text()
		i := bytes.IndexByte(text[from:], '<')
		if i >= 0 && from+i+1 < len(text) {
			return text[:from+i], text[from+i+1], nil
		}
		if from = len(text); i >= 0 {
			from--
		}
		if err := s.w.more(); err != nil {
			return nil, 0, err
		}
		from = min(from, len(s.w.text()))
	}
}

// end is what the end of the stream means where it came.
func (s *xmlScanner) end(err error) error {
	switch {
	case !errors.Is(err, io.EOF):
		return err
	case len(s.marks) > 0 || !s.rooted:
		return errEnds
	}
	if behind := trim(append(s.text, s.w.text()...)); len(behind) > 0 {
		return malformed("text behind the root element: %s", excerpt(behind))
	}
	s.w.pos = s.w.end
	return io.EOF
}

// content returns text as a value of the element that is open.
func (s *xmlScanner) content(text []byte) (event, error) {
	if len(s.marks) == 0 {
		if string(text) == bom && !s.rooted {
			return s.next()
		}
		return 0, malformed("text outside the root element: %s", excerpt(text))
	}
	s.tok.value = text
	s.filled[len(s.filled)-1] = true
	return value, nil
}

// aside passes a comment, processing instruction or CDATA section, and appends
// the text of the last to what take points to.
func (s *xmlScanner) aside(take *[]byte) error {
	const cdata = "<![CDATA["
	for len(s.w.text()) < len(cdata) && s.w.more() == nil {
		continue
	}
	text := s.w.text()
	switch {
	case bytes.HasPrefix(text, []byte("<?")):
		return s.until("?>", nil)
	case bytes.HasPrefix(text, []byte("<!--")):
		s.w.pos += len("<!--")
		return s.until("-->", nil)
	case bytes.HasPrefix(text, []byte(cdata)) && len(s.marks) > 0:
		s.w.pos += len(cdata)
		return s.until("]]>", take)
	case len(text) >= len("<!DOCTYPE") && bytes.EqualFold(text[:len("<!DOCTYPE")], []byte("<!DOCTYPE")):
		return errDoctype
	}
	return malformed("markup that does not belong here: %s", excerpt(text))
}

// until passes text and the mark behind it, and appends the text to what take
// points to.
func (s *xmlScanner) until(mark string, take *[]byte) error {
	for {
		text := s.w.text()
		i := bytes.Index(text, []byte(mark))
		n := i + len(mark)
		if i < 0 {
			if i = max(0, len(text)-len(mark)+1); i > 0 && text[i-1] == '\r' {
				i--
			}
			n = i
		}
		if take != nil {
			*take = s.characters(*take, text[:i])
			if len(*take) > MaxUnit {
				return errLong
			}
		}
		s.w.pos += n
		if n > i {
			return nil
		}
		if err := s.w.more(); err != nil {
			return missing(err)
		}
	}
}

// tag reads the tag at the <, behind which c stands.
func (s *xmlScanner) tag(c byte) (event, error) {
	at := s.w.at()
	n, err := s.tagEnd()
	if err != nil {
		return 0, err
	}
	inside := s.w.text()[1 : n-1]
	s.w.pos += n
	if c == '/' {
		return s.endTag(inside[1:])
	}
	if len(s.marks) == 0 && s.rooted {
		return 0, malformed("a second root element: %s", excerpt(inside))
	}
	s.empty = len(inside) > 0 && inside[len(inside)-1] == '/'
	if s.empty {
		inside = inside[:len(inside)-1]
	}
	return s.startTag(inside, at)
}

// tagEnd returns the length of the tag at the <.
func (s *xmlScanner) tagEnd() (int, error) {
	for i, quote := 1, byte(0); ; {
		text := s.w.text()
		for ; i < len(text); i++ {
			switch c := text[i]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>' && i <= MaxTag:
				return i + 1, nil
			case c == '<':
				return 0, malformed("a tag that does not end: %s", excerpt(text[:i]))
			}
		}
		if i > MaxTag { // or '>' stands further on
			return 0, malformed("a tag of more than %d bytes: %s", MaxTag, excerpt(text))
		}
		if err := s.w.more(); err != nil {
			return 0, missing(err)
		}
	}
}

// endTag ends the element that is open.
func (s *xmlScanner) endTag(name []byte) (event, error) {
	for len(name) > 0 && isSpace(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	if len(s.marks) == 0 {
		return 0, malformed("the end tag %s without a start tag", excerpt(name))
	}
	last := len(s.marks) - 1
	if open := s.names[s.marks[last]:]; string(open) != string(name) {
		return 0, malformed("the end tag %s where %s is open", excerpt(name), excerpt(open))
	}
	s.tok.to = s.w.at()
	if !s.filled[last] {
		s.filled[last] = true
		s.tok.value = nil
		s.passed = true
		return value, nil
	}
	s.pop()
	return closes, nil
}

// pop takes the element that is open off the stack.
func (s *xmlScanner) pop() {
	last := len(s.marks) - 1
	s.names = s.names[:s.marks[last]]
	s.marks, s.filled = s.marks[:last], s.filled[:last]
}

// startTag begins an element.
func (s *xmlScanner) startTag(inside []byte, at int64) (event, error) {
	n := 0
	for n < len(inside) && !isSpace(inside[n]) {
		n++
	}
	name := inside[:n]
	switch {
	case !isName(name):
		return 0, malformed("a tag without a name: <%s", excerpt(inside))
	case n > MaxName:
		return 0, malformed("a name of more than %d bytes", MaxName)
	case len(s.marks) >= MaxDepth:
		return 0, malformed("more than %d elements in one another", MaxDepth)
	}
	if len(s.filled) > 0 {
		s.filled[len(s.filled)-1] = true
	}
	s.rooted = true
	s.marks = append(s.marks, len(s.names))
	s.names = append(s.names, name...)
	s.attrs, s.given = s.attrs[:0], 0
	s.attributes(inside[n:])
	s.filled = append(s.filled, len(s.attrs) > 0)
	s.tok.name, s.tok.list = local(name), false
	s.tok.at, s.tok.to = at, s.w.at()
	return opens, nil
}

// attributes reads those of a tag. Declarations of namespaces are none.
func (s *xmlScanner) attributes(text []byte) {
	for {
		i := blanks(text, 0)
		if i == len(text) {
			return
		}
		apart := i > 0
		text = text[i:]
		n := bytes.IndexByte(text, '=')
		if n < 0 || !apart {
			s.note(&flaw{read.Malformed, "attributes that cannot be told apart: " + excerpt(text)})
			return
		}
		name := bytes.TrimRight(text[:n], " \t\r\n")
		text = text[blanks(text, n+1):]
		end := -1
		if len(text) > 1 && (text[0] == '"' || text[0] == '\'') {
			end = bytes.IndexByte(text[1:], text[0])
		}
		if end < 0 || !isName(name) {
			s.note(&flaw{read.Malformed, "an attribute that is not name and quoted value: " + excerpt(name)})
			return
		}
		s.take(name, text[1:1+end])
		text = text[end+2:]
	}
}

// take adds an attribute, unless it is too much.
func (s *xmlScanner) take(name, value []byte) {
	for _, other := range s.attrs {
		if string(other.name) == string(name) {
			s.note(&flaw{read.Malformed, "the attribute " + excerpt(name) + " twice in one tag"})
			return
		}
	}
	switch {
	case string(name) == "xmlns" || bytes.HasPrefix(name, []byte("xmlns:")):
	case len(s.attrs) >= mostAttributes:
		s.note(&flaw{read.Malformed, "more attributes than any element has"})
	case len(name) > MaxName:
		s.note(&flaw{read.Malformed, "the name of an attribute is too long: " + excerpt(name)})
	case len(value) > MaxAttribute:
		s.note(&flaw{read.RecordTooLong, "the attribute " + excerpt(name) + " is too long"})
	default:
		s.attrs = append(s.attrs, attribute{name, value})
	}
}

// attribute returns the next attribute as a leaf.
func (s *xmlScanner) attribute() event {
	a := s.attrs[s.given]
	s.given++
	s.name = append(append(s.name[:0], '@'), local(a.name)...)
	s.tok.name = s.name
	s.tok.value = a.value
	if bytes.IndexByte(a.value, '<') >= 0 {
		s.note(&flaw{read.Malformed, "a < in the attribute " + excerpt(a.name)})
	}
	if !simple(a.value) {
		s.decoded = s.decode(s.decoded[:0], a.value)
		for i, c := range s.decoded {
			if c == '\n' || c == '\t' {
				s.decoded[i] = ' '
			}
		}
		s.tok.value = s.decoded
	}
	return leaf
}

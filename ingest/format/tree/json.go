package tree

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"

	"rummage/ingest/read"
)

// jsonState is what may come next.
type jsonState uint8

const (
	atRoot   jsonState = iota // a value or the end of the stream
	atValue                   // a value
	atInner                   // a value, or the end of a list in a list
	atFirst                   // a name, or the end of an object
	atName                    // a name
	atMember                  // behind a member of an object
	atAfter                   // behind a value
)

// Containers that are open.
const (
	object = 'o'
	list   = 'a' // whose values are elements
	inner  = 'i' // a list directly in a list: its values belong to the element of that
)

// jsonScanner scans one value of JSON after the other (RFC 8259). It does not
// look whether the text is UTF-8.
type jsonScanner struct {
	soft
	w      *window
	tok    token
	stack  []byte
	state  jsonState
	flat   bool  // a list at the root is one element, not several
	end    int64 // offset behind the last value
	behind error // what is wrong behind the event returned
	marked int   // containers around the marked element
	begin  int64 // of the marked element
	name   []byte
	text   []byte
}

func newJSONScanner(w *window, flat bool) *jsonScanner {
	return &jsonScanner{w: w, flat: flat}
}

// restart begins with new text in the window.
func (s *jsonScanner) restart() {
	s.stack, s.state, s.first, s.behind = s.stack[:0], atRoot, nil, nil
}

func (s *jsonScanner) token() *token { return &s.tok }

func (s *jsonScanner) mark() {
	s.marked, s.begin = len(s.stack), s.tok.at
	s.w.hold(s.begin)
}

func (s *jsonScanner) release() { s.w.release() }

// peek passes blanks and returns the byte behind them.
func (s *jsonScanner) peek() (byte, error) {
	for {
		text := s.w.text()
		if i := blanks(text, 0); i < len(text) {
			s.w.pos += i
			return text[i], nil
		}
		s.w.pos = s.w.end
		if err := s.w.more(); err != nil {
			return 0, missing(err)
		}
	}
}

// missing makes the end of the stream one that comes too early.
func missing(err error) error {
	if errors.Is(err, io.EOF) {
		return errEnds
	}
	return err
}

// blanks returns the index of the first byte from i on that is no white space.
func blanks(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	return i
}

func (s *jsonScanner) next() (event, error) {
	for {
		var e event
		err := s.behind
		if err != nil {
			s.behind = nil
			return 0, err
		}
		switch s.state {
		case atRoot:
			e, err = s.root()
		case atValue, atInner:
			e, err = s.value()
		case atFirst, atName:
			e, err = s.key()
		case atMember:
			err = s.member()
		case atAfter:
			e, err = s.after()
		}
		if e != 0 || err != nil {
			return e, err
		}
	}
}

// root begins a value at the root.
func (s *jsonScanner) root() (event, error) {
	if s.w.at() == 0 {
		s.passMark()
	}
	c, err := s.peek()
	if errors.Is(err, io.ErrUnexpectedEOF) && errors.Is(s.w.err, io.EOF) {
		return 0, io.EOF
	}
	if err != nil {
		return 0, err
	}
	s.tok.name, s.tok.list = dot, false
	if c == '[' && !s.flat {
		s.w.pos++
		if c, err = s.peek(); err != nil {
			return 0, err
		}
		if c == ']' {
			s.w.pos++
			return 0, nil
		}
		s.stack = append(s.stack, list)
		s.tok.list = true
	}
	s.tok.at, s.state = s.w.at(), atValue
	return opens, nil
}

var dot = []byte(self)

// passMark passes a byte order mark at the beginning of the text.
func (s *jsonScanner) passMark() {
	for len(s.w.text()) < len(bom) && s.w.more() == nil {
		continue
	}
	if bytes.HasPrefix(s.w.text(), []byte(bom)) {
		s.w.pos += len(bom)
	}
}

// bom is the byte order mark in UTF-8.
const bom = "\uFEFF"

// value begins a value within an element.
func (s *jsonScanner) value() (event, error) {
	c, err := s.peek()
	if err != nil {
		return 0, err
	}
	switch {
	case c == ']' && s.state == atInner:
		s.pop()
		return 0, nil
	case c == '{':
		s.state = atFirst
		return 0, s.push(object)
	case c == '[':
		s.state = atInner
		return 0, s.push(inner)
	}
	for {
		n, err := s.scalar(s.w.text(), 0)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			s.w.pos += n
			s.end, s.state = s.w.at(), atAfter
			return value, nil
		}
		if err := s.w.more(); err != nil {
			return 0, missing(err)
		}
	}
}

func (s *jsonScanner) push(container byte) error {
	if len(s.stack) >= MaxDepth {
		return malformed("more than %d lists and objects in one another", MaxDepth)
	}
	s.stack = append(s.stack, container)
	s.w.pos++
	return nil
}

// pop ends an object or inner list, which is a value.
func (s *jsonScanner) pop() {
	s.stack = s.stack[:len(s.stack)-1]
	s.w.pos++
	s.end, s.state = s.w.at(), atAfter
}

// key reads a name and what follows it, up to the first byte of a value or all
// of a scalar.
func (s *jsonScanner) key() (event, error) {
	c, err := s.peek()
	switch {
	case err != nil:
		return 0, err
	case c == '}' && s.state == atFirst:
		s.pop()
		return 0, nil
	case c != '"':
		return 0, malformed("%q where a name in quotes belongs", c)
	}
	for {
		e, n, err := s.keyed(s.w.text())
		if err != nil {
			return 0, err
		}
		if n > 0 {
			s.w.pos += n
			return e, nil
		}
		if err := s.w.more(); err != nil {
			return 0, missing(err)
		}
	}
}

// keyed reads a member from its name on and returns its event and how many bytes
// it has read, 0 if there are too few.
func (s *jsonScanner) keyed(text []byte) (event, int, error) {
	n, plain := closing(text, 1)
	if n < 0 {
		return 0, 0, nil
	}
	i := blanks(text, n+1)
	if i == len(text) {
		return 0, 0, nil
	}
	if text[i] != ':' {
		return 0, 0, malformed("%q where the colon behind a name belongs", text[i])
	}
	if i = blanks(text, i+1); i == len(text) {
		return 0, 0, nil
	}
	if s.tok.name = text[1:n]; !plain {
		s.name = s.unquote(s.name[:0], text[1:n])
		s.tok.name = s.name
	}
	if n > MaxName {
		return 0, 0, malformed("a name of more than %d bytes", MaxName)
	}
	s.tok.list = false
	s.tok.at = s.w.at() + int64(i)
	switch text[i] {
	case '{':
		s.state = atValue
		return opens, i, nil
	case '[':
		return s.listed(text, i)
	}
	end, err := s.scalar(text, i)
	if end == 0 || err != nil {
		return 0, 0, err
	}
	s.tok.to = s.w.at() + int64(end)
	s.state = atMember
	return leaf, end, nil
}

// listed begins the list of a member at index i. An empty one is passed.
func (s *jsonScanner) listed(text []byte, i int) (event, int, error) {
	i = blanks(text, i+1)
	switch {
	case i == len(text):
		return 0, 0, nil
	case text[i] == ']':
		s.state = atMember
		return 0, i + 1, nil
	case len(s.stack) >= MaxDepth:
		return 0, 0, malformed("more than %d lists and objects in one another", MaxDepth)
	}
	s.stack = append(s.stack, list)
	s.tok.list = true
	s.tok.at = s.w.at() + int64(i)
	s.state = atValue
	return opens, i, nil
}

// member is behind a member of an object.
func (s *jsonScanner) member() error {
	c, err := s.peek()
	switch {
	case err != nil:
		return err
	case c == ',':
		s.w.pos++
		s.state = atName
		return nil
	case c == '}':
		s.pop()
		return nil
	}
	return malformed("%q where a comma or } belongs", c)
}

// after is behind a value.
func (s *jsonScanner) after() (event, error) {
	s.tok.to = s.end
	if len(s.stack) == 0 {
		s.state = atRoot
		return closes, nil
	}
	top := s.stack[len(s.stack)-1]
	if top == object {
		s.state = atMember
		return closes, nil
	}
	c, err := s.peek()
	if err == nil && c != ',' && c != ']' {
		err = malformed("%q where a comma or ] belongs", c)
	}
	switch {
	case err != nil && top == inner:
		return 0, err
	case err != nil:
		return s.last(err)
	case c == ']' && top == inner:
		s.pop()
		return 0, nil
	case c == ']':
		s.w.pos++
		return s.last(nil)
	}
	s.w.pos++
	s.state = atValue
	if top == inner {
		return 0, nil
	}
	c, err = s.peek()
	if err == nil && c == ']' {
		err = malformed("a comma with nothing behind it")
	}
	if err != nil {
		return s.last(err)
	}
	s.tok.at = s.w.at()
	s.tok.list = true
	return again, nil
}

// last ends a list with the element that is behind, and returns err after that:
// the element has no part in it.
func (s *jsonScanner) last(err error) (event, error) {
	s.stack = s.stack[:len(s.stack)-1]
	s.behind = err
	if s.state = atMember; len(s.stack) == 0 {
		s.state = atRoot
	}
	return closes, nil
}

// scalar reads a string or literal at index i into the token and returns the
// index behind it, 0 if there are too few bytes.
func (s *jsonScanner) scalar(text []byte, i int) (int, error) {
	if text[i] == '"' {
		n, plain := closing(text, i+1)
		if n < 0 {
			return 0, nil
		}
		if s.tok.value = text[i+1 : n]; !plain {
			s.text = s.unquote(s.text[:0], text[i+1:n])
			s.tok.value = s.text
		}
		return n + 1, nil
	}
	n := i
	for n < len(text) && !ends[text[n]] {
		n++
	}
	switch {
	case n == len(text) && s.w.err == nil:
		return 0, nil
	case n == i:
		return 0, malformed("%q where a value belongs", text[i])
	}
	s.tok.value = text[i:n]
	switch word := text[i:n]; {
	case string(word) == "null":
		s.tok.value = nil
	case string(word) == "true", string(word) == "false", isNumber(word):
	default:
		s.note(&flaw{read.Malformed, "a value that is no number, true, false, null or text in quotes: " + excerpt(word)})
		s.tok.value = lost
	}
	return n, nil
}

// ends are the bytes that end a literal.
var ends = [256]bool{
	',': true, ':': true, '[': true, ']': true, '{': true, '}': true, '"': true,
	' ': true, '\t': true, '\n': true, '\r': true,
}

// isNumber says whether a word is a number of JSON.
func isNumber(word []byte) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(word) && word[i] >= '0' && word[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(word) && word[i] == '-' {
		i++
	}
	whole := i
	if !digits() || word[whole] == '0' && i > whole+1 {
		return false
	}
	if i < len(word) && word[i] == '.' {
		if i++; !digits() {
			return false
		}
	}
	if i < len(word) && word[i]|0x20 == 'e' {
		if i++; i < len(word) && (word[i] == '+' || word[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(word)
}

// closing returns the index of the quote that closes a string whose text begins
// at i, -1 if it is not there, and whether the string stands for itself: without
// escapes and control characters.
func closing(text []byte, i int) (int, bool) {
	plain := true
	for {
		i = special(text, i)
		switch {
		case i >= len(text):
			return -1, false
		case text[i] == '"':
			return i, plain
		case text[i] == '\\':
			i++
		}
		plain = false
		i++
	}
}

// special returns the index of the first quote, backslash or control character
// from i on. It looks at eight bytes at a time: a byte less than another borrows
// from the bit above it, and the lowest that does is never an error of the one
// below.
func special(text []byte, i int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(text); i += 8 {
		x := binary.LittleEndian.Uint64(text[i:])
		q, b := x^(low*'"'), x^(low*'\\')
		if hit := ((q-low)&^q | (b-low)&^b | (x-low*' ')&^x) & high; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for ; i < len(text); i++ {
		if c := text[i]; c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return len(text)
}

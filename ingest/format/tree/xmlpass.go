package tree

import (
	"bytes"
	"errors"
	"io"
)

// pass moves over the marked element by the tags of its name alone.
func (s *xmlScanner) pass(strict bool) error {
	s.w.back(s.begin)
	s.w.release()
	s.attrs, s.given, s.empty, s.passed = s.attrs[:0], 0, false, false
	s.cut(s.marked)
	own := bytes.Clone(s.names[s.marks[s.marked-1]:])
	for open := 0; ; {
		c, err := s.passText()
		if err != nil {
			return err
		}
		if c == '!' || c == '?' {
			if err := s.aside(nil); err != nil {
				return err
			}
			continue
		}
		// The tag stays in the window, so that its place can be told.
		s.w.hold(s.w.at())
		n, err := s.tagEnd()
		if errors.As(err, new(*flaw)) {
			s.w.pos++
			continue
		}
		if err != nil {
			return err
		}
		inside := s.w.text()[1 : n-1]
		s.w.pos += n
		switch {
		case c == '/' && string(tagName(inside[1:])) == string(own):
			open--
		case c != '/' && string(tagName(inside)) == string(own) && inside[len(inside)-1] != '/':
			open++
		}
		if open <= 0 {
			break
		}
	}
	s.tok.to = s.w.at()
	s.passed = true
	if strict {
		return s.checkBehind()
	}
	return nil
}

// passText moves to the next markup and returns the character behind its <.
func (s *xmlScanner) passText() (byte, error) {
	s.w.release()
	for {
		text := s.w.text()
		i := bytes.IndexByte(text, '<')
		if i >= 0 && i+1 < len(text) {
			s.w.pos += i
			return text[i+1], nil
		}
		if i < 0 {
			s.w.pos = s.w.end
		}
		if err := s.w.more(); err != nil {
			return 0, missing(err)
		}
	}
}

// checkBehind says whether what follows the passed element may follow it: the
// start of another element, or the end of the one around it.
func (s *xmlScanner) checkBehind() error {
	for {
		text, c, err := s.upTo()
		switch {
		case s.marked == 1 && errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return missing(err)
		case (c == '!' || c == '?') && len(trim(text)) == 0:
			s.w.pos += len(text)
			if err := s.aside(nil); err != nil {
				return err
			}
			continue
		case c != '/':
			return nil
		}
		name, err := s.endName(len(text) + 2)
		switch {
		case err != nil:
			return err
		case s.marked > 1 && string(name) == string(s.names[s.marks[s.marked-2]:s.marks[s.marked-1]]):
			return nil
		}
		return malformed("the end tag %s behind a record at fault", excerpt(name))
	}
}

// endName is the name in an end tag that begins i bytes further on.
func (s *xmlScanner) endName(i int) ([]byte, error) {
	for {
		rest := s.w.text()[i:]
		if n := len(tagName(rest)); n < len(rest) {
			return rest[:n], nil
		}
		if err := s.w.more(); err != nil {
			return nil, missing(err)
		}
	}
}

// cut closes all but so many elements, without events.
func (s *xmlScanner) cut(open int) {
	for len(s.marks) > open {
		s.pop()
	}
}

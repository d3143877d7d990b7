package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"rummage/ingest/read"
)

// mostPaths is how many different paths a file may have: more means that the
// names are data.
const mostPaths = 4 * read.MaxColumns

// A twig is a path of a file, with what a survey has seen of it. Moments count
// events.
type twig struct {
	name     string
	up       *twig
	depth    int
	next     map[string]*twig
	children []*twig // in order of first appearance
	seen     int64   // elements
	parent   int64   // the parent's count at the last of them
	repeated bool
	values   int64
	bytes    int64
	opened   int64 // moment of the first element
	first    int64 // moments of the first and the last value
	last     int64
}

// path is the names that lead to it.
func (t *twig) path() []string {
	names := make([]string, t.depth)
	for ; t.depth > 0; t = t.up {
		names[t.depth-1] = t.name
	}
	return names
}

// isLeaf says whether it has values of its own. An element that is empty here and
// has others below it there is none.
func (t *twig) isLeaf() bool {
	return t.values > 0 && (t.bytes > t.values || len(t.children) == 0)
}

// leaves counts the paths with values from here on.
func (t *twig) leaves() int {
	n := 0
	if t.isLeaf() {
		n = 1
	}
	for _, c := range t.children {
		n += c.leaves()
	}
	return n
}

// walk visits a twig and all below it.
func (t *twig) walk(visit func(*twig)) {
	visit(t)
	for _, c := range t.children {
		c.walk(visit)
	}
}

// survey goes over a file and finds its paths.
type survey struct {
	scan   scanner
	root   *twig
	open   []*twig
	unit   *twig // of which one at fault can be passed
	inside bool
	paths  int
	moment int64
	fault  error // what the survey ended with, if not with the end of the file
	err    error // why the file cannot be read at all
}

func newSurvey(scan scanner) *survey {
	s := &survey{scan: scan, root: &twig{next: map[string]*twig{}}}
	s.open = []*twig{s.root}
	return s
}

// run takes all events in, up to the end or a fault.
func (s *survey) run() {
	s.fault = nil
	for s.err == nil {
		e, err := s.scan.next()
		if err == nil {
			s.take(e)
			continue
		}
		if errors.Is(err, io.EOF) {
			return
		}
		if s.fault = err; !s.inside || errors.Is(err, io.ErrUnexpectedEOF) {
			return
		}
		if !errors.Is(err, errLong) && !errors.As(err, new(*flaw)) {
			return
		}
		s.open = s.open[:s.unit.depth+1]
		if err := s.scan.pass(!errors.Is(err, errLong)); err != nil {
			s.fault = err
			return
		}
		s.fault = nil
	}
}

// take takes an event in.
func (s *survey) take(e event) {
	s.moment++
	tok := s.scan.token()
	top := s.open[len(s.open)-1]
	switch e {
	case value:
		s.value(top, tok.value)
	case leaf:
		t := s.child(top, tok)
		s.value(t, tok.value)
	case opens:
		t := s.child(top, tok)
		s.open = append(s.open, t)
		s.begin(t)
	case again:
		if top != nil {
			top.seen++
			top.repeated = true
		}
		s.begin(top)
	case closes:
		s.open = s.open[:len(s.open)-1]
		if top != nil && top == s.unit {
			s.inside = false
			s.scan.release()
		}
	}
}

// begin marks a unit that begins.
func (s *survey) begin(t *twig) {
	if t != nil && t == s.unit {
		s.inside = true
		s.scan.mark()
	}
}

func (s *survey) value(t *twig, text []byte) {
	if t == nil {
		return
	}
	if t.values == 0 {
		t.first = s.moment
	}
	t.values++
	t.bytes += int64(len(text)) + 1
	t.last = s.moment
}

// child is the twig of an element that begins. A name that is no text makes a
// row error, and no twig.
func (s *survey) child(up *twig, tok *token) *twig {
	if up == nil {
		return nil
	}
	t := up.next[string(tok.name)]
	if t == nil {
		if strings.ToValidUTF8(string(tok.name), "") != string(tok.name) {
			return nil
		}
		if s.paths++; s.paths > mostPaths {
			s.err = fmt.Errorf("%w: more than %d different paths, such as %q: where other files have names, this one has data; convert it to CSV",
				read.ErrFormat, mostPaths, excerpt(tok.name))
			return nil
		}
		t = &twig{name: string(tok.name), up: up, depth: up.depth + 1, next: map[string]*twig{}, parent: -1}
		up.next[t.name] = t
		up.children = append(up.children, t)
	}
	if t.seen++; t.seen == 1 {
		t.opened = s.moment
	}
	if t.parent == up.seen || tok.list {
		t.repeated = true
	}
	t.parent = up.seen
	return t
}

// begun returns a survey that knows what can be passed when it is at fault.
func begun(scan scanner, unit []string) *survey {
	s := newSurvey(scan)
	at := s.root
	for i, name := range unit {
		next := &twig{name: name, up: at, depth: i + 1, next: map[string]*twig{}, parent: -1}
		at.next[name] = next
		at.children = append(at.children, next)
		at = next
	}
	if len(unit) > 0 {
		s.unit = at
	}
	return s
}

// lines takes in JSON lines. What is wrong with a line ends where it does.
func (s *survey) lines(w *window) {
	line := new(window)
	scan := newJSONScanner(line, true)
	s.scan = scan
	for s.err == nil {
		at := w.at()
		n, terminator, err := nextLine(w)
		if errors.Is(err, errLong) {
			_, err = skipLine(w)
			if err == nil {
				continue
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.fault = err
			}
			break
		}
		text := w.text()[:n]
		if at == 0 {
			text = bytes.TrimPrefix(text, []byte(bom))
		}
		line.set(text, at)
		scan.restart()
		s.open = s.open[:1]
		for e, err := scan.next(); err == nil && s.err == nil; e, err = scan.next() {
			s.take(e)
		}
		w.pos += n + terminator
	}
	for _, root := range s.root.children {
		root.repeated = true
	}
}

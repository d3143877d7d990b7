package tree

// An event is what a scanner comes to.
type event uint8

const (
	opens  event = iota + 1 // an element begins: name, at, list
	again                   // it ends (to), and another of its name begins (at)
	value                   // a value of the element that is open: value
	leaf                    // an element with one value and nothing else: name, value, at, to
	closes                  // the element ends: to
)

// A scanner turns text into events. Elements of JSON are the members of objects
// and of lists: each one of a list is an element with the name of the list.
type scanner interface {
	// next returns the next event, and io.EOF behind the root. A *flaw, errLong and
	// errDoctype are faults behind which only pass can go on; any other error is
	// that of the source, io.ErrUnexpectedEOF where text is missing.
	next() (event, error)
	// token is what belongs to the last event, valid until the next one.
	token() *token
	// mark remembers the element that has just begun, and keeps its text.
	mark()
	// release forgets the marked element, which has ended.
	release()
	// pass moves over the marked element from its first byte on. The next event is
	// then its end. A *flaw says that it is in doubt where that is; strict asks for
	// that where the element is known to be at fault.
	pass(strict bool) error
	// flaw returns the first fault since it was last called that does not hinder
	// going on: a bad value, in which read.Lost stands.
	flaw() *flaw
}

// A token is the text of an event. Offsets are those of the window.
type token struct {
	name  []byte
	value []byte
	at    int64
	to    int64
	list  bool // the element is of a list, even if it is the only one
}

// soft keeps the first of the faults that do not hinder going on.
type soft struct{ first *flaw }

func (s *soft) note(f *flaw) {
	if s.first == nil {
		s.first = f
	}
}

func (s *soft) flaw() *flaw {
	f := s.first
	s.first = nil
	return f
}

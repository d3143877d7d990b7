package segment

import "slices"

// Stream is one of several sorted streams of records.
type Stream[T any] struct {
	Segment int
	Record  T // the current one; Advance changes what it points to
	Advance func() (bool, error)
}

// Weave makes one sorted stream of several.
type Weave[T any] struct {
	compare func(a, b *Stream[T]) int
	live    []*Stream[T]
	last    *Stream[T]
	second  *Stream[T] // the least of the others
}

// NewWeave advances every stream once. compare must tell any two apart.
func NewWeave[T any](streams []*Stream[T], compare func(a, b *Stream[T]) int) (*Weave[T], error) {
	w := &Weave[T]{compare: compare}
	for _, s := range streams {
		ok, err := s.Advance()
		if err != nil {
			return nil, err
		}
		if ok {
			w.live = append(w.live, s)
		}
	}
	return w, nil
}

// Next returns the stream that stands at the next record, nil at the end. It
// moves the stream that it returned before. With at most some sixteen streams,
// which mostly hold ranges of their own, looking at all of them when the least
// changes is faster than a heap.
func (w *Weave[T]) Next() (*Stream[T], error) {
	if w.last != nil {
		ok, err := w.last.Advance()
		if err != nil {
			return nil, err
		}
		if ok && (w.second == nil || w.compare(w.last, w.second) < 0) {
			return w.last, nil
		}
		if !ok {
			w.live = slices.DeleteFunc(w.live, func(s *Stream[T]) bool { return s == w.last })
		}
	}
	w.last, w.second = nil, nil
	for _, s := range w.live {
		switch {
		case w.last == nil:
			w.last = s
		case w.compare(s, w.last) < 0:
			w.last, w.second = s, w.last
		case w.second == nil || w.compare(s, w.second) < 0:
			w.second = s
		}
	}
	return w.last, nil
}

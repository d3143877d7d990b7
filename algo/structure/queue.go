package structure

// ranked is what a queue can hold: before must be a total order, so that what comes out does not depend on how it went in.
type ranked[T any] interface{ before(other T) bool }

// queue is a binary heap that gives back the first in order.
type queue[T ranked[T]] []T

func (q *queue[T]) push(x T) {
	*q = append(*q, x)
	h := *q
	at := len(h) - 1
	for at > 0 {
		above := (at - 1) / 2
		if !x.before(h[above]) {
			break
		}
		h[at] = h[above]
		at = above
	}
	h[at] = x
}

// pop takes the first out of a queue that is not empty.
func (q *queue[T]) pop() T {
	h := *q
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return first
	}
	at := 0
	for {
		below := 2*at + 1
		if below >= len(h) {
			break
		}
		if below+1 < len(h) && h[below+1].before(h[below]) {
			below++
		}
		if !h[below].before(last) {
			break
		}
		h[at] = h[below]
		at = below
	}
	h[at] = last
	return first
}

// Package queue is a priority queue of whatever says what comes before what.
//
// It must not know what waits in it, nor why.
package queue

// Ranked is what a queue can hold. Before must be a total order, so that what comes out does not depend on how it went in.
type Ranked[T any] interface{ Before(other T) bool }

// Queue is a binary heap that gives back the first in order. The zero value is empty and ready; Push and Pop cost O(log n).
type Queue[T Ranked[T]] []T

// Push puts x in.
func (q *Queue[T]) Push(x T) {
	*q = append(*q, x)
	h := *q
	at := len(h) - 1
	for at > 0 {
		above := (at - 1) / 2
		if !x.Before(h[above]) {
			break
		}
		h[at] = h[above]
		at = above
	}
	h[at] = x
}

// Pop takes the first out of a queue that is not empty; it panics on an empty one.
func (q *Queue[T]) Pop() T {
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
		if below+1 < len(h) && h[below+1].Before(h[below]) {
			below++
		}
		if !h[below].Before(last) {
			break
		}
		h[at] = h[below]
		at = below
	}
	h[at] = last
	return first
}

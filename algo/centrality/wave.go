package centrality

import (
	"context"
	"math/bits"
)

// wave is the memory of one worker that looks from up to 64 pivots at once: a word a slot, in which each pivot has a bit.
type wave struct {
	patient patient
	d       *shards
	share   []tally
	// seen tells which pivots reached a slot, front which did so in the last step, next which do in this one.
	seen, front, next []uint64
	// active lists the slots that have a front, fresh those that get one, open those that some pivot has not reached.
	active, fresh, open []uint32
	// search is set where steps have lengths.
	search *search
}

func newWave(ctx context.Context, d *shards) *wave {
	n := len(d.origin)
	w := &wave{patient: patient{ctx: ctx}, d: d, share: make([]tally, n)}
	if d.out.length != nil {
		w.search = newSearch(ctx, d, false)
		return w
	}
	w.seen, w.front, w.next = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	w.active, w.fresh, w.open = make([]uint32, 0, n), make([]uint32, 0, n), make([]uint32, 0, n)
	return w
}

// walk looks from one pivot along lengths.
func (w *wave) walk(pivot, lo, hi uint32) {
	for _, u := range w.search.everything(pivot, lo, hi) {
		if u != pivot {
			w.share[u].note(w.search.far[u], 1)
		}
	}
}

// run looks from up to 64 pivots, within the slots from lo to hi.
func (w *wave) run(pivots []uint32, lo, hi uint32) {
	clear(w.seen[lo:hi])
	w.active, w.open = w.active[:0], w.open[:0]
	for lane, p := range pivots {
		w.seen[p] |= 1 << lane
		w.front[p] = w.seen[p]
		w.active = append(w.active, p)
	}
	for u := lo; u < hi; u++ {
		w.open = append(w.open, u)
	}
	all := ^uint64(0) >> (lanes - len(pivots))
	for step := 1.0; len(w.active) > 0; step++ {
		ahead, rest := 0, 0
		for _, u := range w.active {
			ahead += w.d.out.degree(u)
		}
		left := w.open[:0]
		for _, u := range w.open {
			if w.seen[u] != all {
				left = append(left, u)
				rest += w.d.in.degree(u)
			}
		}
		w.open, w.fresh = left, w.fresh[:0]
		// A look from below ends once nothing is missing, so it sees a part of the arcs only.
		if tired := w.patient.tired(min(ahead, rest)); tired || 2*ahead < rest {
			w.push()
		} else {
			w.pull(all)
		}
		for _, u := range w.active {
			w.front[u] = 0
		}
		if w.patient.err != nil {
			return
		}
		for _, u := range w.fresh {
			found := w.next[u]
			w.next[u], w.front[u] = 0, found
			w.seen[u] |= found
			w.share[u].note(step, bits.OnesCount64(found))
		}
		w.active, w.fresh = w.fresh, w.active
	}
}

// push goes on from the slots last reached.
func (w *wave) push() {
	seen, next := w.seen, w.next
	for _, u := range w.active {
		from := w.front[u]
		for _, v := range w.d.out.row(u) {
			if found := from &^ seen[v]; found != 0 {
				if next[v] == 0 {
					w.fresh = append(w.fresh, v)
				}
				next[v] |= found
			}
		}
	}
}

// pull asks the slots not yet reached by all.
func (w *wave) pull(all uint64) {
	front := w.front
	for _, v := range w.open {
		missing := all &^ w.seen[v]
		found := uint64(0)
		for _, u := range w.d.in.row(v) {
			if found |= front[u]; found&missing == missing {
				break
			}
		}
		if found &= missing; found != 0 {
			w.next[v] = found
			w.fresh = append(w.fresh, v)
		}
	}
}

package centrality

import (
	"math/bits"
	"slices"
)

// calendar is a queue of slots by distance, equals by number, for distances that never fall below one taken out (Brown 1988): pages of
// equal width, each an unordered list until its turn comes, when it is put in order. How wide a page is decides how long it takes and
// nothing else.
type calendar struct {
	// scale is pages per unit of distance; what lies beyond the last page is on it.
	scale float64
	today int
	// open are the visits of today, heaped tells whether they are a heap.
	open   []visit
	heaped bool
	// last is the visit taken out last: a slot may stand on a page more than once.
	last visit
	// first is the number, from 1, of the last entry written on a page, or 0; busy has a bit for each page with entries.
	first   []uint32
	busy    []uint64
	entries []entry
}

// visit is a slot with a distance at which it can be reached.
type visit struct {
	distance float64
	slot     uint32
}

// entry is a slot on a page; its distance is known where it is read.
type entry struct{ slot, next uint32 }

func newCalendar(n int) *calendar {
	pages := max(64, min(n/2, 1<<15)) / 64 * 64
	return &calendar{first: make([]uint32, pages), busy: make([]uint64, pages/64), entries: make([]entry, 1, n+1)}
}

func (a visit) before(b visit) bool {
	return a.distance < b.distance || (a.distance == b.distance && a.slot < b.slot)
}

func (c *calendar) reset() {
	clear(c.first)
	clear(c.busy)
	c.open, c.heaped, c.entries, c.today, c.last = c.open[:0], false, c.entries[:1], 0, visit{distance: -1}
}

// expect sets the width of pages for a search like the last, which found so many slots, the furthest at the given distance.
func (c *calendar) expect(furthest float64, found int) {
	c.scale = 0
	if furthest > 0 {
		if scale := float64(min(len(c.first), max(found/2, 1))) / furthest; scale < 1e300 {
			c.scale = scale
		}
	}
}

func (c *calendar) push(distance float64, slot uint32) {
	page := len(c.first) - 1
	if at := distance * c.scale; at < float64(page) {
		page = int(at)
	}
	if page <= c.today {
		c.enter(visit{distance, slot})
		return
	}
	c.entries = append(c.entries, entry{slot, c.first[page]})
	c.first[page] = uint32(len(c.entries) - 1)
	c.busy[page/64] |= 1 << (page % 64)
}

// pop takes out the first slot whose entry holds its distance, and passes over others, which were overtaken.
func (c *calendar) pop(distance []float64) (slot uint32, found bool) {
	for {
		for len(c.open) > 0 {
			if top := c.leave(); top.distance == distance[top.slot] && top != c.last {
				c.last = top
				return top.slot, true
			}
		}
		if !c.turn(distance) {
			return 0, false
		}
	}
}

// turn goes on to the next page with entries.
func (c *calendar) turn(distance []float64) bool {
	page := c.today + 1
	if page >= len(c.first) {
		return false
	}
	word := page / 64
	left := c.busy[word] >> (page % 64) << (page % 64)
	for left == 0 {
		if word++; word == len(c.busy) {
			return false
		}
		left = c.busy[word]
	}
	c.today = word*64 + bits.TrailingZeros64(left)
	// What has moved to a page before this one has been taken out there.
	begin := float64(c.today)
	for at := c.first[c.today]; at != 0; {
		e := c.entries[at]
		at = e.next
		if d := distance[e.slot]; d*c.scale >= begin {
			c.enter(visit{d, e.slot})
		}
	}
	return true
}

// few is how many visits a list may hold; more are held in a heap.
const few = 40

// enter puts a visit among those of today: a list in falling order as long as they are few, which a page mostly is, else a heap.
func (c *calendar) enter(v visit) {
	if c.heaped || len(c.open) >= few {
		c.add(v)
		return
	}
	c.open = append(c.open, v)
	open := c.open
	i := len(open) - 1
	for ; i > 0 && open[i-1].before(v); i-- {
		open[i] = open[i-1]
	}
	open[i] = v
}

// leave takes out the first visit of today.
func (c *calendar) leave() visit {
	last := len(c.open) - 1
	if c.heaped {
		return c.remove(last)
	}
	top := c.open[last]
	c.open = c.open[:last]
	return top
}

func (c *calendar) add(v visit) {
	if !c.heaped {
		// What rises all along is a heap.
		slices.Reverse(c.open)
		c.heaped = true
	}
	c.open = append(c.open, v)
	heap := c.open
	i := len(heap) - 1
	for i > 0 {
		above := (i - 1) / 2
		if !v.before(heap[above]) {
			break
		}
		heap[i] = heap[above]
		i = above
	}
	heap[i] = v
}

func (c *calendar) remove(size int) visit {
	top, last := c.open[0], c.open[size]
	heap := c.open[:size]
	c.open, c.heaped = heap, size > 0
	if size == 0 {
		return top
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(heap) {
			break
		}
		if child+1 < len(heap) && heap[child+1].before(heap[child]) {
			child++
		}
		if !heap[child].before(last) {
			break
		}
		heap[i] = heap[child]
		i = child
	}
	heap[i] = last
	return top
}

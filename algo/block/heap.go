package block

// heap gives back nodes by what their loss costs, the least first, and of equals the smaller number. What a loss costs can fall while its
// node waits.
type heap struct {
	loss  []float64
	order []uint32
	// place gives the place of a node in order, counted from 1; 0 when it is not there.
	place []uint32
}

// fill makes a heap of the nodes that are in.
func (h *heap) fill(loss []float64, in []bool) {
	h.loss, h.place = loss, make([]uint32, len(loss))
	for u, is := range in {
		if is {
			h.order = append(h.order, uint32(u))
			h.place[u] = uint32(len(h.order))
		}
	}
	for at := len(h.order)/arity + 1; at >= 0; at-- {
		if at < len(h.order) {
			h.sink(at, h.order[at])
		}
	}
}

// arity is how many nodes stand below one: four lie in one line of the cache or two, and the heap is half as deep as with two.
const arity = 4

func (h *heap) before(u, v uint32) bool {
	a, b := h.loss[u], h.loss[v]
	return a < b || (a == b && u < v)
}

func (h *heap) pop() (u uint32, loss float64) {
	u = h.order[0]
	last := h.order[len(h.order)-1]
	h.order = h.order[:len(h.order)-1]
	h.place[u] = 0
	if len(h.order) > 0 {
		h.sink(0, last)
	}
	return u, h.loss[u]
}

// lower makes the loss of a waiting node cost less by w; it never costs less than nothing.
func (h *heap) lower(u uint32, w float64) {
	if h.place[u] == 0 {
		return
	}
	h.loss[u] = max(0, h.loss[u]-w)
	h.rise(int(h.place[u]-1), u)
}

// rise puts a node where it belongs, from a place upwards.
func (h *heap) rise(at int, u uint32) {
	for at > 0 {
		above := (at - 1) / arity
		v := h.order[above]
		if !h.before(u, v) {
			break
		}
		h.order[at], h.place[v] = v, uint32(at+1)
		at = above
	}
	h.order[at], h.place[u] = u, uint32(at+1)
}

// sink puts a node where it belongs, from a place downwards.
func (h *heap) sink(at int, u uint32) {
	for {
		below := arity*at + 1
		if below >= len(h.order) {
			break
		}
		least := below
		for i := below + 1; i < min(below+arity, len(h.order)); i++ {
			if h.before(h.order[i], h.order[least]) {
				least = i
			}
		}
		v := h.order[least]
		if !h.before(v, u) {
			break
		}
		h.order[at], h.place[v] = v, uint32(at+1)
		at = least
	}
	h.order[at], h.place[u] = u, uint32(at+1)
}

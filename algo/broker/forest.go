package broker

// forest is a union-find; size is 0 for nodes that are not there.
type forest struct {
	parent []uint32
	size   []int
}

func (f *forest) root(u uint32) uint32 {
	for f.parent[u] != u {
		f.parent[u] = f.parent[f.parent[u]]
		u = f.parent[u]
	}
	return u
}

// join puts two into one and returns how many that makes.
func (f *forest) join(u, v uint32) int {
	u, v = f.root(u), f.root(v)
	if u == v {
		return f.size[u]
	}
	if f.size[u] < f.size[v] {
		u, v = v, u
	}
	f.parent[v] = u
	f.size[u] += f.size[v]
	return f.size[u]
}

// queue is a heap of nodes, the highest degree first, equals by number.
type queue []entry

type entry struct {
	degree int
	node   uint32
}

func (e entry) before(other entry) bool {
	return e.degree > other.degree || e.degree == other.degree && e.node < other.node
}

func (q *queue) push(e entry) {
	*q = append(*q, e)
	h := *q
	for at := len(h) - 1; at > 0 && h[at].before(h[(at-1)/2]); at = (at - 1) / 2 {
		h[at], h[(at-1)/2] = h[(at-1)/2], h[at]
	}
}

func (q *queue) pop() entry {
	h := *q
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	*q = h
	for at := 0; ; {
		next := at
		for _, child := range []int{2*at + 1, 2*at + 2} {
			if child < last && h[child].before(h[next]) {
				next = child
			}
		}
		if next == at {
			return top
		}
		h[at], h[next] = h[next], h[at]
		at = next
	}
}

package centrality

// tight tells whether the arc from u to v of the given weight ends a shortest path to v: v was reached later, and it is as long as the
// way to v, rounding aside. Later, not further: a length may be lost in a distance that is 1e16 times as great.
func (s *search) tight(u, v uint32, weight float64) bool {
	return s.rank[u] < s.rank[v] && s.distance[u]+1/weight <= s.distance[v]*(1+closeness)
}

// far reaches nodes in the order of their distance (Dijkstra 1959), then counts paths in that order.
func (s *search) far(source uint32) {
	s.distance[source] = 0
	s.heap = append(s.heap[:0], reach{0, source})
	for len(s.heap) > 0 {
		top := s.heap.pop()
		if top.distance > s.distance[top.node] {
			continue
		}
		u := top.node
		s.rank[u] = uint32(len(s.order))
		s.order = append(s.order, u)
		row, weights := s.g.Neighbours(u), s.g.Weights(u)
		if s.tired(len(row)) {
			return
		}
		for i, v := range row {
			if weights[i] == 0 {
				continue
			}
			if way := s.distance[u] + 1/weights[i]; way < s.distance[v] {
				s.distance[v] = way
				s.heap.push(reach{way, v})
			}
		}
	}
	s.paths[source] = 1
	for _, u := range s.order {
		weights := s.g.Weights(u)
		for i, v := range s.g.Neighbours(u) {
			if weights[i] > 0 && s.tight(u, v, weights[i]) {
				s.paths[v] += s.paths[u]
			}
		}
	}
}

// reach is a node with a distance that it can be reached at.
type reach struct {
	distance float64
	node     uint32
}

func (r reach) before(other reach) bool {
	if r.distance != other.distance {
		return r.distance < other.distance
	}
	return r.node < other.node
}

// heap is a binary heap, the least first.
type heap []reach

func (h *heap) push(r reach) {
	*h = append(*h, r)
	list := *h
	for at := len(list) - 1; at > 0; {
		above := (at - 1) / 2
		if !list[at].before(list[above]) {
			break
		}
		list[at], list[above] = list[above], list[at]
		at = above
	}
}

func (h *heap) pop() reach {
	list := *h
	top := list[0]
	last := len(list) - 1
	list[0] = list[last]
	list = list[:last]
	*h = list
	for at := 0; ; {
		least := at
		for child := 2*at + 1; child <= 2*at+2 && child < last; child++ {
			if list[child].before(list[least]) {
				least = child
			}
		}
		if least == at {
			return top
		}
		list[at], list[least] = list[least], list[at]
		at = least
	}
}

package centrality

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"rummage/algo/csr"
)

// meeting is the memory of one worker that draws shortest paths without lengths: two searches, from either end, that go on step by step
// where fewer arcs are ahead until they meet (Borassi and Natale 2016). It looks at about the square root of all arcs. It works on the graph
// itself, not on its blocks: laying them out would take longer than all searches, and shortest paths do not leave a block.
type meeting struct {
	patient patient
	g       *csr.Graph
	origin  []uint32
	fault   error
	// mark tells the side that reached a node, in its lowest bit, and the number of steps, from 1; 0 is not reached.
	mark  []uint32
	paths []float64
	// reached lists the nodes of each side, ahead tells where those of the last step begin.
	reached [2][]uint32
	ahead   [2]int
	// joints are the arcs on which the sides meet, with the number of paths over each and before it.
	joints []joint
	// count tells how many of the paths drawn led through a node.
	count []uint32
}

type joint struct {
	near, far uint32
	paths     float64
}

func newMeeting(ctx context.Context, g *csr.Graph, origin []uint32) *meeting {
	n := g.Order()
	return &meeting{patient: patient{ctx: ctx}, g: g, origin: origin, mark: make([]uint32, n), paths: make([]float64, n), count: make([]uint32, n)}
}

func (m *meeting) counts() []uint32 { return m.count }

func (m *meeting) failed() error {
	if m.fault != nil {
		return m.fault
	}
	return m.patient.err
}

// row returns the row of a node that leads away from the end of a side.
func (m *meeting) row(side int, u uint32) []uint32 {
	if side == 0 {
		return m.g.Neighbours(u)
	}
	return m.g.InNeighbours(u)
}

// draw counts the nodes within one shortest path between those of two slots, each path as likely, if there is one.
func (m *meeting) draw(source, target uint32, random *rand.Rand) {
	if m.fault != nil || m.patient.err != nil {
		return
	}
	source, target = m.origin[source], m.origin[target]
	work := [2]int{m.g.Degree(source), m.g.InDegree(target)}
	for side, end := range [2]uint32{source, target} {
		m.mark[end], m.paths[end] = 2|uint32(side), 1
		m.reached[side], m.ahead[side] = append(m.reached[side][:0], end), 0
	}
	m.joints = m.joints[:0]
	for len(m.joints) == 0 {
		side := 0
		if work[1] < work[0] {
			side = 1
		}
		if m.ahead[side] == len(m.reached[side]) || m.patient.tired(work[side]) {
			break
		}
		work[side] = m.step(side)
	}
	if len(m.joints) > 0 {
		m.follow(source, target, random)
	}
	for side := range m.reached {
		for _, u := range m.reached[side] {
			m.mark[u] = 0
		}
	}
}

// step goes on by one step from one side and returns the number of arcs ahead of it then.
func (m *meeting) step(side int) int {
	mark, paths := m.mark, m.paths
	reached := m.reached[side]
	from, to := m.ahead[side], len(reached)
	next := mark[reached[from]] + 2
	work, total := 0, 0.0
	for _, u := range reached[from:to] {
		count := paths[u]
		for _, v := range m.row(side, u) {
			switch is := mark[v]; {
			case is == next:
				paths[v] += count
			case is == 0:
				if total == 0 {
					mark[v], paths[v] = next, count
					reached = append(reached, v)
					work += len(m.row(side, v))
				}
			case is&1 != uint32(side):
				// It is of the last step of the other side: otherwise they would have met before.
				total += count * paths[v]
				m.joints = append(m.joints, joint{u, v, total})
			}
		}
	}
	m.reached[side], m.ahead[side] = reached, to
	return work
}

// follow draws one of the paths over the joints.
func (m *meeting) follow(source, target uint32, random *rand.Rand) {
	total := m.joints[len(m.joints)-1].paths
	if total > math.MaxFloat64 {
		m.fault = fmt.Errorf("%w: from node %d to node %d", ErrPaths, source, target)
		return
	}
	at := random.Float64() * total
	lo, hi := 0, len(m.joints)-1
	for lo < hi {
		if mid := (lo + hi) / 2; m.joints[mid].paths > at {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	m.back(m.joints[lo].near, random)
	m.back(m.joints[lo].far, random)
}

// back goes back from u to the end that it was reached from and counts what it passes, u included and the end not.
func (m *meeting) back(u uint32, random *rand.Rand) {
	side := int(m.mark[u] & 1)
	for m.mark[u] > 3 {
		m.count[u]++
		before := m.mark[u] - 2
		at := random.Float64() * m.paths[u]
		chosen := u
		for _, v := range m.row(1-side, u) {
			if m.mark[v] != before {
				continue
			}
			chosen = v
			if at -= m.paths[v]; at < 0 {
				break
			}
		}
		u = chosen
	}
}

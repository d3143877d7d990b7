package picture

import (
	"context"
	"math"
)

// Parts up to these sizes are untangled; a larger one would take seconds.
const (
	mostTangled = 120
	mostStrands = 400
)

// What a place costs: a crossing of two links, a link through a node or its label, and links longer or shorter than they should be.
const (
	costCrossing = 10.0
	costThrough  = 12.0
	costLength   = 2.0
)

// around are the directions in which a node is tried, in units of a step.
var around = []Point{{1, 0}, {0.71, 0.71}, {0, 1}, {-0.71, 0.71}, {-1, 0}, {-0.71, -0.71}, {0, -1}, {0.71, -0.71}}

// tangle is a part whose nodes are moved and swapped while that takes crossings away.
type tangle struct {
	*sketch
	*part
	links   [][2]int
	incides [][]int
	ideal   []float64 // of links
	changes int       // so far
	known   []costs   // of nodes
}

// costs is what the place of a node costed after so many changes.
type costs struct {
	after int
	cost  float64
}

// standing is the cost of a node where it is, counted once for as long as nothing changes.
func (t *tangle) standing(v int) float64 {
	if t.known[v].after != t.changes {
		t.known[v] = costs{t.changes, t.cost(v, math.Inf(1))}
	}
	return t.known[v].cost
}

// untangle tries every node elsewhere, and in the place of every other, and keeps what costs less, until nothing does.
func (s *sketch) untangle(ctx context.Context, c *part, g *gauge) error {
	if len(c.nodes) < 4 || len(c.nodes) > mostTangled || len(g.links) > mostStrands {
		return nil
	}
	t := &tangle{sketch: s, part: c, links: g.links, incides: make([][]int, len(c.nodes)), ideal: make([]float64, len(g.links)), changes: 1, known: make([]costs, len(c.nodes))}
	for i, l := range t.links {
		t.incides[l[0]] = append(t.incides[l[0]], i)
		t.incides[l[1]] = append(t.incides[l[1]], i)
		t.ideal[i] = distance(c.at[l[0]], c.at[l[1]])
	}
	const rounds = 12
	for range rounds {
		better := false
		for v := range c.nodes {
			if err := ctx.Err(); err != nil {
				return err
			}
			better = t.move(v) || better
			better = t.swap(v) || better
		}
		if !better {
			return nil
		}
	}
	return nil
}

func distance(p, q Point) float64 {
	dx, dy := p.X-q.X, p.Y-q.Y
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}

// move tries a node at places around its own, and around the middle of its neighbours.
func (t *tangle) move(v int) bool {
	from, now := t.at[v], t.standing(v)
	if now < costLength {
		return false
	}
	best, cheapest := from, now
	var middle Point
	for _, i := range t.incides[v] {
		other := t.at[t.links[i][0]+t.links[i][1]-v]
		middle.X, middle.Y = middle.X+other.X, middle.Y+other.Y
	}
	n := float64(max(1, len(t.incides[v])))
	middle = Point{middle.X / n, middle.Y / n}
	for _, centre := range []Point{from, middle} {
		for _, step := range []float64{50, 110, 190} {
			for _, d := range around {
				t.at[v] = Point{rounded(centre.X + float64(d.X*step)), rounded(centre.Y + float64(d.Y*step))}
				if !t.free(v) {
					continue
				}
				if cost := t.cost(v, cheapest); cost < cheapest-0.01 {
					best, cheapest = t.at[v], cost
				}
			}
		}
	}
	t.at[v] = best
	if cheapest < now {
		t.changes++
	}
	return cheapest < now
}

// swap tries a node in the place of every other.
func (t *tangle) swap(v int) bool {
	now := t.standing(v)
	if now < costCrossing {
		return false
	}
	done := false
	for w := range t.nodes {
		if w == v {
			continue
		}
		t.at[v], t.at[w] = t.at[w], t.at[v]
		if t.free(v) && t.free(w) { // which is asked first, as it is cheap
			t.at[v], t.at[w] = t.at[w], t.at[v]
			before := now + t.standing(w)
			t.at[v], t.at[w] = t.at[w], t.at[v]
			if fresh := t.cost(v, before); fresh+t.cost(w, before-fresh) < before-0.01 {
				done, now = true, fresh
				t.changes++
				continue
			}
		}
		t.at[v], t.at[w] = t.at[w], t.at[v]
	}
	return done
}

// free tells whether a node overlaps no other.
func (t *tangle) free(v int) bool {
	for w := range t.nodes {
		if w == v {
			continue
		}
		if x, y := t.overlap(t.nodes[v], t.nodes[w], t.at[v], t.at[w]); x > 0 && y > 0 {
			return false
		}
	}
	return true
}

// cost is what the place of a node costs. Above most it is not counted on.
func (t *tangle) cost(v int, most float64) float64 {
	total := 0.0
	for _, i := range t.incides[v] {
		a, b := t.links[i][0], t.links[i][1]
		p, q := t.at[a], t.at[b]
		for j, other := range t.links {
			if j != i && apartFrom(other, a, b) && crosses(p, q, t.at[other[0]], t.at[other[1]]) {
				if total += costCrossing; total > most {
					return total
				}
			}
		}
		for w := range t.nodes {
			if w != a && w != b && t.through(p, q, w) {
				if total += costThrough; total > most {
					return total
				}
			}
		}
		stretched := distance(p, q)/t.ideal[i] - 1
		if total += float64(costLength * float64(stretched*stretched)); total > most {
			return total
		}
	}
	for _, other := range t.links {
		if apartFrom(other, v, v) && t.through(t.at[other[0]], t.at[other[1]], v) {
			total += costThrough
		}
	}
	return total
}

func apartFrom(link [2]int, a, b int) bool {
	return link[0] != a && link[0] != b && link[1] != a && link[1] != b
}

// through tells whether a line passes through the box of a node.
func (t *tangle) through(p, q Point, w int) bool {
	b, at := t.boxes[t.nodes[w]], t.at[w]
	return cuts(p, q, box{at.X - b.left, at.Y - b.up, at.X + b.right, at.Y + b.down})
}

// side is positive where r lies to the left of the way from p to q, negative to the right.
func side(p, q, r Point) float64 {
	return float64((q.X-p.X)*(r.Y-p.Y)) - float64((q.Y-p.Y)*(r.X-p.X))
}

// crosses tells whether two lines that share no end cross. Most are beside or above each other, which is seen without arithmetic.
func crosses(p, q, r, s Point) bool {
	if max(p.X, q.X) < min(r.X, s.X) || max(r.X, s.X) < min(p.X, q.X) || max(p.Y, q.Y) < min(r.Y, s.Y) || max(r.Y, s.Y) < min(p.Y, q.Y) {
		return false
	}
	return side(p, q, r)*side(p, q, s) < 0 && side(r, s, p)*side(r, s, q) < 0
}

// cuts tells whether a line passes through a rectangle (Liang and Barsky 1984).
func cuts(p, q Point, b box) bool {
	if max(p.X, q.X) < b.left || b.right < min(p.X, q.X) || max(p.Y, q.Y) < b.up || b.down < min(p.Y, q.Y) {
		return false
	}
	from, to := 0.0, 1.0
	dx, dy := q.X-p.X, q.Y-p.Y
	for _, edge := range [4][2]float64{{-dx, p.X - b.left}, {dx, b.right - p.X}, {-dy, p.Y - b.up}, {dy, b.down - p.Y}} {
		switch {
		case edge[0] == 0:
			if edge[1] < 0 {
				return false
			}
		case edge[0] < 0:
			from = max(from, edge[1]/edge[0])
		default:
			to = min(to, edge[1]/edge[0])
		}
	}
	return from < to
}

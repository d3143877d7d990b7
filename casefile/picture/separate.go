package picture

import (
	"cmp"
	"context"
	"slices"
)

// gap is what stays free between two boxes.
const gap = 4.0

// overlap says how far two nodes at two places reach into each other, along both axes; nothing where either is 0 or less.
func (s *sketch) overlap(a, b int, p, q Point) (x, y float64) {
	ba, bb := s.boxes[a], s.boxes[b]
	x = min(p.X+ba.right, q.X+bb.right) - max(p.X-ba.left, q.X-bb.left) + gap
	y = min(p.Y+ba.down, q.Y+bb.down) - max(p.Y-ba.up, q.Y-bb.up) + gap
	return x, y
}

// separate moves apart what overlaps, along the shorter way out, and stretches all of it where that does not come to an end.
func (s *sketch) separate(ctx context.Context, c *part) error {
	for round := 0; ; round++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !s.shove(c) {
			return nil
		}
		if round%20 == 19 {
			for i, p := range c.at {
				c.at[i] = Point{float64(p.X * 1.06), float64(p.Y * 1.06)}
			}
		}
	}
}

// shove moves every two that overlap, and says whether there were any. Nodes are taken from the left to the right, and each is compared with
// those that reach into it.
func (s *sketch) shove(c *part) bool {
	order := make([]int, len(c.nodes))
	widest := 0.0
	for i, n := range c.nodes {
		order[i] = i
		widest = max(widest, s.boxes[n].left+s.boxes[n].right)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(c.at[a].X, c.at[b].X), cmp.Compare(a, b)) })
	moved := false
	for i, a := range order {
		for _, b := range order[i+1:] {
			if c.at[b].X-c.at[a].X > widest+gap {
				break
			}
			x, y := s.overlap(c.nodes[a], c.nodes[b], c.at[a], c.at[b])
			if x <= 0 || y <= 0 {
				continue
			}
			moved = true
			p, q := &c.at[a], &c.at[b]
			if x < y {
				half := x/2 + 0.5
				if p.X > q.X || p.X == q.X && a > b {
					half = -half
				}
				p.X, q.X = p.X-half, q.X+half
				continue
			}
			half := y/2 + 0.5
			if p.Y > q.Y || p.Y == q.Y && a > b {
				half = -half
			}
			p.Y, q.Y = p.Y-half, q.Y+half
		}
	}
	return moved
}

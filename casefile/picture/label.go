package picture

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/typeface"
)

// Sizes of what is written beside nodes.
const (
	textSize  = 11.0
	lineHigh  = 13.0
	textWide  = 132.0 // of one line at most
	countSize = 9.0
	countHigh = 11.0
	rings     = 60 // further out than that no label is taken
)

// lines break a label into two at most; what does not fit ends in an ellipsis, and stands whole in the tables.
func lines(n *Node) []string {
	all := wrapped(typeface.Shown(n.Label), textWide)
	if len(all) == 0 || all[0] == "" {
		return nil
	}
	if len(all) > 2 {
		all = all[:2]
		all[1] += " …"
	}
	for i := range all {
		all[i] = typeface.Cut(all[i], textWide, textSize)
	}
	return all
}

// wrapped breaks a text at blanks into lines of a width.
func wrapped(text string, wide float64) []string {
	var all []string
	line := ""
	for _, w := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + w)
		if line != "" && typeface.Width(longer, textSize) > wide {
			all = append(all, line)
			longer = w
		}
		line = longer
	}
	return append(all, line)
}

func extent(lines []string) (w, h float64) {
	for _, l := range lines {
		w = max(w, typeface.Width(l, textSize))
	}
	return rounded(w), lineHigh * float64(len(lines))
}

// paper knows what of the sheet is taken, by cells.
type paper struct {
	cells map[[2]int][]int
	boxes []box // left, up, right, down
}

const cell = 48.0

func (p *paper) over(b box, do func(at [2]int)) {
	for x := int(b.left / cell); x <= int(b.right/cell); x++ {
		for y := int(b.up / cell); y <= int(b.down/cell); y++ {
			do([2]int{x, y})
		}
	}
}

func (p *paper) take(b box) int {
	p.boxes = append(p.boxes, b)
	p.over(b, func(at [2]int) { p.cells[at] = append(p.cells[at], len(p.boxes)-1) })
	return len(p.boxes) - 1
}

// meets lists what a rectangle overlaps; a box may come twice.
func (p *paper) meets(b box, do func(i int)) {
	p.over(b, func(at [2]int) {
		for _, i := range p.cells[at] {
			if o := p.boxes[i]; b.left < o.right && o.left < b.right && b.up < o.down && o.up < b.down {
				do(i)
			}
		}
	})
}

func (p *paper) free(b box, but int) bool {
	free := true
	p.meets(b, func(i int) { free = free && i == but })
	return free
}

// label finds room for what is written: first beside those that matter most. In a picture of up to small nodes each has its room under it,
// which others keep clear of as long as they can; in a larger one a label without room is left out.
func (s *sketch) label() {
	taken := &paper{cells: map[[2]int][]int{}}
	for i, at := range s.Places {
		r := s.radii[i] + 2
		taken.take(box{at.X - r, at.Y - r, at.X + r, at.Y + r})
	}
	order := make([]int, len(s.Nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &s.Nodes[a], &s.Nodes[b]
		return cmp.Or(order2(y.Chosen, x.Chosen), cmp.Compare(min(y.Hits, 1), min(x.Hits, 1)), cmp.Compare(len(s.near[b]), len(s.near[a])))
	})
	kept := &paper{cells: map[[2]int][]int{}}
	if !s.crowded {
		for i, at := range s.Places {
			b := s.boxes[i]
			kept.take(box{at.X - b.left, at.Y - b.up, at.X + b.right, at.Y + b.down})
		}
	}
	for _, i := range order {
		l := Label{Node: i, Lines: lines(&s.Nodes[i])}
		if len(l.Lines) == 0 {
			continue
		}
		l.W, l.H = extent(l.Lines)
		if !s.room(&l, taken, kept) {
			s.Unlabelled++
			continue
		}
		taken.take(box{l.X, l.Y, l.X + l.W, l.Y + l.H})
		s.Labels = append(s.Labels, l)
	}
	slices.SortFunc(s.Labels, func(a, b Label) int { return cmp.Compare(a.Node, b.Node) })
	if !s.crowded {
		s.count(taken)
	}
}

func order2(a, b bool) int { return order(a) - order(b) }

// sides are where a label is tried beside a node: below, above, right, left, and between these. Of each the shift of its middle, in half
// widths and heights of the label beyond the node.
var sides = []Point{{0, 1}, {0, -1}, {1, 0}, {-1, 0}, {0.8, 1}, {-0.8, 1}, {0.8, -1}, {-0.8, -1}}

// room finds the place of a label that costs least: links that it covers, room of others that it takes.
func (s *sketch) room(l *Label, taken, kept *paper) bool {
	at, r := s.Places[l.Node], s.radii[l.Node]+3
	cheapest := -1.0
	for i, d := range sides {
		middle := Point{at.X + float64(d.X*(r+l.W/2)), at.Y + float64(d.Y*(r+l.H/2))}
		b := box{middle.X - l.W/2, middle.Y - l.H/2, middle.X + l.W/2, middle.Y + l.H/2}
		if !taken.free(b, -1) {
			continue
		}
		cost := float64(float64(i) * 0.3)
		if !s.crowded {
			kept.meets(b, func(other int) {
				if other != l.Node {
					cost += 6
				}
			})
			cost += float64(s.covered(b, l.Node))
		}
		if cheapest < 0 || cost < cheapest {
			cheapest, l.X, l.Y = cost, rounded(b.left), rounded(b.up)
		}
	}
	if cheapest >= 0 || s.crowded {
		return cheapest >= 0
	}
	for ring := 1; ring <= rings; ring++ {
		for _, d := range around {
			far := r + float64(float64(ring)*14)
			middle := Point{at.X + float64(d.X*(far+l.W/2)), at.Y + float64(d.Y*(far+l.H/2))}
			if b := (box{middle.X - l.W/2, middle.Y - l.H/2, middle.X + l.W/2, middle.Y + l.H/2}); taken.free(b, -1) {
				l.X, l.Y, l.Far = rounded(b.left), rounded(b.up), true
				return true
			}
		}
	}
	return false
}

// covered counts the links that pass under a rectangle.
func (s *sketch) covered(b box, but int) int {
	n := 0
	for i := range s.Links {
		l := &s.Links[i]
		if cuts(s.Places[l.From], s.Places[l.To], b) {
			n++
			if l.From != but && l.To != but {
				n++
			}
		}
	}
	return n
}

// count writes on links how many records they stand for, where that is more than one and there is room.
func (s *sketch) count(taken *paper) {
	for i := range s.Links {
		l := &s.Links[i]
		if l.N < 2 {
			continue
		}
		text := strconv.Itoa(l.N)
		w := rounded(typeface.Width(text, countSize))
		p, q := s.Places[l.From], s.Places[l.To]
		for _, t := range []float64{0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73} {
			x, y := p.X+float64((q.X-p.X)*t), p.Y+float64((q.Y-p.Y)*t)
			b := box{x - w/2 - 2, y - countHigh/2, x + w/2 + 2, y + countHigh/2}
			if taken.free(b, -1) && s.covered(b, -1) <= 2 {
				taken.take(b)
				s.Counts = append(s.Counts, Label{Node: i, Lines: []string{text}, X: rounded(b.left), Y: rounded(b.up), W: w + 4, H: countHigh})
				break
			}
		}
	}
}

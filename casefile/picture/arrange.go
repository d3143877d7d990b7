package picture

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Picture is a drawing with a place for everything. Places and sizes are in pixels of 1/96 inch, from the upper left.
type Picture struct {
	*Drawing
	Width, Height float64
	Places        []Point // beside Nodes
	Labels        []Label // of those nodes that have room for one
	Counts        []Label // numbers on links; Node is the place in Links
	// Unlabelled are nodes whose label found no room.
	Unlabelled int

	radii []float64
}

// Point is a place.
type Point struct{ X, Y float64 }

// Label is what is written beside a node, its upper left corner and size.
type Label struct {
	Node       int
	Lines      []string
	X, Y, W, H float64
	Far        bool // a thin line leads to it
}

// Sizes of a picture.
const (
	small     = 150  // nodes up to which every label has its room
	unit      = 42.0 // half of the length of a plain link
	dense     = 24.0 // the same in pictures of more nodes
	margin    = 24.0
	apart     = 36.0 // between parts that nothing joins
	least     = 640.0
	roundings = 100.0
)

// Arrange places nodes so that their distance on paper is that in the graph, as far as it goes (stress majorisation by stochastic gradient
// descent; Zheng, Pawar and Goodman, 2018), then moves apart what overlaps, turns what crosses, and finds room for the labels. Cost: all
// shortest paths, and some passes over every two nodes; 2,000 nodes take about a second. Error: that of the context.
func Arrange(ctx context.Context, d *Drawing) (*Picture, error) {
	p := &Picture{Drawing: d, Places: make([]Point, len(d.Nodes)), radii: make([]float64, len(d.Nodes))}
	style := Styles()
	for i := range d.Nodes {
		p.radii[i] = style.kind(d.Nodes[i].Kind).Size
		if d.Nodes[i].Chosen {
			p.radii[i] += 2
		}
	}
	s := newSketch(p)
	var parts []*part
	for _, nodes := range s.components() {
		c, err := s.part(ctx, nodes)
		if err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
		parts = append(parts, c)
	}
	p.pack(parts)
	for i := range p.Places {
		p.Places[i] = Point{rounded(p.Places[i].X), rounded(p.Places[i].Y)}
	}
	s.label()
	p.frame()
	return p, nil
}

func rounded(v float64) float64 { return math.Round(v*roundings) / roundings }

// sketch is a picture in the making.
type sketch struct {
	*Picture
	near    [][]int // nodes beside a node, ascending
	incides [][]int // links of a node
	boxes   []box   // what a node takes up, its label under it included where every label has room; from its centre
	crowded bool
}

// box is a rectangle around a place.
type box struct{ left, up, right, down float64 }

func newSketch(p *Picture) *sketch {
	s := &sketch{Picture: p, near: make([][]int, len(p.Nodes)), incides: make([][]int, len(p.Nodes)), boxes: make([]box, len(p.Nodes)),
		crowded: len(p.Nodes) > small}
	for i := range p.Links {
		l := &p.Links[i]
		s.near[l.From] = append(s.near[l.From], l.To)
		s.near[l.To] = append(s.near[l.To], l.From)
		s.incides[l.From] = append(s.incides[l.From], i)
		s.incides[l.To] = append(s.incides[l.To], i)
	}
	for i := range p.Nodes {
		slices.Sort(s.near[i])
		r := p.radii[i] + 4
		b := box{r, r, r, r}
		if !s.crowded {
			w, h := extent(lines(&p.Nodes[i]))
			b.left, b.right, b.down = max(r, w/2+3), max(r, w/2+3), r+h+2
		}
		s.boxes[i] = b
	}
	return s
}

// components are the parts that nothing joins, the largest first.
func (s *sketch) components() [][]int {
	seen := make([]bool, len(s.Nodes))
	var all [][]int
	for i := range s.Nodes {
		if seen[i] {
			continue
		}
		seen[i] = true
		part := []int{i}
		for at := 0; at < len(part); at++ {
			for _, n := range s.near[part[at]] {
				if !seen[n] {
					seen[n] = true
					part = append(part, n)
				}
			}
		}
		slices.Sort(part)
		all = append(all, part)
	}
	slices.SortStableFunc(all, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return all
}

// part is a component, placed around its own origin.
type part struct {
	nodes []int
	at    []Point // beside nodes
	box   box
}

// part places a component. Error: that of the context, which is asked at every pass.
func (s *sketch) part(ctx context.Context, nodes []int) (*part, error) {
	c := &part{nodes: nodes, at: make([]Point, len(nodes))}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(nodes) > 1 {
		g := s.gauge(nodes)
		if err := g.descend(ctx, c.at); err != nil {
			return nil, err
		}
		scale := unit
		if s.crowded {
			scale = dense
		}
		for i := range c.at {
			c.at[i] = Point{float64(c.at[i].X * scale), float64(c.at[i].Y * scale)}
		}
		c.lie()
		if err := s.separate(ctx, c); err != nil {
			return nil, err
		}
		if err := s.untangle(ctx, c, g); err != nil {
			return nil, err
		}
	}
	c.box = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i, n := range nodes {
		b := s.boxes[n]
		c.box = box{min(c.box.left, c.at[i].X-b.left), min(c.box.up, c.at[i].Y-b.up), max(c.box.right, c.at[i].X+b.right), max(c.box.down, c.at[i].Y+b.down)}
	}
	return c, nil
}

// lie turns a part so that its long side lies level, as a page does that is turned.
func (c *part) lie() {
	var x, y float64
	for _, p := range c.at {
		x, y = x+p.X, y+p.Y
	}
	n := float64(len(c.at))
	x, y = x/n, y/n
	var xx, xy, yy float64
	for i := range c.at {
		p := Point{c.at[i].X - x, c.at[i].Y - y}
		c.at[i] = p
		xx, xy, yy = xx+float64(p.X*p.X), xy+float64(p.X*p.Y), yy+float64(p.Y*p.Y)
	}
	// The longer axis of the ellipse around the points: of [xx xy; xy yy] the eigenvector of the larger eigenvalue.
	half := (xx - yy) / 2
	root := math.Sqrt(float64(half*half) + float64(xy*xy))
	ax, ay := half+root, xy
	if length := math.Sqrt(float64(ax*ax) + float64(ay*ay)); length > 1e-9 {
		ax, ay = ax/length, ay/length
		for i, p := range c.at {
			c.at[i] = Point{float64(p.X*ax) + float64(p.Y*ay), float64(p.Y*ax) - float64(p.X*ay)}
		}
	}
}

// pack sets the parts in rows, on a sheet about as wide as one turned on its side.
func (p *Picture) pack(parts []*part) {
	area, widest := 0.0, 0.0
	for _, c := range parts {
		w, h := c.box.right-c.box.left+apart, c.box.down-c.box.up+apart
		area, widest = area+float64(w*h), max(widest, w)
	}
	wide := max(widest, math.Sqrt(float64(area*1.6)))
	x, y, tall := 0.0, 0.0, 0.0
	for _, c := range parts {
		w, h := c.box.right-c.box.left, c.box.down-c.box.up
		if x > 0 && x+w > wide {
			x, y, tall = 0, y+tall+apart, 0
		}
		for i, n := range c.nodes {
			p.Places[n] = Point{c.at[i].X - c.box.left + x, c.at[i].Y - c.box.up + y}
		}
		x, tall = x+w+apart, max(tall, h)
	}
}

// frame moves all of it into the sheet, below the title, and leaves room for the legend.
func (p *Picture) frame() {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	grow := func(left, up, right, down float64) {
		b = box{min(b.left, left), min(b.up, up), max(b.right, right), max(b.down, down)}
	}
	for i, at := range p.Places {
		r := p.radii[i] + 6
		grow(at.X-r, at.Y-r, at.X+r, at.Y+r)
	}
	for _, labels := range [][]Label{p.Labels, p.Counts} {
		for _, l := range labels {
			grow(l.X, l.Y, l.X+l.W, l.Y+l.H)
		}
	}
	if len(p.Places) == 0 {
		b = box{}
	}
	p.Width = math.Ceil(max(least, b.right-b.left+2*margin))
	dx, dy := rounded((p.Width-(b.right-b.left))/2-b.left), rounded(p.head()-b.up)
	for i := range p.Places {
		p.Places[i] = Point{rounded(p.Places[i].X + dx), rounded(p.Places[i].Y + dy)}
	}
	for _, labels := range [][]Label{p.Labels, p.Counts} {
		for i := range labels {
			labels[i].X, labels[i].Y = rounded(labels[i].X+dx), rounded(labels[i].Y+dy)
		}
	}
	p.Height = math.Ceil(b.down - b.up + p.head() + margin)
	p.Height += p.legend(nil)
}

// Radius is half the width of a node's sign.
func (p *Picture) Radius(i int) float64 { return p.radii[i] }

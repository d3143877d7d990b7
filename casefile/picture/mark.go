package picture

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/casefile/typeface"
)

// Mark is one thing to draw. Every output draws the same marks, in their order.
type Mark struct {
	Points []Point // of a line or polygon; of a circle its centre; of words the start of their baseline
	Radius float64 // of a circle; else 0
	Closed bool    // a polygon
	Fill   string  // "" for none; of words their colour
	Stroke string  // "" for none
	Width  float64
	Dash   float64
	Text   string // words; else ""
	Size   float64
	Wide   float64 // what the words take up
	Halo   bool    // a light edge around words, so that lines behind do not hurt
	Title  string  // what a pointer that rests on it is told; "" for none
}

const legendIn = 20.0 // height of a row of the legend

const (
	ink   = "#000000"
	faint = "#444444"
	white = "#ffffff"
)

// Marks lists all that is drawn: banner and title, links, nodes, labels, legend, banner.
func (p *Picture) Marks() []Mark {
	marks := []Mark{{Points: rectangle(0, 0, p.Width, p.Height), Closed: true, Fill: white}}
	marks = append(marks, p.banner(18)...)
	title := typeface.Cut(typeface.Shown(p.Title), p.Width-2*margin, 15)
	marks = append(marks, p.words(margin, 42, title, 15, ink))
	for i, line := range p.notes() {
		marks = append(marks, p.words(margin, 58+lineHigh*float64(i), line, textSize, faint))
	}
	for i := range p.Links {
		marks = append(marks, p.line(i)...)
	}
	for _, l := range p.Counts {
		marks = append(marks, Mark{Points: rectangle(l.X, l.Y, l.X+l.W, l.Y+l.H), Closed: true, Fill: white},
			p.words(l.X+2, l.Y+countHigh-2, l.Lines[0], countSize, ink))
	}
	for _, l := range p.Labels {
		if l.Far {
			at := p.Places[l.Node]
			near := Point{min(max(at.X, l.X), l.X+l.W), min(max(at.Y, l.Y), l.Y+l.H)}
			marks = append(marks, Mark{Points: []Point{at, near}, Stroke: "#888888", Width: 0.5})
		}
	}
	for i := range p.Nodes {
		marks = append(marks, p.sign(&p.Nodes[i], p.Places[i], p.radii[i], true)...)
	}
	for _, l := range p.Labels {
		marks = append(marks, p.label(&l)...)
	}
	p.legend(&marks)
	return append(marks, p.banner(p.Height-10)...)
}

// banner is the handling code, in the middle of the top and of the bottom.
func (p *Picture) banner(y float64) []Mark {
	if p.Handling == "" {
		return nil
	}
	w := typeface.Width(p.Handling, 12)
	return []Mark{p.words(rounded((p.Width-w)/2), y, p.Handling, 12, ink)}
}

// Said tells what is not in the picture, so that nobody takes it for all there is.
func (p *Picture) Said() string {
	var left []string
	for _, c := range p.LeftOut {
		left = append(left, counted(c.N, Styles().kind(c.Kind).Name))
	}
	var all []string
	if p.Folded > 0 {
		all = append(all, counted(p.Folded, "consignment")+" drawn as lines, numbers say how many")
	}
	if len(left) > 0 {
		all = append(all, "not drawn: "+strings.Join(left, ", "))
	}
	if p.Unlabelled > 0 {
		all = append(all, counted(p.Unlabelled, "label")+" without room")
	}
	return strings.Join(all, "; ")
}

// notes are what is said under the title, in lines.
func (p *Picture) notes() []string { return wrapped(p.Said(), p.Width-2*margin) }

// head is the height of what stands above the picture.
func (p *Picture) head() float64 { return 62 + lineHigh*float64(len(p.notes())) }

// counted is a number of things, in words that stay true for one.
func counted(n int, thing string) string {
	return strconv.Itoa(n) + " × " + thing
}

func (p *Picture) words(x, y float64, text string, size float64, colour string) Mark {
	return Mark{Points: []Point{{rounded(x), rounded(y)}}, Text: text, Size: size, Wide: rounded(typeface.Width(text, size)), Fill: colour}
}

func rectangle(left, up, right, down float64) []Point {
	return []Point{{left, up}, {right, up}, {right, down}, {left, down}}
}

// line draws a link: as wide as it has records, with its arrow; red beside where something was found in trade
// between its ends, but not where one end only serves, through whose hands much passes.
func (p *Picture) line(i int) []Mark {
	l := &p.Links[i]
	style := &Styles().Links[Styles().Link(l)]
	from, to := p.Places[l.From], p.Places[l.To]
	far := distance(from, to)
	if far < 1 {
		return nil
	}
	wide := l.Wide()
	ux, uy := (to.X-from.X)/far, (to.Y-from.Y)/far
	from = Point{rounded(from.X + ux*p.radii[l.From]), rounded(from.Y + uy*p.radii[l.From])}
	to = Point{rounded(to.X - ux*p.radii[l.To]), rounded(to.Y - uy*p.radii[l.To])}
	var marks []Mark
	if l.Hits > 0 && slices.Contains(l.Kinds, Trade) {
		marks = append(marks, Mark{Points: []Point{from, to}, Stroke: Styles().Hit.Colour, Width: wide + 3})
	}
	marks = append(marks, Mark{Points: []Point{from, to}, Stroke: style.Colour, Width: wide, Dash: style.Dash, Title: p.tells(l)})
	if style.Arrow && far > 30 {
		marks = append(marks, arrow(to, ux, uy, wide, style.Colour))
		if l.Both {
			marks = append(marks, arrow(from, -ux, -uy, wide, style.Colour))
		}
	}
	return marks
}

func arrow(at Point, ux, uy, wide float64, colour string) Mark {
	long, half := 6+wide, 3+wide/2
	return Mark{Closed: true, Fill: colour, Points: []Point{at,
		{rounded(at.X - ux*long - uy*half), rounded(at.Y - uy*long + ux*half)},
		{rounded(at.X - ux*long + uy*half), rounded(at.Y - uy*long - ux*half)}}}
}

// tells says in words what a link is.
func (p *Picture) tells(l *Link) string {
	text := fmt.Sprintf("%s – %s: %s, %d", typeface.Shown(p.Nodes[l.From].Label), typeface.Shown(p.Nodes[l.To].Label),
		strings.ReplaceAll(strings.Join(l.Kinds, ", "), "_", " "), l.N)
	if l.Hits > 0 {
		text += fmt.Sprintf(", %d of them hits", l.Hits)
	}
	if l.Start.String() != "" {
		text += fmt.Sprintf(", %s to %s", l.Start, l.End)
	}
	return text
}

// sign draws a node: its shape, a thick edge where it was asked for, a red cross where something was found, a bar where a list names it, and
// the letter of its role.
func (p *Picture) sign(n *Node, at Point, r float64, told bool) []Mark {
	style := Styles()
	kind := style.kind(n.Kind)
	m := shape(kind.Shape, at, r)
	m.Fill, m.Stroke, m.Width = kind.Fill, "#555555", 1
	if n.Chosen {
		m.Stroke, m.Width = style.Chosen.Colour, 2.5
	}
	if told {
		m.Title = typeface.Shown(string(n.ID))
	}
	marks := []Mark{m}
	if n.Hits > 0 {
		// In the upper right corner: a disc with a cross, which is told from the rest without colour too.
		c, k := Point{rounded(at.X + r*0.75), rounded(at.Y - r*0.75)}, 2.2
		marks = append(marks, Mark{Points: []Point{c}, Radius: 4.5, Fill: style.Hit.Colour, Stroke: white, Width: 1},
			Mark{Points: []Point{{c.X - k, c.Y - k}, {c.X + k, c.Y + k}}, Stroke: white, Width: 1.4},
			Mark{Points: []Point{{c.X - k, c.Y + k}, {c.X + k, c.Y - k}}, Stroke: white, Width: 1.4})
	}
	if n.Listed {
		marks = append(marks, Mark{Points: rectangle(at.X-r, at.Y-2, at.X+r, at.Y+2), Closed: true, Fill: style.Listed.Colour})
	}
	if letter := style.letter(n.Role); letter != "" {
		w := typeface.Width(letter, 11)
		marks = append(marks, p.words(at.X-w/2, at.Y+4, letter, 11, ink))
	}
	return marks
}

func (p *Picture) label(l *Label) []Mark {
	colour := faint
	if p.Nodes[l.Node].Chosen {
		colour = ink
	}
	var marks []Mark
	for i, text := range l.Lines {
		m := p.words(l.X, l.Y+lineHigh*float64(i+1)-3, text, textSize, colour)
		m.Points[0].X, m.Halo = rounded(l.X+(l.W-m.Wide)/2), true
		marks = append(marks, m)
	}
	return marks
}

func shape(name string, at Point, r float64) Mark {
	corners := Styles().Shapes[name]
	if len(corners) == 0 {
		return Mark{Points: []Point{at}, Radius: r}
	}
	m := Mark{Closed: true}
	for _, c := range corners {
		m.Points = append(m.Points, Point{rounded(at.X + float64(c[0]*r)), rounded(at.Y + float64(c[1]*r))})
	}
	return m
}

// entry is a part of the legend.
type entry struct {
	text string
	mark func(at Point) []Mark
}

// legend draws what the signs mean that occur, and returns its height. With nil it only measures.
func (p *Picture) legend(marks *[]Mark) float64 {
	x, y := margin, 0.0
	top := p.Height - margin
	rows := 1.0
	for i, e := range p.entries() {
		wide := 30 + typeface.Width(e.text, textSize) + 18
		if i > 0 && x+wide > p.Width-margin {
			x, y, rows = margin, y+legendIn, rows+1
		}
		if marks != nil {
			at := Point{rounded(x + 12), rounded(top - p.legendHigh() + y + legendIn/2)}
			*marks = append(append(*marks, e.mark(at)...), p.words(at.X+18, at.Y+4, e.text, textSize, ink))
		}
		x += wide
	}
	return rows*legendIn + 10
}

func (p *Picture) legendHigh() float64 { return p.legend(nil) - 10 }

func (p *Picture) entries() []entry {
	style := Styles()
	var all []entry
	seen := map[string]bool{}
	for i := range p.Nodes {
		n := &p.Nodes[i]
		seen["kind "+n.Kind], seen["role "+n.Role] = true, true
		seen["hit"], seen["listed"], seen["chosen"] = seen["hit"] || n.Hits > 0, seen["listed"] || n.Listed, seen["chosen"] || n.Chosen
	}
	sign := func(n Node) func(Point) []Mark {
		return func(at Point) []Mark { return p.sign(&n, at, 8, false) }
	}
	for _, k := range style.Kinds {
		if seen["kind "+k.Kind] {
			all = append(all, entry{k.Name, sign(Node{Kind: k.Kind})})
		}
	}
	party := style.Kinds[0].Kind
	if seen["chosen"] {
		all = append(all, entry{style.Chosen.Name, sign(Node{Kind: party, Chosen: true})})
	}
	if seen["hit"] {
		all = append(all, entry{style.Hit.Name, sign(Node{Kind: party, Hits: 1})})
	}
	if seen["listed"] {
		all = append(all, entry{style.Listed.Name, sign(Node{Kind: party, Listed: true})})
	}
	for _, r := range style.Roles {
		if seen["role "+r.Role] {
			all = append(all, entry{r.Role, sign(Node{Kind: party, Role: r.Role})})
		}
	}
	used := map[int]bool{}
	for i := range p.Links {
		used[style.Link(&p.Links[i])] = true
	}
	for i := range style.Links {
		if l := &style.Links[i]; used[i] {
			all = append(all, entry{l.Name, func(at Point) []Mark { return sample(l, at) }})
		}
	}
	return all
}

func sample(l *LinkStyle, at Point) []Mark {
	end := Point{at.X + 11, at.Y}
	marks := []Mark{{Points: []Point{{at.X - 11, at.Y}, end}, Stroke: l.Colour, Width: 1.6, Dash: l.Dash}}
	if l.Arrow {
		marks = append(marks, arrow(end, 1, 0, 1, l.Colour))
	}
	return marks
}

// Tells says in one line what a picture shows, for those who do not see it.
func (p *Picture) Tells() string {
	hits, chosen, consignments := 0, 0, 0
	for i := range p.Nodes {
		hits += min(p.Nodes[i].Hits, 1)
		chosen += order(p.Nodes[i].Chosen)
		if p.Nodes[i].Kind == subgraph.Consignment {
			consignments++
		}
	}
	return fmt.Sprintf("%d nodes, %d of them asked for, %d where something was found, %d links; %d consignments are nodes, %d are parts of lines",
		len(p.Nodes), chosen, hits, len(p.Links), consignments, p.Folded)
}

// number writes a coordinate, with two decimals at most.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*roundings)/roundings, 'f', -1, 64)
}

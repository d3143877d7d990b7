// Package chart draws lines over two axes as SVG: the same numbers, the same bytes.
//
// It must not know what the numbers are.
package chart

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// Series is one line of a plot, its points in ascending order of x. All numbers are positive, or 0 in a linear plot.
type Series struct {
	Name   string
	Dashed bool
	Points [][2]float64
}

// Plot is a picture with both axes in powers of ten, or both linear and from 0.
type Plot struct {
	Title, X, Y, Note string

	Linear bool
	// Groups have a colour each; the first series of a group gives its name to the legend.
	Groups [][]Series
}

// Sizes of the picture, and where its axes stand.
const (
	width, height         = 860, 460
	left, right           = 70, 600
	top, bottom           = 50, 400
	legendLeft, legendRow = 620, 22
)

// colours can be told apart by those who see red and green alike (Okabe and Ito 2008).
var colours = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"}

// frame turns numbers into places: powers of ten from x0 to x1 and y0 to y1, or tenfold steps of a linear axis.
type frame struct {
	x0, x1, y0, y1 int
	linear         bool
	step           [2]float64 // of a linear axis
}

func (f frame) at(v float64, axis, from, to int) float64 {
	if f.linear {
		return (v/f.step[axis] - float64(from)) / float64(to-from)
	}
	return (math.Log10(v) - float64(from)) / float64(to-from)
}

func (f frame) x(v float64) float64 { return left + f.at(v, 0, f.x0, f.x1)*(right-left) }
func (f frame) y(v float64) float64 { return bottom - f.at(v, 1, f.y0, f.y1)*(bottom-top) }

// value is the number at a mark of an axis, and how it is written.
func (f frame) value(axis, mark int) (float64, string) {
	if !f.linear {
		return math.Pow(10, float64(mark)), ""
	}
	v := float64(mark) * f.step[axis]
	return v, strconv.FormatFloat(math.Round(v*1e9)/1e9, 'f', -1, 64)
}

// frame is the least one of whole steps that holds all points; from 1 to 10, or from 0 to 1, when there are none.
func (p *Plot) frame() frame {
	least, most := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{}
	for _, group := range p.Groups {
		for _, s := range group {
			for _, point := range s.Points {
				for axis, v := range point {
					least[axis], most[axis] = min(least[axis], v), max(most[axis], v)
				}
			}
		}
	}
	f := frame{x1: 1, y1: 1, linear: p.Linear, step: [2]float64{1, 1}}
	switch {
	case p.Linear:
		f.x1, f.step[0] = steps(most[0])
		f.y1, f.step[1] = steps(most[1])
	case most[0] > 0:
		f.x0, f.x1 = decades(least[0], most[0])
		f.y0, f.y1 = decades(least[1], most[1])
	}
	return f
}

// steps cuts a linear axis from 0 into four to ten marks that are 1, 2 or 5 times a power of ten apart.
func steps(most float64) (marks int, apart float64) {
	if most <= 0 {
		return 1, 1
	}
	power := math.Pow(10, math.Floor(math.Log10(most))-1)
	for _, times := range []float64{1, 2, 5, 10, 20} {
		if n := math.Ceil(most/(times*power) - 1e-9); n <= 10 {
			return int(n), times * power
		}
	}
	return 10, most / 10
}

// SVG draws the plot. It has a white ground, so that it can be read on a dark page.
func (p *Plot) SVG() string {
	var text strings.Builder
	f := p.frame()
	fmt.Fprintf(&text, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n",
		width, height, width, height)
	fmt.Fprintf(&text, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, height)
	words(&text, left, 26, "start", p.Title)
	p.axes(&text, f)
	for i, group := range p.Groups {
		colour := colours[i%len(colours)]
		for _, s := range group {
			s.draw(&text, f, colour)
		}
		if len(group) > 0 {
			y := top + 10 + i*legendRow
			fmt.Fprintf(&text, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="%s" stroke-width="2"/>`+"\n", legendLeft, y, legendLeft+24, y, colour)
			words(&text, legendLeft+32, y+4, "start", group[0].Name)
		}
	}
	words(&text, legendLeft, top+10+len(p.Groups)*legendRow+8, "start", p.Note)
	text.WriteString("</svg>\n")
	return text.String()
}

// axes draws a line and a number for each mark.
func (p *Plot) axes(text *strings.Builder, f frame) {
	for e := f.x0; e <= f.x1; e++ {
		v, label := f.value(0, e)
		x := f.x(v)
		fmt.Fprintf(text, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#dddddd"/>`+"\n", x, top, x, bottom)
		mark(text, int(x), bottom+20, "middle", tick{e, label})
	}
	for e := f.y0; e <= f.y1; e++ {
		v, label := f.value(1, e)
		y := f.y(v)
		fmt.Fprintf(text, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#dddddd"/>`+"\n", left, y, right, y)
		mark(text, left-8, int(y)+4, "end", tick{e, label})
	}
	words(text, (left+right)/2, bottom+44, "middle", p.X)
	fmt.Fprintf(text, `<text transform="translate(20 %d) rotate(-90)" text-anchor="middle" fill="#000000">%s</text>`+"\n",
		(top+bottom)/2, html.EscapeString(p.Y))
}

func (s *Series) draw(text *strings.Builder, f frame, colour string) {
	if len(s.Points) == 0 {
		return
	}
	dash := ""
	if s.Dashed {
		dash = ` stroke-dasharray="5 4"`
	}
	places := make([]string, len(s.Points))
	for i, p := range s.Points {
		places[i] = fmt.Sprintf("%.1f,%.1f", f.x(p[0]), f.y(p[1]))
	}
	fmt.Fprintf(text, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"%s/>`+"\n", strings.Join(places, " "), colour, dash)
	for _, p := range s.Points {
		fmt.Fprintf(text, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", f.x(p[0]), f.y(p[1]), colour)
	}
}

// words writes text at a place.
func words(text *strings.Builder, x, y int, anchor, what string) {
	fmt.Fprintf(text, `<text x="%d" y="%d" text-anchor="%s" fill="#000000">%s</text>`+"\n", x, y, anchor, html.EscapeString(what))
}

// tick is what stands at a mark: a label, or where there is none a power of ten.
type tick struct {
	exponent int
	label    string
}

// mark writes a tick: 1 and 10 plainly.
func mark(text *strings.Builder, x, y int, anchor string, t tick) {
	switch {
	case t.label != "":
		words(text, x, y, anchor, t.label)
	case t.exponent == 0 || t.exponent == 1:
		words(text, x, y, anchor, []string{"1", "10"}[t.exponent])
	default:
		fmt.Fprintf(text, `<text x="%d" y="%d" text-anchor="%s" fill="#000000">10<tspan dy="-5" font-size="10">%d</tspan></text>`+"\n", x, y, anchor, t.exponent)
	}
}

// decades returns the powers of ten around the range of positive numbers, as exponents.
func decades(least, most float64) (from, to int) {
	from, to = int(math.Floor(math.Log10(least))), int(math.Ceil(math.Log10(most)))
	if from == to {
		to++
	}
	return from, to
}

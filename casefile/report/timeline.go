package report

import (
	"fmt"
	"strconv"
	"time"

	"rummage/casefile/picture"
	"rummage/casefile/subgraph"
	"rummage/casefile/typeface"
	"rummage/graph"
)

// bin is a month, or a year where there are too many months.
type bin struct {
	name   string
	n, hit int
}

// timeline draws how many consignments a month had, and in how many of them something was found; nil where no day is known.
func timeline(g *subgraph.Graph) *picture.Sheet {
	bins, undated := months(g)
	if len(bins) == 0 {
		return nil
	}
	const wide, high, left, foot = 960.0, 190.0, 40.0, 34.0
	most := 1
	for _, b := range bins {
		most = max(most, b.n)
	}
	d := &picture.Sheet{Width: wide, Height: high, Title: "timeline", Tells: fmt.Sprintf("consignments from %s to %s, at most %d in one; %d without a day",
		bins[0].name, bins[len(bins)-1].name, most, undated)}
	d.Marks = append(d.Marks, picture.Mark{Points: []picture.Point{{X: 0, Y: 0}, {X: wide, Y: 0}, {X: wide, Y: high}, {X: 0, Y: high}}, Closed: true, Fill: "#ffffff"})
	ground := high - foot
	words := func(x, y float64, text string) {
		d.Marks = append(d.Marks, picture.Mark{Points: []picture.Point{{X: x, Y: y}}, Text: text, Size: 10, Wide: typeface.Width(text, 10), Fill: "#000000"})
	}
	step := (wide - left - 10) / float64(len(bins))
	every := max(1, (len(bins)*52+int(wide)-1)/int(wide))
	for i, b := range bins {
		x := left + float64(float64(i)*step)
		bar := func(n int, colour string, inset float64) {
			if n > 0 {
				top := ground - float64(float64(n)/float64(most)*(ground-20))
				d.Marks = append(d.Marks, picture.Mark{Closed: true, Fill: colour, Stroke: "#333333", Width: 0.5, Points: []picture.Point{
					{X: x + inset, Y: ground}, {X: x + inset, Y: top}, {X: x + step - inset, Y: top}, {X: x + step - inset, Y: ground}}})
			}
		}
		bar(b.n, "#9ecae9", min(2, step/8))
		bar(b.hit, picture.Styles().Hit.Colour, step/3)
		if i%every == 0 {
			words(x, ground+13, b.name)
		}
	}
	words(4, 24, strconv.Itoa(most))
	words(4, ground, "0")
	d.Marks = append(d.Marks, picture.Mark{Points: []picture.Point{{X: left, Y: ground}, {X: wide - 10, Y: ground}}, Stroke: "#000000", Width: 1})
	words(left, high-6, "light: consignments; narrow and dark: those in which something was found; without a day: "+strconv.Itoa(undated))
	return d
}

// months counts consignments by month of their first day, gaps included.
func months(g *subgraph.Graph) (bins []bin, undated int) {
	var first, last graph.Date
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind != subgraph.Consignment {
			continue
		}
		if n.Start == graph.NoDate {
			undated++
			continue
		}
		if first == graph.NoDate || n.Start < first {
			first = n.Start
		}
		last = max(last, n.Start)
	}
	if first == graph.NoDate {
		return nil, undated
	}
	const mostMonths = 120
	layout, years := "2006-01", 0
	from := first.Time()
	start := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	if int(last-first) > mostMonths*31 {
		layout, years = "2006", 1
		start = time.Date(from.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	place := map[string]int{}
	for t := start; graph.DateOf(t) <= last; t = t.AddDate(years, 1-years, 0) {
		if name := t.Format(layout); len(bins) == 0 || bins[len(bins)-1].name != name {
			place[name] = len(bins)
			bins = append(bins, bin{name: name})
		}
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind != subgraph.Consignment || n.Start == graph.NoDate {
			continue
		}
		at, known := place[n.Start.Time().Format(layout)]
		if !known {
			continue
		}
		bins[at].n++
		if hits, _ := n.Outcomes(); hits > 0 {
			bins[at].hit++
		}
	}
	return bins, undated
}

package picture

import (
	"math"
	"slices"
)

// Measures say how well a picture can be read.
type Measures struct {
	Nodes int `json:"nodes"`
	Links int `json:"links"`
	// Overlaps are pairs of labels, or of a label and a node, that cover each other.
	Overlaps int `json:"overlaps"`
	// Crossings are pairs of links without a common end that cross.
	Crossings int `json:"crossings"`
	// Crossable are pairs of links without a common end: what all crossings would be.
	Crossable int `json:"crossable"`
	// Stress is the mean over every two joined nodes of the square by which their distance on paper, scaled as well as it can be, misses
	// that in the graph, as a part of the latter.
	Stress     float64 `json:"stress"`
	Unlabelled int     `json:"unlabelled"`
}

// Measure says so of a picture. Cost: all shortest paths, and every two links that lie side by side.
func (p *Picture) Measure() Measures {
	s := newSketch(p)
	m := Measures{Nodes: len(s.Nodes), Links: len(s.Links), Overlaps: s.overlaps(), Unlabelled: s.Unlabelled}
	m.Crossings, m.Crossable = s.crossings()
	m.Stress = s.stress()
	return m
}

// overlaps counts what covers each other, of labels and nodes.
func (s *sketch) overlaps() int {
	all := &paper{cells: map[[2]int][]int{}}
	for i, at := range s.Places {
		r := s.radii[i]
		all.take(box{at.X - r, at.Y - r, at.X + r, at.Y + r})
	}
	pairs := map[[2]int]bool{}
	for _, labels := range [][]Label{s.Labels, s.Counts} {
		for _, l := range labels {
			b := box{l.X, l.Y, l.X + l.W, l.Y + l.H}
			all.meets(b, func(i int) { pairs[[2]int{i, len(all.boxes)}] = true })
			all.take(b)
		}
	}
	return len(pairs)
}

// crossings sweeps over the links from the left to the right.
func (s *sketch) crossings() (crossing, possible int) {
	order := make([]int, len(s.Links))
	for i := range order {
		order[i] = i
	}
	left := func(i int) float64 { return min(s.Places[s.Links[i].From].X, s.Places[s.Links[i].To].X) }
	right := func(i int) float64 { return max(s.Places[s.Links[i].From].X, s.Places[s.Links[i].To].X) }
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := left(a), left(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	possible = len(s.Links) * (len(s.Links) - 1) / 2
	for i := range s.Nodes {
		k := len(s.near[i])
		possible -= k * (k - 1) / 2
	}
	for i, a := range order {
		end, l := right(a), &s.Links[a]
		for _, b := range order[i+1:] {
			if left(b) > end {
				break
			}
			m := &s.Links[b]
			if apartFrom([2]int{m.From, m.To}, l.From, l.To) && crosses(s.Places[l.From], s.Places[l.To], s.Places[m.From], s.Places[m.To]) {
				crossing++
			}
		}
	}
	return crossing, possible
}

// stress is that of the parts, each scaled as well as it can be.
func (s *sketch) stress() float64 {
	sum, n := 0.0, 0
	for _, nodes := range s.components() {
		g := s.gauge(nodes)
		top, bottom := 0.0, 0.0
		ratios := make([]float64, len(g.pairs))
		for i, p := range g.pairs {
			ratios[i] = distance(s.Places[nodes[p.a]], s.Places[nodes[p.b]]) / float64(p.far)
			top, bottom = top+ratios[i], bottom+float64(ratios[i]*ratios[i])
		}
		if bottom == 0 {
			continue
		}
		scale := top / bottom
		for _, r := range ratios {
			miss := float64(r*scale) - 1
			sum, n = sum+float64(miss*miss), n+1
		}
	}
	if n == 0 {
		return 0
	}
	return math.Round(sum/float64(n)*1e4) / 1e4
}

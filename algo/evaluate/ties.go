package evaluate

import (
	"cmp"
	"context"
	"math"
	"slices"

	"rummage/algo/csr"
)

// ties are the arcs of a labelled graph by node, with how often the two met.
type ties struct {
	nodes int
	arcs  []Arc
	once  []bool  // of each arc: the two never met otherwise, in either direction
	out   [][]int // places of arcs by node, by time
	in    [][]int
}

func newTies(g *Labelled) ties {
	t := ties{nodes: g.Nodes, arcs: slices.Clone(g.Arcs), out: make([][]int, g.Nodes), in: make([][]int, g.Nodes)}
	slices.SortStableFunc(t.arcs, func(x, y Arc) int {
		return cmp.Or(cmp.Compare(x.Time, y.Time), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	met := make(map[[2]uint32]int, len(t.arcs))
	for _, a := range t.arcs {
		met[pairOf(a)]++
	}
	t.once = make([]bool, len(t.arcs))
	for i, a := range t.arcs {
		t.once[i] = met[pairOf(a)] == 1
		t.out[a.From] = append(t.out[a.From], i)
		t.in[a.To] = append(t.in[a.To], i)
	}
	return t
}

func pairOf(a Arc) [2]uint32 { return [2]uint32{min(a.From, a.To), max(a.From, a.To)} }

// graph joins nodes that met: with weight 1 if once, with another if more often. Loops are left out.
func (t *ties) graph(ctx context.Context, threads int, often float64) (*csr.Graph, error) {
	var columns csr.Columns
	seen := make(map[[2]uint32]bool, len(t.arcs))
	for i, a := range t.arcs {
		pair := pairOf(a)
		if a.From == a.To || seen[pair] {
			continue
		}
		seen[pair] = true
		weight := often
		if t.once[i] {
			weight = 1
		}
		columns.From, columns.To, columns.Weight = append(columns.From, pair[0]), append(columns.To, pair[1]), append(columns.Weight, weight)
	}
	return csr.Build(ctx, columns, csr.Options{Nodes: t.nodes, Threads: threads})
}

// shape describes each node's own dealings, no label seen.
func (t *ties) shape(window float64) [][]float64 {
	const width = 16
	columns := make([][]float64, width)
	for c := range columns {
		columns[c] = make([]float64, t.nodes)
	}
	for v := range t.nodes {
		row := append(t.side(t.in[v], window, true), t.side(t.out[v], window, false)...)
		for c := range row {
			columns[c][v] = row[c]
		}
	}
	return columns
}

// side describes one direction: events, partners, one-off events and their share, the densest burst of all and of one-off events, the densest
// burst with one partner, and the densest burst of one-off events at whoever is at their other end.
func (t *ties) side(arcs []int, window float64, incoming bool) []float64 {
	with := map[uint32][]int{}
	var once []int
	beyond, most := 0, 0
	for _, i := range arcs {
		other := t.arcs[i].To
		if incoming {
			other = t.arcs[i].From
		}
		with[other] = append(with[other], i)
		if t.once[i] {
			once = append(once, i)
			beyond = max(beyond, t.around(other, i, window, !incoming))
		}
	}
	for _, list := range with {
		most = max(most, t.burst(list, window))
	}
	return []float64{
		float64(len(arcs)), float64(len(with)), float64(len(once)), share(len(once), len(arcs)),
		float64(t.burst(arcs, window)), float64(t.burst(once, window)), float64(most), float64(beyond),
	}
}

// burst is the most arcs, in the order of time, within a window of it.
func (t *ties) burst(arcs []int, window float64) int {
	from, densest := 0, 0
	for to := range arcs {
		for t.arcs[arcs[to]].Time-t.arcs[arcs[from]].Time > window {
			from++
		}
		densest = max(densest, to-from+1)
	}
	return densest
}

// around counts a node's one-off arcs in one direction within half a window of an arc.
func (t *ties) around(v uint32, arc int, window float64, incoming bool) int {
	list := t.out[v]
	if incoming {
		list = t.in[v]
	}
	count := 0
	for _, k := range list {
		if t.once[k] && math.Abs(t.arcs[k].Time-t.arcs[arc].Time) <= window/2 {
			count++
		}
	}
	return count
}

// near counts known nodes about each node: those it dealt with, those it dealt with once, within a window of time of each other and two steps off.
func (t *ties) near(known []bool, window float64) [][]float64 {
	columns := make([][]float64, 6)
	for c := range columns {
		columns[c] = make([]float64, t.nodes)
	}
	first := columns[1]
	for i, a := range t.arcs {
		if a.From == a.To {
			continue
		}
		for _, end := range [2][2]uint32{{a.From, a.To}, {a.To, a.From}} {
			v, u := end[0], end[1]
			if !known[u] {
				continue
			}
			columns[0][v]++
			if t.once[i] {
				first[v]++
			}
		}
	}
	for i, a := range t.arcs {
		if a.From == a.To || !t.once[i] {
			continue
		}
		for _, end := range [2][2]uint32{{a.From, a.To}, {a.To, a.From}} {
			v, u := end[0], end[1]
			mine := 0.0
			if known[v] {
				mine = 1
			}
			columns[2][v] += first[u] - mine
			columns[3][v] = max(columns[3][v], first[u]-mine)
			near := t.about(u, i, known, window) // others that met u once, at that time
			columns[4][v] += near
			columns[5][v] = max(columns[5][v], near)
		}
	}
	return columns
}

// about counts the known nodes that met u once within a window of time of an arc, that arc's own aside.
func (t *ties) about(u uint32, arc int, known []bool, window float64) float64 {
	count := 0.0
	at := t.arcs[arc].Time
	for _, list := range [2][]int{t.in[u], t.out[u]} {
		for _, k := range list {
			if k == arc || !t.once[k] || math.Abs(t.arcs[k].Time-at) > window {
				continue
			}
			other := t.arcs[k].From
			if other == u {
				other = t.arcs[k].To
			}
			if known[other] {
				count++
			}
		}
	}
	return count
}

package centrality

import "rummage/algo/csr"

// ties lists the edges with what they carry: the entries of rows under the arc that each came from, and the bridges.
func (d *shards) ties(g *csr.Graph, carried []float64) []Tie {
	n := uint32(g.Order())
	base := make([]uint64, n+1)
	for v := range n {
		base[v+1] = base[v] + uint64(g.InDegree(v))
	}
	value := make([]float64, base[n])
	for i, at := range d.edge {
		value[at] = carried[i]
	}
	ties := make([]Tie, 0, g.Size())
	bridges := d.bridges
	// An arc is found among those that reach its head by how many of them were met: their tails come in ascending order.
	met := base[:n]
	start := make([]uint64, n)
	copy(start, met)
	for u := range n {
		for i, v := range g.Neighbours(u) {
			if v < u && !g.IsDirected() {
				continue
			}
			tie := Tie{From: u, To: v, Score: value[met[v]]}
			met[v]++
			if !g.IsDirected() {
				tie.Score = (tie.Score + value[start[u]+uint64(i)]) / 2
			}
			if len(bridges) > 0 && bridges[0].low == u && bridges[0].high == v {
				tie.Score, bridges = bridges[0].pairs, bridges[1:]
			}
			ties = append(ties, tie)
		}
	}
	return ties
}

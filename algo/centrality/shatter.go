package centrality

import (
	"context"

	"rummage/algo/csr"
	"rummage/algo/structure"
)

// shards is a graph cut at its articulation points. Each block of three nodes or more (a biconnected component, direction forgotten, or a whole
// component) is laid out on its own: its nodes are consecutive slots, those of most neighbours in the whole graph first, and its rows name
// slots of the same block. A cut vertex has a slot in each of its blocks, which stands for itself and for all that hangs on it outside
// the block. What lies in blocks of two nodes, which are the bridges and so all hanging trees, has no slot in an undirected graph, since
// nothing needs to be searched there.
//
// Shortest paths between two nodes of a block stay in it, and a path of the graph is a path through a chain of blocks. So every pair of
// nodes whose path runs through a block is counted there as a pair of slots, with all that hangs on both (Sarıyüce et al. 2013, BADIOS;
// Wang et al. 2016, APGRE).
type shards struct {
	nodes    int
	directed bool
	// first is the first slot of each block laid out, and the number of slots.
	first []uint32
	// origin is the node of a slot; source and target are the numbers of nodes that it stands for as a start and as an end of paths, which
	// differ in a directed graph only.
	origin         []uint32
	source, target []float64
	out            paths
	// in equals out when the graph is undirected.
	in paths
	// edge names the arc of an entry of out: its place among the arcs of all InNeighbours, one row after the other. It is nil unless wished for.
	edge []uint64
	// cut is the number of ordered pairs that a node lies between because it separates them.
	cut []float64
	// bridges are the blocks of two nodes.
	bridges []bridge
}

// bridge is an edge that alone joins its ends; pairs is the number of unordered pairs of nodes that it separates.
type bridge struct {
	low, high uint32
	pairs     float64
}

// paths are the rows of the slots; length is nil when every step has length 1.
type paths struct {
	offset []uint64
	to     []uint32
	length []float64
}

func (p *paths) row(s uint32) []uint32 { return p.to[p.offset[s]:p.offset[s+1]] }

func (p *paths) lengths(s uint32) []float64 { return p.length[p.offset[s]:p.offset[s+1]] }

func (p *paths) degree(s uint32) int { return int(p.offset[s+1] - p.offset[s]) }

// none is the block of a node that has no arc, and a bound on all counts of levels.
const none = ^uint32(0)

// place says where a node lies: when it was discovered, counted from 1; the block in which it is not the head; its slot there.
type place struct {
	seen, home, slot uint32
}

// chunk is a block while it is found: the node by which it hangs on what was discovered before, the number of its other nodes, of
// the nodes that hang below the head through it, and of those of the whole component.
type chunk struct {
	head, others uint32
	below, all   uint32
	// slot is that of the head, next the next block of the same head.
	slot, next uint32
}

// form says what shards are to hold: lengths of steps, the arc that an entry of a row comes from; or no rows at all; and whether each component is a block.
type form struct {
	lengths, edges, bare, whole bool
	threads                     int
}

// shatterer cuts a graph.
type shatterer struct {
	g       *csr.Graph
	form    form
	patient patient
	place   []place
	chunks  []chunk
	below   []uint32
	cut     []float64
}

// shatter cuts a simple graph. With lengths, arcs of weight 0 are left out. Cost O(n + m), memory 60 bytes a node beside the result.
func shatter(ctx context.Context, g *csr.Graph, f form) (*shards, error) {
	if f.whole {
		return whole(ctx, g, f)
	}
	s := newShatterer(ctx, g, f)
	s.below = make([]uint32, g.Order())
	s.discover()
	return s.finish()
}

func newShatterer(ctx context.Context, g *csr.Graph, f form) *shatterer {
	return &shatterer{g: g, form: f, patient: patient{ctx: ctx}, place: make([]place, g.Order()),
		cut: make([]float64, g.Order())}
}

func (s *shatterer) finish() (*shards, error) {
	if s.patient.err != nil {
		return nil, s.patient.err
	}
	d := s.layout()
	return d, s.patient.err
}

// whole lays a graph out as it is, each weak component a block.
func whole(ctx context.Context, g *csr.Graph, f form) (*shards, error) {
	parts, err := structure.Weak(ctx, g, structure.Options{Threads: f.threads})
	if err != nil {
		return nil, err
	}
	s := newShatterer(ctx, g, f)
	block := make([]uint32, len(parts.First))
	for c, size := range parts.Size {
		block[c] = none
		if size > 1 {
			block[c] = uint32(len(s.chunks))
			s.chunks = append(s.chunks, chunk{head: none, others: uint32(size), next: none})
		}
	}
	for u, c := range parts.Of {
		s.place[u].home = block[c]
	}
	return s.finish()
}

// discover finds the blocks, without regard to direction (Hopcroft and Tarjan 1973), depth first with a stack of its own.
func (s *shatterer) discover() {
	n := len(s.place)
	for u := range s.place {
		s.place[u].home = none
	}
	low, at := make([]uint32, n), make([]uint32, n)
	var way, held []uint32
	clock := uint32(0)
	visit := func(u uint32) {
		clock++
		s.place[u].seen, low[u] = clock, clock
		way, held = append(way, u), append(held, u)
	}
	for root := range uint32(n) {
		if s.place[root].seen != 0 {
			continue
		}
		began := len(s.chunks)
		visit(root)
		for len(way) > 0 {
			u := way[len(way)-1]
			if v := s.step(u, at, low); v != none {
				visit(v)
				continue
			}
			if s.patient.tired(s.g.Degree(u) + s.g.InDegree(u)) {
				return
			}
			way = way[:len(way)-1]
			if len(way) == 0 {
				break
			}
			above := way[len(way)-1]
			low[above] = min(low[above], low[u])
			if low[u] >= s.place[above].seen {
				held = s.close(above, u, held)
			}
		}
		held = held[:0]
		if !s.g.IsDirected() {
			s.branches(began, s.below[root]+1)
		}
	}
}

// step goes on in the row of u and returns the next node not yet seen, or none.
func (s *shatterer) step(u uint32, at, low []uint32) uint32 {
	next := s.scan(s.g.Neighbours(u), s.g.Weights(u), 0, &at[u], &low[u])
	if next == none && s.g.IsDirected() {
		next = s.scan(s.g.InNeighbours(u), s.g.InWeights(u), uint32(s.g.Degree(u)), &at[u], &low[u])
	}
	return next
}

// scan looks at a row from the place at on, which counts from base.
func (s *shatterer) scan(row []uint32, weights []float64, base uint32, at, low *uint32) uint32 {
	i, least := *at-base, *low
	next := none
	for ; int(i) < len(row) && next == none; i++ {
		if s.form.lengths && weights[i] == 0 {
			continue
		}
		if seen := s.place[row[i]].seen; seen == 0 {
			next = row[i]
		} else {
			least = min(least, seen)
		}
	}
	*at, *low = base+i, least
	return next
}

// close makes a block of the nodes held since u, with head above them.
func (s *shatterer) close(above, u uint32, held []uint32) []uint32 {
	block := uint32(len(s.chunks))
	c := chunk{head: above, next: none}
	for {
		v := held[len(held)-1]
		held = held[:len(held)-1]
		s.place[v].home = block
		c.others++
		c.below += s.below[v] + 1
		if v == u {
			break
		}
	}
	s.below[above] += c.below
	s.chunks = append(s.chunks, c)
	return held
}

// branches notes the size of the component whose blocks are those from began on, and counts for each of its nodes the ordered pairs
// that lie in different branches of it: (all-1)² less the squares of the sizes of the branches.
func (s *shatterer) branches(began int, all uint32) {
	square := func(x uint32) float64 { return float64(x) * float64(x) }
	for b := began; b < len(s.chunks); b++ {
		c := &s.chunks[b]
		c.all = all
		s.cut[c.head] -= square(c.below)
	}
	// A node that heads no block keeps what no pair needs: 0.
	for b := began; b < len(s.chunks); b++ {
		u := s.chunks[b].head
		if s.cut[u] < 0 {
			s.cut[u] += square(all-1) - square(all-1-s.below[u])
		}
	}
}

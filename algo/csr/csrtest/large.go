package csrtest

import (
	"context"
	"math"
	"math/rand/v2"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Partition describes a power-law planted partition: a large random graph whose groups are known.
//
// Expected degrees follow a power law of exponent 2.5 up to 2√n, sizes of groups one of exponent 1.5. An edge takes its first end in
// proportion to expected degree; the second in the same way, from the group of the first or, with probability Mixing, from all nodes.
// This is the degree-corrected block model of Karrer and Newman (Physical Review E 83, 016107, 2011) with the two power laws of
// Lancichinetti, Fortunato and Radicchi (Physical Review E 78, 046110, 2008). Numbers of nodes are shuffled, so that they tell nothing
// of groups and give no locality.
type Partition struct {
	Nodes  int
	Degree float64 // mean of arcs a node, parallel edges counted; 16 when zero
	Mixing float64 // share of the edges that ignore groups, 0 to 1
	Seed   uint64
	// Weighted gives weights drawn evenly from 0.1 to 10.
	Weighted bool
}

// Draw returns Nodes·Degree/2 edges without self-loops and the group of each node. An edge may be drawn more than once: Build merges,
// and loses a few per cent. The same description gives the same edges on any number of processors.
//
// It takes about 0.1 µs an edge and 20 bytes a node beside the result.
func (p Partition) Draw() (edges csr.Columns, group []uint32) {
	if p.Degree == 0 {
		p.Degree = 16
	}
	if p.Nodes < 2 {
		return blank(0, p.Weighted), make([]uint32, max(p.Nodes, 0))
	}
	random := rand.New(rand.NewPCG(p.Seed, 1))
	starts := p.groups(random)
	stubs := p.stubs(random)
	name := shuffled(p.Nodes, random)
	group = make([]uint32, p.Nodes)
	of := make([]uint32, p.Nodes)
	for i := range len(starts) - 1 {
		for u := starts[i]; u < starts[i+1]; u++ {
			of[u], group[name[u]] = uint32(i), uint32(i)
		}
	}
	find := newFinder(stubs)
	ignore := uint64(min(max(p.Mixing, 0), 1) * (1 << 32))
	draw := func(random *rand.PCG) (u, v uint32) {
		u = find.node(below(random, stubs[p.Nodes]))
		for v = u; v == u; {
			lo, hi := uint64(0), stubs[p.Nodes]
			if g := of[u]; random.Uint64()>>32 >= ignore && starts[g+1]-starts[g] > 1 {
				lo, hi = stubs[starts[g]], stubs[starts[g+1]]
			}
			v = find.node(lo + below(random, hi-lo))
		}
		return name[u], name[v]
	}
	return large(int(float64(p.Nodes)*p.Degree/2), p.Seed, p.Weighted, draw), group
}

// groups returns the first node of every group, followed by the number of nodes.
func (p Partition) groups(random *rand.Rand) []uint32 {
	least := min(max(2*p.Degree, 8), float64(p.Nodes))
	most := min(max(100*p.Degree, least), max(float64(p.Nodes)/10, least))
	starts := []uint32{0}
	for at := 0; at < p.Nodes; {
		root := 1/math.Sqrt(least) - float64((1/math.Sqrt(least)-1/math.Sqrt(most))*random.Float64())
		at = min(at+max(int(1/(root*root)), 2), p.Nodes)
		if p.Nodes-at < 2 {
			at = p.Nodes
		}
		starts = append(starts, uint32(at))
	}
	return starts
}

// stubs returns for every node the sum of the expected degrees before it, in whole stubs, followed by their total. A node has at
// least one.
func (p Partition) stubs(random *rand.Rand) []uint64 {
	degree := make([]float64, p.Nodes)
	most := min(math.Pow(2*math.Sqrt(float64(p.Nodes))/p.Degree, -1.5), 1)
	var sum float64
	for u := range degree {
		root := math.Cbrt(1 - float64((1-most)*random.Float64()))
		degree[u] = 1 / (root * root)
		sum += degree[u]
	}
	stubs := make([]uint64, p.Nodes+1)
	for u, d := range degree {
		stubs[u+1] = stubs[u] + max(uint64(math.Round(d/sum*float64(p.Nodes)*p.Degree)), 1)
	}
	return stubs
}

// finder tells whose stub one is, by a table of every eighth stub.
type finder struct {
	stubs []uint64
	table []uint32
}

const finderBits = 3

func newFinder(stubs []uint64) finder {
	f := finder{stubs, make([]uint32, 0, stubs[len(stubs)-1]>>finderBits+1)}
	for u := range len(stubs) - 1 {
		for uint64(len(f.table))<<finderBits < stubs[u+1] {
			f.table = append(f.table, uint32(u))
		}
	}
	return f
}

func (f finder) node(stub uint64) uint32 {
	u := f.table[stub>>finderBits]
	for f.stubs[u+1] <= stub {
		u++
	}
	return u
}

// RMAT describes a recursive random graph with heavy hubs and no planted groups (Chakrabarti, Zhan and Faloutsos, SDM 2004), with the
// probabilities of the Graph500 benchmark: 0.57, 0.19, 0.19, 0.05. Numbers of nodes are shuffled.
type RMAT struct {
	Scale    int // the number of nodes is 2^Scale, at most 2^31
	Factor   int // edges a node, before parallel edges are merged; 16 when zero
	Seed     uint64
	Weighted bool // weights drawn evenly from 0.1 to 10
}

// Draw returns Factor·2^Scale edges without self-loops, with parallel ones: after merging, a tenth to a third fewer are left. The same
// description gives the same edges on any number of processors. It takes about 0.1 µs an edge and 4 bytes a node beside the result.
func (r RMAT) Draw() csr.Columns {
	if r.Factor == 0 {
		r.Factor = 16
	}
	if r.Scale < 1 {
		return blank(0, r.Weighted)
	}
	name := shuffled(1<<r.Scale, rand.New(rand.NewPCG(r.Seed, 1)))
	draw := func(random *rand.PCG) (u, v uint32) {
		for u == v {
			u, v = r.descend(random)
		}
		return name[u], name[v]
	}
	return large(r.Factor<<r.Scale, r.Seed, r.Weighted, draw)
}

// descend takes a quarter of the matrix at each level, by 16 random bits.
func (r RMAT) descend(random *rand.PCG) (u, v uint32) {
	const a, b, c = 37356, 12452, 12452 // of 65536
	var bits uint64
	for level := range r.Scale {
		if level%4 == 0 {
			bits = random.Uint64()
		}
		chance := int32(bits & 0xffff)
		bits >>= 16
		// The sign of the difference is the bit: a comparison would be a jump that nobody can foresee.
		inA, inB, inC := uint32(chance-a)>>31, uint32(chance-(a+b))>>31, uint32(chance-(a+b+c))>>31
		u = u<<1 | (1 - inB)
		v = v<<1 | (inB - inA) | (1 - inC)
	}
	return u, v
}

// large draws m edges in pieces, each of its own stream of random numbers.
func large(m int, seed uint64, weighted bool, draw func(*rand.PCG) (u, v uint32)) csr.Columns {
	c := blank(m, weighted)
	pieces := crew.Cut(m, 1<<16)
	// Nothing cancels the background, so Run has no error.
	_ = crew.Run(context.Background(), 0, len(pieces)-1, func(_, piece int) {
		random := rand.NewPCG(seed, uint64(piece)+2)
		for e := pieces[piece]; e < pieces[piece+1]; e++ {
			c.From[e], c.To[e] = draw(random)
			if weighted {
				c.Weight[e] = 0.1 + float64(9.9*(float64(random.Uint64()>>11)/(1<<53)))
			}
		}
	})
	return c
}

func blank(m int, weighted bool) csr.Columns {
	c := csr.Columns{From: make([]uint32, m), To: make([]uint32, m)}
	if weighted {
		c.Weight = make([]float64, m)
	}
	return c
}

func shuffled(n int, random *rand.Rand) []uint32 {
	name := make([]uint32, n)
	for i := range name {
		name[i] = uint32(i)
	}
	random.Shuffle(n, func(i, j int) { name[i], name[j] = name[j], name[i] })
	return name
}

// below returns a number less than n, which is less than 2^32, by the high half of a product.
func below(random *rand.PCG, n uint64) uint64 {
	return (random.Uint64() >> 32 * n) >> 32
}

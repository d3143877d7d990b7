package selftest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"rummage/algo/csr"
)

// ErrSize is returned for a graph that cannot be drawn.
var ErrSize = errors.New("size out of range")

// Random says which graph to draw.
type Random struct {
	Nodes, Edges int
	Seed         uint64
}

// The shape of the drawn graph, like that of trade: small circles, a few hubs that everyone uses, islands, and some with nothing at all.
const (
	circle    = 25   // nodes that belong together
	insideOf  = 0.7  // of the edges, within a circle
	mainland  = 0.95 // of the circles that edges to elsewhere join
	idle      = 100  // one in so many nodes has no edge
	mostTries = 20   // for each edge, before the graph is full
)

// Draw draws a graph of weighted edges, each pair once. The same options give
// the same graph on any machine. It may have fewer edges than were asked for
// where there is no room for more. Weights are multiples of a half, whose sums
// are exact.
func (r Random) Draw(ctx context.Context, threads int) (*csr.Graph, error) {
	if r.Nodes < 2*circle || r.Nodes > 100_000_000 || r.Edges < 1 || r.Edges > 1_000_000_000 || r.Edges/r.Nodes > r.Nodes/8 {
		return nil, fmt.Errorf("selftest: %d nodes with %d edges: %w: at least %d nodes, and of every four possible edges one at most", r.Nodes, r.Edges, ErrSize, 2*circle)
	}
	chance := rand.New(rand.NewPCG(r.Seed, 0))
	land := max(circle, int(float64(r.Nodes)*mainland)/circle*circle)
	drawn := make(map[uint64]struct{}, r.Edges)
	var c csr.Columns
	for tries := 0; len(c.From) < r.Edges && tries < mostTries*r.Edges; tries++ {
		u, v := r.pair(chance, land)
		u, v = min(u, v), max(u, v)
		if v >= r.Nodes || u == v || u%idle == idle-1 || v%idle == idle-1 {
			continue
		}
		key := uint64(u)<<32 | uint64(v)
		if _, known := drawn[key]; known {
			continue
		}
		drawn[key] = struct{}{}
		c.From, c.To, c.Weight = append(c.From, uint32(u)), append(c.To, uint32(v)), append(c.Weight, float64(1+chance.IntN(8))/2)
	}
	return csr.Build(ctx, c, csr.Options{Nodes: r.Nodes, Threads: threads})
}

// pair draws two nodes, perhaps one that does not exist.
func (r Random) pair(chance *rand.Rand, land int) (u, v int) {
	if chance.Float64() < insideOf {
		u = chance.IntN(r.Nodes)
		return u, u/circle*circle + chance.IntN(circle)
	}
	// The square crowds edges on low numbers, which makes them hubs.
	x := chance.Float64()
	return chance.IntN(land), int(x * x * float64(land))
}

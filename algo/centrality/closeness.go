package centrality

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// ErrOptions is returned for options that cannot be met.
var ErrOptions = errors.New("options not usable")

// Defaults of a sample.
const (
	DefaultEpsilon = 0.01
	DefaultDelta   = 0.1
	// DefaultExact is the number of nodes up to which Closeness looks from all of them.
	DefaultExact = 200_000
)

// ClosenessOptions say how Closeness measures. The zero value is usable.
type ClosenessOptions struct {
	// Weighted takes 1/weight as the length of an edge, as for Betweenness.
	Weighted bool
	// Inward measures the distance to a node rather than that from it, which matters in directed graphs only.
	Inward bool
	// Normalised divides harmonic centrality by n-1.
	Normalised bool
	// Exact is the greatest number of nodes for which all are looked from; DefaultExact when 0. Above, and always when it is negative, a
	// sample is.
	Exact int
	// Epsilon and Delta say how good a sample must be; DefaultEpsilon and DefaultDelta when 0.
	Epsilon, Delta float64
	// Seed chooses the sample.
	Seed uint64
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change a bit of the result.
	Threads int
	// Progress, if set, is called with the number of nodes looked from and of those to look from, never twice at a time but from any
	// goroutine.
	Progress func(done, total int)
}

// Nearness is how near every node is to the others, and how that came about.
type Nearness struct {
	// Closeness is (r/(n-1))·(r/Farness), where r is the number of others reached: the inverse of the mean distance, times the share of nodes it is a
	// mean of (Wasserman and Faust 1994), so that a pair apart from all others does not seem close. It is 0 where nothing is reached.
	Closeness []float64
	// Harmonic is the sum of 1/distance over all others, with 0 for what is not reached (Marchiori and Latora 2000).
	Harmonic []float64
	// Farness is the sum of distances to the others reached, Reached their number.
	Farness, Reached []float64
	// Eccentricity is the greatest distance to a node that is reached; Diameter the greatest of all, Radius the least of a node
	// that reaches another.
	Eccentricity     []float64
	Diameter, Radius float64
	// Weighted is that of the options; a graph without weights is measured as unweighted.
	Weighted, Inward, Normalised bool
	// Pivots is the number of nodes looked from. All of n make the result exact; else each sum is n/Pivots times that over the pivots, and
	// eccentricities, diameter and radius are lower bounds.
	Pivots int
	// Epsilon, Delta and Seed are those of a sample, 0 for an exact result. With a probability of at least 1-Delta, all of this holds for all nodes: Harmonic is off by at
	// most Bound, Reached by Epsilon·n, Farness by Epsilon·n times the true diameter.
	Epsilon, Delta, Bound float64
	Seed                  uint64
}

// Closeness returns closeness and harmonic centrality, and eccentricities. Distances are counted in steps, or along lengths when
// weighted. Parallel edges are one edge whose weight is their sum; self-loops do not matter; with lengths, edges of weight 0 lead nowhere. A node that
// reaches nothing has 0 everywhere.
//
// Steps are counted from 64 nodes at a time, a bit each (Then et al. 2014, MS-BFS), each level from the side with fewer arcs; lengths by Dijkstra (1959). Above
// Options.Exact nodes the sums are estimated from pivots drawn evenly without putting back (Eppstein and Wang 2004): 1/distance is between 0 and b, the
// greatest weight or 1, so that ln(6n/Delta)/(2·Epsilon²) pivots keep all n means of three kinds within Epsilon times their
// range (Hoeffding 1963), hence Bound = Epsilon·n·b, over n-1 when normalised.
//
// Cost O(nm/64) for each step of distance at most, with lengths O(nm + n² log n), over Pivots instead of n nodes; memory about 40 bytes a node and 8 an arc,
// 16 with lengths, and 60 bytes a node and thread. Errors: ErrOptions, or that of the context.
func Closeness(ctx context.Context, g *csr.Graph, opts ClosenessOptions) (Nearness, error) {
	result, err := nearness(ctx, g, opts)
	if err != nil {
		return Nearness{}, fmt.Errorf("centrality: closeness: %w", err)
	}
	return result, nil
}

// settle fills in defaults and tells how many pivots to draw.
func (o *ClosenessOptions) settle(n int) (pivots int, err error) {
	if o.Exact == 0 {
		o.Exact = DefaultExact
	}
	if o.Epsilon, o.Delta, err = accuracy(o.Epsilon, o.Delta); err != nil {
		return 0, err
	}
	if n > o.Exact {
		if need := math.Ceil(math.Log(6*float64(n)/o.Delta) / (2 * o.Epsilon * o.Epsilon)); need < float64(n) {
			return int(need), nil
		}
	}
	o.Epsilon, o.Delta, o.Seed = 0, 0, 0
	return n, nil
}

// accuracy fills in the defaults of a sample.
func accuracy(epsilon, delta float64) (e, d float64, err error) {
	if epsilon == 0 {
		epsilon = DefaultEpsilon
	}
	if delta == 0 {
		delta = DefaultDelta
	}
	if !(epsilon > 0 && epsilon < 1 && delta > 0 && delta < 1) {
		return 0, 0, fmt.Errorf("%w: epsilon %v and delta %v must both lie between 0 and 1", ErrOptions, epsilon, delta)
	}
	return epsilon, delta, nil
}

func nearness(ctx context.Context, g *csr.Graph, opts ClosenessOptions) (Nearness, error) {
	g, err := g.Simple(ctx)
	if err != nil {
		return Nearness{}, err
	}
	n := g.Order()
	opts.Weighted = opts.Weighted && g.IsWeighted()
	pivots, err := opts.settle(n)
	if err != nil {
		return Nearness{}, err
	}
	d, err := whole(ctx, g, form{lengths: opts.Weighted, whole: true, threads: opts.Threads})
	if err != nil {
		return Nearness{}, err
	}
	if !opts.Inward {
		// What a search against the arcs finds from a pivot is the distance to it.
		d.out, d.in = d.in, d.out
	}
	if pivots == n {
		if err = d.prune(ctx, opts.Threads); err != nil {
			return Nearness{}, err
		}
	}
	tallies, err := d.tally(ctx, d.pivots(n, pivots, opts.Seed), opts)
	if err != nil {
		return Nearness{}, err
	}
	result := Nearness{Weighted: opts.Weighted, Inward: opts.Inward, Normalised: opts.Normalised, Pivots: pivots,
		Epsilon: opts.Epsilon, Delta: opts.Delta, Bound: opts.Epsilon * float64(n) * d.sharpest(), Seed: opts.Seed}
	result.fill(n, d.origin, tallies)
	return result, nil
}

// pivots returns the slots to look from, in ascending order: all, or those of a sample of nodes. Nodes without arcs have no slot.
func (d *shards) pivots(n, count int, seed uint64) []uint32 {
	slots := make([]uint32, 0, count)
	if count == n {
		for s := range d.origin {
			slots = append(slots, uint32(s))
		}
		return slots
	}
	chosen := make([]bool, n)
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	// Each step adds one node, so that every set is as likely (Floyd, in Bentley 1987).
	for last := n - count; last < n; last++ {
		if u := random.IntN(last + 1); chosen[u] {
			chosen[last] = true
		} else {
			chosen[u] = true
		}
	}
	for s, u := range d.origin {
		if chosen[u] {
			slots = append(slots, uint32(s))
		}
	}
	return slots
}

// sharpest returns an upper bound of 1/distance.
func (d *shards) sharpest() float64 {
	if d.out.length == nil {
		return 1
	}
	least := math.Inf(1)
	for _, length := range d.out.length {
		least = min(least, length)
	}
	return 1 / least
}

// fill makes the result of what was counted.
func (r *Nearness) fill(n int, origin []uint32, tallies []tally) {
	all := make([]float64, 5*n)
	r.Closeness, r.Harmonic, r.Farness = all[:n:n], all[n:2*n:2*n], all[2*n:3*n:3*n]
	r.Reached, r.Eccentricity = all[3*n:4*n:4*n], all[4*n:]
	scale := float64(n) / max(float64(r.Pivots), 1)
	others := max(float64(n-1), 1)
	least := math.Inf(1)
	for slot, u := range origin {
		t := tallies[slot]
		r.Harmonic[u], r.Farness[u], r.Reached[u], r.Eccentricity[u] = t.harmonic*scale, t.farness*scale, t.reached*scale, t.furthest
		if t.reached > 0 {
			r.Closeness[u] = r.Reached[u] / others * (t.reached / t.farness)
			least = min(least, t.furthest)
		}
		r.Diameter = max(r.Diameter, t.furthest)
	}
	if !math.IsInf(least, 1) {
		r.Radius = least
	}
	if r.Normalised {
		r.Bound /= others
		for u := range r.Harmonic {
			r.Harmonic[u] /= others
		}
	}
}

// tally is what a slot is told of the pivots that were found from it.
type tally struct{ harmonic, farness, reached, furthest float64 }

func (t *tally) note(distance float64, count int) {
	many := float64(count)
	t.harmonic += many / distance
	t.farness += many * distance
	t.reached += many
	t.furthest = max(t.furthest, distance)
}

func (t *tally) add(other tally) {
	t.harmonic += other.harmonic
	t.farness += other.farness
	t.reached += other.reached
	t.furthest = max(t.furthest, other.furthest)
}

// Bundles of pivots: a piece of work, and what is looked from at once.
const (
	bundle = 256
	lanes  = 64
)

// tally looks from the pivots and returns what each slot was told.
func (d *shards) tally(ctx context.Context, pivots []uint32, opts ClosenessOptions) ([]tally, error) {
	pieces := crew.Cut(len(pivots), bundle)
	total := make([]tally, len(d.origin))
	entries := newLedger(len(pivots), opts.Progress)
	waves := make([]*wave, crew.Size(opts.Threads, len(pieces)-1))
	err := crew.Run(ctx, opts.Threads, len(pieces)-1, func(worker, piece int) {
		if waves[worker] == nil {
			waves[worker] = newWave(ctx, d)
		}
		w := waves[worker]
		lo, hi := w.spread(pivots[pieces[piece]:pieces[piece+1]])
		entries.take(piece, pieces[piece+1], func() {
			for slot := lo; slot < hi; slot++ {
				total[slot].add(w.share[slot])
			}
		})
	})
	return total, err
}

// spread looks from the given pivots and returns the range of slots that may have been told something: that of the blocks they are in.
func (w *wave) spread(pivots []uint32) (lo, hi uint32) {
	d := w.d
	lo, hi = d.first[d.block(pivots[0])], d.first[d.block(pivots[len(pivots)-1])+1]
	clear(w.share[lo:hi])
	if w.search != nil {
		for _, p := range pivots {
			b := d.block(p)
			w.walk(p, d.first[b], d.first[b+1])
		}
		return lo, hi
	}
	for batch := range slices.Chunk(pivots, lanes) {
		w.run(batch, d.first[d.block(batch[0])], d.first[d.block(batch[len(batch)-1])+1])
	}
	return lo, hi
}

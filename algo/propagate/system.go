package propagate

import (
	"context"
	"math"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// lanes is how many vectors share one sweep: eight float64 fill a cache line, so that the row of a neighbour is one fetch.
const lanes = 8

// blockArcs is the size of the pieces that a sweep is cut into: small enough to share out and to stop at, large enough to pay.
const blockArcs = 1 << 14

// stallBelow is the residual under which a solution that gets no better has reached the limit of float64.
const stallBelow = 1e-11

// rows are the arcs that a sweep gathers along: those of a graph, against or with their direction, or of the core of one.
type rows struct {
	g       *csr.Graph
	inwards bool
	core    *core
}

func (r *rows) of(u uint32) ([]uint32, []float64) {
	switch {
	case r.core != nil:
		return r.core.row(u)
	case r.inwards:
		return r.g.InNeighbours(u), r.g.InWeights(u)
	}
	return r.g.Neighbours(u), r.g.Weights(u)
}

func (r *rows) blocks(arcs int) []uint32 {
	if r.core != nil {
		return r.core.blocks(uint64(arcs))
	}
	return r.g.Blocks(arcs)
}

// system is a linear system with up to eight right-hand sides, all with the arcs of one graph:
//
//	(slope_j D + shift_j I − pull_j W) y_j = right_j,
//
// D a diagonal, W the weights of the rows. Every method of this package is one, after a change of variables.
type system struct {
	rows     rows
	order    int
	blocks   []uint32
	diagonal []float64
	slope    [lanes]float64
	shift    [lanes]float64
	pull     [lanes]float64
	// inverse is about 1 over the diagonal of the system: what a step multiplies a residual by.
	inverse []float64
	// norm stands before the residual of a node, in the units of the method's own residual; worst takes the greatest, not the sum.
	norm  []float64
	worst bool
	// rate bounds the factor by which a plain step brings the error down.
	rate    float64
	threads int
}

// alike gives all lanes the same coefficients.
func (s *system) alike(slope, shift, pull float64) {
	for j := range lanes {
		s.slope[j], s.shift[j], s.pull[j] = slope, shift, pull
	}
}

// fill sets each entry of a new vector.
func fill(n int, value func(i int) float64) []float64 {
	vector := memory.Make[float64](n)
	for i := range vector {
		vector[i] = value(i)
	}
	return vector
}

// each runs work on every block.
func (s *system) each(ctx context.Context, work func(b int, lo, hi uint32)) error {
	return crew.Run(ctx, s.threads, len(s.blocks)-1, func(_, b int) { work(b, s.blocks[b], s.blocks[b+1]) })
}

// tally holds one number a block and lane, added up in the order of the blocks.
type tally struct {
	width int
	parts []float64
}

// apart is how many numbers stand between those of two blocks: two cache lines, so that threads that add to neighbouring blocks
// do not take lines from each other.
const apart = 16

func (s *system) newTally(width int) tally {
	return tally{width, make([]float64, (len(s.blocks)-1)*apart)}
}

func (t tally) of(b int) []float64 { return t.parts[b*apart : b*apart+t.width] }

func (t tally) sum(j int) float64 {
	var sum float64
	for at := j; at < len(t.parts); at += apart {
		sum += t.parts[at]
	}
	return sum
}

func (t tally) greatest(j int) float64 {
	var greatest float64
	for at := j; at < len(t.parts); at += apart {
		greatest = max(greatest, t.parts[at])
	}
	return greatest
}

// residual is the measure of a whole lane, of what measure left in a tally.
func (s *system) residual(t tally, j int) float64 {
	if s.worst {
		return t.greatest(j)
	}
	return t.sum(j)
}

// measure takes the residual of one node into account.
func (s *system) measure(into *float64, u uint32, rest float64) {
	rest = math.Abs(rest)
	if s.norm != nil {
		rest *= s.norm[u]
	}
	if s.worst {
		*into = max(*into, rest)
	} else {
		*into += rest
	}
}

// apply sets image to the system's matrix times source, and product to the two multiplied with each other.
func (s *system) apply(ctx context.Context, width int, source, image []float64, product tally) error {
	return s.each(ctx, func(b int, lo, hi uint32) {
		sums := product.of(b)
		clear(sums)
		if width == 1 {
			sums[0] = s.applyOne(lo, hi, source, image)
			return
		}
		var gathered [lanes]float64
		for u := lo; u < hi; u++ {
			row, weights := s.rows.of(u)
			gather(row, weights, width, source, &gathered)
			d, at := s.diagonal[u], int(u)*width
			from, to := source[at:at+width], image[at:at+width]
			for j := range from {
				x := from[j]
				y := float64((float64(s.slope[j]*d)+s.shift[j])*x) - float64(s.pull[j]*gathered[j])
				to[j] = y
				sums[j] += float64(x * y)
			}
		}
	})
}

func (s *system) applyOne(lo, hi uint32, source, image []float64) float64 {
	slope, shift, pull, sum := s.slope[0], s.shift[0], s.pull[0], 0.0
	if c := s.rows.core; c != nil && c.weight != nil {
		at := c.offset[lo]
		for u := lo; u < hi; u++ {
			end := c.offset[u+1]
			x := source[u]
			y := float64((float64(slope*s.diagonal[u])+shift)*x) - float64(pull*gatherOne(c.to[at:end], c.weight[at:end], source))
			image[u] = y
			sum += float64(x * y)
			at = end
		}
		return sum
	}
	for u := lo; u < hi; u++ {
		row, weights := s.rows.of(u)
		x := source[u]
		y := float64((float64(slope*s.diagonal[u])+shift)*x) - float64(pull*gatherOne(row, weights, source))
		image[u] = y
		sum += float64(x * y)
	}
	return sum
}

// solved is one solution.
type solved struct {
	values   []float64
	residual float64
	steps    int
	// converged tells that the residual is within the tolerance, or as small as float64 allows.
	converged bool
}

// goal says how far a solution is taken.
type goal struct {
	tolerance float64
	steps     int
}

// plainSteps is how many plain steps at the given rate take an error of 1 to the tolerance.
func plainSteps(rate, tolerance float64) int {
	return int(math.Ceil(min(math.Log(tolerance)/math.Log(rate), 1e6))) + 1
}

// expected is the number of sweeps that the semi-iteration is sure to need in the long run, and conjugate gradients hardly exceed.
func (s *system) expected(tolerance float64) int {
	return plainSteps(s.rate/(1+math.Sqrt(1-s.rate*s.rate)), tolerance)
}

// lane takes one vector out of those laid node by node.
func lane(vectors []float64, width, j int) []float64 {
	return fill(len(vectors)/width, func(i int) float64 { return vectors[i*width+j] })
}

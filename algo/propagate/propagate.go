// Package propagate spreads a quantity from seeds along the edges of a graph: the random walk with restart, also called personalised
// PageRank, for many sets of seeds in one sweep; the exposure ratio between two such walks; what each seed gave to one node; and beside
// the walk BiRank, FaBP, LinBP, SybilSCAR-D and the attenuated walks of Katz.
//
// Everything rests on one kernel: linear systems whose matrix has the arcs of one graph, up to eight side by side, solved by conjugate
// gradients where the matrix is symmetric and by Gauss and Seidel's method where it is not. A method that has no limit for some parameters
// computes the spectral radius first. The package must know neither what a seed is nor what a high score means.
package propagate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Errors of this package.
var (
	// ErrOptions is returned for options outside their range.
	ErrOptions = errors.New("option out of range")
	// ErrSeeds is returned for seeds that are not one finite, non-negative number a node with a positive sum.
	ErrSeeds = errors.New("seeds not usable")
	// ErrSteps is returned, with what was reached, when MaxSteps sweeps did not bring the residual under Tolerance.
	ErrSteps = errors.New("not converged")
)

// Dangling says what becomes of the walker at a node without an edge to leave by, or with edges of weight 0 only.
type Dangling uint8

const (
	// DanglingRestart sends it back to the seeds. Scores sum to 1.
	DanglingRestart Dangling = iota
	// DanglingStay keeps it there until its next restart. Scores sum to 1.
	DanglingStay
	// DanglingLose lets it vanish. Scores sum to less than 1, and are linear in the seeds.
	DanglingLose
)

// Defaults of Options.
const (
	DefaultDamping   = 0.85
	DefaultTolerance = 1e-14
	DefaultMaxSteps  = 10_000
)

// Options say how the walk is taken. The zero value is usable.
type Options struct {
	// Damping is the probability of going on along an edge rather than back to the seeds, above 0 and below 1; 0 means 0.85.
	Damping float64
	// Tolerance is the residual to reach, the sum over all nodes of how much one more step would change their scores at most; 0 means 1e-14,
	// which float64 just about allows. Scores then differ from the exact ones by at most Tolerance/(1-Damping) in sum, or twice that in an
	// undirected graph under DanglingRestart: there they are divided by their sum, which may be off by as much as they are.
	Tolerance float64
	// MaxSteps bounds the number of sweeps; 0 means 10,000.
	MaxSteps int
	// Dangling says what becomes of the walker at a dead end.
	Dangling Dangling
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change a bit of the result.
	Threads int
	// Progress, if set, is called after every sweep, from the caller's goroutine, with the sweeps done and the number expected.
	Progress func(done, total int)
}

// settle checks the options and fills in the defaults.
func (o Options) settle() (Options, error) {
	if o.Damping == 0 {
		o.Damping = DefaultDamping
	}
	if o.Tolerance == 0 {
		o.Tolerance = DefaultTolerance
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = DefaultMaxSteps
	}
	switch {
	case !(o.Damping > 0 && o.Damping < 1):
		return o, fmt.Errorf("propagate: %w: damping %v is not between 0 and 1", ErrOptions, o.Damping)
	case !(o.Tolerance > 0 && o.Tolerance <= 1):
		return o, fmt.Errorf("propagate: %w: tolerance %v is not above 0 and at most 1", ErrOptions, o.Tolerance)
	case o.MaxSteps < 0:
		return o, fmt.Errorf("propagate: %w: %d steps at most", ErrOptions, o.MaxSteps)
	case o.Dangling > DanglingLose:
		return o, fmt.Errorf("propagate: %w: unknown treatment %d of dead ends", ErrOptions, o.Dangling)
	}
	return o, nil
}

// Solvers that Result names.
const (
	ConjugateGradients = "conjugate gradients"
	GaussSeidel        = "gauss-seidel"
)

// Result holds the scores and how they came about.
type Result struct {
	// Scores holds one vector for each vector of seeds, one number a node.
	Scores [][]float64
	// Residual and Steps tell of each vector how far it was taken: scores are off by what Options.Tolerance says, with Residual for
	// Tolerance. A walk also ends when rounding keeps the residual from falling
	// any further, which may be above Tolerance when that is below about 1e-15.
	Residual []float64
	Steps    []int
	// Solver names the method: ConjugateGradients in an undirected graph, GaussSeidel in a directed one.
	Solver string
	// Damping, Tolerance and Dangling are those used, defaults filled in.
	Damping   float64
	Tolerance float64
	Dangling  Dangling
}

// Walk returns the random walk with restart from each vector of seeds, all in the same sweeps: the solution x of
//
//	x = (1-c) q + c Pᵀ x,   P = D⁻¹ W,
//
// with q the seeds divided by their sum, c the damping, W the weights, D the sums of their rows. Along a directed edge the walker
// goes from its tail to its head. Parallel edges add up. A self-loop leads back to its node with its own weight, once.
//
// In an undirected graph the system is symmetric, and is solved by conjugate gradients, which adapt to the graph: 15 to 25 sweeps
// to 1e-10, and at worst a factor of (1-√(1-c²))/c each, 0.56 at c = 0.85, as the Chebyshev semi-iteration; trees that hang on the
// graph are solved for directly, so that a sweep is over what is left. In a directed graph it is solved by Gauss and Seidel's method
// over fixed parts of the nodes, with the mass set right before each sweep. Cost O(m) a sweep and vector; memory 48 bytes a node and
// vector in groups of eight, and a copy of what is left where trees are taken off or an undirected graph is small, 2^19 arcs at most.
//
// A vector comes out the same to the last bit whatever other vectors it is computed beside. An empty graph gives empty vectors
// for empty seeds. Errors: ErrOptions, ErrSeeds, ErrSteps (the result is then filled), or that of the context, which ends the walk
// within a block of rows.
func Walk(ctx context.Context, g *csr.Graph, seeds [][]float64, opts Options) (Result, error) {
	return (&Walker{g: g}).Walk(ctx, seeds, opts)
}

// Walker takes walks over one graph with one damping and one treatment of dead ends, one walk at a time. What the graph is laid out as is
// kept from the first to the others, which saves each a look at all arcs; it takes 40 bytes a node, and what is left of the graph without
// trees. The zero Walker cannot be used.
type Walker struct {
	g      *csr.Graph
	kernel *kernel
}

// NewWalker returns one for a graph. Nothing is laid out yet.
func NewWalker(g *csr.Graph) *Walker { return &Walker{g: g} }

// Walk is the function of that name, to the last bit.
func (w *Walker) Walk(ctx context.Context, seeds [][]float64, opts Options) (Result, error) {
	opts, err := opts.settle()
	if err != nil {
		return Result{}, err
	}
	result, starts, err := prepare(w.g, seeds, opts)
	if err != nil {
		return Result{}, fmt.Errorf("propagate: walk: %w", err)
	}
	err = result.solve(w.g, func() (*kernel, error) { return w.lay(ctx, opts) }, func(k *kernel, first, last int, report *reporter) ([]solved, error) {
		return k.solve(ctx, starts[first:last], report)
	})
	switch {
	case errors.Is(err, ErrSteps):
		return result, fmt.Errorf("propagate: walk: %w", err)
	case err != nil:
		return Result{}, fmt.Errorf("propagate: walk: %w", err)
	}
	return result, nil
}

// lay returns a kernel for these options.
func (w *Walker) lay(ctx context.Context, opts Options) (*kernel, error) {
	had := w.kernel
	if had == nil || had.opts.Damping != opts.Damping || had.opts.Dangling != opts.Dangling || had.opts.Threads != opts.Threads {
		var err error
		w.kernel, err = newKernel(ctx, w.g, opts, forward)
		return w.kernel, err
	}
	set := *had
	set.settle(opts)
	return &set, nil
}

// prepare checks seeds and returns them divided by their sums, and a result that has no figures yet.
func prepare(g *csr.Graph, seeds [][]float64, opts Options) (Result, [][]float64, error) {
	result := Result{
		Scores: make([][]float64, len(seeds)), Residual: make([]float64, len(seeds)), Steps: make([]int, len(seeds)),
		Solver: ConjugateGradients, Damping: opts.Damping, Tolerance: opts.Tolerance, Dangling: opts.Dangling,
	}
	if g.IsDirected() {
		result.Solver = GaussSeidel
	}
	starts, faults := make([][]float64, len(seeds)), make([]error, len(seeds))
	_ = crew.Run(context.Background(), crew.Share(opts.Threads, g.Order()), len(seeds), func(_, i int) {
		starts[i], faults[i] = normalise(g, seeds[i])
	})
	for i, fault := range faults {
		if fault != nil {
			return Result{}, nil, fmt.Errorf("vector %d: %w", i, fault)
		}
	}
	return result, starts, nil
}

// solve fills in the figures, a group of vectors at a time. With ErrSteps they are filled in, too.
func (r *Result) solve(g *csr.Graph, lay func() (*kernel, error), group func(k *kernel, first, last int, report *reporter) ([]solved, error)) error {
	if g.Order() == 0 {
		for i := range r.Scores {
			r.Scores[i] = []float64{}
		}
		return nil
	}
	k, err := lay()
	if err != nil {
		return err
	}
	vectors := len(r.Scores)
	report := newReporter(k, (vectors+lanes-1)/lanes)
	var short error
	for first := 0; first < vectors; first += lanes {
		answers, err := group(k, first, min(first+lanes, vectors), report)
		if err != nil && !errors.Is(err, ErrSteps) {
			return err
		}
		if short == nil {
			short = err
		}
		for j, s := range answers {
			r.Scores[first+j], r.Residual[first+j], r.Steps[first+j] = s.values, s.residual, s.steps
		}
	}
	if short == nil {
		report.finish()
	}
	return short
}

// normalise checks seeds and returns them divided by their sum.
func normalise(g *csr.Graph, seeds []float64) ([]float64, error) {
	if len(seeds) != g.Order() {
		return nil, fmt.Errorf("%w: %d numbers for %d nodes", ErrSeeds, len(seeds), g.Order())
	}
	var greatest, sum float64
	for u, s := range seeds {
		if !(s >= 0 && s <= math.MaxFloat64) {
			return nil, fmt.Errorf("%w: node %d has %v", ErrSeeds, u, s)
		}
		greatest = max(greatest, s)
	}
	if greatest == 0 && len(seeds) > 0 {
		return nil, fmt.Errorf("%w: all are 0", ErrSeeds)
	}
	// Taken relative to the greatest, no sum overflows and no quotient is lost.
	q := make([]float64, len(seeds))
	for u, s := range seeds {
		q[u] = s / greatest
		sum += q[u]
	}
	for u := range q {
		q[u] /= sum
	}
	return q, nil
}

// Exposed holds exposure ratios and the walks they were taken from.
type Exposed struct {
	// Ratio holds, for each vector of seeds, one ratio a node.
	Ratio [][]float64
	// Walk holds the walks from the seeds and, last, the one from the base.
	Walk Result
}

// Exposure returns, for every node and each vector of seeds, the ratio of its score in the walk from the seeds to its score in
// the walk from base, which is every node alike when nil. Above 1 the node is nearer to the seeds than its place in the graph alone
// would make it; the division takes away what being a hub gives. Where the base's score is 0 the ratio is 0 if the other is, too, and
// +Inf otherwise, which cannot happen when base is nil.
//
// Ratios are as exact as the smaller score: leave Tolerance at its default. Errors and cost are those of Walk.
func Exposure(ctx context.Context, g *csr.Graph, seeds [][]float64, base []float64, opts Options) (Exposed, error) {
	if base == nil {
		base = make([]float64, g.Order())
		for u := range base {
			base[u] = 1
		}
	}
	walk, err := Walk(ctx, g, append(append([][]float64{}, seeds...), base), opts)
	if err != nil {
		return Exposed{Walk: walk}, err
	}
	exposed := Exposed{Walk: walk, Ratio: make([][]float64, len(seeds))}
	for i := range seeds {
		exposed.Ratio[i] = Ratio(walk.Scores[i], walk.Scores[len(seeds)])
	}
	return exposed, nil
}

// Ratio divides two vectors of one length, with 0/0 = 0.
func Ratio(over, under []float64) []float64 {
	ratio := make([]float64, len(over))
	for u, x := range over {
		if x != 0 {
			ratio[u] = x / under[u]
		}
	}
	return ratio
}

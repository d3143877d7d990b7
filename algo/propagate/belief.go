package propagate

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"rummage/algo/csr"
)

// most is how many classes LinBP takes: one a lane.
const most = lanes

// LinBPOptions say how classes spread. The zero value is usable.
type LinBPOptions struct {
	Limits
	// Coupling says how a class at one end of an edge speaks for a class at the other: a symmetric matrix, 0 for indifference, whose rows
	// usually sum to 0. Nil lets each class speak for itself and against the others alike.
	Coupling [][]float64
	// Scale multiplies it; 0 means half of the largest usable one.
	Scale float64
	// WithoutEcho leaves out the term that takes back what a node hears of its own belief from its neighbours.
	WithoutEcho bool
}

// Beliefs are what LinBP or FaBP come to.
type Beliefs struct {
	// Scores holds one vector a class, one number a node, centred at 0 as the priors are.
	Scores [][]float64
	// Scale is the one used: of the coupling, or the homophily. Radius is the spectral radius of the recurrence with it, which is below 1.
	Scale, Radius float64
	// Residual is how much one more round would change the scores in sum, beside the sum of the priors, at most.
	Residual float64
	Steps    int
	// Tolerance and WithoutEcho are those used.
	Tolerance   float64
	WithoutEcho bool
}

// LinBP returns the beliefs of linearised belief propagation (Gatterbauer, Günnemann, Koutra and Faloutsos, PVLDB 8(5), 2015), the
// solution B of
//
//	B = E + A B H − D B H²,
//
// with E the priors, one vector a class, A the weights, H the scaled coupling, and D the diagonal of A²: the sum of squared weights of a
// node. Without echo the last term is left out. Use it for more than two classes, or where unlike attracts unlike, which
// the coupling says.
//
// The recurrence converges if and only if the spectral radius of H⊗A − H²⊗D is below 1. That is computed before the run, from the ends
// of the spectrum of λA − λ²D for each eigenvalue λ of H, and ErrDiverges tells the radius and the largest scale that is usable. In the
// basis of H's eigenvectors the classes come apart into symmetric systems, which are solved side by side by conjugate gradients.
//
// Parallel edges add up; a self-loop counts once; a node without edges keeps its priors; no priors, all of 0, or an empty graph give
// zeros. Cost O(km) a sweep for k classes, some dozens of sweeps for the radius and as many for the solution, some hundred more for the
// largest scale where it is asked for; memory 40 bytes a node and class. Errors: ErrOptions, for a directed graph, too, or more than
// eight classes; ErrSeeds; ErrDiverges; ErrSteps, with the result filled; or that of the context.
func LinBP(ctx context.Context, g *csr.Graph, priors [][]float64, opts LinBPOptions) (Beliefs, error) {
	b, err := linBP(ctx, g, priors, opts)
	if err != nil {
		err = fmt.Errorf("propagate: linbp: %w", err)
	}
	return b, err
}

func linBP(ctx context.Context, g *csr.Graph, priors [][]float64, opts LinBPOptions) (Beliefs, error) {
	modes, basis, err := coupling(opts.Coupling, len(priors))
	if err != nil {
		return Beliefs{}, err
	}
	spread := spread{modes: modes, pull: func(mode, scale float64) float64 { return scale * mode }, slope: func(mode, scale float64) float64 {
		return float64(scale*mode) * float64(scale*mode)
	}}
	if opts.WithoutEcho {
		spread.slope = func(float64, float64) float64 { return 0 }
	}
	// In the basis of the coupling's eigenvectors.
	turned := make([][]float64, len(priors))
	for j := range priors {
		if len(priors[j]) != g.Order() {
			return Beliefs{}, fmt.Errorf("%w: %d numbers for %d nodes in class %d", ErrSeeds, len(priors[j]), g.Order(), j)
		}
		turned[j] = make([]float64, g.Order())
	}
	turn(turned, priors, func(to, from int) float64 { return basis.At(from, to) })
	b, err := spread.run(ctx, g, turned, opts.Scale, opts.Limits)
	b.WithoutEcho = opts.WithoutEcho
	if b.Scores != nil {
		scores := make([][]float64, len(priors))
		for j := range scores {
			scores[j] = make([]float64, g.Order())
		}
		turn(scores, b.Scores, func(to, from int) float64 { return basis.At(to, from) })
		b.Scores = scores
		b.Residual *= math.Sqrt(float64(len(priors)))
	}
	return b, err
}

// turn adds up vectors.
func turn(to, from [][]float64, factor func(to, from int) float64) {
	for i := range to {
		for j := range from {
			f := factor(i, j)
			for u, x := range from[j] {
				to[i][u] += float64(f * x)
			}
		}
	}
}

// coupling checks the matrix and returns its eigenvalues and eigenvectors.
func coupling(h [][]float64, classes int) ([]float64, *mat.Dense, error) {
	if classes < 2 || classes > most {
		return nil, nil, fmt.Errorf("%w: %d classes, and there can be 2 to %d", ErrOptions, classes, most)
	}
	if h == nil {
		h = make([][]float64, classes)
		for i := range h {
			h[i] = fill(classes, func(j int) float64 {
				if i == j {
					return 1 - 1/float64(classes)
				}
				return -1 / float64(classes)
			})
		}
	}
	if len(h) != classes {
		return nil, nil, fmt.Errorf("%w: coupling of %d classes for %d", ErrOptions, len(h), classes)
	}
	m := mat.NewSymDense(classes, nil)
	for i, row := range h {
		if len(row) != classes {
			return nil, nil, fmt.Errorf("%w: coupling of %d classes has %d numbers in row %d", ErrOptions, classes, len(row), i)
		}
		for j, x := range row {
			if !(math.Abs(x) <= math.MaxFloat64) || x != h[j][i] {
				return nil, nil, fmt.Errorf("%w: coupling is %v from class %d to %d, and %v back", ErrOptions, x, i, j, h[j][i])
			}
			m.SetSym(i, j, x)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(m, true) {
		return nil, nil, fmt.Errorf("%w: coupling has no eigenvalues", ErrOptions)
	}
	var basis mat.Dense
	eigen.VectorsTo(&basis)
	return eigen.Values(nil), &basis, nil
}

// FaBPOptions say how strongly two ends of an edge are alike. The zero value is usable.
type FaBPOptions struct {
	Limits
	// Homophily is h, between -1/2 and 1/2: an end of an edge is like the other with probability 1/2 + h. Below 0 unlike attracts unlike.
	// 0 means half of the largest usable one.
	Homophily float64
}

// FaBP returns the beliefs of fast belief propagation (Koutra, Ke, Kang, Chau, Pao and Faloutsos, ECML PKDD 2011) between two classes,
// as one vector: above 0 for the first, below for the other. It is the solution b of
//
//	(I + aD − c'A) b = φ,   a = 4h²/(1−4h²),   c' = 2h/(1−4h²),
//
// with φ the priors, A the weights and D the sum of squared weights of each node, which in an unweighted graph is its degree. Use it
// where both hits and clearances are known; with h at its least it ranks as the number of paths does.
//
// It converges if and only if the spectral radius of c'A − aD is below 1, which is computed before the run. All else is as in LinBP.
func FaBP(ctx context.Context, g *csr.Graph, priors []float64, opts FaBPOptions) (Beliefs, error) {
	if !(math.Abs(opts.Homophily) < 0.5) {
		return Beliefs{}, fmt.Errorf("propagate: fabp: %w: homophily %v is not between -1/2 and 1/2", ErrOptions, opts.Homophily)
	}
	spread := spread{modes: []float64{1}, limit: 0.5,
		pull:  func(_, h float64) float64 { return 2 * h / (1 - 4*h*h) },
		slope: func(_, h float64) float64 { return 4 * h * h / (1 - 4*h*h) }}
	if len(priors) != g.Order() {
		return Beliefs{}, fmt.Errorf("propagate: fabp: %w: %d numbers for %d nodes", ErrSeeds, len(priors), g.Order())
	}
	b, err := spread.run(ctx, g, [][]float64{priors}, opts.Homophily, opts.Limits)
	if err != nil {
		err = fmt.Errorf("propagate: fabp: %w", err)
	}
	return b, err
}

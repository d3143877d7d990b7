package propagate

import (
	"fmt"
	"math"

	"rummage/algo/csr"
)

// DefaultRelative is the default of Limits.Tolerance.
const DefaultRelative = 1e-12

// Limits say how far the methods beside the walk are taken, and at what cost. The zero value is usable.
type Limits struct {
	// Tolerance is the residual to reach: how much one more round of the method would change its result, beside the size of what went
	// in, both as sums of absolute values unless the method says otherwise. 0 means 1e-12.
	Tolerance float64
	// MaxSteps bounds the number of sweeps; 0 means 10,000.
	MaxSteps int
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change a bit of the result.
	Threads int
	// Progress, if set, is called after every sweep, from the caller's goroutine, with the sweeps done and the number expected.
	Progress func(done, total int)
}

// Settled checks the limits and fills in the defaults. The error wraps ErrOptions.
func (l Limits) Settled() (Limits, error) {
	if l.Tolerance == 0 {
		l.Tolerance = DefaultRelative
	}
	if l.MaxSteps == 0 {
		l.MaxSteps = DefaultMaxSteps
	}
	switch {
	case !(l.Tolerance > 0 && l.Tolerance <= 1):
		return l, fmt.Errorf("%w: tolerance %v is not above 0 and at most 1", ErrOptions, l.Tolerance)
	case l.MaxSteps < 0:
		return l, fmt.Errorf("%w: %d steps at most", ErrOptions, l.MaxSteps)
	}
	return l, nil
}

// reporter hands sweeps on as progress towards the number that the system is expected to take.
func (l Limits) reporter(s *system) *reporter {
	return &reporter{progress: l.Progress, groups: 1, expected: max(min(s.expected(l.Tolerance), l.MaxSteps), 1)}
}

// scaled checks numbers of either sign, one a node, and returns them divided by the greatest of them, with that.
func scaled(g *csr.Graph, priors []float64) ([]float64, float64, error) {
	if len(priors) != g.Order() {
		return nil, 0, fmt.Errorf("%w: %d numbers for %d nodes", ErrSeeds, len(priors), g.Order())
	}
	greatest := 0.0
	for u, x := range priors {
		if !(math.Abs(x) <= math.MaxFloat64) {
			return nil, 0, fmt.Errorf("%w: node %d has %v", ErrSeeds, u, x)
		}
		greatest = max(greatest, math.Abs(x))
	}
	if greatest == 0 {
		return make([]float64, len(priors)), 1, nil
	}
	return fill(len(priors), func(u int) float64 { return priors[u] / greatest }), greatest, nil
}

// sumOf adds absolute values.
func sumOf(vector []float64) float64 {
	var sum float64
	for _, x := range vector {
		sum += math.Abs(x)
	}
	return sum
}

// undirected checks that a graph is.
func undirected(g *csr.Graph) error {
	if g.IsDirected() {
		return fmt.Errorf("%w: the graph is directed; csr.Graph.Symmetric makes one that is not", ErrOptions)
	}
	return nil
}

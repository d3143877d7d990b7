package propagate

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// lanes is how many vectors share one sweep: eight float64 fill a cache line, so that the row of a neighbour is one fetch.
const lanes = 8

// blockArcs is the size of the pieces that a sweep is cut into: small enough to share out and to stop at, large enough to pay.
const blockArcs = 1 << 14

// A walk that has taken twice the sweeps that its rate asks for, and whose residual is under stallBelow, has reached the limit of
// float64. The residual itself cannot tell: in the Chebyshev semi-iteration it dips and rises again on its way down.
const stallBelow = 1e-11

// sense is the direction in which a kernel looks along the edges.
type sense uint8

const (
	// forward solves x = (1-c) q + c Pᵀ x: where the walker is.
	forward sense = iota
	// adjoint solves h = (1-c) e + c P h: for every start, how much of the walk is spent at the node that e marks.
	adjoint
)

// kernel solves one linear system for groups of right-hand sides.
type kernel struct {
	g      *csr.Graph
	opts   Options
	sense  sense
	blocks []uint32
	// inverse is 1/strength, 0 for a dead end.
	inverse []float64
	// moving tells that dead ends send the walker back within the iteration. In an undirected graph nobody can walk to a dead
	// end, so there the solution without it, divided by its sum, is the same.
	moving bool
}

func newKernel(g *csr.Graph, opts Options, way sense) *kernel {
	k := &kernel{g: g, opts: opts, sense: way, blocks: g.Blocks(blockArcs), inverse: make([]float64, g.Order())}
	for u := range k.inverse {
		if s := g.Strength(uint32(u)); s > 0 {
			k.inverse[u] = 1 / s
		}
	}
	k.moving = way == forward && g.IsDirected() && opts.Dangling == DanglingRestart
	return k
}

// expected is the number of sweeps that reduce an error of 1 to Tolerance at the rate that is sure in the long run.
func (k *kernel) expected() int {
	rate := k.opts.Damping
	if !k.g.IsDirected() {
		rate /= 1 + math.Sqrt(1-rate*rate)
	}
	return int(math.Ceil(math.Log(k.opts.Tolerance)/math.Log(rate))) + 1
}

// solved is one solution.
type solved struct {
	values    []float64
	residual  float64
	steps     int
	converged bool
}

// state is the memory of one group: vectors of width numbers a node, node by node. Lanes beyond those in use hold zeros.
type state struct {
	width    int
	right    []float64
	now      []float64
	before   []float64
	source   []float64
	coming   []float64
	residual []float64
	dangling []float64
	// lift is what the restart gains by the walkers that dead ends send back.
	lift [lanes]float64
	// omega is the extrapolation of the Chebyshev semi-iteration, 1 for a plain step.
	omega float64
}

// solve iterates until every vector of the group has converged. Each vector stops by its own residual alone.
func (k *kernel) solve(ctx context.Context, right [][]float64, report *reporter) ([]solved, error) {
	s := k.begin(right)
	answers := make([]solved, len(right))
	open := len(answers)
	rho := k.opts.Damping
	for step := 1; open > 0; step++ {
		if err := k.sweep(ctx, s); err != nil {
			return nil, err
		}
		for j := range answers {
			if answers[j].values != nil {
				continue
			}
			residual := k.total(s.residual, s.width, j)
			converged := residual <= k.opts.Tolerance || (residual < stallBelow && step >= 2*k.expected())
			if converged || step >= k.opts.MaxSteps {
				answers[j] = k.finish(s, j, solved{residual: residual, steps: step, converged: converged})
				open--
			}
		}
		s.now, s.before = s.before, s.now
		s.source, s.coming = s.coming, s.source
		k.lift(s)
		if !k.g.IsDirected() {
			if step == 1 {
				s.omega = 2 / (2 - rho*rho)
			} else {
				s.omega = 1 / (1 - rho*rho*s.omega/4)
			}
		}
		report.step(step)
	}
	for _, a := range answers {
		if !a.converged {
			return answers, fmt.Errorf("%w: residual %.3g after %d steps, wanted %g; raise MaxSteps or Tolerance",
				ErrSteps, a.residual, a.steps, k.opts.Tolerance)
		}
	}
	return answers, nil
}

// begin lays out a group. The first iterate is the right-hand side itself, whose mass is already that of the solution, so that
// the slowest part of the error is absent from the start.
func (k *kernel) begin(right [][]float64) *state {
	n, width := k.g.Order(), lanesFor(len(right))
	s := &state{width: width, omega: 1}
	s.right, s.now = make([]float64, n*width), make([]float64, n*width)
	s.before = make([]float64, n*width)
	s.source, s.coming = s.now, s.before
	if k.sense == forward {
		s.source, s.coming = make([]float64, n*width), make([]float64, n*width)
	}
	s.residual = make([]float64, (len(k.blocks)-1)*width)
	s.dangling = make([]float64, (len(k.blocks)-1)*width)
	for b := range len(k.blocks) - 1 {
		for u := int(k.blocks[b]); u < int(k.blocks[b+1]); u++ {
			for j := range right {
				q, at := right[j][u], u*width+j
				s.right[at] = (1 - k.opts.Damping) * q
				s.now[at] = q
				if k.inverse[u] == 0 && !k.moving && !k.g.IsDirected() {
					s.now[at] = s.right[at]
				}
				if k.sense == forward {
					s.source[at] = s.now[at] * k.inverse[u]
				}
				if k.inverse[u] == 0 {
					s.dangling[b*width+j] += s.now[at]
				}
			}
		}
	}
	k.lift(s)
	return s
}

func (k *kernel) lift(s *state) {
	for j := range s.width {
		s.lift[j] = 1
		if k.moving {
			s.lift[j] += k.opts.Damping / (1 - k.opts.Damping) * k.total(s.dangling, s.width, j)
		}
	}
}

// total adds or, for the adjoint whose error is bounded node by node, takes the greatest of the blocks' parts of vector j, in the
// order of the blocks.
func (k *kernel) total(parts []float64, width, j int) float64 {
	var sum float64
	for at := j; at < len(parts); at += width {
		if k.sense == adjoint {
			sum = max(sum, parts[at])
		} else {
			sum += parts[at]
		}
	}
	return sum
}

// sweep computes one step for every node: what the fixed point's equation makes of now, its distance from now, and the next iterate,
// which overwrites before.
func (k *kernel) sweep(ctx context.Context, s *state) error {
	return crew.Run(ctx, k.opts.Threads, len(k.blocks)-1, func(_, b int) {
		residual := s.residual[b*s.width : (b+1)*s.width]
		dangling := s.dangling[b*s.width : (b+1)*s.width]
		clear(residual)
		clear(dangling)
		var gathered [lanes]float64
		for u := k.blocks[b]; u < k.blocks[b+1]; u++ {
			k.gather(s, u, &gathered)
			inverse := k.inverse[u]
			for j := range s.width {
				at := int(u)*s.width + j
				flow := gathered[j]
				if k.sense == adjoint {
					flow *= inverse
				}
				next := s.lift[j]*s.right[at] + k.opts.Damping*flow
				change := math.Abs(next - s.now[at])
				if k.sense == adjoint {
					residual[j] = max(residual[j], change)
				} else {
					residual[j] += change
				}
				if s.omega != 1 {
					next = s.before[at] + s.omega*(next-s.before[at])
				}
				s.before[at] = next
				if k.sense == forward {
					s.coming[at] = next * inverse
				}
				if inverse == 0 {
					dangling[j] += next
				}
			}
		}
	})
}

// finish takes vector j of the current iterate out of the group and gives dead ends their due.
func (k *kernel) finish(s *state, j int, answer solved) solved {
	answer.values = make([]float64, k.g.Order())
	var sum float64
	for u := range answer.values {
		// An iterate may undershoot zero by less than its residual.
		x := max(s.now[u*s.width+j], 0)
		if k.inverse[u] == 0 && k.sense == forward && k.opts.Dangling == DanglingStay {
			x /= 1 - k.opts.Damping
		}
		answer.values[u] = x
		sum += x
	}
	if k.sense == forward && k.opts.Dangling == DanglingRestart && !k.moving {
		for u := range answer.values {
			answer.values[u] /= sum
		}
		answer.residual /= sum
	}
	return answer
}

// reporter turns sweeps into progress.
type reporter struct {
	progress func(done, total int)
	groups   int
	group    int
	expected int
}

func newReporter(k *kernel, groups int) *reporter {
	return &reporter{progress: k.opts.Progress, groups: groups, group: -1, expected: max(min(k.expected(), k.opts.MaxSteps), 1)}
}

// step is called after each sweep of a group, the first of which has number 1.
func (r *reporter) step(number int) {
	if number == 1 {
		r.group++
	}
	if r.progress != nil {
		r.progress(r.group*r.expected+min(number, r.expected-1), r.groups*r.expected)
	}
}

func (r *reporter) finish() {
	if r.progress != nil && r.groups > 0 {
		r.progress(r.groups*r.expected, r.groups*r.expected)
	}
}

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

// kernel solves one linear system for groups of right-hand sides by iterating z ← lift·right + scale·W·source: over the nodes of a
// directed graph as they are; over the core of an undirected one, where both senses are one system and z is x/strength or h.
type kernel struct {
	g     *csr.Graph
	opts  Options
	sense sense
	core  *core // nil for a directed graph

	order  int
	blocks []uint32
	row    func(u uint32) ([]uint32, []float64)

	// inverse is 1/strength for each node of the graph, 0 for a dead end.
	inverse []float64
	// scale stands before what is gathered; norm before a change of z, which makes it one of the solution that Residual bounds.
	scale, norm []float64
	// outgoing turns z into what neighbours gather; nil where they gather z itself.
	outgoing []float64
	// moving tells that dead ends send the walker back within the iteration. In an undirected graph nobody can walk to a dead
	// end, so there the solution without it, divided by its sum, is the same.
	moving bool
}

func newKernel(ctx context.Context, g *csr.Graph, opts Options, way sense) (*kernel, error) {
	k := &kernel{g: g, opts: opts, sense: way, order: g.Order(), inverse: make([]float64, g.Order())}
	strength := make([]float64, g.Order())
	for u := range k.inverse {
		if strength[u] = g.Strength(uint32(u)); strength[u] > 0 {
			k.inverse[u] = 1 / strength[u]
		}
	}
	if g.IsDirected() {
		k.direct()
		return k, nil
	}
	var err error
	if k.core, err = newCore(ctx, g, strength, opts.Damping); err != nil {
		return nil, err
	}
	k.order, k.blocks, k.row = len(k.core.of), k.core.blocks(blockArcs), k.core.row
	k.scale, k.norm = make([]float64, k.order), make([]float64, k.order)
	for i, u := range k.core.of {
		k.scale[i], k.norm[i] = opts.Damping/k.core.diagonal[u], k.core.diagonal[u]
		if way == adjoint {
			k.norm[i] *= k.inverse[u]
		}
	}
	return k, nil
}

// direct lays a directed graph out.
func (k *kernel) direct() {
	k.moving = k.sense == forward && k.opts.Dangling == DanglingRestart
	k.blocks = k.g.Blocks(blockArcs)
	k.scale, k.norm = make([]float64, k.order), make([]float64, k.order)
	for u, inverse := range k.inverse {
		k.scale[u], k.norm[u] = k.opts.Damping, 1
		if k.sense == adjoint {
			k.scale[u] *= inverse
		}
	}
	if k.sense == adjoint {
		k.row = func(u uint32) ([]uint32, []float64) { return k.g.Neighbours(u), k.g.Weights(u) }
		return
	}
	k.row = func(u uint32) ([]uint32, []float64) { return k.g.InNeighbours(u), k.g.InWeights(u) }
	k.outgoing = k.inverse
}

// expected is the number of sweeps that reduce an error of 1 to Tolerance at the rate that is sure in the long run.
func (k *kernel) expected() int {
	rate := k.opts.Damping
	if k.core != nil {
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
	// folded are the right-hand sides of the whole graph where the iteration is over its core.
	folded [][]float64
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
		if k.core != nil {
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

// begin lays out a group. The first iterate has the mass of the solution, so that the slowest part of the error is absent from the
// start: the right-hand side itself, or what each row of the core would make of it if all were equal.
func (k *kernel) begin(right [][]float64) *state {
	n, width := k.order, lanesFor(len(right))
	s := &state{width: width, omega: 1}
	s.right, s.now = make([]float64, n*width), make([]float64, n*width)
	s.before = make([]float64, n*width)
	s.source, s.coming = s.now, s.before
	if k.outgoing != nil {
		s.source, s.coming = make([]float64, n*width), make([]float64, n*width)
	}
	s.residual = make([]float64, (len(k.blocks)-1)*width)
	s.dangling = make([]float64, (len(k.blocks)-1)*width)
	for j := range right {
		if k.core != nil {
			k.foldInto(s, right[j], j)
		} else {
			k.layInto(s, right[j], j)
		}
	}
	k.lift(s)
	return s
}

// layInto writes the start of vector j over the nodes of a directed graph.
func (k *kernel) layInto(s *state, q []float64, j int) {
	for b := range len(k.blocks) - 1 {
		for u := int(k.blocks[b]); u < int(k.blocks[b+1]); u++ {
			at := u*s.width + j
			s.right[at], s.now[at] = (1-k.opts.Damping)*q[u], q[u]
			if k.outgoing != nil {
				s.source[at] = q[u] * k.outgoing[u]
			}
			if k.inverse[u] == 0 {
				s.dangling[b*s.width+j] += q[u]
			}
		}
	}
}

// foldInto writes the start of vector j over the core.
func (k *kernel) foldInto(s *state, q []float64, j int) {
	folded := make([]float64, len(q))
	for u, x := range q {
		folded[u] = (1 - k.opts.Damping) * x
		if k.sense == adjoint && k.inverse[u] > 0 {
			folded[u] *= k.core.strength[u]
		}
	}
	k.core.fold(folded)
	for i, u := range k.core.of {
		at := i*s.width + j
		s.right[at], s.now[at] = folded[u]/k.core.diagonal[u], folded[u]/k.core.slack[i]
	}
	s.folded = append(s.folded, folded)
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
			row, weights := k.row(u)
			gather(row, weights, s, &gathered)
			scale, norm := k.scale[u], k.norm[u]
			for j := range s.width {
				at := int(u)*s.width + j
				next := s.lift[j]*s.right[at] + scale*gathered[j]
				change := norm * math.Abs(next-s.now[at])
				if k.sense == adjoint {
					residual[j] = max(residual[j], change)
				} else {
					residual[j] += change
				}
				if s.omega != 1 {
					next = s.before[at] + s.omega*(next-s.before[at])
				}
				s.before[at] = next
				if k.outgoing != nil {
					s.coming[at] = next * k.outgoing[u]
					if k.outgoing[u] == 0 {
						dangling[j] += next
					}
				}
			}
		}
	})
}

// finish takes vector j of the current iterate out of the group and gives dead ends their due.
func (k *kernel) finish(s *state, j int, answer solved) solved {
	answer.values = k.values(s, j)
	if k.sense == adjoint {
		return answer
	}
	var sum float64
	for u, x := range answer.values {
		if k.inverse[u] == 0 && k.opts.Dangling == DanglingStay {
			x /= 1 - k.opts.Damping
			answer.values[u] = x
		}
		sum += x
	}
	if k.opts.Dangling == DanglingRestart && !k.moving {
		for u := range answer.values {
			answer.values[u] /= sum
		}
		answer.residual /= sum
	}
	return answer
}

// values is the solution for all nodes of the graph that the current iterate stands for.
func (k *kernel) values(s *state, j int) []float64 {
	values := make([]float64, k.g.Order())
	// An iterate may undershoot zero by less than its residual.
	if k.core == nil {
		for u := range values {
			values[u] = max(s.now[u*s.width+j], 0)
		}
		return values
	}
	for i, u := range k.core.of {
		values[u] = max(s.now[i*s.width+j], 0)
	}
	k.core.unfold(s.folded[j], values)
	for u := range values {
		switch {
		case k.inverse[u] == 0:
			values[u] = s.folded[j][u]
		case k.sense == forward:
			values[u] *= k.core.strength[u]
		}
	}
	return values
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

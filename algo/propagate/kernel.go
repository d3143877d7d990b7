package propagate

import (
	"context"
	"fmt"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// sense is the direction in which a kernel looks along the edges.
type sense uint8

const (
	// forward solves x = (1-c) q + c Pᵀ x: where the walker is.
	forward sense = iota
	// adjoint solves h = (1-c) e + c P h: for every start, how much of the walk is spent at the node that e marks.
	adjoint
)

// kernel solves one walk for groups of right-hand sides: over the nodes of a directed graph as they are, by Gauss and Seidel's method;
// of an undirected one, where both senses are one symmetric system and the unknown is x/strength or h, by conjugate gradients, over its
// core where trees that hang on it are worth taking off.
type kernel struct {
	g      *csr.Graph
	opts   Options
	sense  sense
	system *system
	core   *core // nil where the system has the nodes of the graph
	// strength of each node of the graph, 0 for a dead end.
	strength []float64
	// tolerance is what the residual of the system has to come under.
	tolerance float64
	// signed allows solutions below zero.
	signed bool
	// from holds the scores that a group begins with in a directed graph; nil where it begins with its seeds.
	from [][]float64
}

// strengths returns the strength of every node.
func strengths(ctx context.Context, g *csr.Graph, threads int) ([]float64, error) {
	strength := memory.Make[float64](g.Order())
	blocks := g.Blocks(blockArcs)
	err := crew.Run(ctx, threads, len(blocks)-1, func(_, b int) {
		for u := blocks[b]; u < blocks[b+1]; u++ {
			strength[u] = g.Strength(u)
		}
	})
	return strength, err
}

func newKernel(ctx context.Context, g *csr.Graph, opts Options, way sense) (*kernel, error) {
	k := &kernel{g: g, sense: way}
	k.settle(opts)
	var err error
	if k.strength, err = strengths(ctx, g, opts.Threads); err != nil {
		return nil, err
	}
	if g.IsDirected() {
		k.direct()
		return k, nil
	}
	if k.system, k.core, err = symmetric(ctx, g, k.strength, opts); err != nil {
		return nil, err
	}
	if way == adjoint {
		k.system.worst = true
		k.system.norm = fill(k.system.order, func(i int) float64 {
			if strength := k.strength[k.node(i)]; strength > 0 {
				return 1 / strength
			}
			return 0
		})
	}
	return k, nil
}

// settle takes options over: for a kernel that was laid out, with the same damping, dead ends and threads.
func (k *kernel) settle(opts Options) {
	k.opts, k.tolerance = opts, opts.Tolerance
	if k.sense == forward && opts.Dangling == DanglingRestart && !k.g.IsDirected() {
		// With a residual of r the scores sum to 1-r/(1-c) at least, which their residual is divided by when they are.
		k.tolerance /= 1 + k.tolerance/(1-opts.Damping)
	}
}

// node is the node of the graph that number i of the system stands for.
func (k *kernel) node(i int) uint32 {
	if k.core != nil {
		return k.core.of[i]
	}
	return uint32(i)
}

// direct lays a directed graph out.
func (k *kernel) direct() {
	n := k.g.Order()
	s := &system{rows: rows{g: k.g, inwards: k.sense == forward}, order: n, threads: k.opts.Threads, rate: k.opts.Damping, diagonal: k.strength}
	s.blocks = s.rows.blocks(seidelBlock(k.g))
	s.alike(1, 0, k.opts.Damping)
	s.inverse = memory.Make[float64](n)
	for u, strength := range k.strength {
		s.inverse[u] = 1
		if strength > 0 {
			s.inverse[u] = 1 / strength
		}
	}
	if s.worst = k.sense == adjoint; !s.worst {
		s.norm = fill(n, func(u int) float64 { return 1 / s.inverse[u] })
	}
	k.system = s
}

func (k *kernel) goal() goal { return goal{k.tolerance, k.opts.MaxSteps} }

// expected is the number of sweeps that reduce an error of 1 to Tolerance at the rate that is sure in the long run.
func (k *kernel) expected() int {
	if k.g.IsDirected() {
		return plainSteps(k.opts.Damping, k.opts.Tolerance)
	}
	return k.system.expected(k.opts.Tolerance)
}

// solve solves for every vector of the group. Each stops by its own residual alone.
func (k *kernel) solve(ctx context.Context, right [][]float64, report *reporter) ([]solved, error) {
	width := lanesFor(len(right))
	laid := memory.Make[float64](k.system.order * width)
	folded := make([][]float64, len(right))
	if err := k.each(ctx, len(right), func(j int) { folded[j] = k.fold(right[j]) }); err != nil {
		return nil, err
	}
	if err := k.lay(ctx, width, folded, laid); err != nil {
		return nil, err
	}
	var answers []solved
	var err error
	report.group++
	if k.g.IsDirected() {
		answers, err = k.system.relax(ctx, laid, relaxation{count: len(right), goal: k.goal(), alpha: k.opts.Damping, start: k.layStart(width),
			mend: k.sense == forward, send: k.sense == forward && k.opts.Dangling == DanglingRestart, report: report.step})
	} else {
		answers, err = k.system.conjugate(ctx, laid, len(right), k.goal(), report.step)
	}
	if err != nil {
		return nil, err
	}
	if err := k.each(ctx, len(answers), func(j int) { answers[j] = k.finish(folded[j], answers[j]) }); err != nil {
		return nil, err
	}
	return answers, unconverged(answers, k.opts.Tolerance)
}

// each runs work on every vector of a group, shared among threads where the graph is large.
func (k *kernel) each(ctx context.Context, vectors int, work func(j int)) error {
	return crew.Run(ctx, crew.Share(k.opts.Threads, k.g.Order()), vectors, func(_, j int) { work(j) })
}

// lay lays right-hand sides out as the system takes them.
func (k *kernel) lay(ctx context.Context, width int, folded [][]float64, laid []float64) error {
	cut := crew.Cut(k.system.order, blockArcs)
	return crew.Run(ctx, crew.Share(k.opts.Threads, k.system.order), len(cut)-1, func(_, b int) {
		for i := cut[b]; i < cut[b+1]; i++ {
			// An unconnected node of an undirected graph is no unknown.
			if u := k.node(i); k.strength[u] > 0 || k.g.IsDirected() {
				for j := range folded {
					laid[i*width+j] = folded[j][u]
				}
			}
		}
	})
}

// layStart lays the scores to begin with out as relax takes them.
func (k *kernel) layStart(width int) []float64 {
	if k.from == nil {
		return nil
	}
	laid := memory.Make[float64](k.system.order * width)
	for j, scores := range k.from {
		for u, x := range scores {
			laid[u*width+j] = x * k.system.inverse[u]
		}
	}
	return laid
}

// unconverged tells of the first solution that is not as near as was asked for.
func unconverged(answers []solved, tolerance float64) error {
	for _, a := range answers {
		if !a.converged {
			return fmt.Errorf("%w: residual %.3g after %d steps, wanted %g; raise MaxSteps or Tolerance", ErrSteps, a.residual, a.steps, tolerance)
		}
	}
	return nil
}

// fold turns the start of a walk into the right-hand side of the system: for all nodes of the graph, of which the core has its own.
//
// Nobody can walk to a dead end of an undirected graph, so that the solution without what dead ends send back, divided by its sum, is the one
// with it. The sum is known before, and divides what goes in, so that the residual is that of the scores.
func (k *kernel) fold(q []float64) []float64 {
	right := make([]float64, len(q))
	share := 1 - k.opts.Damping
	if k.sense == forward && k.opts.Dangling == DanglingRestart && !k.g.IsDirected() {
		share /= 1 - k.lost(q)
	}
	for u, x := range q {
		right[u] = share * x
		if k.sense == adjoint && k.strength[u] > 0 {
			right[u] *= k.strength[u]
		}
	}
	if k.core != nil {
		k.core.fold(right)
	}
	return right
}

// values is the solution of the walk, for all nodes of the graph, that one of the system stands for.
func (k *kernel) values(folded, y []float64) []float64 {
	if !k.signed {
		// An iterate may undershoot zero by less than its residual.
		for i, x := range y {
			y[i] = max(x, 0)
		}
	}
	values := y
	if k.core != nil {
		values = make([]float64, len(folded))
		for i, u := range k.core.of {
			values[u] = y[i]
		}
		k.core.unfold(folded, values)
	}
	for u, strength := range k.strength {
		switch {
		case strength == 0 && !k.g.IsDirected():
			values[u] = folded[u]
		case strength > 0 && k.sense == forward:
			values[u] *= strength
		}
	}
	return values
}

// lost is what the scores of a walk in an undirected graph lack of 1 where dead ends send nothing back.
func (k *kernel) lost(q []float64) float64 {
	dead := 0.0
	for u, x := range q {
		if k.strength[u] == 0 {
			dead += x
		}
	}
	return k.opts.Damping * dead
}

// finish turns a solution of the system into one of the walk and gives dead ends their due.
func (k *kernel) finish(folded []float64, answer solved) solved {
	answer.values = k.values(folded, answer.values)
	if k.sense == adjoint {
		return answer
	}
	return k.endings(answer)
}

// endings gives dead ends of a walk forward their due.
func (k *kernel) endings(answer solved) solved {
	var sum float64
	for u, x := range answer.values {
		if k.strength[u] == 0 && k.opts.Dangling == DanglingStay {
			x /= 1 - k.opts.Damping
			answer.values[u] = x
		}
		sum += x
	}
	if k.opts.Dangling == DanglingRestart && !k.g.IsDirected() {
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

// step is called after each sweep of a group with its number.
func (r *reporter) step(number int) {
	if r.progress != nil {
		r.progress(r.group*r.expected+min(number, r.expected-1), r.groups*r.expected)
	}
}

func (r *reporter) finish() {
	if r.progress != nil && r.groups > 0 {
		r.progress(r.groups*r.expected, r.groups*r.expected)
	}
}

package propagate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
)

// Adjusted holds the scores of a walk after a change of the graph.
type Adjusted struct {
	// Scores holds one number a node. Nodes lists those whose score is not as before, in ascending order.
	Scores []float64
	Nodes  []uint32
	// Residual bounds what the scores are off by in sum, without signs, more than those before were.
	Residual float64
	// Bound is the greatest residual per unit of strength that was left. In an undirected graph the score of v is off by at most Bound times
	// its strength, in a directed one by at most Residual, each beside what was amiss before. It is no more than Epsilon unless
	// MaxPushes ended the work.
	Bound  float64
	Pushes int
	// Damping and Epsilon are those used.
	Damping, Epsilon float64
}

// Difference is what a change made of a graph: the graphs before and after, and the nodes whose rows differ, as csr.Graph.Patch tells them.
type Difference struct {
	Before, After *csr.Graph
	Touched       []uint32
}

// Adjust brings scores of a walk up to date after a change of the graph, without looking at the rest of it. Scores are those of Walk or
// Push before it under DanglingLose; under the other treatments as long as there is no dead end before or after. Seeds stay as they were, and new nodes are
// none: where they are to be, or all nodes are seeds, Resume is the way.
//
// What a node hands on to its neighbours now less what it handed on before is where the equation of the walk fails. That is pushed on, as
// in Push but with either sign, until no residual exceeds Epsilon per unit of strength (Ohsaka, Maehara and Kawarabayashi, KDD 2015;
// Zhang, Lofgren and Goel, KDD 2016). The scores of a walk from everywhere are about 1 over the sum of all strengths per unit, so an Epsilon
// of a thousandth of that is for three digits; the default suits walks from few seeds. Where every score changes a little, as in a walk from
// everywhere, Resume soon costs no more.
//
// Cost: the rows of touched nodes, one row a push; memory 12 bytes a node and 40 for each that is met. The order of pushes depends on the
// graphs and the nodes touched alone. Errors: ErrOptions, also for fewer nodes after than before and touched nodes that do not exist;
// ErrSeeds for scores that are not one finite, non-negative number a node of the graph before; or that of the context.
func Adjust(ctx context.Context, change Difference, scores []float64, opts PushOptions) (Adjusted, error) {
	opts, err := opts.settle()
	if err == nil {
		err = change.check(scores)
	}
	if err != nil {
		return Adjusted{}, fmt.Errorf("propagate: adjust: %w", err)
	}
	before, after := change.Before, change.After
	p := pusher{g: after, opts: opts, dense: make([]uint32, after.Order())}
	for i, u := range slices.Compact(slices.Sorted(slices.Values(change.Touched))) {
		if i%64 == 0 && ctx.Err() != nil {
			return Adjusted{}, fmt.Errorf("propagate: adjust: %w", ctx.Err())
		}
		if int(u) < len(scores) && scores[u] != 0 {
			p.give(before, u, -scores[u])
			p.give(after, u, scores[u])
		}
	}
	pushes, err := p.descend(ctx)
	if err != nil {
		return Adjusted{}, fmt.Errorf("propagate: adjust: %w", err)
	}
	result := Adjusted{Scores: make([]float64, after.Order()), Pushes: pushes, Damping: opts.Damping, Epsilon: opts.Epsilon}
	copy(result.Scores, scores)
	told := p.collect(pushes)
	result.Nodes, result.Residual, result.Bound = told.Nodes, told.Residual, told.Bound
	for i, u := range told.Nodes {
		// A score may undershoot zero by less than it is off.
		result.Scores[u] = max(result.Scores[u]+told.Scores[i], 0)
	}
	return result, nil
}

func (d Difference) check(scores []float64) error {
	before, after := d.Before, d.After
	if before.IsDirected() != after.IsDirected() || before.Order() > after.Order() {
		return fmt.Errorf("%w: the graph after is none that came of the one before: %d nodes, and %d before", ErrOptions,
			after.Order(), before.Order())
	}
	if len(scores) != before.Order() {
		return fmt.Errorf("%w: %d numbers for %d nodes", ErrSeeds, len(scores), before.Order())
	}
	for u, x := range scores {
		if !(x >= 0 && x <= math.MaxFloat64) {
			return fmt.Errorf("%w: node %d has %v", ErrSeeds, u, x)
		}
	}
	for _, u := range d.Touched {
		if uint64(u) >= uint64(after.Order()) {
			return fmt.Errorf("%w: node %d is touched, and there are %d", ErrOptions, u, after.Order())
		}
	}
	return nil
}

// steepness is how much smaller the residuals are from one round of descend to the next.
const steepness = 4

// descend pushes the greatest residuals first, round by round, down to those of Epsilon: what is pushed late has gathered more. It takes a
// third as many pushes as going down at once.
func (p *pusher) descend(ctx context.Context) (pushes int, err error) {
	wanted, greatest := p.opts.Epsilon, 0.0
	for _, n := range p.met {
		if n.strength > 0 {
			greatest = max(greatest, math.Abs(n.residual)/n.strength)
		}
	}
	most := p.opts.MaxPushes
	for p.opts.Epsilon = max(greatest, wanted); pushes < most; {
		last := p.opts.Epsilon/steepness <= wanted
		p.opts.Epsilon = max(p.opts.Epsilon/steepness, wanted)
		p.opts.MaxPushes = most - pushes
		for at := range p.met {
			p.arm(at)
		}
		more, err := p.run(ctx)
		if pushes += more; err != nil || last {
			return pushes, err
		}
	}
	return pushes, nil
}

// give adds to the residuals of the neighbours of u what a node of score x hands on, and queues nobody.
func (p *pusher) give(g *csr.Graph, u uint32, x float64) {
	strength := g.Strength(u)
	if strength == 0 {
		return
	}
	weights := g.Weights(u)
	for i, v := range g.Neighbours(u) {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if w > 0 {
			at := p.find(v)
			p.met[at].residual += p.opts.Damping * x * w / strength / (1 - p.opts.Damping)
		}
	}
}

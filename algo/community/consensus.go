package community

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// ConsensusOptions say which divisions Agree takes together. The zero value is usable.
type ConsensusOptions struct {
	// Leiden holds the options of every run. Its Seed decides the seeds of all; Progress is called with runs done and runs planned,
	// which grow with every round that is needed, and Threads is the number of runs at work at a time.
	Leiden Options
	// Runs is the number of seeds; 0 means DefaultRuns.
	Runs int
	// Resolutions are run with every seed each in the first round; nil means that of Leiden alone, which is that of later rounds too.
	Resolutions []float64
	// Threshold is the least share of the runs in which two neighbours are together for their edge to stay; 0 means DefaultThreshold.
	Threshold float64
	// Rounds bounds the rounds; 0 means DefaultRounds.
	Rounds int
}

// Defaults of ConsensusOptions.
const (
	DefaultRuns      = 20
	DefaultThreshold = 0.5
	DefaultRounds    = 10
)

// ConsensusResult is the division that many runs agree on, and how far they do.
type ConsensusResult struct {
	// Membership gives the community of every node. Communities are numbered by their smallest member.
	Membership  []uint32
	Communities int
	// Quality is that of Membership in the graph given, at the resolution of Leiden's options.
	Quality float64
	// Member is, for every node, the share of the first round's runs in which it is in the community that most members of its
	// community are in; of a node on its own, the share in which it is alone.
	Member []float64
	// Community is, for every community, the mean over these runs of the Jaccard similarity to that community of theirs.
	Community []float64
	// Likeness is the mean adjusted mutual information of these runs and Membership.
	Likeness float64
	// Divisions is the number of runs of the first round, Rounds how many rounds were made, and Agreed whether all runs of the last
	// found the same. Where they did not, communities are what is tied together by pairs that most of them have together.
	Divisions, Rounds int
	Agreed            bool
	// Method is "consensus"; the others are those used, defaults filled in.
	Method      string
	Objective   Objective
	Resolutions []float64
	Threshold   float64
	Seed        uint64
}

// Agree makes one division of many (Lancichinetti and Fortunato 2012). It runs Leiden with many seeds, multiplies the weight of every
// edge by the share of runs that have its ends together, cuts edges below Threshold, and runs Leiden on the graph that is left, until
// all runs find the same. A node that would lose all its edges keeps the one whose ends are together most often.
//
// Only pairs of neighbours are looked at, where the paper has a matrix of all pairs; Tandon and others (2019) found that to change
// little. Weights are multiplied, not replaced, so that a resolution of CPM keeps its meaning. Under modularity what is cut
// changes the null model, as it does in the paper.
//
// Every run has a seed of its own that does not depend on threads, so neither does the result. Cost: that of all runs on one thread
// each, and of one look at every edge and run a round; memory 8 bytes a node and run, 16 an arc. Errors are those of Leiden, and
// ErrOptions.
func Agree(ctx context.Context, g *csr.Graph, opts ConsensusOptions) (ConsensusResult, error) {
	opts, err := opts.settle(g)
	if err != nil {
		return ConsensusResult{}, fmt.Errorf("community: consensus: %w", err)
	}
	c := &consensus{g: g, opts: opts, tell: crew.NewTally(len(opts.Resolutions)*opts.Runs, opts.Leiden.Progress)}
	r := ConsensusResult{
		Method: "consensus", Objective: opts.Leiden.Objective, Resolutions: opts.Resolutions, Threshold: opts.Threshold,
		Seed: opts.Leiden.Seed, Divisions: len(opts.Resolutions) * opts.Runs,
	}
	first, err := c.converge(ctx, &r)
	if err == nil {
		err = r.judge(ctx, first, opts.Leiden.Threads)
	}
	if err == nil {
		r.Quality, err = Quality(g, r.Membership, opts.Leiden)
	}
	if err != nil {
		return ConsensusResult{}, fmt.Errorf("community: consensus: %w", err)
	}
	return r, nil
}

func (o ConsensusOptions) settle(g *csr.Graph) (ConsensusOptions, error) {
	var err error
	progress := o.Leiden.Progress
	if o.Leiden, err = o.Leiden.settle(g); err != nil {
		return o, err
	}
	o.Leiden.Progress = progress
	if o.Runs == 0 {
		o.Runs = DefaultRuns
	}
	if o.Rounds == 0 {
		o.Rounds = DefaultRounds
	}
	if o.Threshold == 0 {
		o.Threshold = DefaultThreshold
	}
	if o.Resolutions == nil {
		o.Resolutions = []float64{o.Leiden.Resolution}
	}
	if o.Runs < 1 || o.Rounds < 1 || !(o.Threshold > 0 && o.Threshold <= 1) || len(o.Resolutions) == 0 {
		return o, fmt.Errorf("%w: %d runs at %d resolutions, %d rounds, threshold %v", ErrOptions, o.Runs, len(o.Resolutions), o.Rounds,
			o.Threshold)
	}
	return o, nil
}

// consensus is the work of Agree.
type consensus struct {
	g    *csr.Graph
	opts ConsensusOptions
	tell *crew.Tally
}

// converge makes rounds, and returns the divisions of the first.
func (c *consensus) converge(ctx context.Context, r *ConsensusResult) ([][]uint32, error) {
	g := c.g
	first, err := c.round(ctx, g, 0, c.opts.Resolutions)
	if err != nil {
		return nil, err
	}
	for divisions := first; ; {
		r.Rounds++
		r.Membership = divisions[0]
		r.Agreed = !slices.ContainsFunc(divisions, func(labels []uint32) bool { return !slices.Equal(labels, divisions[0]) })
		if !r.Agreed {
			if g, err = c.reweigh(ctx, divisions, r.Rounds == c.opts.Rounds); err != nil {
				return nil, err
			}
		}
		if r.Agreed || r.Rounds == c.opts.Rounds {
			break
		}
		c.tell.Extend(c.opts.Runs)
		if divisions, err = c.round(ctx, g, r.Rounds, []float64{c.opts.Leiden.Resolution}); err != nil {
			return nil, err
		}
	}
	if !r.Agreed {
		if g, err = g.Symmetric(ctx); err != nil {
			return nil, err
		}
		whole := make([]uint32, g.Order())
		if r.Membership, err = pieces(ctx, g, whole, rostersOf(whole, min(1, len(whole))), c.opts.Leiden.Threads); err != nil {
			return nil, err
		}
	}
	r.Membership, r.Communities = Canonical(r.Membership)
	return first, nil
}

// round runs Leiden with every seed at every resolution.
func (c *consensus) round(ctx context.Context, g *csr.Graph, round int, resolutions []float64) ([][]uint32, error) {
	divisions := make([][]uint32, len(resolutions)*c.opts.Runs)
	failed := make([]error, len(divisions))
	err := crew.Run(ctx, c.opts.Leiden.Threads, len(divisions), func(_, i int) {
		opts := c.opts.Leiden
		opts.Seed = mix(mix(opts.Seed, uint64(round)), uint64(i))
		opts.Resolution, opts.Threads, opts.Progress = resolutions[i/c.opts.Runs], 1, nil
		var division Result
		division, failed[i] = Leiden(ctx, g, opts)
		divisions[i] = division.Membership
		c.tell.Add(1)
	})
	return divisions, cmp.Or(append(failed, err)...)
}

// reweigh multiplies the weights of the graph that Agree was given by the shares of divisions that have the ends together, and cuts what
// is below the threshold. At the last it cuts whatever is not above one half, and multiplies nothing.
func (c *consensus) reweigh(ctx context.Context, divisions [][]uint32, last bool) (*csr.Graph, error) {
	t := newTogether(c.g.Order(), divisions)
	if last {
		return c.g.Reweight(ctx, c.opts.Leiden.Threads, func(a csr.Arc) float64 {
			if 2*t.times(a.From, a.To) <= t.runs {
				return 0
			}
			return a.Weight
		})
	}
	keep := func(u, v uint32) bool { return float64(t.times(u, v)) >= c.opts.Threshold*float64(t.runs) }
	anchors, err := c.anchors(ctx, t, keep)
	if err != nil {
		return nil, err
	}
	return c.g.Reweight(ctx, c.opts.Leiden.Threads, func(a csr.Arc) float64 {
		held := anchor{t.times(a.From, a.To), a.Weight}
		if !keep(a.From, a.To) && anchors[a.From] != held && anchors[a.To] != held {
			return 0
		}
		w := a.Weight * (float64(held.times) / float64(t.runs))
		if w < csr.LeastWeight {
			return 0
		}
		return w
	})
}

// anchor is what holds a node that would lose all its edges: how often it is together with the neighbour that it is with most often, and
// the weight of the heaviest edge to such a one. Several may be alike, and all of them hold it.
type anchor struct {
	times  int
	weight float64
}

// anchors are zero for nodes that keep an edge.
func (c *consensus) anchors(ctx context.Context, t *together, keep func(u, v uint32) bool) ([]anchor, error) {
	anchors := make([]anchor, c.g.Order())
	cuts := c.g.Blocks(1 << 13)
	look := func(u uint32, row []uint32, weights []float64) (kept bool) {
		for i, v := range row {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			if v == u || w == 0 {
				continue
			}
			if keep(u, v) {
				return true
			}
			if n, a := t.times(u, v), &anchors[u]; n > a.times || (n == a.times && n > 0 && w > a.weight) {
				*a = anchor{n, w}
			}
		}
		return false
	}
	err := crew.Run(ctx, c.opts.Leiden.Threads, len(cuts)-1, func(_, block int) {
		for u := cuts[block]; u < cuts[block+1]; u++ {
			if look(u, c.g.Neighbours(u), c.g.Weights(u)) || (c.g.IsDirected() && look(u, c.g.InNeighbours(u), c.g.InWeights(u))) {
				anchors[u] = anchor{}
			}
		}
	})
	return anchors, err
}

// together knows how often two nodes are in one community, by the labels of every node side by side.
type together struct {
	runs   int
	labels []uint32
}

func newTogether(nodes int, divisions [][]uint32) *together {
	t := &together{len(divisions), make([]uint32, nodes*len(divisions))}
	for i, labels := range divisions {
		for u, label := range labels {
			t.labels[u*t.runs+i] = label
		}
	}
	return t
}

func (t *together) times(u, v uint32) int {
	a := t.labels[int(u)*t.runs : (int(u)+1)*t.runs]
	b := t.labels[int(v)*t.runs : (int(v)+1)*t.runs]
	times := 0
	for i, label := range a {
		if b[i] == label {
			times++
		}
	}
	return times
}

// judge measures how stable members and communities are over divisions.
func (r *ConsensusResult) judge(ctx context.Context, divisions [][]uint32, threads int) error {
	nodes := len(r.Membership)
	r.Member, r.Community = make([]float64, nodes), make([]float64, r.Communities)
	roster := rostersOf(r.Membership, r.Communities)
	sizes := make([][]uint32, len(divisions))
	likeness := make([]float64, len(divisions))
	failed := make([]error, len(divisions))
	err := crew.Run(ctx, threads, len(divisions), func(_, i int) {
		sizes[i] = make([]uint32, nodes)
		for _, label := range divisions[i] {
			sizes[i][label]++
		}
		var alike Similarity
		alike, failed[i] = Compare(ctx, divisions[i], r.Membership)
		likeness[i] = alike.AdjustedMutual
	})
	if err = cmp.Or(append(failed, err)...); err != nil {
		return err
	}
	for _, alike := range likeness {
		r.Likeness += alike / float64(len(divisions))
	}
	cut := roster.blocks(1 << 12)
	scratch := make([][]uint32, crew.Size(threads, len(cut)-1))
	return crew.Run(ctx, threads, len(cut)-1, func(worker, block int) {
		if scratch[worker] == nil {
			scratch[worker] = make([]uint32, nodes)
		}
		for c := cut[block]; c < cut[block+1]; c++ {
			for i, labels := range divisions {
				r.meet(c, roster.of(c), labels, sizes[i], scratch[worker])
			}
			r.Community[c] /= float64(len(divisions))
			for _, u := range roster.of(c) {
				r.Member[u] /= float64(len(divisions))
			}
		}
	})
}

// meet adds what one division says of a community. Of several communities that hold most of its members the smallest counts, and all of
// that size. times is zero and stays so.
func (r *ConsensusResult) meet(c int, members, labels, sizes, times []uint32) {
	var common, size uint32
	for _, u := range members {
		times[labels[u]]++
	}
	for _, u := range members {
		if n, of := times[labels[u]], sizes[labels[u]]; n > common || (n == common && of < size) {
			common, size = n, of
		}
	}
	r.Community[c] += float64(common) / float64(uint32(len(members))+size-common)
	for _, u := range members {
		if label := labels[u]; times[label] == common && sizes[label] == size && (len(members) > 1 || size == 1) {
			r.Member[u]++
		}
	}
	for _, u := range members {
		times[labels[u]] = 0
	}
}

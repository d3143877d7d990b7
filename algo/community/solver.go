package community

import (
	"context"
	"slices"
	"sync"

	"rummage/algo/csr/crew"
	"rummage/algo/csr/memory"
)

// patience is how many arcs are looked at between two looks at the context.
const patience = 1 << 15

// Wide is the number of nodes from which on a component is divided by several goroutines together. Its local moving phase then works
// in batches, and comes to a division as good as one by one but not the same.
const Wide = 1 << 15

// piece is the least number of nodes that is worth handing to another goroutine.
const piece = 1 << 12

// solver divides one component after another and keeps its scratch memory between them.
type solver struct {
	ctx    context.Context
	opts   Options
	gamma  float64
	chance uint64
	theta  float64
	tell   *teller
	told   int
	alone  int // nodes without a tie that were met since they were told
	arcs   int
	// threads is the number of goroutines at work on one component, each with its scratch. wide tells that there are batches.
	threads int
	wide    bool
	scratch []*scratch

	// whole is the level of the component, order its nodes as they stood at first, nil if they still do.
	whole *level
	order []uint32

	moves  moves
	groups groups
	number []uint32
	// spare is which slabs hold the rows of the last level; the others may hold those of the one before.
	spare int
}

// rows are arcs: of all rows of a graph, or of some.
type rows struct {
	to     []uint32
	weight []float64
}

// scratch is the memory of one goroutine.
type scratch struct {
	tally
	slabs      [2]slabs
	refinement refinement
}

func newSolver(ctx context.Context, c *components, threads int, tell *teller) *solver {
	s := &solver{ctx: ctx, opts: c.opts, gamma: c.gamma, tell: tell, threads: threads}
	for range threads {
		s.scratch = append(s.scratch, &scratch{})
	}
	return s
}

// tired tells now and then that the context has ended, given the arcs looked at since it was last asked.
func (s *solver) tired(arcs int) bool {
	s.arcs += arcs + 1
	if s.arcs < patience {
		return false
	}
	s.arcs = 0
	return s.ctx.Err() != nil
}

// outcome is what is told of the work beside the labels.
type outcome struct {
	passes int
	stable bool
	split  int
}

func (o *outcome) add(other outcome) {
	o.passes = max(o.passes, other.passes)
	o.stable = o.stable && other.stable
	o.split += other.split
}

// solve returns a label for every node of the graph. Components that hold a good part of it are divided one after the other by all
// goroutines, the others are shared out among them; which is which does not change the result.
func (c *components) solve(ctx context.Context) ([]uint32, outcome, error) {
	labels := make([]uint32, len(c.node))
	tell := &teller{total: len(c.node), progress: c.opts.Progress}
	threads := crew.Size(c.opts.Threads, len(c.node))
	great := max(piece, min(Wide, len(c.node)/threads))
	all := outcome{stable: true}
	var together *solver
	pieces, held := [][]int{nil}, 0
	for i := range len(c.starts) - 1 {
		size := c.starts[i+1] - c.starts[i]
		if size >= great {
			if together == nil {
				together = newSolver(ctx, c, threads, tell)
			}
			all.add(c.divide(together, i, labels))
			continue
		}
		if held >= piece {
			pieces, held = append(pieces, nil), 0
		}
		pieces[len(pieces)-1] = append(pieces[len(pieces)-1], i)
		held += size
	}
	outcomes := make([]outcome, len(pieces))
	solvers := make([]*solver, crew.Size(threads, len(outcomes)))
	err := crew.Run(ctx, threads, len(outcomes), func(worker, p int) {
		if solvers[worker] == nil {
			solvers[worker] = newSolver(ctx, c, 1, tell)
		}
		outcomes[p].stable = true
		for _, i := range pieces[p] {
			if ctx.Err() == nil {
				outcomes[p].add(c.divide(solvers[worker], i, labels))
			}
		}
		tell.add(solvers[worker].alone, 0)
		solvers[worker].alone = 0
	})
	for _, o := range outcomes {
		all.add(o)
	}
	return labels, all, err
}

// divide solves component i and writes the labels of its nodes, numbers from its first place on.
func (c *components) divide(s *solver, i int, labels []uint32) outcome {
	lo, hi := c.starts[i], c.starts[i+1]
	if hi-lo == 1 {
		labels[c.node[lo]] = uint32(lo)
		s.alone++
		return outcome{stable: true}
	}
	part := memory.Make[uint32](hi - lo)
	for v := range part {
		part[v] = uint32(v)
	}
	if c.opts.Start != nil {
		for v := range part {
			part[v] = c.opts.Start[c.node[lo+v]]
		}
		part, _ = Canonical(part)
	}
	if c.opts.MaxSize > 0 {
		dissolve(part, c.opts.MaxSize)
	}
	s.chance = mix(c.opts.Seed, c.key(c.node[lo]))
	s.wide = hi-lo >= Wide
	s.whole, s.order = c.level(i), nil
	told := s.run(part)
	for v, label := range part {
		if s.order != nil {
			v = int(s.order[v])
		}
		labels[c.node[lo+v]] = uint32(lo) + label
	}
	s.whole, s.order = nil, nil
	s.tell.add(hi-lo, s.told)
	s.told = 0
	return told
}

// dissolve lets every node of a community that is too large stand alone.
func dissolve(part []uint32, limit int) {
	size := make([]int, len(part))
	for _, label := range part {
		size[label]++
	}
	for v, label := range part {
		if size[label] > limit {
			// Labels are below the number of nodes, so this one is free.
			part[v] = uint32(len(part) + v)
		}
	}
	canonical, _ := Canonical(part)
	copy(part, canonical)
}

// run improves part, labels 0 to k-1, until a pass changes nothing, and leaves it without gaps, by order. When the context ends it stops
// halfway.
func (s *solver) run(part []uint32) outcome {
	if s.opts.method == leiden || s.wide {
		mean := s.whole.meanWeight(s.ctx, s.threads)
		s.theta, s.moves.tick = s.opts.Theta*mean, mean/ticks
	}
	told := outcome{}
	for told.passes < s.opts.limit() && !told.stable && s.ctx.Err() == nil {
		told.passes++
		told.stable = !s.pass(part, uint64(told.passes))
		share := (len(part) - s.told) / 2
		s.tell.add(share, 0)
		s.told += share
	}
	told.split = s.part(s.whole, part)
	return told
}

// pass is one pass over all levels. It tells whether any node has moved.
func (s *solver) pass(part []uint32, number uint64) bool {
	l, labels := s.whole, slices.Clone(part)
	// at is the node of the level for every node of the whole, itself at first.
	var at []uint32
	moved := false
	for depth := uint64(0); ; depth++ {
		if s.move(l, labels) {
			moved = true
		}
		communities := renumber(labels, &s.number)
		if s.ctx.Err() != nil || communities == l.order() {
			break
		}
		if number == 1 && depth == 0 && s.wide && s.opts.method == leiden {
			l, labels = s.reorder(labels, communities)
		}
		refined, parts := labels, communities
		if s.opts.method == leiden {
			refined = s.refine(l, labels, communities, mix(mix(s.chance, number), depth))
			parts = renumber(refined, &s.number)
		}
		if s.ctx.Err() != nil || parts == l.order() {
			break
		}
		if at == nil {
			at = slices.Clone(refined)
		} else {
			for v := range at {
				at[v] = refined[at[v]]
			}
		}
		l, labels = s.aggregate(l, refined, parts, labels)
	}
	if at == nil {
		copy(part, labels)
	} else {
		for v := range part {
			part[v] = labels[at[v]]
		}
	}
	renumber(part, &s.number)
	return moved
}

// teller adds up the progress of all workers.
type teller struct {
	lock     sync.Mutex
	done     int
	total    int
	progress func(done, total int)
}

// add tells that so many more nodes are settled, less those told before.
func (t *teller) add(nodes, before int) {
	if t.progress == nil {
		return
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	t.done += nodes - before
	t.progress(t.done, t.total)
}

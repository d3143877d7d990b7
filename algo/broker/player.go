package broker

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Goal is what a set of key players is to do.
type Goal uint8

const (
	// Disconnect takes the set whose loss leaves the fewest pairs joined: greatest Fragmentation.Components (KPP-Neg by F).
	Disconnect Goal = iota
	// Lengthen takes the set whose loss lengthens the ways most: greatest Fragmentation.Distance (KPP-Neg by DF).
	Lengthen
	// Reach takes the set from which most nodes are within Steps steps, its members included, as a share of all (KPP-Pos by m-reach).
	Reach
	// Approach takes the set that is nearest to all: the mean over all nodes of 1/d to the nearest member, members counting 1 (KPP-Pos
	// by distance-weighted reach).
	Approach
)

// Defaults of KeyOptions.
const (
	DefaultSteps   = 2
	DefaultExhaust = 20_000
)

// KeyOptions say which set KeyPlayers looks for.
type KeyOptions struct {
	Goal Goal
	// Size is how many nodes the set has, at least 1.
	Size int
	// Steps is how far Reach counts; 0 means 2.
	Steps int
	// Exhaust is up to how many sets there are that all are tried; 0 means 20,000, a negative number none.
	Exhaust int
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change the result.
	Threads int
	// Progress, if set, is called with the number of sets that were tried so far, from the calling goroutine.
	Progress func(tried int)
}

// KeySet is a set of key players.
type KeySet struct {
	// Nodes is the set in ascending order.
	Nodes []uint32
	// Score is what the goal measures of it.
	Score float64
	// Greedy lists the nodes in the order in which one after another was added, and Scores what each addition came to. The set differs
	// from it where exchanging members made it better.
	Greedy []uint32
	Scores []float64
	// Exact says that all sets were tried, so that no other is better.
	Exact bool
	// Tried is the number of sets that were measured.
	Tried int
	// Goal, Size and Steps are those asked for, defaults filled in.
	Goal  Goal
	Size  int
	Steps int
}

// KeyPlayers finds a small set of nodes that matters most to the whole of an undirected graph (Borgatti 2006, "Identifying sets of key
// players in a social network"). The best of the sets is found where there are few; else nodes are added one after another, each the
// best at its time, and then members are exchanged for others, one at a time and each time the best way, as long as that makes the
// set better, which ends in a set that no single exchange improves. Among equals the set with smaller numbers is taken.
//
// Edges count, their weights do not, but for those of weight 0, which join nothing. Cost: n·Size sets for every round of exchanges, each
// O(m) by Disconnect, Reach and Approach and O(nm·levels/64) by Lengthen, so that a part of some thousand nodes is lifted out first;
// memory 40 bytes a node and thread. Errors: ErrDirected, ErrOptions, or that of the context.
func KeyPlayers(ctx context.Context, g *csr.Graph, opts KeyOptions) (KeySet, error) {
	opts.Steps = cmp.Or(opts.Steps, DefaultSteps)
	opts.Exhaust = cmp.Or(opts.Exhaust, DefaultExhaust)
	switch {
	case g.IsDirected():
		return KeySet{}, fmt.Errorf("broker: key players: %w", ErrDirected)
	case opts.Goal > Approach:
		return KeySet{}, fmt.Errorf("broker: key players: %w: unknown goal %d", ErrOptions, opts.Goal)
	case opts.Size < 1 || opts.Size > g.Order():
		return KeySet{}, fmt.Errorf("broker: key players: %w: a set of %d among %d nodes", ErrOptions, opts.Size, g.Order())
	case opts.Steps < 0:
		return KeySet{}, fmt.Errorf("broker: key players: %w: %d steps", ErrOptions, opts.Steps)
	}
	h := hunt{ctx: ctx, g: g, opts: opts, found: KeySet{Goal: opts.Goal, Size: opts.Size, Steps: opts.Steps}}
	h.walkers = make([]*walker, crew.Size(opts.Threads, math.MaxInt))
	if err := h.grow(); err != nil {
		return KeySet{}, fmt.Errorf("broker: key players: %w", err)
	}
	search := h.exchange
	if sets := choose(g.Order(), opts.Size, opts.Exhaust); sets <= opts.Exhaust {
		search = h.exhaust
	}
	if err := search(); err != nil {
		return KeySet{}, fmt.Errorf("broker: key players: %w", err)
	}
	return h.found, nil
}

// choose returns the number of sets of k among n, or limit+1 when there are more.
func choose(n, k, limit int) int {
	sets := 1
	for i := 1; i <= min(k, n-k); i++ {
		if sets = sets * (n - i + 1) / i; sets > limit {
			return limit + 1
		}
	}
	return sets
}

// hunt is one search.
type hunt struct {
	ctx     context.Context
	g       *csr.Graph
	opts    KeyOptions
	walkers []*walker
	found   KeySet
}

// score measures a set.
func (h *hunt) score(w *walker, set []uint32) float64 {
	switch h.opts.Goal {
	case Reach:
		reached, counts := int64(0), w.reach(set)
		for _, n := range counts[:min(len(counts), h.opts.Steps+1)] {
			reached += n
		}
		return float64(reached) / float64(h.g.Order())
	case Approach:
		counts, near := w.reach(set), 0.0
		for d := len(counts) - 1; d > 0; d-- {
			near += float64(counts[d]) / float64(d)
		}
		return (near + float64(counts[0])) / float64(h.g.Order())
	case Lengthen:
		return h.without(w, set, func() float64 {
			pairs, left := w.pairs()
			return fragmentation(pairs, left).Distance
		})
	default:
		return h.without(w, set, func() float64 { return w.apart() })
	}
}

func (h *hunt) without(w *walker, set []uint32, measure func() float64) float64 {
	for _, u := range set {
		w.gone[u] = true
	}
	score := measure()
	for _, u := range set {
		w.gone[u] = false
	}
	return score
}

// apart returns Fragmentation.Components of what is left, in one go over the graph.
func (w *walker) apart() float64 {
	clear(w.seen)
	left, reached := 0, int64(0)
	for u := range uint32(w.g.Order()) {
		if w.gone[u] {
			continue
		}
		left++
		if w.seen[u] != 0 {
			continue
		}
		size := int64(1)
		w.seen[u], w.now[u] = 1, 1
		for w.front = append(w.front[:0], u); len(w.front) > 0; {
			size += w.step()
		}
		reached += size * (size - 1)
	}
	if left < 2 {
		return 1
	}
	return 1 - float64(reached)/(float64(left)*float64(left-1))
}

// best measures sets 0 to n-1, which set writes into the room it is given, and returns the first of the highest.
func (h *hunt) best(n int, set func(i int, room []uint32) []uint32) (first int, score float64, err error) {
	scores := slices.Repeat([]float64{-1}, n)
	pieces := crew.Cut(n, max(1, n/256))
	var tried atomic.Int64
	err = crew.Run(h.ctx, h.opts.Threads, len(pieces)-1, func(worker, piece int) {
		if h.walkers[worker] == nil {
			h.walkers[worker] = newWalker(h.ctx, h.g)
		}
		room := []uint32{}
		for i := pieces[piece]; i < pieces[piece+1]; i++ {
			if room = set(i, room[:0]); len(room) > 0 {
				scores[i] = h.score(h.walkers[worker], room)
				tried.Add(1)
			}
		}
	})
	if err != nil {
		return 0, 0, err
	}
	h.found.Tried += int(tried.Load())
	if h.opts.Progress != nil {
		h.opts.Progress(h.found.Tried)
	}
	for i := range scores {
		if scores[i] > scores[first] {
			first = i
		}
	}
	return first, scores[first], nil
}

// grow adds one node after another.
func (h *hunt) grow() error {
	for range h.opts.Size {
		had := h.found.Greedy
		u, score, err := h.best(h.g.Order(), func(u int, room []uint32) []uint32 {
			if slices.Contains(had, uint32(u)) {
				return room
			}
			return append(append(room, had...), uint32(u))
		})
		if err != nil {
			return err
		}
		h.found.Greedy, h.found.Scores = append(h.found.Greedy, uint32(u)), append(h.found.Scores, score)
	}
	h.take(slices.Clone(h.found.Greedy), h.found.Scores[h.opts.Size-1])
	return nil
}

func (h *hunt) take(set []uint32, score float64) {
	slices.Sort(set)
	h.found.Nodes, h.found.Score = set, score
}

// better is by how much a set must be better to be taken instead: more than what rounding does.
const better = 1e-12

// exchange replaces one member at a time.
func (h *hunt) exchange() error {
	n := h.g.Order()
	for {
		set := h.found.Nodes
		at, score, err := h.best(len(set)*n, func(i int, room []uint32) []uint32 {
			out, in := i/n, uint32(i%n)
			if slices.Contains(set, in) {
				return room
			}
			room = append(room, set...)
			room[out] = in
			return room
		})
		if err != nil || score <= h.found.Score+better {
			return err
		}
		next := slices.Clone(set)
		next[at/n] = uint32(at % n)
		h.take(next, score)
	}
}

// exhaust tries all sets.
func (h *hunt) exhaust() error {
	n, k := h.g.Order(), h.opts.Size
	sets := choose(n, k, h.opts.Exhaust)
	at, score, err := h.best(sets, func(i int, room []uint32) []uint32 { return nth(i, n, k, room) })
	if err != nil {
		return err
	}
	h.found.Exact = true
	if score > h.found.Score+better {
		h.take(nth(at, n, k, nil), score)
	}
	return nil
}

// nth writes the i-th of the sets of k among n, in the order of their sorted members.
func nth(i, n, k int, room []uint32) []uint32 {
	for u := 0; k > 0; u++ {
		if with := choose(n-u-1, k-1, 1<<62); i < with {
			room = append(room, uint32(u))
			k--
		} else {
			i -= with
		}
	}
	return room
}

package explore

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"rummage/algo/csr"
	"rummage/graph"
)

// middle is what lies between the ends: the nodes on any way of at most limit
// ties, as a graph that gonum can search. Nodes are numbered in the order of
// ids, so that equal neighbourhoods are searched in the same order whatever
// was met first.
type middle struct {
	ids   []graph.ID
	graph *csr.Graph
	ends  []uint32 // the number of each end; missing ends have no way to any other
}

// absent stands for an end that is not in the middle.
const absent = math.MaxUint32

// rarity is what it costs to pass through an entity with so many neighbours,
// beside the tie itself. A path has at most a few dozen ties, so that the sum
// stays below 1 and a shorter path always comes first; of equally long ones
// that through the rarer entities does.
func rarity(neighbours int64) float64 { return math.Log1p(float64(max(neighbours, 0))) / 1000 }

// between cuts the middle out. Every node in it has been looked at, so hubs
// that were met only at the rim of a ball are known and left out.
//
// Cost: one breadth-first search for each end and round; a round more for
// each layer of hubs found.
func (l *lift) between(ctx context.Context, limit int) (*middle, error) {
	kept := l.kept(limit)
	for {
		before := l.looked
		for _, n := range kept {
			if l.spent() && n >= l.ends && l.degree[n] < 0 {
				continue
			}
			if err := l.look(ctx, n); err != nil {
				return nil, err
			}
		}
		again := l.kept(limit)
		if l.looked == before || len(again) == len(kept) {
			return l.cutOut(ctx, again)
		}
		kept = again
	}
}

// kept lists the nodes for which the ways to the two nearest ends together
// have at most limit ties, in the order of ids. Nodes that the budget did not
// suffice to look at stay out once it is used up.
func (l *lift) kept(limit int) []int {
	first := make([]int, len(l.ids))
	second := make([]int, len(l.ids))
	for n := range l.ids {
		first[n], second[n] = math.MaxInt/4, math.MaxInt/4
	}
	for end := range l.ends {
		for n, far := range l.distances(end) {
			switch {
			case far < 0:
			case far < first[n]:
				first[n], second[n] = far, first[n]
			case far < second[n]:
				second[n] = far
			}
		}
	}
	var kept []int
	for n := range l.ids {
		if first[n]+second[n] <= limit && !l.hub(n) && (l.degree[n] >= 0 || !l.spent()) {
			kept = append(kept, n)
		}
	}
	slices.SortFunc(kept, func(a, b int) int { return strings.Compare(string(l.ids[a]), string(l.ids[b])) })
	return kept
}

func (l *lift) cutOut(ctx context.Context, kept []int) (*middle, error) {
	m := &middle{ids: make([]graph.ID, len(kept)), ends: make([]uint32, l.ends)}
	rank := make(map[int]uint32, len(kept))
	for i, n := range kept {
		m.ids[i] = l.ids[n]
		rank[n] = uint32(i)
	}
	for end := range l.ends {
		m.ends[end] = absent
		if r, ok := rank[end]; ok {
			m.ends[end] = r
		}
	}
	price := func(n int) float64 {
		if n < l.ends {
			return 0
		}
		return rarity(l.degree[n])
	}
	var edges csr.Columns
	for _, n := range kept {
		for _, other := range l.near[n] {
			r, ok := rank[other]
			if !ok || r < rank[n] {
				continue
			}
			edges.From = append(edges.From, rank[n])
			edges.To = append(edges.To, r)
			edges.Weight = append(edges.Weight, 1+(price(n)+price(other))/2)
		}
	}
	var err error
	m.graph, err = csr.Build(ctx, edges, csr.Options{Nodes: len(kept), Threads: 1})
	if err != nil {
		return nil, fmt.Errorf("explore: %w", err)
	}
	return m, nil
}

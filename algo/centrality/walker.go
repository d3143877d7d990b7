package centrality

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// walker draws shortest paths along lengths: one search from the source, which ends at the target.
type walker struct {
	search *search
	// count tells how many of the paths drawn led through a node.
	count []uint32
}

func newWalker(ctx context.Context, d *shards) *walker {
	return &walker{search: newSearch(ctx, d, false), count: make([]uint32, d.nodes)}
}

func (w *walker) counts() []uint32 { return w.count }

func (w *walker) failed() error {
	if w.search.fault != nil {
		return w.search.fault
	}
	return w.search.patient.err
}

func (w *walker) draw(source, target uint32, random *rand.Rand) {
	s := w.search
	if w.failed() != nil {
		return
	}
	b := s.d.block(source)
	s.reach(source, target, s.d.first[b], s.d.first[b+1])
	last := s.order[s.found-1]
	if s.patient.err != nil || last != target {
		return
	}
	if s.paths[target] > math.MaxFloat64 {
		s.fault = fmt.Errorf("%w: from node %d to node %d", ErrPaths, s.d.origin[source], s.d.origin[target])
		return
	}
	for u := target; ; {
		i := s.rank[u]
		before := s.link[s.end[i-1]:s.end[i]]
		at := random.Float64() * s.paths[u]
		for _, v := range before {
			u = v
			if at -= s.paths[v]; at < 0 {
				break
			}
		}
		if u == source {
			return
		}
		w.count[s.d.origin[u]]++
	}
}

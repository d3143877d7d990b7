package community

import (
	"cmp"
	"context"
	"math"
	"sort"

	"rummage/algo/csr"
)

// turn is a pair of linked nodes: they would rather be together up to the resolution weight/null and apart above.
type turn struct{ at, weight, null float64 }

// turns are the pairs of a graph by where they turn, with sums over those before: nulls[i] and weights[i] over the first i.
type turns struct {
	list           []turn
	weights, nulls []float64
	unlinked       float64 // null weight of the pairs without an edge, which are apart at any resolution
}

// newTurns lists the pairs. In a directed graph a pair is looked at once in each direction.
func newTurns(ctx context.Context, g *csr.Graph, opts Options) (*turns, error) {
	tail, head, total := nulls(g, opts)
	t := &turns{}
	var linked float64
	seen := 0
	for u := range uint32(g.Order()) {
		row, weights := g.Neighbours(u), g.Weights(u)
		for i := 0; i < len(row); {
			one := turn{null: tail[u] * head[row[i]] / total}
			v := row[i]
			for ; i < len(row) && row[i] == v; i++ {
				if weights == nil {
					one.weight++
				} else {
					one.weight += weights[i]
				}
			}
			if v == u || (v < u && !g.IsDirected()) || one.weight == 0 {
				continue
			}
			one.at = math.Inf(1)
			if one.null > 0 {
				one.at = one.weight / one.null
			}
			linked += one.null
			t.list = append(t.list, one)
		}
		if seen += len(row) + 1; seen > 1<<17 {
			if seen = 0; ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
	}
	var all, ahead, alone float64
	for u := range tail {
		all, ahead = all+tail[u], ahead+head[u]
		alone += float64(tail[u] * head[u])
	}
	pairs := (float64(all*ahead) - alone) / total
	if !g.IsDirected() {
		pairs /= 2
	}
	t.unlinked = max(0, pairs-linked)
	var err error
	t.list, err = arrange(ctx, opts.Threads, t.list, func(a, b turn) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.weight, b.weight), cmp.Compare(a.null, b.null))
	})
	if err != nil {
		return nil, err
	}
	t.weights, t.nulls = make([]float64, len(t.list)+1), make([]float64, len(t.list)+1)
	t.nulls[0] = t.unlinked
	for i, one := range t.list {
		t.weights[i+1] = t.weights[i] + one.weight
		t.nulls[i+1] = t.nulls[i] + one.null
	}
	return t, ctx.Err()
}

// nulls returns what the null weight of a pair is the product of, over total.
func nulls(g *csr.Graph, opts Options) (tail, head []float64, total float64) {
	n := g.Order()
	tail = make([]float64, n)
	for u := range tail {
		switch {
		case opts.Objective == CPM && opts.Sizes != nil:
			tail[u] = opts.Sizes[u]
		case opts.Objective == CPM:
			tail[u] = 1
		case g.IsDirected():
			tail[u] = g.Strength(uint32(u))
		default:
			tail[u] = g.Strength(uint32(u)) + loops(g, uint32(u))
		}
		total += tail[u]
	}
	head = tail
	if g.IsDirected() && opts.Objective == Modularity {
		head = make([]float64, n)
		for u := range head {
			head[u] = g.InStrength(uint32(u))
		}
	}
	if opts.Objective == CPM {
		total = 1
	}
	return tail, head, total
}

// share is β at a resolution.
func (t *turns) share(gamma float64) float64 {
	if math.IsInf(gamma, 1) {
		return 1
	}
	i := sort.Search(len(t.list), func(i int) bool { return t.list[i].at >= gamma })
	apart := max(0, float64(gamma*t.nulls[i])-t.weights[i])
	last := len(t.list)
	together := max(0, t.weights[last]-t.weights[i]-float64(gamma*(t.nulls[last]-t.nulls[i])))
	if apart == 0 {
		return 0
	}
	return apart / (apart + together)
}

// at is the resolution of a share β: between two turns β is a quotient of straight lines, so it is exact.
func (t *turns) at(share float64) float64 {
	i := sort.Search(len(t.list), func(i int) bool { return t.share(t.list[i].at) >= share })
	last := len(t.list)
	weight := t.weights[i] + float64(share*(t.weights[last]-t.weights[i]-t.weights[i]))
	null := t.nulls[i] + float64(share*(t.nulls[last]-t.nulls[i]-t.nulls[i]))
	if null == 0 {
		return t.list[min(i, last-1)].at // every pair is linked and none has turned: β is 0 up to the first turn
	}
	return weight / null
}

// between returns count resolutions from low to high whose shares β rise evenly; nil where nothing turns. Zero bounds are those of
// DefaultLow and DefaultHigh.
func (t *turns) between(low, high float64, count int) []float64 {
	if len(t.list) == 0 || math.IsInf(t.list[0].at, 1) {
		if low == 0 || high == 0 {
			return nil
		}
		return []float64{low, high}
	}
	if low == 0 {
		low = t.at(DefaultLow)
	}
	if high == 0 {
		high = max(t.at(DefaultHigh), low)
	}
	from, to := t.share(low), t.share(high)
	list := []float64{low}
	for i := 1; i < count; i++ {
		gamma := t.at(from + float64((to-from)*(float64(i)/float64(count-1))))
		list = append(list, min(max(gamma, list[i-1]), high))
	}
	if count > 1 {
		list[count-1] = high
	}
	return list
}

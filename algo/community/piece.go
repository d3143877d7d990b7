package community

import (
	"context"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// rosters are the nodes of every community behind one another, ascending: those of community c stand at start[c] to start[c+1].
type rosters struct{ start, nodes []uint32 }

// rostersOf expects labels from 0 to communities-1.
func rostersOf(labels []uint32, communities int) rosters {
	r := rosters{make([]uint32, communities+1), make([]uint32, len(labels))}
	for _, c := range labels {
		r.start[c+1]++
	}
	for c := range communities {
		r.start[c+1] += r.start[c]
	}
	next := slices.Clone(r.start[:communities])
	for u, c := range labels {
		r.nodes[next[c]] = uint32(u)
		next[c]++
	}
	return r
}

func (r rosters) of(c int) []uint32 { return r.nodes[r.start[c]:r.start[c+1]] }

// blocks cuts the communities into consecutive blocks of at least the given number of nodes.
func (r rosters) blocks(nodes int) []int {
	cut := []int{0}
	for c := range len(r.start) - 1 {
		if int(r.start[c+1]-r.start[cut[len(cut)-1]]) >= nodes || c == len(r.start)-2 {
			cut = append(cut, c+1)
		}
	}
	return cut
}

// pieces gives every node the least node of its piece: what hangs together within its community along edges of positive weight. The graph
// is undirected. Communities are shared among threads, and every node belongs to one, so that what is written does not depend on them.
func pieces(ctx context.Context, g *csr.Graph, labels []uint32, r rosters, threads int) ([]uint32, error) {
	const unseen = ^uint32(0)
	piece := make([]uint32, len(labels))
	for u := range piece {
		piece[u] = unseen
	}
	cut := r.blocks(1 << 12)
	queues := make([][]uint32, crew.Size(threads, len(cut)-1))
	err := crew.Run(ctx, threads, len(cut)-1, func(worker, block int) {
		queue, seen := queues[worker], 0
		for _, first := range r.nodes[r.start[cut[block]]:r.start[cut[block+1]]] {
			if piece[first] != unseen {
				continue
			}
			piece[first] = first
			for queue = append(queue[:0], first); len(queue) > 0; {
				u := queue[len(queue)-1]
				queue = queue[:len(queue)-1]
				weights := g.Weights(u)
				for i, v := range g.Neighbours(u) {
					if labels[v] == labels[u] && piece[v] == unseen && (weights == nil || weights[i] > 0) {
						piece[v] = first
						queue = append(queue, v)
					}
				}
				if seen += g.Degree(u) + 1; seen > 1<<17 {
					if seen = 0; ctx.Err() != nil {
						return
					}
				}
			}
		}
		queues[worker] = queue
	})
	return piece, err
}

package flag

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"rummage/algo/propagate"
	"rummage/algo/view"
	"rummage/graph"
)

// seedShare is what one seed gives to the exposure of some nodes.
type seedShare struct {
	node  uint32
	ratio float64 // its part of the sum of the nodes' ratios
}

// shares splits the sum of the nodes' ratios by seeds, the greatest first. The parts add up to the sum.
//
// The walk is reversible: strength(v) * K(v<-u) = strength(u) * K(u<-v), K the score at one node of a walk from the other. So one
// walk from the nodes, each with strength/base, tells what every seed gives to all of them together, at the cost of one walk
// for any number of nodes and seeds.
func (a *Analysis) shares(ctx context.Context, nodes []uint32) ([]seedShare, error) {
	e := a.Exposure
	start := make([]float64, e.Graph.Order())
	mass, seeds := 0.0, 0.0
	for _, v := range nodes {
		if e.Base[v] > 0 {
			start[v] = e.Graph.Strength(v) / e.Base[v]
			mass += start[v]
		}
	}
	for _, s := range e.Seeds {
		seeds += s
	}
	if mass == 0 || seeds == 0 {
		return nil, nil
	}
	opts := e.options
	opts.Progress = nil
	walk, err := propagate.Walk(ctx, e.Graph, [][]float64{start}, opts)
	if err != nil {
		return nil, fmt.Errorf("flag: shares: %w", err)
	}
	var parts []seedShare
	for u, s := range e.Seeds {
		if s > 0 && walk.Scores[0][u] > 0 {
			ratio := s / seeds * mass * walk.Scores[0][u] / e.Graph.Strength(uint32(u))
			parts = append(parts, seedShare{node: uint32(u), ratio: ratio})
		}
	}
	slices.SortStableFunc(parts, func(x, y seedShare) int { return cmp.Compare(y.ratio, x.ratio) })
	return parts, nil
}

// bootstraps is how many times seeds are drawn anew for an interval.
const bootstraps = 200

// interval is the middle 95 % of what the exposure would be had the same number of seeds been drawn, with replacement, from those
// that there are: how much it hangs on single hits.
func (a *Analysis) interval(parts []seedShare, id graph.ID) [2]Number {
	given := make(map[uint32]float64, len(parts))
	for _, p := range parts {
		given[p.node] = p.ratio
	}
	var weight, ratio []float64
	total := 0.0
	for u, s := range a.Exposure.Seeds {
		if s > 0 {
			weight, ratio, total = append(weight, s), append(ratio, given[uint32(u)]), total+s
		}
	}
	if len(weight) == 0 {
		return [2]Number{}
	}
	random := rand.New(rand.NewPCG(a.Seed, view.HashID(id)))
	draws := make([]float64, bootstraps)
	for b := range draws {
		sum, mass := 0.0, 0.0
		for range weight {
			i := random.IntN(len(weight))
			sum, mass = sum+ratio[i], mass+weight[i]
		}
		draws[b] = sum * total / mass
	}
	slices.Sort(draws)
	return [2]Number{Number(draws[bootstraps/40]), Number(draws[bootstraps-1-bootstraps/40])}
}

// TieShare is the part of an exposure that arrives over one kind of tie at the last step, or that is a hit of its own.
type TieShare struct {
	Tie   string `json:"tie"` // kind of edge, or "itself"
	Share Number `json:"share"`
}

// byTie splits the sum of the nodes' ratios by the kind of the last step; the parts add up to 1.
func (a *Analysis) byTie(nodes []uint32) []TieShare {
	e := a.Exposure
	scores := make([]float64, len(e.Ratio))
	for v, ratio := range e.Ratio {
		scores[v] = ratio * e.Base[v]
	}
	var sums [256]float64 // 0 stands for the node itself
	total := 0.0
	for _, v := range nodes {
		if e.Base[v] == 0 {
			continue
		}
		own := scores[v]
		for _, part := range propagate.Inflow(e.Graph, scores, v, a.Settings.Damping) {
			sums[part.Type] += part.Value / e.Base[v]
			own -= part.Value
		}
		if e.Seeds[v] > 0 {
			sums[0] += own / e.Base[v]
		}
	}
	for _, sum := range sums {
		total += sum
	}
	shares := []TieShare{}
	for kind, sum := range sums {
		if sum > 0 && total > 0 {
			name := "itself"
			if kind > 0 {
				name = view.Edge(kind).String()
			}
			shares = append(shares, TieShare{Tie: name, Share: Number(sum / total)})
		}
	}
	slices.SortStableFunc(shares, func(x, y TieShare) int { return cmp.Compare(y.Share, x.Share) })
	return shares
}

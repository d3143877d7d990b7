package flag

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"rummage/algo/csr/crew"
	"rummage/algo/propagate"
	"rummage/graph"
)

// Interval is the middle 95 % of what a lead's score and rank would be had other hits of the same kind been found: how much both hang on
// single hits. Rank is among the first 2,000 of the list that the lead stands in.
type Interval struct {
	Score [2]Number `json:"score"`
	Rank  [2]int    `json:"rank"` // the best first
}

// How seeds are drawn anew. They are dealt to bins, and bins are drawn with replacement. Few seeds have a bin each; of many, which is dealt by
// their ids, two seeds of one lead share a bin once in so many, and as long as a lead rests on few of them that is about what drawing single
// seeds comes to, at a walk for a bin and not for a seed.
const (
	bins       = 16
	together   = 4 // bins that are walked from at once
	binPrecise = 1e-7
	compared   = 2000         // leads that ranks are counted among, and all before those shown
	bootSalt   = 0x6c65616473 // keeps these draws apart from those of explanations
)

// redraw is what seeds drawn anew make of the exposure of some nodes.
type redraw struct {
	nodes []uint32    // a list of leads, from its beginning
	share [][]float64 // by place in it and bin with a seed: the bin's part of the node's ratio
	times [][]float64 // by draw and bin: how much the part counts
}

// bin is seeds that are drawn together.
type bin struct {
	nodes []uint32
	seeds []float64 // what each starts the walk with
	held  float64   // the sum of these
}

// redrawn walks from each bin, and keeps what it comes to at the leads of some lists. It gives nil where seeds are too few to be drawn anew.
//
// Cost: 16 walks, four at a time; memory that of four vectors, and 16 numbers a lead.
func (a *Analysis) redrawn(ctx context.Context, lists ...[]uint32) ([]*redraw, error) {
	all, total := a.bins()
	if len(all) < 2 {
		return make([]*redraw, len(lists)), nil
	}
	drawn := make([]*redraw, len(lists))
	times := drawBins(all, total, a.Seed)
	for i, nodes := range lists {
		drawn[i] = &redraw{nodes: nodes, times: times, share: make([][]float64, len(nodes))}
		for at := range nodes {
			drawn[i].share[at] = make([]float64, len(all))
		}
	}
	for first := 0; first < len(all); first += together {
		part := all[first:min(first+together, len(all))]
		scores, err := a.walkBins(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, r := range drawn {
			for at, v := range r.nodes {
				for k := range part {
					if base := a.Exposure.Base[v]; base > 0 {
						r.share[at][first+k] = scores[k][v] * part[k].held / total / base
					}
				}
			}
		}
	}
	return drawn, nil
}

// bins are those with a seed, and the mass of all.
func (a *Analysis) bins() (all []bin, total float64) {
	dealt, place := a.deal(), make(map[int]int)
	for v, s := range a.Exposure.Seeds {
		if s == 0 {
			continue
		}
		at, known := place[dealt[v]]
		if !known {
			at = len(all)
			place[dealt[v]] = at
			all = append(all, bin{})
		}
		all[at].nodes, all[at].seeds = append(all[at].nodes, uint32(v)), append(all[at].seeds, s)
		all[at].held += s
		total += s
	}
	return all, total
}

// walkBins walks from some bins at once.
func (a *Analysis) walkBins(ctx context.Context, part []bin) ([][]float64, error) {
	e := a.Exposure
	seeds := make([][]float64, len(part))
	for k := range part {
		seeds[k] = make([]float64, e.Graph.Order())
		for i, v := range part[k].nodes {
			seeds[k][v] = part[k].seeds[i]
		}
	}
	walk, err := e.walker.Walk(ctx, seeds, propagate.Options{Damping: a.Settings.Damping, Tolerance: binPrecise, Threads: a.threads})
	if err != nil {
		return nil, fmt.Errorf("flag: intervals: %w", err)
	}
	return walk.Scores, nil
}

// deal gives each seed a bin.
func (a *Analysis) deal() map[int]int {
	dealt, number := map[int]int{}, 0
	for v, s := range a.Exposure.Seeds {
		if s > 0 {
			dealt[v] = int(a.Trade.Keys[v] >> 32 % bins)
			number++
		}
	}
	if number > bins {
		return dealt
	}
	next := 0
	for v, s := range a.Exposure.Seeds {
		if s > 0 {
			dealt[v] = next
			next++
		}
	}
	return dealt
}

// drawBins draws as many bins as there are, with replacement, over and over: by draw and bin, how much it counts.
func drawBins(all []bin, total float64, seed uint64) (draws [][]float64) {
	random := rand.New(rand.NewPCG(seed, bootSalt))
	for range bootstraps {
		times := make([]float64, len(all))
		mass := 0.0
		for range all {
			k := random.IntN(len(all))
			times[k]++
			mass += all[k].held
		}
		for k := range times {
			times[k] *= total / mass
		}
		draws = append(draws, times)
	}
	return draws
}

// ratio is in one draw that of the node at a place.
func (r *redraw) ratio(draw, at int) float64 {
	sum := 0.0
	for k, times := range r.times[draw] {
		sum += times * r.share[at][k]
	}
	return sum
}

// amongst is the part of a list of leads that ranks are counted in, if those before a place are shown.
func (a *Analysis) amongst(leads []Lead, shown int) []uint32 {
	nodes := make([]uint32, min(len(leads), max(compared, shown)))
	for i := range nodes {
		nodes[i], _ = a.View.Node(leads[i].ID)
	}
	return nodes
}

// intervals are those of the leads at some places of a list, which ascend. They are nil where seeds are too few.
//
// What a score has beside exposure stands as it is: closeness and behaviour do not hang on single hits, and peers hardly do. Cost: for each
// of the list, the draws over its parts.
func (a *Analysis) intervals(ctx context.Context, r *redraw, shown []int) ([]*Interval, error) {
	all := make([]*Interval, len(shown))
	if len(shown) == 0 || r == nil {
		return all, nil
	}
	draws := len(r.times)
	scores := make([][]float64, len(shown)) // by place and draw
	for i, at := range shown {
		scores[i] = make([]float64, draws)
		a.drawn(r, at, scores[i])
	}
	ranks, err := a.ranks(ctx, r, scores)
	if err != nil {
		return nil, err
	}
	low, high := draws/40, draws-1-draws/40
	for i := range shown {
		slices.Sort(scores[i])
		slices.Sort(ranks[i])
		all[i] = &Interval{Score: [2]Number{Number(scores[i][low]), Number(scores[i][high])}, Rank: [2]int{ranks[i][low], ranks[i][high]}}
	}
	return all, nil
}

// drawn fills in, for every draw, the score of the node at a place.
func (a *Analysis) drawn(r *redraw, at int, into []float64) {
	terms := a.termsOf(r.nodes[at])
	for b := range into {
		into[b] = terms.score(r.ratio(b, at))
	}
}

// ranks counts, for each of those shown and every draw, who of the list is ahead of it; equal scores share the better rank.
func (a *Analysis) ranks(ctx context.Context, r *redraw, scores [][]float64) ([][]int, error) {
	draws := len(r.times)
	ladder := make([][]float64, draws) // the scores of those shown in each draw, ascending
	for b := range ladder {
		for i := range scores {
			ladder[b] = append(ladder[b], scores[i][b])
		}
		slices.Sort(ladder[b])
	}
	cut := crew.Cut(len(r.nodes), 256)
	counts := make([][][]int32, crew.Size(a.threads, len(cut)-1)) // by worker, draw and how many of those shown are below
	err := crew.Run(ctx, a.threads, len(cut)-1, func(worker, block int) {
		if counts[worker] == nil {
			counts[worker] = make([][]int32, draws)
			for b := range counts[worker] {
				counts[worker][b] = make([]int32, len(scores)+1)
			}
		}
		mine := make([]float64, draws)
		for at := cut[block]; at < cut[block+1]; at++ {
			a.drawn(r, at, mine)
			for b, score := range mine {
				below, _ := slices.BinarySearch(ladder[b], score)
				counts[worker][b][below]++
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("flag: intervals: %w", err)
	}
	ranks := make([][]int, len(scores))
	for i := range ranks {
		ranks[i] = make([]int, draws)
	}
	for b := range draws {
		ahead := make([]int, len(scores)+1) // of the shown one at that place of the ladder
		for at := len(scores) - 1; at >= 0; at-- {
			ahead[at] = ahead[at+1]
			for _, by := range counts {
				if by != nil {
					ahead[at] += int(by[b][at+1])
				}
			}
		}
		for i := range scores {
			// Whoever has the same score stands below it on the ladder or at it, and is not ahead.
			at, _ := slices.BinarySearch(ladder[b], scores[i][b])
			for at+1 < len(ladder[b]) && ladder[b][at+1] == scores[i][b] {
				at++
			}
			ranks[i][b] = 1 + ahead[at]
		}
	}
	return ranks, nil
}

// intervalOf is that of a party, wherever it stands among the leads; nil where it is none.
func (a *Analysis) intervalOf(ctx context.Context, id graph.ID) (*Interval, error) {
	unknown, known := a.Leads()
	for _, list := range [][]Lead{unknown, known} {
		at := slices.IndexFunc(list, func(l Lead) bool { return l.ID == id })
		if at < 0 {
			continue
		}
		r, err := a.redrawn(ctx, a.amongst(list, at+1))
		if err != nil {
			return nil, err
		}
		intervals, err := a.intervals(ctx, r[0], []int{at})
		if err != nil {
			return nil, err
		}
		return intervals[0], nil
	}
	return nil, nil
}

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
	binPrecise = 1e-7
	compared   = 2000         // leads that ranks are counted among, and all before those shown
	bootSalt   = 0x6c65616473 // keeps these draws apart from those of explanations
)

// redraw is what seeds drawn anew make of exposure.
type redraw struct {
	share [][]float64 // by bin with a seed: its part of each node's ratio
	times [][]float64 // by draw and bin: how much the part counts
}

// redrawn walks from each bin. It is nil where seeds are too few to be drawn anew. Cost: a walk of 16 vectors.
func (a *Analysis) redrawn(ctx context.Context) (*redraw, error) {
	e := a.Exposure
	bin := a.deal()
	var seeds [][]float64
	var held []float64
	total, place := 0.0, make(map[int]int)
	for v, s := range e.Seeds {
		if s == 0 {
			continue
		}
		at, known := place[bin[v]]
		if !known {
			at = len(seeds)
			place[bin[v]] = at
			seeds, held = append(seeds, make([]float64, len(e.Seeds))), append(held, 0)
		}
		seeds[at][v] = s
		held[at] += s
		total += s
	}
	if len(seeds) < 2 {
		return nil, nil
	}
	walk, err := propagate.Walk(ctx, e.Graph, seeds, propagate.Options{Damping: a.Settings.Damping, Tolerance: binPrecise, Threads: a.threads})
	if err != nil {
		return nil, fmt.Errorf("flag: intervals: %w", err)
	}
	r := &redraw{share: walk.Scores}
	for k, scores := range r.share {
		for v := range scores {
			if e.Base[v] > 0 {
				scores[v] *= held[k] / total / e.Base[v]
			} else {
				scores[v] = 0
			}
		}
	}
	r.draw(held, total, a.Seed)
	return r, nil
}

// deal gives each seed a bin.
func (a *Analysis) deal() map[int]int {
	bin, number := map[int]int{}, 0
	for v, s := range a.Exposure.Seeds {
		if s > 0 {
			bin[v] = int(a.Trade.Keys[v] >> 32 % bins)
			number++
		}
	}
	if number > bins {
		return bin
	}
	next := 0
	for v, s := range a.Exposure.Seeds {
		if s > 0 {
			bin[v] = next
			next++
		}
	}
	return bin
}

// draw draws as many bins as there are, with replacement, over and over.
func (r *redraw) draw(held []float64, total float64, seed uint64) {
	random := rand.New(rand.NewPCG(seed, bootSalt))
	for range bootstraps {
		times := make([]float64, len(held))
		mass := 0.0
		for range held {
			k := random.IntN(len(held))
			times[k]++
			mass += held[k]
		}
		for k := range times {
			times[k] *= total / mass
		}
		r.times = append(r.times, times)
	}
}

// ratio is a node's in one draw.
func (r *redraw) ratio(draw int, v uint32) float64 {
	sum := 0.0
	for k, times := range r.times[draw] {
		sum += times * r.share[k][v]
	}
	return sum
}

// intervals are those of the leads at some places of a list of leads, given by their nodes. They are nil where seeds are too few.
//
// Cost: for each of those compared, the draws over its parts. shown ascends.
func (a *Analysis) intervals(ctx context.Context, r *redraw, list []uint32, shown []int) ([]*Interval, error) {
	all := make([]*Interval, len(shown))
	if len(shown) == 0 || r == nil {
		return all, nil
	}
	draws := len(r.times)
	scores := make([][]float64, len(shown)) // by place and draw
	for i, at := range shown {
		scores[i] = make([]float64, draws)
		a.drawn(r, list[at], scores[i])
	}
	ranks, err := a.ranks(ctx, r, list[:min(len(list), max(compared, shown[len(shown)-1]+1))], scores)
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

// drawn fills in a node's score in every draw.
func (a *Analysis) drawn(r *redraw, v uint32, into []float64) {
	for b := range into {
		into[b] = a.scoreAt(v, r.ratio(b, v))
	}
}

// ranks counts, for each of those shown and every draw, who of the list is ahead of it; equal scores share the better rank.
func (a *Analysis) ranks(ctx context.Context, r *redraw, list []uint32, scores [][]float64) ([][]int, error) {
	draws := len(r.times)
	ladder := make([][]float64, draws) // the scores of those shown in each draw, ascending
	for b := range ladder {
		for i := range scores {
			ladder[b] = append(ladder[b], scores[i][b])
		}
		slices.Sort(ladder[b])
	}
	cut := crew.Cut(len(list), 256)
	counts := make([][][]int32, crew.Size(a.threads, len(cut)-1)) // by worker, draw and how many of those shown are below
	err := crew.Run(ctx, a.threads, len(cut)-1, func(worker, block int) {
		if counts[worker] == nil {
			counts[worker] = make([][]int32, draws)
			for b := range counts[worker] {
				counts[worker][b] = make([]int32, len(scores)+1)
			}
		}
		mine := make([]float64, draws)
		for _, v := range list[cut[block]:cut[block+1]] {
			a.drawn(r, v, mine)
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

func (a *Analysis) nodesOfLeads(leads []Lead) []uint32 {
	nodes := make([]uint32, len(leads))
	for i := range leads {
		nodes[i], _ = a.View.Node(leads[i].ID)
	}
	return nodes
}

// intervalOf is that of a party, wherever it stands among the leads; nil where it is none.
func (a *Analysis) intervalOf(ctx context.Context, id graph.ID) (*Interval, error) {
	unknown, known := a.Leads()
	for _, list := range [][]Lead{unknown, known} {
		at := slices.IndexFunc(list, func(l Lead) bool { return l.ID == id })
		if at < 0 {
			continue
		}
		r, err := a.redrawn(ctx)
		if err != nil {
			return nil, err
		}
		intervals, err := a.intervals(ctx, r, a.nodesOfLeads(list), []int{at})
		if err != nil {
			return nil, err
		}
		return intervals[0], nil
	}
	return nil, nil
}

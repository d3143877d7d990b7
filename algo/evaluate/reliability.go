package evaluate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrPoints is wrapped when scores and truth do not fit together.
var ErrPoints = errors.New("evaluate: scores and truth")

// Scored is what was said of the evaluation set of one world, and what was true.
type Scored struct {
	Score []float64
	Truth []bool
}

// Bin is a part of the scored of equal size as the others.
type Bin struct {
	N                   int
	Predicted, Observed float64 // means: of the chance stated, of the truth
}

// Reliability is how well stated chances held.
type Reliability struct {
	Bins []Bin // from the least chance up
	// ECE is the mean, over the bins by their size, of how far the chance stated and the share observed lie apart; Brier the mean square of
	// what was stated less what was true.
	ECE, Brier float64
}

// reliabilityBins is how many parts the scored are cut in.
const reliabilityBins = 10

// Reliable states the chances of each world by what scores of the other worlds were worth (isotonic regression: Ayer and others 1955), and says
// how well they held among the share of each world with the highest scores. A chance is never taken from the world that it is held against, so one
// world alone is refused. The error wraps ErrPoints.
func Reliable(worlds []Scored, highest float64) (*Reliability, error) {
	if len(worlds) < 2 {
		return nil, fmt.Errorf("%w: %d worlds: want two at least", ErrPoints, len(worlds))
	}
	type stated struct {
		chance float64
		truth  bool
	}
	var all []stated
	for k, world := range worlds {
		if len(world.Score) != len(world.Truth) {
			return nil, fmt.Errorf("%w: %d scores for %d truths", ErrPoints, len(world.Score), len(world.Truth))
		}
		var others Scored
		for i, other := range worlds {
			if i != k {
				others.Score, others.Truth = append(others.Score, other.Score...), append(others.Truth, other.Truth...)
			}
		}
		step := isotonic(others)
		order := make([]int, len(world.Score))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(world.Score[y], world.Score[x]) })
		for _, i := range order[:int(math.Ceil(highest*float64(len(order))))] {
			all = append(all, stated{step.at(world.Score[i]), world.Truth[i]})
		}
	}
	slices.SortStableFunc(all, func(x, y stated) int { return cmp.Compare(x.chance, y.chance) })
	r := &Reliability{}
	for k := range reliabilityBins {
		part := all[k*len(all)/reliabilityBins : (k+1)*len(all)/reliabilityBins]
		bin := Bin{N: len(part)}
		for _, s := range part {
			bin.Predicted += s.chance / float64(len(part))
			if s.truth {
				bin.Observed += 1 / float64(len(part))
			}
		}
		r.Bins = append(r.Bins, bin)
		r.ECE += math.Abs(bin.Predicted-bin.Observed) * share(len(part), len(all))
	}
	for _, s := range all {
		miss := s.chance
		if s.truth {
			miss--
		}
		r.Brier += miss * miss / float64(len(all))
	}
	return r, nil
}

// steps is a function that rises in steps: from score[i] on it is chance[i].
type steps struct{ score, chance []float64 }

func (s *steps) at(score float64) float64 {
	i, found := slices.BinarySearch(s.score, score)
	if !found {
		i--
	}
	return s.chance[max(i, 0)]
}

// isotonic is the rising function closest to the truth, by pooling neighbours that fall.
func isotonic(points Scored) *steps {
	order := make([]int, len(points.Score))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(points.Score[x], points.Score[y]) })
	type pool struct{ from, hits, n float64 }
	var pools []pool
	last := func() *pool { return &pools[len(pools)-1] }
	for _, i := range order {
		hit := 0.0
		if points.Truth[i] {
			hit = 1
		}
		if len(pools) > 0 && last().from == points.Score[i] {
			last().hits += hit
			last().n++
		} else {
			pools = append(pools, pool{points.Score[i], hit, 1})
		}
	}
	var kept []pool
	for _, p := range pools {
		kept = append(kept, p)
		for n := len(kept); n > 1 && kept[n-2].hits*kept[n-1].n >= kept[n-1].hits*kept[n-2].n; n = len(kept) {
			kept[n-2].hits += kept[n-1].hits
			kept[n-2].n += kept[n-1].n
			kept = kept[:n-1]
		}
	}
	s := &steps{score: []float64{math.Inf(-1)}, chance: []float64{0}}
	for i, p := range kept {
		if i == 0 {
			s.score, s.chance = s.score[:0], s.chance[:0]
			p.from = math.Inf(-1)
		}
		s.score, s.chance = append(s.score, p.from), append(s.chance, p.hits/p.n)
	}
	return s
}

package community

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Spacing says how Profile chooses resolutions between two bounds.
type Spacing uint8

const (
	// ByEvents puts them where much changes: see ProfileOptions.
	ByEvents Spacing = iota
	// Evenly spaces them evenly in their logarithm.
	Evenly
)

// ProfileOptions say which resolutions Profile tries. The zero value is usable.
type ProfileOptions struct {
	// Leiden holds the options of every run. Resolution is not used, Progress is called with resolutions done and resolutions in all,
	// and Threads is the number of resolutions at work at a time.
	Leiden Options
	// Resolutions are those tried, in any order; nil chooses them.
	Resolutions []float64
	// Low and High bound those chosen, Count is how many there are, 0 means DefaultCount; Spacing says where they are.
	//
	// By events (Jeub, Sporns and Fortunato 2018) the share β of what pulls pairs of nodes apart in all that pulls them together or
	// apart,
	//
	//	β(γ) = Σ max(0, γ·p − w) / Σ |w − γ·p|
	//
	// over pairs of weight w and null weight p (for modularity the product of their strengths over the strength of all, for CPM that
	// of their sizes), rises evenly from one resolution to the next. A pair turns at γ = w/p; where many do, resolutions are close.
	// Zero bounds are those of β = DefaultLow and β = DefaultHigh; Evenly takes the same.
	Low, High float64
	Count     int
	Spacing   Spacing
}

// Defaults of ProfileOptions. The bounds are shares β, not resolutions.
const (
	DefaultCount = 24
	DefaultLow   = 0.05
	DefaultHigh  = 0.95
)

// Trial is the run of Leiden at one resolution.
type Trial struct {
	Resolution  float64
	Communities int
	// Inside and Null are the two terms of the quality of the division found: at any resolution γ it is Inside − γ·Null.
	Inside, Null float64
	// Quality is that at Resolution, Passes and Stable are those of Result.
	Quality float64
	Passes  int
	Stable  bool
	// Plateau is the place among the plateaus of the division that is best here, Own whether this run found it.
	Plateau int
	Own     bool
}

// Plateau is a division that no other found is better than, within a range of resolutions.
type Plateau struct {
	// From and To bound the resolutions at which it is best.
	From, To float64
	// Membership gives the community of every node. Communities are numbered by their smallest member.
	Membership  []uint32
	Communities int
	// Inside and Null are its terms, as in Trial. Found is how many trials found it.
	Inside, Null float64
	Found        int
	// Next is how alike it is to the next plateau; zero for the last.
	Next Similarity
}

// ProfileResult is how the best division changes with the resolution.
type ProfileResult struct {
	// Trials are in ascending order of Resolution, Plateaus in that of From.
	Trials   []Trial
	Plateaus []Plateau
	// Distinct is how many different divisions the trials found. Those that are no plateau are worse than one everywhere.
	Distinct int
	// Method is "profile"; Objective, Seed, Low and High are those used.
	Method    string
	Objective Objective
	Seed      uint64
	Low, High float64
}

// Profile runs Leiden at many resolutions, one a goroutine, and keeps the divisions that are best anywhere between the lowest and the
// highest (CHAMP: Weir, Emmons, Gibson, Taylor and Mucha 2017). The quality of a division is a straight line over the resolution; the
// plateaus are the upper envelope of these lines, and a division below it is dropped. A plateau over a wide range, seen from
// both sides and unlike its neighbours, is structure of the graph; one over a narrow range is an accident.
//
// Every trial has the seed and keys of Leiden's options, so that threads do not change the result, and neither do the other resolutions.
// Cost: that of Count runs of Leiden on one thread each, and to choose by events O(m log m) and 64 bytes an edge. It holds 4 bytes a node
// and distinct division. A graph without weight between different nodes has nothing that turns: it is tried at resolution 1 alone,
// unless Resolutions or both bounds say otherwise. Errors are those of Leiden, and ErrOptions.
func Profile(ctx context.Context, g *csr.Graph, opts ProfileOptions) (ProfileResult, error) {
	resolutions, err := opts.choose(ctx, g)
	if err != nil {
		return ProfileResult{}, fmt.Errorf("community: profile: %w", err)
	}
	r := ProfileResult{
		Method: "profile", Objective: opts.Leiden.Objective, Seed: opts.Leiden.Seed,
		Low: resolutions[0], High: resolutions[len(resolutions)-1], Trials: make([]Trial, len(resolutions)),
	}
	found := make([][]uint32, len(resolutions))
	failed := make([]error, len(resolutions))
	tell := crew.NewTally(len(resolutions), opts.Leiden.Progress)
	err = crew.Run(ctx, opts.Leiden.Threads, len(resolutions), func(_, i int) {
		r.Trials[i], found[i], failed[i] = r.try(ctx, g, opts.Leiden, resolutions[i])
		tell.Add(1)
	})
	if err = cmp.Or(append(failed, err)...); err == nil {
		err = r.settle(ctx, found, opts.Leiden.Threads)
	}
	if err != nil {
		return ProfileResult{}, fmt.Errorf("community: profile: %w", err)
	}
	return r, nil
}

// try runs Leiden at one resolution and takes the quality of what it finds at two others, between which it is a straight line.
func (r *ProfileResult) try(ctx context.Context, g *csr.Graph, opts Options, resolution float64) (Trial, []uint32, error) {
	opts.Resolution, opts.Threads, opts.Progress = resolution, 1, nil
	division, err := Leiden(ctx, g, opts)
	if err != nil {
		return Trial{}, nil, err
	}
	low, high := r.Low, r.High
	if low == high {
		high *= 2
	}
	var quality [2]float64
	for i, at := range [2]float64{low, high} {
		opts.Resolution = at
		if quality[i], err = Quality(g, division.Membership, opts); err != nil {
			return Trial{}, nil, err
		}
	}
	t := Trial{
		Resolution: resolution, Communities: division.Communities, Quality: division.Quality, Passes: division.Passes, Stable: division.Stable,
		Null: (quality[0] - quality[1]) / (high - low),
	}
	t.Inside = quality[0] + float64(low*t.Null)
	return t, division.Membership, nil
}

// settle finds the plateaus among the divisions found, one a trial.
func (r *ProfileResult) settle(ctx context.Context, found [][]uint32, threads int) error {
	first := distinct(found) // of every trial, the first that found the same
	var lines []line
	times := make(map[int]int)
	for i, t := range r.Trials {
		if times[first[i]]++; first[i] == i {
			lines = append(lines, line{i, t.Inside, t.Null})
		}
	}
	r.Distinct = len(lines)
	for _, part := range envelope(lines, r.Low, r.High) {
		t := r.Trials[part.trial]
		r.Plateaus = append(r.Plateaus, Plateau{
			From: part.from, To: part.to, Membership: found[part.trial], Communities: t.Communities,
			Inside: t.Inside, Null: t.Null, Found: times[part.trial],
		})
		for i := range r.Trials {
			if r.Trials[i].Resolution >= part.from {
				r.Trials[i].Plateau, r.Trials[i].Own = len(r.Plateaus)-1, first[i] == part.trial
			}
		}
	}
	failed := make([]error, len(r.Plateaus))
	err := crew.Run(ctx, threads, len(r.Plateaus)-1, func(_, i int) {
		r.Plateaus[i].Next, failed[i] = Compare(ctx, r.Plateaus[i].Membership, r.Plateaus[i+1].Membership)
	})
	return cmp.Or(append(failed, err)...)
}

// distinct returns for every division the place of the first that equals it.
func distinct(divisions [][]uint32) []int {
	first := make([]int, len(divisions))
	seen := make(map[uint64][]int)
	for i, labels := range divisions {
		hash := uint64(len(labels))
		for _, label := range labels {
			hash = mix(hash, uint64(label))
		}
		first[i] = i
		for _, j := range seen[hash] {
			if slices.Equal(labels, divisions[j]) {
				first[i] = j
			}
		}
		if first[i] == i {
			seen[hash] = append(seen[hash], i)
		}
	}
	return first
}

// line is the quality of a division over the resolution: inside − γ·null.
type line struct {
	trial        int
	inside, null float64
}

// stretch is where a line is the highest.
type stretch struct {
	trial    int
	from, to float64
}

// envelope follows the highest line from low to high. Of lines that are equally high it takes the one that will be higher, which is the
// one of least null, and of equal lines the first.
func envelope(lines []line, low, high float64) []stretch {
	at := func(l line) float64 { return l.inside - float64(low*l.null) }
	top := slices.MaxFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(b.null, a.null), b.trial-a.trial)
	})
	var parts []stretch
	for from := low; ; {
		next, to := top, high
		for _, l := range lines {
			if l.null >= top.null {
				continue
			}
			cross := max(from, (top.inside-l.inside)/(top.null-l.null))
			if cross < to || (cross == to && next != top && l.null < next.null) {
				next, to = l, cross
			}
		}
		if to > from || next == top {
			parts = append(parts, stretch{top.trial, from, to})
		}
		if next == top {
			return parts
		}
		top, from = next, to
	}
}

// choose returns the resolutions to try, ascending and each once.
func (o ProfileOptions) choose(ctx context.Context, g *csr.Graph) ([]float64, error) {
	if _, err := o.Leiden.settle(g); err != nil {
		return nil, err
	}
	usable := func(gamma float64) bool { return gamma > 0 && gamma <= math.MaxFloat32 }
	if o.Resolutions != nil {
		list := slices.Compact(slices.Sorted(slices.Values(o.Resolutions)))
		for _, gamma := range list {
			if !usable(gamma) {
				return nil, fmt.Errorf("%w: resolution %v is not above 0", ErrOptions, gamma)
			}
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("%w: no resolution", ErrOptions)
		}
		return list, nil
	}
	if o.Count == 0 {
		o.Count = DefaultCount
	}
	if o.Count < 1 || o.Spacing > Evenly || (o.Low != 0 && !usable(o.Low)) || (o.High != 0 && !usable(o.High)) {
		return nil, fmt.Errorf("%w: %d resolutions between %v and %v, spacing %d", ErrOptions, o.Count, o.Low, o.High, o.Spacing)
	}
	list := []float64{o.Low}
	if o.Spacing == ByEvents || o.Low == 0 || o.High == 0 {
		turns, err := newTurns(ctx, g, o.Leiden)
		if err != nil {
			return nil, err
		}
		if list = turns.between(o.Low, o.High, o.Count); list == nil {
			return []float64{DefaultResolution}, nil
		}
		o.Low, o.High = list[0], list[len(list)-1]
	}
	if !(o.Low <= o.High) || !usable(o.Low) || !usable(o.High) {
		return nil, fmt.Errorf("%w: resolutions from %v to %v", ErrOptions, o.Low, o.High)
	}
	if o.Spacing == Evenly {
		list = []float64{o.Low}
		for i := 1; i < o.Count; i++ {
			list = append(list, o.Low*math.Pow(o.High/o.Low, float64(i)/float64(o.Count-1)))
		}
		if o.Count > 1 {
			list[o.Count-1] = o.High
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

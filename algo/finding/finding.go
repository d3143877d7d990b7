package finding

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"rummage/algo/csr/crew"
	"rummage/algo/stat"
)

// TrialOptions are the settings of Trial.Run. DefaultTrial has the ones the method was proven with.
type TrialOptions struct {
	Q        float64 // share of false ones allowed among the flagged
	Draws    int     // shuffles per null; q-values cannot be finer than 1/(Draws * flagged)
	Threads  int     // 0 means one per processor; the answer is the same for any number
	Progress func(done, total int)
}

// DefaultTrial are q = 0.05 and 500 shuffles per null.
func DefaultTrial() TrialOptions { return TrialOptions{Q: 0.05, Draws: 500} }

// Grade is what a finding has withstood.
type Grade uint8

const (
	// GradeB is more hits inside than shuffled outcomes explain. A repeat offender alone can bring it about.
	GradeB Grade = iota
	// GradeA is also more than repeat offenders explain, in hits and in importers hit.
	GradeA
)

func (g Grade) String() string { return [...]string{"B", "A"}[g] }

// Finding is a group that holds more hits than chance. It is a test of the group, not of a member, and says "more than chance",
// never "guilty".
type Finding struct {
	Group // its members, how it was drawn, its loops

	Grade Grade

	// Also says that the group passed the rule of grade B as well. A group of grade A usually has; where it has not, a
	// better-scored neighbour holds one of its hits.
	Also bool

	// Consignments inside the group that were inspected, and hits among them.
	Inspected, Hits int

	// Distinct importers inspected inside, and those hit inside.
	ImportersInspected, ImportersHit int

	// Expected is the number of hits inside at the rates of the strata that the consignments are of.
	Expected float64

	// P is the exact chance of as many hits among as many consignments of the same strata, PImporters of as many importers hit among
	// as many of the same bands. Both are before the search among many groups; Q is after.
	P, PImporters float64

	// Score ranks: P, for grade A the larger of P and PImporters, over the prior weight of closeness.
	Score float64

	// Q is the smallest share of false findings at which this one is still flagged, by Null.
	Q [2]float64

	place int // in the observed walk of its grade
}

// Result is what a trial comes to.
type Result struct {
	List []Finding // grade A first, then by score

	// Margins of the tests.
	Inspected, Hits, ImportersInspected, ImportersHit int

	// Candidates is how many groups were drawn, Tested how many of them hold an inspected consignment.
	Candidates, Tested int

	// Strata are what outcomes were shuffled within, ordered by cell; Bands how many bands of importers that are expected to be hit
	// equally often there were.
	Strata []Stratum
	Bands  int

	A, B Level
}

// Run tests every group, calibrates both grades by shuffling outcomes, and returns what is left. The answer depends on the
// trade and the keys alone, not on the order of rows or on Threads. Cost: that of opts.Draws times two visits to every hit.
//
// The method: score s = p/w with w = 1 + 10*min(loops, 4), a walk up the scores that tells each hit once, and the largest threshold
// at which shuffled outcomes yield at most Q of what is flagged. p only ranks; the shuffles calibrate, so that overlapping groups
// and the many tests need no correction of their own.
func (t *Trial) Run(ctx context.Context, opts TrialOptions) (*Result, error) {
	if opts.Draws < 1 || !(opts.Q > 0 && opts.Q < 1) {
		return nil, fmt.Errorf("finding: trial: %d draws at q = %g: needs a draw at least, and q between 0 and 1", opts.Draws, opts.Q)
	}
	done := crew.NewTally(2*opts.Draws, opts.Progress)
	var null [2]nullScores
	for _, n := range []Null{ShuffleConsignments, ShuffleImporters} {
		var err error
		if null[n], err = t.draw(ctx, n, opts, done); err != nil {
			return nil, err
		}
	}
	r := &Result{
		Inspected: len(t.row), Hits: t.outcomes.hits,
		ImportersInspected: len(t.importers), ImportersHit: t.outcomes.offenders,
		Candidates: len(t.groups), Strata: slices.Clone(t.strata), Bands: len(t.outcomes.bands),
	}
	for s := range r.Strata {
		r.Strata[s].Hits = t.outcomes.marked[s]
	}
	for g := range t.groups {
		if len(t.inside.Of(uint32(g))) > 0 {
			r.Tested++
		}
	}
	return r, r.flag(t, null, opts)
}

// flag judges the real outcomes and calibrates them.
func (r *Result) flag(t *Trial, null [2]nullScores, opts TrialOptions) error {
	j := newJudge(t)
	hits := t.places()
	wide, strict := j.walks(hits, t.outcomes.hit)
	var err error
	r.A, err = calibrate(strict, [2][]float64{null[0].strict, null[1].strict}, []Null{ShuffleConsignments, ShuffleImporters}, opts)
	if err != nil {
		return err
	}
	if r.B, err = calibrate(wide, [2][]float64{null[0].wide, null[1].wide}, []Null{ShuffleConsignments}, opts); err != nil {
		return err
	}
	j.count(hits)
	defer j.clear()
	at := map[uint32]int{}
	for place, s := range strict[:r.A.Flagged] {
		at[s.group] = len(r.List)
		r.List = append(r.List, j.finding(s, GradeA, place))
	}
	for place, s := range wide[:r.B.Flagged] {
		if i, is := at[s.group]; is {
			r.List[i].Also = true
			continue
		}
		r.List = append(r.List, j.finding(s, GradeB, place))
	}
	for i := range r.List {
		if err := r.quantify(&r.List[i]); err != nil {
			return err
		}
	}
	slices.SortStableFunc(r.List, func(a, b Finding) int {
		return cmp.Or(int(b.Grade)-int(a.Grade), cmp.Compare(a.Score, b.Score))
	})
	return nil
}

func (r *Result) quantify(one *Finding) error {
	for n := range one.Q {
		q, err := r.level(one.Grade).qAt(Null(n), one.Score, one.place)
		if err != nil {
			return err
		}
		one.Q[n] = q
	}
	return nil
}

func (r *Result) level(g Grade) *Level {
	if g == GradeA {
		return &r.A
	}
	return &r.B
}

// finding tells a group in full. The judge has counted the hits.
func (j *judge) finding(s scored, grade Grade, place int) Finding {
	t := j.trial
	one := Finding{
		Group: t.groups[s.group], Grade: grade, Also: grade == GradeB, place: place,
		Inspected: len(t.inside.Of(s.group)), Hits: int(j.in[s.group].hits),
		ImportersInspected: int(t.inspected[s.group]), ImportersHit: int(j.in[s.group].offenders),
	}
	t.measure(&one, t.inside.Of(s.group))
	return one
}

// measure fills in what follows from a finding's counts and the places of its inspected consignments, which ascend.
func (t *Trial) measure(one *Finding, places []uint32) {
	urns := t.urns(places)
	for _, u := range urns {
		one.Expected += float64(u.Draws) * float64(u.Marked) / float64(u.Population)
	}
	one.P = stat.UrnsUpper(urns, one.Hits)
	one.PImporters = stat.UrnsUpper(t.crowds(places, t.outcomes.caught), one.ImportersHit)
	one.Score = one.P
	if one.Grade == GradeA {
		one.Score = max(one.P, one.PImporters)
	}
	one.Score /= one.weight()
}

// places lists the hits, ascending.
func (t *Trial) places() []uint32 {
	var hits []uint32
	for place, hit := range t.outcomes.hit {
		if hit {
			hits = append(hits, uint32(place))
		}
	}
	return hits
}

// Shuffled is the same trial with outcomes dealt by a null. A Run of it shows what is flagged where there is no network. Draw
// numbers are apart from those of the calibration.
func (t *Trial) Shuffled(null Null, draw uint64) *Trial {
	dealer := newDealer(t)
	dealer.deal(null, math.MaxUint64-draw)
	other := *t
	other.outcomes = other.tally(dealer.hit)
	return &other
}

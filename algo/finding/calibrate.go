package finding

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr/crew"
	"rummage/algo/stat"
)

// nullScores are the scores accepted over all draws of one null, under the same eligibility and skipping as the real ones.
type nullScores struct{ wide, strict []float64 }

// table is where one goroutine deals outcomes and judges them.
type table struct {
	dealer *dealer
	judge  *judge
}

// draw judges opts.Draws sets of outcomes dealt by a null. Every draw has its own number, so that the scores are the same however the
// draws are spread over goroutines.
func (t *Trial) draw(ctx context.Context, null Null, opts TrialOptions, done *crew.Tally) (nullScores, error) {
	cut := crew.Cut(opts.Draws, 8)
	parts := make([]nullScores, len(cut)-1)
	tables := make([]table, crew.Size(opts.Threads, len(parts)))
	err := crew.Run(ctx, opts.Threads, len(parts), func(worker, b int) {
		if tables[worker].dealer == nil {
			tables[worker] = table{newDealer(t), newJudge(t)}
		}
		dealer, judge := tables[worker].dealer, tables[worker].judge
		for n := cut[b]; n < cut[b+1]; n++ {
			wide, strict := judge.walks(dealer.deal(null, uint64(n)), dealer.hit)
			parts[b].wide, parts[b].strict = appendScores(parts[b].wide, wide), appendScores(parts[b].strict, strict)
			done.Add(1)
		}
	})
	if err != nil {
		return nullScores{}, fmt.Errorf("finding: trial: %s: %w", null, err)
	}
	var all nullScores
	for _, p := range parts {
		all.wide, all.strict = append(all.wide, p.wide...), append(all.strict, p.strict...)
	}
	slices.Sort(all.wide)
	slices.Sort(all.strict)
	return all, nil
}

func appendScores(to []float64, list []scored) []float64 {
	for _, s := range list {
		to = append(to, s.score)
	}
	return to
}

// Level is one grade's rule over a whole run.
type Level struct {
	// Threshold is the largest score flagged; NaN when nothing is.
	Threshold float64

	// Flagged is how many groups are.
	Flagged int

	// NullFlags is how many groups the same threshold flags on average when there is no network: what to expect of false
	// flags. Grade A is calibrated against both nulls; grade B against shuffled consignments alone, so that its number under
	// repeat offenders is a warning, printed and not promised.
	NullFlags [2]float64 // by Null

	observed []float64
	null     [2][]float64
	draws    int
	q        float64
}

// calibrate sets the threshold of a grade: the largest that every null in must allows.
func calibrate(observed []scored, null [2][]float64, must []Null, opts TrialOptions) (Level, error) {
	l := Level{observed: appendScores(nil, observed), null: null, draws: opts.Draws, q: opts.Q}
	for i, n := range must {
		c, err := stat.Calibrate(l.observed, null[n], l.draws, l.q)
		if err != nil {
			return Level{}, fmt.Errorf("finding: trial: %w", err)
		}
		if i == 0 || !(c.Threshold >= l.Threshold) {
			l.Threshold = c.Threshold
		}
	}
	for _, score := range l.observed {
		if score <= l.Threshold {
			l.Flagged++
		}
	}
	for n := range null {
		below := 0
		for below < len(null[n]) && null[n][below] <= l.Threshold {
			below++
		}
		l.NullFlags[n] = float64(below) / float64(l.draws)
	}
	return l, nil
}

// qAt is the q-value, under one null, of a score that takes the place of an observed one, counted in the order of the walk.
func (l *Level) qAt(null Null, score float64, replaced int) (float64, error) {
	list := slices.Clone(l.observed)
	list[replaced] = score
	c, err := stat.Calibrate(list, l.null[null], l.draws, l.q)
	if err != nil {
		return 0, fmt.Errorf("finding: trial: %w", err)
	}
	return c.Q[replaced], nil
}

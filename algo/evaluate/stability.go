package evaluate

import (
	"fmt"
	"math"

	"rummage/algo/flag"
)

// Stable is what is left of the first 100 of the evaluation set when a part
// of the records is gone.
type Stable struct {
	Name    string
	Jaccard float64 // of the first 100 with and without, among those of the evaluation set
}

// Losses that the first 100 are held against.
const (
	TenthOfTies = "a tenth of the ties"
	TenthOfHits = "a tenth of the hits"
)

// stability analyses the world again under each loss.
func (b *bench) stability() ([]Stable, error) {
	var all []Stable
	for _, one := range []struct {
		name string
		loss Loss
	}{
		{TenthOfTies, Loss{Seed: b.opts.Seed, Ties: 0.1}},
		{TenthOfHits, Loss{Seed: b.opts.Seed, Hits: 0.1}},
	} {
		a, err := b.under(one.loss)
		if err != nil {
			return nil, fmt.Errorf("evaluate: without %s: %w", one.name, err)
		}
		all = append(all, Stable{one.name, b.overlap(b.scoresOf(b.a), b.scoresOf(a))})
	}
	return all, nil
}

// under analyses what a loss leaves, without findings.
func (b *bench) under(loss Loss) (*flag.Analysis, error) {
	opts := *b.opts
	opts.Untested, opts.Progress = true, nil
	opts.Cache.Dir = "" // which knows sources, not what was left out of them
	return flag.Analyse(b.ctx, Without(b.source, loss), opts)
}

// overlap is the Jaccard index of the first 100 by two scores; NaN where nobody is ranked.
func (b *bench) overlap(one, other []float64) float64 {
	first, second := b.set.order(one), b.set.order(other)
	n := min(top, len(first))
	if n == 0 {
		return math.NaN()
	}
	in := make(map[uint32]bool, n)
	for _, v := range first[:n] {
		in[v] = true
	}
	both := 0
	for _, v := range second[:n] {
		if in[v] {
			both++
		}
	}
	return share(both, 2*n-both)
}

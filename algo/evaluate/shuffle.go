package evaluate

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/finding"
	"rummage/algo/flag"
)

// StageNulls is the stage that Progress reports while outcomes are shuffled
// and the whole of findings is run again.
const StageNulls = "nulls"

// shuffle counts the runs on worlds without networks that flag one all the
// same. The draws are apart from those that calibrate.
func (r *Report) shuffle(ctx context.Context, a *flag.Analysis, opts Options) error {
	r.Shuffled = [2]float64{math.NaN(), math.NaN()}
	if opts.Shuffles < 1 {
		return nil
	}
	find := finding.TrialOptions{Q: a.Settings.Q, Draws: a.Settings.Draws, Threads: opts.Flag.Threads}
	for _, null := range []finding.Null{finding.ShuffleConsignments, finding.ShuffleImporters} {
		flagged := 0
		for n := range opts.Shuffles {
			found, err := a.Trial.Shuffled(null, uint64(n)).Run(ctx, find)
			if err != nil {
				return fmt.Errorf("evaluate: shuffled run %d: %w", n+1, err)
			}
			if found.A.Flagged > 0 {
				flagged++
			}
			if opts.Flag.Progress != nil {
				opts.Flag.Progress(StageNulls, int(null)*opts.Shuffles+n+1, 2*opts.Shuffles)
			}
		}
		r.Shuffled[null] = share(flagged, opts.Shuffles)
	}
	return nil
}

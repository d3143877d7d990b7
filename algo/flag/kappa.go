package flag

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/finding"
	"rummage/algo/stat"
)

// Kappa is the weight that closeness has in the score of leads, and how it was decided.
type Kappa struct {
	Value Number `json:"value"` // used

	// Taken says that outcomes decided it: among the inspected importers, each with the outcomes of its fold hidden, it ranked those with a
	// hit better than the weight of the settings by a tenth at least. AP and Settled are the average precisions of the best weight tried and
	// of that of the settings.
	Taken   bool   `json:"taken"`
	AP      Number `json:"ap"`
	Settled Number `json:"ap_settled"`
}

// kappas are the weights tried.
var kappas = [...]float64{0, 0.5, 1, 1.5, 2, 3, 4}

// clearlyBetter is by what factor an average precision must be ahead for a setting to be left.
const clearlyBetter = 1.1

// weighCloseness measures closeness where it has a weight or may get one, and decides the weight.
//
// Outcomes may be asked because closeness looks at none, and because the exposure that it is tried beside is that to the hits of others.
func (a *Analysis) weighCloseness(ctx context.Context, opts *Options) error {
	a.Kappa = &Kappa{Value: Number(a.Settings.Kappa)}
	if a.Settings.Kappa == 0 && a.Settings.ExposedCloseness == 0 && !a.Settings.KappaByData {
		return nil
	}
	closeness := finding.DefaultCloseness()
	closeness.RareUsers, closeness.Threads = a.Settings.RareUsers, opts.Threads
	var err error
	if a.Closeness, err = finding.MeasureCloseness(ctx, a.Trade, closeness); err != nil || !a.Settings.KappaByData {
		return err
	}
	rows, importers, err := a.hidden(ctx, opts)
	if err != nil || rows == nil {
		return err
	}
	precision := func(kappa float64) (float64, error) {
		scores := make([]float64, len(importers))
		for i, v := range importers {
			scores[i] = rows.Exposed[i] + kappa*a.Closeness.Of(v)
		}
		ranking, err := stat.NewRanking(scores, rows.Found)
		if err != nil {
			return 0, fmt.Errorf("flag: weight of closeness: %w", err)
		}
		return ranking.AveragePrecision(), nil
	}
	settled, err := precision(a.Settings.Kappa)
	if err != nil {
		return err
	}
	a.Kappa.Settled, a.Kappa.AP = Number(settled), Number(settled)
	for _, kappa := range kappas {
		ap, err := precision(kappa)
		if err != nil {
			return err
		}
		a.Kappa.AP = Number(math.Max(float64(a.Kappa.AP), ap))
		if ap >= clearlyBetter*settled && ap >= float64(a.Kappa.AP) {
			a.Kappa.Taken, a.Kappa.Value = true, Number(kappa)
		}
	}
	return nil
}

package flag

import (
	"context"

	"rummage/algo/view"
	"rummage/graph"
)

// PastSeeds are where weights of ties are tried from, and the source as it was on that day.
func PastSeeds(ctx context.Context, a *Analysis, source view.Source) (past view.Source, seeds map[graph.ID]float64, err error) {
	day, _ := a.splitDay()
	s, err := a.splitAt(ctx, source, &Options{Settings: a.Settings}, day)
	if err != nil {
		return nil, nil, err
	}
	seeds = make(map[graph.ID]float64)
	for v, seed := range s.seeds {
		if seed > 0 {
			seeds[s.view.IDs[v]] = seed
		}
	}
	return upTo{source, day}, seeds, nil
}

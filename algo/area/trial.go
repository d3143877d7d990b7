package area

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"rummage/algo/stat"
	"rummage/graph"
)

// Ranked is a declaration with its score.
type Ranked struct {
	ID  graph.ID
	Day graph.Date
	Row int
	Score
}

// Rank returns the declarations from a day on that the model gives the highest chance,
// at most so many; 0 for all. Inspected ones count only where they are asked for. Equal
// chances stand by id.
func (m *Model) Rank(since graph.Date, inspected bool, limit int) []Ranked {
	rows := m.rows(since, func(i int) bool { return inspected || !m.table.Looked[i] })
	chances := make(map[int]float64, len(rows))
	for _, i := range rows {
		chances[i] = m.Chance(i)
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(chances[b], chances[a]) })
	if limit > 0 && limit < len(rows) {
		rows = rows[:limit]
	}
	all := make([]Ranked, len(rows))
	for k, i := range rows {
		all[k] = Ranked{ID: m.table.IDs[i], Day: m.table.Days[i], Row: i, Score: m.Score(i)}
	}
	return all
}

func (m *Model) rows(since graph.Date, which func(int) bool) []int {
	var rows []int
	for i, day := range m.table.Days {
		if (since == graph.NoDate || day >= since) && which(i) {
			rows = append(rows, i)
		}
	}
	return rows
}

// A Trial is how well a model told what inspections found that it had not seen.
type Trial struct {
	Found stat.Tally // hits of the inspected that were ranked

	// Precision is the share of hits among the highest ranked 1, 2, 5 and 10 % of them.
	Precision [4]float64
	AP        float64 // average precision
	AUC       float64
	// ECE is the expected calibration error: the mean distance of the mean chance from
	// the share of hits, over ten bins of equal size.
	ECE  float64
	Bins []Bin
}

// A Bin is a tenth of the ranked, by chance.
type Bin struct {
	Chance float64 // mean
	Found  stat.Tally
}

// shares are those of Trial.Precision.
var shares = [4]float64{0.01, 0.02, 0.05, 0.10}

// bins is how many of them the calibration is measured in.
const bins = 10

// Try measures the model on the inspected declarations from a day on, which it must not
// have been fitted on. The error wraps ErrOutcomes where there are none to compare with.
func (m *Model) Try(since graph.Date) (*Trial, error) {
	t := m.table
	rows := m.rows(since, func(i int) bool { return t.Looked[i] })
	trial := &Trial{Found: stat.Tally{Trials: len(rows), Hits: t.hits(rows)}}
	if trial.Found.Hits == 0 || trial.Found.Hits == len(rows) {
		return nil, fmt.Errorf("area: try: %d hits of %d inspected: %w", trial.Found.Hits, len(rows), ErrOutcomes)
	}
	chances, truth := make([]float64, len(rows)), make([]bool, len(rows))
	for k, i := range rows {
		chances[k], truth[k] = m.Chance(i), t.Hit[i]
	}
	ranking, err := stat.NewRanking(chances, truth)
	if err != nil {
		return nil, fmt.Errorf("area: try: %w", err)
	}
	for k, share := range shares {
		trial.Precision[k] = ranking.PrecisionAt(max(int(math.Round(share*float64(len(rows)))), 1))
	}
	trial.AP, trial.AUC = ranking.AveragePrecision(), ranking.AUC()
	trial.calibration(chances, truth)
	return trial, nil
}

func (r *Trial) calibration(chances []float64, truth []bool) {
	order := make([]int, len(chances))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(chances[a], chances[b]) })
	for b := range bins {
		some := order[b*len(order)/bins : (b+1)*len(order)/bins]
		if len(some) == 0 {
			continue
		}
		bin := Bin{Found: stat.Tally{Trials: len(some)}}
		for _, k := range some {
			bin.Chance += chances[k] / float64(len(some))
			bin.Found.Hits += boolean(truth[k])
		}
		r.Bins = append(r.Bins, bin)
		r.ECE += math.Abs(bin.Chance-float64(bin.Found.Hits)/float64(len(some))) * float64(len(some)) / float64(len(order))
	}
}

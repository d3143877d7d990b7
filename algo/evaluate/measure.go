package evaluate

import (
	"cmp"
	"context"
	"math"
	"slices"

	"rummage/algo/flag"
	"rummage/algo/propagate"
	"rummage/algo/stat"
	"rummage/algo/view"
)

// alerted is the share of the evaluation set that a method is taken to name,
// for HubHarm: about as many as flag lists leads in a world of scale 1.
const alerted = 0.05

// Budgets are the shares of the evaluation set that could be looked at.
var Budgets = [...]float64{0.01, 0.02, 0.05, 0.10}

// Measures are what the order of one method holds. Where an order is needed,
// equal scores stand by id.
type Measures struct {
	AP  float64 // average precision
	AUC float64 // a footnote: it hides what happens at the top

	PAt  float64 // share of positives among the 100 highest
	Held float64 // share of the rings with a positive that have one among the 100 highest
	// Benign is the share of members of benign groups among the 100 highest.
	Benign float64

	// Recall is the share of all positives within each of Budgets.
	Recall [len(Budgets)]float64

	// HubHarm is how much likelier a trader that did nothing is among the 5 %
	// highest if it is among the tenth with most ties than if it has as many
	// as the middle one (from the 45th to the 55th in a hundred, and all with
	// as many as these). 1 is no harm; NaN where no middle one is named.
	HubHarm float64
}

// bench is one analysed world that methods are tried on.
type bench struct {
	ctx     context.Context
	source  view.Source
	a       *flag.Analysis
	planted *planted
	opts    *flag.Options
	set     *set
}

// expose walks on the view's ties with other weights or other seeds.
func (b *bench) expose(weights view.Weights, rule flag.SeedRule) (*flag.Exposure, error) {
	g, err := b.a.View.Weigh(b.ctx, b.opts.Threads, weights)
	if err != nil {
		return nil, err
	}
	return flag.Expose(b.ctx, g, flag.Seeds(b.a.Trade, rule), propagate.Options{Damping: b.a.Settings.Damping, Threads: b.opts.Threads})
}

// measure holds scores, one a node, against the truth.
func (b *bench) measure(score []float64) (Measures, error) {
	t := b.set
	scores := make([]float64, len(t.candidates))
	for i, v := range t.candidates {
		scores[i] = score[v]
	}
	ranking, err := stat.NewRanking(scores, t.truth)
	if err != nil {
		return Measures{}, err
	}
	order := t.order(score)
	m := Measures{AP: ranking.AveragePrecision(), AUC: ranking.AUC(), PAt: ranking.PrecisionAt(top), HubHarm: b.hubHarm(order)}
	open, hit := map[int32]bool{}, map[int32]bool{}
	positives, benign := 0, 0
	for i, v := range order {
		ring := b.planted.ring[v]
		if ring != nobody {
			positives++
			open[ring] = true
			hit[ring] = hit[ring] || i < top
			for k, budget := range Budgets {
				if float64(i) < math.Ceil(budget*float64(len(order))) {
					m.Recall[k]++
				}
			}
		}
		if i < top && b.planted.benign[v] != nobody {
			benign++
		}
	}
	found := 0
	for _, in := range hit {
		if in {
			found++
		}
	}
	m.Benign, m.Held = share(benign, min(len(order), top)), share(found, len(open))
	for k := range m.Recall {
		m.Recall[k] /= float64(max(positives, 1))
	}
	return m, nil
}

// order lists the evaluation set by score, highest first, equal scores by id.
func (t *set) order(score []float64) []uint32 {
	order := slices.Clone(t.candidates)
	slices.SortStableFunc(order, func(x, y uint32) int { return cmp.Compare(score[y], score[x]) })
	return order
}

// hubHarm is that of Measures, for an order of the evaluation set.
func (b *bench) hubHarm(order []uint32) float64 {
	var degrees []int
	for _, v := range order {
		if b.planted.ring[v] == nobody {
			degrees = append(degrees, b.a.View.Ties.Degree(v))
		}
	}
	if len(degrees) == 0 {
		return math.NaN()
	}
	slices.Sort(degrees)
	at := func(q float64) int { return degrees[min(len(degrees)-1, int(q*float64(len(degrees))))] }
	busy, low, high := at(0.90), at(0.45), at(0.55)
	var all, named struct{ busy, middle int }
	alerts := int(math.Ceil(alerted * float64(len(order))))
	for i, v := range order {
		if b.planted.ring[v] != nobody {
			continue
		}
		d := b.a.View.Ties.Degree(v)
		if d >= busy {
			all.busy++
			if i < alerts {
				named.busy++
			}
		}
		if low <= d && d <= high {
			all.middle++
			if i < alerts {
				named.middle++
			}
		}
	}
	return share(named.busy, all.busy) / share(named.middle, all.middle)
}

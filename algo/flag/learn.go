package flag

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"rummage/algo/finding"
	"rummage/algo/propagate"
	"rummage/algo/stat"
	"rummage/algo/view"
	"rummage/graph"
)

// Learned is what weights of ties were learned from the past, and how they did.
type Learned struct {
	// Taken says that they are used: from what was known on Day they ranked whom a hit was found on later better than the weights of the
	// settings by a tenth at least. AP and Settled are the average precisions of both, among the Inspected traders that somebody looked at
	// after Day, of whom nothing was known on it, and that had ties by then; Hit of them were hit.
	Taken     bool       `json:"taken"`
	Day       graph.Date `json:"day"`
	AP        Number     `json:"ap"`
	Settled   Number     `json:"ap_settled"`
	Hit       int        `json:"hit"`
	Inspected int        `json:"inspected"`

	// Factors are by how much the weight of each kind of tie was multiplied.
	Factors map[string]Number `json:"factors"`
}

// Bounds of what is learned: a bad year must not take a kind of tie out, nor make it everything.
var factors = [...]float64{0.2, 0.5, 1, 2, 5}

const (
	learnRounds = 2   // over all kinds
	pastShare   = 0.7 // of hits that are known on the day, at least
)

// learn tries weights on the past: with what was declared and found until a day, who is hit later?
//
// Coordinate by coordinate over the bounded factors. The walk starts as that of leads would have on that day, but for the corroboration of
// hits. Cost: reading the scope again, and a walk for each factor tried.
func (a *Analysis) learn(ctx context.Context, source view.Source, opts *Options) error {
	day, ok := a.splitDay()
	if !ok {
		return nil
	}
	s, err := a.splitAt(ctx, source, opts, day)
	if err != nil {
		return err
	}
	l := &Learned{Day: day, Inspected: len(s.nodes), Factors: map[string]Number{}}
	for _, hit := range s.found {
		if hit {
			l.Hit++
		}
	}
	a.Learned = l
	if l.Hit < leastHit {
		return nil
	}
	best := a.Settings.Weights
	settled, err := s.precision(best)
	if err != nil {
		return err
	}
	ap := settled
	for range learnRounds {
		for _, kind := range a.Settings.Weights.Kinds() {
			for _, factor := range factors {
				tried := best
				tried.Edges = make(map[view.Edge]view.Weight, len(best.Edges))
				for k, w := range best.Edges {
					tried.Edges[k] = w
				}
				w := a.Settings.Weights.Edges[kind]
				w.Beta *= factor
				tried.Edges[kind] = w
				reached, err := s.precision(tried)
				if err != nil {
					return err
				}
				if reached > ap {
					best, ap = tried, reached
				}
			}
		}
	}
	l.AP, l.Settled = Number(ap), Number(settled)
	if l.Taken = ap >= clearlyBetter*settled; l.Taken {
		a.weights = best
	}
	for _, kind := range a.Settings.Weights.Kinds() {
		l.Factors[kind.String()] = Number(a.weights.Edges[kind].Beta / a.Settings.Weights.Edges[kind].Beta)
	}
	return nil
}

// splitDay is the day on which that share of the hits were declared; false where no day is stated.
func (a *Analysis) splitDay() (graph.Date, bool) {
	var days []graph.Date
	c := &a.View.Consignments
	for i, hit := range c.Hit {
		if hit && c.Day[i] != graph.NoDate {
			days = append(days, c.Day[i])
		}
	}
	if len(days) == 0 {
		return graph.NoDate, false
	}
	slices.Sort(days)
	return days[min(len(days)-1, int(pastShare*float64(len(days))))], true
}

// split is the past up to a day, and what was found later of whom.
type split struct {
	ctx   context.Context
	a     *Analysis
	opts  *Options
	view  *view.View
	trade *finding.Trade
	seeds []float64
	nodes []uint32 // of the past view
	found []bool
}

// splitAt reads the past up to a day, and finds who was hit later.
func (a *Analysis) splitAt(ctx context.Context, source view.Source, opts *Options, day graph.Date) (*split, error) {
	then := opts.view()
	then.Before, then.Within, then.Progress = nil, nil, nil
	then.Cache = view.Cache{} // which knows sources, not days
	v, err := view.Build(ctx, upTo{source, day}, then)
	if err != nil {
		return nil, fmt.Errorf("flag: weights of ties: %w", err)
	}
	s := &split{ctx: ctx, a: a, view: v, trade: TradeOf(v, a.Seed), opts: opts}
	s.seeds = seedsBut(s.trade, ShrunkenSeeds, seedScope{weight: a.Settings.ages(&v.Consignments), exporters: a.Settings.Exporters})
	s.later(day)
	return s, nil
}

// later finds the traders that were looked at after the day, of whom no hit was known on it.
func (s *split) later(day graph.Date) {
	c := &s.a.View.Consignments
	looked, hit := map[uint32]bool{}, map[uint32]bool{}
	for i, inspected := range c.Inspected {
		if !inspected || c.Day[i] <= day { // graph.NoDate is before any
			continue
		}
		for _, trader := range [2]uint32{c.Importer[i], c.Exporter[i]} {
			if trader == view.None {
				continue
			}
			if v, ok := s.view.Node(s.a.View.IDs[trader]); ok && s.seeds[v] == 0 && !s.trade.IsService(v) {
				looked[v] = true
				hit[v] = hit[v] || c.Hit[i]
			}
		}
	}
	for v := range looked {
		s.nodes = append(s.nodes, v)
	}
	slices.Sort(s.nodes)
	for _, v := range s.nodes {
		s.found = append(s.found, hit[v])
	}
}

// precision is the average precision of exposure by some weights.
func (s *split) precision(weights view.Weights) (float64, error) {
	g, err := s.view.Weigh(s.ctx, s.opts.Threads, weights)
	if err != nil {
		return 0, fmt.Errorf("flag: weights of ties: %w", err)
	}
	e, err := Expose(s.ctx, g, s.seeds, propagate.Options{Damping: s.a.Settings.Damping, Threads: s.opts.Threads, Tolerance: foldPrecise})
	if err != nil {
		return 0, err
	}
	ratios := make([]float64, len(s.nodes))
	for i, v := range s.nodes {
		ratios[i] = e.Ratio[v]
	}
	ranking, err := stat.NewRanking(ratios, s.found)
	if err != nil {
		return 0, fmt.Errorf("flag: weights of ties: %w", err)
	}
	return ranking.AveragePrecision(), nil
}

// upTo is a source as it was on a day: what was declared or found later is left out. Entities and links stay.
type upTo struct {
	view.Source
	day graph.Date
}

// Consignments yields those declared until the day, with what was found until then.
func (u upTo) Consignments(ctx context.Context, want graph.Want) iter.Seq2[*graph.Consignment, error] {
	return func(yield func(*graph.Consignment, error) bool) {
		for c, err := range u.Source.Consignments(ctx, want) {
			if err == nil {
				if c.Date() > u.day {
					continue
				}
				kept := *c
				kept.Outcomes = slices.DeleteFunc(slices.Clone(c.Outcomes), func(o graph.Outcome) bool { return o.Date > u.day })
				c = &kept
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

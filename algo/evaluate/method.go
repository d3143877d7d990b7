package evaluate

import (
	"rummage/algo/finding"
	"rummage/algo/flag"
	"rummage/algo/propagate"
	"rummage/algo/view"
)

// StageMethods is the stage that Progress reports while methods are compared.
const StageMethods = "methods"

// Kind says what a method is in a comparison.
type Kind uint8

// The kinds of methods.
const (
	Ours     Kind = iota // leads as flag ranks them
	Baseline             // what a simpler method reaches
	Ablation             // leads with one part off
)

func (k Kind) String() string { return [...]string{"ours", "baseline", "ablation"}[k] }

// Method is a way of ranking traders.
type Method struct {
	Name  string
	Kind  Kind
	About string

	score func(*bench) ([]float64, error) // one number a node
}

// Names of methods that others are held against.
const (
	Leads      = "leads"
	FirstStudy = "first study"
	PageRank   = "pagerank"
	Structure  = "structure only"
	Tabular    = "tabular"
	Dealt      = "shuffled outcomes"
	Degree     = "degree"
	Volume     = "volume"
)

// Methods lists them: ours, then baselines, then ablations.
func Methods() []Method {
	all := []Method{
		{Leads, Ours, "as flag ranks them", func(b *bench) ([]float64, error) { return b.scoresOf(b.a), nil }},
		{FirstStudy, Baseline, "exposure with the weights and seeds of the first study", func(b *bench) ([]float64, error) {
			e, err := b.expose(view.FirstWeights(), flag.PlainSeeds)
			return ratio(e, err)
		}},
		{PageRank, Baseline, "personalised PageRank from hits, every tie alike", func(b *bench) ([]float64, error) {
			e, err := b.expose(plainWeights(), flag.PlainSeeds)
			return mass(e, err)
		}},
		{"birank", Baseline, "BiRank from hits, every tie alike", (*bench).biRank},
		{"one hop", Baseline, "neighbours with a hit", (*bench).oneHop},
		{Tabular, Baseline, "boosted trees on each trader's own declarations, no tie", (*bench).tabular},
		{Dealt, Baseline, "leads with outcomes dealt anew among the inspected", func(b *bench) ([]float64, error) {
			a, err := b.under(Loss{Seed: b.opts.Seed, Dealt: true})
			if err != nil {
				return nil, err
			}
			return b.scoresOf(a), nil
		}},
		{Structure, Baseline, "closed circles and shared identifiers, no outcome seen", (*bench).structure},
		{Degree, Baseline, "number of ties", func(b *bench) ([]float64, error) {
			return b.each(func(v uint32) float64 { return float64(b.a.View.Ties.Degree(v)) }), nil
		}},
		{Volume, Baseline, "number of consignments", func(b *bench) ([]float64, error) { return b.set.volume, nil }},
	}
	return append(all, ablations()...)
}

// plainWeights are those that the second study measured plain PageRank with.
func plainWeights() view.Weights {
	w := view.EqualWeights()
	w.Log = true
	return w
}

func (b *bench) each(of func(v uint32) float64) []float64 {
	all := make([]float64, b.a.Trade.Nodes)
	for v := range all {
		all[v] = of(uint32(v))
	}
	return all
}

// scoresOf are the scores of leads in an analysis of the same world, by the
// nodes of the bench. Whoever the other analysis does not know is exposed to
// nothing.
func (b *bench) scoresOf(a *flag.Analysis) []float64 {
	return b.each(func(v uint32) float64 {
		if a == b.a {
			return a.Score(v)
		}
		if there, ok := a.View.Node(b.a.View.IDs[v]); ok {
			return a.Score(there)
		}
		return flag.Score(0, 0, a.Settings.Kappa)
	})
}

func ratio(e *flag.Exposure, err error) ([]float64, error) {
	if err != nil {
		return nil, err
	}
	return e.Ratio, nil
}

// mass is the walk itself, not divided by that from everyone.
func mass(e *flag.Exposure, err error) ([]float64, error) {
	if err != nil {
		return nil, err
	}
	all := make([]float64, len(e.Ratio))
	for v := range all {
		all[v] = e.Ratio[v] * e.Base[v]
	}
	return all, nil
}

func (b *bench) biRank() ([]float64, error) {
	g, err := b.a.View.Weigh(b.ctx, b.opts.Threads, plainWeights())
	if err != nil {
		return nil, err
	}
	r, err := propagate.BiRank(b.ctx, g, flag.Seeds(b.a.Trade, flag.PlainSeeds),
		propagate.BiRankOptions{Limits: propagate.Limits{Threads: b.opts.Threads}})
	return r.Scores, err
}

func (b *bench) oneHop() ([]float64, error) {
	seeds := flag.Seeds(b.a.Trade, flag.PlainSeeds)
	return b.each(func(v uint32) float64 {
		near := 0.0
		for _, u := range b.a.View.Ties.Neighbours(v) {
			near += seeds[u]
		}
		return near
	}), nil
}

func (b *bench) structure() ([]float64, error) {
	circles := finding.DefaultCloseness()
	circles.RareUsers, circles.Threads = b.a.Settings.RareUsers, b.opts.Threads
	closeness, err := finding.MeasureCloseness(b.ctx, b.a.Trade, circles)
	if err != nil {
		return nil, err
	}
	return b.each(closeness.Of), nil
}

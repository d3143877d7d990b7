package evaluate

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/finding"
	"rummage/algo/flag"
	"rummage/algo/view"
	"rummage/graph"
)

// top is how many of the highest ranked parties the measures at 100 look at.
const top = 100

// Options say how to evaluate.
type Options struct {
	// Flag is how the analysis is done.
	Flag flag.Options
	// Shuffles is the number of whole runs on shuffled outcomes, for each
	// null. 0 does none.
	Shuffles int
	// Baselines asks for simpler methods beside ours, Ablations for ours with
	// one part off, Stability for what becomes of the first 100 where a tenth
	// of the ties or of the hits is gone.
	Baselines, Ablations, Stability bool
	// Curves asks how leads get worse as records go missing, Nights at how
	// many days of its past the world is looked at for Timely.
	Curves bool
	Nights int
}

// Report is what flag reaches in one world.
//
// The evaluation set are the traders (importers and exporters of at least one
// consignment) of whom no consignment was inspected and who are no lone
// offender: those whom a ranking by known hits could newly point at. Positive
// are the members of rings. Equal scores are one threshold for AP.
type Report struct {
	Consignments, Inspected, Hits int

	Candidates int // size of the evaluation set
	Positives  int

	// Methods has what each way of ranking the evaluation set reaches: leads
	// first, then the baselines and the ablations that were asked for.
	Methods []Measured

	// Service is the share of parties that only ever declare, carry or
	// forward, among the first 100 leads as flag lists them.
	Service float64

	GradeA, GradeB Grade

	// Shuffled is, for each null, the share of runs on shuffled outcomes with
	// a finding of grade A; NaN without runs.
	Shuffled [2]float64

	// Stable has what is left of the first 100 under each loss.
	Stable []Stable

	Curves []Curve // if asked for
	Timely *Timely // nil unless asked for

	Scored  Scored  // the leads' scores of the evaluation set, by id
	Parties []Party // every trader, by id
}

// Measured is what one way of ranking reaches.
type Measured struct {
	Method
	Measures
}

// Of returns what a method reached, and zeros if it was not asked for.
func (r *Report) Of(name string) Measures {
	for i := range r.Methods {
		if r.Methods[i].Name == name {
			return r.Methods[i].Measures
		}
	}
	return Measures{}
}

// Party is one trader with its scores.
type Party struct {
	ID        graph.ID
	Candidate bool
	Ring      bool
	Degree    int     // distinct ties
	V1        float64 // exposure ratio with the first study's weights and seeds
	V2        float64 // exposure ratio with today's weights, hits not corroborated
	Score     float64 // what leads are ranked by
}

// Run analyses a world and compares with its truth. The error wraps ErrTruth
// when none of the planted parties is in the data.
//
// Cost: that of flag.Analyse, a walk or two for each baseline, an analysis
// without shuffles for each ablation and loss, and for each shuffle and null
// one calibration of findings.
func Run(ctx context.Context, source view.Source, truth Truth, opts Options) (*Report, error) {
	a, err := flag.Analyse(ctx, source, opts.Flag)
	if err != nil {
		return nil, err
	}
	p, err := plant(a, source.Identity(), truth)
	if err != nil {
		return nil, err
	}
	r := &Report{Consignments: a.Trade.Consignments.Len(), Service: serviceShare(a)}
	r.Inspected, r.Hits = a.View.Count()
	b := &bench{ctx: ctx, source: source, a: a, planted: p, opts: &opts.Flag, set: traders(a, p)}
	r.Candidates = len(b.set.candidates)
	for _, positive := range b.set.truth {
		if positive {
			r.Positives++
		}
	}
	if err := r.rank(b, opts); err != nil {
		return nil, err
	}
	if err := r.more(b, truth, opts); err != nil {
		return nil, err
	}
	for i, v := range b.set.candidates {
		r.Scored.Score, r.Scored.Truth = append(r.Scored.Score, a.Score(v)), append(r.Scored.Truth, b.set.truth[i])
	}
	r.GradeA = p.grade(a.Findings.List, func(f *finding.Finding) bool { return f.Grade == finding.GradeA })
	r.GradeB = p.grade(a.Findings.List, func(f *finding.Finding) bool { return f.Also })
	return r, r.shuffle(ctx, a, opts)
}

// more fills in what is costly.
func (r *Report) more(b *bench, truth Truth, opts Options) (err error) {
	if opts.Stability {
		if r.Stable, err = b.stability(); err != nil {
			return err
		}
	}
	if opts.Curves {
		if r.Curves, err = b.curves(r); err != nil {
			return err
		}
	}
	if opts.Nights > 0 {
		r.Timely, err = Timeliness(b.ctx, b.source, truth, opts.Flag, opts.Nights)
	}
	return err
}

// rank fills in everything that a ranking of the evaluation set gives.
func (r *Report) rank(b *bench, opts Options) error {
	for _, m := range Methods() {
		if m.Kind == Baseline && !opts.Baselines || m.Kind == Ablation && !opts.Ablations {
			continue
		}
		score, err := m.score(b)
		if err != nil {
			return fmt.Errorf("evaluate: %s: %w", m.Name, err)
		}
		measures, err := b.measure(score)
		if err != nil {
			return fmt.Errorf("evaluate: %s: %w", m.Name, err)
		}
		r.Methods = append(r.Methods, Measured{Method: m, Measures: measures})
		if opts.Flag.Progress != nil {
			opts.Flag.Progress(StageMethods, len(r.Methods), 0)
		}
	}
	return r.list(b)
}

// list says of every trader where it stands.
func (r *Report) list(b *bench) error {
	first, err := b.expose(view.FirstWeights(), flag.PlainSeeds)
	if err != nil {
		return err
	}
	second, err := b.expose(view.SecondWeights(), flag.ShrunkenSeeds)
	if err != nil {
		return err
	}
	for i, v := range b.set.nodes {
		r.Parties = append(r.Parties, Party{
			ID: b.a.View.IDs[v], Candidate: b.set.candidate[i], Ring: b.planted.ring[v] != nobody,
			Degree: b.a.View.Ties.Degree(v), V1: first.Ratio[v], V2: second.Ratio[v], Score: b.a.Score(v),
		})
	}
	return nil
}

// set is the traders and which of them are looked at.
type set struct {
	nodes      []uint32 // all traders
	candidate  []bool
	candidates []uint32
	truth      []bool    // of candidates
	volume     []float64 // consignments, by node
}

func traders(a *flag.Analysis, p *planted) *set {
	c := &a.Trade.Consignments
	looked := make([]bool, a.Trade.Nodes)
	t := &set{volume: make([]float64, a.Trade.Nodes)}
	for i := range c.Len() {
		for side, v := range [2]uint32{c.Importer[i], c.Exporter[i]} {
			if v == finding.None || side == 1 && v == c.Importer[i] {
				continue
			}
			t.volume[v]++
			looked[v] = looked[v] || c.Inspected[i]
		}
	}
	for v := range uint32(a.Trade.Nodes) {
		if t.volume[v] == 0 {
			continue
		}
		fresh := !looked[v] && !p.lone[v]
		t.nodes, t.candidate = append(t.nodes, v), append(t.candidate, fresh)
		if fresh {
			t.candidates, t.truth = append(t.candidates, v), append(t.truth, p.ring[v] != nobody)
		}
	}
	return t
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// serviceShare is the share, among the first leads, of parties that are tied
// to traders as declarant, carrier or forwarder and never trade themselves.
// It does not ask the view whom it holds for a service party.
func serviceShare(a *flag.Analysis) float64 {
	trades := make([]bool, a.Trade.Nodes)
	c := &a.Trade.Consignments
	for i := range c.Len() {
		for _, v := range [2]uint32{c.Importer[i], c.Exporter[i]} {
			if v != finding.None {
				trades[v] = true
			}
		}
	}
	leads, _ := a.Leads()
	leads = leads[:min(len(leads), top)]
	serving := 0
	for _, lead := range leads {
		v, ok := a.View.Node(lead.ID)
		if ok && !trades[v] && slices.Contains(a.View.Ties.Types(v), uint8(view.Forwarder)) {
			serving++
		}
	}
	return share(serving, len(leads))
}

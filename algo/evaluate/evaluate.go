package evaluate

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/finding"
	"rummage/algo/flag"
	"rummage/algo/propagate"
	"rummage/algo/stat"
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

	AP   float64 // average precision of the leads' score
	PAt  float64 // share of positives among the 100 highest
	Held float64 // share of the rings with a positive that have one among the 100 highest
	// Benign is the share of members of benign groups among the 100 highest.
	Benign float64
	// Service is the share of parties that only ever declare, carry or
	// forward, among the first 100 leads as flag lists them.
	Service float64

	GradeA, GradeB Grade

	// Shuffled is, for each null, the share of runs on shuffled outcomes with
	// a finding of grade A; NaN without runs.
	Shuffled [2]float64

	PPR, V1, Structure float64 // AP of plain personalised PageRank, of the first study's ratio, and of a score that sees no outcome
	Degree, Volume     float64 // AUC of the number of ties and of consignments: what the world itself gives away

	Parties []Party // every trader, by id
}

// Grade is what the findings of one grade hold.
type Grade struct {
	Flagged      int
	Net          int     // findings with two members or more of one ring
	NetPrecision float64 // Net over Flagged; 1 when nothing is flagged
	RingsTouched int     // rings of which one finding holds two members or more
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

// Source is the part of graph.Reader that an evaluation reads.
type Source interface {
	view.Source
}

// Run analyses a world and compares with its truth. The error wraps ErrTruth
// when none of the planted parties is in the data.
//
// Cost: that of flag.Analyse, four walks, and for each shuffle and null one
// calibration of findings.
func Run(ctx context.Context, source Source, truth Truth, opts Options) (*Report, error) {
	a, err := flag.Analyse(ctx, source, opts.Flag)
	if err != nil {
		return nil, err
	}
	p, err := plant(a, source.Identity(), truth)
	if err != nil {
		return nil, err
	}
	r := &Report{Consignments: a.Trade.Consignments.Len()}
	r.Inspected, r.Hits = a.View.Count()
	t := traders(a, p)
	scores := &scores{ctx: ctx, a: a, threads: opts.Flag.Threads}
	if err := r.rank(t, scores, p); err != nil {
		return nil, err
	}
	r.Service = serviceShare(a)
	r.GradeA = p.grade(a.Findings.List, func(f *finding.Finding) bool { return f.Grade == finding.GradeA })
	r.GradeB = p.grade(a.Findings.List, func(f *finding.Finding) bool { return f.Also })
	return r, r.shuffle(ctx, a, opts)
}

// set is the traders and which of them are looked at.
type set struct {
	nodes      []uint32 // all traders
	candidate  []bool
	volume     []float64 // consignments of each
	candidates []uint32
	truth      []bool // of candidates
}

func traders(a *flag.Analysis, p *planted) *set {
	c := &a.Trade.Consignments
	volume := make([]float64, a.Trade.Nodes)
	looked := make([]bool, a.Trade.Nodes)
	for i := range c.Len() {
		for side, v := range [2]uint32{c.Importer[i], c.Exporter[i]} {
			if v == finding.None || side == 1 && v == c.Importer[i] {
				continue
			}
			volume[v]++
			looked[v] = looked[v] || c.Inspected[i]
		}
	}
	t := &set{}
	for v := range uint32(a.Trade.Nodes) {
		if volume[v] == 0 {
			continue
		}
		fresh := !looked[v] && !p.lone[v]
		t.nodes, t.volume, t.candidate = append(t.nodes, v), append(t.volume, volume[v]), append(t.candidate, fresh)
		if fresh {
			t.candidates, t.truth = append(t.candidates, v), append(t.truth, p.ring[v] != nobody)
		}
	}
	return t
}

// scores computes one number a node by several methods.
type scores struct {
	ctx     context.Context
	a       *flag.Analysis
	threads int
}

func (s *scores) expose(weights view.Weights, rule flag.SeedRule) (*flag.Exposure, error) {
	g, err := s.a.View.Weigh(s.ctx, s.threads, weights)
	if err != nil {
		return nil, fmt.Errorf("evaluate: %w", err)
	}
	return flag.Expose(s.ctx, g, flag.Seeds(s.a.Trade, rule), propagate.Options{Damping: s.a.Settings.Damping, Threads: s.threads})
}

// rank fills in everything that a ranking of the evaluation set gives.
func (r *Report) rank(t *set, s *scores, p *planted) error {
	first, err := s.expose(view.FirstWeights(), flag.PlainSeeds)
	if err != nil {
		return err
	}
	second, err := s.expose(s.a.Settings.Weights, flag.ShrunkenSeeds)
	if err != nil {
		return err
	}
	equal := view.EqualWeights()
	equal.Log = true // as the second study measured it
	plain, err := s.expose(equal, flag.PlainSeeds)
	if err != nil {
		return err
	}
	circles := finding.DefaultCloseness()
	circles.RareUsers, circles.Threads = s.a.Settings.RareUsers, s.threads
	closeness, err := finding.MeasureCloseness(s.ctx, s.a.Trade, circles)
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	ties := func(v uint32) float64 { return float64(s.a.View.Ties.Degree(v)) }
	volume := map[uint32]float64{}
	for i, v := range t.nodes {
		volume[v] = t.volume[i]
	}
	for _, measure := range []struct {
		to    *float64
		score func(v uint32) float64
		of    func(*stat.Ranking) float64
	}{
		{&r.AP, s.a.Score, (*stat.Ranking).AveragePrecision},
		{&r.PPR, func(v uint32) float64 { return plain.Ratio[v] * plain.Base[v] }, (*stat.Ranking).AveragePrecision},
		{&r.V1, func(v uint32) float64 { return first.Ratio[v] }, (*stat.Ranking).AveragePrecision},
		{&r.Structure, func(v uint32) float64 { return flag.Score(1, closeness.Of(v), 1) }, (*stat.Ranking).AveragePrecision},
		{&r.Degree, ties, (*stat.Ranking).AUC},
		{&r.Volume, func(v uint32) float64 { return volume[v] }, (*stat.Ranking).AUC},
	} {
		ranking, err := stat.NewRanking(each(t.candidates, measure.score), t.truth)
		if err != nil {
			return fmt.Errorf("evaluate: %w", err)
		}
		*measure.to = measure.of(ranking)
	}
	r.top(t, s.a, p)
	for i, v := range t.nodes {
		r.Parties = append(r.Parties, Party{
			ID: s.a.View.IDs[v], Candidate: t.candidate[i], Ring: p.ring[v] != nobody,
			Degree: s.a.View.Ties.Degree(v), V1: first.Ratio[v], V2: second.Ratio[v], Score: s.a.Score(v),
		})
	}
	return nil
}

func each(nodes []uint32, score func(v uint32) float64) []float64 {
	all := make([]float64, len(nodes))
	for i, v := range nodes {
		all[i] = score(v)
	}
	return all
}

// top looks at the 100 highest of the evaluation set, equal scores by id.
func (r *Report) top(t *set, a *flag.Analysis, p *planted) {
	order := slices.Clone(t.candidates)
	slices.SortStableFunc(order, func(x, y uint32) int {
		switch sx, sy := a.Score(x), a.Score(y); {
		case sx > sy:
			return -1
		case sx < sy:
			return 1
		}
		return 0
	})
	open := map[int32]bool{}
	r.Candidates = len(order)
	for i, v := range t.candidates {
		if t.truth[i] {
			r.Positives++
			open[p.ring[v]] = true
		}
	}
	first := order[:min(len(order), top)]
	hit := map[int32]bool{}
	positives, benign := 0, 0
	for _, v := range first {
		if p.ring[v] != nobody {
			positives++
			hit[p.ring[v]] = true
		}
		if p.benign[v] != nobody {
			benign++
		}
	}
	r.PAt, r.Benign = share(positives, len(first)), share(benign, len(first))
	r.Held = share(len(hit), len(open))
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

// grade holds the findings of one grade against the rings.
func (p *planted) grade(list []finding.Finding, takes func(*finding.Finding) bool) Grade {
	g := Grade{NetPrecision: 1}
	touched := map[int32]bool{}
	for i := range list {
		if !takes(&list[i]) {
			continue
		}
		g.Flagged++
		held := p.held(list[i].Members)
		if len(held) > 0 {
			g.Net++
		}
		for _, ring := range held {
			touched[ring] = true
		}
	}
	if g.Flagged > 0 {
		g.NetPrecision = share(g.Net, g.Flagged)
	}
	g.RingsTouched = len(touched)
	return g
}

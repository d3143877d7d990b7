package flag

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/behaviour"
	"rummage/algo/finding"
	"rummage/algo/propagate"
	"rummage/algo/view"
	"rummage/graph"
)

// Options say how to analyse. Settings, Seed, Scoped, Untested and Alike change the answer; the others do not.
type Options struct {
	Settings Settings
	Seed     uint64 // of visiting orders and shuffles

	// Scoped says of a run that its scope was narrowed, to some sources, a day or what was known: see ScopedKind. Analyse does not
	// look at it.
	Scoped bool

	// Untested leaves the shuffles out, and with them Findings. What is left is all that ExplainLead asks for.
	Untested bool

	// Alike says whether two names may be those of one firm, as one reason among others to find a former network behind another. It
	// must depend on the names alone and be symmetric. Nil compares none.
	Alike func(a, b string) bool

	// Within opens a part of the store that the reader is of. With it and a cache a standing run reads only what is new since the run
	// before, and gives the same answer; without it, everything.
	Within func(ctx context.Context, scope graph.Scope) (graph.Reader, error)

	Cache    view.Cache                          // of snapshots; the zero Cache keeps none
	Threads  int                                 // 0 means one per processor
	Progress func(stage string, done, total int) // total is 0 where it is not known

	before *graph.Scope // of the run before
	stream *Stream      // of standing runs, as the run before left it; nil outside
}

// view are the options of the view.
func (o *Options) view() view.Options {
	v := view.Options{Edges: o.Settings.Weights.Kinds(), Decay: o.Settings.Decay, Cache: o.Cache, Threads: o.Threads, Progress: o.read()}
	if o.Within != nil && !o.Scoped {
		v.Before = o.before
		v.Within = func(ctx context.Context, scope graph.Scope) (view.Narrow, error) { return o.Within(ctx, scope) }
	}
	return v
}

func (o *Options) report(stage string) func(done, total int) {
	if o.Progress == nil {
		return nil
	}
	return func(done, total int) { o.Progress(stage, done, total) }
}

// Stages of an analysis, as Progress names them.
const (
	StageRead      = "read"
	StageGroups    = "groups"
	StageShuffles  = "shuffles"
	StageExposure  = "exposure"
	StageBehaviour = "behaviour"
	StageNetworks  = "networks"
	StagePatterns  = "patterns"
	StageNames     = "names"
)

// Analysis is everything that flag knows about a scope: what leads, findings, networks and their explanations are read from. It
// is not written to once made.
type Analysis struct {
	View      *view.View
	Trade     *finding.Trade
	Trial     *finding.Trial
	Findings  *finding.Result
	Exposure  *Exposure
	Observed  []float64          // exposure as observed against expected; nil where it has no weight
	Closeness *finding.Closeness // nil where neither the settings nor the outcomes give it a weight
	Kappa     *Kappa
	Learned   *Learned   // nil where the settings leave it out, or no day splits the outcomes
	Behaviour *Behaviour // nil where the settings leave it out, or nothing was inspected
	Services  []Service  // records of service parties, without names
	Settings  Settings
	Seed      uint64

	peers            *peers       // nil where parties are not held against those of as many ties
	weights          view.Weights // used: those of the settings, or learned
	ages             []float64    // how much what was found on each consignment counts; nil: all alike
	inspected        *inspected   // see inspectedImporters
	behaved          *behaviour.Measured
	ahead            *reading      // see readAhead; nil once all is analysed
	threads, draws   int           // draws: shuffles of each null that were made
	imports, exports finding.Lists // node -> consignments that it is the primary trader of
	importers        int           // nodes that import
	hit              []uint32      // places of consignments that are hits, beside the view's HitIDs
	groups           []finding.Group
	found            []Scheme // that may open networks
}

// Analyse looks at everything in the source's scope. Nothing is kept but a snapshot of the view, where there is a cache.
//
// Cost on 2 cores: see the benchmark; most of it is the scan of the records.
func Analyse(ctx context.Context, source view.Source, opts Options) (*Analysis, error) {
	s := &opts.Settings
	if err := s.Check(); err != nil {
		return nil, err
	}
	v, err := view.Build(ctx, source, opts.view())
	if err != nil {
		return nil, fmt.Errorf("flag: %w", err)
	}
	a := &Analysis{View: v, Trade: TradeOf(v, opts.Seed), Settings: *s, Seed: opts.Seed, threads: opts.Threads}
	a.imports, a.exports, a.hit = a.Trade.Imports(), a.Trade.Exports(), v.Consignments.Hits()
	for u := range uint32(a.Trade.Nodes) {
		if len(a.imports.Of(u)) > 0 {
			a.importers++
		}
	}
	a.ahead = a.readAhead(ctx, source, &opts)
	defer func() {
		a.ahead.end()
		a.ahead = nil
	}()
	if a.Services, err = a.services(); err != nil {
		return nil, err
	}
	if err := a.test(ctx, source, &opts); err != nil {
		return nil, err
	}
	a.weights, a.ages = s.Weights, s.ages(&v.Consignments)
	if s.LearnWeights {
		if err := a.learn(ctx, source, &opts); err != nil {
			return nil, err
		}
	}
	if err := a.expose(ctx, &opts); err != nil {
		return nil, err
	}
	if err := a.weighCloseness(ctx, &opts); err != nil {
		return nil, err
	}
	a.peers = a.levelled()
	return a, a.behave(ctx, source, &opts)
}

func (o *Options) read() func(done int) {
	if o.Progress == nil {
		return nil
	}
	return func(done int) { o.Progress(StageRead, done, 0) }
}

// test draws groups and tests them.
func (a *Analysis) test(ctx context.Context, source view.Source, opts *Options) error {
	draw := a.Settings.draw(opts.Threads)
	draw.Progress = opts.report(StageGroups)
	candidates, err := finding.Draw(ctx, a.Trade, draw)
	if err != nil {
		return err
	}
	a.groups = candidates.Groups
	if a.Settings.BehaviourFavours > 0 {
		measured, err := a.measured(ctx, source, opts)
		if err != nil {
			return err
		}
		candidates.Favour(a.favour(measured))
	}
	a.Trial = finding.NewTrial(candidates)
	if opts.Untested {
		return nil
	}
	a.draws = a.Settings.Draws
	if s := opts.stream; s != nil {
		inspected, _ := a.View.Count()
		s.begin(inspected, a.Settings.Q)
		a.draws = s.Draws(a.draws)
	}
	how := a.trialOptions()
	how.Progress = opts.report(StageShuffles)
	a.Findings, err = a.Trial.Run(ctx, how)
	return err
}

func (a *Analysis) trialOptions() finding.TrialOptions {
	return finding.TrialOptions{Q: a.Settings.Q, Draws: a.draws, Threads: a.threads}
}

// expose walks from the hits.
func (a *Analysis) expose(ctx context.Context, opts *Options) error {
	g, err := a.View.Weigh(ctx, opts.Threads, a.weights)
	if err != nil {
		return fmt.Errorf("flag: %w", err)
	}
	seeds := seedsBut(a.Trade, ShrunkenSeeds, seedScope{weight: a.ages, exporters: a.Settings.Exporters})
	if a.Settings.Corroborate {
		for v, factor := range a.Trial.Corroboration() {
			seeds[v] *= factor
		}
	}
	reached, err := Reached(ctx, g, seeds, opts.Threads)
	if err != nil {
		return err
	}
	how := propagate.Options{Damping: a.Settings.Damping, Threads: opts.Threads, Progress: opts.report(StageExposure)}
	if a.Exposure, err = ExposeAmong(ctx, g, seeds, reached, how); err != nil || a.Settings.Observed == 0 {
		return err
	}
	how.Progress = nil
	a.Observed, err = a.Exposure.against(ctx, a.looked(), how)
	return err
}

// looked marks whom somebody looked at: the traders of inspected consignments, and the listed.
func (a *Analysis) looked() []bool {
	marks := make([]bool, a.Trade.Nodes)
	c := &a.Trade.Consignments
	for i, inspected := range c.Inspected {
		for _, v := range [2]uint32{c.Importer[i], c.Exporter[i]} {
			if inspected && v != finding.None {
				marks[v] = true
			}
		}
	}
	for v := range marks {
		marks[v] = marks[v] || a.Exposure.Seeds[v] > 0
	}
	return marks
}

// Score is what leads are ranked by.
func (a *Analysis) Score(node uint32) float64 {
	terms := a.termsOf(node)
	return terms.score(a.Exposure.Ratio[node])
}

// terms are what the score of a node is made of beside its ratio.
type terms struct {
	lift     float64 // by which its ratio is multiplied
	observed float64 // the weight of exposure as observed against expected, which is expected times the ratio
	expected float64
	rest     float64 // whatever no ratio is in
}

// termsOf are those of a node.
func (a *Analysis) termsOf(node uint32) terms {
	closeness := 0.0
	if a.Closeness != nil {
		closeness = a.Closeness.Of(node)
	}
	t := terms{
		lift: math.Exp(a.Settings.ExposedCloseness * closeness),
		rest: float64(a.Kappa.Value)*closeness - a.peers.of(a, node) + a.behaves(node),
	}
	if ratio := a.Exposure.Ratio[node]; a.Observed != nil && ratio > 0 {
		t.observed, t.expected = a.Settings.Observed, a.Observed[node]/ratio
	}
	return t
}

// score is what the node would be ranked by with such a ratio.
func (t *terms) score(ratio float64) float64 {
	return Score(ratio*t.lift, 0, 0) + t.rest + t.seen(ratio)
}

// seen is what exposure as observed against expected adds to it.
func (t *terms) seen(ratio float64) float64 {
	if t.observed == 0 {
		return 0
	}
	return t.observed * math.Log1p(t.expected*ratio/leastExposure)
}

// behaves is what behaviour adds to the score of a node.
func (a *Analysis) behaves(node uint32) float64 {
	sum := 0.0
	for _, adds := range a.Behaviour.adds(node) {
		sum += adds
	}
	return sum
}

// own counts the inspected consignments that a node is a primary trader of, and the hits among them.
func (a *Analysis) own(v uint32) (inspected, hits int) {
	c := &a.Trade.Consignments
	count := func(i uint32) {
		if c.Inspected[i] {
			inspected++
		}
		if c.Hit[i] {
			hits++
		}
	}
	for _, i := range a.imports.Of(v) {
		count(i)
	}
	for _, i := range a.exports.Of(v) {
		if c.Importer[i] != v {
			count(i)
		}
	}
	return inspected, hits
}

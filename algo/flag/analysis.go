package flag

import (
	"context"
	"fmt"

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
	Closeness *finding.Closeness // nil where kappa is 0
	Behaviour *Behaviour         // nil where the settings leave it out, or nothing was inspected
	Services  []Service          // records of service parties, without names
	Settings  Settings
	Seed      uint64

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
	if a.Services, err = a.services(); err != nil {
		return nil, err
	}
	if err := a.test(ctx, &opts); err != nil {
		return nil, err
	}
	if err := a.expose(ctx, &opts); err != nil {
		return nil, err
	}
	return a, a.behave(ctx, source, &opts)
}

func (o *Options) read() func(done int) {
	if o.Progress == nil {
		return nil
	}
	return func(done int) { o.Progress(StageRead, done, 0) }
}

// test draws groups and tests them.
func (a *Analysis) test(ctx context.Context, opts *Options) error {
	draw := a.Settings.draw(opts.Threads)
	draw.Progress = opts.report(StageGroups)
	candidates, err := finding.Draw(ctx, a.Trade, draw)
	if err != nil {
		return err
	}
	a.groups = candidates.Groups
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
	g, err := a.View.Weigh(ctx, opts.Threads, a.Settings.Weights)
	if err != nil {
		return fmt.Errorf("flag: %w", err)
	}
	seeds := Seeds(a.Trade, ShrunkenSeeds)
	if a.Settings.Corroborate {
		for v, factor := range a.Trial.Corroboration() {
			seeds[v] *= factor
		}
	}
	reached, err := Reached(ctx, g, seeds, opts.Threads)
	if err != nil {
		return err
	}
	a.Exposure, err = ExposeAmong(ctx, g, seeds, reached, propagate.Options{
		Damping: a.Settings.Damping, Threads: opts.Threads, Progress: opts.report(StageExposure),
	})
	if err != nil || a.Settings.Kappa == 0 {
		return err
	}
	closeness := finding.DefaultCloseness()
	closeness.RareUsers, closeness.Threads = a.Settings.RareUsers, opts.Threads
	a.Closeness, err = finding.MeasureCloseness(ctx, a.Trade, closeness)
	return err
}

// Score is what leads are ranked by.
func (a *Analysis) Score(node uint32) float64 {
	closeness := 0.0
	if a.Closeness != nil {
		closeness = a.Closeness.Of(node)
	}
	return Score(a.Exposure.Ratio[node], closeness, a.Settings.Kappa) + a.behaves(node)
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

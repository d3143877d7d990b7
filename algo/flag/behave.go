package flag

import (
	"context"
	"fmt"

	"rummage/algo/behaviour"
	"rummage/algo/csr/crew"
	"rummage/algo/propagate"
	"rummage/algo/stat"
	"rummage/algo/view"
)

// Behaviour is what behaviour adds to the score of leads, and how that was decided.
type Behaviour struct {
	Measured *behaviour.Measured // nil where too little was found to learn from
	Weights  behaviour.Weights

	// Taken says that it is part of the score: that what some importers taught ranked others clearly better than exposure alone:
	// that it made what was found of these 150 times likelier, and ranked them no worse. Likelihood decides, since an average precision of few
	// hits hangs on the first of them.
	Taken bool

	// With and Without are the average precision of both rankings of the inspected importers, each with the outcomes of its fold hidden;
	// Gain is by how much what was found was more likely with behaviour, as a logarithm. Hit of Inspected had a hit.
	With, Without, Gain float64
	Hit, Inspected      int
}

// How behaviour is tried.
const (
	folds       = 5
	leastHit    = 20  // importers with a hit, below which nothing is learned
	leastGain   = 5.0 // of the logarithm: what was found is 150 times likelier with behaviour
	foldPrecise = 1e-9
)

// adds is what each part adds to the score of a node.
func (b *Behaviour) adds(node uint32) behaviour.Weights {
	if b == nil || !b.Taken {
		return behaviour.Weights{}
	}
	return b.Weights.Adds(b.Measured, node)
}

// BehaviourRow is what a result says of it.
type BehaviourRow struct {
	Taken     bool   `json:"taken"`
	With      Number `json:"ap_with"` // of inspected importers, cross-fitted
	Without   Number `json:"ap_without"`
	Gain      Number `json:"gain"` // of the logarithm of the likelihood
	Hit       int    `json:"hit"`  // importers, of inspected ones
	Inspected int    `json:"inspected"`

	Weights []PartWeight `json:"weights"` // of parts that count
}

// PartWeight is how much a part counts, in nats of exposure.
type PartWeight struct {
	Part   string `json:"part"`
	Weight Number `json:"weight"`
}

// row is what a result says of behaviour.
func (b *Behaviour) row() *BehaviourRow {
	if b == nil {
		return nil
	}
	r := &BehaviourRow{b.Taken, Number(b.With), Number(b.Without), Number(b.Gain), b.Hit, b.Inspected, []PartWeight{}}
	for _, p := range behaviour.Parts() {
		if b.Taken && b.Weights[p] > 0 {
			r.Weights = append(r.Weights, PartWeight{p.String(), Number(b.Weights[p])})
		}
	}
	return r
}

// behave measures behaviour and tries whether it tells more than exposure alone.
func (a *Analysis) behave(ctx context.Context, source view.Source, opts *Options) error {
	if !a.Settings.Behaviour {
		return nil
	}
	all := a.inspectedImporters()
	b := &Behaviour{Hit: all.hit, Inspected: len(all.nodes)}
	a.Behaviour = b
	rows, importers, err := a.hidden(ctx, opts)
	if err != nil || rows == nil {
		return err
	}
	if b.Measured, err = a.measured(ctx, source, opts); err != nil {
		return err
	}
	for p, values := range b.Measured.Value {
		if values == nil {
			continue
		}
		rows.Value[p] = make([]float64, len(importers))
		for i, v := range importers {
			rows.Value[p][i] = values[v]
		}
	}
	return b.try(ctx, rows, func(i int) int { return a.fold(importers[i]) }, opts.Threads)
}

// measured is what trade is measured to be, once.
func (a *Analysis) measured(ctx context.Context, source view.Source, opts *Options) (*behaviour.Measured, error) {
	if a.behaved != nil {
		return a.behaved, nil
	}
	records, err := a.statements(ctx, source, opts)
	if err != nil {
		return nil, fmt.Errorf("flag: %w", err)
	}
	how := behaviour.Options{Groups: a.groups, Threads: opts.Threads}
	if a.behaved, err = behaviour.Measure(ctx, records, a.Trade, how); err != nil {
		return nil, fmt.Errorf("flag: %w", err)
	}
	return a.behaved, nil
}

// reading is a scan of what behaviour is measured by, while something else is computed.
type reading struct {
	stop    context.CancelFunc
	done    chan struct{}
	records *behaviour.Records // when done
	err     error
}

// end waits until nothing is read any more.
func (r *reading) end() {
	if r != nil {
		r.stop()
		<-r.done
	}
}

// readAhead begins the scan on a goroutine of its own, where behaviour will be measured and there is more than one thread: a scan keeps one
// busy, and what comes before is not always divided among all. It returns nil where nothing is read. The caller ends it.
func (a *Analysis) readAhead(ctx context.Context, source view.Source, opts *Options) *reading {
	if !a.Settings.Behaviour || crew.Size(opts.Threads, 2) == 1 || a.inspectedImporters().hit < leastHit {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	r := &reading{stop: stop, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.records, r.err = behaviour.Read(ctx, source, nil)
	}()
	return r
}

// statements are what was read ahead, or are read now.
func (a *Analysis) statements(ctx context.Context, source view.Source, opts *Options) (*behaviour.Records, error) {
	report := opts.report(StageBehaviour)
	if a.ahead == nil {
		return behaviour.Read(ctx, source, progressOf(report))
	}
	if report != nil {
		report(0, 0)
	}
	<-a.ahead.done
	return a.ahead.records, a.ahead.err
}

// favour is how much sooner a group is believed for what its members do: most of them show the same, and no outcome is looked at.
func (a *Analysis) favour(measured *behaviour.Measured) func(members []uint32) float64 {
	return func(members []uint32) float64 {
		most := 0.0
		for _, p := range behaviour.Parts() {
			sum := 0.0
			for _, v := range members {
				sum += measured.Of(p, v)
			}
			most = max(most, sum/float64(len(members)))
		}
		return 1 + a.Settings.BehaviourFavours*most
	}
}

func progressOf(report func(done, total int)) func(done int) {
	if report == nil {
		return nil
	}
	return func(done int) { report(done, 0) }
}

// fold deals importers out, by their ids and the seed.
func (a *Analysis) fold(v uint32) int { return int(a.Trade.Keys[v] % folds) }

// inspected are the importers of whom something was inspected, but for those that are listed or service parties.
type inspected struct {
	nodes []uint32
	hit   int             // of them
	rows  *behaviour.Rows // with their hidden exposure, once it was computed, and no behaviour
}

// inspectedImporters finds them, once.
func (a *Analysis) inspectedImporters() *inspected {
	if a.inspected != nil {
		return a.inspected
	}
	all := &inspected{rows: &behaviour.Rows{}}
	c := &a.Trade.Consignments
	for v := range uint32(a.Trade.Nodes) {
		if a.Trade.IsService(v) || a.Trade.IsListed(v) {
			continue
		}
		looked, hit := false, false
		for _, i := range a.imports.Of(v) {
			looked, hit = looked || c.Inspected[i], hit || c.Hit[i]
		}
		if !looked {
			continue
		}
		all.nodes, all.rows.Found = append(all.nodes, v), append(all.rows.Found, hit)
		if hit {
			all.hit++
		}
	}
	a.inspected = all
	return all
}

// hidden are the inspected importers with their hidden exposure and no behaviour: what settings are decided by. It is nil where too few of
// them have a hit. It is computed once.
func (a *Analysis) hidden(ctx context.Context, opts *Options) (*behaviour.Rows, []uint32, error) {
	all := a.inspectedImporters()
	if all.hit < leastHit {
		return nil, nil, nil
	}
	if all.rows.Exposed == nil {
		exposed, err := a.hiddenExposure(ctx, all.nodes, opts)
		if err != nil {
			return nil, nil, err
		}
		all.rows.Exposed = exposed
	}
	rows := *all.rows
	return &rows, all.nodes, nil
}

// hiddenExposure is ln of the exposure of importers to the hits of others, of each with the outcomes of its fold hidden. Hits are not
// corroborated here: that would look at what is hidden.
func (a *Analysis) hiddenExposure(ctx context.Context, importers []uint32, opts *Options) ([]float64, error) {
	seeds := make([][]float64, folds)
	for f := range seeds {
		seeds[f] = seedsBut(a.Trade, ShrunkenSeeds, seedScope{
			hidden: func(importer uint32) bool { return a.fold(importer) == f }, weight: a.ages, exporters: a.Settings.Exporters,
		})
		for v := range seeds[f] {
			if a.Exposure.Graph.Strength(uint32(v)) == 0 {
				seeds[f][v] = 0
			}
		}
	}
	// As many at once as fill a register: five together would take the time of eight.
	var scores [][]float64
	for first := 0; first < folds; first += together {
		walk, err := a.Exposure.walker.Walk(ctx, seeds[first:min(first+together, folds)], propagate.Options{
			Damping: a.Settings.Damping, Threads: opts.Threads, Tolerance: foldPrecise, Progress: opts.report(StageBehaviour),
		})
		if err != nil {
			return nil, fmt.Errorf("flag: behaviour: %w", err)
		}
		scores = append(scores, walk.Scores...)
	}
	exposed := make([]float64, len(importers))
	for i, v := range importers {
		ratio := 0.0
		if base := a.Exposure.Base[v]; base > 0 {
			ratio = scores[a.fold(v)][v] / base
		}
		exposed[i] = Score(ratio, 0, 0)
	}
	return exposed, nil
}

// try learns on all folds but one what ranks that one, and takes behaviour if that is clearly better than without.
func (b *Behaviour) try(ctx context.Context, rows *behaviour.Rows, fold func(i int) int, threads int) error {
	scores := make([]float64, len(rows.Found))
	alone := &behaviour.Rows{Exposed: rows.Exposed, Found: rows.Found}
	// Learned are, by fold, what the others teach with behaviour, and without; and last what all teach.
	var learned [2*folds + 1]behaviour.Model
	err := crew.Run(ctx, threads, len(learned), func(_, piece int) {
		from, others := rows, func(i int) bool { return fold(i) != piece/2 } // all, of the last
		if piece%2 == 1 {
			from = alone
		}
		learned[piece] = behaviour.Learn(from, others)
	})
	if err != nil {
		return fmt.Errorf("flag: behaviour: %w", err)
	}
	for f := range folds {
		with, without := &learned[2*f], &learned[2*f+1]
		for i := range scores {
			if fold(i) == f {
				scores[i] = with.Score(rows, i)
				b.Gain += with.LogLikelihood(rows, i) - without.LogLikelihood(alone, i)
			}
		}
	}
	for _, one := range []struct {
		to     *float64
		scores []float64
	}{{&b.With, scores}, {&b.Without, rows.Exposed}} {
		ranking, err := stat.NewRanking(one.scores, rows.Found)
		if err != nil {
			return fmt.Errorf("flag: behaviour: %w", err)
		}
		*one.to = ranking.AveragePrecision()
	}
	b.Weights = learned[2*folds].Weights
	b.Taken = b.Gain >= leastGain && b.With >= b.Without
	return nil
}

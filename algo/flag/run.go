package flag

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rummage/algo/csr/crew"
	"rummage/algo/view"
	"rummage/graph"
)

// Reader is the part of graph.Reader that a run needs: the view's source, and names to show.
type Reader interface {
	view.Source
	graph.Finder
}

// Report is a run, ready to be stored but for the clock and the program's version, and what it is made of.
type Report struct {
	Run      graph.Run
	Result   *Result
	Analysis *Analysis
}

// Run is the batch job: it analyses the reader's scope and says what is new, grown and gone since the run before. It stores nothing.
//
// earlier are the runs made before, oldest first, of both kinds and any others: those visible to the reader, and for networks to keep
// their ids when a source ends, those that were visible before it did. The networks of all of them are followed, by ids of
// records; of what a track holds that no source in scope shows any more, the run keeps nothing but the track's id and counts.
//
// Equal records, decisions, settings, seed and earlier runs give equal results, byte for byte.
func Run(ctx context.Context, reader Reader, earlier []graph.Run, opts Options) (*Report, error) {
	settings, err := opts.Settings.Canonical()
	if err != nil {
		return nil, err
	}
	scope := reader.Scope()
	known, err := recall(earlier, &scope, opts.Scoped)
	if err != nil {
		return nil, err
	}
	opts.before = known.scope
	var told [][]graph.ID
	if !opts.Scoped {
		if opts.stream, told, err = streamOf(earlier); err != nil {
			return nil, err
		}
	}
	a, err := Analyse(ctx, reader, opts)
	if err != nil {
		return nil, err
	}
	if opts.stream != nil {
		a.withhold(opts.stream, told)
	}
	report := &Report{Analysis: a, Run: graph.Run{
		Kind: Kind, Previous: known.last, Scope: scope, Settings: settings, Seed: opts.Seed, Decided: a.View.Decided,
	}}
	if opts.Scoped {
		report.Run.Kind = ScopedKind
	}
	report.Run.ID = report.Run.NewRunID()
	report.Result = a.result(&report.Run)
	if err := a.lead(ctx, report.Result); err != nil {
		return nil, err
	}
	report.Result.Stream = opts.stream
	if report.Result.Patterns, err = a.schemes(ctx, reader, earlier, &opts); err != nil {
		return nil, err
	}
	said, err := reader.Decisions(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("flag: decisions: %w", err)
	}
	at := now{run: report.Run.ID, until: scope.Until, said: rulings(said), past: known}
	if err := a.live(ctx, reader, report.Result, at, &opts); err != nil {
		return nil, err
	}
	if report.Run.Results, err = json.Marshal(report.Result); err != nil {
		return nil, fmt.Errorf("flag: results: %w", err)
	}
	return report, nil
}

// result is everything but the networks and the names.
func (a *Analysis) result(run *graph.Run) *Result {
	r := &Result{
		Run: run.ID, Scoped: run.Kind == ScopedKind, Previous: run.Previous, Until: run.Scope.Until, Sources: len(run.Scope.Sources),
		Consignments: a.Trade.Consignments.Len(), Parties: a.View.Parties,
		Candidates: a.Findings.Candidates, Tested: a.Findings.Tested, NullFlags: nullFlags(a.Findings),
		Findings: make([]FindingRow, len(a.Findings.List)), Strata: a.strata(), Bands: a.Findings.Bands,
		Behaviour: a.Behaviour.row(), Kappa: a.Kappa, Learned: a.Learned,
	}
	if !run.Scope.KnownOn.IsZero() {
		day := run.Scope.KnownOn.UTC().Round(time.Microsecond)
		r.KnownOn = &day
	}
	r.Inspected, r.Hits = a.View.Count()
	for i := range a.Findings.List {
		r.Findings[i] = a.row(&a.Findings.List[i])
	}
	r.Services = append([]Service{}, a.Services...)
	for i := range r.Services {
		if r.Services[i].Untested == "" {
			r.ServicesTested++
		}
	}
	return r
}

// lead fills in the first of the leads, with how much they hang on single hits.
func (a *Analysis) lead(ctx context.Context, r *Result) error {
	unknown, known := a.Leads()
	r.Leads = append([]Lead{}, unknown[:min(len(unknown), a.Settings.Leads)]...)
	r.Known = append([]Lead{}, known[:min(len(known), a.Settings.Known)]...)
	drawn, err := a.redrawn(ctx, a.amongst(unknown, len(r.Leads)), a.amongst(known, len(r.Known)))
	if err != nil {
		return err
	}
	for i, shown := range [][]Lead{r.Leads, r.Known} {
		places := make([]int, len(shown))
		for at := range places {
			places[at] = at
		}
		intervals, err := a.intervals(ctx, drawn[i], places)
		if err != nil {
			return err
		}
		for at := range shown {
			shown[at].Interval = intervals[at]
		}
	}
	return nil
}

// live opens networks from findings, goes on with the lives of those that earlier runs know, and says what is news.
func (a *Analysis) live(ctx context.Context, reader Reader, r *Result, at now, opts *Options) error {
	if report := opts.report(StageNetworks); report != nil {
		report(0, len(a.Findings.List))
	}
	gone := a.networks(reader.Identity(), r, at)
	if err := a.describe(ctx, reader, r.Networks); err != nil {
		return err
	}
	if err := a.formers(ctx, reader, r, gone, opts); err != nil {
		return err
	}
	if err := a.name(ctx, reader, r, opts); err != nil {
		return err
	}
	for i := range r.Networks {
		n := &r.Networks[i]
		n.alert(r.Run)
		n.Told = a.shown(n.Told, reader.Identity())
	}
	news(r.Services, at.past.services)
	r.States.count(r.Networks, r.Gone)
	return nil
}

// describe tells who plays which part in every network, and where it leads out to.
func (a *Analysis) describe(ctx context.Context, reader Reader, networks []Network) error {
	of := make(map[uint32]graph.ID)
	for i := range networks {
		for _, v := range networks[i].nodes {
			if of[v] == "" {
				of[v] = networks[i].ID
			}
		}
	}
	for i := range networks {
		n := &networks[i]
		var err error
		if n.Facilitators, err = a.facilitators(ctx, reader, n.nodes); err != nil {
			return err
		}
		if err := a.cast(ctx, reader, n); err != nil {
			return err
		}
		n.Boundary, n.BoundaryAll = a.outside(n.nodes, of)
	}
	return nil
}

// networks opens networks from findings and matches them with those of earlier runs. It returns the tracks that are not seen; a scoped
// run says nothing of these in its result: it did not look everywhere.
func (a *Analysis) networks(identity *graph.Identity, r *Result, at now) []Track {
	r.Networks = append([]Network{}, a.merge()...)
	for i := range r.Networks {
		r.Networks[i].follows(a, identity)
	}
	gone := follow(r.Networks, at)
	a.cut(gone, at.past.before, identity)
	r.Gone = gone
	if r.Scoped {
		r.Gone = []Track{}
	}
	for i := range r.Networks {
		for _, place := range r.Networks[i].findings {
			r.Findings[place].Network = r.Networks[i].ID
		}
	}
	return gone
}

// name fills in the names of whatever is listed.
func (a *Analysis) name(ctx context.Context, reader graph.Finder, r *Result, opts *Options) error {
	names := namer{ctx: ctx, finder: reader, known: make(map[graph.ID]string)}
	var ids []graph.ID
	r.named(func(id graph.ID, _ *string) { ids = append(ids, id) })
	if err := names.look(ids, opts); err != nil {
		return err
	}
	r.named(func(id graph.ID, name *string) { *name = names.of(id) })
	for i := range r.Networks {
		r.Networks[i].What = a.what(&r.Networks[i])
	}
	return names.err
}

// named visits everything in a result that has an id and a name.
func (r *Result) named(visit func(id graph.ID, name *string)) {
	for i := range r.Networks {
		n := &r.Networks[i]
		for m := range n.Members {
			visit(n.Members[m].ID, &n.Members[m].Name)
		}
		for s := range n.Shared {
			visit(n.Shared[s].ID, &n.Shared[s].Name)
		}
		for f := range n.Facilitators {
			visit(n.Facilitators[f].ID, &n.Facilitators[f].Name)
		}
		for b := range n.Boundary {
			visit(n.Boundary[b].ID, &n.Boundary[b].Name)
			if n.Boundary[b].Via != "" {
				visit(n.Boundary[b].Via, &n.Boundary[b].ViaName)
			}
		}
	}
	for _, list := range [][]Lead{r.Leads, r.Known} {
		for i := range list {
			visit(list[i].ID, &list[i].Name)
		}
	}
	for i := range r.Services {
		visit(r.Services[i].ID, &r.Services[i].Name)
	}
}

// namer looks names up, each once, until the first error.
type namer struct {
	ctx    context.Context
	finder graph.Finder
	known  map[graph.ID]string
	err    error
}

func (n *namer) of(id graph.ID) string {
	if name, known := n.known[id]; known || n.err != nil {
		return name
	}
	name, err := n.read(id)
	n.err = err
	n.known[id] = name
	return name
}

func (n *namer) read(id graph.ID) (string, error) {
	entity, err := n.finder.Entity(n.ctx, id)
	switch {
	case err == nil:
		return entity.Name(), nil
	case errors.Is(err, graph.ErrNotFound):
		return id.Label(), nil
	}
	return "", fmt.Errorf("flag: name of %s: %w", id, err)
}

// look looks many names up, on as many threads as the options allow.
func (n *namer) look(ids []graph.ID, opts *Options) error {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	names, faults := make([]string, len(ids)), make([]error, len(ids))
	report := opts.report(StageNames)
	const together = 64
	cut := crew.Cut(len(ids), together)
	for first := 0; first < len(cut)-1; first += together {
		last := min(first+together, len(cut)-1)
		if report != nil {
			report(cut[first], len(ids))
		}
		err := crew.Run(n.ctx, opts.Threads, last-first, func(_, piece int) {
			for i := cut[first+piece]; i < cut[first+piece+1] && n.ctx.Err() == nil; i++ {
				names[i], faults[i] = n.read(ids[i])
			}
		})
		if err != nil {
			return fmt.Errorf("flag: names: %w", err)
		}
	}
	for i, id := range ids {
		if faults[i] != nil {
			return faults[i]
		}
		n.known[id] = names[i]
	}
	return nil
}

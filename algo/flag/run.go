package flag

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

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

// Run is the batch job: it analyses the reader's scope and says what is new, grown and gone since the last of the previous runs,
// which are those visible to the reader, oldest first. It stores nothing.
//
// Equal records, decisions, settings, seed and previous runs give equal results, byte for byte.
func Run(ctx context.Context, reader Reader, previous []graph.Run, opts Options) (*Report, error) {
	settings, err := opts.Settings.Canonical()
	if err != nil {
		return nil, err
	}
	last, err := lastResult(previous)
	if err != nil {
		return nil, err
	}
	a, err := Analyse(ctx, reader, opts)
	if err != nil {
		return nil, err
	}
	report := &Report{Analysis: a, Run: graph.Run{
		Kind: Kind, Scope: reader.Scope(), Settings: settings, Seed: opts.Seed, Decided: a.View.Decided,
	}}
	if last != nil {
		report.Run.Previous = last.Run
	}
	report.Run.ID = report.Run.NewRunID()
	report.Result = a.result(&report.Run)
	a.networks(reader.Identity(), report.Result, last)
	if err := a.name(ctx, reader, report.Result); err != nil {
		return nil, err
	}
	if report.Run.Results, err = json.Marshal(report.Result); err != nil {
		return nil, fmt.Errorf("flag: results: %w", err)
	}
	return report, nil
}

// lastResult reads the newest run of the kind, nil when there is none.
func lastResult(previous []graph.Run) (*Result, error) {
	for i := len(previous) - 1; i >= 0; i-- {
		if previous[i].Kind == Kind {
			return ReadResult(&previous[i])
		}
	}
	return nil, nil
}

// result is everything but the networks and the names.
func (a *Analysis) result(run *graph.Run) *Result {
	r := &Result{
		Run: run.ID, Previous: run.Previous, Until: run.Scope.Until, Sources: len(run.Scope.Sources),
		Consignments: a.Trade.Consignments.Len(), Parties: a.View.Parties,
		Candidates: a.Findings.Candidates, Tested: a.Findings.Tested, NullFlags: nullFlags(a.Findings),
		Findings: make([]FindingRow, len(a.Findings.List)),
	}
	if !run.Scope.KnownOn.IsZero() {
		day := run.Scope.KnownOn.UTC().Round(time.Microsecond)
		r.KnownOn = &day
	}
	r.Inspected, r.Hits = a.View.Count()
	for i := range a.Findings.List {
		r.Findings[i] = a.row(&a.Findings.List[i])
	}
	unknown, known := a.Leads()
	r.Leads = append([]Lead{}, unknown[:min(len(unknown), a.Settings.Leads)]...)
	r.Known = append([]Lead{}, known[:min(len(known), a.Settings.Known)]...)
	return r
}

// networks opens networks from findings and matches them with the last run's.
func (a *Analysis) networks(identity *graph.Identity, r, last *Result) {
	r.Networks = append([]Network{}, a.merge()...)
	for i := range r.Networks {
		r.Networks[i].Records = a.recordsOf(identity, r.Networks[i].nodes)
	}
	r.Gone = follow(r.Networks, last, r.Run)
	r.States.count(r.Networks, r.Gone)
	for i := range r.Networks {
		for _, place := range r.Networks[i].findings {
			r.Findings[place].Network = r.Networks[i].ID
		}
	}
}

// name fills in the names of whatever is listed.
func (a *Analysis) name(ctx context.Context, reader graph.Finder, r *Result) error {
	names := namer{ctx: ctx, finder: reader, known: make(map[graph.ID]string)}
	for i := range r.Networks {
		n := &r.Networks[i]
		for m := range n.Members {
			n.Members[m].Name = names.of(n.Members[m].ID)
		}
		for s := range n.Shared {
			n.Shared[s].Name = names.of(n.Shared[s].ID)
		}
		for f := range n.Facilitators {
			n.Facilitators[f].Name = names.of(n.Facilitators[f].ID)
		}
		n.What = a.what(n)
	}
	for _, list := range [][]Lead{r.Leads, r.Known} {
		for i := range list {
			list[i].Name = names.of(list[i].ID)
		}
	}
	return names.err
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
	name := id.Label()
	entity, err := n.finder.Entity(n.ctx, id)
	switch {
	case err == nil:
		name = entity.Name()
	case !errors.Is(err, graph.ErrNotFound):
		n.err = fmt.Errorf("flag: name of %s: %w", id, err)
	}
	n.known[id] = name
	return name
}

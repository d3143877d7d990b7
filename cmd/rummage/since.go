package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

// What came after the run that an answer is of.

// sinceRow is how old a run is, by what it could not know.
type sinceRow struct {
	Finished  time.Time `json:"finished"`
	Sources   int       `json:"sources"`   // in scope that it did not read
	Decisions int       `json:"decisions"` // said since that change the graph: who is who, and who offers a service

	run  graph.RunID
	next string
}

// since counts what the scope shows and a run did not use.
func (a *archive) since(ctx context.Context, run *graph.Run) (*sinceRow, error) {
	s := &sinceRow{Finished: run.Finished.UTC(), run: run.ID, next: strings.TrimSpace("rummage flag " + a.narrowed)}
	for _, id := range a.Scope().Sources {
		if !slices.Contains(run.Scope.Sources, id) {
			s.Sources++
		}
	}
	said, err := a.Decisions(ctx, "")
	if err != nil {
		return nil, err
	}
	for i := range said {
		d := &said[i]
		if d.Seq > run.Decided && (d.Kind.AboutPair() || d.Kind == graph.Service || d.Kind == graph.Trader) {
			s.Decisions++
		}
	}
	return s, nil
}

// fresh refuses a run that is older than what is known, as explain tells it, unless the run was named: a case file of it would show rows and
// joined parties of now with the counts of then.
func (a *archive) fresh(ctx context.Context, run *graph.Run, opts *exportOptions) (*sinceRow, error) {
	since, err := a.since(ctx, run)
	if err != nil || opts.run != "" || since.text() == "" {
		return since, err
	}
	next := since.next + ", then export"
	if !opts.below {
		next += "; or --run " + string(run.ID) + " packs it as of that run, and says so"
	}
	return nil, exit.With(exit.Failed, fmt.Errorf("export: what is known is newer than the last run: %s", since.text()), next)
}

// say tells people that an answer is older than what is known, and what to do about it; nothing where it is not.
func (s *sinceRow) say(page *output.Page) {
	if text := s.text(); text != "" {
		page.Say("%s; next: %s", text, s.next)
	}
}

// text tells what came after the run; "" for nothing.
func (s *sinceRow) text() string {
	if s == nil || s.Sources+s.Decisions == 0 {
		return ""
	}
	var all []string
	if s.Sources > 0 {
		all = append(all, fmt.Sprintf("%d %s", s.Sources, plural(s.Sources, "source")))
	}
	if s.Decisions > 0 {
		all = append(all, fmt.Sprintf("%d %s that %s the graph", s.Decisions, plural(s.Decisions, "decision"), map[bool]string{true: "changes", false: "change"}[s.Decisions == 1]))
	}
	return fmt.Sprintf("as of run %s of %s; since then %s", s.run, clockTime(s.Finished), strings.Join(all, " and "))
}

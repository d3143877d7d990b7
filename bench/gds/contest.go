package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/page"
	"rummage/bench/trial"
	"rummage/graph/neo4j/gds"
	"rummage/graph/neo4j/neo4jtest"
)

// turn is what a side did once.
type turn struct {
	// seconds are those of the computation alone, of one source where there are several.
	seconds float64
	answer  []float64
}

// side does a task once.
type side func(ctx context.Context) (turn, error)

// duel is one task, ready to be done by both.
type duel struct {
	ours, theirs side
	check        func(ctx context.Context, ours, theirs []float64) (trial.Verdict, error)
}

// contest is a run of tasks.
type contest struct {
	options
	tasks  []task
	ledger *campaign.Ledger[Line]
	log    io.Writer
}

// run measures what the ledger does not have. A server is started only for that.
func (c *contest) run(ctx context.Context) error {
	if !slices.Contains(edges.Names(), c.graph) {
		return fmt.Errorf("graph %q: %w; known are %v", c.graph, edges.ErrUnknown, edges.Names())
	}
	var due []task
	for _, t := range c.tasks {
		if kept := c.ledger.Find(c.key(t)); c.Resume && kept != nil && c.finished(&kept.Result) {
			fmt.Fprintf(c.log, "%s: kept from %s\n", t.name, kept.Day)
			continue
		}
		due = append(due, t)
	}
	if len(due) == 0 {
		return nil
	}
	files, err := edges.Make(ctx, c.Out, c.graph)
	if err != nil {
		return err
	}
	in := &trial.Input{Files: files}
	if err := in.Load(ctx); err != nil {
		return err
	}
	return c.serve(ctx, in, due)
}

func (c *contest) key(t task) string { return c.graph + "/" + t.name }

// finished tells whether what is kept has all that is wanted now.
func (c *contest) finished(l *Line) bool {
	return l.Rounds >= c.Rounds && l.Share >= c.Share.Seconds() && l.Sources == c.sources
}

// serve starts a server, has the tasks done, and stops it.
func (c *contest) serve(ctx context.Context, in *trial.Input, due []task) (err error) {
	fmt.Fprintln(c.log, "starting Neo4j with Graph Data Science; the first time on a machine they are downloaded")
	server, err := neo4jtest.Start(ctx, neo4jtest.Options{GDS: true, Heap: c.heap, Measured: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	library, err := gds.Open(ctx, server.Address, gds.Options{
		User: server.User, Password: server.Password, Tool: "bench", Threads: c.Threads, Limit: c.Limit,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, library.Close()) }()
	v, err := newVenue(ctx, c, in, library)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.projection.Drop(ctx)) }()
	for _, t := range due {
		d, err := t.ready(v)
		if err != nil {
			return err
		}
		l := Line{Graph: c.graph, Title: in.Files.Title, Nodes: in.Files.Nodes, Edges: in.Files.Edges, Task: t.name,
			Rounds: c.Rounds, Share: c.Share.Seconds(), Sources: c.sources, Library: library.Version(), Server: library.Server()}
		if err := c.play(ctx, d, &l); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if err := c.ledger.Keep(c.key(t), l); err != nil {
			return err
		}
		fmt.Fprintf(c.log, "%s: rummage %s s, gds %s s; %s\n", t.name, page.Figure(page.Of(l.Ours).Median), page.Figure(page.Of(l.Theirs).Median), l.Verdict.Says)
	}
	return nil
}

// play gives both a first turn, whose answers are compared and which warms both up, and then their rounds.
func (c *contest) play(ctx context.Context, d duel, l *Line) error {
	theirs, err := d.theirs(ctx)
	if err != nil {
		return err
	}
	ours, err := d.ours(ctx)
	if err != nil {
		return err
	}
	if l.Verdict, err = d.check(ctx, ours.answer, theirs.answer); err != nil {
		return err
	}
	wall := theirs.seconds
	if l.Task == perSource {
		wall *= float64(c.sources)
	}
	for range c.Turns(wall) {
		for _, s := range []struct {
			side side
			note *[]float64
		}{{d.theirs, &l.Theirs}, {d.ours, &l.Ours}} {
			runtime.GC()
			took, err := s.side(ctx)
			if err != nil {
				return err
			}
			// The library tells whole milliseconds; of less than one it says 0.
			*s.note = append(*s.note, max(took.seconds, 1e-6))
		}
	}
	return nil
}

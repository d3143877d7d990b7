package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/page"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

// errBits is returned when a kernel gave other bits in another round or on another number of threads.
var errBits = errors.New("not the same bits")

// measurement is one run.
type measurement struct {
	options
	tasks  []trial.Task
	log    io.Writer
	ledger *campaign.Ledger[Point]
}

// Point is one task on one graph.
type Point struct {
	Graph  string `json:"graph"`
	Nodes  int    `json:"nodes"`
	Edges  int    `json:"edges"`
	Task   string `json:"task"`
	Rounds int    `json:"rounds"`
	// Limit is after how many seconds a turn is stopped.
	Limit float64 `json:"limit_seconds"`
	// Several and One are seconds by round, on all threads and on one.
	Several []float64 `json:"several_seconds,omitempty"`
	One     []float64 `json:"one_seconds,omitempty"`
	// Peak is the greatest resident memory in bytes; 0 where nobody knows.
	Peak int64 `json:"peak_bytes,omitempty"`
	// Over tells that the limit was passed.
	Over bool `json:"over,omitempty"`
}

// cost is nanoseconds an edge, of the median round.
func (p *Point) cost(seconds []float64) float64 {
	return page.Of(seconds).Median / float64(p.Edges) * 1e9
}

func (m *measurement) run(ctx context.Context) error {
	passed := map[string]bool{}
	for _, name := range campaign.List(m.graphs) {
		g, err := edges.Make(ctx, m.Out, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(m.log, "graph %s: %d nodes, %d edges\n", name, g.Nodes, g.Edges)
		if err := m.graph(ctx, g, passed); err != nil {
			return err
		}
	}
	return nil
}

// graph measures all tasks on one graph, but those whose limit was passed on a smaller one.
func (m *measurement) graph(ctx context.Context, g *edges.Graph, passed map[string]bool) error {
	command, err := worker.Self(trial.Ours)
	if err != nil {
		return err
	}
	w := worker.New(command, g.Folder, worker.Limits{Task: m.Limit, Load: m.Limit}, m.log)
	defer w.Stop()
	for _, task := range m.tasks {
		if passed[task.Name] {
			continue
		}
		key := g.Name + "/" + task.Name
		if kept := m.ledger.Find(key); m.Resume && kept != nil && m.finished(&kept.Result, g) {
			fmt.Fprintf(m.log, "  %s: kept from %s\n", task.Name, kept.Day)
			passed[task.Name] = kept.Result.Over
			continue
		}
		p := Point{Graph: g.Name, Nodes: g.Nodes, Edges: g.Edges, Task: task.Name, Rounds: m.Rounds, Limit: m.Limit.Seconds()}
		err := m.measure(ctx, w, &p)
		switch {
		case errors.Is(err, worker.ErrLimit):
			p.Over, passed[task.Name] = true, true
		case err != nil:
			return err
		}
		m.tell(&p)
		if err := m.ledger.Keep(key, p); err != nil {
			return err
		}
	}
	return nil
}

// finished tells whether what is kept was on this graph and has all that is wanted now.
func (m *measurement) finished(p *Point, g *edges.Graph) bool {
	return p.Nodes == g.Nodes && p.Edges == g.Edges && p.Rounds >= m.Rounds && p.Limit >= m.Limit.Seconds()
}

// measure takes rounds in turns, and the memory after them.
func (m *measurement) measure(ctx context.Context, w *worker.Worker, p *Point) error {
	first, err := w.Ask(ctx, worker.Question{Task: p.Task, Threads: m.Threads, Repeat: 1})
	if err != nil {
		return err
	}
	repeat := campaign.Repeat(first.Seconds[0])
	for range m.Turns(first.Seconds[0]) {
		for _, way := range []struct {
			threads int
			seconds *[]float64
		}{{m.Threads, &p.Several}, {1, &p.One}} {
			reply, err := w.Ask(ctx, worker.Question{Task: p.Task, Threads: way.threads, Repeat: repeat})
			if err != nil {
				return err
			}
			if reply.Digest != first.Digest {
				return fmt.Errorf("%s on %s with %d threads: %w", p.Task, p.Graph, way.threads, errBits)
			}
			*way.seconds = append(*way.seconds, page.Of(reply.Seconds).Median)
		}
	}
	reply, err := w.Ask(ctx, worker.Question{Task: p.Task, Threads: m.Threads, Repeat: 1, Peak: true})
	p.Peak = reply.Peak
	return err
}

func (m *measurement) tell(p *Point) {
	if p.Over {
		fmt.Fprintf(m.log, "  %s: more than %s\n", p.Task, m.Limit)
		return
	}
	fmt.Fprintf(m.log, "  %s: %s ns an edge, %s on one thread\n", p.Task, page.Figure(p.cost(p.Several)), page.Figure(p.cost(p.One)))
}

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"

	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

// contest is a run of graphs and tasks.
type contest struct {
	options
	log      io.Writer
	commands []worker.Command
	trials   []trial.Task
	ledger   *campaign.Ledger[Line]
	// python says why there is no side in Python; empty where there is one.
	python string
	// passed holds, for sides and tasks whose limit was passed, on how large a graph: nodes times edges.
	passed map[string]float64
}

func newContest(o options, log io.Writer) (*contest, error) {
	c := &contest{options: o, log: log, passed: map[string]float64{}}
	for _, name := range campaign.List(o.graphs) {
		if !slices.Contains(edges.Names(), name) {
			return nil, fmt.Errorf("graph %q: want some of %v", name, edges.Names())
		}
	}
	wanted, known := campaign.List(o.tasks), trial.Names()
	for _, task := range trial.Tasks() {
		if len(wanted) == 0 || slices.Contains(wanted, task.Name) {
			c.trials = append(c.trials, task)
		}
	}
	for _, name := range wanted {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("task %q: want some of %v", name, known)
		}
	}
	if err := c.muster(); err != nil {
		return nil, err
	}
	var err error
	if c.ledger, err = campaign.Open[Line](&c.Flags); err != nil {
		return nil, err
	}
	if o.Resume {
		for _, e := range c.ledger.All() {
			c.recall(&e.Result)
		}
	}
	return c, nil
}

// muster finds out who takes part.
func (c *contest) muster() error {
	ours, err := worker.Self(trial.Ours)
	if err != nil {
		return err
	}
	c.commands = []worker.Command{ours}
	for _, side := range campaign.List(c.sides) {
		switch side {
		case trial.Igraph, trial.NetworKit:
			if _, err := os.Stat(c.options.python); err != nil {
				c.python = fmt.Sprintf("There is no Python environment at %s, so nothing was compared with igraph and NetworKit.", c.options.python)
				continue
			}
			c.commands = append(c.commands, worker.Command{
				Name: side, Path: c.options.python, Args: []string{c.script, side, strconv.Itoa(c.threadsOf(side))},
			})
		case trial.Gonum:
			command, err := worker.Self(side)
			if err != nil {
				return err
			}
			c.commands = append(c.commands, command)
		default:
			return fmt.Errorf("side %q: want some of igraph, networkit, gonum", side)
		}
	}
	if c.python != "" {
		fmt.Fprintln(c.log, c.python)
	}
	return nil
}

// threadsOf is how many threads a side has; gonum knows of none.
func (c *contest) threadsOf(side string) int {
	switch side {
	case trial.Ours, trial.NetworKit:
		return c.Threads
	case trial.Igraph:
		return c.igraph
	}
	return 1
}

// contenders are the cells of a line: each side with its threads, ours on one thread last.
func (c *contest) contenders() []key {
	var all []key
	for _, command := range c.commands {
		all = append(all, key{command.Name, c.threadsOf(command.Name)})
	}
	if c.Threads > 1 && !c.memory {
		all = append(all, key{trial.Ours, 1})
	}
	return all
}

func (c *contest) run(ctx context.Context) error {
	begun := time.Now()
	for _, name := range campaign.List(c.graphs) {
		fmt.Fprintf(c.log, "graph %s\n", name)
		g, err := edges.Make(ctx, c.Out, name)
		if err != nil {
			return err
		}
		if err := c.graph(ctx, g); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.log, "all of it took %s\n", time.Since(begun).Round(time.Second))
	return nil
}

// graph has all tasks done on one graph.
func (c *contest) graph(ctx context.Context, g *edges.Graph) error {
	field := map[string]*worker.Worker{}
	for _, command := range c.commands {
		w := worker.New(command, g.Folder, worker.Limits{Task: c.Limit, Load: 2*c.Limit + 5*time.Minute}, c.log)
		defer w.Stop()
		field[command.Name] = w
	}
	input := &trial.Input{Files: g}
	for _, task := range c.trials {
		if !task.Tries(g.Nodes, g.Edges) {
			continue
		}
		m := &match{contest: c, field: field, task: &task, input: input}
		if err := c.settle(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// settle has a match played, as far as the ledger does not have it, and kept.
func (c *contest) settle(ctx context.Context, m *match) error {
	begun := time.Now()
	name := m.input.Files.Name + "/" + m.task.Name
	kept := c.ledger.Find(name)
	if c.Resume && kept != nil && c.finished(&kept.Result, m.input.Files) {
		fmt.Fprintf(c.log, "  %s: kept from %s\n", m.task.Name, kept.Day)
		return nil
	}
	m.line = c.line(m)
	measure := m.play
	if c.memory {
		measure = m.weigh
	}
	if err := measure(ctx); err != nil {
		return err
	}
	m.line.Took += time.Since(begun).Seconds()
	m.tell()
	return c.ledger.Keep(name, *m.line)
}

// line is that of a match before it is played.
func (c *contest) line(m *match) *Line {
	g := m.input.Files
	l := &Line{Graph: g.Name, Title: g.Title, Nodes: g.Nodes, Edges: g.Edges, Task: m.task.Name,
		Rounds: c.Rounds, Limit: c.Limit.Seconds(), Share: c.Share.Seconds(), Igraph: c.igraph, Versions: map[string]string{}}
	for _, k := range c.contenders() {
		l.Cells = append(l.Cells, Cell{Side: k.side, Threads: k.threads})
	}
	return l
}

// finished tells whether a contest was on this graph and has all that is wanted now. Where a side failed, it is played again.
func (c *contest) finished(l *Line, g *edges.Graph) bool {
	if l.Nodes != g.Nodes || l.Edges != g.Edges || l.Igraph != c.igraph || l.Rounds < c.Rounds || l.Limit < c.Limit.Seconds() || l.Share < c.Share.Seconds() {
		return false
	}
	for _, k := range c.contenders() {
		if cell := l.cell(k); cell == nil || cell.State == failed {
			return false
		}
	}
	return true
}

// recall notes who passed a limit in a contest that is kept.
func (c *contest) recall(l *Line) {
	for _, cell := range l.Cells {
		if cell.State == over && l.Limit >= c.Limit.Seconds() {
			c.pass(cell.Side, l)
		}
	}
}

// pass notes that a side passed its limit, and on how small a graph.
func (c *contest) pass(side string, l *Line) {
	name := side + " " + l.Task
	if size, passed := c.passed[name]; !passed || l.size() < size {
		c.passed[name] = l.size()
	}
}

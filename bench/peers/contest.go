package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"rummage/bench/edges"
	"rummage/bench/page"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

// How often a task is done in one turn, and when a first turn counts.
const (
	// A turn lasts about that long in seconds; what is shorter is repeated, up to so many times.
	turn    = 0.2
	repeats = 20
	// slow is from where the first turn, in which answers are written, counts as the first round.
	slow = 2.0
	// slowest is from where a side has no second turn.
	slowest = 100.0
)

// contest is a run of all graphs and tasks.
type contest struct {
	options
	log      io.Writer
	commands []worker.Command
	tasks    []trial.Task
	report   Report
	// passed holds, for sides and tasks whose limit was passed, on how large a graph: nodes times edges.
	passed map[string]float64
}

func newContest(o options, log io.Writer) (*contest, error) {
	c := &contest{options: o, log: log, passed: map[string]float64{}}
	c.report = Report{
		Day: time.Now().Format("2 January 2006"), Machine: machine(), Go: runtime.Version(),
		Threads: o.threads, Igraph: o.igraph, Rounds: o.rounds, Limit: o.limit.Seconds(), Versions: map[string]string{},
	}
	for _, name := range list(o.graphs) {
		if !slices.Contains(edges.Names(), name) {
			return nil, fmt.Errorf("graph %q: want some of %v", name, edges.Names())
		}
	}
	wanted := list(o.tasks)
	var known []string
	for _, task := range trial.Tasks() {
		known = append(known, task.Name)
		if len(wanted) == 0 || slices.Contains(wanted, task.Name) {
			c.tasks = append(c.tasks, task)
		}
	}
	for _, name := range wanted {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("task %q: want some of %v", name, known)
		}
	}
	return c, c.sides()
}

// sides finds out who takes part.
func (c *contest) sides() error {
	ours, err := worker.Self(trial.Ours)
	if err != nil {
		return err
	}
	c.commands = []worker.Command{ours}
	for _, side := range list(c.options.sides) {
		switch side {
		case trial.Igraph, trial.NetworKit:
			if _, err := os.Stat(c.python); err != nil {
				c.report.Python = fmt.Sprintf("There is no Python environment at %s, so nothing was compared with igraph and NetworKit.", c.python)
				continue
			}
			c.commands = append(c.commands, worker.Command{
				Name: side, Path: c.python, Args: []string{c.script, side, strconv.Itoa(c.threadsOf(side))},
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
	if c.report.Python != "" {
		fmt.Fprintln(c.log, c.report.Python)
	}
	return nil
}

// threadsOf is how many threads a side has; gonum knows of none.
func (c *contest) threadsOf(side string) int {
	switch side {
	case trial.Ours, trial.NetworKit:
		return c.threads
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
	if c.threads > 1 {
		all = append(all, key{trial.Ours, 1})
	}
	return all
}

func (c *contest) run(ctx context.Context) (*Report, error) {
	for _, name := range list(c.graphs) {
		fmt.Fprintf(c.log, "graph %s\n", name)
		g, err := edges.Make(ctx, c.out, name)
		if err != nil {
			return nil, err
		}
		if err := c.graph(ctx, g); err != nil {
			return nil, err
		}
	}
	return &c.report, nil
}

// graph has all tasks done on one graph.
func (c *contest) graph(ctx context.Context, g *edges.Graph) error {
	field := map[string]*worker.Worker{}
	for _, command := range c.commands {
		w := worker.New(command, g.Folder, worker.Limits{Task: c.limit, Load: 2*c.limit + time.Minute}, c.log)
		defer w.Stop()
		field[command.Name] = w
	}
	input := &trial.Input{Files: g}
	for _, task := range c.tasks {
		if !task.Tries(g.Nodes, g.Edges) {
			continue
		}
		line := Line{Graph: g.Name, Title: g.Title, Nodes: g.Nodes, Edges: g.Edges, Task: task.Name}
		for _, k := range c.contenders() {
			line.Cells = append(line.Cells, Cell{Side: k.side, Threads: k.threads})
		}
		m := &match{c, field, &line, &task, input}
		if err := m.play(ctx); err != nil {
			return err
		}
		c.report.Lines = append(c.report.Lines, line)
	}
	for name, w := range field {
		if w.Version() != "" {
			c.report.Versions[name] = w.Version()
		}
	}
	return nil
}

// match is one task on one graph.
type match struct {
	*contest
	field map[string]*worker.Worker
	line  *Line
	task  *trial.Task
	input *trial.Input
}

func (m *match) play(ctx context.Context) error {
	first, err := m.probe(ctx)
	if err != nil {
		return err
	}
	for round := range m.rounds {
		for i := range m.line.Cells {
			// The order is rotated by one each round, so that everybody follows everybody's leftovers in the caches.
			cell := &m.line.Cells[(i+round)%len(m.line.Cells)]
			at := first[key{cell.Side, cell.Threads}]
			if cell.State != "" || len(cell.Seconds) > round || (round > 0 && at >= slowest) {
				continue
			}
			if err := m.take(ctx, cell, max(1, min(repeats, int(turn/at)))); err != nil {
				return err
			}
		}
	}
	if m.memory {
		if err := m.weigh(ctx); err != nil {
			return err
		}
	}
	m.tell()
	return nil
}

// probe gives everybody a first turn, in which answers are written and compared, and returns how long it took.
func (m *match) probe(ctx context.Context) (map[key]float64, error) {
	first := map[key]float64{}
	var ours []float64
	for i := range m.line.Cells {
		cell := &m.line.Cells[i]
		if size, passed := m.passed[cell.Side+" "+m.task.Name]; passed && size <= m.size() {
			cell.State = spared
			continue
		}
		file := filepath.Join(m.out, "answer.f64")
		reply, err := m.ask(ctx, cell, worker.Question{Task: m.task.Name, Threads: cell.Threads, Repeat: 1, Answer: file})
		if err != nil || cell.State != "" {
			if err != nil {
				return nil, err
			}
			continue
		}
		cell.digest = reply.Digest
		seconds := reply.Seconds[0]
		first[key{cell.Side, cell.Threads}] = seconds
		if seconds >= slow {
			cell.Seconds = append(cell.Seconds, seconds)
		}
		switch {
		case i == 0:
			if ours, err = edges.ReadVector[float64](file); err != nil {
				return nil, err
			}
		case cell.Side == trial.Ours:
			m.same(cell, m.line.Cells[0].digest, reply.Digest)
		case ours != nil:
			if err := m.check(ctx, cell, ours, file); err != nil {
				return nil, err
			}
		}
	}
	return first, nil
}

// size is what says whether a graph is larger than another.
func (m *match) size() float64 { return float64(m.line.Nodes) * float64(m.line.Edges) }

// check holds the answer of a peer against ours.
func (m *match) check(ctx context.Context, cell *Cell, ours []float64, file string) error {
	theirs, err := edges.ReadVector[float64](file)
	if err != nil {
		return err
	}
	verdict, err := m.task.Check(ctx, m.input, ours, theirs)
	if err != nil {
		return err
	}
	cell.Verdict = &verdict
	return nil
}

// same notes whether our own answer is always the same.
func (m *match) same(cell *Cell, want, got string) {
	if cell.Verdict == nil {
		cell.Verdict = &trial.Verdict{Holds: true, Says: "the same bits in every round and on any number of threads"}
	}
	if want != got && want != "" {
		*cell.Verdict = trial.Verdict{Says: "other bits than at first"}
	}
}

// take gives a side one turn.
func (m *match) take(ctx context.Context, cell *Cell, repeat int) error {
	reply, err := m.ask(ctx, cell, worker.Question{Task: m.task.Name, Threads: cell.Threads, Repeat: repeat})
	if err != nil || cell.State != "" {
		return err
	}
	cell.Seconds = append(cell.Seconds, page.Of(reply.Seconds).Median)
	if cell.Side == trial.Ours {
		m.same(cell, cell.digest, reply.Digest)
	}
	return nil
}

// ask notes in the cell what a side could not do; only what ends the whole run is an error.
func (m *match) ask(ctx context.Context, cell *Cell, q worker.Question) (worker.Reply, error) {
	reply, err := m.field[cell.Side].Ask(ctx, q)
	return reply, m.note(ctx, cell, err)
}

func (m *match) note(ctx context.Context, cell *Cell, err error) error {
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, worker.ErrLimit):
		cell.State = over
		m.passed[cell.Side+" "+m.task.Name] = m.size()
	case errors.Is(err, worker.ErrAbsent):
		cell.State = absent
	default:
		cell.State, cell.Problem = failed, err.Error()
		fmt.Fprintln(m.log, err)
	}
	return nil
}

// weigh measures memory: every side once more, in a process that loads the graph and does this task alone.
func (m *match) weigh(ctx context.Context) error {
	for i := range m.line.Cells {
		cell := &m.line.Cells[i]
		if cell.State != "" || (i > 0 && cell.Side == trial.Ours) || cell.Seconds[0] >= slowest {
			continue
		}
		command := m.commands[slices.IndexFunc(m.commands, func(c worker.Command) bool { return c.Name == cell.Side })]
		w := worker.New(command, m.input.Files.Folder, worker.Limits{Task: 2 * m.limit, Load: 2*m.limit + time.Minute}, m.log)
		reply, err := w.Ask(ctx, worker.Question{Task: m.task.Name, Threads: cell.Threads, Repeat: 1, Peak: true})
		w.Stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			cell.Peak = reply.Peak
		}
	}
	return nil
}

// tell writes a line of progress.
func (m *match) tell() {
	fmt.Fprintf(m.log, "  %s:", m.task.Name)
	for _, c := range m.line.Cells {
		switch {
		case len(c.Seconds) > 0:
			fmt.Fprintf(m.log, " %s/%d %s s", c.Side, c.Threads, page.Figure(page.Of(c.Seconds).Median))
		case c.State != absent:
			fmt.Fprintf(m.log, " %s/%d %s", c.Side, c.Threads, c.State)
		}
		if c.Verdict != nil && !c.Verdict.Holds {
			fmt.Fprintf(m.log, " [%s]", c.Verdict.Says)
		}
	}
	fmt.Fprintln(m.log)
}

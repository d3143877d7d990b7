package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"rummage/bench/edges"
	"rummage/bench/page"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

// errBits is returned when a kernel gave other bits in another round or on another number of threads.
var errBits = errors.New("not the same bits")

// turn is how long a turn lasts in seconds at least, unless it is repeated repeats times.
const (
	turn    = 0.1
	repeats = 20
)

// measurement is one run.
type measurement struct {
	options
	tasks  []trial.Task
	log    io.Writer
	points []point
}

// point is one task on one graph.
type point struct {
	graph        string
	nodes, edges int
	task         trial.Task
	// several and one are seconds by round, on all threads and on one.
	several, one []float64
	// peak is the greatest resident memory in bytes; 0 where nobody knows.
	peak int64
	// over tells that the limit was passed.
	over bool
}

// cost is nanoseconds an edge, of the median round.
func (p *point) cost(seconds []float64) float64 {
	return page.Of(seconds).Median / float64(p.edges) * 1e9
}

func (m *measurement) run(ctx context.Context) error {
	command, err := worker.Self(trial.Ours)
	if err != nil {
		return err
	}
	passed := map[string]bool{}
	for _, name := range strings.Split(m.graphs, ",") {
		g, err := edges.Make(ctx, m.out, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(m.log, "graph %s: %d nodes, %d edges\n", name, g.Nodes, g.Edges)
		w := worker.New(command, g.Folder, worker.Limits{Task: m.limit, Load: m.limit}, m.log)
		for _, task := range m.tasks {
			if passed[task.Name] {
				continue
			}
			p := point{graph: name, nodes: g.Nodes, edges: g.Edges, task: task}
			err := m.measure(ctx, w, &p)
			switch {
			case errors.Is(err, worker.ErrLimit):
				p.over, passed[task.Name] = true, true
			case err != nil:
				w.Stop()
				return err
			}
			m.points = append(m.points, p)
			m.tell(&p)
		}
		w.Stop()
	}
	return nil
}

// measure takes rounds in turns, and the memory after them.
func (m *measurement) measure(ctx context.Context, w *worker.Worker, p *point) error {
	first, err := w.Ask(ctx, worker.Question{Task: p.task.Name, Threads: m.threads, Repeat: 1})
	if err != nil {
		return err
	}
	repeat := max(1, min(repeats, int(turn/first.Seconds[0])))
	for range m.rounds {
		for _, way := range []struct {
			threads int
			seconds *[]float64
		}{{m.threads, &p.several}, {1, &p.one}} {
			reply, err := w.Ask(ctx, worker.Question{Task: p.task.Name, Threads: way.threads, Repeat: repeat})
			if err != nil {
				return err
			}
			if reply.Digest != first.Digest {
				return fmt.Errorf("%s on %s with %d threads: %w", p.task.Name, p.graph, way.threads, errBits)
			}
			*way.seconds = append(*way.seconds, page.Of(reply.Seconds).Median)
		}
	}
	reply, err := w.Ask(ctx, worker.Question{Task: p.task.Name, Threads: m.threads, Repeat: 1, Peak: true})
	p.peak = reply.Peak
	return err
}

func (m *measurement) tell(p *point) {
	if p.over {
		fmt.Fprintf(m.log, "  %s: more than %s\n", p.task.Name, m.limit)
		return
	}
	fmt.Fprintf(m.log, "  %s: %s ns an edge, %s on one thread\n", p.task.Name, page.Figure(p.cost(p.several)), page.Figure(p.cost(p.one)))
}

// markdown is the table, with the plot above it.
func (m *measurement) markdown() string {
	rows := [][]string{{"task", "edges", "nodes", fmt.Sprintf("s, %d threads", m.threads), "s, 1 thread",
		fmt.Sprintf("ns an edge, %d threads", m.threads), "1 thread", "× 1 thread", "peak MB"}}
	for _, task := range m.tasks {
		for i := range m.points {
			p := &m.points[i]
			if p.task.Name != task.Name {
				continue
			}
			row := []string{task.Title, strconv.Itoa(p.edges), strconv.Itoa(p.nodes)}
			if p.over {
				row = append(row, "> "+page.Figure(m.limit.Seconds()), "–", "–", "–", "–", "–")
			} else {
				gain, _ := page.Ratios(p.one, p.several)
				memory := "–"
				if p.peak > 0 {
					memory = page.Figure(float64(p.peak) / 1e6)
				}
				row = append(row, page.Figure(page.Of(p.several).Median), page.Figure(page.Of(p.one).Median),
					page.Figure(p.cost(p.several)), page.Figure(p.cost(p.one)), gain.String(), memory)
			}
			rows = append(rows, row)
		}
	}
	return fmt.Sprintf("![Cost per edge as the graph grows](%s)\n\n%s", m.plot, page.Table(rows))
}

// svg is the plot.
func (m *measurement) svg() string {
	plot := Plot{
		Title: "Cost per edge", X: "edges", Y: "ns an edge",
		Note: fmt.Sprintf("solid: %d threads, dashed: 1 thread", m.threads),
	}
	for _, task := range m.tasks {
		several, one := Series{Name: task.Title}, Series{Dashed: true}
		for i := range m.points {
			p := &m.points[i]
			if p.task.Name != task.Name || p.over {
				continue
			}
			x := float64(p.edges)
			several.Points = append(several.Points, [2]float64{x, p.cost(p.several)})
			one.Points = append(one.Points, [2]float64{x, p.cost(p.one)})
		}
		plot.Groups = append(plot.Groups, []Series{several, one})
	}
	return plot.SVG()
}

// decades returns the powers of ten around the range of positive numbers, as exponents.
func decades(least, most float64) (from, to int) {
	from, to = int(math.Floor(math.Log10(least))), int(math.Ceil(math.Log10(most)))
	if from == to {
		to++
	}
	return from, to
}

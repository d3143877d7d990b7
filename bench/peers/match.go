package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"rummage/bench/campaign"
	"rummage/bench/edges"
	"rummage/bench/page"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

const (
	// slow is from where the first turn, in which answers are written, counts as the first round; in seconds.
	slow = 2.0
	// doubt is how much longer than an aim asks for a peer gets, since our first turn tells only about how long ours takes.
	doubt = 1.2
)

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
	for round := range m.Rounds {
		for i := range m.line.Cells {
			// The order is rotated by one each round, so that everybody follows everybody's leftovers in the caches.
			cell := &m.line.Cells[(i+round)%len(m.line.Cells)]
			at := first[key{cell.Side, cell.Threads}]
			if cell.State != "" || len(cell.Seconds) > round || round >= m.Turns(at) {
				continue
			}
			if err := m.take(ctx, cell, campaign.Repeat(at)); err != nil {
				return err
			}
		}
	}
	for _, cell := range m.line.Cells {
		m.credit(&cell, m.field[cell.Side].Version())
	}
	return nil
}

// probe gives everybody a first turn, in which answers are written and compared, and returns how long it took.
func (m *match) probe(ctx context.Context) (map[key]float64, error) {
	first := map[key]float64{}
	var ours []float64
	for i := range m.line.Cells {
		cell := &m.line.Cells[i]
		if size, passed := m.passed[cell.Side+" "+m.task.Name]; passed && size <= m.line.size() {
			cell.State = spared
			continue
		}
		file := filepath.Join(m.Out, "answer.f64")
		limit := m.limit(cell.Side, first[key{trial.Ours, m.Threads}])
		reply, err := m.ask(ctx, cell, worker.Question{Task: m.task.Name, Threads: cell.Threads, Repeat: 1, Answer: file, Limit: limit})
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

// limit is how long a side may take for its first turn: up to the patience, where the limit is too short to tell whether the aim against
// it is reached.
func (m *match) limit(side string, ours float64) time.Duration {
	needed := time.Duration(m.task.Aim[side] * ours * doubt * float64(time.Second))
	if needed > m.patience {
		return m.Limit
	}
	return max(m.Limit, needed)
}

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

// take gives a side one turn. It has passed its first, so that only what fell far behind is stopped.
func (m *match) take(ctx context.Context, cell *Cell, repeat int) error {
	reply, err := m.ask(ctx, cell, worker.Question{Task: m.task.Name, Threads: cell.Threads, Repeat: repeat, Limit: 2 * m.Limit})
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
	if errors.Is(err, worker.ErrLimit) {
		cell.Limit = q.Limit.Seconds()
	}
	return reply, m.note(ctx, cell, err)
}

func (m *match) note(ctx context.Context, cell *Cell, err error) error {
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, worker.ErrLimit):
		cell.State = over
		m.pass(cell.Side, m.line)
	case errors.Is(err, worker.ErrAbsent):
		cell.State = absent
	default:
		cell.State, cell.Problem = failed, err.Error()
		fmt.Fprintln(m.log, err)
	}
	return nil
}

// weigh measures memory: every side in a process that loads the graph and does this task alone, once. Who passed the limit on a smaller
// graph, or passes it here, has none.
func (m *match) weigh(ctx context.Context) error {
	for i := range m.line.Cells {
		cell := &m.line.Cells[i]
		if size, passed := m.passed[cell.Side+" "+m.task.Name]; passed && size <= m.line.size() {
			cell.State = spared
			continue
		}
		w := worker.New(m.commands[i], m.input.Files.Folder, worker.Limits{Task: m.Limit, Load: 2*m.Limit + 5*time.Minute}, m.log)
		reply, err := w.Ask(ctx, worker.Question{Task: m.task.Name, Threads: cell.Threads, Repeat: 1, Peak: true, Limit: m.Limit})
		m.credit(cell, w.Version())
		w.Stop()
		if err := m.note(ctx, cell, err); err != nil {
			return err
		}
		cell.Peak = reply.Peak
	}
	return nil
}

// credit notes the version of a peer.
func (m *match) credit(cell *Cell, version string) {
	if version != "" && cell.Side != trial.Ours {
		m.line.Versions[cell.Side] = version
	}
}

// tell writes a line of progress.
func (m *match) tell() {
	fmt.Fprintf(m.log, "  %s, %.0f s:", m.task.Name, m.line.Took)
	for _, c := range m.line.Cells {
		switch {
		case len(c.Seconds) > 0:
			fmt.Fprintf(m.log, " %s/%d %s s", c.Side, c.Threads, page.Figure(page.Of(c.Seconds).Median))
		case c.Peak > 0:
			fmt.Fprintf(m.log, " %s %s MB", c.Side, page.Figure(float64(c.Peak)/1e6))
		case c.State != absent:
			fmt.Fprintf(m.log, " %s/%d %s", c.Side, c.Threads, c.State)
		}
		if c.Verdict != nil && !c.Verdict.Holds {
			fmt.Fprintf(m.log, " [%s]", c.Verdict.Says)
		}
	}
	fmt.Fprintln(m.log)
}

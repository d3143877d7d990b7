package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"rummage/bench/trial"
)

// Report is everything that one run found out, as peers.json tells it.
type Report struct {
	Day      string            `json:"day"`
	Machine  string            `json:"machine"`
	Go       string            `json:"go"`
	Threads  int               `json:"threads"`
	Igraph   int               `json:"igraph_threads"`
	Rounds   int               `json:"rounds"`
	Limit    float64           `json:"limit_seconds"`
	Versions map[string]string `json:"versions"`
	// Python says why there is no side in Python; empty where there is one.
	Python string `json:"python,omitempty"`
	Lines  []Line `json:"lines"`
}

// Line is one task on one graph.
type Line struct {
	Graph string `json:"graph"`
	Title string `json:"title"`
	Nodes int    `json:"nodes"`
	Edges int    `json:"edges"`
	Task  string `json:"task"`
	Cells []Cell `json:"cells"`
}

// Cell is what one side did at one task on one graph.
type Cell struct {
	Side    string `json:"side"`
	Threads int    `json:"threads"`
	// Seconds holds one time a round, the median where a round has several.
	Seconds []float64 `json:"seconds,omitempty"`
	// Peak is the greatest resident memory in bytes, of a process that has the graph and does this task alone; 0 where not known.
	Peak int64 `json:"peak_bytes,omitempty"`
	// State is empty when there are times.
	State string `json:"state,omitempty"`
	// Problem is what a side said that failed.
	Problem string `json:"problem,omitempty"`
	// Verdict is that of the check against our answer; of our own, whether all rounds and threads gave the same bits.
	Verdict *trial.Verdict `json:"verdict,omitempty"`
	digest  string
}

// States of a cell.
const (
	// over: the limit was passed.
	over = "over"
	// spared: the limit was passed on a smaller graph already.
	spared = "spared"
	// absent: the side has no such task, or none for a graph of this size.
	absent = "absent"
	// failed: the side said that it failed, or its process ended.
	failed = "failed"
)

// key tells sides apart, and ours by threads.
type key struct {
	side    string
	threads int
}

// cell returns that of a side; nil where there is none.
func (l *Line) cell(k key) *Cell {
	for i := range l.Cells {
		if l.Cells[i].Side == k.side && l.Cells[i].Threads == k.threads {
			return &l.Cells[i]
		}
	}
	return nil
}

// failed lists the checks that did not hold, and the failures of our own side.
func (r *Report) failed() []string {
	var all []string
	for i := range r.Lines {
		l := &r.Lines[i]
		for _, c := range l.Cells {
			if c.Verdict != nil && !c.Verdict.Holds {
				all = append(all, fmt.Sprintf("%s on %s, against %s on %d threads: %s", l.Task, l.Graph, c.Side, c.Threads, c.Verdict.Says))
			}
			if c.Side == trial.Ours && c.State == failed {
				all = append(all, fmt.Sprintf("%s on %s: %s", l.Task, l.Graph, c.Problem))
			}
		}
	}
	return all
}

// save writes peers.md and peers.json.
func (r *Report) save(folder, markdown string) error {
	if err := os.WriteFile(filepath.Join(folder, "peers.md"), []byte(markdown), 0o644); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "peers.json"), append(text, '\n'), 0o644)
}

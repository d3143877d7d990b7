package main

import (
	"cmp"
	"fmt"
	"slices"

	"rummage/bench/campaign"
	"rummage/bench/trial"
)

// Report is what the ledger has under one stamp.
type Report struct {
	campaign.Stamp
	// Days are the dates of the contests, in words.
	Days   string
	Igraph int
	// Python says why there is no side in Python; empty where there is one.
	Python string
	// Lines are in order of the size of their graphs.
	Lines []Line
}

// Line is one task on one graph.
type Line struct {
	Graph string `json:"graph"`
	Title string `json:"title"`
	Nodes int    `json:"nodes"`
	Edges int    `json:"edges"`
	Task  string `json:"task"`
	// Rounds, Limit and Share are what was asked for: rounds, seconds a turn, seconds for all turns of a side.
	Rounds int     `json:"rounds"`
	Limit  float64 `json:"limit_seconds"`
	Share  float64 `json:"share_seconds"`
	// Igraph is the number of its threads.
	Igraph int `json:"igraph_threads"`
	// Took is how many seconds all of it took.
	Took     float64           `json:"took_seconds"`
	Versions map[string]string `json:"versions"`
	Cells    []Cell            `json:"cells"`
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
	// Limit is after how many seconds the side was stopped.
	Limit float64 `json:"limit_seconds,omitempty"`
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

// newReport puts what is kept under one stamp together, as far as igraph had so many threads.
func newReport(entries []campaign.Entry[Line], stamp campaign.Stamp, igraph int) *Report {
	entries = slices.DeleteFunc(entries, func(e campaign.Entry[Line]) bool { return e.Result.Igraph != igraph })
	r := &Report{Stamp: stamp, Days: campaign.Days(entries), Igraph: igraph}
	for _, e := range entries {
		r.Lines = append(r.Lines, e.Result)
	}
	slices.SortStableFunc(r.Lines, func(a, b Line) int { return cmp.Or(cmp.Compare(a.size(), b.size()), cmp.Compare(a.Graph, b.Graph)) })
	return r
}

// size is what says whether a graph is larger than another.
func (l *Line) size() float64 { return float64(l.Nodes) * float64(l.Edges) }

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

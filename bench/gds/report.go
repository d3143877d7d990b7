package main

import (
	"fmt"
	"slices"
	"strings"

	"rummage/bench/campaign"
	"rummage/bench/page"
	"rummage/bench/trial"
)

// Line is one task on one graph.
type Line struct {
	Graph string `json:"graph"`
	Title string `json:"title"`
	Nodes int    `json:"nodes"`
	Edges int    `json:"edges"`
	Task  string `json:"task"`
	// Rounds and Share are what was asked for: rounds, and seconds for all turns of a side.
	Rounds  int     `json:"rounds"`
	Share   float64 `json:"share_seconds"`
	Sources int     `json:"sources"`
	Library string  `json:"library"`
	Server  string  `json:"server"`
	// Ours and Theirs are seconds by round.
	Ours    []float64     `json:"rummage_seconds"`
	Theirs  []float64     `json:"gds_seconds"`
	Verdict trial.Verdict `json:"verdict"`
}

// report is what the ledger has of one graph under one stamp.
type report struct {
	campaign.Stamp
	days  string
	lines []Line
}

func newReport(entries []campaign.Entry[Line], stamp campaign.Stamp, graph string) *report {
	entries = slices.DeleteFunc(entries, func(e campaign.Entry[Line]) bool { return e.Result.Graph != graph })
	r := &report{Stamp: stamp, days: campaign.Days(entries)}
	for _, t := range all() {
		for _, e := range entries {
			if e.Result.Task == t.name {
				r.lines = append(r.lines, e.Result)
			}
		}
	}
	return r
}

func (r *report) markdown() string {
	if len(r.lines) == 0 {
		return r.days + "; " + r.Stamp.String() + "\n"
	}
	var versions []string
	for _, l := range r.lines {
		if v := fmt.Sprintf("Graph Data Science %s on %s", l.Library, l.Server); !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
	}
	first := r.lines[0]
	text := fmt.Sprintf("%s; %s; beside %s. Graph: %s, %d edges, weighted. Both have %d threads. Interleaved rounds after one to warm up; fewer "+
		"where all of a side's would take more than %s s. Seconds are medians of the computation alone, the library's as it says itself; its graph is "+
		"projected from the parameters of a query. Of betweenness a turn has %d sources, without weights. A ratio is the median of the rounds, "+
		"with the least and the greatest.\n\n", r.days, r.Stamp, strings.Join(versions, ", "), first.Title, first.Edges, r.Threads,
		page.Figure(first.Share), first.Sources)
	rows := [][]string{{"task", "s, rummage", "s, GDS", "× GDS", "rounds", "aim", "", "answers"}}
	for i := range r.lines {
		l := &r.lines[i]
		t := l.task()
		rows = append(rows, []string{t.title, page.Figure(page.Of(l.Ours).Median), page.Figure(page.Of(l.Theirs).Median), l.ratio().String(),
			fmt.Sprint(len(l.Theirs)), page.Figure(t.aim), verdict(l.ratio().Median, t.aim), said(l.Verdict)})
	}
	return text + page.Table(rows)
}

// ratio is how many times as long the library takes.
func (l *Line) ratio() page.Spread {
	s, _ := page.Ratios(l.Theirs, l.Ours)
	return s
}

// task is that of the line.
func (l *Line) task() task {
	table := all()
	return table[slices.IndexFunc(table, func(t task) bool { return t.name == l.Task })]
}

func verdict(ratio, aim float64) string {
	if ratio >= aim {
		return "reached"
	}
	return "missed"
}

func said(v trial.Verdict) string {
	if v.Holds {
		return v.Says
	}
	return "**fails**: " + v.Says
}

// failed lists the checks that did not hold.
func (r *report) failed() []string {
	var texts []string
	for _, l := range r.lines {
		if !l.Verdict.Holds {
			texts = append(texts, l.Task+": "+l.Verdict.Says)
		}
	}
	return texts
}

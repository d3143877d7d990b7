package main

import (
	"fmt"
	"slices"

	"rummage/bench/page"
	"rummage/bench/trial"
)

// sparing are the greatest shares of a peer's memory that ours may take.
var sparing = map[string]float64{trial.Igraph: 0.5, trial.NetworKit: 1.2}

// Memory writes the report of memory: what was run where, the greatest memory of each side, and the shares that ours takes.
func (r *Report) Memory() string {
	text := r.origin() + fmt.Sprintf(". Greatest resident memory, MB, of a process that reads the edges, holds the graph and does one task, once; "+
		"rummage and NetworKit have %s. –: no such task on that side, or it was stopped after %s s. × is what rummage takes of what the other does; "+
		"the table ends with the middle, the least and the greatest.\n\n", threads(r.Threads), r.all(func(l *Line) float64 { return l.Limit }))
	return text + r.without() + r.graphs() + "\n" + page.Table(r.peaks()) + "\n" + page.Table(r.spared())
}

func (r *Report) peaks() [][]string {
	peers := r.peers()
	head := []string{"task", "graph", "rummage"}
	for _, p := range peers {
		head = append(head, titles[p.side])
	}
	for _, p := range peers {
		head = append(head, "× "+titles[p.side])
	}
	rows := [][]string{head}
	for _, l := range r.sorted() {
		row := []string{title(l.Task), l.Graph}
		for _, k := range append([]key{{trial.Ours, r.Threads}}, peers...) {
			text := "–"
			if c := l.cell(k); c != nil && c.Peak > 0 {
				text = page.Figure(float64(c.Peak) / 1e6)
			}
			row = append(row, text)
		}
		for _, p := range peers {
			text := "–"
			if x, ok := r.share(l, p); ok {
				text = page.Figure(x)
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return rows
}

// share is what part of the peer's memory ours takes.
func (r *Report) share(l *Line, peer key) (float64, bool) {
	ours, theirs := l.cell(key{trial.Ours, r.Threads}), l.cell(peer)
	if ours == nil || theirs == nil || ours.Peak == 0 || theirs.Peak == 0 {
		return 0, false
	}
	return float64(ours.Peak) / float64(theirs.Peak), true
}

// spared sums the shares up, and holds them against what they may be.
func (r *Report) spared() [][]string {
	rows := [][]string{{"against", "at most", "middle", "least", "greatest", "tasks above", ""}}
	for _, p := range r.peers() {
		var all []float64
		above := 0
		for _, l := range r.sorted() {
			if x, ok := r.share(l, p); ok {
				all = append(all, x)
				if x > sparing[p.side] {
					above++
				}
			}
		}
		if len(all) == 0 || sparing[p.side] == 0 {
			continue
		}
		verdict := "reached"
		if above > 0 {
			verdict = "reached in the middle"
		}
		if page.Of(all).Median > sparing[p.side] {
			verdict = "missed"
		}
		rows = append(rows, []string{titles[p.side], page.Figure(sparing[p.side]), page.Figure(page.Of(all).Median), page.Figure(slices.Min(all)),
			page.Figure(slices.Max(all)), fmt.Sprintf("%d of %d", above, len(all)), verdict})
	}
	return rows
}

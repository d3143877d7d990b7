package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"rummage/bench/campaign"
	"rummage/bench/page"
	"rummage/bench/trial"
	"rummage/chart"
)

// largest is the graph of 10^8 edges, and aims are what is to be reached on it: seconds by task on all threads, and bytes for all of them.
const (
	largest  = "e100m"
	mostPeak = 8 << 30
)

var aims = map[string]float64{"build": 3, "pagerank": 10, "louvain": 25, "leiden": 60}

// report is what the ledger has under one stamp.
type report struct {
	campaign.Stamp
	days string
	// points are by task, and from small graphs to large.
	points []Point
}

func newReport(entries []campaign.Entry[Point], stamp campaign.Stamp) *report {
	r := &report{Stamp: stamp, days: campaign.Days(entries)}
	place := map[string]int{}
	for i, task := range trial.Tasks() {
		place[task.Name] = i
	}
	for _, e := range entries {
		r.points = append(r.points, e.Result)
	}
	slices.SortStableFunc(r.points, func(a, b Point) int {
		return cmp.Or(cmp.Compare(place[a.Task], place[b.Task]), cmp.Compare(a.Edges, b.Edges), cmp.Compare(a.Graph, b.Graph))
	})
	return r
}

func title(task string) string {
	t, _ := trial.Find(task)
	return t.Title
}

// markdown is the plot, the table, and the aims where the largest graph was measured.
func (r *report) markdown() string {
	text := fmt.Sprintf("%s; %s. Seconds are medians of rounds in which both numbers of threads have their turn; peak is the greatest memory of "+
		"a process that holds the graph and does the task.\n\n![Cost per edge as the graph grows](scale.svg)\n\n", r.days, r.Stamp)
	rows := [][]string{{"task", "edges", "nodes", fmt.Sprintf("s, %d threads", r.Threads), "s, 1 thread",
		fmt.Sprintf("ns an edge, %d threads", r.Threads), "1 thread", "× 1 thread", "rounds", "peak MB"}}
	for i := range r.points {
		p := &r.points[i]
		row := []string{title(p.Task), strconv.Itoa(p.Edges), strconv.Itoa(p.Nodes)}
		if p.Over {
			row = append(row, "> "+page.Figure(p.Limit), "–", "–", "–", "–", "–", "–")
		} else {
			gain, _ := page.Ratios(p.One, p.Several)
			memory := "–"
			if p.Peak > 0 {
				memory = page.Figure(float64(p.Peak) / 1e6)
			}
			row = append(row, page.Figure(page.Of(p.Several).Median), page.Figure(page.Of(p.One).Median),
				page.Figure(p.cost(p.Several)), page.Figure(p.cost(p.One)), gain.String(), strconv.Itoa(len(p.Several)), memory)
		}
		rows = append(rows, row)
	}
	text += page.Table(rows)
	if rows := r.aims(); len(rows) > 1 {
		text += fmt.Sprintf("\n10^7 nodes and 10^8 edges, on %d threads:\n\n", r.Threads) + page.Table(rows)
	}
	return text
}

// aims holds what was measured on the largest graph against what is to be reached.
func (r *report) aims() [][]string {
	rows := [][]string{{"", "aim", "measured", ""}}
	peak := int64(0)
	for i := range r.points {
		p := &r.points[i]
		aim := aims[p.Task]
		if p.Graph != largest || aim == 0 {
			continue
		}
		measured, seconds := "> "+page.Figure(p.Limit), math.Inf(1)
		if !p.Over {
			seconds = page.Of(p.Several).Median
			measured = page.Figure(seconds)
		}
		rows = append(rows, []string{title(p.Task) + ", s", page.Figure(aim), measured, verdict(seconds, aim)})
		peak = max(peak, p.Peak)
	}
	if peak > 0 {
		rows = append(rows, []string{"greatest memory of these, GiB", page.Figure(mostPeak / (1 << 30)), page.Figure(float64(peak) / (1 << 30)),
			verdict(float64(peak), mostPeak)})
	}
	return rows
}

func verdict(measured, aim float64) string {
	if measured <= aim {
		return "reached"
	}
	return "missed"
}

// svg is the plot.
func (r *report) svg() string {
	plot := chart.Plot{
		Title: "Cost per edge", X: "edges", Y: "ns an edge",
		Note: fmt.Sprintf("solid: %d threads, dashed: 1 thread", r.Threads),
	}
	last := ""
	for i := range r.points {
		p := &r.points[i]
		if p.Task != last {
			plot.Groups = append(plot.Groups, []chart.Series{{Name: title(p.Task)}, {Dashed: true}})
			last = p.Task
		}
		if p.Over {
			continue
		}
		group := plot.Groups[len(plot.Groups)-1]
		group[0].Points = append(group[0].Points, [2]float64{float64(p.Edges), p.cost(p.Several)})
		group[1].Points = append(group[1].Points, [2]float64{float64(p.Edges), p.cost(p.One)})
	}
	return plot.SVG()
}

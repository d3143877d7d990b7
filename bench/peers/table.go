package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rummage/bench/page"
	"rummage/bench/trial"
)

// titles name the sides in tables.
var titles = map[string]string{trial.Ours: "rummage", trial.Igraph: "igraph", trial.NetworKit: "NetworKit", trial.Gonum: "gonum"}

// peers lists the sides other than ours that took part, in the order of the report.
func (r *Report) peers() []key {
	var all []key
	for _, l := range r.Lines {
		for _, c := range l.Cells {
			if k := (key{c.Side, c.Threads}); c.Side != trial.Ours && !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
	}
	return all
}

// Markdown writes the report of times: what was run where, the ratios, the aims, and what the checks said.
func (r *Report) Markdown() string {
	var text strings.Builder
	text.WriteString(r.preface())
	for _, part := range []struct {
		title string
		rows  [][]string
	}{
		{"How many times as long a peer takes as rummage on " + threads(r.Threads), r.ratios()},
		{"Aims: the least median ratio over the graphs, and the one on the largest", r.aims()},
		{"Answers held against each other", r.checks()},
	} {
		if len(part.rows) > 1 {
			text.WriteString("\n" + part.title + ":\n\n" + page.Table(part.rows))
		}
	}
	return text.String()
}

func (r *Report) preface() string {
	text := r.origin() + fmt.Sprintf(". %d interleaved rounds; a side that would take more than %s s for all of them at a task has fewer, and its cell "+
		"says how many. A turn has %s s, or longer where only that tells whether an aim is reached; \"> 60.0\" is what was stopped after so long. "+
		"Seconds are medians; a ratio is the median of the rounds, with the least and the greatest. NetworKit has %s, igraph %s, gonum one. "+
		"–: no such task on that side, or it was stopped on a smaller graph.\n\n",
		r.rounds(), r.all(func(l *Line) float64 { return l.Share }), r.all(func(l *Line) float64 { return l.Limit }),
		threads(r.Threads), threads(r.Igraph))
	return text + r.without() + r.graphs()
}

// origin says when, where and of what the figures are.
func (r *Report) origin() string {
	var said []string
	for _, side := range []string{trial.Igraph, trial.NetworKit, trial.Gonum} {
		for _, l := range r.Lines {
			if v := l.Versions[side]; v != "" && !slices.Contains(said, v) {
				said = append(said, v)
			}
		}
	}
	text := fmt.Sprintf("%s; %s", r.Days, r.Stamp)
	if len(said) > 0 {
		text += "; beside " + strings.Join(said, ", ")
	}
	return text
}

// without says why nobody in Python took part, if so.
func (r *Report) without() string {
	if r.Python == "" {
		return ""
	}
	return r.Python + "\n\n"
}

// graphs is the table of the graphs.
func (r *Report) graphs() string {
	rows := [][]string{{"graph", "", "nodes", "edges"}}
	for _, l := range r.Lines {
		if row := []string{l.Graph, l.Title, strconv.Itoa(l.Nodes), strconv.Itoa(l.Edges)}; !slices.ContainsFunc(rows, func(have []string) bool {
			return have[0] == l.Graph
		}) {
			rows = append(rows, row)
		}
	}
	return page.Table(rows)
}

// rounds is the greatest number that was asked for.
func (r *Report) rounds() int {
	most := 0
	for _, l := range r.Lines {
		most = max(most, l.Rounds)
	}
	return most
}

// all lists the values of lines, from the least to the greatest.
func (r *Report) all(of func(*Line) float64) string {
	var values []float64
	for i := range r.Lines {
		values = append(values, of(&r.Lines[i]))
	}
	slices.Sort(values)
	var texts []string
	for _, x := range slices.Compact(values) {
		texts = append(texts, page.Figure(x))
	}
	return strings.Join(texts, " or ")
}

func threads(n int) string { return counted(n, "thread") }

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// sorted returns the lines by task, and within a task from small graphs to large.
func (r *Report) sorted() []*Line {
	var all []*Line
	for _, task := range trial.Tasks() {
		for i := range r.Lines {
			if r.Lines[i].Task == task.Name {
				all = append(all, &r.Lines[i])
			}
		}
	}
	return all
}

func title(task string) string {
	t, _ := trial.Find(task)
	return t.Title
}

// ratio is how many times as long the peer takes as ours.
func (r *Report) ratio(l *Line, peer key) (page.Spread, bool) {
	ours, theirs := l.cell(key{trial.Ours, r.Threads}), l.cell(peer)
	if ours == nil || theirs == nil {
		return page.Spread{}, false
	}
	return page.Ratios(theirs.Seconds, ours.Seconds)
}

func (r *Report) ratios() [][]string {
	peers := r.peers()
	head := []string{"task", "graph", "s, " + threads(r.Threads)}
	if r.Threads > 1 {
		head = append(head, "s, 1 thread")
	}
	for _, p := range peers {
		head = append(head, "s, "+titles[p.side])
	}
	for _, p := range peers {
		head = append(head, "× "+titles[p.side])
	}
	if r.Threads > 1 {
		head = append(head, "× 1 thread")
	}
	rows := [][]string{head}
	for _, l := range r.sorted() {
		row := []string{title(l.Task), l.Graph, r.seconds(l.cell(key{trial.Ours, r.Threads}))}
		if r.Threads > 1 {
			row = append(row, r.seconds(l.cell(key{trial.Ours, 1})))
		}
		for _, p := range peers {
			row = append(row, r.seconds(l.cell(p)))
		}
		for _, p := range peers {
			row = append(row, r.times(l, p))
		}
		if r.Threads > 1 {
			row = append(row, r.times(l, key{trial.Ours, 1}))
		}
		rows = append(rows, row)
	}
	return rows
}

func (r *Report) seconds(c *Cell) string {
	switch {
	case c == nil:
		return "–"
	case c.State == over:
		return "> " + page.Figure(c.Limit)
	case c.State == failed:
		return "failed"
	case len(c.Seconds) == 0:
		return "–"
	}
	text := page.Figure(page.Of(c.Seconds).Median)
	if n := len(c.Seconds); n < r.rounds() {
		text += ", " + counted(n, "round")
	}
	return text
}

// gain is a median ratio; a bound from below where the peer was stopped.
type gain struct {
	value float64
	bound bool
	graph string
}

func (g gain) String() string {
	if g.bound {
		return "> " + page.Figure(g.value)
	}
	return page.Figure(g.value)
}

// gains are the median ratios of a task against a peer, from the smallest graph to the largest.
func (r *Report) gains(task string, peer key) []gain {
	var all []gain
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Task != task {
			continue
		}
		ours, theirs := l.cell(key{trial.Ours, r.Threads}), l.cell(peer)
		if s, ok := r.ratio(l, peer); ok {
			all = append(all, gain{s.Median, false, l.Graph})
		} else if theirs != nil && theirs.State == over && ours != nil && len(ours.Seconds) > 0 {
			all = append(all, gain{theirs.Limit / page.Of(ours.Seconds).Median, true, l.Graph})
		}
	}
	return all
}

// times is a ratio as text.
func (r *Report) times(l *Line, peer key) string {
	if s, ok := r.ratio(l, peer); ok {
		return s.String()
	}
	for _, g := range r.gains(l.Task, peer) {
		if g.graph == l.Graph {
			return g.String()
		}
	}
	return "–"
}

// aims compares the ratios with those that are to be reached.
func (r *Report) aims() [][]string {
	rows := [][]string{{"task", "against", "aim", "least", "on", "on the largest", ""}}
	for _, task := range trial.Tasks() {
		for _, peer := range r.peers() {
			aim, gains := task.Aim[peer.side], r.gains(task.Name, peer)
			if aim == 0 || len(gains) == 0 {
				continue
			}
			least := slices.MinFunc(gains, func(a, b gain) int { return cmp.Compare(a.value, b.value) })
			last := gains[len(gains)-1]
			rows = append(rows, []string{task.Title, titles[peer.side], page.Figure(aim), least.String(), least.graph,
				last.String() + " " + last.graph, reached(aim, least, last)})
		}
	}
	return rows
}

func reached(aim float64, least, last gain) string {
	switch {
	case least.value >= aim:
		return "reached"
	case last.value >= aim:
		return "reached on the largest"
	case last.bound:
		return "open: the limit is too low to tell"
	}
	return "missed"
}

func (r *Report) checks() [][]string {
	head := []string{"task", "graph"}
	for _, p := range r.peers() {
		head = append(head, titles[p.side])
	}
	rows := [][]string{head}
	for _, l := range r.sorted() {
		row := []string{title(l.Task), l.Graph}
		known := false
		for _, p := range r.peers() {
			text := "–"
			if c := l.cell(p); c != nil && c.Verdict != nil {
				text, known = c.Verdict.Says, true
				if !c.Verdict.Holds {
					text = "**fails**: " + text
				}
			}
			row = append(row, text)
		}
		if known {
			rows = append(rows, row)
		}
	}
	return rows
}

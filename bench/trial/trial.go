// Package trial is the table of what is compared: each task with the function that does it on our side, the one of gonum, and how
// answers are held against each other. The functions of igraph and NetworKit stand in peers.py beside it, under the same names.
//
// A new task is one line of Tasks and one function a side. A side that has no function for a task is left out of it.
//
// The package must know neither processes nor the clock: who calls a side, and how long it took, is for others.
package trial

import (
	"context"
	"math"

	"rummage/algo/csr"
	"rummage/bench/edges"
)

// Input is a graph as one side holds it in memory.
type Input struct {
	Files *edges.Graph
	Graph *csr.Graph // ours; nil on the side of gonum
	gonum peerGraphs
}

// Answer turns what a run left into numbers that every side writes alike. It is not timed.
type Answer func() []float64

// Run is the part that is timed.
type Run func(ctx context.Context, threads int) (Answer, error)

// Side makes a run ready: whatever a user has before asking, such as the graph without weights, is made here and not timed.
type Side func(in *Input) (Run, error)

// Task is one line of the comparison.
type Task struct {
	Name, Title string
	// Reach is the greatest number of nodes times edges, Nodes that of nodes, for which the task is tried; 0 sets no limit.
	Reach float64
	// Few is the greatest number of nodes for which gonum is asked; 0 sets no limit. It guards the memory of the machine.
	Few int
	// Bare says that our side makes do without Input.Graph.
	Bare bool
	Ours Side
	// Gonum may be nil.
	Gonum Side
	Check Check
	// Aim is the ratio to reach against each peer.
	Aim map[string]float64
}

// Names of the sides.
const (
	Ours      = "rummage"
	Igraph    = "igraph"
	NetworKit = "networkit"
	Gonum     = "gonum"
)

// heavy limits what takes a search from every node.
const heavy = 1e10

// allPairs is the greatest number of nodes for which gonum is asked for a table of all pairs, 32 bytes each and more.
const allPairs = 8192

// Tasks is the table, in the order of the report.
func Tasks() []Task {
	return []Task{
		{Name: "build", Title: "graph from an edge list", Bare: true, Ours: oursBuild, Gonum: gonumBuild, Check: Equal,
			Aim: map[string]float64{Igraph: 40, NetworKit: 3, Gonum: 150}},
		{Name: "pagerank", Title: "PageRank to 1e-10", Ours: oursPageRank, Gonum: gonumPageRank, Check: Walks,
			Aim: map[string]float64{Igraph: 3.5, NetworKit: 3, Gonum: 30}},
		{Name: "walks", Title: "personalised PageRank, 8 seed sets", Ours: oursWalks, Check: Walks,
			Aim: map[string]float64{Igraph: 5}},
		{Name: "louvain", Title: "Louvain", Ours: oursLouvain, Gonum: gonumLouvain, Check: Division,
			Aim: map[string]float64{Igraph: 12, NetworKit: 1.8, Gonum: 5000}},
		{Name: "leiden", Title: "Leiden, 2 passes", Ours: oursLeiden, Check: Division,
			Aim: map[string]float64{Igraph: 4, NetworKit: 1.5}},
		{Name: "update", Title: "communities after a change of 0.1 % of the edges, beside Leiden, 2 passes", Ours: oursUpdate, Check: Followed,
			Aim: map[string]float64{Igraph: 200}},
		{Name: "betweenness", Title: "betweenness, exact", Reach: heavy, Ours: oursBetweenness, Gonum: gonumBetweenness, Check: Exact,
			Aim: map[string]float64{Igraph: 2, NetworKit: 3, Gonum: 90}},
		{Name: "lengths", Title: "betweenness with lengths, exact", Reach: heavy / 3, Few: allPairs, Ours: oursLengths, Gonum: gonumLengths,
			Check: Greatest, Aim: map[string]float64{Igraph: 2, NetworKit: 3, Gonum: 90}},
		{Name: "sampled", Title: "betweenness, sampled to 0.01", Ours: oursSampled, Check: Sampled,
			Aim: map[string]float64{NetworKit: 2}},
		{Name: "harmonic", Title: "harmonic centrality, exact", Reach: heavy, Few: allPairs, Ours: oursHarmonic, Gonum: gonumHarmonic,
			Check: Exact, Aim: map[string]float64{Igraph: 20, NetworKit: 60, Gonum: 1000}},
		{Name: "components", Title: "weak components", Ours: oursComponents, Gonum: gonumComponents, Check: Parts,
			Aim: map[string]float64{Igraph: 10, NetworKit: 4}},
		{Name: "cores", Title: "core numbers", Ours: oursCores, Gonum: gonumCores, Check: Equal,
			Aim: map[string]float64{Igraph: 2, NetworKit: 2}},
		{Name: "cuts", Title: "articulation points", Ours: oursCuts, Check: Equal,
			Aim: map[string]float64{Igraph: 3}},
		{Name: "clustering", Title: "triangles and clustering", Ours: oursClustering, Check: Exact},
	}
}

// Tries tells whether the task is tried on a graph of this size.
func (t *Task) Tries(nodes, edges int) bool {
	return t.Reach == 0 || float64(nodes)*float64(edges) <= t.Reach
}

// Side returns the function of one of the two sides in Go; nil where it has none for this graph.
func (t *Task) Side(name string, nodes int) Side {
	switch {
	case name == Ours:
		return t.Ours
	case name == Gonum && (t.Few == 0 || nodes <= t.Few):
		return t.Gonum
	}
	return nil
}

// Names lists the names of the tasks.
func Names() []string {
	var all []string
	for _, t := range Tasks() {
		all = append(all, t.Name)
	}
	return all
}

// Find returns the task of the given name.
func Find(name string) (Task, bool) {
	for _, t := range Tasks() {
		if t.Name == name {
			return t, true
		}
	}
	return Task{}, false
}

// numbers turns whole numbers into an answer.
func numbers(whole []uint32) []float64 {
	all := make([]float64, len(whole))
	for i, n := range whole {
		all[i] = float64(n)
	}
	return all
}

// marks is an answer that is 1 at the given nodes and 0 at all others.
func marks(order int, nodes []uint32) []float64 {
	all := make([]float64, order)
	for _, u := range nodes {
		all[u] = 1
	}
	return all
}

// census is the answer of a build: nodes, edges, and the weight of all edges, rounded so that no order of adding shows.
func census(nodes, edges int, weight float64) []float64 {
	return []float64{float64(nodes), float64(edges), math.Round(weight)}
}

package flag

import (
	"slices"
	"time"

	"rummage/graph"
)

// Ruling is what a person decided last about where the work on a network stands: open, cleared or confirmed.
type Ruling struct {
	Network graph.ID      `json:"network"` // that it was said about
	Kind    graph.Verdict `json:"kind"`
	Author  string        `json:"author"`
	Time    time.Time     `json:"time"` // UTC

	seq int64
}

func (r *Ruling) cleared() bool { return r != nil && r.Kind == graph.Cleared }

// rulings are the last words on networks, of decisions in the order of saying.
func rulings(decisions []graph.Decision) map[graph.ID]*Ruling {
	last := make(map[graph.ID]*Ruling)
	for i := range decisions {
		d := &decisions[i]
		switch d.Kind {
		case graph.Open, graph.Cleared, graph.Confirmed:
			last[d.Subject] = &Ruling{Network: d.Subject, Kind: d.Kind, Author: d.Author, Time: d.Time.UTC(), seq: d.Seq}
		}
	}
	return last
}

// Rule puts to each network the last of the decisions about it, which are given in the order of saying, or else the one that it
// inherited; and those that are cleared and no news to the end of the list. What is news follows from decisions that were made
// before the run alone.
func (r *Result) Rule(decisions []graph.Decision) {
	last := rulings(decisions)
	for i := range r.Networks {
		n := &r.Networks[i]
		if n.Decision = last[n.ID]; n.Decision == nil {
			n.Decision = n.Inherited
		}
	}
	place := func(n *Network) int {
		if n.Decision.cleared() && !n.Alerting() {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(r.Networks, func(a, b Network) int { return place(&a) - place(&b) })
}

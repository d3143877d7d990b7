package flag

import (
	"slices"
	"time"

	"rummage/graph"
)

// Ruling is what a person decided last about where the work on a network stands: open, cleared or confirmed.
type Ruling struct {
	Kind   graph.Verdict `json:"kind"`
	Author string        `json:"author"`
	Time   time.Time     `json:"time"` // UTC
}

// Rule puts to each network the last of the decisions about it, which are given in the order of saying, and those that are cleared to
// the end of the list. Nothing else about a result depends on what was decided about a network.
func (r *Result) Rule(decisions []graph.Decision) {
	last := make(map[graph.ID]*Ruling)
	for i := range decisions {
		d := &decisions[i]
		switch d.Kind {
		case graph.Open, graph.Cleared, graph.Confirmed:
			last[d.Subject] = &Ruling{Kind: d.Kind, Author: d.Author, Time: d.Time.UTC()}
		}
	}
	for i := range r.Networks {
		r.Networks[i].Decision = last[r.Networks[i].ID]
	}
	place := func(n *Network) int {
		if n.Decision != nil && n.Decision.Kind == graph.Cleared {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(r.Networks, func(a, b Network) int { return place(&a) - place(&b) })
}

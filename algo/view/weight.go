package view

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
)

// Weight says how much one kind of edge weighs: Beta * f(n) / max(d_u, d_v)^Exponent, where d is the number of distinct ties
// of a node, all kinds of the view together. Damping by degree keeps hubs from carrying everything to everyone.
type Weight struct {
	Beta     float64 `json:"beta"`
	Exponent float64 `json:"exponent"`
}

// Weights gives each kind of edge its weight. A kind left out weighs nothing.
type Weights struct {
	Edges map[Edge]Weight `json:"edges"`

	// Log takes f(n) = log(1+n) for the n consignments that make a tie, instead of 1. Ties made of links have f = 1 always.
	Log bool `json:"log"`

	// Apart leaves ties to forwarders out of d, but for the weight of such ties themselves: who takes on one more forwarder is no less
	// close to its partners for that, and theirs to each other.
	Apart bool `json:"apart,omitempty"`
}

// DefaultWeights are those of the second study with forwarders apart: ties count once, and an identifier weighs six partners.
func DefaultWeights() Weights {
	w := SecondWeights()
	w.Apart = true
	return w
}

// SecondWeights are those of the second study, kept to compare with.
func SecondWeights() Weights {
	return Weights{Edges: map[Edge]Weight{
		Partner:    {Beta: 1, Exponent: 1.25},
		Identifier: {Beta: 6, Exponent: 0.5},
		Forwarder:  {Beta: 1, Exponent: 1},
		Port:       {Beta: 0.1, Exponent: 1},
	}}
}

// FirstWeights are those of the first study, kept to compare with.
func FirstWeights() Weights {
	return Weights{Log: true, Edges: map[Edge]Weight{
		Partner:    {Beta: 1, Exponent: 1},
		Identifier: {Beta: 3, Exponent: 1},
		Forwarder:  {Beta: 0.3, Exponent: 1},
		Port:       {Beta: 0.1, Exponent: 1},
	}}
}

// EqualWeights give every tie of the default kinds weight 1.
func EqualWeights() Weights {
	return Weights{Edges: map[Edge]Weight{Partner: {1, 0}, Identifier: {1, 0}, Forwarder: {1, 0}, Port: {1, 0}}}
}

// Kinds lists the kinds that weigh something, in their fixed order.
func (w *Weights) Kinds() []Edge {
	var kinds []Edge
	for e := range Edge(edgeCount) {
		if w.Edges[e].Beta > 0 {
			kinds = append(kinds, e)
		}
	}
	return kinds
}

// Check refuses weights that no walk can use.
func (w *Weights) Check() error {
	for e := range Edge(edgeCount) {
		weight, given := w.Edges[e]
		switch {
		case !given:
		case !(weight.Beta >= 0 && weight.Beta <= 1e9):
			return fmt.Errorf("view: weight of %s: beta %g: want 0 to 1e9", e, weight.Beta)
		case !(weight.Exponent >= 0 && weight.Exponent <= 4):
			return fmt.Errorf("view: weight of %s: exponent %g: want 0 to 4", e, weight.Exponent)
		}
	}
	if len(w.Kinds()) == 0 {
		return fmt.Errorf("view: weights: no kind of edge weighs anything")
	}
	return nil
}

// Weigh returns the view's graph with weights. It shares everything else with Ties. Cost O(edges).
func (v *View) Weigh(ctx context.Context, threads int, weights Weights) (*csr.Graph, error) {
	if err := weights.Check(); err != nil {
		return nil, err
	}
	var damp [edgeCount][]float64
	var linked [edgeCount]bool
	all, apart := v.degrees(weights.Apart)
	for _, e := range weights.Kinds() {
		damp[e] = make([]float64, len(v.IDs))
		degree := apart
		if e == Forwarder {
			degree = all
		}
		for u := range damp[e] {
			damp[e][u] = math.Pow(float64(degree[u]), weights.Edges[e].Exponent)
		}
	}
	for _, rule := range rules {
		linked[rule.Edge] = rule.Shape == Linked
	}
	weighed, err := v.Ties.Reweight(ctx, threads, func(a csr.Arc) float64 {
		d := damp[a.Type]
		if d == nil {
			return 0
		}
		f := 1.0
		n := float64(a.Count)
		if v.Decay > 0 {
			n = a.Weight
		}
		switch {
		case weights.Log && !linked[a.Type]:
			f = math.Log1p(n)
		case v.Decay > 0:
			f = min(1, n)
		}
		w := weights.Edges[Edge(a.Type)].Beta * f / max(d[a.From], d[a.To])
		if w < csr.LeastWeight {
			return 0
		}
		return w
	})
	if err != nil {
		return nil, fmt.Errorf("view: weigh: %w", err)
	}
	return weighed, nil
}

// degrees counts the ties of every node, and those but to forwarders where these stand apart.
func (v *View) degrees(apart bool) (all, others []uint32) {
	all = make([]uint32, len(v.IDs))
	for u := range all {
		all[u] = uint32(v.Ties.Degree(uint32(u)))
	}
	if !apart {
		return all, all
	}
	others = make([]uint32, len(v.IDs))
	for u := range others {
		for _, kind := range v.Ties.Types(uint32(u)) {
			if Edge(kind) != Forwarder {
				others[u]++
			}
		}
	}
	return all, others
}

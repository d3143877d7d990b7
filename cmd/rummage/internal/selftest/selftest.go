// Package selftest sees whether this machine computes rightly: it runs the
// kernels on small published networks that lie in the binary and compares every
// figure with one that somebody else computed, and it holds them against the
// Graph Data Science library of a Neo4j server.
//
// It must not know how a finding is printed, nor anything of a store.
package selftest

import (
	"context"
	"errors"
	"fmt"
	"math"

	"rummage/cmd/rummage/internal/output"
)

// Tolerance is how far a figure may be from the known one: as it stands where
// that is at most 1, in proportion where it is greater.
const Tolerance = 1e-9

// Check is one measure of one network: the figure that is furthest from the
// known one. Where none differs it is the greatest.
type Check struct {
	Graph      string       `json:"graph"`
	Nodes      int          `json:"nodes"`
	Edges      int          `json:"edges"`
	Measure    string       `json:"measure"`
	Values     int          `json:"values"`
	At         string       `json:"at"`
	Got        output.Score `json:"got"`
	Want       output.Score `json:"want"`
	Difference output.Score `json:"difference"`
	Tolerance  output.Score `json:"tolerance"`
	Agrees     bool         `json:"agrees"`
	Source     string       `json:"source"`
}

// Known runs every check, in well under a second. Errors are those of the
// context, and of files that the binary should hold and does not.
func Known(ctx context.Context, threads int) ([]Check, error) {
	k := known{threads: threads}
	for _, part := range []func(context.Context) ([]Check, error){k.karate, k.dolphins, k.union, k.phases, k.brokerage, k.trade, k.examples, k.together} {
		checks, err := part(ctx)
		if err != nil {
			return nil, fmt.Errorf("selftest: %w", err)
		}
		k.checks = append(k.checks, checks...)
	}
	return k.checks, nil
}

// measure is a figure for each of several things, beside the known ones.
type measure struct {
	name, source string
	got, want    []float64
	at           []string // what each is the figure of
}

var errLength = errors.New("not as many figures as are known")

// check finds the figure that is furthest off.
func (m measure) check(n *network) (Check, error) {
	if len(m.got) != len(m.want) || len(m.got) != len(m.at) || len(m.got) == 0 {
		return Check{}, fmt.Errorf("%s: %s: %w: %d, %d", n.name, m.name, errLength, len(m.got), len(m.want))
	}
	at, worst := furthest(m.got, m.want)
	return Check{
		Graph: n.name, Nodes: n.nodes, Edges: n.edges, Measure: m.name, Values: len(m.got), At: m.at[at],
		Got: output.Score(m.got[at]), Want: output.Score(m.want[at]), Difference: output.Score(worst), Tolerance: Tolerance,
		Agrees: worst <= Tolerance, Source: m.source,
	}, nil
}

// furthest is where two lists differ most, and by how much; where they do not,
// the place of the greatest figure. What is no number differs from everything.
func furthest(got, want []float64) (at int, worst float64) {
	for i := range got {
		d := difference(got[i], want[i])
		if d > worst || d == worst && want[i] > want[at] {
			at, worst = i, d
		}
	}
	return at, worst
}

// difference is how far a figure is off, as Tolerance counts.
func difference(got, want float64) float64 {
	d := math.Abs(got-want) / max(1, math.Abs(want))
	if math.IsNaN(d) {
		return math.Inf(1)
	}
	return d
}

// checked makes checks of measures of one network.
func checked(n *network, measures []measure) ([]Check, error) {
	all := make([]Check, len(measures))
	for i, m := range measures {
		c, err := m.check(n)
		if err != nil {
			return nil, err
		}
		all[i] = c
	}
	return all, nil
}

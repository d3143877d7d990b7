package flag

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
	"rummage/algo/finding"
	"rummage/algo/propagate"
	"rummage/algo/structure"
)

// SeedRule says how much a trader's own hits count as a start of the walk.
type SeedRule uint8

const (
	// ShrunkenSeeds give an exporter with a hit 1, and an importer with h hits in n inspected consignments
	// max((h+b)/(n+1) - b, 0), b being the rate of hits over all: one hit among hundreds of clear inspections is hardly a start.
	ShrunkenSeeds SeedRule = iota
	// PlainSeeds give 1 to every trader with a hit.
	PlainSeeds
)

// Seeds returns where the walk of leads starts, one number a node. Entities listed or found in breach themselves start with 1.
// Service parties never start: what passes through their hands is not their doing.
func Seeds(t *finding.Trade, rule SeedRule) []float64 {
	return seedsBut(t, rule, func(uint32) bool { return false })
}

// seedsBut are the seeds had nothing been inspected of the importers that hidden says.
func seedsBut(t *finding.Trade, rule SeedRule, hidden func(importer uint32) bool) []float64 {
	seeds := make([]float64, t.Nodes)
	inspected, hits := make([]uint32, t.Nodes), make([]uint32, t.Nodes)
	c := &t.Consignments
	looked, hit := 0, 0
	for i := range c.Len() {
		if !c.Inspected[i] || c.Importer[i] != finding.None && hidden(c.Importer[i]) {
			continue
		}
		looked++
		if importer := c.Importer[i]; importer != finding.None {
			inspected[importer]++
			if c.Hit[i] {
				hits[importer]++
			}
		}
		if c.Hit[i] {
			hit++
			if exporter := c.Exporter[i]; exporter != finding.None {
				seeds[exporter] = 1
			}
		}
	}
	base := float64(hit) / float64(max(looked, 1))
	for v := range seeds {
		switch {
		case t.IsService(uint32(v)):
			seeds[v] = 0
		case t.IsListed(uint32(v)):
			seeds[v] = 1
		case hits[v] > 0 && rule == PlainSeeds:
			seeds[v] = 1
		case hits[v] > 0:
			h, n := float64(hits[v]), float64(inspected[v])
			seeds[v] = max(seeds[v], (h+base)/(n+1)-base)
		}
	}
	return seeds
}

// Exposure is how close every node is to the seeds, beyond what its place in the graph alone would make it.
type Exposure struct {
	Graph *csr.Graph
	Seeds []float64 // used: those of nodes with a tie, as handed in

	// Ratio is PPR(seeds)/PPR(everyone): 1 is what a node would have if hits were spread over all, 0 for a node without ties.
	Ratio []float64

	// Base is the walk from everyone that Ratio is divided by.
	Base []float64

	options propagate.Options
}

// Expose walks from the seeds and from everyone with the given damping. A seed without any tie exposes nobody, so it is left out
// rather than let it dilute the others; nodes without a tie take no part.
//
// The walk is linear in the seeds, so that every ratio is a sum of the seeds' shares. Cost: that of propagate.Walk, two vectors.
func Expose(ctx context.Context, g *csr.Graph, seeds []float64, opts propagate.Options) (*Exposure, error) {
	return ExposeAmong(ctx, g, seeds, nil, opts)
}

// Reached marks the nodes that ties lead to from a seed, whatever these weigh. Among them alone, who trades apart from all others moves
// nobody's ratio.
func Reached(ctx context.Context, g *csr.Graph, seeds []float64, threads int) ([]bool, error) {
	parts, err := structure.Weak(ctx, g, structure.Options{Threads: threads})
	if err != nil {
		return nil, fmt.Errorf("flag: exposure: %w", err)
	}
	holds, reached := make([]bool, len(parts.Size)), make([]bool, g.Order())
	for v, part := range parts.Of {
		holds[part] = holds[part] || seeds[v] > 0
	}
	for v, part := range parts.Of {
		reached[v] = holds[part]
	}
	return reached, nil
}

// ExposeAmong is Expose with the walk from everyone begun by those marked alone; nil marks all.
func ExposeAmong(ctx context.Context, g *csr.Graph, seeds []float64, among []bool, opts propagate.Options) (*Exposure, error) {
	e := &Exposure{Graph: g, Seeds: make([]float64, g.Order()), options: opts}
	everyone := make([]float64, g.Order())
	seeded := false
	for v := range everyone {
		if g.Strength(uint32(v)) > 0 {
			if among == nil || among[v] {
				everyone[v] = 1
			}
			e.Seeds[v] = seeds[v]
			seeded = seeded || seeds[v] > 0
		}
	}
	if !seeded {
		e.Ratio, e.Base = make([]float64, g.Order()), make([]float64, g.Order())
		return e, nil
	}
	exposed, err := propagate.Exposure(ctx, g, [][]float64{e.Seeds}, everyone, opts)
	if err != nil {
		return nil, fmt.Errorf("flag: exposure: %w", err)
	}
	e.Ratio, e.Base = exposed.Ratio[0], exposed.Walk.Scores[1]
	return e, nil
}

// Score joins an exposure ratio with a node's closeness: ln(0.3 + ratio) + kappa*closeness. With kappa = 0, the default for the field,
// it ranks as the ratio alone does.
func Score(ratio, closeness, kappa float64) float64 {
	return math.Log(leastExposure+ratio) + kappa*closeness
}

// leastExposure keeps the score of a node that no hit reaches finite, and tells small ratios hardly apart.
const leastExposure = 0.3

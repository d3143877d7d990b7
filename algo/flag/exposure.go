package flag

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
	"rummage/algo/finding"
	"rummage/algo/propagate"
	"rummage/algo/structure"
	"rummage/algo/view"
	"rummage/graph"
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
func Seeds(t *finding.Trade, rule SeedRule) []float64 { return seedsBut(t, rule, seedScope{}) }

// seedScope narrows what seeds are made of. The zero value takes all of it.
type seedScope struct {
	// hidden says of an importer that nothing of what was found on its consignments is known.
	hidden func(importer uint32) bool
	// weight of what was found on each consignment; nil: all alike.
	weight []float64
	// exporters is how far an exporter is shrunk as an importer is: its seed is what an importer's would be, to this power. 0 gives 1 to every
	// exporter with a hit.
	exporters float64
}

func (s *seedScope) of(i int) float64 {
	if s.weight == nil {
		return 1
	}
	return s.weight[i]
}

// seedsBut are the seeds by a part of what is known.
func seedsBut(t *finding.Trade, rule SeedRule, scope seedScope) []float64 {
	seeds := make([]float64, t.Nodes)
	inspected, hits := make([]float64, t.Nodes), make([]float64, t.Nodes) // of importers
	sold, caught := make([]float64, t.Nodes), make([]float64, t.Nodes)    // inspected and hits of exporters
	c := &t.Consignments
	looked, hit := 0, 0
	for i := range c.Len() {
		if !c.Inspected[i] || c.Importer[i] != finding.None && scope.hidden != nil && scope.hidden(c.Importer[i]) {
			continue
		}
		looked++
		if importer := c.Importer[i]; importer != finding.None {
			inspected[importer] += scope.of(i)
			if c.Hit[i] {
				hits[importer] += scope.of(i)
			}
		}
		if exporter := c.Exporter[i]; exporter != finding.None {
			sold[exporter] += scope.of(i)
			if c.Hit[i] {
				caught[exporter] += scope.of(i)
				seeds[exporter] = max(seeds[exporter], scope.of(i))
			}
		}
		if c.Hit[i] {
			hit++
		}
	}
	base := float64(hit) / float64(max(looked, 1))
	for v := range seeds {
		if seeds[v] > 0 && rule == ShrunkenSeeds {
			seeds[v] *= math.Pow(max(0, (caught[v]+base)/(sold[v]+1)-base), scope.exporters)
		}
		switch {
		case t.IsService(uint32(v)):
			seeds[v] = 0
		case t.IsListed(uint32(v)):
			seeds[v] = 1
		case hits[v] > 0 && rule == PlainSeeds:
			seeds[v] = 1
		case hits[v] > 0:
			h, n := hits[v], inspected[v]
			seeds[v] = max(seeds[v], (h+base)/(n+1)-base)
		}
	}
	return seeds
}

// ages are how much what was found on each consignment counts, by the half-life of the settings: a consignment of the last day counts 1, one
// that states no day as much as the oldest. They are nil where outcomes do not fade.
func (s *Settings) ages(c *view.Consignments) []float64 {
	if s.SeedDecay == 0 {
		return nil
	}
	first, last := graph.NoDate, graph.NoDate
	for _, day := range c.Day {
		if day == graph.NoDate {
			continue
		}
		if first == graph.NoDate || day < first {
			first = day
		}
		last = max(last, day)
	}
	ages := make([]float64, len(c.Day))
	for i, day := range c.Day {
		if day == graph.NoDate {
			day = first
		}
		ages[i] = math.Exp2(-float64(last-day) / s.SeedDecay)
	}
	return ages
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
	walker  *propagate.Walker // over Graph
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
	e := &Exposure{Graph: g, Seeds: make([]float64, g.Order()), options: opts, walker: propagate.NewWalker(g)}
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

// against divides the walk from the seeds by one that those marked begin: what was found there as observed against expected, which takes
// out of exposure who it is that gets inspected.
func (e *Exposure) against(ctx context.Context, begin []bool, opts propagate.Options) ([]float64, error) {
	start := make([]float64, e.Graph.Order())
	some := false
	for v, is := range begin {
		if is && e.Graph.Strength(uint32(v)) > 0 {
			start[v], some = 1, true
		}
	}
	ratio := make([]float64, e.Graph.Order())
	if !some {
		return ratio, nil
	}
	walk, err := propagate.Walk(ctx, e.Graph, [][]float64{start}, opts)
	if err != nil {
		return nil, fmt.Errorf("flag: exposure: %w", err)
	}
	for v, expected := range walk.Scores[0] {
		if expected > 0 {
			ratio[v] = e.Ratio[v] * e.Base[v] / expected
		}
	}
	return ratio, nil
}

// Score joins an exposure ratio with a node's closeness: ln(0.3 + ratio) + kappa*closeness. With kappa = 0, the default for the field,
// it ranks as the ratio alone does.
func Score(ratio, closeness, kappa float64) float64 {
	return math.Log(leastExposure+ratio) + kappa*closeness
}

// leastExposure keeps the score of a node that no hit reaches finite, and tells small ratios hardly apart.
const leastExposure = 0.3

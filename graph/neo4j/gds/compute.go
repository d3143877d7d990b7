package gds

import (
	"context"
	"fmt"
	"math"
	"time"
)

// Values is one number a node.
type Values struct {
	Of   []float64
	Took time.Duration // of the computation, in whole milliseconds, as the library says
}

// Division is a division of the nodes.
type Division struct {
	Of         []uint32 // the part of every node; parts are numbered by their smallest member
	Parts      int
	Took       time.Duration
	Modularity float64 // as the library says; 0 for components
}

// Every computation leaves its result with the projection, since only so the
// library tells how long it took. It is read from there and taken away, so that
// the same can be computed again.
const (
	pageRank = `CALL gds.pageRank.mutate($name, {mutateProperty: 'rank', relationshipWeightProperty: 'weight', dampingFactor: $damping,
 tolerance: $tolerance, maxIterations: 10000, concurrency: $threads}) YIELD computeMillis, didConverge RETURN computeMillis, didConverge`
	readRank = "CALL gds.graph.nodeProperty.stream($name, 'rank') YIELD nodeId, propertyValue RETURN nodeId, propertyValue"

	components = `CALL gds.wcc.mutate($name, {mutateProperty: 'component', concurrency: $threads})
YIELD computeMillis RETURN computeMillis, 0.0`
	readComponents = "CALL gds.graph.nodeProperty.stream($name, 'component') YIELD nodeId, propertyValue RETURN nodeId, propertyValue"

	leiden = `CALL gds.leiden.mutate($name, {mutateProperty: 'community', relationshipWeightProperty: 'weight', maxLevels: 100, tolerance: 1e-9,
 randomSeed: $seed, concurrency: 1}) YIELD computeMillis, modularity RETURN computeMillis, modularity`
	readLeiden = "CALL gds.graph.nodeProperty.stream($name, 'community') YIELD nodeId, propertyValue RETURN nodeId, propertyValue"

	// Without a seed it is as the library does it by itself, and on all its threads.
	freeLeiden = `CALL gds.leiden.mutate($name, {mutateProperty: 'community', relationshipWeightProperty: 'weight', concurrency: $threads})
YIELD computeMillis, modularity RETURN computeMillis, modularity`

	louvain = `CALL gds.louvain.mutate($name, {mutateProperty: 'louvain', relationshipWeightProperty: 'weight', concurrency: $threads})
YIELD computeMillis, modularity RETURN computeMillis, modularity`
	readLouvain = "CALL gds.graph.nodeProperty.stream($name, 'louvain') YIELD nodeId, propertyValue RETURN nodeId, propertyValue"

	betweenness = "CALL gds.betweenness.mutate($name, {mutateProperty: 'between', concurrency: $threads}) YIELD computeMillis RETURN computeMillis"
	sampled     = `CALL gds.betweenness.mutate($name, {mutateProperty: 'between', samplingSize: $sources, samplingSeed: $seed, concurrency: $threads})
YIELD computeMillis RETURN computeMillis`
	readBetweenness = "CALL gds.graph.nodeProperty.stream($name, 'between') YIELD nodeId, propertyValue RETURN nodeId, propertyValue"

	forget = "CALL gds.graph.nodeProperties.drop($name, [$property]) YIELD propertiesRemoved RETURN propertiesRemoved"
)

// PageRank is that of the weighted graph, iterated until no score changes by
// more than tolerance. The library's scores start from 1-damping a node: in a
// graph of n nodes they are n times those that start from (1-damping)/n, and
// what reaches a node without edges is lost.
func (p *Projection) PageRank(ctx context.Context, damping, tolerance float64) (Values, error) {
	first, err := p.compute(ctx, query{pageRank, p.with("damping", damping, "tolerance", tolerance, "threads", p.library.options.Threads)})
	if err != nil {
		return Values{}, err
	}
	if converged, _ := first[1].(bool); !converged {
		return Values{}, fmt.Errorf("gds: PageRank did not reach tolerance %g", tolerance)
	}
	return p.values(ctx, result{readRank, "rank"}, first)
}

// Betweenness counts, exactly and by number of edges, for every node the pairs
// that it lies between.
func (p *Projection) Betweenness(ctx context.Context) (Values, error) {
	first, err := p.compute(ctx, query{betweenness, p.with("threads", p.library.options.Threads)})
	if err != nil {
		return Values{}, err
	}
	return p.values(ctx, result{readBetweenness, "between"}, first)
}

// SampledBetweenness estimates the same from as many sources, drawn by a seed.
// It takes that part of the time which they are of all nodes.
func (p *Projection) SampledBetweenness(ctx context.Context, sources int, seed uint64) (Values, error) {
	first, err := p.compute(ctx, query{sampled, p.with("sources", int64(sources), "seed", int64(seed&math.MaxInt64), "threads", p.library.options.Threads)})
	if err != nil {
		return Values{}, err
	}
	return p.values(ctx, result{readBetweenness, "between"}, first)
}

// Components divides the nodes into what hangs together.
func (p *Projection) Components(ctx context.Context) (Division, error) {
	first, err := p.compute(ctx, query{components, p.with("threads", p.library.options.Threads)})
	if err != nil {
		return Division{}, err
	}
	return p.division(ctx, result{readComponents, "component"}, first)
}

// Leiden divides the nodes of the weighted graph into communities of high
// modularity, on one thread, as a seed asks for.
func (p *Projection) Leiden(ctx context.Context, seed uint64) (Division, error) {
	first, err := p.compute(ctx, query{leiden, p.with("seed", int64(seed&math.MaxInt64))})
	if err != nil {
		return Division{}, err
	}
	return p.division(ctx, result{readLeiden, "community"}, first)
}

// LeidenUnseeded is Leiden as the library does it by itself, on its threads:
// another division every time.
func (p *Projection) LeidenUnseeded(ctx context.Context) (Division, error) {
	first, err := p.compute(ctx, query{freeLeiden, p.with("threads", p.library.options.Threads)})
	if err != nil {
		return Division{}, err
	}
	return p.division(ctx, result{readLeiden, "community"}, first)
}

// Louvain divides the nodes of the weighted graph into communities of high
// modularity, which need not be connected, by the library's own settings and on
// its threads.
func (p *Projection) Louvain(ctx context.Context) (Division, error) {
	first, err := p.compute(ctx, query{louvain, p.with("threads", p.library.options.Threads)})
	if err != nil {
		return Division{}, err
	}
	return p.division(ctx, result{readLouvain, "louvain"}, first)
}

// with lists parameters, the projection's name among them.
func (p *Projection) with(pairs ...any) map[string]any {
	all := map[string]any{"name": p.name}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		all[name] = pairs[i+1]
	}
	return all
}

// compute returns the one row that a computation answers with; its first value
// is the milliseconds it took.
func (p *Projection) compute(ctx context.Context, q query) ([]any, error) {
	found, err := p.library.rows(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("gds: a computation answered with %d rows", len(found))
	}
	return found[0].Values, nil
}

// result is what a computation left with the projection, and how it is read.
type result struct {
	text     string //cypher:text
	property string
}

// stream reads the result of a computation, one value a node, and takes it away.
func (p *Projection) stream(ctx context.Context, r result, put func(node int, value any) bool) error {
	found, err := p.library.rows(ctx, query{r.text, p.with()})
	if err != nil {
		return err
	}
	if _, err := p.library.rows(ctx, query{forget, p.with("property", r.property)}); err != nil {
		return err
	}
	if len(found) != p.nodes {
		return fmt.Errorf("gds: %d nodes, but %d values", p.nodes, len(found))
	}
	for _, row := range found {
		node, ok := row.Values[0].(int64)
		if !ok || node < 0 || int(node) >= p.nodes || !put(int(node), row.Values[1]) {
			return fmt.Errorf("gds: a result that makes no sense: node %v, value %v", row.Values[0], row.Values[1])
		}
	}
	return nil
}

func (p *Projection) values(ctx context.Context, r result, first []any) (Values, error) {
	v := Values{Of: make([]float64, p.nodes), Took: took(first)}
	err := p.stream(ctx, r, func(node int, value any) bool {
		switch value := value.(type) {
		case float64:
			v.Of[node] = value
		case int64:
			v.Of[node] = float64(value)
		default:
			return false
		}
		return true
	})
	return v, err
}

func (p *Projection) division(ctx context.Context, r result, first []any) (Division, error) {
	d := Division{Of: make([]uint32, p.nodes), Took: took(first)}
	d.Modularity, _ = first[1].(float64)
	labels := make([]int64, p.nodes)
	err := p.stream(ctx, r, func(node int, value any) bool {
		label, ok := value.(int64)
		labels[node] = label
		return ok
	})
	number := map[int64]uint32{}
	for node, label := range labels {
		if _, known := number[label]; !known {
			number[label] = uint32(len(number))
		}
		d.Of[node] = number[label]
	}
	d.Parts = len(number)
	return d, err
}

func took(first []any) time.Duration {
	millis, _ := first[0].(int64)
	return time.Duration(millis) * time.Millisecond
}

package csr

import (
	"context"
	"fmt"
	"iter"
	"math"
)

// Columns is a list of edges, one column a property. Weight, Type and Count may be nil; the others have the same length.
//
// The end points of an undirected edge may stand in either order.
type Columns struct {
	From, To []uint32
	Weight   []float64
	Type     []uint8
	Count    []uint32
}

// Parallel says what becomes of several edges between the same two nodes.
type Parallel uint8

const (
	// MergeParallel makes parallel edges of one type one edge: weights and counts are summed, weights in ascending order so that
	// the sum does not depend on the order of the input. Edges of different types stay apart.
	MergeParallel Parallel = iota
	// KeepParallel keeps every edge.
	KeepParallel
)

// Loops says what becomes of an edge from a node to itself.
type Loops uint8

const (
	// KeepLoops keeps self-loops, each as one arc.
	KeepLoops Loops = iota
	// DropLoops leaves them out.
	DropLoops
	// RefuseLoops makes Build return ErrLoop.
	RefuseLoops
)

// Options say how Build and Collect read edges.
type Options struct {
	// Nodes is the number of nodes. Every end point must be less.
	Nodes int
	// Directed keeps the direction of each edge, with rows for both ends.
	Directed bool
	// Parallel says what becomes of parallel edges; merged by default.
	Parallel Parallel
	// Loops says what becomes of self-loops; kept by default.
	Loops Loops
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change the result.
	Threads int
}

// Build makes a graph of a list of edges. The result depends on the set of edges and on Options, not on the order of the list,
// on the order of an undirected edge's ends, or on the number of threads.
//
// Every edge is dealt once, to the row of its smaller end or, in a directed graph, of its tail, into buckets of consecutive rows; each
// bucket is sorted by a radix sort within the cache of a core and its parallel edges are merged; the other arcs then follow by
// turning the rows, which needs no more sorting. Cost O(m) for m edges, O(p log p) for p edges between the same two nodes. Beside the
// list and the result it holds 12 bytes an edge, 28 with weights, and 22 with type and count; a cancelled context stops it in less
// than 100 ms, unless millions of edges join the same two nodes.
//
// Errors: ErrColumns, ErrNode, ErrWeight, ErrCount, ErrLoop, ErrSize, or that of a cancelled context. Of several faulty edges
// the first is named.
func Build(ctx context.Context, edges Columns, opts Options) (*Graph, error) {
	err := check(&edges, opts)
	var g *Graph
	if err == nil {
		a := &assembly{plan: newPlan(opts, edges.shape(), len(edges.From))}
		if err = a.take(ctx, &edges, 0); err == nil {
			g, err = a.graph(ctx)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("csr: build: %w", err)
	}
	return g, nil
}

// Collect is Build for edges that come in batches: the graph is that of all of them together, and the list of edges is never held as
// a whole. A batch may be used again by its maker once the next is asked for. The larger batches are, the better threads share
// them; from 10^5 edges on their number does not matter.
//
// All batches that hold edges must have the same columns. An error that comes with a batch ends it and is returned. Errors are
// otherwise those of Build, with edges numbered through all batches.
func Collect(ctx context.Context, batches iter.Seq2[Columns, error], opts Options) (*Graph, error) {
	var a *assembly
	var taken uint64
	var empty Columns
	number := 0
	for edges, err := range batches {
		if err == nil {
			err = check(&edges, opts)
		}
		if a == nil && err == nil && len(edges.From) > 0 {
			a = &assembly{plan: newPlan(opts, edges.shape(), max(8*opts.Nodes, len(edges.From)))}
		}
		if err == nil && len(edges.From) > 0 {
			err = a.batch(ctx, &edges, taken)
		}
		if err != nil {
			return nil, fmt.Errorf("csr: collect: batch %d: %w", number, err)
		}
		if number == 0 {
			empty = edges
		}
		taken += uint64(len(edges.From))
		number++
	}
	if a == nil {
		return Build(ctx, empty, opts)
	}
	g, err := a.graph(ctx)
	if err != nil {
		return nil, fmt.Errorf("csr: collect: %w", err)
	}
	return g, nil
}

// batch takes one batch more.
func (a *assembly) batch(ctx context.Context, edges *Columns, taken uint64) error {
	if edges.shape() != a.shape {
		return fmt.Errorf("%w: some batches have weights, types or counts that this one lacks, or lack what it has", ErrColumns)
	}
	if taken+uint64(len(edges.From)) > math.MaxUint32 {
		return fmt.Errorf("%w: more than %d edges", ErrSize, uint64(math.MaxUint32))
	}
	return a.take(ctx, edges, taken)
}

// check looks at what can be told without a look at the edges.
func check(edges *Columns, opts Options) error {
	m := len(edges.From)
	if opts.Nodes < 0 || uint64(opts.Nodes) > math.MaxUint32 {
		return fmt.Errorf("%w: %d nodes, and at most %d can be named", ErrSize, opts.Nodes, uint64(math.MaxUint32))
	}
	if uint64(m) > math.MaxUint32 {
		return fmt.Errorf("%w: %d edges, and at most %d can be named", ErrSize, m, uint64(math.MaxUint32))
	}
	for _, column := range []struct {
		name   string
		absent bool
		length int
	}{
		{"To", false, len(edges.To)},
		{"Weight", edges.Weight == nil, len(edges.Weight)},
		{"Type", edges.Type == nil, len(edges.Type)},
		{"Count", edges.Count == nil, len(edges.Count)},
	} {
		if !column.absent && column.length != m {
			return fmt.Errorf("%w: From has %d entries, %s has %d", ErrColumns, m, column.name, column.length)
		}
	}
	return nil
}

// usable tells whether w is a weight; NaN fails both comparisons.
func usable(w float64) bool { return w == 0 || (w >= LeastWeight && w <= GreatestWeight) }

// assembly is a graph on its way: edges are taken, settled, turned and laid.
type assembly struct {
	plan
	pools    []*pool
	segments []segment
	degree   []uint32 // of every row, settled arcs only
}

// graph makes the graph of all edges taken. The assembly is then spent.
func (a *assembly) graph(ctx context.Context) (*Graph, error) {
	if err := a.settle(ctx); err != nil {
		return nil, err
	}
	g := &Graph{order: a.opts.Nodes, directed: a.opts.Directed, simple: true}
	for b := range a.segments {
		g.size += len(a.segments[b].entries.to)
		g.simple = g.simple && !a.segments[b].parallel
	}
	if err := a.turn(ctx); err != nil {
		return nil, err
	}
	var err error
	if !a.opts.Directed {
		g.out, err = a.lay(ctx, true, true)
		g.in = g.out
		return g, err
	}
	if g.in, err = a.lay(ctx, true, false); err == nil {
		a.pools = nil
		g.out, err = a.lay(ctx, false, true)
	}
	return g, err
}

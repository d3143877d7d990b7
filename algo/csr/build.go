package csr

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr/crew"
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

// Options say how Build reads its columns.
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
// It works by a two-level radix sort: arcs are dealt into buckets of consecutive rows, then each bucket is sorted on its own.
// Cost O(m log d) for m edges and rows of length d; memory 12 bytes an arc beside the result, which exists twice for a moment.
//
// Errors: ErrColumns, ErrNode, ErrWeight, ErrCount, ErrLoop, ErrSize, or that of a cancelled context. Of several faulty edges
// the first is named.
func Build(ctx context.Context, edges Columns, opts Options) (*Graph, error) {
	if err := check(ctx, edges, opts); err != nil {
		return nil, err
	}
	return assemble(ctx, edges, opts)
}

// assemble is Build for columns that are known to be sound.
func assemble(ctx context.Context, edges Columns, opts Options) (*Graph, error) {
	g := &Graph{order: opts.Nodes, directed: opts.Directed}
	sorter := sorter{edges: edges, opts: opts}
	var err error
	var loops uint64
	if g.out, loops, err = sorter.rows(ctx, outward); err != nil {
		return nil, err
	}
	g.size = len(g.out.to)
	g.in = g.out
	if opts.Directed {
		if g.in, _, err = sorter.rows(ctx, inward); err != nil {
			return nil, err
		}
	} else {
		g.size = (len(g.out.to) + int(loops)) / 2
	}
	g.simple = g.out.distinct()
	return g, nil
}

// check looks at every edge before any memory is spent on it.
func check(ctx context.Context, edges Columns, opts Options) error {
	m := len(edges.From)
	if opts.Nodes < 0 || uint64(opts.Nodes) > math.MaxUint32 {
		return fmt.Errorf("csr: build: %w: %d nodes, and at most %d can be named", ErrSize, opts.Nodes, uint64(math.MaxUint32))
	}
	if uint64(m) > math.MaxUint32 {
		return fmt.Errorf("csr: build: %w: %d edges, and at most %d can be named", ErrSize, m, uint64(math.MaxUint32))
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
			return fmt.Errorf("csr: build: %w: From has %d entries, %s has %d", ErrColumns, m, column.name, column.length)
		}
	}
	pieces := crew.Cut(m, 1<<16)
	faults := make([]error, len(pieces)-1)
	err := crew.Run(ctx, opts.Threads, len(faults), func(_, piece int) {
		for e := pieces[piece]; e < pieces[piece+1] && faults[piece] == nil; e++ {
			faults[piece] = checkEdge(edges, e, opts)
		}
	})
	if err != nil {
		return fmt.Errorf("csr: build: %w", err)
	}
	for _, fault := range faults {
		if fault != nil {
			return fault
		}
	}
	return nil
}

func checkEdge(edges Columns, e int, opts Options) error {
	u, v := edges.From[e], edges.To[e]
	if uint64(max(u, v)) >= uint64(opts.Nodes) {
		return fmt.Errorf("csr: build: edge %d from %d to %d: %w: there are %d nodes", e, u, v, ErrNode, opts.Nodes)
	}
	if u == v && opts.Loops == RefuseLoops {
		return fmt.Errorf("csr: build: edge %d at node %d: %w", e, u, ErrLoop)
	}
	if edges.Weight != nil && !usable(edges.Weight[e]) {
		return fmt.Errorf("csr: build: edge %d from %d to %d: %w: %v is neither 0 nor from %g to %g",
			e, u, v, ErrWeight, edges.Weight[e], LeastWeight, GreatestWeight)
	}
	return nil
}

// usable tells whether w is a weight; NaN fails both comparisons.
func usable(w float64) bool { return w == 0 || (w >= LeastWeight && w <= GreatestWeight) }

func (r *rows) distinct() bool {
	for u := range len(r.offset) - 1 {
		row := window(r, r.to, uint32(u))
		for i := 1; i < len(row); i++ {
			if row[i] == row[i-1] {
				return false
			}
		}
	}
	return true
}

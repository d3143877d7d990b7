// Package block finds dense blocks: sets of nodes of two or more parts, traders and identifiers, or traders, shippers and consignees, that
// have far more to do with one another than their number would let one expect.
//
// It must not know what a part stands for; in particular, that a dense block is a suspicious one is for others to say.
package block

import (
	"context"
	"errors"
	"fmt"
	"math"

	"rummage/algo/csr"
)

// Errors of what is handed in.
var (
	// ErrColumns is returned for fewer than two columns of nodes, or columns of different lengths.
	ErrColumns = errors.New("columns do not fit")
	// ErrNode is returned for a node beyond the size of its part.
	ErrNode = errors.New("node out of range")
	// ErrWeight is returned for a weight or prior that is NaN, infinite or negative, or beyond csr.GreatestWeight.
	ErrWeight = errors.New("weight not usable")
	// ErrOption is returned for an option out of its range.
	ErrOption = errors.New("option out of range")
)

// Tuples is a list of what nodes do together, one column a part: row i says that the nodes Parts[0][i], Parts[1][i] and so on met. With
// two parts it is a bipartite graph.
type Tuples struct {
	// Parts holds a column of node numbers for each part; every part counts its nodes from 0 on.
	Parts [][]uint32
	// Sizes gives the number of nodes of each part.
	Sizes []int
	// Weight gives the weight of each row; nil means 1. Rows of the same nodes are one row whose weight is their sum.
	Weight []float64
}

// Options say what counts as dense. The zero value is usable.
type Options struct {
	// Damped lists the parts whose nodes lend a tuple less weight the more tuples they have: it is divided by log(x + Offset) for a node
	// with x different tuples. That makes camouflage useless: a tie to something popular adds next to nothing. Nil means every part but the
	// first; an empty list none.
	Damped []int
	// Offset is the c of log(x + c), at least 1. The default is 5.
	Offset float64
	// Prior gives what is held against single nodes beforehand, one column a part, on the scale of damped weights. Nil means nothing.
	Prior [][]float64
	// Blocks is how many blocks are looked for. The default is 1.
	Blocks int
	// Least is the density below which the search ends.
	Least float64
	// Progress, if set, is told after each block, and now and then between, how many nodes are peeled of how many.
	Progress func(done, total int)
}

// Defaults of Options.
const (
	DefaultOffset = 5
	DefaultBlocks = 1
)

// Found is a list of blocks and how it came about.
type Found struct {
	// Method names the algorithm; Damped, Offset and Least are what held.
	Method string
	Damped []int
	Offset float64
	Least  float64
	// Factor is the guarantee: the density of each block is at least this share of the greatest that any block has among the tuples that were left.
	Factor float64
	// Blocks are in the order of finding.
	Blocks []Block
}

// Block is a set of nodes.
type Block struct {
	// Members lists the nodes of each part in ascending order.
	Members [][]uint32
	// Tuples is the number of different tuples inside: all of their nodes are members. Mass is the sum of their damped weights and of the
	// members' priors, Density that divided by the number of members.
	Tuples        int
	Mass, Density float64
	// Bound is what no block among the tuples that were left can exceed in density, as seen while peeling. It is at least Density and at
	// most Density divided by Found.Factor.
	Bound float64
	// Steps is the number of nodes peeled.
	Steps int
}

// Find returns dense blocks: sets S of nodes with a large g(S) = (Σ priors of S + Σ damped weights of the tuples inside S)/|S|.
//
// It peels: it takes away the node whose loss costs least, until none is left, and the best of the sets on the way is the block (Charikar
// 2000; FRAUDAR, Hooi et al. 2016, for two parts with damped columns; M-Zoom, Shin et al. 2016, for more). With K parts that is at
// least 1/K of what any set has: when the first node of the best set goes, it costs at least the density of that set, and what goes costs at
// most K times the density of what is there. For the next block the tuples inside the last one are taken out, with damping left as it
// was, and priors of its members are spent.
//
// Of equal nodes the one of the earlier part and smaller number goes first, and of equal sets the larger one counts, so that the answer
// does not depend on the order of the rows. No tuples give no blocks. Cost O(K·m·log n) a block for m tuples, on one thread; memory 12·K + 12 bytes
// a tuple and 40 a node.
//
// Errors: ErrColumns, ErrNode, ErrWeight, ErrOption, or that of the context, then with the blocks found until then.
func Find(ctx context.Context, tuples Tuples, opts Options) (Found, error) {
	opts, err := opts.filled(len(tuples.Parts))
	if err == nil {
		err = tuples.check(opts)
	}
	if err != nil {
		return Found{}, fmt.Errorf("block: %w", err)
	}
	found := Found{Method: "peel by least loss", Damped: opts.Damped, Offset: opts.Offset, Least: opts.Least, Factor: 1 / float64(len(tuples.Parts))}
	p, err := prepare(ctx, tuples, opts)
	for err == nil && len(found.Blocks) < opts.Blocks {
		var b Block
		if b, err = p.peel(ctx); err != nil || len(b.Members) == 0 || b.Density < opts.Least {
			break
		}
		found.Blocks = append(found.Blocks, b)
		p.remove(b)
	}
	if err != nil {
		return found, fmt.Errorf("block: %w", err)
	}
	return found, nil
}

// Pairs returns the edges of a graph between subjects and objects as tuples of two parts, subjects first, whatever the direction of an
// edge. Both parts use the numbers of the graph. Edges within a part are left out. Errors: ErrColumns where objects has not one entry a
// node.
func Pairs(g *csr.Graph, objects []bool) (Tuples, error) {
	if len(objects) != g.Order() {
		return Tuples{}, fmt.Errorf("block: pairs: %w: %d entries for %d nodes", ErrColumns, len(objects), g.Order())
	}
	edges := g.Columns()
	t := Tuples{Parts: [][]uint32{{}, {}}, Sizes: []int{g.Order(), g.Order()}}
	for i, u := range edges.From {
		v := edges.To[i]
		if objects[u] == objects[v] {
			continue
		}
		if objects[u] {
			u, v = v, u
		}
		t.Parts[0], t.Parts[1] = append(t.Parts[0], u), append(t.Parts[1], v)
		if edges.Weight != nil {
			t.Weight = append(t.Weight, edges.Weight[i])
		}
	}
	return t, nil
}

func (o Options) filled(parts int) (Options, error) {
	if o.Damped == nil {
		for part := 1; part < parts; part++ {
			o.Damped = append(o.Damped, part)
		}
	}
	if o.Offset == 0 {
		o.Offset = DefaultOffset
	}
	if o.Blocks == 0 {
		o.Blocks = DefaultBlocks
	}
	for i, part := range o.Damped {
		if part < 0 || part >= parts || (i > 0 && part <= o.Damped[i-1]) {
			return o, fmt.Errorf("%w: Damped %v must name some of %d parts in ascending order", ErrOption, o.Damped, parts)
		}
	}
	if !(o.Offset >= 1) || math.IsInf(o.Offset, 0) || o.Blocks < 0 || !(o.Least >= 0) {
		return o, fmt.Errorf("%w: Offset %v must be at least 1, Blocks %d and Least %v not negative", ErrOption, o.Offset, o.Blocks, o.Least)
	}
	return o, nil
}

func (t *Tuples) check(opts Options) error {
	if len(t.Parts) < 2 || len(t.Sizes) != len(t.Parts) || (opts.Prior != nil && len(opts.Prior) != len(t.Parts)) {
		return fmt.Errorf("%w: %d parts, %d sizes, %d columns of priors", ErrColumns, len(t.Parts), len(t.Sizes), len(opts.Prior))
	}
	m, nodes := len(t.Parts[0]), 0
	for part, column := range t.Parts {
		size := t.Sizes[part]
		if len(column) != m || size < 0 {
			return fmt.Errorf("%w: part 0 has %d rows, part %d has %d and %d nodes", ErrColumns, m, part, len(column), size)
		}
		nodes += size
		for i, u := range column {
			if uint64(u) >= uint64(size) {
				return fmt.Errorf("row %d: %w: node %d of part %d, which has %d", i, ErrNode, u, part, size)
			}
		}
		if opts.Prior == nil {
			continue
		}
		if len(opts.Prior[part]) != size {
			return fmt.Errorf("%w: %d priors for the %d nodes of part %d", ErrColumns, len(opts.Prior[part]), size, part)
		}
		for u, a := range opts.Prior[part] {
			if !usable(a) {
				return fmt.Errorf("prior of node %d of part %d: %w: %v", u, part, ErrWeight, a)
			}
		}
	}
	if uint64(m) > math.MaxUint32 || uint64(nodes) > math.MaxUint32-1 {
		return fmt.Errorf("%w: %d rows and %d nodes are more than 32 bits can name", ErrColumns, m, nodes)
	}
	if t.Weight != nil && len(t.Weight) != m {
		return fmt.Errorf("%w: %d weights for %d rows", ErrColumns, len(t.Weight), m)
	}
	for i, w := range t.Weight {
		if !usable(w) {
			return fmt.Errorf("row %d: %w: %v", i, ErrWeight, w)
		}
	}
	return nil
}

func usable(w float64) bool { return w >= 0 && w <= csr.GreatestWeight }

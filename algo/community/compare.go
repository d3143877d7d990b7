package community

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Similarity is how alike two divisions of the same nodes are. Logarithms are natural.
type Similarity struct {
	// Nodes is the number of nodes, Communities those of the first and of the second division.
	Nodes       int
	Communities [2]int
	// AdjustedRand is the adjusted Rand index (Hubert and Arabie 1985): with n_ij the nodes of community i of the one and j of the
	// other, a_i and b_j the sizes, and pairs(x) = x(x-1)/2,
	//
	//	(Σ pairs(n_ij) − E) / (½(A + B) − E),  A = Σ pairs(a_i), B = Σ pairs(b_j), E = A·B/pairs(n)
	//
	// It is 1 for equal divisions, 0 on average for divisions of these sizes drawn at random, and may be below.
	AdjustedRand float64
	// NormalisedMutual is 2I/(H_a + H_b), from 0 to 1: I = Σ n_ij/n·ln(n·n_ij/(a_i·b_j)) is the mutual information and H the entropies.
	// It is high by chance alone where communities are small.
	NormalisedMutual float64
	// AdjustedMutual is the adjusted mutual information with the arithmetic mean (Vinh, Epps and Bailey 2010),
	//
	//	(I − E[I]) / (½(H_a + H_b) − E[I])
	//
	// with E[I] the mean of I over all divisions of these sizes. It is 1 for equal divisions and 0 on average for random ones.
	AdjustedMutual float64
	// Variation is the variation of information, H_a + H_b − 2I (Meilă 2007): a metric, from 0 for equal divisions to ln n.
	Variation float64
}

// Compare compares two divisions of the same nodes, one label a node each; which numbers the labels are does not matter. Equal
// divisions have similarities of exactly 1 and a variation of exactly 0, also those of no node or of one. A division into one
// community or into single nodes says nothing of any other: adjusted Rand index and adjusted mutual information are then exactly 0.
//
// Cost O(n log n); the expectation of the adjusted mutual information takes d²·√s more, d the number of different sizes of communities,
// at most √(2n), and s the size of the largest. Terms below 10^-20 of the greatest are left out of it. Memory 30 bytes a node.
// Errors: ErrOptions when the lengths differ, or that of the context.
func Compare(ctx context.Context, a, b []uint32) (Similarity, error) {
	if len(a) != len(b) {
		return Similarity{}, fmt.Errorf("community: compare: %w: divisions of %d and %d nodes", ErrOptions, len(a), len(b))
	}
	t, err := newCrossing(ctx, a, b)
	if err != nil {
		return Similarity{}, fmt.Errorf("community: compare: %w", err)
	}
	s := Similarity{Nodes: len(a), Communities: [2]int{len(t.row), len(t.column)}}
	if t.equal() {
		s.AdjustedRand, s.NormalisedMutual, s.AdjustedMutual = 1, 1, 1
		return s, nil
	}
	s.AdjustedRand = t.rand()
	between := t.entropy(t.row) + t.entropy(t.column)
	s.Variation = t.variation()
	s.NormalisedMutual = max(0, 1-s.Variation/between)
	if t.plain(t.row) || t.plain(t.column) {
		return s, ctx.Err()
	}
	expected, err := t.expected(ctx)
	if err != nil {
		return Similarity{}, fmt.Errorf("community: compare: %w", err)
	}
	s.AdjustedMutual = ((between-s.Variation)/2 - expected) / (between/2 - expected)
	return s, nil
}

// crossing is the table of two divisions: how many nodes are of community i of the one and j of the other. Only cells that hold any
// are there, ordered by row and column.
type crossing struct {
	nodes       int
	row, column []uint32 // sizes of communities
	cells       []crossed
}

type crossed struct{ row, column, nodes uint32 }

func newCrossing(ctx context.Context, a, b []uint32) (*crossing, error) {
	a, rows := Canonical(a)
	b, columns := Canonical(b)
	t := &crossing{nodes: len(a), row: make([]uint32, rows), column: make([]uint32, columns)}
	pairs := make([]uint64, len(a))
	for u := range a {
		t.row[a[u]]++
		t.column[b[u]]++
		pairs[u] = uint64(a[u])<<32 | uint64(b[u])
	}
	pairs, err := arrange(ctx, 1, pairs, cmp.Compare[uint64])
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(pairs); {
		to := at + 1
		for to < len(pairs) && pairs[to] == pairs[at] {
			to++
		}
		t.cells = append(t.cells, crossed{uint32(pairs[at] >> 32), uint32(pairs[at]), uint32(to - at)})
		at = to
	}
	return t, nil
}

// equal tells whether every row meets one column and every column one row.
func (t *crossing) equal() bool { return len(t.cells) == len(t.row) && len(t.cells) == len(t.column) }

// plain tells whether sizes are those of one community or of single nodes.
func (t *crossing) plain(sizes []uint32) bool { return len(sizes) == 1 || len(sizes) == t.nodes }

// rand is the adjusted Rand index. Pairs are counted in whole numbers.
func (t *crossing) rand() float64 {
	var both, a, b uint64
	for _, c := range t.cells {
		both += pairsOf(c.nodes)
	}
	for _, size := range t.row {
		a += pairsOf(size)
	}
	for _, size := range t.column {
		b += pairsOf(size)
	}
	all := float64(pairsOf(uint32(t.nodes)))
	expected := float64(a) / all * float64(b)
	if t.plain(t.row) || t.plain(t.column) {
		return 0
	}
	return (float64(both) - expected) / ((float64(a)+float64(b))/2 - expected)
}

func pairsOf(n uint32) uint64 { return uint64(n) * (uint64(n) - 1) / 2 }

// entropy of a division with the given sizes.
func (t *crossing) entropy(sizes []uint32) float64 {
	var sum float64
	for _, size := range sizes {
		sum += float64(float64(size) * math.Log(float64(t.nodes)/float64(size)))
	}
	return sum / float64(t.nodes)
}

// variation adds what each division says of a node that the other has not said.
func (t *crossing) variation() float64 {
	var sum float64
	for _, c := range t.cells {
		n := float64(c.nodes)
		sum += float64(n * (math.Log(float64(t.row[c.row])/n) + math.Log(float64(t.column[c.column])/n)))
	}
	return sum / float64(t.nodes)
}

// sized is how many communities are of one size.
type sized struct{ size, times float64 }

func bySize(sizes []uint32) []sized {
	sorted := slices.Sorted(slices.Values(sizes))
	var list []sized
	for _, size := range sorted {
		if len(list) == 0 || list[len(list)-1].size != float64(size) {
			list = append(list, sized{size: float64(size)})
		}
		list[len(list)-1].times++
	}
	return list
}

// expected is the mean of the mutual information over all pairs of divisions of these sizes: what two communities of sizes a and b have
// in common is hypergeometric.
func (t *crossing) expected(ctx context.Context) (float64, error) {
	rows, columns := bySize(t.row), bySize(t.column)
	n := float64(t.nodes)
	var sum float64
	terms := 0
	for _, a := range rows {
		for _, b := range columns {
			mean, took := hypergeometric(n, a.size, b.size, func(k float64) float64 {
				return k * math.Log(n/a.size*k/b.size)
			})
			sum += float64(a.times * b.times * mean)
			if terms += took; terms > 1<<15 {
				if terms = 0; ctx.Err() != nil {
					return 0, ctx.Err()
				}
			}
		}
	}
	return sum / n, nil
}

// hypergeometric returns the mean of f, which is 0 at 0, over how many of a of n things are among b others drawn, and how many terms
// it took. It walks up and down from the most frequent number, whose weight is set to 1, until weights are negligible, and divides
// by their sum: no logarithm of a factorial is taken, which would cost digits.
func hypergeometric(n, a, b float64, f func(float64) float64) (mean float64, terms int) {
	const negligible = 1e-20
	least, most := max(0, a+b-n), min(a, b)
	mode := min(max(math.Floor((a+1)/(n+2)*(b+1)), least), most)
	value := func(k, weight float64) float64 {
		terms++
		if k == 0 {
			return 0
		}
		return weight * f(k)
	}
	mass, sum := 1.0, value(mode, 1)
	for k, weight := mode, 1.0; k < most; k++ {
		weight *= (a - k) / (k + 1) * ((b - k) / (n - a - b + k + 1))
		if weight < negligible {
			break
		}
		mass += weight
		sum += value(k+1, weight)
	}
	for k, weight := mode, 1.0; k > least; k-- {
		weight *= k / (a - k + 1) * ((n - a - b + k) / (b - k + 1))
		if weight < negligible {
			break
		}
		mass += weight
		sum += value(k-1, weight)
	}
	return sum / mass, terms
}

package trial

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/community"
	"rummage/algo/csr"
)

// Verdict is what came of holding one side's answer against ours.
type Verdict struct {
	// Holds tells whether the answers agree.
	Holds bool `json:"holds"`
	// Says is one line of figures.
	Says string `json:"says"`
}

// Check holds the answer of a peer against ours. The graph is that of both.
type Check func(ctx context.Context, in *Input, ours, theirs []float64) (Verdict, error)

// Bounds of the checks.
const (
	// farthest is the greatest sum of differences between two vectors of scores that sum to 1.
	farthest = 1e-8
	// coarsest is the greatest difference between two exact measures, relative to the greatest score.
	coarsest = 1e-9
	// broken is the greatest difference between two greatest measures where rounding may break ties, relative to them.
	broken = 1e-6
	// worse is how much modularity a division of ours may lack.
	worse = 0.001
	// behind is how much a division that follows changes may lack.
	behind = 0.0005
)

// differ says that two answers are of different length, which no check lets pass.
func differ(ours, theirs []float64) (Verdict, bool) {
	if len(ours) == len(theirs) {
		return Verdict{}, false
	}
	return Verdict{Says: fmt.Sprintf("%d numbers against %d", len(ours), len(theirs))}, true
}

// Equal wants every number the same.
func Equal(_ context.Context, _ *Input, ours, theirs []float64) (Verdict, error) {
	if v, cut := differ(ours, theirs); cut {
		return v, nil
	}
	unequal, greatest := 0, 0.0
	for i, x := range ours {
		greatest = max(greatest, x)
		if x != theirs[i] {
			unequal++
		}
	}
	return Verdict{unequal == 0, fmt.Sprintf("%d of %d numbers differ, greatest %.10g", unequal, len(ours), greatest)}, nil
}

// Parts wants the same division of the nodes, whatever the numbers of its parts.
func Parts(_ context.Context, _ *Input, ours, theirs []float64) (Verdict, error) {
	if v, cut := differ(ours, theirs); cut {
		return v, nil
	}
	mine, parts := community.Canonical(labels(ours))
	other, _ := community.Canonical(labels(theirs))
	unequal := 0
	for u := range mine {
		if mine[u] != other[u] {
			unequal++
		}
	}
	return Verdict{unequal == 0, fmt.Sprintf("%d parts, %d of %d nodes in another", parts, unequal, len(mine))}, nil
}

// Exact wants the same measure of every node, and so the same greatest one, up to rounding.
func Exact(_ context.Context, _ *Input, ours, theirs []float64) (Verdict, error) {
	if v, cut := differ(ours, theirs); cut {
		return v, nil
	}
	e := extremes(ours, theirs)
	return Verdict{e.gap <= coarsest*e.ours, e.String()}, nil
}

// Greatest wants the same greatest measure. It is for shortest ways by lengths that are sums: who compares sums exactly, as NetworKit
// does, takes two ways of one length for different where rounding tells them apart, and splits the pairs of some nodes otherwise.
func Greatest(_ context.Context, _ *Input, ours, theirs []float64) (Verdict, error) {
	if v, cut := differ(ours, theirs); cut {
		return v, nil
	}
	e := extremes(ours, theirs)
	return Verdict{math.Abs(e.ours-e.theirs) <= broken*e.ours && !math.IsNaN(e.gap), e.String()}, nil
}

// extreme holds the greatest of two lists of numbers, and their greatest difference, which is NaN when one of them is.
type extreme struct{ ours, theirs, gap float64 }

func extremes(ours, theirs []float64) extreme {
	var e extreme
	for i, x := range ours {
		e.ours, e.theirs = max(e.ours, x), max(e.theirs, theirs[i])
		if d := math.Abs(x - theirs[i]); d > e.gap || math.IsNaN(d) {
			e.gap = d
		}
	}
	return e
}

func (e extreme) String() string {
	return fmt.Sprintf("greatest %.12g against %.12g, greatest difference %.2g", e.ours, e.theirs, e.gap)
}

// Sampled wants two estimates of one measure, each within Epsilon of the truth, to be within twice as much of each other. NetworKit
// draws from all pairs of nodes, ours is a share of the pairs that a node could lie between, so that a part in n is left open too.
func Sampled(_ context.Context, in *Input, ours, theirs []float64) (Verdict, error) {
	if v, cut := differ(ours, theirs); cut {
		return v, nil
	}
	gap := extremes(ours, theirs).gap
	return Verdict{
		Holds: gap <= 2*in.Files.Epsilon+2/float64(max(in.Files.Nodes, 1)),
		Says:  fmt.Sprintf("greatest difference %.2g, with an error of %g allowed to both", gap, in.Files.Epsilon),
	}, nil
}

// Walks wants vectors of scores, one behind the other, whose differences sum to 1e-8 at most in each.
func Walks(_ context.Context, in *Input, ours, theirs []float64) (Verdict, error) {
	if v, cut := differ(ours, theirs); cut {
		return v, nil
	}
	n := in.Files.Nodes
	var most float64
	for at := 0; at+n <= len(ours) && n > 0; at += n {
		var sum float64
		for i := at; i < at+n; i++ {
			sum += math.Abs(ours[i] - theirs[i])
		}
		if sum > most || math.IsNaN(sum) {
			most = sum
		}
	}
	return Verdict{most <= farthest, fmt.Sprintf("L1 distance %.2g", most)}, nil
}

// Division wants modularity no more than 0.001 below that of the peer, both by our measure, and no community in pieces.
func Division(ctx context.Context, in *Input, ours, theirs []float64) (Verdict, error) {
	return divided(ctx, in, ours, theirs, worse)
}

// Followed is Division for one that follows changes: it may lack 0.0005.
func Followed(ctx context.Context, in *Input, ours, theirs []float64) (Verdict, error) {
	return divided(ctx, in, ours, theirs, behind)
}

func divided(ctx context.Context, in *Input, ours, theirs []float64, lack float64) (Verdict, error) {
	if v, cut := differ(ours, theirs); cut {
		return v, nil
	}
	if in.Graph == nil {
		if err := in.Load(ctx); err != nil {
			return Verdict{}, err
		}
	}
	mine, other := labels(ours), labels(theirs)
	q, err := community.Quality(in.Graph, mine, community.Options{})
	if err != nil {
		return Verdict{}, err
	}
	peer, err := community.Quality(in.Graph, other, community.Options{})
	if err != nil {
		return Verdict{}, err
	}
	torn := pieces(in.Graph, mine)
	return Verdict{
		Holds: q >= peer-lack && torn == 0,
		Says:  fmt.Sprintf("Q %.4f against %.4f, %d communities in pieces against %d", q, peer, torn, pieces(in.Graph, other)),
	}, nil
}

// pieces counts the communities that are not connected.
func pieces(g *csr.Graph, membership []uint32) int {
	label, communities := community.Canonical(membership)
	seen := make([]bool, len(label))
	parts := make([]int, communities)
	var stack []uint32
	for start := range label {
		if seen[start] {
			continue
		}
		seen[start] = true
		parts[label[start]]++
		stack = append(stack[:0], uint32(start))
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, v := range g.Neighbours(u) {
				if !seen[v] && label[v] == label[u] {
					seen[v] = true
					stack = append(stack, v)
				}
			}
		}
	}
	torn := 0
	for _, n := range parts {
		if n > 1 {
			torn++
		}
	}
	return torn
}

// labels turns an answer back into whole numbers.
func labels(answer []float64) []uint32 {
	all := make([]uint32, len(answer))
	for i, x := range answer {
		all[i] = uint32(x)
	}
	return all
}

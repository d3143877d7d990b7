// Package community divides a graph into groups of nodes that hold together: Leiden and Louvain under modularity or the constant Potts
// model, label propagation as a preview, divisions over resolutions and the consensus of many, the division after a batch of edges; the
// quality of any division and the likeness of two, communities through time, and the splitting of groups that are too large to look at.
//
// It must know neither what a node stands for nor what the groups are used for; in particular it sees no outcomes.
package community

import (
	"context"
	"errors"
	"fmt"
	"math"

	"rummage/algo/csr"
)

// ErrOptions is returned for options outside their range.
var ErrOptions = errors.New("option out of range")

// Objective is what a division is measured by.
type Objective uint8

const (
	// Modularity is the weight inside communities less what strengths alone would put there (Newman and Girvan 2004, with the
	// resolution γ of Reichardt and Bornholdt 2006):
	//
	//	Q = 1/2m · Σ_c (2 e_c − γ K_c²/2m)
	//
	// with e_c the weight inside c, K_c the strength of its nodes, 2m the strength of all, self-loops counted once in e and twice
	// in K. As 2m is a sum over the whole graph, the best division of one component depends on the others. In a directed graph
	// (Leicht and Newman 2008)
	//
	//	Q = 1/m · Σ_c (e_c − γ Kout_c Kin_c/m)
	//
	// with every arc once in e, in Kout and in Kin, self-loops too.
	Modularity Objective = iota
	// CPM is the constant Potts model (Traag, Van Dooren and Nesterov 2011): every pair inside a community costs γ, whatever the rest
	// of the graph:
	//
	//	H = Σ_c (e_c − γ Σ_{u<v in c} s_u s_v)
	//
	// with s the sizes of nodes, 1 by default. Groups are denser than γ inside and sparser than γ towards each other. In a directed
	// graph a pair costs γ in each direction.
	CPM
)

// Defaults of Options.
const (
	DefaultResolution = 1.0
	DefaultTheta      = 0.01
	// MaxPasses bounds the passes where Options leave them open.
	MaxPasses = 100
)

// Options say how Leiden and Louvain divide. The zero value is usable.
type Options struct {
	Objective Objective
	// Resolution is γ, above 0; 0 means 1.
	Resolution float64
	// Sizes gives the size of every node under CPM, at least 0; nil means 1 each. Modularity takes none.
	Sizes []float64
	// Seed decides all that is left to chance.
	Seed uint64
	// Keys gives every node a number of its own that, mixed with Seed, decides when it is visited; nil takes the number of the node, and
	// visits components of Wide nodes and more in its order. Keys made from lasting names make the division independent of how nodes
	// are numbered. Equal keys are told apart by number.
	Keys []uint64
	// Passes bounds the passes, each of which begins with the division of the one before. 0 means for Leiden that they go on until one
	// changes nothing, 100 at most, and for Louvain a single one.
	Passes int
	// MaxSize bounds the number of nodes in a community; 0 does not.
	MaxSize int
	// Start is a division to begin from, one label a node; nil begins with every node alone.
	Start []uint32
	// Theta is the randomness of the refinement, relative to the mean weight of an edge; 0 means 0.01, nearly greedy.
	Theta float64
	// Threads is the number of goroutines; GOMAXPROCS when not positive. It does not change the result.
	Threads int
	// Progress, if set, is called with nodes settled and nodes in all, never twice at a time but from any goroutine.
	Progress func(done, total int)

	method method
	// crowd is the number of communities above which rows are listed; 0 means the constant. It does not change the result.
	crowd int
}

// method is the name of an algorithm.
type method string

const (
	leiden  method = "leiden"
	louvain method = "louvain"
)

// limit is the greatest number of passes.
func (o Options) limit() int {
	switch {
	case o.Passes > 0:
		return o.Passes
	case o.method == louvain:
		return 1
	}
	return MaxPasses
}

// Result is a division and how it came about.
type Result struct {
	// Membership gives the community of every node. Communities are numbered by their smallest member.
	Membership []uint32
	// Communities is their number.
	Communities int
	// Quality is that of Quality.
	Quality float64
	// Passes is the greatest number of passes that a component took, Stable whether each ended with one that changed nothing.
	Passes int
	Stable bool
	// Split is the number of communities that were found in several pieces at the end and taken apart. Under Leiden that can only happen
	// when Passes ends the work early or Start was in pieces.
	Split int
	// Method is "leiden", "louvain" or "split"; Objective, Resolution, Theta and Seed are those used, defaults filled in. Theta is
	// 0 where it plays no part.
	Method     string
	Objective  Objective
	Resolution float64
	Theta      float64
	Seed       uint64
}

// settle checks the options against the graph and fills in the defaults.
func (o Options) settle(g *csr.Graph) (Options, error) {
	if o.Resolution == 0 {
		o.Resolution = DefaultResolution
	}
	if o.Theta == 0 {
		o.Theta = DefaultTheta
	}
	if o.crowd == 0 {
		o.crowd = crowd
	}
	n := g.Order()
	switch {
	case o.Objective > CPM:
		return o, fmt.Errorf("%w: unknown objective %d", ErrOptions, o.Objective)
	case !(o.Resolution > 0 && o.Resolution <= math.MaxFloat32):
		return o, fmt.Errorf("%w: resolution %v is not above 0", ErrOptions, o.Resolution)
	case !(o.Theta > 0 && o.Theta <= math.MaxFloat32):
		return o, fmt.Errorf("%w: theta %v is not above 0", ErrOptions, o.Theta)
	case o.Passes < 0 || o.MaxSize < 0:
		return o, fmt.Errorf("%w: %d passes, size %d at most", ErrOptions, o.Passes, o.MaxSize)
	case o.Sizes != nil && o.Objective != CPM:
		return o, fmt.Errorf("%w: modularity takes no sizes", ErrOptions)
	case o.Sizes != nil && len(o.Sizes) != n, o.Keys != nil && len(o.Keys) != n, o.Start != nil && len(o.Start) != n:
		return o, fmt.Errorf("%w: %d sizes, %d keys, %d labels to start from, and there are %d nodes", ErrOptions,
			len(o.Sizes), len(o.Keys), len(o.Start), n)
	}
	for u, s := range o.Sizes {
		if !(s >= 0 && s <= csr.GreatestWeight) {
			return o, fmt.Errorf("%w: node %d has size %v", ErrOptions, u, s)
		}
	}
	return o, nil
}

// Leiden divides a graph into communities (Traag, Waltman and Van Eck 2019). Each pass moves nodes to the community where they add most
// to the quality, as long as any move adds something; refines every community into well-connected parts; merges each part into one
// node; and starts over on the smaller graph. Every community is connected along edges of positive weight, in whichever direction, which
// is checked at the end whatever happened before.
//
// Components are solved apart and all chance comes from Seed and Keys, so that the result is the same on any number of threads and,
// given Keys, under any numbering of the nodes. Under CPM a component added to the graph leaves the communities of all others as they
// were. Components of less than Wide nodes are moved node by node, larger ones in batches, and there a node that stays by a wide margin is
// not looked at again for every move beside it. Parallel edges add up, of whatever types: weights by type are those of Graph.Reweight.
// Edges of weight 0 are none; self-loops matter to modularity only.
//
// Cost O(m) a pass in practice, few passes; memory about 130 bytes a node and 24 an arc. Errors: ErrOptions, or that of the context,
// which ends the work within a few ten thousand arcs or the longest row.
func Leiden(ctx context.Context, g *csr.Graph, opts Options) (Result, error) {
	opts.method = leiden
	return divide(ctx, g, opts)
}

// Louvain divides a graph into communities (Blondel, Guillaume, Lambiotte and Lefebvre 2008): as Leiden, but communities are merged as
// they are, without refinement. It is faster, finds a little less, and what it finds may hang together badly: a community in several
// pieces is taken apart at the end, which raises the quality, but one that is nearly so stays. All else is as with Leiden.
func Louvain(ctx context.Context, g *csr.Graph, opts Options) (Result, error) {
	opts.method = louvain
	return divide(ctx, g, opts)
}

func divide(ctx context.Context, g *csr.Graph, opts Options) (Result, error) {
	opts, err := opts.settle(g)
	if err != nil {
		return Result{}, fmt.Errorf("community: %s: %w", opts.method, err)
	}
	result, err := run(ctx, g, opts)
	if err != nil {
		return Result{}, fmt.Errorf("community: %s: %w", opts.method, err)
	}
	return result, nil
}

// run expects settled options.
func run(ctx context.Context, g *csr.Graph, opts Options) (Result, error) {
	m, err := weigh(ctx, g, opts)
	if err != nil {
		return Result{}, err
	}
	parts, err := prepare(ctx, g, opts, m)
	if err != nil {
		return Result{}, err
	}
	labels, outcome, err := parts.solve(ctx)
	if err != nil {
		return Result{}, err
	}
	result := Result{
		Method: string(opts.method), Objective: opts.Objective, Resolution: opts.Resolution, Theta: opts.Theta, Seed: opts.Seed,
		Passes: outcome.passes, Stable: outcome.stable, Split: outcome.split,
	}
	if opts.method == louvain {
		result.Theta = 0
	}
	result.Membership, result.Communities = Canonical(labels)
	result.Quality, err = quality(ctx, g, result.Membership, m, opts)
	return result, err
}

// Canonical renumbers labels by first appearance, that is, communities by their smallest member, and returns their number too. Two
// divisions are equal when their canonical labels are. It leaves its argument as it is.
func Canonical(labels []uint32) ([]uint32, int) {
	greatest := uint32(0)
	for _, label := range labels {
		greatest = max(greatest, label)
	}
	renumbered := make([]uint32, len(labels))
	if int(greatest) < 2*len(labels) {
		// As slices.Clone and renumber, but for labels that are a little greater.
		known, next := make([]uint32, int(greatest)+1), uint32(0)
		for u, label := range labels {
			if known[label] == 0 {
				next++
				known[label] = next
			}
			renumbered[u] = known[label] - 1
		}
		return renumbered, int(next)
	}
	number := make(map[uint32]uint32)
	for u, label := range labels {
		n, known := number[label]
		if !known {
			n = uint32(len(number))
			number[label] = n
		}
		renumbered[u] = n
	}
	return renumbered, len(number)
}

// Members lists the nodes of each community, in ascending order; labels must be canonical.
func Members(membership []uint32) [][]uint32 {
	var members [][]uint32
	for u, c := range membership {
		if int(c) == len(members) {
			members = append(members, nil)
		}
		members[c] = append(members[c], uint32(u))
	}
	return members
}

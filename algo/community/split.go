package community

import (
	"context"
	"fmt"
	"math"

	"rummage/algo/csr"
)

// SplitOptions say how Split takes large communities apart.
type SplitOptions struct {
	// Cap is the greatest number of nodes that a community may keep, at least 1.
	Cap int
	// Step is the factor by which the resolution rises from one attempt to the next, above 1; 0 means the square root of 2.
	Step float64
	// Leiden holds the options of the attempts; Resolution is where they begin. Start and MaxSize are not used.
	Leiden Options
}

// DefaultStep is the default of SplitOptions.Step.
const DefaultStep = 1.4142135623730951

// Split takes every community of more than Cap nodes apart: it divides the part of the graph that the community spans by Leiden at a
// resolution that rises by Step until the community falls into pieces, and treats pieces that are still too large in the same way.
// Where a rise would leave half of a community's nodes alone at once, as it does with a clique, the last resolution that did not is kept
// and pieces are grown up to Cap instead. Communities of at most Cap nodes stay as they are.
//
// Pieces are connected, and a piece depends on its community alone: its nodes, their edges, keys and sizes. Under Modularity the null
// model of an attempt is that of the part, not of the whole graph. Quality in the result is that of the whole at the resolution
// given; Passes is the greatest of all attempts. Errors are those of Leiden, and ErrOptions.
func Split(ctx context.Context, g *csr.Graph, membership []uint32, opts SplitOptions) (Result, error) {
	if opts.Step == 0 {
		opts.Step = DefaultStep
	}
	if opts.Cap < 1 || !(opts.Step > 1 && opts.Step <= 1e6) {
		return Result{}, fmt.Errorf("community: split: %w: at most %d nodes, step %v", ErrOptions, opts.Cap, opts.Step)
	}
	opts.Leiden.Start, opts.Leiden.MaxSize = nil, 0
	whole, err := opts.Leiden.settle(g)
	if err != nil {
		return Result{}, fmt.Errorf("community: split: %w", err)
	}
	if len(membership) != g.Order() {
		return Result{}, fmt.Errorf("community: split: %w: %d labels, and there are %d nodes", ErrOptions, len(membership), g.Order())
	}
	opts.Leiden = whole
	if opts.Leiden.Keys == nil {
		opts.Leiden.Keys = make([]uint64, g.Order())
		for u := range opts.Leiden.Keys {
			opts.Leiden.Keys[u] = uint64(u)
		}
	}
	labels, communities := Canonical(membership)
	s := splitter{ctx: ctx, g: g, opts: opts, labels: labels, next: uint32(communities), stable: true}
	for _, nodes := range Members(labels) {
		if err := s.split(nodes, whole.Resolution); err != nil {
			return Result{}, fmt.Errorf("community: split: %w", err)
		}
	}
	result := Result{
		Method: "split", Objective: whole.Objective, Resolution: whole.Resolution, Theta: whole.Theta, Seed: whole.Seed,
		Passes: s.passes, Stable: s.stable,
	}
	result.Membership, result.Communities = Canonical(s.labels)
	if result.Quality, err = Quality(g, result.Membership, whole); err != nil {
		return Result{}, fmt.Errorf("community: split: %w", err)
	}
	return result, nil
}

// splitter writes the labels of pieces over those of the communities.
type splitter struct {
	ctx    context.Context
	g      *csr.Graph
	opts   SplitOptions
	labels []uint32
	next   uint32
	passes int
	stable bool
}

// split divides the community of the given nodes if it is too large, beginning at the given resolution.
func (s *splitter) split(nodes []uint32, resolution float64) error {
	if len(nodes) <= s.opts.Cap {
		return nil
	}
	part, _, err := s.g.Induced(nodes)
	if err != nil {
		return err
	}
	opts := s.opts.Leiden
	opts.Progress = nil
	opts.Keys = pick(s.opts.Leiden.Keys, nodes)
	if s.opts.Leiden.Sizes != nil {
		opts.Sizes = pick(s.opts.Leiden.Sizes, nodes)
	}
	for previous := resolution; ; previous, resolution = resolution, resolution*s.opts.Step {
		opts.Resolution = min(resolution, math.MaxFloat32)
		division, err := s.divide(part, opts)
		if err != nil {
			return err
		}
		if division.Communities == 1 && resolution < math.MaxFloat32 {
			continue
		}
		if division.Communities == 1 || (2*single(division) >= len(nodes) && s.opts.Cap > 1) {
			opts.Resolution, opts.MaxSize = min(previous, math.MaxFloat32), s.opts.Cap
			if division, err = s.divide(part, opts); err != nil {
				return err
			}
		}
		return s.descend(nodes, division, resolution)
	}
}

// single counts the communities of one node.
func single(division Result) int {
	alone := 0
	for _, members := range Members(division.Membership) {
		if len(members) == 1 {
			alone++
		}
	}
	return alone
}

// divide is one attempt.
func (s *splitter) divide(part *csr.Graph, opts Options) (Result, error) {
	division, err := Leiden(s.ctx, part, opts)
	s.passes = max(s.passes, division.Passes)
	s.stable = s.stable && division.Stable
	return division, err
}

// descend labels the pieces of a division and splits those that are still too large at the next resolution.
func (s *splitter) descend(nodes []uint32, division Result, resolution float64) error {
	for _, members := range Members(division.Membership) {
		piece := pick(nodes, members)
		for _, u := range piece {
			s.labels[u] = s.next
		}
		s.next++
		if err := s.split(piece, resolution*s.opts.Step); err != nil {
			return err
		}
	}
	return nil
}

// pick returns the values at the given places.
func pick[T any](values []T, places []uint32) []T {
	picked := make([]T, 0, len(places))
	for _, at := range places {
		picked = append(picked, values[at])
	}
	return picked
}

package finding

import (
	"context"
	"fmt"

	"rummage/algo/community"
	"rummage/algo/csr"
)

// communities are the Leiden communities of the weighted trader graph under the constant Potts model, at each resolution, larger ones
// split until they fit. The Potts model has no resolution limit: what else is traded in the world does not change who is close here.
func (c *circle) communities(ctx context.Context) ([]Group, error) {
	g, err := c.weighted(ctx)
	if err != nil {
		return nil, err
	}
	var groups []Group
	for i, resolution := range append([]float64{c.opts.Resolution}, c.opts.Also...) {
		origin := Community
		if i > 0 {
			origin = Wide
		}
		members, err := c.divide(ctx, g, resolution)
		if err != nil {
			return nil, fmt.Errorf("finding: candidates: %w", err)
		}
		for _, m := range members {
			if len(m) >= c.opts.Smallest {
				groups = append(groups, Group{Members: m, Origin: origin})
			}
		}
	}
	return groups, nil
}

// divide draws the communities at one resolution.
func (c *circle) divide(ctx context.Context, g *csr.Graph, resolution float64) ([][]uint32, error) {
	settings := community.Options{
		Objective: community.CPM, Resolution: resolution, Keys: c.trade.Keys, Threads: c.opts.Threads, Progress: c.opts.Progress,
	}
	whole, err := community.Leiden(ctx, g, settings)
	if err != nil {
		return nil, err
	}
	split, err := community.Split(ctx, g, whole.Membership, community.SplitOptions{Cap: c.opts.Largest, Leiden: settings})
	if err != nil {
		return nil, err
	}
	return community.Members(split.Membership), nil
}

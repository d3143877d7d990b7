package finding

import (
	"context"
	"fmt"

	"rummage/algo/community"
)

// communities are the Leiden communities of the weighted trader graph under the constant Potts model, larger ones split until
// they fit. The Potts model has no resolution limit: what else is traded in the world does not change who is close here.
func (c *circle) communities(ctx context.Context) ([]Group, error) {
	g, err := c.weighted(ctx)
	if err != nil {
		return nil, err
	}
	settings := community.Options{
		Objective: community.CPM, Resolution: c.opts.Resolution, Keys: c.trade.Keys,
		Threads: c.opts.Threads, Progress: c.opts.Progress,
	}
	whole, err := community.Leiden(ctx, g, settings)
	if err != nil {
		return nil, fmt.Errorf("finding: candidates: %w", err)
	}
	split, err := community.Split(ctx, g, whole.Membership, community.SplitOptions{Cap: c.opts.Largest, Leiden: settings})
	if err != nil {
		return nil, fmt.Errorf("finding: candidates: %w", err)
	}
	var groups []Group
	for _, members := range community.Members(split.Membership) {
		if len(members) >= c.opts.Smallest {
			groups = append(groups, Group{Members: members, Origin: Community})
		}
	}
	return groups, nil
}

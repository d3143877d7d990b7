package finding

import (
	"context"
	"fmt"
	"slices"

	"rummage/algo/csr/crew"
)

// Group is a set of traders drawn without looking at outcomes.
type Group struct {
	// Members are dense ids, ascending.
	Members []uint32

	// Origin says how the group was drawn, the first of several ways.
	Origin Origin

	// Loops is how many ties the group has beyond those that hold it together: trade pairs inside, plus one less than its
	// members for each rare identifier, less its size, plus one, and at least 0. Trade among strangers forms trees; loops
	// are the mark of a closed circle, criminal or not.
	Loops int

	// Favour is how much sooner the group is believed for what its members do, apart from outcomes and closeness: see Candidates.Favour. 0 is 1.
	Favour float64
}

// weight is how much sooner a group is believed.
func (g *Group) weight() float64 { return priorWeight(g.Loops) * max(1, g.Favour) }

// Origin is the way a group was drawn.
type Origin uint8

// The families of candidates.
const (
	Community Origin = iota // dense part of the trader graph
	Star                    // an exporter and all its importers
	Wide                    // part of it as dense as a further resolution asks for
)

func (o Origin) String() string {
	return [...]string{"community", "star", "wide community"}[o]
}

// Candidates are groups that were drawn without looking at outcomes, and the ties they were drawn from.
type Candidates struct {
	Groups []Group
	circle *circle
}

// DrawOptions are the settings of Draw. DefaultDraw has the ones the method was proven with.
type DrawOptions struct {
	Resolution     float64   // least density of a community, the gamma of the constant Potts model
	Also           []float64 // further resolutions: communities at each are candidates too, so that groups may overlap
	IdentifierBeta float64   // weight that an identifier's user shares among the other users
	RareUsers      int       // an identifier with more users is a formation agent's, and says nothing
	Smallest       int       // members of a group at least
	Largest        int       // members of a group at most; a larger community is split
	TimeSlices     int       // outcomes are shuffled within as many slices of time; 0 and 1 cut nothing
	Threads        int       // 0 means one per processor; the answer is the same for any number
	Progress       func(done, total int)

	favour func(members []uint32) float64
}

// DefaultDraw are the settings of the study, communities of density 0.1 or more, 3 to 25 members, identifiers of 2 to 25 users at
// 3/(users-1) per pair, and of density 0.05, which the study did not have: of what was added to it that found most for least.
func DefaultDraw() DrawOptions {
	return DrawOptions{Resolution: 0.1, Also: []float64{0.05}, IdentifierBeta: 3, RareUsers: 25, Smallest: 3, Largest: 25}
}

func (o DrawOptions) check() error {
	switch {
	case !(o.Resolution > 0):
		return fmt.Errorf("finding: candidates: resolution of %g: must be above 0", o.Resolution)
	case slices.ContainsFunc(o.Also, func(gamma float64) bool { return !(gamma > 0) }):
		return fmt.Errorf("finding: candidates: further resolutions %g: must be above 0", o.Also)
	case !(o.IdentifierBeta >= 0):
		return fmt.Errorf("finding: candidates: identifier weight of %g: must not be negative", o.IdentifierBeta)
	case o.RareUsers < 2:
		return fmt.Errorf("finding: candidates: rare identifiers of at most %d users: 2 is the least", o.RareUsers)
	case o.Smallest < 2 || o.Largest < o.Smallest:
		return fmt.Errorf("finding: candidates: groups of %d to %d members: must be 2 or more, in this order", o.Smallest, o.Largest)
	}
	return nil
}

// Draw draws the groups that findings are looked for among: Leiden communities of the trader graph, and the star of each
// exporter. Outcomes are never read, which is what makes a test on them honest (a group grown around hits and tested with the
// same hits is "significant" 19 % of the time under pure noise). Hand in past trade only: the groups of today explain nothing
// that was inspected after.
//
// The groups come ordered by their members, each set once. Cost: that of Leiden, and O(groups * Largest^2 * log degree).
func Draw(ctx context.Context, trade *Trade, opts DrawOptions) (*Candidates, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if err := trade.Check(); err != nil {
		return nil, err
	}
	c, err := newCircle(ctx, trade, opts)
	if err != nil {
		return nil, err
	}
	communities, err := c.communities(ctx)
	if err != nil {
		return nil, err
	}
	groups := slices.Concat(communities, c.stars())
	slices.SortFunc(groups, func(a, b Group) int {
		if order := slices.Compare(a.Members, b.Members); order != 0 {
			return order
		}
		return int(a.Origin) - int(b.Origin)
	})
	groups = slices.CompactFunc(groups, func(a, b Group) bool { return slices.Equal(a.Members, b.Members) })
	if err := c.countLoops(ctx, groups); err != nil {
		return nil, err
	}
	drawn := &Candidates{Groups: groups, circle: c}
	if opts.favour != nil {
		drawn.Favour(opts.favour)
	}
	return drawn, nil
}

// Favour gives each group a weight of 1 or more, by which it is believed so much sooner, as it is for closeness; also groups that are drawn
// later to see what is left without some ties. by must look at no outcome: shuffles keep what it says as it is, and what they allow
// makes up for it.
func (c *Candidates) Favour(by func(members []uint32) float64) {
	c.circle.opts.favour = by
	for i := range c.Groups {
		c.Groups[i].Favour = by(c.Groups[i].Members)
	}
}

// stars are the exporters with their importers, where these are few enough for the exporter to be theirs.
func (c *circle) stars() []Group {
	var groups []Group
	for from := 0; from < len(c.sold); {
		exporter, to := c.sold[from].A, from
		for to < len(c.sold) && c.sold[to].A == exporter {
			to++
		}
		if size := to - from + 1; size >= c.opts.Smallest && size <= c.opts.Largest {
			members := make([]uint32, 0, size)
			members = append(members, exporter)
			for _, pair := range c.sold[from:to] {
				members = append(members, pair.B)
			}
			slices.Sort(members)
			groups = append(groups, Group{Members: members, Origin: Star})
		}
		from = to
	}
	return groups
}

// countLoops fills in Loops.
func (c *circle) countLoops(ctx context.Context, groups []Group) error {
	cut := crew.Cut(len(groups), 1024)
	err := crew.Run(ctx, c.opts.Threads, len(cut)-1, func(_, block int) {
		for i := cut[block]; i < cut[block+1]; i++ {
			groups[i].Loops = c.loops(groups[i].Members, nil)
		}
	})
	if err != nil {
		return fmt.Errorf("finding: candidates: %w", err)
	}
	return nil
}

package community

import (
	"context"
	"fmt"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
)

// Report is what a division comes to: every community, and the whole.
type Report struct {
	// Communities are told in the order of Membership, which numbers them by their smallest member.
	Communities []Account
	Membership  []uint32
	// Modularity is that of Quality at resolution 1.
	Modularity float64
	// Coverage is the share of all weight that lies inside communities; 0 where there is no weight.
	Coverage float64
	// Disconnected is how many communities are in several pieces, Single how many are one node.
	Disconnected, Single int
}

// Account is what one community comes to. Self-loops count once in Inner and twice in the volume, as they have both ends inside.
type Account struct {
	// Size is the number of members.
	Size int
	// Inner is the weight of the edges inside, Cut that of the edges to other communities.
	Inner, Cut float64
	// Conductance is the share of the ends of edges at the community that leave it: Cut over the smaller of its volume 2·Inner + Cut
	// and the volume of all others (Kannan, Vempala and Vetta 2004). It is 0 where nothing leaves.
	Conductance float64
	// Density is how many pairs of members are linked by an edge of positive weight, of all pairs; 0 for a single node.
	Density float64
	// Pieces is in how many parts the community falls; 1 when it is connected, along edges of positive weight.
	Pieces int
	// Leader is the member with most weight to other members, the smallest of several, and Share how much of the weight between
	// members it is an end of: 1 in a star, 2/Size when all are alike, 0 where no weight is.
	Leader uint32
	Share  float64
}

// Connected tells whether the community is in one piece.
func (a Account) Connected() bool { return a.Pieces == 1 }

// Examine reports on a division, one label a node. The direction of edges is left out, by csr.Graph.Symmetric; parallel edges add up
// and are one link; edges of weight 0 are none. Connectedness is looked at always, whatever the division is said to come from.
//
// Every node is looked at on its own and sums are taken in the order of the nodes, so that threads, GOMAXPROCS when not positive, do not
// change the report. Cost O(n + m), memory 60 bytes a node. Errors: ErrOptions when there is not one label a node, or that of the
// context.
func Examine(ctx context.Context, g *csr.Graph, membership []uint32, threads int) (Report, error) {
	g, err := g.Symmetric(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("community: examine: %w", err)
	}
	modularity, err := Quality(g, membership, Options{Threads: threads})
	if err != nil {
		return Report{}, fmt.Errorf("community: examine: %w", err)
	}
	labels, communities := Canonical(membership)
	roster := rostersOf(labels, communities)
	piece, err := pieces(ctx, g, labels, roster, threads)
	if err != nil {
		return Report{}, fmt.Errorf("community: examine: %w", err)
	}
	shares, err := bonds(ctx, g, labels, threads)
	if err != nil {
		return Report{}, fmt.Errorf("community: examine: %w", err)
	}
	r := Report{Communities: make([]Account, communities), Membership: labels, Modularity: modularity}
	r.tally(roster, piece, shares)
	return r, nil
}

// bond is how a node is tied to the other members, to itself and to others.
type bond struct {
	inner, loop, outer float64
	links              uint32
}

func bonds(ctx context.Context, g *csr.Graph, labels []uint32, threads int) ([]bond, error) {
	list := make([]bond, g.Order())
	cuts := g.Blocks(1 << 15)
	err := crew.Run(ctx, threads, len(cuts)-1, func(_, block int) {
		for u := cuts[block]; u < cuts[block+1]; u++ {
			list[u].add(g.Neighbours(u), g.Weights(u), u, labels)
		}
	})
	return list, err
}

func (b *bond) add(row []uint32, weights []float64, u uint32, labels []uint32) {
	last := u
	for i, v := range row {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		switch {
		case v == u:
			b.loop += w
		case labels[v] != labels[u]:
			b.outer += w
		default:
			b.inner += w
			if v != last && w > 0 {
				b.links++
				last = v
			}
		}
	}
}

// tally adds up nodes to communities, and communities to the whole.
func (r *Report) tally(roster rosters, piece []uint32, list []bond) {
	volume := make([]float64, len(r.Communities))
	var inner, all float64
	for c := range r.Communities {
		a := &r.Communities[c]
		members := roster.of(c)
		a.Size, a.Leader = len(members), members[0]
		var between, loops float64
		links := uint64(0)
		for _, u := range members {
			b := &list[u]
			between, loops, a.Cut = between+b.inner, loops+b.loop, a.Cut+b.outer
			links += uint64(b.links)
			if b.inner > list[a.Leader].inner {
				a.Leader = u
			}
			if piece[u] == u {
				a.Pieces++
			}
		}
		a.Inner = between/2 + loops
		volume[c] = between + 2*loops + a.Cut
		if between > 0 {
			a.Share = list[a.Leader].inner / (between / 2)
		}
		if a.Size > 1 {
			a.Density = float64(links) / float64(uint64(a.Size)*uint64(a.Size-1))
		} else {
			r.Single++
		}
		if !a.Connected() {
			r.Disconnected++
		}
		inner, all = inner+a.Inner, all+volume[c]
	}
	if all > 0 {
		r.Coverage = min(1, 2*inner/all)
	}
	for c := range r.Communities {
		if a := &r.Communities[c]; a.Cut > 0 {
			a.Conductance = min(1, a.Cut/max(min(volume[c], all-volume[c]), a.Cut))
		}
	}
}

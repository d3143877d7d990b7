package evaluate

import "rummage/algo/finding"

// Grade is what the findings of one grade hold.
type Grade struct {
	Flagged      int
	Net          int     // findings with two members or more of one ring
	NetPrecision float64 // Net over Flagged; 1 when nothing is flagged
	RingsTouched int     // rings of which one finding holds two members or more

	// Jaccard is the mean, over findings, of the largest overlap with a ring,
	// members of both over members of either; Useful the share of findings
	// where that is 0.3 or more, Strict 0.5. 0 when nothing is flagged.
	Jaccard, Useful, Strict float64

	// Benign is how many findings hold two members or more of one benign
	// group, and of no ring.
	Benign int
}

// grade holds the findings of one grade against the rings.
func (p *planted) grade(list []finding.Finding, takes func(*finding.Finding) bool) Grade {
	g := Grade{NetPrecision: 1}
	touched := map[int32]bool{}
	useful, strict := 0, 0
	for i := range list {
		if !takes(&list[i]) {
			continue
		}
		g.Flagged++
		members := list[i].Members
		held := inside(members, p.ring)
		overlap := 0.0
		for _, one := range held {
			touched[one.group] = true
			overlap = max(overlap, share(one.members, len(members)+p.size[one.group]-one.members))
		}
		switch {
		case len(held) > 0:
			g.Net++
		case len(inside(members, p.benign)) > 0:
			g.Benign++
		}
		g.Jaccard += overlap
		if overlap >= 0.3 {
			useful++
		}
		if overlap >= 0.5 {
			strict++
		}
	}
	if g.Flagged > 0 {
		g.NetPrecision, g.Jaccard = share(g.Net, g.Flagged), g.Jaccard/float64(g.Flagged)
		g.Useful, g.Strict = share(useful, g.Flagged), share(strict, g.Flagged)
	}
	g.RingsTouched = len(touched)
	return g
}

// part is how many members of a group there are among some nodes.
type part struct {
	group   int32
	members int
}

// inside lists the groups that have two members or more among the nodes, in
// the order of their second.
func inside(nodes []uint32, of []int32) []part {
	place := map[int32]int{}
	count := map[int32]int{}
	var held []part
	for _, v := range nodes {
		g := of[v]
		if g == nobody {
			continue
		}
		switch count[g]++; {
		case count[g] == 2:
			place[g] = len(held)
			held = append(held, part{g, 2})
		case count[g] > 2:
			held[place[g]].members++
		}
	}
	return held
}

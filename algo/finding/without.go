package finding

import (
	"fmt"
	"math"
	"slices"
)

// Lever is a tie that a finding may rest on: a trade pair inside it, or an identifier that its members share.
type Lever struct {
	// Pair is the two traders; meaningless when Identifier is not None.
	Pair Pair

	// Identifier is the node of the shared identifier, or None for a trade pair.
	Identifier uint32
}

// Levers are ties left out together.
type Levers []Lever

// Remainder is what is left of a finding when ties are left out.
type Remainder struct {
	Without Levers

	// Finding has the counts, p and q of what still hangs together: where the group falls apart, of its best part. A part of
	// which no test is made (too small, or without hits to test) has P, PImporters, Score and Q of 1 and no members.
	Finding

	// Flagged says whether it would still be flagged in the same grade.
	Flagged bool
}

// Levers lists the ties that hold a group together: trade pairs inside in the order of their ids, then the rare identifiers that
// two members or more share.
func (t *Trial) Levers(members []uint32) Levers {
	var levers Levers
	for _, p := range t.circle.dealsInside(members) {
		levers = append(levers, Lever{Pair: p, Identifier: None})
	}
	for _, z := range t.circle.sharedInside(members) {
		levers = append(levers, Lever{Identifier: z})
	}
	return levers
}

// Without tests a finding again with ties left out. The group is not drawn anew and the margins stay as they are: the same
// inspections were made. Consignments of a pair left out are no longer internal; ties that hold nothing else leave members
// behind. Its score takes the place of the finding's in the run's own calibration. What a world without these ties would hold
// in the place of the group, Trade.Without is for.
func (r *Result) Without(t *Trial, one *Finding, levers ...Lever) (Remainder, error) {
	best := Remainder{Without: levers, Finding: Finding{Grade: one.Grade, P: 1, PImporters: 1, Score: 1, Q: [2]float64{1, 1}, place: one.place}}
	score := math.Inf(1)
	for _, part := range t.circle.parts(one.Members, levers) {
		if len(part) < t.circle.opts.Smallest {
			continue
		}
		left := t.retest(one, part, levers)
		if left.Score < score && eligible(uint32(left.ImportersHit), left.Loops) {
			best.Finding, score = left, left.Score
		}
	}
	if math.IsInf(score, 1) {
		return best, nil
	}
	level := r.level(one.Grade)
	for n := range best.Q {
		q, err := level.qAt(Null(n), best.Score, one.place)
		if err != nil {
			return best, fmt.Errorf("%w (testing what remains of a finding)", err)
		}
		best.Q[n] = q
	}
	best.Flagged = best.Q[ShuffleConsignments] <= level.q
	if one.Grade == GradeA {
		best.Flagged = best.Flagged && best.Q[ShuffleImporters] <= level.q
	}
	return best, nil
}

// retest counts and tests one part of a group.
func (t *Trial) retest(one *Finding, part []uint32, levers Levers) Finding {
	left := Finding{Group: Group{Members: part, Origin: one.Origin, Loops: t.circle.loops(part, levers)}, Grade: one.Grade, place: one.place}
	if favour := t.circle.opts.favour; favour != nil {
		left.Favour = favour(part)
	}
	c := &t.trade.Consignments
	var places []uint32
	for v := range part {
		at, is := slices.BinarySearch(t.importers, part[v])
		if !is {
			continue
		}
		inspected, hits := 0, 0
		for place := t.block[at]; place < t.block[at+1]; place++ {
			exporter := c.Exporter[t.row[place]]
			if _, in := slices.BinarySearch(part, exporter); !in || levers.pair(part[v], exporter) {
				continue
			}
			inspected++
			places = append(places, place)
			if t.outcomes.hit[place] {
				hits++
			}
		}
		left.Inspected, left.Hits = left.Inspected+inspected, left.Hits+hits
		left.ImportersInspected, left.ImportersHit = left.ImportersInspected+min(inspected, 1), left.ImportersHit+min(hits, 1)
	}
	t.measure(&left, places)
	return left
}

// pair says whether the trade pair of these two is left out.
func (l Levers) pair(a, b uint32) bool {
	return slices.ContainsFunc(l, func(one Lever) bool {
		return one.Identifier == None && (one.Pair == Pair{a, b} || one.Pair == Pair{b, a})
	})
}

// identifier says whether that one is left out.
func (l Levers) identifier(z uint32) bool {
	return slices.ContainsFunc(l, func(one Lever) bool { return one.Identifier == z })
}

// dealsInside lists the trade pairs with both ends among members.
func (c *circle) dealsInside(members []uint32) []Pair {
	var pairs []Pair
	for i, a := range members {
		row := c.deals.Neighbours(a)
		for _, b := range members[i+1:] {
			if _, deals := slices.BinarySearch(row, b); deals {
				pairs = append(pairs, Pair{a, b})
			}
		}
	}
	return pairs
}

// sharedInside lists the rare identifiers of two members or more.
func (c *circle) sharedInside(members []uint32) []uint32 {
	var all, shared []uint32
	for _, m := range members {
		all = append(all, c.rare.Neighbours(m)...)
	}
	slices.Sort(all)
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1] && (len(shared) == 0 || shared[len(shared)-1] != all[i]) {
			shared = append(shared, all[i])
		}
	}
	return shared
}

// loops counts the ties of a group beyond a tree, with ties left out or nothing; see Group.
func (c *circle) loops(members []uint32, levers Levers) int {
	ties := 1 - len(members)
	for _, p := range c.dealsInside(members) {
		if !levers.pair(p.A, p.B) {
			ties++
		}
	}
	for _, z := range c.sharedInside(members) {
		if !levers.identifier(z) {
			ties += len(c.usersAmong(z, members)) - 1
		}
	}
	return max(0, ties)
}

// UsersAmong lists those members, ascending, that a rare identifier is tied to.
func (t *Trial) UsersAmong(identifier uint32, members []uint32) []uint32 {
	return t.circle.usersAmong(identifier, members)
}

func (c *circle) usersAmong(identifier uint32, members []uint32) []uint32 {
	var among []uint32
	for _, v := range c.rare.InNeighbours(identifier) {
		if _, in := slices.BinarySearch(members, v); in {
			among = append(among, v)
		}
	}
	return among
}

// parts are the connected parts of a group with ties left out, each ascending, in the order of their first members.
func (c *circle) parts(members []uint32, levers Levers) [][]uint32 {
	root := make([]int, len(members))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			i = root[i]
		}
		return i
	}
	join := func(a, b uint32) {
		i, _ := slices.BinarySearch(members, a)
		j, _ := slices.BinarySearch(members, b)
		i, j = find(i), find(j)
		root[max(i, j)] = min(i, j)
	}
	for _, p := range c.dealsInside(members) {
		if !levers.pair(p.A, p.B) {
			join(p.A, p.B)
		}
	}
	for _, z := range c.sharedInside(members) {
		if levers.identifier(z) {
			continue
		}
		among := c.usersAmong(z, members)
		for _, v := range among[1:] {
			join(among[0], v)
		}
	}
	var parts [][]uint32
	place := make(map[int]int, len(members))
	for i, m := range members {
		r := find(i)
		at, known := place[r]
		if !known {
			at = len(parts)
			place[r] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], m)
	}
	return parts
}

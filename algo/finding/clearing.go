package finding

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Clearing is a set of ties without which nothing is flagged any more where a network was. Nothing: no finding has half of the
// smaller one's members, its own or the network's, which is how findings become one network.
type Clearing struct {
	Levers Levers // pairs by their ids, then identifiers

	// Links is how many ties go: a trade pair is one, and an identifier one for each of its users among Reach.
	Links int

	// Consignments are those of the pairs that go.
	Consignments int

	// Reach is the members of the network and of every group that was flagged in its place; whoever of them uses an identifier of
	// Levers leaves it.
	Reach []uint32

	// Proven says that groups were drawn and tested anew without these ties, and nothing was left.
	Proven bool

	// Fewest says that every set of fewer links leaves a known group flagged, by the counts and thresholds of the run.
	Fewest bool

	// Rounds is how many times groups were drawn and tested anew.
	Rounds int
}

// ClearOptions are the settings of Clear.
type ClearOptions struct {
	Trial  TrialOptions // of the run
	Rounds int          // draws and tests anew, at most; 12 when 0
	Sets   int          // sets of ties looked at in a round, at most; 20,000 when 0
}

// Without is the trade without some ties: the consignments of pairs, further ties of these pairs, and the ties of some parties,
// ascending, to identifiers. It shares what it can with the other. Marks of service parties stay as they are.
func (t *Trade) Without(levers Levers, parties []uint32) *Trade {
	left := *t
	from := &t.Consignments
	left.Consignments = Consignments{}
	to := &left.Consignments
	for i := range from.Len() {
		if levers.pair(from.Importer[i], from.Exporter[i]) {
			continue
		}
		to.Key, to.Importer, to.Exporter = append(to.Key, from.Key[i]), append(to.Importer, from.Importer[i]), append(to.Exporter, from.Exporter[i])
		to.Inspected, to.Hit = append(to.Inspected, from.Inspected[i]), append(to.Hit, from.Hit[i])
		if from.Cell != nil {
			to.Cell = append(to.Cell, from.Cell[i])
		}
	}
	left.Pairs = slices.DeleteFunc(slices.Clone(t.Pairs), func(p Pair) bool { return levers.pair(p.A, p.B) })
	left.Identifiers = slices.DeleteFunc(slices.Clone(t.Identifiers), func(tie Tie) bool {
		_, in := slices.BinarySearch(parties, tie.Party)
		return in && levers.identifier(tie.Identifier)
	})
	return &left
}

// Clear looks for the fewest ties whose removal clears a network of these members, ascending, and proves the answer by drawing and
// testing anew. It is not Proven where the rounds run out.
//
// Every candidate group that shares half of the smaller one's members with the network must fall below the thresholds of the run. The
// search branches on the ties of the first group that does not (a bounded search tree, as for hitting sets), after a greedy start. A
// group that is flagged all the same when everything is drawn anew joins those that must fall, and the search is made again.
//
// Cost: that of Draw and Trial.Run for each round.
func (r *Result) Clear(ctx context.Context, t *Trial, members []uint32, opts ClearOptions) (*Clearing, error) {
	s := clearing{trial: t, result: r, slack: 1, sets: cmp.Or(opts.Sets, 20_000)}
	s.include(members)
	for i := range t.groups {
		if group := t.groups[i].Members; shared(group, members) && s.flagged(group, nil) {
			s.pool = append(s.pool, group)
			s.include(group)
		}
	}
	opts.Trial.Progress = nil
	var c *Clearing
	for range cmp.Or(opts.Rounds, 12) {
		c = s.solve()
		left, err := t.without(ctx, c, &opts)
		s.rounds++
		if err != nil {
			return nil, err
		}
		known := len(s.pool)
		c.Proven, c.Rounds = true, s.rounds
		for i := range left.List {
			if group := left.List[i].Members; shared(group, members) {
				c.Proven = false
				s.learn(group, c.Levers)
			}
		}
		if c.Proven {
			return c, nil
		}
		if len(s.pool) == known {
			s.slack *= 4 // the thresholds of the world without these ties are a little wider
		}
	}
	return c, nil
}

// shared says whether two ascending lists have half of the shorter one in common.
func shared(a, b []uint32) bool {
	common := 0
	for _, v := range a {
		if _, in := slices.BinarySearch(b, v); in {
			common++
		}
	}
	return 2*common >= min(len(a), len(b))
}

// without draws and tests anew.
func (t *Trial) without(ctx context.Context, c *Clearing, opts *ClearOptions) (*Result, error) {
	draw := t.circle.opts
	draw.Progress = nil
	candidates, err := Draw(ctx, t.trade.Without(c.Levers, c.Reach), draw)
	if err != nil {
		return nil, fmt.Errorf("finding: clearing: %w", err)
	}
	return NewTrial(candidates).Run(ctx, opts.Trial)
}

// clearing looks for ties.
type clearing struct {
	trial  *Trial
	result *Result
	pool   [][]uint32 // groups that must fall
	reach  []uint32
	slack  float64 // thresholds are so many times those of the run
	rounds int

	sets int // looked at in a round, at most
	left int
	best Levers
	cost price
}

// price orders sets of ties.
type price struct{ links, consignments int }

func (p price) less(o price) bool {
	return p.links < o.links || p.links == o.links && p.consignments < o.consignments
}

func (s *clearing) include(members []uint32) {
	s.reach = append(s.reach, members...)
	slices.Sort(s.reach)
	s.reach = slices.Compact(s.reach)
}

// learn adds a group that was flagged without these ties, unless it would have been known to be.
func (s *clearing) learn(group []uint32, levers Levers) {
	s.include(group)
	for _, known := range s.pool {
		if slices.Equal(known, group) {
			return
		}
	}
	if !s.flagged(group, levers) {
		s.slack *= 2
	}
	s.pool = append(s.pool, group)
}

// flagged says whether a part of a group would be flagged, at the thresholds of the run, with ties left out.
func (s *clearing) flagged(group []uint32, levers Levers) bool {
	for _, part := range s.trial.circle.parts(group, levers) {
		if len(part) < s.trial.circle.opts.Smallest {
			continue
		}
		left := s.trial.retest(&Finding{Grade: GradeA}, part, levers)
		if !eligible(uint32(left.ImportersHit), left.Loops) {
			continue
		}
		wide := left.P / left.weight()
		if wide <= s.slack*s.result.B.Threshold || left.Score <= s.slack*s.result.A.Threshold {
			return true
		}
	}
	return false
}

// standing returns the first group that is flagged all the same, and how many are.
func (s *clearing) standing(levers Levers) (first []uint32, all int) {
	for _, group := range s.pool {
		if s.flagged(group, levers) {
			if all++; all == 1 {
				first = group
			}
		}
	}
	return first, all
}

// price of a set of ties.
func (s *clearing) price(levers Levers) price {
	var p price
	c := &s.trial.trade.Consignments
	pairs := 0
	for _, l := range levers {
		if l.Identifier != None {
			p.links += len(s.trial.circle.usersAmong(l.Identifier, s.reach))
			continue
		}
		pairs++
	}
	p.links += pairs
	if pairs > 0 {
		for i := range c.Len() {
			if levers.pair(c.Importer[i], c.Exporter[i]) {
				p.consignments++
			}
		}
	}
	return p
}

// solve finds the cheapest set under which every group of the pool falls.
func (s *clearing) solve() *Clearing {
	s.left = s.sets
	s.best = s.greedy()
	s.cost = s.price(s.best)
	s.branch(nil, nil)
	slices.SortFunc(s.best, func(a, b Lever) int {
		return cmp.Or(-cmp.Compare(a.Identifier, b.Identifier), cmp.Compare(a.Pair.A, b.Pair.A), cmp.Compare(a.Pair.B, b.Pair.B))
	})
	return &Clearing{
		Levers: s.best, Links: s.cost.links, Consignments: s.cost.consignments, Reach: slices.Clone(s.reach), Fewest: s.left > 0,
	}
}

// greedy leaves out ties of the first standing group, each time the one that leaves fewest standing, until none is; then takes
// back what was not needed.
func (s *clearing) greedy() Levers {
	var chosen Levers
	for {
		group, _ := s.standing(chosen)
		if group == nil {
			break
		}
		var best Lever
		least := -1
		for _, l := range s.trial.Levers(group) {
			if chosen.has(l) {
				continue
			}
			if _, left := s.standing(append(chosen[:len(chosen):len(chosen)], l)); least < 0 || left < least {
				best, least = l, left
			}
		}
		if least < 0 {
			break // flagged without any tie: no part is, as a part needs two members
		}
		chosen = append(chosen, best)
	}
	for i := len(chosen) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(chosen), i, i+1)
		if group, _ := s.standing(fewer); group == nil {
			chosen = fewer
		}
	}
	return chosen
}

func (l Levers) has(one Lever) bool { return slices.Contains(l, one) }

// branch leaves out, one after another, each tie of the first standing group; those tried before it stay in.
func (s *clearing) branch(chosen, kept Levers) {
	if s.left--; s.left <= 0 {
		return
	}
	if len(chosen) > 0 && !s.price(chosen).less(s.cost) {
		return
	}
	group, _ := s.standing(chosen)
	if group == nil {
		s.best, s.cost = slices.Clone(chosen), s.price(chosen)
		return
	}
	kept = kept[:len(kept):len(kept)]
	for _, l := range s.trial.Levers(group) {
		if chosen.has(l) || kept.has(l) {
			continue
		}
		s.branch(append(chosen[:len(chosen):len(chosen)], l), kept)
		kept = append(kept, l)
	}
}

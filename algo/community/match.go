package community

import (
	"cmp"
	"context"
	"slices"

	"rummage/algo/csr"
)

// Meeting is what a group of one time and a group of a later one have in common. The groups are named by their places.
type Meeting struct {
	Before, Now int
	// Common is the weight of the members that both have, Jaccard its share of the weight of all that either has.
	Common, Jaccard float64
}

// Meetings lists every pair of groups that have a member in common, ordered by place before and place now. Groups list keys that last
// from one time to the other, in any order; a key named twice counts once, and groups of one time may overlap. weight gives what a
// key counts, nil 1 each; what is not above 0 counts nothing, and more than csr.GreatestWeight counts as that.
//
// Only what meets is looked at, by a join of the keys: cost O(k log k) for k keys where groups of one time do not overlap, in time and
// 32 bytes each.
//
// It takes no context; Trace looks at its own meanwhile.
func Meetings[K cmp.Ordered](before, now [][]K, weight func(K) float64) []Meeting {
	// Nothing cancels the background, so there is no error.
	t, _ := meet(context.Background(), before, now, weight)
	return t.meetings
}

// encounter is what Meetings finds, with the weight of every group.
type encounter struct {
	meetings    []Meeting
	before, now []float64
}

// contact is a member that two groups have in common.
type contact struct {
	before, now uint32
	weight      float64
}

func meet[K cmp.Ordered](ctx context.Context, before, now [][]K, weight func(K) float64) (encounter, error) {
	a, err := enrol(ctx, before)
	if err != nil {
		return encounter{}, err
	}
	b, err := enrol(ctx, now)
	if err != nil {
		return encounter{}, err
	}
	contacts, err := arrange(ctx, 1, a.join(b, weight), func(x, y contact) int {
		return cmp.Or(cmp.Compare(x.before, y.before), cmp.Compare(x.now, y.now))
	})
	if err != nil {
		return encounter{}, err
	}
	e := encounter{before: a.weigh(len(before), weight), now: b.weigh(len(now), weight)}
	for i, c := range contacts {
		if i == 0 || c.before != contacts[i-1].before || c.now != contacts[i-1].now {
			e.meetings = append(e.meetings, Meeting{Before: int(c.before), Now: int(c.now)})
		}
		e.meetings[len(e.meetings)-1].Common += c.weight
	}
	for i := range e.meetings {
		m := &e.meetings[i]
		if union := e.before[m.Before] + e.now[m.Now] - m.Common; union > 0 {
			m.Jaccard = min(1, m.Common/union)
		}
	}
	return e, nil
}

// join lists the contacts in the order of keys.
func (e enrolments[K]) join(other enrolments[K], weight func(K) float64) []contact {
	var contacts []contact
	for i, j := 0, 0; i < len(e) && j < len(other); {
		if order := cmp.Compare(e[i].key, other[j].key); order < 0 {
			i++
			continue
		} else if order > 0 {
			j++
			continue
		}
		key, to := e[i].key, j
		w := worth(key, weight)
		for ; i < len(e) && e[i].key == key; i++ {
			for to = j; to < len(other) && other[to].key == key; to++ {
				contacts = append(contacts, contact{e[i].group, other[to].group, w})
			}
		}
		j = to
	}
	return contacts
}

// Couple chooses meetings so that every group is in one at most: those of greatest Jaccard first, of equal ones those of most in common,
// then by place before and place now; a meeting below least is none. order, when not nil, puts other meetings first than these rules,
// which then decide among those that it holds equal. The result is ordered by place before.
//
// It is the greedy rule, not the assignment of greatest sum: whoever is nearest stays together, whatever that costs a third group, and
// the sum of Jaccard is at least half of the greatest. Cost O(m log m) for m meetings.
func Couple(meetings []Meeting, least float64, order func(a, b Meeting) int) []Meeting {
	ranked := slices.DeleteFunc(slices.Clone(meetings), func(m Meeting) bool { return !(m.Jaccard >= least) })
	slices.SortFunc(ranked, func(a, b Meeting) int {
		if order != nil {
			if first := order(a, b); first != 0 {
				return first
			}
		}
		return cmp.Or(cmp.Compare(b.Jaccard, a.Jaccard), cmp.Compare(b.Common, a.Common), a.Before-b.Before, a.Now-b.Now)
	})
	before, now := make(map[int]bool), make(map[int]bool)
	var couples []Meeting
	for _, m := range ranked {
		if !before[m.Before] && !now[m.Now] {
			before[m.Before], now[m.Now] = true, true
			couples = append(couples, m)
		}
	}
	slices.SortFunc(couples, func(a, b Meeting) int { return a.Before - b.Before })
	return couples
}

// enrolment is a key in a group.
type enrolment[K cmp.Ordered] struct {
	key   K
	group uint32
}

type enrolments[K cmp.Ordered] []enrolment[K]

// enrol lists the members of all groups by key, each once a group.
func enrol[K cmp.Ordered](ctx context.Context, groups [][]K) (enrolments[K], error) {
	var list enrolments[K]
	for g, members := range groups {
		for _, key := range members {
			list = append(list, enrolment[K]{key, uint32(g)})
		}
	}
	list, err := arrange(ctx, 1, list, func(a, b enrolment[K]) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.group, b.group)) })
	return slices.Compact(list), err
}

// weigh adds up the weight of every group, in the order of keys.
func (e enrolments[K]) weigh(groups int, weight func(K) float64) []float64 {
	sums := make([]float64, groups)
	for _, one := range e {
		sums[one.group] += worth(one.key, weight)
	}
	return sums
}

func worth[K cmp.Ordered](key K, weight func(K) float64) float64 {
	if weight == nil {
		return 1
	}
	if w := weight(key); w > 0 {
		return min(w, csr.GreatestWeight)
	}
	return 0
}

package resolve

import (
	"cmp"
	"slices"
	"strings"

	"rummage/graph"
	"rummage/resolve/name"
)

// GroupOptions of Groups. The zero value is usable.
type GroupOptions struct {
	// Least is the score from which two parties may stand in a group; 0.5 when it is 0.
	Least float64
	// Most is how many parties a group may have; 40 when it is 0. More of one name make
	// several groups.
	Most int
	// Judged tells pairs that stand in no group, since somebody has judged them; nil for
	// none.
	Judged func(a, b graph.ID) bool
}

// A Group is three parties or more of which any two agree exactly: in the name, in
// its normal form, and, where both are known, in the country, an address, the number
// of a register and the day of birth.
type Group struct {
	Parties []*Subject // by id
	Score   float64    // the least of any two
	used    Frequency
}

const (
	fewestOfGroup = 3
	usualGroup    = 40
	// mostOfName is how many parties of one name are put into groups. What more have is
	// no name, but TO ORDER.
	mostOfName = 2000
)

// Groups finds the groups, the likeliest first, then by their first id. It is for
// asking one question where Propose would ask one a pair. A party stands in one
// group at most. Cost: the parties, and for each name the square of those that have
// it.
func Groups(subjects []*Subject, opts GroupOptions) []Group {
	g := grouping{opts: opts, used: counted(subjects)}
	g.opts.Least, g.opts.Most = cmp.Or(opts.Least, usualLeast), cmp.Or(opts.Most, usualGroup)
	type keyed struct {
		key uint64
		s   *Subject
	}
	all := make([]keyed, 0, len(subjects))
	for _, s := range subjects {
		if len(s.names) > 0 {
			all = append(all, keyed{hash("exact", s.names[0].Normal()), s})
		}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), strings.Compare(string(a.s.ID), string(b.s.ID)))
	})
	for from, to := 0, 0; from < len(all); from = to {
		for to = from + 1; to < len(all) && all[to].key == all[from].key; to++ {
		}
		if n := to - from; n < fewestOfGroup || n > mostOfName {
			continue
		}
		same := make([]*Subject, 0, to-from)
		for _, k := range all[from:to] {
			same = append(same, k.s)
		}
		g.divide(same)
	}
	slices.SortFunc(g.found, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(string(a.Parties[0].ID), string(b.Parties[0].ID)))
	})
	return g.found
}

// grouping is a call of Groups.
type grouping struct {
	opts  GroupOptions
	used  Frequency
	found []Group
}

// divide puts each party of one name into the first group with all of which it
// agrees.
func (g *grouping) divide(same []*Subject) {
	var groups []Group
	for _, s := range same {
		placed := false
		for i := range groups {
			if score, ok := g.fits(&groups[i], s); ok {
				groups[i].Parties, groups[i].Score, placed = append(groups[i].Parties, s), score, true
				break
			}
		}
		if !placed {
			groups = append(groups, Group{Parties: []*Subject{s}, Score: 1, used: g.used})
		}
	}
	for i := range groups {
		if len(groups[i].Parties) >= fewestOfGroup {
			g.found = append(g.found, groups[i])
		}
	}
}

// fits says whether a party agrees with all of a group, and what the least score of
// two of them is then.
func (g *grouping) fits(group *Group, s *Subject) (score float64, ok bool) {
	if len(group.Parties) >= g.opts.Most {
		return 0, false
	}
	score = group.Score
	for _, other := range group.Parties {
		if !agree(other, s) || g.opts.Judged != nil && g.opts.Judged(other.ID, s.ID) {
			return 0, false
		}
		if score = min(score, scoreOf(other, s, g.used)); score < g.opts.Least {
			return 0, false
		}
	}
	return score, true
}

// agree says whether two parties have one name, and nothing that is known of both is
// another.
func agree(a, b *Subject) bool {
	m, n := a.names[0], b.names[0]
	if m.Normal() != n.Normal() || a.placeOnly() != b.placeOnly() {
		return false
	}
	if x, y := formsOf(m), formsOf(n); x != "" && y != "" && x != y {
		return false
	}
	if a.country != "" && b.country != "" && a.country != b.country {
		return false
	}
	if len(a.addresses) > 0 && len(b.addresses) > 0 && !a.neighbour(b) {
		return false
	}
	j := judging{mute: true}
	j.numbers(a, b)
	j.born(a, b)
	return len(j.Conflicts) == 0
}

// neighbour says whether two parties have an address in common, in its normal form.
func (s *Subject) neighbour(other *Subject) bool {
	for i := range s.addresses {
		text := s.addresses[i].String()
		for k := range other.addresses {
			if other.addresses[k].String() == text {
				return true
			}
		}
	}
	return false
}

// Pair judges two parties of the group, by their places in it.
func (g *Group) Pair(i, k int) Pair {
	a, b := g.Parties[min(i, k)], g.Parties[max(i, k)]
	return Pair{a.ID, b.ID, Judge(a, b, g.used)}
}

// formsOf names the legal forms in a name, "" for none.
func formsOf(n *name.Name) string {
	var all []string
	for _, f := range n.Forms() {
		all = append(all, f.Name)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

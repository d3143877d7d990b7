package flag

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/algo/finding"
	"rummage/graph"
)

func numbered(from, to int) []graph.ID {
	var ids []graph.ID
	for i := from; i < to; i++ {
		ids = append(ids, graph.ID(fmt.Sprintf("party/%03d", i)))
	}
	return ids
}

// made is a network of these records, all of them members, each with that exposure.
func made(exposure float64, parts ...[]graph.ID) Network {
	var n Network
	for _, part := range parts {
		n.Records = append(n.Records, part...)
	}
	n.Members = make([]Member, len(n.Records))
	for i := range n.Records {
		n.groups = append(n.groups, n.Records[i:i+1])
	}
	n.Exposure = Number((exposure - 1) * float64(len(n.Records)))
	return n
}

func named(id graph.ID, n Network) Network {
	n.ID, n.Founded = id, "r-first"
	return n
}

// after is what a run with that result leaves to the next.
func after(r *Result) now {
	p := newPast()
	p.take(r, Kind, false)
	return now{run: "r-now", past: p}
}

func TestFollow(t *testing.T) {
	type is struct {
		id    graph.ID
		state State
	}
	for name, test := range map[string]struct {
		before []Network
		gone   []Track
		now    []Network
		want   []is // "" for an id of its own
		left   []is
	}{
		"first run": {now: []Network{made(5, numbered(0, 4))}, want: []is{{"", New}}},
		"nothing happened": {
			before: []Network{named("n-1", made(5, numbered(0, 4)))},
			now:    []Network{made(5, numbered(0, 4))}, want: []is{{"n-1", Same}},
		},
		"one more is not worth a word": {
			before: []Network{named("n-1", made(5, numbered(0, 4)))},
			now:    []Network{made(5, numbered(0, 5))}, want: []is{{"n-1", Same}},
		},
		"two more": {
			before: []Network{named("n-1", made(5, numbered(0, 4)))},
			now:    []Network{made(5, numbered(0, 6))}, want: []is{{"n-1", Grown}},
		},
		"twice as exposed": {
			before: []Network{named("n-1", made(5, numbered(0, 4)))},
			now:    []Network{made(11, numbered(0, 4))}, want: []is{{"n-1", Grown}},
		},
		"too little in common": {
			before: []Network{named("n-1", made(5, numbered(0, 10)))},
			now:    []Network{made(5, numbered(8, 18))}, want: []is{{"", New}}, left: []is{{"n-1", Gone}},
		},
		"two become one": {
			before: []Network{named("n-1", made(5, numbered(0, 4))), named("n-2", made(5, numbered(4, 9)))},
			now:    []Network{made(5, numbered(0, 9))}, want: []is{{"n-2", Merged}}, left: []is{{"n-1", Merged}},
		},
		"one becomes two": {
			before: []Network{named("n-1", made(5, numbered(0, 9)))},
			now:    []Network{made(5, numbered(0, 4)), made(5, numbered(4, 9))}, want: []is{{"", Split}, {"n-1", Shrunk}},
		},
		"back after a gap": {
			gone: []Track{{ID: "n-1", State: Dormant, Founded: "r-first", Records: numbered(0, 4)}},
			now:  []Network{made(5, numbered(0, 5))}, want: []is{{"n-1", Returned}},
		},
		"what was merged does not come back": {
			gone: []Track{{ID: "n-1", State: Merged, Records: numbered(0, 4)}},
			now:  []Network{made(5, numbered(0, 4))}, want: []is{{"", New}},
		},
		"still gone": {
			gone: []Track{{ID: "n-2", State: Gone, Records: numbered(9, 12)}, {ID: "n-1", State: Gone, Records: numbered(0, 4)}},
			left: []is{{"n-1", Dormant}, {"n-2", Dormant}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			left := follow(test.now, after(&Result{Run: "r-last", Networks: test.before, Gone: test.gone}))
			for i, want := range test.want {
				n := test.now[i]
				assert.Equal(t, want.state, n.State)
				if want.id == "" {
					assert.Regexp(t, "^n-[0-9a-f]{12}$", n.ID)
					assert.Equal(t, graph.RunID("r-now"), n.Founded)
					continue
				}
				assert.Equal(t, want.id, n.ID)
				assert.Equal(t, graph.RunID("r-first"), n.Founded)
			}
			var got []is
			for _, track := range left {
				got = append(got, is{track.ID, track.State})
			}
			assert.Equal(t, test.left, got)
		})
	}
}

func TestFollowTellsWhoCameFromWhere(t *testing.T) {
	last := &Result{Run: "r-last", Networks: []Network{named("n-1", made(5, numbered(0, 4))), named("n-2", made(5, numbered(4, 9)))}}
	whole := []Network{made(5, numbered(0, 9))}
	left := follow(whole, after(last))
	assert.Equal(t, []graph.ID{"n-1"}, whole[0].Absorbed)
	assert.Equal(t, graph.ID("n-2"), left[0].Into)
	assert.Equal(t, "took in n-1", whole[0].Change)
	parts := []Network{made(5, numbered(0, 4)), made(5, numbered(4, 9))}
	follow(parts, after(&Result{Run: "r-last", Networks: []Network{named("n-3", made(5, numbered(0, 9)))}}))
	assert.Equal(t, []graph.ID{"n-3"}, parts[0].From)
	assert.Equal(t, "came out of n-3", parts[0].Change)
}

func TestGrownSaysWhy(t *testing.T) {
	last := &Result{Run: "r-last", Networks: []Network{named("n-1", made(5, numbered(0, 7)))}}
	swapped := []Network{made(5, numbered(2, 9))}
	follow(swapped, after(last))
	assert.Equal(t, Grown, swapped[0].State)
	assert.Equal(t, "2 members joined: 7 now, 7 before", swapped[0].Change)
	hotter := []Network{made(11, numbered(0, 7))}
	follow(hotter, after(last))
	assert.Equal(t, "2.2 times as exposed as in the last run", hotter[0].Change)
	merged := made(5, numbered(0, 9))
	merged.groups = [][]graph.ID{numbered(0, 5), numbered(5, 9)}
	one := []Network{merged}
	follow(one, after(last))
	assert.Equal(t, Same, one[0].State, "further records of members that were there are no new members")
}

func TestMergeJoinsFindingsOfHalfTheSmallerOnesMembers(t *testing.T) {
	a := &Analysis{Findings: &finding.Result{List: []finding.Finding{
		{Group: finding.Group{Members: []uint32{1, 2, 3, 4}}, Grade: finding.GradeA},
		{Group: finding.Group{Members: []uint32{10, 11, 12}}},
		{Group: finding.Group{Members: []uint32{3, 4, 5, 6}}},
		{Group: finding.Group{Members: []uint32{6, 7, 12, 20, 21}}},
		{Group: finding.Group{Members: []uint32{5, 6, 8, 9}}},
	}}}
	var nodes [][]uint32
	var grades []string
	for _, n := range a.joined() {
		nodes, grades = append(nodes, n.nodes), append(grades, n.Grade)
	}
	assert.Equal(t, [][]uint32{{1, 2, 3, 4, 5, 6, 8, 9}, {10, 11, 12}, {6, 7, 12, 20, 21}}, nodes)
	assert.Equal(t, []string{"A", "B", "B"}, grades)
}

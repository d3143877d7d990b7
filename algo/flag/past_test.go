package flag_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
	"rummage/graph/storetest"
)

// after flags what the model shows in a scope, after the given runs, and adds the run to them.
func after(t *testing.T, m *storetest.Model, scope graph.Scope, runs *[]graph.Run, scoped bool) *flag.Report {
	t.Helper()
	report, err := flag.Run(context.Background(), m.Within(scope), *runs, flag.Options{Settings: settings(), Seed: 7, Scoped: scoped})
	require.NoError(t, err)
	*runs = append(*runs, report.Run)
	return report
}

func TestAnEndedSourceBreaksNoTrack(t *testing.T) {
	town := newTown().ring(0, 1, 2, 3, 4)
	m := town.model(t)
	var runs []graph.Run
	first := after(t, m, graph.Scope{}, &runs, false)
	require.Len(t, first.Result.Networks, 1)
	id := first.Result.Networks[0].ID

	m.End(m.Sources()[2].ID, graph.Withdrawn, 10, "")
	gone := after(t, m, graph.Scope{}, &runs, false)
	assert.Equal(t, first.Run.ID, gone.Run.Previous)
	require.Len(t, gone.Result.Gone, 1)
	assert.Equal(t, id, gone.Result.Gone[0].ID)
	assert.Equal(t, flag.Gone, gone.Result.Gone[0].State)
	assert.False(t, gone.Result.Gone[0].Cut, "the declarations name all of its members")

	require.True(t, m.Put(storetest.NewBatch("inspections", 11, slices.Clone(town.looked)...)))
	back := after(t, m, graph.Scope{}, &runs, false).Result
	require.Len(t, back.Networks, 1)
	assert.Equal(t, id, back.Networks[0].ID)
	assert.Equal(t, flag.Returned, back.Networks[0].State)
	assert.Equal(t, first.Run.ID, back.Networks[0].Founded)

	m.End(m.Sources()[1].ID, graph.Replaced, 12, "")
	require.True(t, m.Put(storetest.NewBatch("register", 13, slices.Clone(town.register)...)))
	assert.Equal(t, flag.States{Same: 1}, after(t, m, graph.Scope{}, &runs, false).Result.States)
}

// What only a source that ended has shown is in no later run, and the track goes on where that is known again.
func TestTracksHoldNothingThatIsOutOfScope(t *testing.T) {
	town := newTown().ring(0, 1, 2, 3, 4)
	m := town.model(t)
	var runs []graph.Run
	id := after(t, m, graph.Scope{}, &runs, false).Result.Networks[0].ID

	m.End(m.Sources()[0].ID, graph.Withdrawn, 10, "") // the exporter is in the declarations alone
	cut := after(t, m, graph.Scope{}, &runs, false).Result.Gone
	require.Len(t, cut, 1)
	assert.True(t, cut[0].Cut)
	assert.NotContains(t, cut[0].Records, storetest.Trader("ring-exp"))
	assert.Contains(t, cut[0].Records, storetest.Trader("ring-0"))
	assert.NotContains(t, string(runs[1].Results), "ring-exp")

	still := after(t, m, graph.Scope{}, &runs, false).Result.Gone
	require.Len(t, still, 1)
	assert.Equal(t, flag.Dormant, still[0].State)
	assert.True(t, still[0].Cut)
	assert.NotContains(t, string(runs[2].Results), "ring-exp")

	alone := runs[1:] // the run that knew all is no longer to be had
	unknown := after(t, m, graph.Scope{}, &alone, false).Result.Gone
	require.Len(t, unknown, 1)
	assert.True(t, unknown[0].Cut, "once cut, it stays so")

	require.True(t, m.Put(storetest.NewBatch("declarations", 11, slices.Clone(town.declared)...)))
	back := after(t, m, graph.Scope{}, &runs, false).Result
	require.Len(t, back.Networks, 1)
	assert.Equal(t, id, back.Networks[0].ID)
	assert.Equal(t, flag.Returned, back.Networks[0].State)
	assert.Empty(t, back.Gone)
}

func TestScopedRunsStandApart(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	var runs []graph.Run
	first := after(t, m, graph.Scope{}, &runs, false)
	id := first.Result.Networks[0].ID
	assert.False(t, first.Result.Scoped)

	part := graph.Scope{Sources: []graph.SourceID{m.Sources()[0].ID, m.Sources()[2].ID}}
	scoped := after(t, m, part, &runs, true)
	assert.Equal(t, flag.ScopedKind, scoped.Run.Kind)
	assert.True(t, scoped.Result.Scoped)
	require.Len(t, scoped.Result.Networks, 1)
	assert.Equal(t, id, scoped.Result.Networks[0].ID)
	assert.Equal(t, flag.States{Same: 1}, scoped.Result.States)
	again, err := flag.ReadResult(&scoped.Run)
	require.NoError(t, err)
	assert.Equal(t, scoped.Run.ID, again.Run)

	none := after(t, m, graph.Scope{Sources: part.Sources[:1]}, &runs, true)
	assert.Empty(t, none.Result.Networks)
	assert.Empty(t, none.Result.Gone, "it did not look everywhere")

	next := after(t, m, graph.Scope{}, &runs, false)
	assert.Equal(t, first.Run.ID, next.Run.Previous)
	assert.Equal(t, flag.States{Same: 1}, next.Result.States)
	assert.Equal(t, id, next.Result.Networks[0].ID)
}

func TestScopedRunsAloneFollowEachOther(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	until := graph.Scope{Until: storetest.Day(300)}
	var runs []graph.Run
	first := after(t, m, until, &runs, true)
	require.Len(t, first.Result.Networks, 1)
	second := after(t, m, until, &runs, true)
	assert.Equal(t, first.Run.ID, second.Run.Previous)
	assert.Equal(t, flag.States{Same: 1}, second.Result.States)

	standing := after(t, m, graph.Scope{}, &runs, false)
	assert.Empty(t, standing.Run.Previous)
	assert.Equal(t, flag.States{New: 1, Alerting: 1}, standing.Result.States)
	third := after(t, m, until, &runs, true)
	assert.Equal(t, standing.Run.ID, third.Run.Previous)
	assert.Equal(t, standing.Result.Networks[0].ID, third.Result.Networks[0].ID)
}

func TestANetworkThatOnlyScopedRunsKnowKeepsItsID(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	var runs []graph.Run
	part := graph.Scope{Sources: []graph.SourceID{m.Sources()[0].ID}}
	standing := after(t, m, part, &runs, false)
	require.Empty(t, standing.Result.Networks)
	first := after(t, m, graph.Scope{Until: storetest.Day(300)}, &runs, true).Result
	second := after(t, m, graph.Scope{Until: storetest.Day(301)}, &runs, true).Result
	require.Len(t, second.Networks, 1)
	assert.Equal(t, first.Networks[0].ID, second.Networks[0].ID)
	assert.Equal(t, flag.New, second.Networks[0].State, "to the standing series it is")
}

func TestRule(t *testing.T) {
	r := &flag.Result{Networks: []flag.Network{{ID: "n-1"}, {ID: "n-2"}, {ID: "n-3"}}}
	r.Rule([]graph.Decision{
		{Subject: "n-1", Kind: graph.Open, Author: "li", Time: storetest.Noon(1)},
		{Subject: "n-1", Kind: graph.Cleared, Author: "wu", Time: storetest.Noon(2)},
		{Subject: "n-1", Kind: graph.Note, Author: "li", Time: storetest.Noon(3)},
		{Subject: "n-3", Kind: graph.Confirmed, Author: "li", Time: storetest.Noon(3)},
	})
	var order []graph.ID
	for _, n := range r.Networks {
		order = append(order, n.ID)
	}
	assert.Equal(t, []graph.ID{"n-2", "n-3", "n-1"}, order)
	assert.Nil(t, r.Networks[0].Decision)
	assert.Equal(t, graph.Confirmed, r.Networks[1].Decision.Kind)
	assert.Equal(t, &flag.Ruling{Network: "n-1", Kind: graph.Cleared, Author: "wu", Time: storetest.Noon(2)}, r.Networks[2].Decision)
}

func TestLimitKeepsTheSum(t *testing.T) {
	x := &flag.Explanation{Parts: []flag.Part{{From: "a", Share: .5}, {From: "b", Share: .25}, {From: "c", Share: .25}}}
	x.Limit(0)
	x.Limit(3)
	require.Len(t, x.Parts, 3)
	x.Limit(1)
	require.Len(t, x.Parts, 2)
	assert.Equal(t, 2, x.Parts[1].More)
	assert.Equal(t, "2 more", x.Parts[1].Name)
	assert.InDelta(t, 1, sum(x.Parts), 1e-12)
}

func TestCountsAreToldInTheirNumber(t *testing.T) {
	one := flag.Counts{Hits: 1, Inspected: 1, ImportersHit: 1, ImportersInspected: 1, Expected: .5}
	assert.Equal(t, "1 hit in 1 inspected consignment inside, 0.5 expected; 1 of 1 inspected importer was hit", one.Text())
	two := flag.Counts{Hits: 2, Inspected: 3, ImportersHit: 1, ImportersInspected: 2, Expected: .5}
	assert.Equal(t, "2 hits in 3 inspected consignments inside, 0.5 expected; 1 of 2 inspected importers were hit", two.Text())
}

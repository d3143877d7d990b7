package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// judged is a store with a list, a register and what a person said of two parties, one of each.
type judged struct {
	*bench
	store          graph.Store
	model          *Model
	list, register graph.Source
}

// judge imports the list on day 1 and the register on day 2, and has them judged to be one on day 3: on the word of both.
func judge(b *bench) *judged {
	j := &judged{bench: b, store: b.open(), model: NewModel()}
	j.list = j.take(NewBatch("list of January", 1, Named("imp", "Importers United"), Named("other", "Other Trading")))
	j.register = j.take(NewBatch("register", 2, Named("exp", "Export House"), Shipment("1", "carrier", "exp", 2)))
	j.say(graph.Decision{Subject: Trader("imp"), Other: Trader("exp"), Kind: graph.Same, Reason: "one stamp", Time: Noon(3),
		Sources: []graph.SourceID{j.list.ID, j.register.ID}})
	return j
}

func (j *judged) take(batch *Batch) graph.Source {
	j.t.Helper()
	require.True(j.t, j.model.Put(batch))
	return j.put(j.store, batch)
}

func (j *judged) say(d graph.Decision) {
	j.t.Helper()
	d.Author = "li"
	slices.Sort(d.Sources)
	_, err := j.store.Decide(context.Background(), d)
	require.NoError(j.t, err)
	j.model.Decide(d)
}

func (j *judged) end(source graph.Source, kind graph.EndKind, day int) {
	j.t.Helper()
	act := j.store.Withdraw
	if kind == graph.Purged {
		act = j.store.Purge
	}
	require.NoError(j.t, act(context.Background(), source.ID, Noon(day), "another came"))
	j.model.End(source.ID, kind, day, "another came")
}

// heard asserts which decisions a scope shows, and that the scope which its reader names shows the same.
func (j *judged) heard(scope graph.Scope, why string, want ...int64) {
	j.t.Helper()
	j.same(j.store, j.model, scope)
	reader := j.within(j.store, scope)
	said, err := reader.Decisions(context.Background(), "")
	require.NoError(j.t, err)
	var seqs []int64
	for i := range said {
		seqs = append(seqs, said[i].Seq)
	}
	require.Equal(j.t, want, seqs, why)
	require.Equal(j.t, j.dump(j.store, scope), j.dump(j.store, reader.Scope()), "the resolved scope shows the same: %s", why)
}

func (suite) TestADecisionOutlivesTheListThatNamedItsParty(t *testing.T, b *bench) {
	j := judge(b)
	j.heard(graph.Scope{}, "as it was said", 1)
	j.end(j.list, graph.Withdrawn, 5)
	j.heard(graph.Scope{}, "nothing names the party")
	february := j.take(NewBatch("list of February", 6, Named("imp", "IMPORTERS UNITED LTD"), Named("new", "New Trading")))
	j.heard(graph.Scope{}, "the next list names it again", 1)
	require.Equal(t, Trader("exp"), j.within(j.store, graph.Scope{}).Identity().Cluster(Trader("imp")))
	require.Equal(t, []graph.SourceID{j.list.ID}, j.within(j.store, graph.Scope{}).Scope().Past, "what it rests on")
	j.heard(graph.Scope{KnownOn: Noon(5)}, "between the lists")
	j.heard(graph.Scope{KnownOn: Noon(4)}, "as it was", 1)
	j.heard(graph.Scope{KnownOn: Noon(6)}, "as it is", 1)

	j.end(february, graph.Withdrawn, 7)
	j.heard(graph.Scope{}, "the party is gone once more")
	j.take(NewBatch("manifest", 8, Shipment("9", "imp", "somebody", 8)))
	j.heard(graph.Scope{}, "named by anything, not by a list alone", 1)
	j.heard(graph.Scope{Until: Day(7)}, "named on no day in scope")
	j.end(j.register, graph.Withdrawn, 9)
	j.heard(graph.Scope{}, "of a pair the other is not named")
}

func (suite) TestADecisionOutlivesAPurge(t *testing.T, b *bench) {
	ctx := context.Background()
	for _, order := range []struct {
		name  string
		first bool // the next list comes before the purge
	}{{"the next list came before", true}, {"the next list comes after", false}} {
		j := judge(&bench{t: t, backend: b.backend, place: b.backend.Place(t)})
		february := NewBatch("list of February", 6, Named("imp", "Importers United"))
		if order.first {
			j.take(february)
		}
		j.end(j.list, graph.Purged, 7)
		if !order.first {
			j.heard(graph.Scope{}, order.name)
			j.take(february)
		}
		j.heard(graph.Scope{}, order.name, 1)
		require.NoError(t, j.store.Close())
		j.store = j.open()
		j.heard(graph.Scope{}, order.name, 1)

		require.NoError(t, j.store.Forget(ctx, []int64{1, 77}))
		j.model.Forget(1)
		j.heard(graph.Scope{}, "forgotten")
		require.NoError(t, j.store.Forget(ctx, nil))
		j.say(graph.Decision{Subject: Trader("imp"), Kind: graph.Note, Reason: "seen", Time: Noon(9)})
		j.heard(graph.Scope{}, "its number is not given again", 2)
		j.sound(j.store)
		require.NoError(t, j.store.Close())
	}
}

// TestAReaderHearsNothingBeyondTheirClearance has readers who are cleared for some of the sources, before and after a list is replaced.
func (suite) TestAReaderHearsNothingBeyondTheirClearance(_ *testing.T, b *bench) {
	j := judge(b)
	ids := func(all ...graph.Source) []graph.SourceID {
		list := make([]graph.SourceID, len(all))
		for i := range all {
			list[i] = all[i].ID
		}
		return list
	}
	february := j.take(NewBatch("list of February", 6, Named("imp", "Importers United")))
	j.heard(graph.Scope{Sources: ids(february, j.register)}, "cleared for the next list only, while the first one counts")
	j.end(j.list, graph.Withdrawn, 7)
	j.heard(graph.Scope{Sources: ids(february, j.register)}, "an end clears nobody")
	j.heard(graph.Scope{Sources: ids(february, j.register), Past: ids(j.list)}, "cleared for what has ended", 1)
	j.heard(graph.Scope{Sources: ids(j.list, february, j.register)}, "by naming it among the sources", 1)
	j.heard(graph.Scope{Sources: ids(j.list, february)}, "not cleared for the register")
	j.heard(graph.Scope{Sources: ids(j.list, february), Past: ids(j.register)}, "which counts, and is not of the past")
	j.heard(graph.Scope{Sources: ids(j.list, j.register)}, "cleared for both, and shown no record of one party")
	j.heard(graph.Scope{Sources: []graph.SourceID{}, Past: ids(j.list, j.register)}, "shown nothing")
	j.heard(graph.Scope{Ended: true}, "a copy", 1)
	j.end(february, graph.Withdrawn, 8)
	j.heard(graph.Scope{Ended: true}, "a copy of what nothing names", 1)
}

// TestARunIsShownToWhoMayHearWhatItUsed has a run whose clusters rest on what a person said beside a list that has ended.
func (suite) TestARunIsShownToWhoMayHearWhatItUsed(t *testing.T, b *bench) {
	ctx := context.Background()
	j := judge(b)
	february := j.take(NewBatch("list of February", 6, Named("imp", "Importers United")))
	j.end(j.list, graph.Withdrawn, 7)
	run := graph.Run{Kind: "flag", Scope: j.within(j.store, graph.Scope{}).Scope(), Finished: Noon(8)}
	plain := run.Scope
	plain.Past = nil
	require.NotEqual(t, plain.Fingerprint(), run.Scope.Fingerprint())
	run.ID = run.NewRunID()
	require.NoError(t, j.store.SaveRun(ctx, run))
	j.model.SaveRun(run)
	for _, one := range []struct {
		scope graph.Scope
		runs  int
	}{
		{graph.Scope{}, 1}, {run.Scope, 1}, {graph.Scope{Sources: []graph.SourceID{february.ID, j.register.ID}}, 0},
		{graph.Scope{Sources: []graph.SourceID{february.ID, j.register.ID, j.list.ID}}, 1},
	} {
		j.same(j.store, j.model, one.scope)
		runs, err := j.within(j.store, one.scope).Runs(ctx, "flag")
		require.NoError(t, err)
		require.Len(t, runs, one.runs, "%+v", one.scope)
	}
	j.end(j.list, graph.Purged, 9)
	j.same(j.store, j.model, graph.Scope{})
	runs, err := j.within(j.store, graph.Scope{}).Runs(ctx, "flag")
	require.NoError(t, err)
	require.Len(t, runs, 1, "it used none of what was purged")
}

// TestWhatWasSaidOfAConsignmentOutlivesItsFile has one that only an outcome names in the end.
func (suite) TestWhatWasSaidOfAConsignmentOutlivesItsFile(_ *testing.T, b *bench) {
	j := &judged{bench: b, store: b.open(), model: NewModel()}
	first := j.take(NewBatch("declarations", 1, Shipment("1", "imp", "exp", 1)))
	j.say(graph.Decision{Subject: Consignment("1"), Kind: graph.Note, Reason: "ask the port", Time: Noon(2), Sources: []graph.SourceID{first.ID}})
	j.say(graph.Decision{Subject: "n-1", Kind: graph.Cleared, Time: Noon(2)})
	j.end(first, graph.Withdrawn, 3)
	j.heard(graph.Scope{}, "what is said of a network rests on nothing", 2)
	j.take(NewBatch("inspections", 4, Found("1", graph.Hit, 4)))
	j.heard(graph.Scope{}, "an outcome names it", 1, 2)
	j.heard(graph.Scope{Until: Day(3)}, "on a later day", 2)
}

package register_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/register"
	"rummage/casefile/subgraph"
	"rummage/graph"
	"rummage/graph/sqlite"
)

var made = time.Date(2027, 1, 31, 9, 30, 0, 0, time.UTC)

func party(value string) graph.ID { return graph.NewID(graph.Party, "t", value) }

func open(t *testing.T) graph.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"), sqlite.Options{Create: true, Holder: "test"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

// bring imports one source of rows.
func bring(t *testing.T, store graph.Store, name string, day int, rows ...graph.Row) graph.SourceID {
	t.Helper()
	into, err := store.Begin(t.Context(), graph.SourceSpec{Name: name, SHA256: graph.SHA256(fmt.Sprintf("%064x", len(name)*1000+day)), Mapping: "m",
		Rules: graph.SHA256(fmt.Sprintf("%064x", 1)), ImportedAt: made.AddDate(0, 0, day)})
	require.NoError(t, err)
	for i := range rows {
		rows[i].Number = int64(i + 2)
		require.NoError(t, into.Append(t.Context(), &rows[i]))
	}
	source, err := into.Commit(t.Context())
	require.NoError(t, err)
	return source.ID
}

func fact(id graph.ID, value string) graph.Row {
	return graph.Row{Facts: []graph.Fact{{Entity: id, Property: "name", Value: value}}}
}

func declared(number string, parties ...graph.ID) graph.Row {
	s := graph.Statement{Consignment: graph.NewID(graph.KindConsignment, "t", number), View: graph.Declaration, Date: graph.DateOf(made)}
	for _, id := range parties {
		s.Ties = append(s.Ties, graph.Tie{Role: graph.Importer, Entity: id})
	}
	return graph.Row{Statements: []graph.Statement{s}}
}

// reading is what the store shows now.
func reading(t *testing.T, store graph.Store) (graph.Reader, []graph.Source) {
	t.Helper()
	reader, err := store.Within(t.Context(), graph.Scope{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, reader.Close()) })
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	return reader, sources
}

// leave notes a case file of two parties, and reads the note again.
func leave(t *testing.T, store graph.Store) register.Entry {
	t.Helper()
	reader, _ := reading(t, store)
	g, err := subgraph.Collect(t.Context(), reader, []graph.ID{party("A"), party("B")}, nil)
	require.NoError(t, err)
	e := register.Entry{ID: "ab", Name: "case-7.zip", Purpose: "inspection", Recipient: "port office", Author: "kim", Made: made, Left: made.Add(time.Hour), Tool: "rummage 1.0"}
	e.Held, err = register.Hold(g)
	require.NoError(t, err)
	run, err := e.Run()
	require.NoError(t, err)
	require.NoError(t, store.SaveRun(t.Context(), run))
	reader, _ = reading(t, store)
	runs, err := reader.Runs(t.Context(), register.Kind)
	require.NoError(t, err)
	all, err := register.Read(runs)
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Equal(t, e, all[0])
	return all[0]
}

func now(t *testing.T, store graph.Store, e *register.Entry) *register.Changes {
	t.Helper()
	reader, sources := reading(t, store)
	changes, err := register.Compare(t.Context(), e, reader, sources)
	require.NoError(t, err)
	return changes
}

// TestWhatMakesACaseFileStale goes through a store's life: each step changes what would be packed, and undoing one takes it back.
func TestWhatMakesACaseFileStale(t *testing.T) {
	store := open(t)
	a, b := party("A"), party("B")
	first := bring(t, store, "first.csv", 0, fact(a, "Amber"), fact(b, "Amber Trading"), declared("1", a, b))
	e := leave(t, store)
	assert.False(t, now(t, store, &e).Stale(), "%+v", now(t, store, &e))

	bring(t, store, "of others.csv", 1, fact(party("C"), "Cobalt"), declared("9", party("C"), a))
	assert.False(t, now(t, store, &e).Stale(), "what concerns nobody in it changes nothing")

	decide := func(kind graph.Verdict) {
		t.Helper()
		_, err := store.Decide(t.Context(), graph.Decision{Subject: a, Other: b, Kind: kind, Author: "kim", Time: made})
		require.NoError(t, err)
	}
	decide(graph.Same)
	changes := now(t, store, &e)
	assert.True(t, changes.Stale())
	assert.Equal(t, 1, changes.Nodes.Gone, "B is A")
	decide(graph.Different)
	assert.False(t, now(t, store, &e).Stale())

	second := bring(t, store, "second.csv", 2, declared("2", a, b))
	changes = now(t, store, &e)
	assert.Equal(t, []string{"consignment/t/2"}, changes.Nodes.New)
	assert.Len(t, changes.Edges.New, 2)
	assert.Equal(t, 1, changes.Rows)
	require.NoError(t, store.Withdraw(t.Context(), second, made.AddDate(0, 0, 3), "again"))
	assert.False(t, now(t, store, &e).Stale())

	require.NoError(t, store.Withdraw(t.Context(), first, made.AddDate(0, 0, 4), "wrong month"))
	changes = now(t, store, &e)
	assert.Equal(t, []register.Ended{{Source: first, Name: "first.csv", By: graph.Withdrawn, Reason: "wrong month"}}, changes.Ended)
	assert.Equal(t, []graph.ID{b}, changes.Gone, "another file has A")

	require.NoError(t, store.Purge(t.Context(), first, made.AddDate(0, 0, 5), "law"))
	reader, _ := reading(t, store)
	runs, err := reader.Runs(t.Context(), register.Kind)
	require.NoError(t, err)
	require.Len(t, runs, 1, "that it left is known still")
	assert.Equal(t, graph.Purged, now(t, store, &e).Ended[0].By)
	assert.NotContains(t, string(runs[0].Results)+string(runs[0].Settings), "Amber", "and nothing of what the source said")
}

func TestRunsThatAreNoEntries(t *testing.T) {
	_, err := register.Read([]graph.Run{{ID: "r-1", Settings: []byte(`[]`), Results: []byte(`{}`)}})
	require.ErrorIs(t, err, register.ErrEntry)
	_, err = register.Read([]graph.Run{{ID: "r-1", Settings: []byte(`{}`), Results: []byte(`no`)}})
	require.ErrorIs(t, err, register.ErrEntry)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	store := open(t)
	reader, err := store.Within(context.Background(), graph.Scope{})
	require.NoError(t, err)
	defer reader.Close()
	_, err = register.Compare(ctx, &register.Entry{Held: register.Held{Parties: []graph.ID{party("A")}}}, reader, nil)
	require.Error(t, err)
}

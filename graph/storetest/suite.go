// Package storetest is the suite that makes a store a store: every promise of
// package graph as a test. A backend hands in how to make a place and how to
// open it; the tests are found by their names, so none can be forgotten and
// none can be skipped.
//
// Beside hand-made cases the suite holds a model of the contract (Model, plain
// slices, no cleverness) and compares what every read path answers, on random
// sources and scopes, with what the model answers.
//
// It knows package graph only: no backend, no file format, no analysis.
package storetest

import (
	"context"
	"flag"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// Backend is a store under test.
type Backend struct {
	// Place returns the address of a store that does not exist yet. It is
	// removed when the test ends.
	Place func(t testing.TB) string

	// Open opens the store at a place, creating it if need be. A place is
	// opened several times, one after another and at once.
	Open func(ctx context.Context, place string) (graph.Store, error)

	// Slow says that every call is a conversation with a server. Random histories and crashes are then as few as with -short, but for
	// -storetest.full; a quick store is tried with all of them.
	Slow bool
}

// writer makes the test binary act as the process that a crash test kills.
var writer = flag.String("storetest.writer", "", "place into which to import until killed (set by the suite itself)")

// full is for a look at length: make soak.
var full = flag.Bool("storetest.full", false, "as many random histories and crashes on a slow store as on a quick one")

// Run runs every test of the suite against the backend, each on a place of
// its own. Call it from a test named TestStore.
func Run(t *testing.T, backend Backend) {
	if *writer != "" {
		writeUntilKilled(t, backend, *writer)
		return
	}
	suite := reflect.ValueOf(suite{})
	for i := range suite.NumMethod() {
		name, ok := strings.CutPrefix(suite.Type().Method(i).Name, "Test")
		require.True(t, ok, "every method of the suite is a test")
		method := suite.Method(i)
		t.Run(name, func(t *testing.T) {
			b := &bench{t: t, backend: backend, place: backend.Place(t)}
			method.Call([]reflect.Value{reflect.ValueOf(t), reflect.ValueOf(b)})
			b.sound(b.open())
		})
	}
}

// suite holds the tests as methods: func (suite) TestName(*testing.T, *bench).
type suite struct{}

// bench is one test's place, with what tests do over and over.
type bench struct {
	t       testing.TB
	backend Backend
	place   string
}

// open opens the place; the store is closed when the test ends.
func (b *bench) open() graph.Store {
	b.t.Helper()
	store, err := b.backend.Open(context.Background(), b.place)
	require.NoError(b.t, err)
	b.t.Cleanup(func() { _ = store.Close() })
	return store
}

// sound asserts that a store that can check itself finds nothing. It is asked
// after every test.
func (b *bench) sound(store graph.Store) {
	b.t.Helper()
	if checker, ok := store.(graph.Checker); ok {
		problems, err := checker.Check(context.Background(), nil)
		require.NoError(b.t, err)
		require.Empty(b.t, problems)
	}
}

// put imports a batch and returns its source.
func (b *bench) put(store graph.Store, batch *Batch) graph.Source {
	b.t.Helper()
	source, err := batch.Import(context.Background(), store)
	require.NoError(b.t, err)
	return source
}

// within opens a reader; it is closed when the test ends.
func (b *bench) within(store graph.Store, scope graph.Scope) graph.Reader {
	b.t.Helper()
	reader, err := store.Within(context.Background(), scope)
	require.NoError(b.t, err)
	b.t.Cleanup(func() { _ = reader.Close() })
	return reader
}

// dump returns everything that a scope shows, as text.
func (b *bench) dump(store graph.Store, scope graph.Scope) string {
	b.t.Helper()
	reader, err := store.Within(context.Background(), scope)
	require.NoError(b.t, err)
	text, err := Dump(context.Background(), reader)
	require.NoError(b.t, err)
	require.NoError(b.t, reader.Close())
	return text
}

// same asserts that the store and the model show the same within a scope, and
// that what the scope hides is answered as what is not there.
func (b *bench) same(store graph.Store, model *Model, scope graph.Scope) {
	b.t.Helper()
	want, err := Dump(context.Background(), model.Within(scope))
	require.NoError(b.t, err)
	require.Equal(b.t, want, b.dump(store, scope))
	b.hidden(store, model, scope)
}

// hidden asks for everything that the model knows and the scope does not
// show, though no more than a few of it.
func (b *bench) hidden(store graph.Store, model *Model, scope graph.Scope) {
	b.t.Helper()
	ctx := context.Background()
	const few = 12
	visible := model.within(scope)
	entities, consignments := model.hidden(visible)
	reader, err := store.Within(ctx, scope)
	require.NoError(b.t, err)
	defer func() { require.NoError(b.t, reader.Close()) }()
	for _, id := range entities[:min(len(entities), few)] {
		_, err := reader.Entity(ctx, id)
		require.ErrorIs(b.t, err, graph.ErrNotFound, id)
		_, err = reader.Counts(ctx, id)
		require.ErrorIs(b.t, err, graph.ErrNotFound, id)
		_, err = reader.Neighbours(ctx, graph.NeighbourQuery{ID: id})
		require.ErrorIs(b.t, err, graph.ErrNotFound, id)
		_, err = reader.Connections(ctx, graph.ConnectionQuery{ID: id})
		require.ErrorIs(b.t, err, graph.ErrNotFound, id)
		query := graph.SearchQuery{Text: id.Label(), Limit: 1 << 20}
		want, err := visible.Search(ctx, query)
		require.NoError(b.t, err)
		if len([]rune(graph.Fold(query.Text))) < 2 {
			continue // a search is for two characters or more
		}
		got, err := reader.Search(ctx, query)
		require.NoError(b.t, err)
		require.Equal(b.t, want, got, id)
	}
	for _, id := range consignments[:min(len(consignments), few)] {
		_, err := reader.Consignment(ctx, id)
		require.ErrorIs(b.t, err, graph.ErrNotFound, id)
	}
}

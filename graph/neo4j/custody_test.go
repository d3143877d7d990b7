package neo4j

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// The evidence folder is looked for when something of it is asked, and made
// when something is kept.
func TestAnEvidenceFolderThatIsNotThere(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	kept := at
	kept.Evidence = filepath.Join(t.TempDir(), "kept")
	s, err := Open(ctx, kept.Address, kept.options())
	require.NoError(t, err)
	defer s.Close()
	unkept := many("unkept", 5)
	unkept.File = nil
	_, err = unkept.Import(ctx, s)
	require.NoError(t, err)
	require.NoDirExists(t, kept.Evidence, "nothing is kept")
	batch := many("kept", 5)
	_, err = batch.Import(ctx, s)
	require.NoError(t, err)
	require.DirExists(t, kept.Evidence)

	for name, c := range map[string]struct {
		folder string
		words  []string
	}{
		"another one": {filepath.Join(t.TempDir(), "none"), []string{"the evidence of this store was kept elsewhere, or the folder is another one", "--evidence"}},
		"none named":  {"", []string{"no evidence folder is named", "--evidence"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := at.options()
			o.ReadOnly, o.Evidence = true, c.folder
			read, err := Open(ctx, at.Address, o)
			require.NoError(t, err)
			defer read.Close()
			reader, err := read.Within(ctx, graph.Scope{})
			require.NoError(t, err)
			defer reader.Close()
			_, err = reader.Evidence(ctx, batch.Spec.SHA256)
			refusal(t, err, graph.ErrNoEvidence, append(c.words, string(batch.Spec.SHA256), c.folder)...)
			var why *graph.NoEvidenceError
			require.ErrorAs(t, err, &why)
			_, err = reader.Evidence(ctx, unkept.Spec.SHA256)
			require.ErrorIs(t, err, graph.ErrNoEvidence)
			require.NotErrorAs(t, err, &why, "it never was kept")
			problems, err := read.Check(ctx, nil)
			require.NoError(t, err)
			if c.folder != "" {
				require.NoDirExists(t, c.folder)
				require.Len(t, problems, 1)
				require.Contains(t, problems[0].What, "missing from "+c.folder)
			}
		})
	}
	require.NoError(t, s.Purge(ctx, unkept.Spec.ID(0), storetest.Noon(9), ""))
}

func TestAPurgeThatIsInterruptedSaysWhatItLeft(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s, other := small(t, at.Address, at, ample), small(t, at.Address, at, ample)
	batch, second := many("first", 300), many("second", 300)
	for _, b := range []*storetest.Batch{batch, second} {
		_, err := b.Import(ctx, s)
		require.NoError(t, err)
	}
	id := batch.Spec.ID(0)
	session := s.session(ctx, driver.AccessModeWrite)
	defer session.Close(ctx)
	foreign, err := session.BeginTransaction(ctx)
	require.NoError(t, err)
	_, err = (&transaction{ctx: ctx, store: s, server: foreign}).run(cypher{"MATCH (e:Entity {id: $id}) SET e.foreign = 1", map[string]any{"id": string(storetest.Trader("imp 0"))}})
	require.NoError(t, err, "the purge waits for this")
	stopping, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- s.Purge(stopping, id, storetest.Noon(9), "court order") }()
	purged := func() bool {
		sources, err := other.Sources(ctx)
		require.NoError(t, err)
		return sources[slices.IndexFunc(sources, func(s graph.Source) bool { return s.ID == id })].EndedBy == graph.Purged
	}
	require.Eventually(t, purged, ample, 20*time.Millisecond)
	problems, err := other.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems, "a purge that is at work is no fault")
	stop()
	err = <-done
	require.NoError(t, foreign.Rollback(ctx))
	refusal(t, err, ErrUnfinished, string(id), "it is hidden", "erasure is unfinished", "purge it again")
	require.ErrorIs(t, err, context.Canceled)

	// The server takes a moment to see that the connection of the purge is gone.
	seen := func() bool {
		problems, err = other.Check(ctx, nil)
		require.NoError(t, err)
		return len(problems) > 0
	}
	require.Eventually(t, seen, ample, 20*time.Millisecond)
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].What, "its erasure was broken off")
	_, err = many("third", 10).Import(ctx, s)
	require.NoError(t, err)
	problems, err = other.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems, "an import finishes it too")
}

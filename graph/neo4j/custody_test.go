package neo4j

import (
	"context"
	"path/filepath"
	"testing"

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

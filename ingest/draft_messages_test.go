package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// TestDraftOfAMessage: a cargo report of a type that no mapping knows goes from its
// draft to a graph with few edits: what lines of the draft are replaced, and the
// records that come of it.
func TestDraftOfAMessage(t *testing.T) {
	path := filepath.Join("testdata", "iftdgn.edi")
	_, err := Run(t.Context(), open(t), []string{path}, options())
	require.ErrorIs(t, err, mapping.ErrUnrecognised, "no mapping knows it")

	drafted, err := Draft(t.Context(), path, "", read.Hints{})
	require.NoError(t, err)
	text := drafted.Text
	edits := map[string]string{
		// The carrier's numbers are those of its other messages, and so are its code and its seals.
		"    system: iftdgn\n":            "    system: HQLN\n",
		"    namespace: iftdgn-carrier\n": "    namespace: scac\n",
		"    namespace: iftdgn-seal\n":    "    namespace: seal\n",
	}
	require.LessOrEqual(t, len(edits), 5)
	for from, to := range edits {
		require.Equal(t, 1, strings.Count(text, from), "%q in\n%s", from, text)
		text = strings.Replace(text, from, to, 1)
	}
	m, err := mapping.Parse("iftdgn.yaml", []byte(text))
	require.NoError(t, err)
	store := &listener{Store: open(t), mapping: "iftdgn", rows: []int64{1, 2, 3, 4, 5}}
	o := options()
	o.Library = []*mapping.Mapping{m}
	_, err = Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	assert.Zero(t, store.bad)
	golden := filepath.Join("testdata", "drafts", "iftdgn.golden")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(drafted.Text+"\n"+store.text.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), drafted.Text+"\n"+store.text.String())
}

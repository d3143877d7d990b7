package ingest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest/mapping"
)

// TestDraftOfAMessage: a cargo report of a type that no mapping knows goes from its
// draft to a graph with few edits: what lines of the draft are replaced, and the
// records that come of it.
func TestDraftOfAMessage(t *testing.T) {
	path := filepath.Join("testdata", "iftdgn.edi")
	_, err := Run(t.Context(), open(t), []string{path}, options())
	require.ErrorIs(t, err, mapping.ErrUnrecognised, "no mapping knows it")

	drafted, err := Draft(t.Context(), path, DraftOptions{})
	require.NoError(t, err)
	text := drafted.Text
	edits := map[string]string{
		// The carrier's numbers are those of its other messages, and so is its code.
		"    system: iftdgn\n":            "    system: HQLN\n",
		"    namespace: iftdgn-carrier\n": "    namespace: scac\n",
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

// TestDraftsOfMessages: what each kind of message drafts to takes every row, and
// finds who and what is in it.
func TestDraftsOfMessages(t *testing.T) {
	for file, roles := range map[string]string{
		"cuscar.edi":      "carrier commodity consignee consignor discharge equipment loading notify_party seal vessel",
		"ifcsum.edi":      "carrier consignee consignor discharge equipment forwarder loading seal vessel",
		"cusdec.edi":      "commodity declarant departure equipment exporter importer origin seal transit vessel",
		"iftmin.edi":      "carrier consignee consignor discharge equipment loading notify_party seal vessel",
		"codeco.edi":      "carrier discharge equipment loading seal transit vessel",
		"baplie.edi":      "carrier departure discharge equipment loading vessel",
		"manifest309.x12": "carrier commodity consignee consignor departure discharge equipment loading notify_party seal vessel",
		"bill310.x12":     "carrier commodity consignee consignor discharge equipment loading notify_party seal vessel",
	} {
		t.Run(file, func(t *testing.T) {
			path := filepath.Join("testdata", file)
			drafted, err := Draft(t.Context(), path, DraftOptions{})
			require.NoError(t, err)
			m, err := mapping.Parse("draft.yaml", []byte(drafted.Text))
			require.NoError(t, err)
			store := open(t)
			o := options()
			o.Mapping = m
			report, err := Run(t.Context(), store, []string{path}, o)
			require.NoError(t, err)
			assert.Zero(t, report.Quarantined(), drafted.Text)
			found := map[string]bool{}
			for c, err := range within(t, store).Consignments(t.Context(), graph.Want{}) {
				require.NoError(t, err)
				for _, tie := range c.Ties() {
					found[tie.Role.String()] = true
				}
			}
			assert.Equal(t, roles, strings.Join(slices.Sorted(maps.Keys(found)), " "), drafted.Text)
		})
	}
}

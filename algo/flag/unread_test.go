package flag

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

// TestLeafingEqualsReading: what is passed over is passed over as a whole, whatever stands in it, and what is wanted is read as ever.
func TestLeafingEqualsReading(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune(`ab"\{}[],: 0é` + "\n")))
	rapid.Check(t, func(r *rapid.T) {
		networks := func(name string, members any) []map[string]any {
			all := make([]map[string]any, rapid.IntRange(0, 4).Draw(r, name))
			for i := range all {
				all[i] = map[string]any{
					"heading": text.Draw(r, "heading"), "id": "n-" + text.Draw(r, "id"), "case": text.Draw(r, "case"), "q": rapid.Float64Range(0, 1).Draw(r, "q"),
					"members": members,
				}
			}
			return all
		}
		content, err := json.Marshal(map[string]any{
			"run": text.Draw(r, "run"), "until": "2021-03-01", "gone": networks("gone", 3),
			"networks": networks("networks", []map[string]any{{"id": text.Draw(r, "member"), "name": text.Draw(r, "name")}}),
			"a":        text.Draw(r, "other"), "z": []any{nil, true, -1.5e3, text.Draw(r, "last")},
		})
		require.NoError(r, err)
		run := &graph.Run{ID: "r", Results: content}
		want := &chapter{finished: run.Finished.UTC()}
		require.NoError(r, json.Unmarshal(run.Results, want))
		u, err := leaf(run)
		require.NoError(r, err)
		got, err := u.chapter(func(graph.ID) bool { return true })
		require.NoError(r, err)
		if len(want.Networks) == 0 {
			want.Networks = nil
		}
		if len(want.Gone) == 0 {
			want.Gone = nil
		}
		require.Equal(r, want, got)
		ids, err := ReadNetworks(run)
		require.NoError(r, err)
		require.Len(r, ids, len(want.Networks)+len(want.Gone))
		for i := range want.Gone {
			require.Equal(r, want.Gone[i].ID, ids[len(want.Networks)+i])
		}
		for i, n := range u.networks {
			require.Equal(r, n.id, ids[i])
			require.Equal(r, want.Networks[i].ID, n.id)
			require.Equal(r, want.Networks[i].Case, n.of)
		}
		cut := rapid.IntRange(0, len(content)-1).Draw(r, "cut")
		_, err = leaf(&graph.Run{Results: content[:cut]})
		require.ErrorIs(r, err, ErrResult, "what was cut short is no result")
	})
}

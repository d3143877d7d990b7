package graph_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"  ACME   Ltd. ": "acme ltd", "Łódź": "łodz", "ＦＵＬＬ": "full", "Straße": "strasse", "O'Neill & Sons": "o neill sons",
		"東京（株）": "東京 株", "บริษัท จำกัด": "บริษัท จํากัด", "Sài Gòn": "sai gon", "Ελλάς": "ελλασ", "ЁЛКА": "елка", "Đặng": "đang", "": "", "--": "",
	} {
		require.Equal(t, want, graph.Fold(text), text)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		require.Equal(t, graph.Fold(text), graph.Fold(graph.Fold(text)))
	})
}

func TestRankOrdersAsAPersonWould(t *testing.T) {
	ordered := []string{"golden", "Golden Harvest", "The Golden Harvest Trading Co", "Goldenrod", "Marigolden"}
	last := 2.0
	for _, value := range ordered {
		score, reason := graph.Rank("Golden", value)
		require.Less(t, score, last, value)
		require.Positive(t, score, value)
		require.NotEmpty(t, reason)
		last = score
	}
	for _, value := range []string{"Gold", "", "Silver"} {
		score, _ := graph.Rank("golden", value)
		require.Zero(t, score, value)
	}
	inOrder, _ := graph.Rank("golden harvest", "golden harvest ltd")
	scattered, _ := graph.Rank("harvest golden", "golden harvest ltd")
	require.Greater(t, inOrder, scattered)
	none, _ := graph.Rank("golden silver", "golden harvest ltd")
	require.Zero(t, none)
}

func TestRankLiesBetweenZeroAndOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		query, value := rapid.StringMatching(`[ab ]{0,6}`).Draw(t, "query"), rapid.StringMatching(`[ab ]{0,9}`).Draw(t, "value")
		score, reason := graph.Rank(query, value)
		require.GreaterOrEqual(t, score, 0.0)
		require.LessOrEqual(t, score, 1.0)
		require.Equal(t, score > 0, reason != "")
		require.Equal(t, score == 1, graph.Fold(query) == graph.Fold(value) && graph.Fold(query) != "")
	})
}

func TestMatchEntityTakesTheBestValue(t *testing.T) {
	e := &graph.Entity{ID: "party/n/1234", Facts: []graph.Fact{
		{Property: "alias", Value: "Marigolden"}, {Property: "country", Value: "golden"}, {Property: "name", Value: "Golden Harvest"}}}
	match, ok := graph.MatchEntity("golden", e)
	require.True(t, ok)
	require.Equal(t, "Golden Harvest", match.Name)
	require.Equal(t, []string{"name: whole words"}, match.Reasons)
	match, ok = graph.MatchEntity("1234", e)
	require.True(t, ok)
	require.Equal(t, []string{"id: the same"}, match.Reasons)
	_, ok = graph.MatchEntity("silver", e)
	require.False(t, ok)
}

func TestFoldOfASCIIIsFoldOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.StringMatching(`[ -~\t\n]{0,30}`).Draw(t, "plain")
		// A Chinese character before it takes the long way.
		require.Equal(t, strings.TrimSpace(strings.TrimPrefix(graph.Fold("中 "+plain), "中")), graph.Fold(plain))
	})
}

package graph_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

func TestIDsReadAsTheyAreWritten(t *testing.T) {
	for name, c := range map[string]struct {
		kind  graph.Kind
		parts []string
		want  graph.ID
	}{
		"register number":   {graph.Party, []string{"kr-importer", "QLRUBN9"}, "party/kr-importer/QLRUBN9"},
		"place":             {graph.Place, []string{"HKHKG"}, "place/HKHKG"},
		"route":             {graph.Route, []string{"CNSHA>SGSIN>HKHKG"}, "route/CNSHA>SGSIN>HKHKG"},
		"white space":       {graph.Party, []string{"n", "  a \t b\n"}, "party/n/a b"},
		"escapes":           {graph.Party, []string{"n", "a/b%c\u0085"}, "party/n/a%2Fb%25c"},
		"control character": {graph.Party, []string{"n", "a\x00b"}, "party/n/a%00b"},
		"form C":            {graph.Party, []string{"n", "e\u0301"}, "party/n/é"},
		"not UTF-8":         {graph.Party, []string{"n", "a\xffb"}, "party/n/a\uFFFDb"},
		"case stays":        {graph.Party, []string{"n", "AcMe"}, "party/n/AcMe"},
		"empty value":       {graph.Party, []string{"n", " "}, ""},
		"no parts":          {graph.Party, nil, ""},
		"no kind":           {graph.NoKind, []string{"x"}, ""},
		"unknown kind":      {graph.Kind(200), []string{"x"}, ""},
	} {
		require.Equal(t, c.want, graph.NewID(c.kind, c.parts...), name)
	}
}

func TestLongTextBecomesItsBeginningAndItsHash(t *testing.T) {
	long := strings.Repeat("Golden Harvest ", 20)
	id := graph.NewID(graph.Address, "hk", long)
	require.LessOrEqual(t, len(id), graph.MaxID)
	require.True(t, strings.HasPrefix(string(id), "address/hk/Golden Harvest Golden Harvest Golden Harvest Golden Harvest ~"))
	require.NotEqual(t, id, graph.NewID(graph.Address, "hk", long+"x"), "the hash is of the whole text")
	require.NoError(t, id.Check())
}

func TestIDsAreValidDistinctAndStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringN(100, 400, -1)).Draw(t, "text")
		other := rapid.String().Draw(t, "other")
		a, b := graph.NewID(graph.Party, "n", text), graph.NewID(graph.Party, "n", other)
		if a == "" {
			require.Empty(t, graph.NormaliseText(text))
			return
		}
		require.NoError(t, a.Check())
		require.True(t, utf8.ValidString(string(a)))
		require.Equal(t, graph.Party, a.Kind())
		require.Equal(t, a == b, graph.NormaliseText(text) == graph.NormaliseText(other))
		if len(text) < 60 {
			require.Equal(t, graph.NormaliseText(text), a.Label())
		}
	})
}

func TestBadIDsAreRefused(t *testing.T) {
	for _, id := range []graph.ID{"", "party", "party/", "/x", "person/x", "party//x", "party/\xff", "party/a\nb", graph.ID("party/" + strings.Repeat("x", 200))} {
		require.ErrorIs(t, id.Check(), graph.ErrInvalidRecord, "%q", id)
	}
}

func FuzzID(f *testing.F) {
	f.Add("a", "b")
	f.Add("a/b", "%2F")
	f.Fuzz(func(t *testing.T, space, value string) {
		if id := graph.NewID(graph.Party, space, value); id != "" {
			require.NoError(t, id.Check())
			_ = id.Label()
		}
	})
}

// TestCountry: a place has one by its code or its UN/LOCODE alone.
func TestCountry(t *testing.T) {
	for id, want := range map[graph.ID]string{
		"place/HKHKG": "HK", "place/HK": "HK", "place/ar-customs/EZEIZ": "", "place/ar-customs/BA": "", "place/HKHK1": "", "place/hkhkg": "", "place/HKG": "", "party/HK": "", "place/": "", "": "",
	} {
		require.Equal(t, want, id.Country(), id)
	}
}

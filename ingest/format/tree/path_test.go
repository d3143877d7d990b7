package tree

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestPathsReadBack: whatever names are, their path is read as these names.
func TestPathsReadBack(t *testing.T) {
	name := rapid.OneOf(rapid.StringMatching(`[a./\\eu0-9@\n ]{0,6}`), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(name, 1, 5).Draw(t, "names")
		got, slash, err := names(steps(want))
		require.NoError(t, err)
		require.Equal(t, -1, slash)
		require.Equal(t, want, got)
		for _, format := range []string{JSON, Lines, XML} {
			way := route{names: want, unit: rapid.IntRange(1, len(want)).Draw(t, "unit")}
			if format != XML {
				way.names = append([]string{self}, want...)
			}
			back, err := parseRoute(way.text(format), format)
			require.NoError(t, err, way.text(format))
			require.Equal(t, way, back, way.text(format))
		}
	})
}

// TestColumnsReadBack: a column is placed at the path it was made of, and no two
// paths make one column.
func TestColumnsReadBack(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "b", "..", "/", "", `\`, "../a"})
	rapid.Check(t, func(t *rapid.T) {
		way := route{names: append([]string{"r"}, rapid.SliceOfN(name, 0, 3).Draw(t, "route")...)}
		way.unit = len(way.names)
		paths := rapid.SliceOfNDistinct(rapid.Map(rapid.SliceOfN(name, 0, 4), func(p []string) string {
			return strings.Join(append([]string{"r"}, p...), "\x00")
		}), 1, 6, rapid.ID[string]).Draw(t, "paths")
		seen := map[string]string{}
		for _, path := range paths {
			column := way.column(strings.Split(path, "\x00"))
			require.NotContains(t, seen, column, "%q and %q", path, seen[column])
			seen[column] = path
		}
	})
}

func TestPathsThatAreNone(t *testing.T) {
	for _, path := range []string{"", ".a", "a.", "a..b", "a/", "/a", `a\`, `\x`, `\u12`, "./", "./."} {
		_, _, err := names(path)
		require.Error(t, err, "%q", path)
	}
	_, err := parseRoute(self, XML)
	require.Error(t, err)
}

// TestSpecial: the first character that is special is found wherever it stands.
func TestSpecial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.StringMatching(`[a-z!#\[\] é香\x7f]{0,30}`).Draw(t, "text"))
		want := len(text)
		if len(text) > 0 && rapid.Bool().Draw(t, "put") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			for i := at; i < len(text); i += rapid.IntRange(1, 5).Draw(t, "next") {
				text[i] = rapid.SampledFrom([]byte{'"', '\\', 0, 31, '\n'}).Draw(t, "mark")
			}
			want = at
		}
		require.Equal(t, want, special(text, 0), "%q", text)
	})
}

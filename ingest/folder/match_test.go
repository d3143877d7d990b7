package folder

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// plainly is what matches means, written as it is said.
func plainly(pattern, name []string, folder bool) bool {
	switch {
	case len(name) == 0 && folder:
		return len(pattern) > 0
	case len(name) == 0:
		return !slices.ContainsFunc(pattern, func(s string) bool { return s != "**" })
	case len(pattern) == 0:
		return false
	case pattern[0] == "**":
		return plainly(pattern[1:], name, folder) || plainly(pattern, name[1:], folder)
	}
	ok, _ := path.Match(pattern[0], name[0])
	return ok && plainly(pattern[1:], name[1:], folder)
}

func TestMatchesIsWhatItMeans(t *testing.T) {
	segments := rapid.SliceOfN(rapid.SampledFrom([]string{"**", "**", "*", "a", "b", "a*", "?", "[ab]"}), 0, 6)
	names := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "ab", "c"}), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		pattern, name, folder := segments.Draw(t, "pattern"), names.Draw(t, "name"), rapid.Bool().Draw(t, "folder")
		require.Equal(t, plainly(pattern, name, folder), matches(pattern, name, folder))
	})
}

// TestMatchingEndsSoon: a pattern in which ** stands often is no way to hang.
func TestMatchingEndsSoon(t *testing.T) {
	pattern := strings.Split(strings.Repeat("**/a/", 500)+"b", "/")
	name := strings.Split(strings.Repeat("a/", 1000)+"c", "/")
	require.False(t, matches(pattern, name, false))
	require.True(t, matches(pattern, name, true))
}

// FuzzMatches: any pattern that is one says of any name whether it is meant.
func FuzzMatches(f *testing.F) {
	f.Add("in/**/*.csv", "in/a/b/c.csv")
	f.Add("**/a/**", "a")
	f.Add("[a-", "a")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		segments, names := strings.Split(pattern, "/"), strings.Split(name, "/")
		if len(segments)+len(names) > 12 || slices.ContainsFunc(segments, func(s string) bool { _, err := path.Match(s, ""); return err != nil }) {
			return
		}
		for _, folder := range []bool{false, true} {
			require.Equal(t, plainly(segments, names, folder), matches(segments, names, folder))
		}
	})
}

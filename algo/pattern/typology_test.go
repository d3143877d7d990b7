package pattern_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/pattern"
	"rummage/graph"
)

func library(t testing.TB) []*pattern.Typology {
	t.Helper()
	all, err := pattern.Library()
	require.NoError(t, err)
	return all
}

// typology returns a shipped one by name.
func typology(t testing.TB, id string) *pattern.Typology {
	t.Helper()
	all := library(t)
	at := slices.IndexFunc(all, func(p *pattern.Typology) bool { return p.ID == id })
	require.GreaterOrEqual(t, at, 0, id)
	return all[at]
}

// TestEveryTypologyOnItsScenes: each has a scene in which it is planted, where it is found,
// and scenes that look alike and are none: it is not found there, or what clears it says so.
func TestEveryTypologyOnItsScenes(t *testing.T) {
	for _, p := range library(t) {
		if p.Unobservable != "" {
			continue
		}
		t.Run(p.ID, func(t *testing.T) {
			archive, err := txtar.ParseFile(path.Join("testdata", p.ID+".txtar"))
			require.NoError(t, err)
			scenes := map[string]string{}
			for _, file := range archive.Files {
				scenes[file.Name] = string(file.Data)
			}
			planted := 0
			for _, name := range slices.Sorted(maps.Keys(scenes)) {
				if strings.HasPrefix(name, "planted") {
					planted++
					found := found(t, scene(t, scenes[name]), p)
					assert.Empty(t, found.Missing)
					require.NotEmpty(t, found.Matches, "%s is not found", name)
					for i := range found.Matches {
						inOrder(t, &found.Matches[i])
					}
					assert.NotContains(t, found.Matches[0].Against, pattern.AgainstYes, "%s is cleared", name)
					delete(scenes, name)
				}
			}
			assert.Equal(t, 1+len(p.Also), planted, "one scene for each motif")
			assert.NotEmpty(t, scenes, "nothing looks alike")
			for i, against := range p.Against {
				if against.Fixture == "" {
					continue
				}
				text, ok := scenes[against.Fixture]
				require.True(t, ok, "no scene %s", against.Fixture)
				delete(scenes, against.Fixture)
				for _, m := range found(t, scene(t, text), p).Matches {
					assert.Equal(t, pattern.AgainstYes, m.Against[i], "%s is told as %s", against.Fixture, m.Records)
				}
			}
			assert.Empty(t, scenes, "scenes that no against of the file names")
		})
	}
}

func inOrder(t *testing.T, m *pattern.Match) {
	t.Helper()
	last := graph.NoDate
	for _, r := range m.Records {
		if r.Link == nil {
			assert.GreaterOrEqual(t, r.Day, last)
			last = r.Day
		}
	}
}

// TestTheCatalogueIsWhole: 23 typologies, each with a file or more.
func TestTheCatalogueIsWhole(t *testing.T) {
	seen, ids := map[int]bool{}, map[string]bool{}
	for _, p := range library(t) {
		assert.False(t, ids[p.ID], p.ID)
		seen[p.Number], ids[p.ID] = true, true
		for _, text := range slices.Concat(p.For, p.Basis) {
			assert.NotEmpty(t, strings.TrimSpace(text), p.ID)
		}
	}
	for number := 1; number <= 23; number++ {
		assert.True(t, seen[number], number)
	}
	assert.Len(t, seen, 23)
}

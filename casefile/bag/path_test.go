package bag_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/casefile/bag"
)

// names that no file may have, since some system could not hold it or would show another.
var refused = []string{
	"", "/a", "../a", "a/../b", "a//b", "a/", "./a", `a\b`, "a:b", "a*", "a?", `"`, "<", "a|b", "a\nb", "a\x00b", "a.", "a ", " a", "con", "CON.txt",
	"x/aux", "com1", "Lpt9.csv", "e\u0301", "a\u202eb", "a\xffb", "\ufeffa", strings.Repeat("x", 201),
}

func TestNamesThatAreRefused(t *testing.T) {
	for _, name := range refused {
		w, err := bag.Create(filepath.Join(t.TempDir(), "bag"), bag.Options{})
		require.NoError(t, err)
		_, err = w.File(name)
		if name == "" || name == "./a" || name == "/a" {
			require.Error(t, err, "%q", name)
		} else {
			require.ErrorIs(t, err, bag.ErrPath, "%q", name)
		}
		require.Error(t, w.Close(), "a bag that lacks a file is none")
	}
	for _, pair := range [][2]string{{"a", "A"}, {"\u00e9", "\u00c9"}, {"\ufb01", "fi"}, {"a", "a"}} {
		w, err := bag.Create(filepath.Join(t.TempDir(), "bag"), bag.Options{})
		require.NoError(t, err)
		f, err := w.File(pair[0])
		require.NoError(t, err)
		require.NoError(t, f.Close())
		_, err = w.File(pair[1])
		require.ErrorIs(t, err, bag.ErrTwice, "%q", pair)
		require.NoError(t, w.Abandon())
	}
}

// FuzzNames puts a file of any name into a bag. What is taken must come back under that name.
func FuzzNames(f *testing.F) {
	for _, name := range append(refused, "a", "永昌/貿易.csv", "100%.csv", "a b") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		target := filepath.Join(t.TempDir(), "bag")
		w, err := bag.Create(target, bag.Options{Zip: len(name)%2 == 0})
		require.NoError(t, err)
		file, err := w.File(name)
		if err != nil {
			require.NoError(t, w.Abandon())
			return
		}
		require.NoError(t, file.Close())
		require.NoError(t, w.Close())
		b, err := bag.Open(t.Context(), target)
		require.NoError(t, err)
		require.Equal(t, []string{name}, b.Files())
		require.NoError(t, b.Close())
	})
}

package folder_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/ingest/folder"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// grow makes files below a new folder, and makes that the working folder.
func grow(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range names {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(name), 0o600))
	}
}

func find(t *testing.T, names ...string) folder.Found {
	t.Helper()
	found, err := folder.Find(t.Context(), names, nil)
	require.NoError(t, err)
	return found
}

// said joins files, what was skipped and what failed.
func said(found folder.Found) string {
	var all []string
	for _, f := range found.Files {
		all = append(all, filepath.ToSlash(f))
	}
	for _, s := range found.Skipped {
		all = append(all, "- "+filepath.ToSlash(s.Path)+" "+s.Why)
	}
	for _, f := range found.Failed {
		all = append(all, "! "+filepath.ToSlash(f.Err.Error()))
	}
	return strings.Join(all, "\n")
}

// TestTextsBesideTheData: they are named and left out, unless a name or a pattern means them.
func TestTextsBesideTheData(t *testing.T) {
	grow(t, "in/a.csv", "in/README", "in/notes.md", "in/truth.json", "in/SHA256SUMS", "in/readme.csv")
	const why = " no data by its name; named itself it is read"
	left := "- in/README" + why + "\n- in/SHA256SUMS" + why + "\n- in/notes.md" + why + "\n- in/readme.csv" + why + "\n- in/truth.json" + why
	assert.Equal(t, "in/a.csv\n"+left, said(find(t, "in")))
	assert.Equal(t, "in/truth.json", said(find(t, "in/truth.json")))
	assert.Equal(t, "in/notes.md", said(find(t, "in/*.md")))
}

func TestFind(t *testing.T) {
	grow(t, "in/b.csv", "in/a.csv", "in/a/z.csv", "in/a/deep/er/c.csv.xz", "in/A.zip", "in/.hidden.csv", "in/.git/x.csv", "out/.only", "lone[1].csv", "empty/x/y")
	require.NoError(t, os.Remove("empty/x/y"))
	cases := []struct {
		name  string
		names []string
		want  string
	}{
		{"a file", []string{"in/b.csv"}, "in/b.csv"},
		{"a file that is not there", []string{"nowhere.csv"}, "nowhere.csv"},
		{"a folder", []string{"in"}, "in/A.zip\nin/a.csv\nin/a/deep/er/c.csv.xz\nin/a/z.csv\nin/b.csv\n- in/.git hidden\n- in/.hidden.csv hidden"},
		{"names in order, each once", []string{"in/b.csv", "./in", "in/b.csv"},
			"in/b.csv\nin/A.zip\nin/a.csv\nin/a/deep/er/c.csv.xz\nin/a/z.csv\n- in/.git hidden\n- in/.hidden.csv hidden"},
		{"a pattern", []string{"in/*.csv"}, "in/a.csv\nin/b.csv\n- in/.hidden.csv hidden"},
		{"a pattern of hidden files", []string{"in/.*.csv"}, "in/.hidden.csv"},
		{"a pattern of folders", []string{"*/a/*.csv"}, "in/a/z.csv"},
		{"any folders", []string{"in/**/*.csv"}, "in/a.csv\nin/a/z.csv\nin/b.csv\n- in/.git hidden\n- in/.hidden.csv hidden"},
		{"any folders between", []string{"**/er/*"}, "in/a/deep/er/c.csv.xz\n- in/.git hidden"},
		{"all below", []string{"in/a/**"}, "in/a/deep/er/c.csv.xz\nin/a/z.csv"},
		{"a choice of letters", []string{"in/[bc].csv", "in/?.zip"}, "in/b.csv\nin/A.zip"},
		{"the name of a file that looks like a pattern", []string{"lone[1].csv"}, "lone[1].csv"},
		{"a folder without files", []string{"empty", "in/a/z.csv"}, "in/a/z.csv\n! folder: empty: no file in this folder"},
		{"a folder of hidden files", []string{"out"}, "- out/.only hidden\n! folder: out: no file in this folder; passed over: 1 that are hidden, no regular files, or no data by their names"},
		{"a pattern without files", []string{"in/*.xml"}, "! folder: in/*.xml: no file matches"},
		{"a pattern that is none", []string{"in/[a"}, "! folder: in/[a: not a pattern"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, said(find(t, c.names...)))
		})
	}
}

func TestAbsoluteNames(t *testing.T) {
	grow(t, "in/a.csv")
	dir, err := os.Getwd()
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "in", "a.csv")}, find(t, filepath.Join(dir, "in")).Files)
	assert.Equal(t, []string{filepath.Join(dir, "in", "a.csv")}, find(t, filepath.Join(dir, "*", "a.csv")).Files)
}

func TestWhatFailsIsNamed(t *testing.T) {
	grow(t)
	found := find(t, "nowhere/*.csv", "x[", "*.csv")
	require.Len(t, found.Failed, 3)
	assert.Equal(t, "nowhere/*.csv", found.Failed[0].Path)
	require.ErrorIs(t, found.Failed[0].Err, fs.ErrNotExist)
	require.ErrorIs(t, found.Failed[1].Err, folder.ErrPattern)
	require.ErrorIs(t, found.Failed[2].Err, folder.ErrNone)
}

// TestLinksAreNotFollowed: neither out of the folder nor within it.
func TestLinksAreNotFollowed(t *testing.T) {
	grow(t, "in/a.csv", "secret/b.csv")
	for link, to := range map[string]string{"in/out": "../secret", "in/b.csv": "../secret/b.csv", "in/c.csv": "a.csv", "in/gone.csv": "nowhere"} {
		if err := os.Symlink(to, link); err != nil {
			t.Skipf("links cannot be made here: %v", err)
		}
	}
	require.Equal(t, "in/a.csv\n- in/b.csv a link\n- in/c.csv a link\n- in/gone.csv a link\n- in/out a link", said(find(t, "in")))
	require.Equal(t, "! folder: in/**/out/*.csv: no file matches", said(find(t, "in/**/out/*.csv")))
	require.Empty(t, find(t, "in/*/*.csv").Files)
	// A link that is named is what the person meant.
	require.Equal(t, []string{filepath.Join("in", "out", "b.csv")}, find(t, "in/out").Files)
}

func TestFindIsStopped(t *testing.T) {
	grow(t, "in/a.csv")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := folder.Find(ctx, []string{"in"}, nil)
	require.ErrorIs(t, err, context.Canceled)
}

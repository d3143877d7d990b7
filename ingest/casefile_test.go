package ingest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/bag"
	"rummage/casefile/marking"
	"rummage/graph"
	"rummage/ingest/read"
)

// packCase makes a case file of one row, that of a party of that name.
func packCase(t *testing.T, path, party string) {
	t.Helper()
	w, err := bag.Create(path, bag.Options{Zip: filepath.Ext(path) == ".zip"})
	require.NoError(t, err)
	for name, text := range map[string]string{caseSources: "[]\n", caseCustody: "{}\n", "report.html": "<p>why</p>\n", caseRows: fmt.Sprintf(
		`{"source_id":"s-1","row":2,"note":"","record":{},"says":{"facts":[{"entity":"party/t/%[1]s","property":"name","value":"%[1]s","date":""}]}}`+"\n", party)} {
		f, err := w.File(name)
		require.NoError(t, err)
		_, err = io.WriteString(f, text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	require.NoError(t, w.Close())
}

// TestWhatIsKeptOfACaseFileWasVerified puts another case file in the place of one between the moment when it was verified and that when it is
// kept: it does not come in, or as what was verified.
func TestWhatIsKeptOfACaseFileWasVerified(t *testing.T) {
	temporary := t.TempDir() // no other test's: what is left there is looked at
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	for name, c := range map[string]struct {
		path  string
		swap  func(t *testing.T, path, other string)
		fails error // nil: what was verified comes in
	}{
		"rewritten where nothing is taken in from": {"case.zip", func(t *testing.T, path, _ string) {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			changed := bytes.Replace(content, []byte("<p>why</p>"), []byte("<p>who</p>"), 1)
			require.NotEqual(t, content, changed)
			require.NoError(t, os.WriteFile(path, changed, 0o600))
		}, graph.ErrEvidenceMismatch},
		"rewritten where rows are": {"case.zip", func(t *testing.T, path, _ string) {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, bytes.ReplaceAll(content, []byte("P1"), []byte("P2")), 0o600))
		}, graph.ErrEvidenceMismatch},
		"rewritten where it says what it is": {"case.zip", func(t *testing.T, path, _ string) {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, bytes.ReplaceAll(content, []byte("[]\n"), []byte("{}\n")), 0o600))
		}, bag.ErrDamaged},
		"replaced": {"case.zip", func(t *testing.T, path, other string) {
			if runtime.GOOS == "windows" {
				t.Skip("a file that is open is not replaced there")
			}
			require.NoError(t, os.Rename(other, path))
		}, nil},
		"a folder": {"case", func(t *testing.T, path, _ string) {
			rows := filepath.Join(path, "data", filepath.FromSlash(caseRows))
			require.NoError(t, os.WriteFile(rows, []byte("{}\n"), 0o600))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path, other := filepath.Join(folder, c.path), filepath.Join(folder, "other.zip")
			packCase(t, path, "P1")
			packCase(t, other, "P2")
			store := open(t)
			o := options()
			o.Progress = func(p Progress) {
				if p.Stage == StageHash {
					c.swap(t, path, other)
				}
			}
			report, err := Run(t.Context(), store, []string{path}, o)
			if c.fails != nil {
				require.ErrorIs(t, err, c.fails)
				require.NotErrorIs(t, err, ErrCase)
				sources, err := store.Sources(t.Context())
				require.NoError(t, err)
				assert.Empty(t, sources)
				return
			}
			require.NoError(t, err)
			require.Equal(t, Imported, report.Files[0].State)
			reader, err := store.Within(t.Context(), graph.Scope{})
			require.NoError(t, err)
			defer reader.Close()
			_, err = reader.Entity(t.Context(), "party/t/P1")
			require.NoError(t, err)
			_, err = reader.Entity(t.Context(), "party/t/P2")
			require.ErrorIs(t, err, graph.ErrNotFound)
			kept, err := reader.Evidence(t.Context(), report.Files[0].Source.SHA256)
			require.NoError(t, err)
			defer kept.Close()
			line := make([]byte, 20)
			_, err = kept.ReadAt(line, 0)
			require.NoError(t, err)
			assert.Equal(t, "PK", string(line[:2]), "one zip file, also of a folder")
		})
	}
	left, err := filepath.Glob(filepath.Join(temporary, "rummage-case-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestACaseFileInTheWorkingFolder is named by a dot, which is no name that a folder in a zip file can have.
func TestACaseFileInTheWorkingFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case-7")
	packCase(t, path, "P1")
	t.Chdir(path)
	report, err := Run(t.Context(), open(t), []string{"."}, options())
	require.NoError(t, err)
	assert.Equal(t, "case-7", report.Files[0].Source.Name)
}

// TestNoMappingIsCalledAsACaseFileIs drafts one of a file that is called so.
func TestNoMappingIsCalledAsACaseFileIs(t *testing.T) {
	assert.Equal(t, "file-case-file", mappingName("Case File.csv", read.Part{}))
	assert.Equal(t, "case-files", mappingName("case_files.csv", read.Part{}))
}

// TestAPartOfACaseFileIsNotTakenInAlone: it would come in without the code of the whole. One whose folder was copied out keeps what
// HANDLING.txt says, whatever is asked for.
func TestAPartOfACaseFileIsNotTakenInAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "case-7")
	packCase(t, folder, "P1")
	const table = "party,address\nE1,A1\n"
	write := func(parts ...string) string {
		t.Helper()
		path := filepath.Join(parts...)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(table), 0o600))
		return path
	}
	inside := write(folder, "data", "evidence", "files", "a.csv")
	_, err := least(inside)
	require.ErrorIs(t, err, ErrCasePart)
	report, err := Run(t.Context(), open(t), []string{inside}, options())
	require.ErrorIs(t, err, ErrCasePart)
	require.ErrorContains(t, err, folder)
	require.Equal(t, Failed, report.Files[0].State)

	out := t.TempDir()
	beside, below := write(out, "evidence", "a.csv"), write(out, "evidence", "files", "b.csv")
	for said, want := range map[string]string{"TLP:AMBER\n\nThis holds for every file.\n": "TLP:AMBER", "no handling code\n\nx\n": "TLP:GREEN", "a note\n": "TLP:GREEN"} {
		require.NoError(t, os.WriteFile(filepath.Join(out, "evidence", marking.File), []byte(said), 0o600))
		o := options()
		o.Handling = "TLP:GREEN"
		report, err := Run(t.Context(), open(t), []string{beside, below}, o)
		require.NoError(t, err)
		for _, file := range report.Files {
			assert.Equal(t, want, file.Source.Handling, "%s: %s", file.File, said)
		}
	}
	for name, large := range map[string]int64{"large": mostSaid + 1, "folder": -1} {
		says := filepath.Join(out, name, marking.File)
		require.NoError(t, os.MkdirAll(filepath.Dir(says), 0o750))
		if large < 0 {
			require.NoError(t, os.Mkdir(says, 0o750))
		} else {
			require.NoError(t, os.WriteFile(says, []byte("TLP:AMBER\n"), 0o600))
			require.NoError(t, os.Truncate(says, large))
		}
		code, err := least(write(out, name, "a.csv"))
		require.NoError(t, err, "a %s of that name is of somebody else", name)
		assert.Equal(t, marking.Code{}, code)
	}
}

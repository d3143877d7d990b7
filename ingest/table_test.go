package ingest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

// archive is an archive of files, by name and text.
func archive(t *testing.T, files ...string) string {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for i := 0; i < len(files); i += 2 {
		to, err := w.Create(files[i])
		require.NoError(t, err)
		_, err = to.Write([]byte(files[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	path := filepath.Join(t.TempDir(), "two.zip")
	require.NoError(t, os.WriteFile(path, packed.Bytes(), 0o600))
	return path
}

// TestDraftsOfFiles: a draft is a mapping that fits its file, with or without a
// header, mended, or in an archive.
func TestDraftsOfFiles(t *testing.T) {
	const rows = "B1,2021-06-30,ACME Co.,Kam Fung Ltd\nB2,2021-07-01,ACME Co.,Swift Ltd\n"
	const header = "Bill,Arrival,Shipper,Consignee\n"
	const mended = "rummage_row,rummage_column,rummage_code,rummage_reason,"
	for name, c := range map[string]struct {
		path, part, mapping string
		rows, columns       int
	}{
		"with a header":    {write(t, "Sea Manifests 2021.csv", header+rows), "", "sea-manifests-2021", 2, 4},
		"without a header": {write(t, "2021.txt", "1,7\n2,8\n3,9\n"), "", "file-2021", 3, 2},
		"without a name":   {write(t, "舱单.csv", header+rows), "", "file", 2, 4},
		"mended":           {write(t, "mended.csv", mended+header+"2,Arrival,date,no day,B1,2021-06-30,ACME Co.,Kam Fung Ltd\n"), "", "mended", 2, 8},
		"of an archive":    {archive(t, "a/first.csv", header+rows, "b.csv", "x,y\n1,2\n"), "a/*", "first", 2, 4},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Draft(t.Context(), c.path, DraftOptions{Part: c.part})
			require.NoError(t, err)
			assert.Equal(t, c.rows, d.Rows)
			assert.Len(t, d.Columns, c.columns)
			assert.Contains(t, d.Dialect, "delimited")
			assert.Contains(t, d.Text, "mapping: "+c.mapping+"\n")
			m, err := mapping.Parse("draft.yaml", []byte(d.Text))
			require.NoError(t, err, d.Text)
			if name == "mended" {
				return // its own columns stand behind the reasons, which no mapping takes
			}
			o := options()
			o.Mapping, o.Part = m, c.part
			report, err := Run(t.Context(), open(t), []string{c.path}, o)
			require.NoError(t, err, d.Text)
			assert.Equal(t, int64(c.rows), report.Files[0].Source.Stored)
		})
	}
}

func TestWhatHasNoDraft(t *testing.T) {
	two := archive(t, "a.csv", "x,y\n1,2\n", "b.csv", "x,y\n1,2\n")
	for name, c := range map[string]struct {
		path, part string
		is         error
		says       string
	}{
		"nothing":       {filepath.Join(t.TempDir(), "none.csv"), "", os.ErrNotExist, "ingest: look at "},
		"several files": {two, "", ErrParts, `"a.csv", "b.csv"`},
		"no such file":  {two, "c.csv", ErrNoPart, `it has "a.csv", "b.csv"`},
		"an empty file": {write(t, "empty.csv", ""), "", read.ErrEmpty, "file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Draft(t.Context(), c.path, DraftOptions{Part: c.part})
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, filepath.Base(c.path))
		})
	}
}

// TestRowsOfATable: sound ones and bad ones in their order, until someone has seen
// enough or the file is at its end.
func TestRowsOfATable(t *testing.T) {
	table, err := OpenTable(t.Context(), write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\nC2\nC3,0,I1,E1,F1,P1,0,0\n"), DraftOptions{})
	require.NoError(t, err)
	defer func() { require.NoError(t, table.Close()) }()
	var said []string
	for row, err := range table.Rows(t.Context()) {
		if bad := new(read.RowError); errors.As(err, &bad) {
			said = append(said, "bad "+string(bad.Reason))
			continue
		}
		require.NoError(t, err)
		said = append(said, string(row.Cells[0]))
	}
	assert.Equal(t, []string{"C1", "bad too_few_cells", "C3"}, said)
	for row, err := range table.Rows(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "C1", string(row.Cells[0]))
		break
	}
	require.NoError(t, os.Truncate(table.job.path, 0))
	for _, err := range table.Rows(t.Context()) {
		require.ErrorIs(t, err, read.ErrEmpty)
	}
}

package ingest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/ingest/read"
)

// TestAnArchiveIsAsManySources: each file in an archive comes in, counts, is shown, repeated and refused by itself.
func TestAnArchiveIsAsManySources(t *testing.T) {
	rows, err := os.ReadFile(filepath.Join("mapping", "testdata", "declarations.csv"))
	require.NoError(t, err)
	lines := strings.SplitAfterN(string(rows), "\n", 4)
	path := filepath.Join(t.TempDir(), "may.zip")
	file, err := os.Create(path)
	require.NoError(t, err)
	packed := zip.NewWriter(file)
	for _, e := range [][2]string{
		{"a/declarations.csv", lines[0] + lines[1] + lines[2]},
		{"notes.txt", "the files of May\n"},
		{"more.csv", lines[0] + lines[2]},
	} {
		into, err := packed.Create(e[0])
		require.NoError(t, err)
		_, err = into.Write([]byte(e[1]))
		require.NoError(t, err)
	}
	require.NoError(t, packed.Close())
	require.NoError(t, file.Close())

	store := open(t)
	report, err := Run(t.Context(), store, []string{path}, options())
	require.ErrorContains(t, err, "may.zip/notes.txt: ")
	require.Len(t, report.Files, 3)
	states := []State{}
	for i := range report.Files {
		states = append(states, report.Files[i].State)
	}
	assert.Equal(t, []State{Imported, Failed, Imported}, states)
	first := report.Files[0].Source
	assert.Equal(t, "may.zip/a/declarations.csv", first.Title())
	assert.Equal(t, int64(2), first.Stored)
	assert.Equal(t, report.Files[2].Source.SHA256, first.SHA256, "both are read from one file")
	assert.Equal(t, read.Part{Member: "more.csv"}, report.Files[2].Part)

	again, err := Run(t.Context(), store, []string{path}, options())
	require.Error(t, err)
	assert.Equal(t, Already, again.Files[0].State)
	assert.Equal(t, Already, again.Files[2].State)

	reader := within(t, store)
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	explainer := NewExplainer(reader, sources)
	defer func() { require.NoError(t, explainer.Close()) }()
	for i, want := range map[int]string{0: lines[1], 2: lines[2]} {
		record, err := explainer.Row(t.Context(), graph.Origin{Source: report.Files[i].Source.ID, Row: 2})
		require.NoError(t, err)
		assert.Equal(t, strings.Split(want, ",")[0], record.Columns[0].Value)
		assert.Equal(t, report.Files[i].Source.Title(), record.Source)
	}
}

// TestOnlySomeParts: a pattern picks parts by their whole names.
func TestOnlySomeParts(t *testing.T) {
	parts := []read.Part{{Member: "a.csv"}, {Member: "sub/b.csv"}, {Member: "book.xlsx", Sheet: "May"}}
	sheets := []read.Part{{Sheet: "May"}, {Sheet: "June"}}
	cases := map[string]struct {
		parts   []read.Part
		pattern string
		want    []read.Part
		says    string
	}{
		"one":                    {parts, "a.csv", parts[:1], ""},
		"all at the top":         {parts, "*.csv", parts[:1], ""},
		"those of a folder":      {parts, "sub/*", parts[1:2], ""},
		"a sheet in an archive":  {parts, "book.xlsx#M*", parts[2:], ""},
		"a sheet":                {sheets, "J*", sheets[1:], ""},
		"a sheet with its mark":  {sheets, "#May", sheets[:1], ""},
		"a file that is no part": {[]read.Part{{}}, "*", []read.Part{{}}, ""},
		"none":                   {parts, "c.csv", nil, `none of its parts is named so: "c.csv"; it has "a.csv", "sub/b.csv", "book.xlsx#May"`},
		"no parts":               {[]read.Part{{}}, "a.csv", nil, `none of its parts is named so: "a.csv"; it has no parts`},
		"no pattern":             {parts, "[", nil, `part "[": syntax error in pattern`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wanted(c.parts, c.pattern)
			assert.Equal(t, c.want, got)
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, c.says)
		})
	}
	many := make([]read.Part, 50)
	for i := range many {
		many[i].Member = strconv.Itoa(i)
	}
	_, err := wanted(many, "x")
	require.ErrorContains(t, err, `"18", "19", 30 more`)
	require.ErrorIs(t, err, ErrNoPart)
}

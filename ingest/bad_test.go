package ingest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/graph"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

const world = "number,day,importer,exporter,forwarder,port,inspected,hit\n"

// A file that cannot be imported says what, where and what to do, stores
// nothing, and does not keep the others out.
func TestFilesThatAreRefused(t *testing.T) {
	korean, err := os.ReadFile(fixtures.Path("korean-customs/valid.csv.gz"))
	require.NoError(t, err)
	flipped := append([]byte(nil), korean...)
	flipped[len(flipped)/2] ^= 0x40
	noise := make([]byte, 0, 64<<10)
	for r := rand.New(rand.NewPCG(1, 2)); len(noise) < cap(noise); {
		noise = binary.LittleEndian.AppendUint64(noise, r.Uint64())
	}
	twice := strings.Replace(world, "hit", "hit,Day", 1) + "C1,0,I1,E1,F1,P1,0,0,0\n"
	for name, c := range map[string]struct {
		path string
		is   error
		want []string
	}{
		"missing file":      {filepath.Join(t.TempDir(), "none.csv"), os.ErrNotExist, []string{"none.csv", "no such file"}},
		"directory":         {t.TempDir(), read.ErrNotFile, []string{"is a directory; name the files in it"}},
		"empty file":        {write(t, "empty.csv", ""), read.ErrEmpty, []string{"empty.csv", "file is empty"}},
		"blank lines":       {write(t, "blank.csv", "\n\n\n"), read.ErrEmpty, []string{"file is empty"}},
		"header only":       {write(t, "header.csv", world), ErrNoRows, []string{"header.csv", "a header and no rows"}},
		"unknown layout":    {write(t, "own.csv", "number,day,importer,what\n1,2,3,4\n"), mapping.ErrUnrecognised, []string{"trade-world has 3 of its 8 columns", `lacks "exporter"`, "docs/mapping.md"}},
		"no header":         {write(t, "bare.csv", "1,2,3\n4,5,6\n"), mapping.ErrUnrecognised, []string{`its first row holds "1", "2", "3"`}},
		"truncated gz":      {write(t, "cut.csv", string(korean[:len(korean)/2])), read.ErrTruncated, []string{"breaks off after row", "fetch the whole file"}},
		"truncated to head": {write(t, "head.csv", string(korean[:12])), read.ErrTruncated, []string{"fetch the whole file"}},
		"damaged gz":        {write(t, "bad.csv", string(flipped)), read.ErrCorrupt, []string{"damaged"}},
		"binary":            {write(t, "noise.csv", string(noise)), nil, []string{"noise.csv"}},
		"repeated column":   {write(t, "twice.csv", twice), mapping.ErrColumns, []string{`"day" stands more than once`}},
		"unclosed header":   {write(t, "quote.csv", "number,\"day,importer\n1,2,3\n"), nil, []string{"first row cannot be read"}},
	} {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			good := write(t, "good.csv", world+"C1,0,I1,E1,F1,P1,0,0\n")
			report, err := Run(t.Context(), store, []string{c.path, good}, options())
			require.Error(t, err)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			for _, want := range append(c.want, "ingest: "+c.path) {
				assert.ErrorContains(t, err, want)
			}
			assert.Equal(t, Failed, report.Files[0].State)
			assert.Equal(t, Imported, report.Files[1].State)
			sources, err := store.Sources(t.Context())
			require.NoError(t, err)
			require.Len(t, sources, 1)
			assert.Equal(t, "good.csv", sources[0].Name)
		})
	}
}

// A file that someone is still writing does not come in, whenever it changes.
func TestFileThatChanges(t *testing.T) {
	content := world + strings.Repeat("C1,0,I1,E1,F1,P1,0,0\n", 50)
	for name, c := range map[string]struct {
		stage Stage
		with  string
	}{
		"rewritten once hashed": {StageHash, strings.ToLower(content)},
		"rewritten once kept":   {StageKeep, strings.ToLower(content)},
		"longer once hashed":    {StageHash, content + "C2,0,I1,E1,F1,P1,0,0\n"},
		"longer once read":      {StageRows, content + "C2,0,I1,E1,F1,P1,0,0\n"},
		"shorter once hashed":   {StageHash, content[:len(content)/2]},
		"empty once kept":       {StageKeep, ""},
	} {
		for _, without := range []bool{false, true} {
			if without && c.stage == StageKeep {
				continue
			}
			t.Run(fmt.Sprintf("%s, without evidence %v", name, without), func(t *testing.T) {
				store := open(t)
				path := write(t, "w.csv", content)
				o := options()
				o.NoEvidence = without
				o.Progress = func(p Progress) {
					if p.Stage == c.stage {
						assert.NoError(t, os.WriteFile(path, []byte(c.with), 0o600))
					}
				}
				report, err := Run(t.Context(), store, []string{path}, o)
				require.ErrorIs(t, err, graph.ErrEvidenceMismatch)
				require.ErrorContains(t, err, "the file changed while it was read; import it again when it is complete")
				assert.Equal(t, Failed, report.Files[0].State)
				sources, err := store.Sources(t.Context())
				require.NoError(t, err)
				assert.Empty(t, sources)
			})
		}
	}
}

func TestMappedColumnMissing(t *testing.T) {
	library, err := mapping.Library()
	require.NoError(t, err)
	o := options()
	o.Mapping, err = mapping.Find(library, "trade-world")
	require.NoError(t, err)
	report, err := Run(t.Context(), open(t), []string{write(t, "w.csv", "number,day,importer\n1,2,3\n")}, o)
	require.ErrorIs(t, err, mapping.ErrColumns)
	assert.ErrorContains(t, err, `missing "exporter", "forwarder", "port", "hit", "inspected"; the file has 3 columns: "number", "day", "importer"`)
	assert.Equal(t, Failed, report.Files[0].State)

	o.Mapping, err = mapping.Find(library, "ofac-alt")
	require.NoError(t, err)
	_, err = Run(t.Context(), open(t), []string{write(t, "w.csv", "1,2,aka\n1,3,aka\n")}, o)
	require.ErrorIs(t, err, mapping.ErrColumns)
	assert.ErrorContains(t, err, "it is for files of 5 columns and no header; this one has 3")
}

func TestFirstRowOfAFileWithoutHeaderIsRagged(t *testing.T) {
	library, err := mapping.Library()
	require.NoError(t, err)
	o := options()
	o.Mapping, err = mapping.Find(library, "ofac-alt")
	require.NoError(t, err)
	content := "36,12,\"aka\"\n" + strings.Repeat("36,12,\"aka\",\"AERO\",-0- \n", 5)
	report, err := Run(t.Context(), open(t), []string{write(t, "alt.csv", content)}, o)
	require.NoError(t, err)
	s := report.Files[0].Source
	assert.Equal(t, []int64{6, 5, 1}, []int64{s.Rows, s.Stored, s.Quarantined})
}

// Rows that cannot be read or mapped go into quarantine, with place and
// reason; every other row is stored.
func TestRowsInQuarantine(t *testing.T) {
	mega := strings.Repeat("x", 1<<20)
	content := world +
		"C1,0,I1,E1,F1,P1,0,0\n" + // 2
		"C2,0,I1,E1,F1\n" + // 3 ragged
		"C3,0,I1,E1,F1,P1,0,0,9,9\n" + // 4 ragged
		"C4,0,\"I1,E1,F1,P1,0,0\n" + // 5 quote
		"C5,0,I1,E1,F1,P1,1,1\n" + // 6
		"C6,0,I1,\x00,F1,P1,0,0\n" + // 7 nul
		"C7,0,I1,\xff\xfe,F1,P1,0,0\n" + // 8 encoding
		"C8,0," + mega + ",E1,F1,P1,0,0\n" + // 9 size
		",0,I1,E1,F1,P1,0,0\n" + // 10 no number
		"C10,soon,I1,E1,F1,P1,0,0\n" + // 11 date
		"C11,0,I1,E1,F1,P1,1,perhaps\n" + // 12 value
		"\n" + // 13 blank
		",,I1,E1,F1,P1,1,perhaps\n" + // 14 three faults
		"C13,0,\"I,1\",E1,F1,\"P\"\"1\",0,0\n" // 15
	want := []struct {
		row          int64
		column, code string
	}{
		{3, "port", "ragged"}, {4, "9", "ragged"}, {5, "importer", "quote"}, {7, "exporter", "nul"}, {8, "exporter", "encoding"},
		{9, "", "size"}, {10, "number", "missing"}, {11, "day", "date"}, {12, "hit", "value"},
		{14, "day", "missing"}, {14, "number", "missing"}, {14, "hit", "value"},
	}
	for _, name := range []string{"w.csv", "w.csv.gz"} {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			report, err := Run(t.Context(), store, []string{write(t, name, content)}, options())
			require.NoError(t, err)
			s := report.Files[0].Source
			assert.Equal(t, []int64{13, 3, 10, 3}, []int64{s.Rows, s.Stored, s.Quarantined, s.Consignments})
			assert.Equal(t, int64(10), report.Quarantined())
			reader := within(t, store)
			i := 0
			for got, err := range reader.Quarantine(t.Context(), s.ID) {
				require.NoError(t, err)
				assert.Equal(t, want[i].row, got.Row)
				assert.Equal(t, []string{want[i].column, want[i].code}, []string{got.Column, got.Code}, "row %d", got.Row)
				assert.NotEmpty(t, got.Reason)
				line := content[got.Span.Offset : got.Span.Offset+got.Span.Length]
				assert.True(t, strings.HasPrefix(content[got.Span.Offset+got.Span.Length:], "\n"), "the span ends with the line: %.50q", line)
				i++
			}
			assert.Len(t, want, i)
			c, err := reader.Consignment(t.Context(), "consignment/world/C13")
			require.NoError(t, err)
			assert.Contains(t, c.Ties(), graph.Tie{Role: graph.Importer, Entity: "party/world/I,1"})
		})
	}
}

func TestTheSameFileTwice(t *testing.T) {
	store := open(t)
	path := write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\n")
	report, err := Run(t.Context(), store, []string{path, path}, options())
	require.NoError(t, err)
	assert.Equal(t, []State{Imported, Already}, []State{report.Files[0].State, report.Files[1].State})
	assert.Equal(t, report.Files[0].Source, report.Files[1].Source)

	copied := write(t, "another name.csv", world+"C1,0,I1,E1,F1,P1,0,0\n")
	report, err = Run(t.Context(), store, []string{copied}, options())
	require.NoError(t, err)
	assert.Equal(t, Already, report.Files[0].State)
	assert.Equal(t, "w.csv", report.Files[0].Source.Name)
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	assert.Len(t, sources, 1)
}

func TestOneFileUnderTwoMappings(t *testing.T) {
	store := open(t)
	path := write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\n")
	first, err := Run(t.Context(), store, []string{path}, options())
	require.NoError(t, err)
	o := options()
	o.Mapping, err = mapping.Parse("own.yaml", []byte(
		"mapping: own\nentities:\n  a: {kind: party, namespace: own, id: importer, keep: number}\n"))
	require.NoError(t, err)
	second, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	f := second.Files[0]
	assert.Equal(t, Replaced, f.State)
	assert.Equal(t, []graph.SourceID{first.Files[0].Source.ID}, f.Earlier)
	reader := within(t, store)
	_, err = reader.Consignment(t.Context(), "consignment/world/C1")
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = reader.Entity(t.Context(), "party/own/I1")
	require.NoError(t, err)
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	require.Len(t, sources, 2)
	for _, s := range sources {
		if s.ID != f.Source.ID {
			assert.Equal(t, graph.Replaced, s.EndedBy)
			assert.Equal(t, f.Source.ID, s.Replaced)
		}
	}

	again, err := Run(t.Context(), store, []string{path}, o)
	require.NoError(t, err)
	assert.Equal(t, Already, again.Files[0].State)
}

func TestStoreThatIsClosedEndsTheRun(t *testing.T) {
	store := open(t)
	path := write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\n")
	require.NoError(t, store.Close())
	report, err := Run(t.Context(), store, []string{path}, options())
	require.ErrorIs(t, err, graph.ErrClosed)
	assert.Equal(t, Untried, report.Files[0].State)
}

func TestLongFieldsAreStored(t *testing.T) {
	store := open(t)
	long := strings.Repeat("x", 1<<20-100)
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", world+"C1,0,"+long+",E1,F1,P1,0,0\n")}, options())
	require.NoError(t, err)
	s := report.Files[0].Source
	assert.Equal(t, []int64{1, 1, 0}, []int64{s.Rows, s.Stored, s.Quarantined})
	c, err := within(t, store).Consignment(t.Context(), "consignment/world/C1")
	require.NoError(t, err)
	assert.Contains(t, c.Ties(), graph.Tie{Role: graph.Importer, Entity: graph.NewID(graph.Party, "world", long)})
}

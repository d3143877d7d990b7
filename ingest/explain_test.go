package ingest

import (
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/graph"
	"rummage/ingest/read"
)

func explainer(t *testing.T, store graph.Store) *Explainer {
	t.Helper()
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	e := NewExplainer(within(t, store), sources)
	t.Cleanup(func() { assert.NoError(t, e.Close()) })
	return e
}

func TestRowsAsTheyStandInTheirFile(t *testing.T) {
	store := open(t)
	files := []string{"korean-customs/valid.csv.gz", "ofac/alt.csv.gz"}
	report, err := Run(t.Context(), store, []string{fixtures.Path(files[0]), fixtures.Path(files[1])}, options())
	require.NoError(t, err)
	e := explainer(t, store)
	random := rand.New(rand.NewPCG(1, 2))
	for i, name := range files {
		file, err := fixtures.Open(name)
		require.NoError(t, err)
		rows, err := csv.NewReader(file).ReadAll()
		require.NoError(t, err)
		require.NoError(t, file.Close())
		for range 10 {
			at := 1 + random.IntN(len(rows)-1)
			record, err := e.Row(t.Context(), graph.Origin{Source: report.Files[i].Source.ID, Row: int64(at + 1)})
			require.NoError(t, err)
			var values []string
			for c, column := range record.Columns {
				values = append(values, strings.TrimSpace(column.Value))
				if i == 0 {
					assert.Equal(t, rows[0][c], column.Name)
				}
			}
			want := make([]string, len(rows[at]))
			for c := range want {
				want[c] = strings.TrimSpace(rows[at][c])
			}
			assert.Equal(t, want, values, "row %d of %s", at+1, name)
			assert.Equal(t, filepath.Base(name), record.Source)
			assert.Equal(t, report.Files[i].Source.SHA256, record.SHA256)
		}
	}
	for _, row := range []int64{3000, 2, 3000} { // from file to file, and back within one
		for i, name := range []string{"Declaration ID", "1"} {
			record, err := e.Row(t.Context(), graph.Origin{Source: report.Files[i].Source.ID, Row: row})
			require.NoError(t, err)
			assert.Equal(t, name, record.Columns[0].Name)
			again, err := e.Row(t.Context(), graph.Origin{Source: report.Files[i].Source.ID, Row: row})
			require.NoError(t, err)
			assert.Equal(t, record, again)
		}
	}
	_, err = e.Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 1_000_000})
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = e.Row(t.Context(), graph.Origin{Source: "s-0000000000000000", Row: 2})
	require.ErrorIs(t, err, graph.ErrNotFound)
}

func TestRecordAsJSON(t *testing.T) {
	content := "number,day,importer,exporter,forwarder,port,inspected,hit,Note,Note\nC1,0,I1,E1,F1,P1,0,0,\"a \"\"b\"\"\",<c>\n"
	store := open(t)
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", content)}, options())
	require.NoError(t, err)
	record, err := explainer(t, store).Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 2})
	require.NoError(t, err)
	text, err := json.Marshal(record)
	require.NoError(t, err)
	start := strings.IndexByte(content, '\n') + 1
	assert.Equal(t, [2]int64{int64(start), int64(len(content) - 1)}, record.Bytes)
	assert.Contains(t, string(text), `"columns":{"number":"C1","day":"0","importer":"I1","exporter":"E1","forwarder":"F1","port":"P1",`+
		`"inspected":"0","hit":"0","Note":"a \"b\"","Note (10)":"\u003cc\u003e"}`)
	assert.Contains(t, string(text), `"source":"w.csv"`)
	assert.Contains(t, string(text), `"row":2,"bytes":[`)
}

func TestWithoutEvidence(t *testing.T) {
	store := open(t)
	o := options()
	o.NoEvidence = true
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\nC2\n")}, o)
	require.NoError(t, err)
	e := explainer(t, store)
	record, err := e.Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 2})
	require.ErrorIs(t, err, graph.ErrNoEvidence)
	assert.Equal(t, "w.csv", record.Source)
	assert.Equal(t, int64(2), record.Row)
	_, err = e.ExportQuarantine(t.Context(), report.Files[0].Source.ID, new(strings.Builder))
	require.ErrorIs(t, err, graph.ErrNoEvidence)
	_, err = e.ExportQuarantine(t.Context(), "s-0000000000000000", new(strings.Builder))
	require.ErrorIs(t, err, graph.ErrUnknownSource)
}

// repair exports the refused rows of a source, lets change repair the text,
// and imports it.
func repair(t *testing.T, store graph.Store, id graph.SourceID, change func(string) string) File {
	t.Helper()
	var b strings.Builder
	_, err := explainer(t, store).ExportQuarantine(t.Context(), id, &b)
	require.NoError(t, err)
	report, err := Run(t.Context(), store, []string{write(t, "repaired.csv", change(b.String()))}, options())
	require.NoError(t, err)
	return report.Files[0]
}

func TestRefusedRowsAreRepairedAndImported(t *testing.T) {
	store := open(t)
	content := strings.ReplaceAll(world, ",", ";") +
		"C1;0;I1;E1;F1;P1;0;0\n" +
		"C2;0;\"I;1\";E1;F1;P1;0\n" +
		"C3;soon;I1;E1;F1;P1;1;perhaps\n" +
		"C4;0;\"I4;E1;F1;P1;0;0\n" +
		"C5;0;I\xff5;E1;F1;P1;0;0\n" +
		"C6;0;I\x006;E1;F1;P1;0;0;7\n"
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", content)}, options())
	require.NoError(t, err)
	first := report.Files[0].Source
	assert.Equal(t, []int64{6, 1, 5}, []int64{first.Rows, first.Stored, first.Quarantined})

	var exported string
	f := repair(t, store, first.ID, func(text string) string { exported = text; return text })
	assert.Equal(t, "rummage_row,rummage_column,rummage_code,rummage_reason,rummage_source,"+world, exported[:strings.IndexByte(exported, '\n')+1])
	assert.Contains(t, exported, "\n3,hit,ragged,7 cells where 8 are expected,"+string(first.ID)+",C2,0,I;1,E1,F1,P1,0\n")
	assert.Contains(t, exported, "\n4,day; hit,date; value,")
	assert.Contains(t, exported, ",C4,0,\"\"\"I4\",E1,F1,P1,0,0\n")
	assert.Contains(t, exported, ",C5,0,I\uFFFD5,E1,F1,P1,0,0\n")
	assert.Equal(t, int64(1), f.Source.Stored, "a stray quote does no harm once it is text; what was lost does")
	assert.Equal(t, int64(4), f.Source.Quarantined)

	f = repair(t, store, f.Source.ID, func(text string) string {
		assert.NotContains(t, text, "rummage_row,rummage_column,rummage_code,rummage_reason,rummage_row")
		text = strings.Replace(text, "I;1,E1,F1,P1,0", "I;1,E1,F1,P1,0,0", 1)
		text = strings.Replace(text, "C3,soon,I1,E1,F1,P1,1,perhaps", "C3,5,I1,E1,F1,P1,1,1", 1)
		text = strings.Replace(text, "I\uFFFD5", "I5", 1)
		return strings.Replace(text, "I\uFFFD6,E1,F1,P1,0,0,7", "I6,E1,F1,P1,0,0", 1)
	})
	assert.Equal(t, []int64{4, 4, 0}, []int64{f.Source.Rows, f.Source.Stored, f.Source.Quarantined})
	n := 0
	for c, err := range within(t, store).Consignments(t.Context(), graph.Want{}) {
		require.NoError(t, err)
		assert.NotEmpty(t, c.Ties())
		n++
	}
	assert.Equal(t, 6, n)
}

func TestRefusedRowsOfAFileWithoutHeader(t *testing.T) {
	store := open(t)
	var b strings.Builder
	for range 40 {
		b.WriteString("36,12,\"aka\",\"AERO-CARIBBEAN\",-0- \n")
	}
	b.WriteString("173,57,\"aka\",-0- ,-0- \n306,220,\"aka\"\n")
	report, err := Run(t.Context(), store, []string{write(t, "alt.csv", b.String())}, options())
	require.NoError(t, err)
	s := report.Files[0].Source
	assert.Equal(t, []int64{42, 40, 2}, []int64{s.Rows, s.Stored, s.Quarantined})
	f := repair(t, store, s.ID, func(text string) string {
		assert.Contains(t, text, "rummage_reason,rummage_source,1,2,3,4,5\n41,4,missing,4 is empty and must be stated,"+string(s.ID)+",173,57,aka,'-0- ,'-0- \n42,4,ragged,")
		text = strings.Replace(text, "173,57,aka,'-0- ,", "173,57,aka,AVIA IMPORT,", 1)
		return strings.Replace(text, "306,220,aka", "306,220,aka,NATIONAL BANK OF CUBA,-0- ", 1)
	})
	assert.Equal(t, []int64{2, 2, 0}, []int64{f.Source.Rows, f.Source.Stored, f.Source.Quarantined})
	e, err := within(t, store).Entity(t.Context(), "party/ofac/173")
	require.NoError(t, err)
	assert.Equal(t, "AVIA IMPORT", e.Name())
}

// What the export cannot show whole does not come in as if it were the whole.
func TestLostPiecesMustBePutBack(t *testing.T) {
	store := open(t)
	content := world + "C1,0,I1,E1,F1,P1,0,0\nC2,0,I\xff2,E2,F1,P1,0,0\nC3,0,I3,\"E,3\",F\x00,P1,0,0\n" +
		"C4,0,I4,E4,F1,P1,0,0" + strings.Repeat("0", read.MaxRecord) + "\n"
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", content)}, options())
	require.NoError(t, err)
	f := repair(t, store, report.Files[0].Source.ID, func(text string) string {
		assert.Contains(t, text, ",C3,0,I3,\"E,3\",F\uFFFD,P1,0,0\n")
		assert.Less(t, len(text), 2*read.MaxRaw)
		return text
	})
	assert.Equal(t, []int64{3, 0, 3}, []int64{f.Source.Rows, f.Source.Stored, f.Source.Quarantined})
	var columns []string
	for e, err := range within(t, store).Quarantine(t.Context(), f.Source.ID) {
		require.NoError(t, err)
		columns = append(columns, e.Column)
		assert.Equal(t, "encoding", e.Code)
		assert.Contains(t, e.Reason, "U+FFFD")
	}
	assert.Equal(t, []string{"importer", "forwarder", "hit"}, columns)
}

// A spreadsheet must not run what a trader wrote, and what he wrote must not
// change on the way.
func TestNoFormulasInTheExport(t *testing.T) {
	names := []string{"=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "＝1", "'=x", "''=x", " =y", "'plain", "-0-", "=a,\"b\""}
	var b strings.Builder
	out := csv.NewWriter(&b)
	for i, name := range names {
		require.NoError(t, out.Write([]string{"C" + strconv.Itoa(i), "soon", name, "-12.5", "F1", "P1", "0", "0"}))
	}
	out.Flush()
	store := open(t)
	report, err := Run(t.Context(), store, []string{write(t, "w.csv", world+b.String())}, options())
	require.NoError(t, err)
	f := repair(t, store, report.Files[0].Source.ID, func(text string) string {
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		require.NoError(t, err)
		for i, row := range rows[1:] {
			if names[i] != "'plain" {
				assert.Equal(t, "'"+names[i], row[7])
			}
			assert.Equal(t, "-12.5", row[8], "a number is none")
		}
		return strings.ReplaceAll(text, ",soon,", ",0,")
	})
	assert.Equal(t, int64(len(names)), f.Source.Stored)
	for _, name := range names {
		_, err := within(t, store).Entity(t.Context(), graph.NewID(graph.Party, "world", name))
		assert.NoError(t, err, name)
	}
}

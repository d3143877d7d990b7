package mapping

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
	"rummage/graph"
	"rummage/ingest/mapping/mappingtest"
)

// cells reads a CSV file with the standard library, which shares nothing with
// the house's own reader.
func cells(t testing.TB, from io.Reader, delimiter rune) [][]string {
	t.Helper()
	r := csv.NewReader(from)
	r.Comma = delimiter
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	require.NoError(t, err)
	return rows
}

func fixture(t testing.TB, name string, delimiter rune) [][]string {
	t.Helper()
	var file io.ReadCloser
	var err error
	if strings.HasPrefix(name, "testdata/") {
		file, err = os.Open(name)
	} else {
		file, err = fixtures.Open(name)
	}
	require.NoError(t, err)
	defer file.Close()
	return cells(t, file, delimiter)
}

func toBytes(row []string) [][]byte {
	all := make([][]byte, len(row))
	for i, cell := range row {
		all[i] = []byte(cell)
	}
	return all
}

// apply maps the rows of a table and returns what came of them, in copies.
func apply(t testing.TB, m *Mapping, rows [][]string) []graph.Row {
	t.Helper()
	return applyJoined(t, m, rows, nil)
}

// applyJoined is apply with second files, by the names of their joins.
func applyJoined(t testing.TB, m *Mapping, rows [][]string, second map[string][][]string) []graph.Row {
	t.Helper()
	mapper := bindJoined(t, m, rows[0], second)
	if m.HasHeader() {
		return applyTo(t, mapper, rows[1:], 2)
	}
	return applyTo(t, mapper, rows, 1)
}

// applyFrom is apply for rows below a header, counted from first.
func applyFrom(t testing.TB, m *Mapping, header []string, rows [][]string, first int) []graph.Row {
	t.Helper()
	return applyTo(t, bindJoined(t, m, header, nil), rows, first)
}

func applyTo(t testing.TB, mapper *Mapper, rows [][]string, first int) []graph.Row {
	t.Helper()
	mapper.Of("0123456789ab", "ba9876543210")
	if mapper.Learns() {
		for i, row := range rows {
			require.NoError(t, mapper.Learn(int64(first+i), toBytes(row)))
		}
		mapper.Learned()
	}
	all := make([]graph.Row, len(rows))
	var out graph.Row
	for i, row := range rows {
		mapper.Map(int64(first+i), toBytes(row), &out)
		require.NoError(t, out.Check())
		for j := range out.Statements {
			normal := cloneStatement(out.Statements[j])
			normal.Normalise()
			require.Equal(t, normal, cloneStatement(out.Statements[j]), "a statement comes in its normal form")
		}
		all[i] = cloneRow(&out)
	}
	return all
}

func cloneStatement(s graph.Statement) graph.Statement {
	s.Fields, s.Ties = slices.Clone(s.Fields), slices.Clone(s.Ties)
	return s
}

func cloneRow(r *graph.Row) graph.Row {
	c := *r
	c.Facts, c.Errors = slices.Clone(r.Facts), slices.Clone(r.Errors)
	c.Statements, c.Links, c.Outcomes = slices.Clone(r.Statements), slices.Clone(r.Links), slices.Clone(r.Outcomes)
	for i := range c.Statements {
		c.Statements[i] = cloneStatement(c.Statements[i])
	}
	for i := range c.Links {
		c.Links[i].Fields = slices.Clone(c.Links[i].Fields)
	}
	for i := range c.Outcomes {
		c.Outcomes[i].Fields = slices.Clone(c.Outcomes[i].Fields)
	}
	return c
}

// shippedCase says on what file of text a shipped mapping is tried, and which
// rows are shown in its golden file. Mappings of other formats are tried where
// whole files are, in package ingest, which also sees to it that none is left
// out.
type shippedCase struct {
	mapping, file string
	rows          []int64
}

var shippedCases = []shippedCase{
	{mapping: "amlsim-accounts", file: "amlsim/20K_cycle200/nodes.csv.gz", rows: []int64{2, 101, 118}},
	{mapping: "amlsim-transfers", file: "amlsim/20K_cycle200/transactions.csv.gz", rows: []int64{2, 3, 117806}},
	{mapping: "kr-declarations", file: "korean-customs/train.csv.gz", rows: []int64{2, 3, 8, 37386}},
	{mapping: "kr-declarations", file: "korean-customs/test.csv.gz", rows: []int64{2, 8482}},
	{mapping: "ofac-add", file: "ofac/add.csv.gz", rows: []int64{1, 2, 3, 8, 11695, 11696}},
	{mapping: "ofac-alt", file: "ofac/alt.csv.gz", rows: []int64{1, 2, 40, 9682}},
	{mapping: "ofac-sdn", file: "ofac/sdn.csv.gz", rows: []int64{1, 3, 84, 2678, 3252, 3424, 6983, 7379}},
	{mapping: "rummage-declarations", file: "testdata/declarations.csv", rows: []int64{2, 3, 4}},
	{mapping: "rummage-inspections", file: "testdata/inspections.csv", rows: []int64{2, 3}},
	{mapping: "rummage-registry", file: "testdata/registry.csv", rows: []int64{2, 3}},
	{mapping: "cl-din", file: "testdata/cl-din.csv", rows: []int64{1, 2, 3}},
	{mapping: "panjiva-us-exports", file: "testdata/panjiva-us-exports.csv", rows: []int64{2, 3}},
	{mapping: "pe-dua", file: "testdata/pe-dua.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-billgen", file: "testdata/us-ams-billgen.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-cargodesc", file: "testdata/us-ams-cargodesc.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-consignee", file: "testdata/us-ams-consignee.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-container", file: "testdata/us-ams-container.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-hazmat", file: "testdata/us-ams-hazmat.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-hazmatclass", file: "testdata/us-ams-hazmatclass.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-header", file: "testdata/us-ams-header.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-marksnumbers", file: "testdata/us-ams-marksnumbers.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-notifyparty", file: "testdata/us-ams-notifyparty.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-shipper", file: "testdata/us-ams-shipper.csv", rows: []int64{2, 3}},
	{mapping: "us-ams-tariff", file: "testdata/us-ams-tariff.csv", rows: []int64{2, 3}},
	{mapping: "trade-world", file: "worlds/B2-11/consignments.csv.gz", rows: []int64{2, 104898}},
	{mapping: "trade-world-addresses", file: "worlds/B2-11/addresses.csv.gz", rows: []int64{2, 3}},
}

func TestShippedMappings(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	for _, c := range slices.Concat(shippedCases, shippedWest, shippedEast, shippedLists, shippedMessages) {
		name := c.mapping
		if base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(c.file), ".gz"), ".csv"); base != name {
			name += "-" + base
		}
		t.Run(name, func(t *testing.T) {
			named, err := Find(all, c.mapping)
			require.NoError(t, err)
			delimiter := ','
			if named.Delimiter != "" {
				delimiter = rune(named.Delimiter[0])
			}
			rows := fixture(t, c.file, delimiter)
			m, err := Recognise(all, rows[:min(len(rows), SampleRows)])
			require.NoError(t, err)
			require.Equal(t, c.mapping, m.Name)
			var b strings.Builder
			bad := 0
			for _, row := range apply(t, m, rows) {
				if slices.Contains(c.rows, row.Number) {
					b.WriteString(mappingtest.Format(&row))
				}
				bad += len(row.Errors)
			}
			assert.Zero(t, bad, "rows in quarantine")
			golden(t, name+".golden", b.String())
		})
	}
	for _, m := range all {
		assert.NotEmpty(t, m.About, m.Name)
	}
}

func TestNamesAreThoseOfTheFiles(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	assert.Equal(t, names, Names())
}

func TestFind(t *testing.T) {
	all, err := Library()
	require.NoError(t, err)
	m, err := Find(all, "ofac-alt")
	require.NoError(t, err)
	assert.Equal(t, "ofac-alt", m.Name)
	_, err = Find(all, "ofac-alts")
	require.ErrorIs(t, err, ErrUnknown)
	assert.ErrorContains(t, err, `did you mean "ofac-alt"?`)
	_, err = Find(all, "zzz")
	assert.ErrorContains(t, err, "known: "+all[0].Name+", ")
}

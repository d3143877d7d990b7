package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

// TestWhyEndsAtTheRowOfTheFile asks why of ten random ties and facts of real declarations, and compares what it shows with the
// row as encoding/csv alone reads it.
func TestWhyEndsAtTheRowOfTheFile(t *testing.T) {
	store := filepath.Join(t.TempDir(), "s.db")
	code, text := said(t, "ingest", fixtures.Path("korean-customs/valid.csv.gz"), "--store", store)
	require.Zero(t, code, text)
	file, err := fixtures.Open("korean-customs/valid.csv.gz")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}

	source := rand.New(rand.NewPCG(1, 2))
	for n := range 10 {
		at := 1 + source.IntN(len(rows)-1)
		row := rows[at]
		consignment := "consignment/kr-decl/" + row[column["Declaration ID"]]
		question := []string{consignment, "importer", "party/kr-importer/" + row[column["Importer ID"]]}
		if n%2 == 1 {
			question = []string{consignment, "net_mass"}
		}
		code, text := said(t, append([]string{"why", "--json", "--store", store}, question...)...)
		require.Zero(t, code, text)
		var answer struct {
			Records []struct {
				Source, SHA256 string
				Row            int
				Columns        map[string]string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(text), &answer), text)
		require.Len(t, answer.Records, 1, strings.Join(question, " "))
		got := answer.Records[0]
		assert.Equal(t, "valid.csv.gz", got.Source)
		assert.Equal(t, at+1, got.Row, "as a spreadsheet shows it")
		assert.Len(t, got.SHA256, 64)
		for name, i := range column {
			assert.Equal(t, row[i], got.Columns[name], fmt.Sprint(question, name))
		}
	}
}

// TestWorldsByCommand has a command ingest a world through its mapping, and compares every trader's ratios with those that two other
// programs computed, and the measures with theirs, which have four digits. Package flag does so with all four worlds, and package evaluate.
func TestWorldsByCommand(t *testing.T) {
	fixtures.Figures(t)
	const world = "B3-11"
	t.Chdir(t.TempDir())
	code, text := said(t, "evaluate", "--json", "--shuffles", "0", "--world", fixtures.Path("worlds/"+world), "--ratios", "r.csv")
	require.Zero(t, code, text)
	var answer struct {
		Runs []struct {
			AP        float64
			Service   float64 `json:"service_in_top_100"`
			Baselines struct {
				V1 float64 `json:"v1_ap"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &answer))
	require.Len(t, answer.Runs, 1)
	results, err := os.ReadFile(fixtures.Path("worlds/" + world + "/results.json"))
	require.NoError(t, err)
	var known struct {
		Results map[string]struct{ AP float64 }
	}
	require.NoError(t, json.Unmarshal(results, &known))
	assert.InDelta(t, known.Results["v1"].AP, answer.Runs[0].Baselines.V1, 5.1e-5)
	assert.Greater(t, answer.Runs[0].AP, known.Results["v2 walk"].AP, "corroborated hits rank better")
	assert.Zero(t, answer.Runs[0].Service)
	compareRatios(t, "r.csv", world)
}

func compareRatios(t *testing.T, path, world string) {
	t.Helper()
	got, err := readCSV(path)
	require.NoError(t, err)
	want, err := readCSV(fixtures.Path("worlds/" + world + "/expected.csv.gz"))
	require.NoError(t, err)
	require.Len(t, got, len(want))
	expected := map[string][]string{} // party,candidate,degree,rr_v1,rr_v2,...
	for _, row := range want[1:] {
		expected[row[0]] = row
	}
	number := func(text string) float64 {
		x, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		return x
	}
	for _, row := range got[1:] { // id,party,candidate,ring,degree,rr_v1,rr_v2,score
		e := expected[row[1]]
		require.NotNil(t, e, row[1])
		require.Equal(t, e[1:3], []string{row[2], row[4]}, row[1])
		for i := range 2 {
			x := number(e[3+i])
			require.InDelta(t, x, number(row[5+i]), 1e-9*max(1, x), row[1])
		}
	}
}

// TestRealListsComeTogether ingests declarations and watch lists with one command, and flags nothing: the declarations' traders
// were shuffled by whoever made them public, so the right number of networks is none.
func TestRealListsComeTogether(t *testing.T) {
	fixtures.Figures(t)
	store := filepath.Join(t.TempDir(), "s.db")
	args := []string{"ingest", "--store", store}
	for _, name := range []string{"korean-customs/train", "korean-customs/valid", "korean-customs/test", "ofac/sdn", "ofac/alt", "ofac/add"} {
		args = append(args, fixtures.Path(name+".csv.gz"))
	}
	code, text := said(t, args...)
	require.Zero(t, code, text)
	code, text = said(t, "flag", "--json", "--store", store, "--draws", "100")
	require.Zero(t, code, text)
	var run struct {
		Consignments, Tested int
		Findings, Networks   []any
	}
	require.NoError(t, json.Unmarshal([]byte(text), &run))
	assert.Equal(t, 54000, run.Consignments)
	assert.Greater(t, run.Tested, 1000)
	assert.Empty(t, run.Findings)
	assert.Empty(t, run.Networks)
}

package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
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

// TestRealListsComeTogether ingests declarations and watch lists with one command, and flags nothing: the declarations' traders
// were shuffled by whoever made them public, so the right number of networks is none.
func TestRealListsComeTogether(t *testing.T) {
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

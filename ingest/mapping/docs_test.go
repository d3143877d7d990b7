package mapping

import (
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format/tree"
	"rummage/ingest/mapping/mappingtest"
	"rummage/ingest/read"
)

const manual = "../../docs/mapping.md"

var fence = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```\n")

// Every example of the manual is run: a mapping, a file, and the records or
// errors that the page shows.
func TestManual(t *testing.T) {
	text, err := os.ReadFile(manual)
	require.NoError(t, err)
	page := string(text)
	var mapping, table string
	isTree := false
	second := map[string][][]string{} // tables by the name of their join, which is the kind of their block
	examples := 0
	for _, block := range fence.FindAllStringSubmatch(page, -1) {
		kind, body := block[1], block[2]
		got := ""
		switch kind {
		case "sh":
			continue // commands, which the root test checks by name
		case "yaml":
			mapping, second = body, map[string][][]string{}
			continue
		case "xml":
			table, isTree = body, true
			continue
		case "csv":
			isTree = false
			table = strings.ReplaceAll(body, "␟", "\x1f") // which cannot be seen
			continue
		case "records":
			m, err := Parse("example.yaml", []byte(mapping))
			require.NoError(t, err)
			if isTree {
				rows := treeCells(t, m, table)
				known, err := Recognise([]*Mapping{m}, rows)
				require.NoError(t, err)
				assert.Equal(t, m, known)
				for _, row := range applyFrom(t, m, rows[0], rows[1:], 1) {
					got += mappingtest.Format(&row)
				}
				break
			}
			rows := cells(t, strings.NewReader(table), ',')
			if m.recognise.header != nil || m.recognise.columns > 0 {
				known, err := Recognise([]*Mapping{m}, rows)
				require.NoError(t, err)
				assert.Equal(t, m, known)
			}
			for _, row := range applyJoined(t, m, rows, second) {
				got += mappingtest.Format(&row)
			}
		case "errors":
			_, err := Parse("example.yaml", []byte(mapping))
			require.ErrorIs(t, err, ErrSyntax)
			got = err.Error() + "\n"
		default:
			require.Contains(t, mapping, "\n  "+kind+":\n", "the manual has a block of kind %q, which is no join", kind)
			second[kind] = cells(t, strings.NewReader(body), ',')
			continue
		}
		examples++
		if *update {
			page = strings.Replace(page, block[0], "```"+kind+"\n"+got+"```\n", 1)
			continue
		}
		assert.Equal(t, body, got)
	}
	assert.Greater(t, examples, 9)
	if *update {
		require.NoError(t, os.WriteFile(manual, []byte(page), 0o600))
	}
}

// treeCells reads the records that a mapping names, with the names of their columns first.
func treeCells(t *testing.T, m *Mapping, file string) [][]string {
	t.Helper()
	d, err := tree.Detect(t.Context(), strings.NewReader(file), read.Hints{Record: m.Record})
	require.NoError(t, err)
	r, err := tree.Open(t.Context(), strings.NewReader(file), d)
	require.NoError(t, err)
	defer r.Close()
	rows := [][]string{strings.Split(d.Names, Between)}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		require.NoError(t, err)
		rows = append(rows, row.Names())
	}
}

func TestManualNamesEveryKey(t *testing.T) {
	text, err := os.ReadFile(manual)
	require.NoError(t, err)
	known := [][]string{
		topKeys, valueKeys, entityKeys, lookupKeys, joinKeys, consignmentKeys, linkKeys, outcomeKeys, conditionKeys,
		recogniseKeys, fileKeys, dateKeys, stepNames, ruleNames(), ruleKeys, replaceKeys,
	}
	for _, keys := range known {
		for _, key := range keys {
			assert.Regexp(t, "`[^`\n]*\\b"+key+"\\b[^`\n]*`", string(text), "%s is not in the manual", key)
		}
	}
}

package mapping

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/mapping/mappingtest"
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
	examples := 0
	for _, block := range fence.FindAllStringSubmatch(page, -1) {
		kind, body := block[1], block[2]
		got := ""
		switch kind {
		case "sh":
			continue // commands, which the root test checks by name
		case "yaml":
			mapping = body
			continue
		case "csv":
			table = strings.ReplaceAll(body, "␟", "\x1f") // which cannot be seen
			continue
		case "records":
			m, err := Parse("example.yaml", []byte(mapping))
			require.NoError(t, err)
			rows := cells(t, strings.NewReader(table), ',')
			if m.recognise.header != nil || m.recognise.columns > 0 {
				known, err := Recognise([]*Mapping{m}, rows)
				require.NoError(t, err)
				assert.Equal(t, m, known)
			}
			for _, row := range apply(t, m, rows) {
				got += mappingtest.Format(&row)
			}
		case "errors":
			_, err := Parse("example.yaml", []byte(mapping))
			require.ErrorIs(t, err, ErrSyntax)
			got = err.Error() + "\n"
		default:
			t.Fatalf("the manual has a block of kind %q", kind)
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

func TestManualNamesEveryKey(t *testing.T) {
	text, err := os.ReadFile(manual)
	require.NoError(t, err)
	known := [][]string{
		topKeys, valueKeys, entityKeys, lookupKeys, consignmentKeys, linkKeys, outcomeKeys, conditionKeys,
		recogniseKeys, fileKeys, dateKeys, stepNames, ruleNames(), ruleKeys, replaceKeys,
	}
	for _, keys := range known {
		for _, key := range keys {
			assert.Regexp(t, "`[^`\n]*\\b"+key+"\\b[^`\n]*`", string(text), "%s is not in the manual", key)
		}
	}
}

package draft

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// directory is the page on which the reader of messages says what it calls the
// values of each segment; its own test keeps the page equal to its tables.
const directory = "../../docs/messages.md"

// TestTheReaderHasTheseNames: the draft reads columns by no name that the reader
// of messages does not give.
func TestTheReaderHasTheseNames(t *testing.T) {
	text, err := os.ReadFile(directory)
	require.NoError(t, err)
	values := map[string][]string{}
	for _, line := range regexp.MustCompile("(?m)^\\| `([A-Z0-9]+)(?:\\+q)?(?:\\.r)?` \\| ([a-z0-9_, ]*)").FindAllStringSubmatch(string(text), -1) {
		values[line[1]] = append(values[line[1]], strings.Split(strings.TrimSpace(line[2]), ", ")...)
	}
	require.Greater(t, len(values), 60)
	for name := range meanings() {
		for i, part := range strings.Split(name, "/") {
			segment, value, valued := strings.Cut(part, ".")
			tag, qualifiers, _ := strings.Cut(segment, "+")
			require.Contains(t, values, tag, name)
			if strings.HasPrefix(tag, "MEA") && qualifiers != "WT" {
				_, value, _ = strings.Cut(value, ".")
			}
			if valued || i > 0 {
				assert.Contains(t, values[tag], value, name)
			}
		}
	}
	for _, column := range typeColumns {
		tag, value, _ := strings.Cut(column, ".")
		assert.Contains(t, values[tag], value)
	}
}

// TestOtherTablesAreNoMessages: a table is read as one of messages by the columns
// that only the reader of messages gives together.
func TestOtherTablesAreNoMessages(t *testing.T) {
	for name, want := range map[string]bool{
		"record,UNH.type,NAD+CN.name": true, "record,ST.type": true, "record,type": false, "UNH.type,NAD+CN.name": false, "NAD+CN.name": false,
	} {
		table := Table{Name: "t", Header: true, Columns: strings.Split(name, ",")}
		assert.Equal(t, want, table.isMessages(), name)
		table.Header = false
		assert.False(t, table.isMessages())
	}
}

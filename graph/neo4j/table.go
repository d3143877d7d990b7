package neo4j

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"rummage/graph"
)

// listDelimiter stands between the elements of a list in the files of a bulk
// import. JSON texts hold no control characters, so none of them can be
// mistaken for it.
const listDelimiter = '\x1f'

// table is one pair of files of a bulk import: the rows, and a header that is
// written last, since it names every property that any row had. A row may be
// shorter than the header.
type table struct {
	name    string // of the file, without folder and ending
	option  string // nodes or relationships, with labels or type
	ids     []string
	columns []column
	places  map[string]int

	file    *os.File
	out     *bufio.Writer
	cells   [][]byte // of the row, by column
	line    []byte
	rows    int64
	bytes   int64
	longest int
	lines   bool // whether some text has several
}

type column struct{ name, kind string }

// newTable creates the file of rows. ids are the leading columns of a header,
// such as "id:ID(entity)".
func newTable(dir, name, option string, ids ...string) (*table, error) {
	file, err := os.OpenFile(filepath.Join(dir, name+".csv"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("neo4j: import files: %w", err)
	}
	return &table{name: name, option: option, ids: ids, places: map[string]int{}, file: file, out: bufio.NewWriterSize(file, 1<<18)}, nil
}

// row writes one row. Properties come in any order; those of one name have one
// type in all rows.
func (t *table) row(ids []string, properties map[string]any) error {
	if err := t.fill(properties); err != nil {
		return err
	}
	line := t.line[:0]
	for i, id := range ids {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendText(line, id)
	}
	return t.write(line)
}

// numbered is row for a table whose first column is a number.
func (t *table) numbered(number int64, id string, properties map[string]any) error {
	if err := t.fill(properties); err != nil {
		return err
	}
	line := strconv.AppendInt(t.line[:0], number, 10)
	return t.write(appendText(append(line, ','), id))
}

// fill puts properties into the cells of a row.
func (t *table) fill(properties map[string]any) error {
	var unknown []string
	for name, value := range properties {
		at, known := t.places[name]
		if !known {
			unknown = append(unknown, name)
			continue
		}
		if err := t.set(at, value); err != nil {
			return err
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		at := len(t.columns)
		t.places[name] = at
		t.columns = append(t.columns, column{name: name})
		t.cells = append(t.cells, nil)
		if err := t.set(at, properties[name]); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) set(at int, value any) error {
	cell, kind, err := appendCell(t.cells[at][:0], value)
	c := &t.columns[at]
	if err == nil && c.kind != "" && c.kind != kind {
		err = fmt.Errorf("is %s and was %s", kind, c.kind)
	}
	if err != nil {
		return fmt.Errorf("neo4j: import files: %s: property %s: %w", t.name, c.name, err)
	}
	t.longest = max(t.longest, len(cell))
	t.lines = t.lines || bytes.IndexByte(cell, '\n') >= 0 || bytes.IndexByte(cell, '\r') >= 0
	t.cells[at], c.kind = cell, kind
	return nil
}

// write ends a line that begins with the ids.
func (t *table) write(line []byte) error {
	last := len(t.columns)
	for last > 0 && len(t.cells[last-1]) == 0 {
		last--
	}
	for i := range last {
		line = append(line, ',')
		line = append(line, t.cells[i]...)
		t.cells[i] = t.cells[i][:0]
	}
	return t.put(append(line, '\n'))
}

// put writes a line.
func (t *table) put(line []byte) error {
	t.line = line
	t.rows++
	t.bytes += int64(len(t.line))
	if _, err := t.out.Write(t.line); err != nil {
		return fmt.Errorf("neo4j: import files: %w", err)
	}
	return nil
}

// tieColumns are the columns of ties: see sourcedTie.properties.
var tieColumns = []column{{propSources, "long[]"}, {propSeen, "long"}, {propDay, "long"}, {propSeveral, "boolean"}, {propTwice, "string[]"}}

// tie writes the row of a tie, as row would: ties come by the ten million.
func (t *table) tie(consignment int64, tie *sourcedTie) error {
	if len(t.columns) == 0 {
		t.columns = tieColumns
	}
	line := strconv.AppendInt(t.line[:0], consignment, 10)
	line = append(line, ',')
	line = appendText(line, string(tie.Entity))
	line = append(line, ',')
	line = appendNumbers(line, tie.sources)
	switch {
	case tie.several:
		line = append(line, ",,,true"...)
	case tie.first:
		line = append(line, ',')
		line = strconv.AppendInt(line, int64(tie.seen), 10)
		if tie.day != graph.NoDate || len(tie.twice) > 0 {
			line = append(line, ',')
		}
		if tie.day != graph.NoDate {
			line = strconv.AppendInt(line, int64(tie.day), 10)
		}
		for i, name := range tie.twice { // types, which need no quotation marks
			if i == 0 {
				line = append(line, ",,"...)
			} else {
				line = append(line, listDelimiter)
			}
			line = append(line, name...)
		}
	}
	return t.put(append(line, '\n'))
}

// close writes the header and ends both files.
func (t *table) close(dir string) error {
	var header strings.Builder
	header.WriteString(strings.Join(t.ids, ","))
	for _, c := range t.columns {
		header.WriteString("," + c.name + ":" + c.kind)
	}
	header.WriteByte('\n')
	err := errors.Join(t.out.Flush(), t.file.Sync(), t.file.Close())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, t.name+".header.csv"), []byte(header.String()), 0o600)
	}
	if err != nil {
		return fmt.Errorf("neo4j: import files: %w", err)
	}
	return nil
}

// argument is the option that has neo4j-admin read the table.
func (t *table) argument() string {
	return "--" + t.option + "=" + t.name + ".header.csv," + t.name + ".csv"
}

// appendCell writes a value and tells its type in a header.
func appendCell(b []byte, value any) ([]byte, string, error) {
	switch v := value.(type) {
	case string:
		return appendText(b, v), "string", nil
	case bool:
		return strconv.AppendBool(b, v), "boolean", nil
	case int64:
		return strconv.AppendInt(b, v, 10), "long", nil
	case driver.Date:
		return v.Time().AppendFormat(b, "2006-01-02"), "date", nil
	case []int64:
		return appendNumbers(b, v), "long[]", nil
	case []string:
		b = append(b, '"')
		for i, text := range v {
			if strings.IndexByte(text, listDelimiter) >= 0 {
				return nil, "", errors.New("a list of texts holds the delimiter U+001F")
			}
			if i > 0 {
				b = append(b, listDelimiter)
			}
			b = appendQuoted(b, text)
		}
		return append(b, '"'), "string[]", nil
	}
	return appendOther(b, value)
}

func appendNumbers(b []byte, all []int64) []byte {
	for i, n := range all {
		if i > 0 {
			b = append(b, listDelimiter)
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return b
}

func appendText(b []byte, text string) []byte {
	b = append(b, '"')
	b = appendQuoted(b, text)
	return append(b, '"')
}

// appendQuoted doubles quotation marks.
func appendQuoted(b []byte, text string) []byte {
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			return append(b, text...)
		}
		b = append(b, text[:at+1]...)
		b = append(b, '"')
		text = text[at+1:]
	}
}

func appendOther(b []byte, value any) ([]byte, string, error) {
	switch v := value.(type) {
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64), "double", nil
	case time.Time:
		return v.UTC().AppendFormat(b, "2006-01-02T15:04:05.999999Z"), "datetime", nil
	case []byte:
		for i, c := range v {
			if i > 0 {
				b = append(b, listDelimiter)
			}
			b = strconv.AppendInt(b, int64(int8(c)), 10)
		}
		return b, "byte[]", nil
	}
	return nil, "", fmt.Errorf("a value of type %T has no column type", value)
}

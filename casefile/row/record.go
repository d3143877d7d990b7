package row

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"rummage/graph"
)

// Record is a row as it stands in its file.
type Record struct {
	Source     string         `json:"source"` // name of the file, and of the part of it
	ID         graph.SourceID `json:"source_id"`
	SHA256     graph.SHA256   `json:"sha256"`
	Mapping    string         `json:"mapping"`
	Row        int64          `json:"row"`
	Bytes      [2]int64       `json:"bytes"` // first byte, and the one behind the last, in the decompressed file
	Columns    Columns        `json:"columns"`
	Joined     []Joined       `json:"joined"`      // rows of second files that go with it, in the order of joins and rows
	MoreJoined int            `json:"joined_more"` // that are not in Joined, since it lists a few
	Cited      *Citation      `json:"cited"`       // of a row of a case file: the original, whose cells Columns are; nil for a row of its own
}

// MarshalJSON writes no joined rows as an empty list.
func (r Record) MarshalJSON() ([]byte, error) {
	type plain Record
	if r.Joined == nil {
		r.Joined = []Joined{}
	}
	return json.Marshal(plain(r))
}

// Joined is a row of a second file as it stands there.
type Joined struct {
	Join    string       `json:"join"`   // its name in the mapping
	Source  string       `json:"source"` // name of the file, and of the part of it
	SHA256  graph.SHA256 `json:"sha256"`
	Row     int64        `json:"row"`
	Bytes   [2]int64     `json:"bytes"`
	Columns Columns      `json:"columns"`
}

// Citation is a row of a file that a case file cites.
type Citation struct {
	Source  string         `json:"source"`
	ID      graph.SourceID `json:"source_id"`
	SHA256  graph.SHA256   `json:"sha256"`
	Mapping string         `json:"mapping"`
	Row     int64          `json:"row"`
	Bytes   [2]int64       `json:"bytes"`
	Note    string         `json:"note"`
	// Cited is the row that this one cites, where the file was a case file itself; nil for none.
	Cited *Citation `json:"cited"`
}

// Title names the original row for people, through all case files to the first.
func (c *Citation) Title() string {
	title := fmt.Sprintf("%s:%d", c.Source, c.Row)
	if c.Cited == nil {
		return title
	}
	return title + ", citing " + c.Cited.Title()
}

// Column is one cell with the name of its column, its number where the file has no header.
type Column struct {
	Name  string
	Value string
}

// Columns are the cells of a row in the order of the file. In JSON they are one object, in which a name that comes again has its place behind it.
type Columns []Column

// MarshalJSON writes the object in the order of the file.
func (c Columns) MarshalJSON() ([]byte, error) {
	var columns bytes.Buffer
	columns.WriteByte('{')
	seen := make(map[string]bool, len(c))
	for i, cell := range c {
		name := cell.Name
		if seen[name] {
			name += " (" + strconv.Itoa(i+1) + ")"
		}
		seen[name] = true
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(cell.Value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			columns.WriteByte(',')
		}
		columns.Write(key)
		columns.WriteByte(':')
		columns.Write(value)
	}
	columns.WriteByte('}')
	return columns.Bytes(), nil
}

// UnmarshalJSON reads the object in the order of the text; null and what is empty are no cells. ErrLine.
func (c *Columns) UnmarshalJSON(text []byte) error {
	*c = nil
	if string(text) == "null" {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return fmt.Errorf("row: %w: columns are no object", ErrLine)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return fmt.Errorf("row: %w: columns: %w", ErrLine, err)
		}
		var value string
		if err := decoder.Decode(&value); err != nil {
			return fmt.Errorf("row: %w: columns: %w", ErrLine, err)
		}
		text, _ := name.(string)
		*c = append(*c, Column{text, value})
	}
	return nil
}

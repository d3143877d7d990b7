package neo4j

import (
	"encoding/json"
	"fmt"

	"rummage/graph"
)

// The texts of the properties that begin with "_". They are JSON, so that a
// person can read them in Browser and any tool can take them apart.

// factText is one fact with the sources that state it.
type factText struct {
	Property string     `json:"property"`
	Value    string     `json:"value"`
	Mark     string     `json:"mark,omitempty"`
	Origins  [][3]int64 `json:"origins"` // number of the source, row, day (graph.Date)
}

// outcomeText is one outcome with the sources that report it.
type outcomeText struct {
	Result  string     `json:"result"`
	Channel string     `json:"channel,omitempty"`
	Date    graph.Date `json:"date"`
	Fields  [][]string `json:"fields,omitempty"` // name, value and, if there is one, mark
	Origins [][2]int64 `json:"origins"`          // number of the source, row
}

// statementText is one statement without its fields.
type statementText struct {
	View     string      `json:"view"`
	Document string      `json:"document,omitempty"`
	Part     string      `json:"part,omitempty"`
	Version  int64       `json:"version,omitempty"`
	Amended  graph.Date  `json:"amended,omitempty"`
	Date     graph.Date  `json:"date,omitempty"`
	Ties     [][2]string `json:"ties,omitempty"` // role, id
	Origins  [][2]int64  `json:"origins"`
}

func writeText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("neo4j: write %T: %v", v, err)) // only texts, numbers and days
	}
	return string(b)
}

// damagedText says which property of which record cannot be read.
func damagedText(id graph.ID, property string, err error) error {
	return fmt.Errorf("neo4j: %s: property %s: %w: %w", id, property, err, graph.ErrDamaged)
}

func fieldsText(fields []graph.Field) [][]string {
	all := make([][]string, len(fields))
	for i, f := range fields {
		all[i] = []string{f.Name, f.Value}
		if f.Mark != "" {
			all[i] = append(all[i], f.Mark)
		}
	}
	return all
}

// fieldsOfText reads the text of fields.
func fieldsOfText(text string) ([]graph.Field, error) {
	if fields, ok := parseFields(text); ok {
		return fields, nil
	}
	return fieldsOfJSON(text)
}

// fieldsOfJSON reads a text of any form.
func fieldsOfJSON(text string) ([]graph.Field, error) {
	var texts [][]string
	if err := json.Unmarshal([]byte(text), &texts); err != nil {
		return nil, err
	}
	return fieldsOf(texts)
}

func fieldsOf(texts [][]string) ([]graph.Field, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	all := make([]graph.Field, len(texts))
	for i, t := range texts {
		switch len(t) {
		case 2:
			all[i] = graph.Field{Name: t[0], Value: t[1]}
		case 3:
			all[i] = graph.Field{Name: t[0], Value: t[1], Mark: t[2]}
		default:
			return nil, fmt.Errorf("field of %d parts", len(t))
		}
	}
	return all, nil
}

func originsText(all []mention) [][2]int64 {
	texts := make([][2]int64, len(all))
	for i, m := range all {
		texts[i] = [2]int64{m.source, m.row}
	}
	return texts
}

func mentionsOf(texts [][2]int64, day graph.Date) []mention {
	all := make([]mention, len(texts))
	for i, t := range texts {
		all[i] = mention{source: t[0], row: t[1], day: day}
	}
	return all
}

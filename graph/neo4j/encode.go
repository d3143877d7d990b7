package neo4j

import (
	"encoding/json"
	"strconv"

	"rummage/graph"
)

// The texts of facts, statements and fields are written by the million, so they
// are put together by hand. What stands in them is what encoding/json would
// write for factText, statementText and fieldsText, but that <, > and & stay as
// they are.

// usualText is room on the stack for a text of the usual length.
const usualText = 2048

// appendJSON appends a text as JSON.
func appendJSON(b []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c == 0x7f || c == 0xe2 {
			quoted, err := json.Marshal(text) // control characters, U+2028 and the like
			if err == nil {
				return append(b, quoted...)
			}
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

func appendPart(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return appendJSON(b, value)
}

// text returns the property of a fact: see factText.
func (f *fact) text() string {
	var room [usualText]byte
	b := append(room[:0], `{"property":`...)
	b = appendJSON(b, f.Property)
	b = append(b, `,"value":`...)
	b = appendJSON(b, f.Value)
	b = appendPart(b, "mark", f.Mark)
	b = append(b, `,"origins":[`...)
	for i, m := range f.mentions {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for at, n := range []int64{m.source, m.row, int64(m.day)} {
			if at > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendInt(b, n, 10)
		}
		b = append(b, ']')
	}
	return string(append(b, ']', '}'))
}

// text returns the property of a statement: see statementText.
func (s *statement) text() string {
	var room [usualText]byte
	b := append(room[:0], `{"view":`...)
	b = appendJSON(b, s.View.String())
	b = appendPart(b, "document", s.Document)
	b = appendPart(b, "part", s.Part)
	if s.Version != 0 {
		b = append(b, `,"version":`...)
		b = strconv.AppendInt(b, s.Version, 10)
	}
	b = appendPart(b, "amended", s.Amended.String())
	b = appendPart(b, "date", s.Date.String())
	for i, tie := range s.Ties {
		if i == 0 {
			b = append(b, `,"ties":[`...)
		} else {
			b = append(b, ',')
		}
		b = append(b, '[')
		b = appendJSON(b, tie.Role.String())
		b = append(b, ',')
		b = appendJSON(b, string(tie.Entity))
		b = append(b, ']')
	}
	if len(s.Ties) > 0 {
		b = append(b, ']')
	}
	b = append(b, `,"origins":[`...)
	for i, m := range s.mentions {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		b = strconv.AppendInt(b, m.source, 10)
		b = append(b, ',')
		b = strconv.AppendInt(b, m.row, 10)
		b = append(b, ']')
	}
	return string(append(b, ']', '}'))
}

// fieldsJSON returns the property of a statement's or link's fields: a list of
// name, value and, where there is one, mark.
func fieldsJSON(fields []graph.Field) string {
	var room [usualText]byte
	b := append(room[:0], '[')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		b = appendJSON(b, f.Name)
		b = append(b, ',')
		b = appendJSON(b, f.Value)
		if f.Mark != "" {
			b = append(b, ',')
			b = appendJSON(b, f.Mark)
		}
		b = append(b, ']')
	}
	return string(append(b, ']'))
}

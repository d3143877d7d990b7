package redaction

import (
	"bytes"
	"encoding/json"
	"errors"
)

// errJSON is returned for a string that does not end.
var errJSON = errors.New("redaction: a text that is no JSON")

// JSON is a JSON text without secrets: in names and values, however they are escaped. All else stays byte by byte.
func (r *Redaction) JSON(text []byte) ([]byte, error) { return r.json(text, "texts") }

// Cells is JSON for a row.
func (r *Redaction) Cells(text []byte) ([]byte, error) { return r.json(text, "rows") }

func (r *Redaction) json(text []byte, of string) ([]byte, error) {
	var out bytes.Buffer
	for len(text) > 0 {
		at := bytes.IndexByte(text, '"')
		if at < 0 {
			break
		}
		out.Write(text[:at])
		text = text[at:]
		end := endOfString(text)
		if end < 0 {
			return nil, errJSON
		}
		literal := text[:end]
		text = text[end:]
		var value string
		if err := json.Unmarshal(literal, &value); err != nil {
			return nil, errors.Join(errJSON, err)
		}
		if redacted := r.text(value, of); redacted != value {
			line, err := json.Marshal(redacted)
			if err != nil {
				return nil, err
			}
			literal = line
		}
		out.Write(literal)
	}
	out.Write(text)
	return out.Bytes(), nil
}

// endOfString is where a string that begins here ends, behind its quote; -1 where it does not.
func endOfString(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

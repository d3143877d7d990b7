package redaction

import (
	"bytes"
	"encoding/json"
	"errors"

	"rummage/graph"
)

// errJSON is returned for a string that does not end.
var errJSON = errors.New("redaction: a text that is no JSON")

// JSON is a JSON text without secrets, however they are escaped: in values, and in keys that are none of ours. All else stays byte by byte.
func (r *Redaction) JSON(text []byte) ([]byte, error) { return r.json(text, "texts") }

// Cells is JSON for a row.
func (r *Redaction) Cells(text []byte) ([]byte, error) { return r.json(text, "rows") }

func (r *Redaction) json(text []byte, of string) ([]byte, error) {
	var out bytes.Buffer
	rest, err := eachString(text, func(before []byte, s jsonString) error {
		out.Write(before)
		redacted := s.value
		switch {
		case !s.key:
			redacted = r.under(s.under, s.value, of)
		case !r.ours(s.value):
			redacted = r.text(s.value, of)
		}
		if redacted == s.value {
			out.Write(s.literal)
			return nil
		}
		line, err := json.Marshal(redacted)
		out.Write(line)
		return err
	})
	out.Write(rest)
	return out.Bytes(), err
}

// jsonString is a string within JSON.
type jsonString struct {
	literal []byte
	value   string
	key     bool
	under   string // the last key before it
}

// eachString calls visit with each string, and with what stands between it and the one before; the rest is behind the last one.
func eachString(text []byte, visit func(before []byte, s jsonString) error) (rest []byte, err error) {
	under := ""
	for {
		at := bytes.IndexByte(text, '"')
		if at < 0 {
			return text, nil
		}
		end := endOfString(text[at:])
		if end < 0 {
			return nil, errJSON
		}
		before := text[:at]
		s := jsonString{literal: text[at : at+end], under: under}
		text = text[at+end:]
		if err := json.Unmarshal(s.literal, &s.value); err != nil {
			return nil, errors.Join(errJSON, err)
		}
		after := bytes.TrimLeft(text, " \t\r\n")
		if s.key = len(after) > 0 && after[0] == ':'; s.key {
			under = s.value
		}
		if err := visit(before, s); err != nil {
			return nil, err
		}
	}
}

// Keys is a JSON object with those keys of a JSON text that have the form of ours, and nothing of its values.
func Keys(text []byte) ([]byte, error) {
	all := map[string]string{}
	if _, err := eachString(text, func(_ []byte, s jsonString) error {
		if s.key && graph.ValidName(s.value) {
			all[s.value] = ""
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return json.MarshalIndent(all, "", " ")
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

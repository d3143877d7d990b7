package redaction

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"

	"rummage/graph"
)

// mentioned finds a pseudonym.
var mentioned = regexp.MustCompile(`redacted[/-][0-9a-f]{12}`)

// sequences are lists by the names of their keys whose order means something else than who comes first.
var sequences = []string{"path"}

// ranked are lists that are ordered by a share, the greatest first.
const ranked = "share"

// Ordered is a JSON text in which lists that mention a pseudonym are ordered by what is shown: as an analysis writes them, the place of a
// pseudonym would tell what the true id begins with. Lists of sentences stay as they are. The text must be valid.
func Ordered(text []byte) []byte {
	o := orderer{text: text}
	var out bytes.Buffer
	out.Write(o.gap())
	out.Write(o.value(""))
	out.Write(text[o.at:])
	return out.Bytes()
}

type orderer struct {
	text []byte
	at   int
}

// gap takes blanks, commas and colons.
func (o *orderer) gap() []byte {
	from := o.at
	for o.at < len(o.text) && bytes.IndexByte([]byte(" \t\r\n,:"), o.text[o.at]) >= 0 {
		o.at++
	}
	return o.text[from:o.at]
}

func (o *orderer) value(key string) []byte {
	if o.at >= len(o.text) {
		return nil
	}
	from := o.at
	switch o.text[o.at] {
	case '{':
		return o.object()
	case '[':
		return o.list(key)
	case '"':
		o.at += max(endOfString(o.text[o.at:]), 1)
	default:
		for o.at < len(o.text) && bytes.IndexByte([]byte(" \t\r\n,]}"), o.text[o.at]) < 0 {
			o.at++
		}
		o.at = max(o.at, from+1)
	}
	return o.text[from:o.at]
}

func (o *orderer) object() []byte {
	out := []byte{'{'}
	o.at++
	for {
		out = append(out, o.gap()...)
		if o.at >= len(o.text) {
			return out
		}
		if o.text[o.at] == '}' {
			o.at++
			return append(out, '}')
		}
		name := o.value("")
		out = append(append(out, name...), o.gap()...)
		out = append(out, o.value(string(bytes.Trim(name, `"`)))...)
	}
}

func (o *orderer) list(key string) []byte {
	o.at++
	var gaps, items [][]byte
	for {
		gaps = append(gaps, o.gap())
		if o.at >= len(o.text) || o.text[o.at] == ']' {
			break
		}
		items = append(items, o.value(""))
	}
	o.at = min(o.at+1, len(o.text))
	if !slices.Contains(sequences, key) && slices.ContainsFunc(items, mentioned.Match) {
		order(items)
	}
	out := []byte{'['}
	for i, item := range items {
		out = append(append(out, gaps[i]...), item...)
	}
	return append(append(out, gaps[len(items)]...), ']')
}

// order orders objects by share and then by their text, and ids by their text.
func order(items [][]byte) {
	shares := map[string]float64{}
	for _, item := range items {
		var id graph.ID
		switch item[0] {
		case '{':
			var said map[string]json.RawMessage
			var share float64
			if json.Unmarshal(item, &said) == nil && json.Unmarshal(said[ranked], &share) == nil {
				shares[string(item)] = share
			}
		case '"':
			if json.Unmarshal(item, &id) != nil || id.Kind() == graph.NoKind {
				return
			}
		default:
			return
		}
	}
	slices.SortFunc(items, func(a, b []byte) int {
		return cmp.Or(cmp.Compare(shares[string(b)], shares[string(a)]), bytes.Compare(a, b))
	})
}

package redaction

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"rummage/graph"
)

// mentioned finds a pseudonym, and what stands for several.
var mentioned = regexp.MustCompile(`\bredacted\b`)

// sequences are lists by the names of their keys whose order means something else than who comes first.
var sequences = []string{"path"}

// rank is a key by whose value a list of objects is ordered, the least first, or the greatest.
type rank struct {
	key  string
	down bool
}

// ranks are lists by the names of their keys whose order is a result: it is told again by what is shown. All other lists are ordered by share.
var ranks = map[string][]rank{
	"boundary":     {{"network", true}, {"hits", true}, {"listed", true}, {"exposure", true}},
	"clears":       {{"flagged", false}, {"q", true}},
	"facilitators": {{"members", true}},
	"hits":         {{"date", false}},
	"missing":      {{"q_if_hit", false}, {"q_if_clear", true}, {"consignments", true}},
	"records":      {{"date", false}},
	"schemes":      {{"q", false}},
	"shared":       {{"members", true}},
	"":             {{"share", true}},
}

// Ordered is a JSON text in which lists that mention a pseudonym are ordered by what is shown: as an analysis writes them, the place of a
// pseudonym among equals would tell what the true id begins with. A list that is ranked keeps its rank, by values that it shows, and equals of it are
// ordered by their text. Lists of sentences stay as they are. The text must be valid.
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
		order(items, key)
	}
	out := []byte{'['}
	for i, item := range items {
		out = append(append(out, gaps[i]...), item...)
	}
	return append(append(out, gaps[len(items)]...), ']')
}

// order orders objects by the ranks of their list and then by their text, and ids by their text.
func order(items [][]byte, key string) {
	by, ranked := ranks[key]
	if !ranked {
		by = ranks[""]
	}
	values := map[string][]any{}
	for _, item := range items {
		var id graph.ID
		switch item[0] {
		case '{':
			var said map[string]any
			if json.Unmarshal(item, &said) != nil {
				return
			}
			for _, r := range by {
				values[string(item)] = append(values[string(item)], said[r.key])
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
		for i, r := range by {
			x, y := values[string(a)], values[string(b)]
			if len(x) == 0 || len(y) == 0 {
				break
			}
			if c := compare(x[i], y[i]); c != 0 && r.down {
				return -c
			} else if c != 0 {
				return c
			}
		}
		return bytes.Compare(a, b)
	})
}

// compare orders values of JSON: texts as they are, all else as numbers, of which true is 1 and what is not there 0.
func compare(a, b any) int {
	text := func(v any) string {
		s, _ := v.(string)
		return s
	}
	number := func(v any) float64 {
		if v == true {
			return 1
		}
		n, _ := v.(float64)
		return n
	}
	return cmp.Or(strings.Compare(text(a), text(b)), cmp.Compare(number(a), number(b)))
}

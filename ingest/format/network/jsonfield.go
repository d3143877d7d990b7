package network

import (
	"bytes"
	"encoding/json"
	"strings"

	"rummage/ingest/read"
)

// object reads an object into fields. What lies deeper has the keys above before
// its own, with a dot between; but the objects in which notations put all that
// is not theirs count for nothing.
func (n *nodeLink) object(e *element, prefix string, depth int) error {
	if depth > deepest {
		return n.j.wrong("objects within each other more than %d deep", deepest)
	}
	n.j.at++
	if c, err := n.j.peek(); err != nil || c == '}' {
		n.j.at++
		return err
	}
	for {
		raw, escaped, err := n.j.str()
		if err == nil {
			err = n.j.expect(':')
		}
		if err != nil {
			return err
		}
		key := n.decode(e, "", raw, escaped)
		c, err := n.j.peek()
		if err != nil {
			return err
		}
		if c == '{' && depth == 0 && isWrapper(string(key)) {
			err = n.object(e, prefix, depth+1)
		} else {
			n.column = append(append(n.column[:0], prefix...), key...)
			err = n.field(e, n.names.attribute(n.column, sourceLabel, targetLabel, path, graphOf), depth)
		}
		if err != nil {
			return err
		}
		if c, err = n.j.peek(); err != nil {
			return err
		}
		n.j.at++
		switch c {
		case '}':
			return nil
		case ',':
			continue
		}
		n.j.at--
		return n.j.wrong("%s where a comma or the end of an object is expected", n.j.found())
	}
}

// isWrapper tells the keys under which Cytoscape, the JSON Graph Format and
// graphology put attributes.
func isWrapper(key string) bool {
	return key == "data" || key == "metadata" || key == "attributes"
}

// decode returns a string as text.
func (n *nodeLink) decode(e *element, column string, raw []byte, escaped bool) []byte {
	raw = n.letters.text(e, column, raw)
	if !escaped {
		return raw
	}
	from := len(e.store)
	var unknown []byte
	e.store, unknown = unescape(e.store, raw)
	raw = e.store[from:len(e.store):len(e.store)]
	switch {
	case unknown != nil:
		e.blame(read.Malformed, column, "%q is no escape of JSON", cut(unknown))
	case bytes.IndexByte(raw, 0) >= 0:
		e.blame(read.NULByte, column, "holds a NUL byte, which is no text")
	}
	return raw
}

// field reads a value into a column.
func (n *nodeLink) field(e *element, column string, depth int) error {
	c, err := n.j.peek()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		return n.object(e, column+".", depth+1)
	case '[':
		return n.list(e, column)
	case '"':
		raw, escaped, err := n.j.str()
		if err == nil {
			e.add(column, n.decode(e, column, raw, escaped))
		}
		return err
	}
	raw, err := n.j.scalar()
	if string(raw) == "null" {
		raw = nil
	}
	e.push(field{column: column, value: raw, number: isNumber(raw)})
	return err
}

// list reads the items of a list as values of one column. Those that are lists
// or objects stand as they are written.
func (n *nodeLink) list(e *element, column string) error {
	n.j.at++
	if c, err := n.j.peek(); err != nil || c == ']' {
		n.j.at++
		e.add(column, nil)
		return err
	}
	for {
		c, err := n.j.peek()
		if err != nil {
			return err
		}
		if c == '{' || c == '[' {
			var raw []byte
			raw, err = n.j.skip()
			e.add(column, n.letters.text(e, column, raw))
		} else {
			err = n.field(e, column, 0)
		}
		if err != nil {
			return err
		}
		if c, err = n.j.peek(); err != nil {
			return err
		}
		n.j.at++
		switch c {
		case ']':
			return nil
		case ',':
			continue
		}
		n.j.at--
		return n.j.wrong("%s where a comma or the end of a list is expected", n.j.found())
	}
}

// damaged reports an element that cannot be read, and moves to the next that
// seems sound. The element was found to be wrong at an index.
func (n *nodeLink) damaged(e *element, reason read.Reason, at int, what string) error {
	e.blame(reason, "", "%s; reading goes on at the next object", what)
	for i := range e.fields {
		e.fields[i].value = e.keep(e.fields[i].value)
	}
	w := n.window
	first, scanned := w.at, int64(n.j.at)
	if reason == read.RecordTooLong {
		scanned = int64(len(w.rest()))
	}
	e.raw = nil
	headless := false
	for {
		rest, whole := w.rest(), w.whole()
		if len(rest) > maxUnit {
			rest, whole = rest[:maxUnit], false
		}
		to := n.behind(rest, at, whole, headless)
		if to < 0 && !whole {
			if len(rest) == maxUnit {
				// The end of an object that may be the last stays.
				keep := bytes.LastIndexByte(rest, '}')
				if keep <= 0 || len(bytes.Trim(rest[keep+1:], " \t\r\n,")) > 0 {
					keep = len(rest)
				}
				e.quote(rest[:keep])
				w.pass(keep)
				at, headless = 0, true
				continue
			}
			if w.more() || w.whole() {
				continue
			}
			return w.err
		}
		if to < 0 {
			to = len(rest)
		}
		e.quote(rest[:to])
		w.pass(to)
		e.at = read.Position{Offset: first, Length: w.at - first}
		return n.waste.spend(scanned, e.at.Length)
	}
}

// behind returns the index behind a damaged element: where its brackets close,
// or where after the damage an object ends and another begins, or the list ends.
// It is -1 if there is none yet. Headless is text without the element's beginning.
func (n *nodeLink) behind(text []byte, at int, whole, headless bool) int {
	if before := bytes.TrimRight(text[:min(at, len(text))], " \t\r\n"); at < len(text) && text[at] == '{' && bytes.HasSuffix(before, []byte(",")) {
		// The end of the object is missing, and the next one begins.
		return at
	}
	from := at
	for at < len(text) {
		i := bytes.IndexByte(text[at:], '}')
		if i < 0 {
			break
		}
		at += i + 1
		follows := bytes.TrimLeft(text[at:], " \t\r\n")
		comma := bytes.HasPrefix(follows, []byte(","))
		if comma {
			follows = bytes.TrimLeft(follows[1:], " \t\r\n")
		}
		switch {
		case len(follows) == 0 && !whole:
			return -1
		case len(follows) > 0 && (comma && (follows[0] == '{' || n.top().role == nodeMap && follows[0] == '"') || !comma && follows[0] == ']'):
			if !headless {
				at = n.balanced(text[:at], from, at, true)
			}
			return at
		}
	}
	if headless {
		return -1
	}
	return n.balanced(text, from, -1, whole)
}

// balanced returns where the brackets of the element close, if that is behind
// the damage, and else another index.
func (n *nodeLink) balanced(text []byte, damage, other int, whole bool) int {
	j := jsonText{text: text, whole: whole, lead: n.j.lead}
	switch c, err := j.peek(); {
	case err != nil || c == '"':
	case c == '{' || c == '[':
		if _, err := j.skip(); err == nil && j.at > damage {
			return j.at
		}
	default:
		if i := bytes.IndexAny(text[j.at:], ",]}"); i > 0 {
			return j.at + i
		}
	}
	return other
}

// knowsJSON tells graphs in JSON by the keys at its beginning.
func knowsJSON(text []byte, whole bool) bool {
	start := bytes.TrimLeft(text, " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return false
	}
	seen := paths(start)
	for _, list := range [...]string{"links/[]", "edges/[]", "elements/edges/[]/data", "elements/[]/data", "[]/data", "graph/edges/[]", "graphs/[]/edges/[]"} {
		if seen[list+"/source"] && seen[list+"/target"] || seen[list+"/from"] && seen[list+"/to"] && strings.HasPrefix(list, "edges") {
			return true
		}
	}
	for _, inside := range [...]string{"", "elements/", "graph/", "graphs/[]/"} {
		edges := seen[inside+"edges"] || seen[inside+"links"]
		if seen[inside+"nodes"] && (edges || seen[inside+"directed"] || !whole && seen[inside+"nodes/[]"]) {
			return true
		}
	}
	return false
}

// paths lists the keys of a text and what lies above them, as far as it goes.
func paths(text []byte) map[string]bool {
	seen := map[string]bool{}
	var above []string // of the innermost values
	var isObject, isKey []bool
	tokens := json.NewDecoder(bytes.NewReader(text))
	for {
		token, err := tokens.Token()
		if err != nil {
			return seen
		}
		n := len(above) - 1
		mark, _ := token.(json.Delim)
		switch {
		case mark == '}' || mark == ']':
			above, isObject, isKey = above[:n], isObject[:n], isKey[:n]
			if n == 0 {
				return seen
			}
		case n >= 0 && isObject[n] && isKey[n]:
			key, _ := token.(string)
			above[n] = key
			isKey[n] = false
			if n < 6 {
				seen[strings.Join(above, "/")] = true
			}
			continue
		case mark == '{' || mark == '[':
			step := "[]"
			if mark == '{' {
				step = ""
			}
			above, isObject, isKey = append(above, step), append(isObject, mark == '{'), append(isKey, true)
			if mark == '[' && n < 5 {
				seen[strings.Join(above, "/")] = true
			}
			if n >= 0 {
				isKey[n] = true
			}
			continue
		}
		if n = len(above) - 1; n >= 0 {
			isKey[n] = true
		}
	}
}

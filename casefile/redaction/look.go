package redaction

import (
	"bytes"
	"encoding/json"
	"html"
	"path"
	"slices"
	"unicode/utf8"
)

// Zipped tells by the name of a file whether it is a zip file, as a workbook is.
func Zipped(name string) bool { return slices.Contains([]string{".xlsx", ".zip"}, path.Ext(name)) }

// packed tells by the name of a file whether its bytes are packed, so that few of them in a row mean nothing.
func packed(name string) bool {
	return slices.Contains([]string{".png", ".parquet", ".pdf", ".woff2"}, path.Ext(name))
}

// Look looks for other spellings in a file that is written to it, in pieces of any size. Names are looked for in each text between tags, quotes and
// line ends; numbers only in texts within JSON and in plain text, since in drawings and tables numbers of different things stand side by side. Files
// that are packed are not looked into: what they hold stands in the others, too. It holds one text at a time.
type Look struct {
	of            *Redaction
	packed, json  bool
	numbers       bool
	within, after bool // a string of JSON; a backslash
	text          []byte
	found         bool
}

const (
	// mostLooked is how long a text is, in bytes, that is looked at in parts: one of JSON is never, since its escapes must be read.
	mostLooked = 1 << 16
	// overlap is about how many bytes of one part are looked at with the next: more than any spelling has.
	overlap = 1 << 12
)

// Look begins to look into a file.
func (r *Redaction) Look(name string) *Look {
	ending := path.Ext(name)
	isJSON := ending == ".json" || ending == ".jsonl"
	return &Look{of: r, packed: packed(name) || Zipped(name), json: isJSON, numbers: isJSON || ending == ".txt"}
}

// Write looks at what of the file comes next. It never fails.
func (l *Look) Write(content []byte) (int, error) {
	for _, c := range content {
		switch {
		case l.packed || l.found:
			return len(content), nil
		case l.json:
			l.literal(c)
		case c == '\n' || c == '<' || c == '>' || c == '"' || c == '\t':
			l.end()
		default:
			l.text = append(l.text, c)
			if n := len(l.text); n >= mostLooked && c == ' ' || n >= 2*mostLooked { // not within a word, if it can be helped
				l.part()
			}
		}
	}
	return len(content), nil
}

// literal takes the next byte of JSON.
func (l *Look) literal(c byte) {
	if !l.within {
		if l.within = c == '"'; l.within {
			l.text = append(l.text[:0], c)
		}
		return
	}
	l.text = append(l.text, c)
	switch {
	case l.after:
		l.after = false
	case c == '\\':
		l.after = true
	case c == '"':
		l.within = false
		var value string
		l.found = json.Unmarshal(l.text, &value) == nil && l.of.Holds(value, l.numbers)
	}
}

// end looks at a text that is whole.
func (l *Look) end() {
	l.found = l.found || l.of.Holds(html.UnescapeString(string(l.text)), l.numbers)
	l.text = l.text[:0]
}

// part looks at a text that goes on, and keeps its end.
func (l *Look) part() {
	from := len(l.text) - overlap
	if blank := bytes.IndexByte(l.text[from:len(l.text)-1], ' '); blank >= 0 {
		from += blank
	}
	for !utf8.RuneStart(l.text[from]) {
		from++
	}
	kept := slices.Clone(l.text[from:])
	l.end()
	l.text = append(l.text, kept...)
}

// Found tells whether the file held any, when all of it was written.
func (l *Look) Found() bool {
	if !l.packed && !l.json {
		l.end()
	}
	return l.found
}

package network

import "bytes"

// word finds the next word of a line, with its quotes or brackets.
func word(text []byte, at int) (from, to int, ok bool) {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	if at >= len(text) {
		return at, at, false
	}
	from = at
	closing := byte(0)
	switch text[at] {
	case '"':
		closing = '"'
	case '[':
		closing = ']'
	}
	for at++; closing != 0; {
		i := bytes.IndexByte(text[at:], closing)
		if i < 0 {
			break
		}
		at += i + 1
		if closing != '"' || at == len(text) || text[at] != '"' {
			return from, at, true
		}
		at++
	}
	at = from
	for at < len(text) && text[at] != ' ' && text[at] != '\t' {
		at++
	}
	return from, at, true
}

// words counts the words of a line.
func words(text []byte) int {
	n := 0
	for _, to, ok := word(text, 0); ok; _, to, ok = word(text, to) {
		n++
	}
	return n
}

// times reads intervals, [5-10,12,14-*].
func (p *pajek) times(e *element, text []byte) {
	for span := range bytes.SplitSeq(bytes.Trim(text, "[]"), []byte(",")) {
		span = bytes.TrimSpace(span)
		from, to := span, span
		if i := bytes.IndexByte(span[min(len(span), 1):], '-'); i >= 0 {
			from, to = span[:i+1], span[i+2:]
		}
		e.add(start, p.value(e, start, from))
		e.add(end, p.value(e, end, to))
	}
}

package edi

import (
	"bytes"

	"golang.org/x/text/encoding/charmap"

	"rummage/ingest/format/edi/segment"
	"rummage/ingest/read"
)

// levelA is the characters where no service string advice says otherwise. The
// asterisk counts from version 4 on.
var levelA = segment.Syntax{Component: ':', Element: '+', Release: '?', Repetition: '*', Terminator: '\''}

// levelB is those of character set B, which are control characters.
var levelB = segment.Syntax{Component: 0x1F, Element: 0x1D, Terminator: 0x1C}

// adviceLength is that of a service string advice, UNA and six characters.
const adviceLength = 9

// beginsEDIFACT tells a service string advice with an interchange behind it, or
// an interchange: UNB, a separator, and the name of a syntax.
func beginsEDIFACT(text []byte) bool {
	if bytes.HasPrefix(text, []byte("UNA")) && len(text) > adviceLength {
		rest := bytes.TrimLeft(text[adviceLength:], "\r\n \t")
		return bytes.HasPrefix(rest, []byte("UNB")) && len(rest) > 3 && rest[3] == text[4]
	}
	if !bytes.HasPrefix(text, []byte("UNB")) || len(text) < 9 || !capitals(text[4:8]) {
		return false
	}
	return text[3] == levelA.Element && (text[8] == levelA.Component || text[8] == levelA.Element) ||
		text[3] == levelB.Element && (text[8] == levelB.Component || text[8] == levelB.Element)
}

// startEDIFACT moves behind the service string advice and returns its
// characters. Those of the interchange itself are left to be cut.
func startEDIFACT(s *segment.Scanner) (*segment.Syntax, string, error) {
	text, err := s.Peek(lead)
	if err != nil {
		return nil, "", err
	}
	if !bytes.HasPrefix(text, []byte("UNA")) {
		x := levelA
		if text[3] == levelB.Element {
			x = levelB
		}
		return segment.New(x), "", nil
	}
	x, flaw := advice(text[3:adviceLength])
	if flaw != "" {
		return nil, flaw, nil
	}
	if err := s.Skip(adviceLength); err != nil {
		return nil, "", err
	}
	return x, "", s.Blanks()
}

// advice reads the six characters of a service string advice. The third is the
// decimal mark: numbers are read as they stand. The fifth is the repetition
// separator in version 4, where no blank stands there.
func advice(six []byte) (*segment.Syntax, string) {
	x := segment.Syntax{Component: six[0], Element: six[1], Terminator: six[5]}
	if six[3] != ' ' {
		x.Release = six[3]
	}
	if six[4] != ' ' {
		x.Repetition = six[4]
	}
	used := []byte{x.Component, x.Element, x.Terminator, x.Release, x.Repetition}
	for i, c := range used {
		if c == 0 && i > 2 {
			continue
		}
		if !separator(c) && (i != 2 || c != '\n' && c != '\r') {
			return nil, "the service string advice names a letter, digit or blank as a separator"
		}
		if bytes.IndexByte(used[:i], c) >= 0 {
			return nil, "the service string advice names one character for two purposes"
		}
	}
	return segment.New(x), ""
}

// repeating returns the syntax for an interchange of that version: before version
// 4 nothing is repeated.
func repeating(x *segment.Syntax, version []byte) *segment.Syntax {
	if x.Repetition == 0 || len(version) > 0 && version[0] >= '4' && version[0] <= '9' {
		return x
	}
	y := *x
	y.Repetition = 0
	return segment.New(y)
}

// edifactCharset returns the encoding of a syntax identifier. Levels A and B
// know no character beyond ASCII, so they say nothing of what stands there.
func edifactCharset(opening *segment.Segment) read.Encoding {
	switch string(opening.Find(1, 1)) {
	case "UNOC":
		return read.Latin1
	case "UNOW", "UNOY":
		return read.UTF8
	case "KECA":
		return read.EUCKR
	}
	return read.Encoding(charmaps[string(opening.Find(1, 1))].name)
}

// charmaps is the character sets of ISO 9735 that are parts of ISO 8859.
var charmaps = map[string]struct {
	name  string
	table *charmap.Charmap
}{
	"UNOD": {"iso-8859-2", charmap.ISO8859_2},
	"UNOE": {"iso-8859-5", charmap.ISO8859_5},
	"UNOF": {"iso-8859-7", charmap.ISO8859_7},
	"UNOG": {"iso-8859-3", charmap.ISO8859_3},
	"UNOH": {"iso-8859-4", charmap.ISO8859_4},
	"UNOI": {"iso-8859-6", charmap.ISO8859_6},
	"UNOJ": {"iso-8859-8", charmap.ISO8859_8},
	"UNOK": {"iso-8859-9", charmap.ISO8859_9},
	"UNOL": {"iso-8859-15", charmap.ISO8859_15},
}

// decoder turns values into UTF-8.
type decoder struct {
	name  read.Encoding
	table *charmap.Charmap // of a part of ISO 8859
	other *read.Decoder
}

// newDecoder returns the decoder of an encoding that read knows, or of a part of
// ISO 8859; of Latin-1 where nothing is said.
func newDecoder(e read.Encoding) *decoder {
	for _, c := range charmaps {
		if c.name == string(e) {
			return &decoder{name: e, table: c.table}
		}
	}
	if e == "" || e == read.Latin1 {
		return &decoder{name: read.Latin1, table: charmap.ISO8859_1}
	}
	return &decoder{name: e, other: read.NewDecoder(e)}
}

// decode appends a value as UTF-8, and says whether all of it is text. What is
// not becomes read.Lost.
func (d *decoder) decode(dst, value []byte) ([]byte, bool) {
	if d.table == nil {
		from := len(dst)
		dst = d.other.Decode(dst, value)
		if d.other.Flaw(dst[from:]) < 0 {
			return dst, true
		}
		clean := bytes.ToValidUTF8(dst[from:], []byte(read.Lost))
		return append(dst[:from], clean...), false
	}
	sound := true
	for _, c := range value {
		r := d.table.DecodeByte(c)
		sound = sound && r != '\uFFFD'
		dst = appendRune(dst, r)
	}
	return dst, sound
}

package report

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"regexp"
	"unicode/utf16"
)

var (
	written = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) Tj`)
	escaped = regexp.MustCompile(`(?s)\\.`)
)

// Texts reads the lines of all pages of a PDF that WritePDF wrote, in the order in which they stand there. Of one by somebody else it may find
// nothing. Streams that hold no page are passed over.
func Texts(pdf []byte) []string {
	var all []string
	for {
		_, behind, found := bytes.Cut(pdf, []byte("stream\n"))
		if !found {
			return all
		}
		pdf = behind
		stream, err := zlib.NewReader(bytes.NewReader(behind))
		if err != nil {
			continue // the end of a stream, or one that is not packed
		}
		content, err := io.ReadAll(stream)
		if err != nil || !bytes.Contains(content, []byte("BT ")) {
			continue
		}
		for _, m := range written.FindAllSubmatch(content, -1) {
			all = append(all, literal(m[1]))
		}
	}
}

// literal is a text within a page, which stands there as UTF-16.
func literal(text []byte) string {
	raw := escaped.ReplaceAllFunc(text, func(e []byte) []byte {
		if e[1] == 'r' {
			return []byte{'\r'}
		}
		return e[1:]
	})
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

package redaction

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Hunter looks for texts in bytes, in the encodings in which they may have survived: UTF-8, UTF-16 of either order, base64 at any of its three
// alignments, JSON, percent and XML escapes. Building one costs the length of the texts, looking is linear in the bytes.
type Hunter struct {
	patterns map[uint32][]pattern // by their first four bytes
	longest  int
}

// pattern is one encoding of a text.
type pattern struct {
	bytes    []byte
	encoding string
}

const (
	leastPattern = 4
	// leastEncoded is the least length of a pattern in base64: of shorter ones there are too few to mean anything.
	leastEncoded = 6
	// leastPacked is the least length of a pattern in files that are packed: any four bytes occur in enough of these.
	leastPacked = 8
)

// NewHunter is one for these texts. Texts of less than four bytes are not looked for.
func NewHunter(secrets []string) *Hunter {
	h := &Hunter{patterns: map[uint32][]pattern{}}
	seen := map[string]bool{}
	for _, secret := range secrets {
		for _, p := range encodings(secret) {
			if len(p.bytes) < leastPattern || seen[string(p.bytes)] {
				continue
			}
			seen[string(p.bytes)] = true
			first := binary.BigEndian.Uint32(p.bytes)
			h.patterns[first] = append(h.patterns[first], p)
			h.longest = max(h.longest, len(p.bytes))
		}
	}
	return h
}

// encodings are all ways in which a text is looked for.
func encodings(text string) []pattern {
	all := []pattern{{[]byte(text), "UTF-8"}}
	add := func(encoding string, bytes ...[]byte) {
		for _, b := range bytes {
			all = append(all, pattern{b, encoding})
		}
	}
	var little, big []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		little = binary.LittleEndian.AppendUint16(little, unit)
		big = binary.BigEndian.AppendUint16(big, unit)
	}
	add("UTF-16", little, big)
	for _, raw := range [][]byte{[]byte(text), little, big} {
		for shift := range 3 {
			for _, how := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				if b := aligned(how, raw, shift); len(b) >= leastEncoded {
					add("base64", b)
				}
			}
		}
	}
	var lower, upper, decimal, hexadecimal strings.Builder
	for _, r := range text {
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&lower, `\u%04x`, unit)
			fmt.Fprintf(&upper, `\u%04X`, unit)
		}
		fmt.Fprintf(&decimal, "&#%d;", r)
		fmt.Fprintf(&hexadecimal, "&#x%X;", r)
	}
	add("JSON", []byte(lower.String()), []byte(upper.String()), escapedJSON(text, false), escapedJSON(text, true))
	quoted := strings.Trim(strconv.Quote(text), `"`)
	add("escaped", []byte(quoted), []byte(strings.Trim(strconv.QuoteToASCII(text), `"`)))
	add("XML", []byte(html.EscapeString(text)), []byte(decimal.String()), []byte(hexadecimal.String()), []byte(strings.ToLower(hexadecimal.String())))
	percent := url.PathEscape(text)
	add("percent", []byte(percent), []byte(url.QueryEscape(text)), []byte(lowerPercent(percent)), allPercent(text))
	return all
}

// aligned is what of the base64 of some bytes is sure, whatever stands around them, when so many bytes stand before them.
func aligned(how *base64.Encoding, raw []byte, shift int) []byte {
	padded := append(make([]byte, shift), raw...)
	whole := how.EncodeToString(padded)
	from, to := (8*shift+5)/6, 8*len(padded)/6
	if from >= to {
		return nil
	}
	return []byte(whole[from:to])
}

// escapedJSON writes a text as JSON does: all but ASCII as escapes, or only what must be.
func escapedJSON(text string, all bool) []byte {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r == '<' || r == '>' || r == '&' || all && r > '~':
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		default:
			b.WriteRune(r)
		}
	}
	return []byte(b.String())
}

// lowerPercent writes the digits of escapes in lower case.
func lowerPercent(text string) string {
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], bytes.ToLower(b[i+1:i+3]))
		}
	}
	return string(b)
}

func allPercent(text string) []byte {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return []byte(b.String())
}

// Name looks into the name of a file, and returns the encoding in which it found something, "" for nothing.
func (h *Hunter) Name(name string) string { return h.in([]byte(name), leastPattern) }

// File looks into a file, and into the members of one that is a zip file, as a workbook is. It returns the encoding in which it found
// something, "" for nothing.
func (h *Hunter) File(name string, content io.Reader) (string, error) {
	least := leastPattern
	switch {
	case packed(name):
		least = leastPacked
	case Zipped(name):
		return h.members(content)
	}
	const room = 1 << 16
	buffer := make([]byte, 0, room+h.longest)
	for {
		kept := len(buffer)
		buffer = buffer[:kept+room]
		n, err := io.ReadFull(content, buffer[kept:])
		buffer = buffer[:kept+n]
		if found := h.in(buffer, least); found != "" {
			return found, nil
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return "", nil
		case err != nil:
			return "", err
		}
		rest := min(len(buffer), h.longest)
		buffer = slices.Clone(buffer[len(buffer)-rest:])
		buffer = slices.Grow(buffer, room+h.longest)
	}
}

func (h *Hunter) members(content io.Reader) (found string, err error) {
	err = Members(content, func(name string, member io.Reader) (err error) {
		if found == "" {
			found = h.Name(name)
		}
		if found == "" {
			found, err = h.File(name+".member", member)
		}
		return err
	})
	return found, err
}

// Members reads the members of a zip file, as a workbook is, one after the other. A file on a disk is not read whole for that.
func Members(content io.Reader, visit func(name string, content io.Reader) error) error {
	file, apart := content.(interface {
		io.ReaderAt
		io.Seeker
	})
	if !apart {
		whole, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		file = bytes.NewReader(whole)
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		member, err := f.Open()
		if err != nil {
			return err
		}
		if err := errors.Join(visit(f.Name, member), member.Close()); err != nil {
			return err
		}
	}
	return nil
}

// in looks into bytes.
func (h *Hunter) in(b []byte, least int) string {
	for at := 0; at+leastPattern <= len(b); at++ {
		for _, p := range h.patterns[binary.BigEndian.Uint32(b[at:])] {
			if len(p.bytes) >= least && bytes.HasPrefix(b[at:], p.bytes) {
				return p.encoding
			}
		}
	}
	return ""
}

package read

import (
	"errors"
	"fmt"
	"strings"
)

// MaxRecord is the longest record in bytes before decoding, cells, quotes and
// inner line breaks together. What is longer is reported and skipped. Without a
// bound, one unclosed quote makes one cell of the rest of the file.
const MaxRecord = 1 << 20

// MaxColumns is how many columns a file may have: as many as a spreadsheet.
const MaxColumns = 16384

// MaxRaw is how many bytes of a bad row RowError keeps.
const MaxRaw = 1 << 16

// A Position says where a row stands in its file.
type Position struct {
	// Offset and Length are bytes of the decompressed stream before decoding,
	// without the line terminator.
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`
	// Locator says the place in words (sheet and cell, row group, member of an
	// archive) in formats where bytes mean nothing. Empty for delimited text.
	Locator string `json:"locator,omitempty"`
}

// A Row is one record of a file.
//
// A Row returned by Reader.Next, with all that it points to, is valid until the
// next call of Next or Close. Clone keeps one for longer.
type Row struct {
	Position
	// Number is the row's number as a spreadsheet shows it; the first line is 1.
	Number int64
	// Cells hold the values as UTF-8, in file order, as many as the file has columns.
	Cells [][]byte
	// Raw is the row as it stands in the stream, before decoding.
	Raw []byte
}

// Clone returns a copy that stays valid.
func (r *Row) Clone() *Row {
	total := len(r.Raw)
	for _, cell := range r.Cells {
		total += len(cell)
	}
	store := make([]byte, 0, total)
	keep := func(b []byte) []byte {
		from := len(store)
		store = append(store, b...)
		return store[from:len(store):len(store)]
	}
	c := &Row{Position: r.Position, Number: r.Number, Cells: make([][]byte, len(r.Cells)), Raw: keep(r.Raw)}
	for i, cell := range r.Cells {
		c.Cells[i] = keep(cell)
	}
	return c
}

// Names returns the cells as text, which is what a header row is for.
func (r *Row) Names() []string {
	names := make([]string, len(r.Cells))
	for i, cell := range r.Cells {
		names[i] = string(cell)
	}
	return names
}

// Repeated returns the names that stand in names more than once, in order of
// first appearance, compared without outer spaces and letter case. An empty name
// is not a name. Files with such headers can be read; a mapping that uses a
// repeated name must say which column it means.
func Repeated(names []string) []string {
	count := make(map[string]int, len(names))
	var repeated []string
	for _, name := range names {
		key := strings.ToLower(strings.TrimSpace(name))
		if key == "" {
			continue
		}
		count[key]++
		if count[key] == 2 {
			repeated = append(repeated, strings.TrimSpace(name))
		}
	}
	return repeated
}

// Stats counts what a Reader has seen so far. The header is in none of the counts.
type Stats struct {
	Rows  int64 `json:"rows"`  // rows returned
	Bad   int64 `json:"bad"`   // row errors returned
	Blank int64 `json:"blank"` // blank lines counted and skipped
	Bytes int64 `json:"bytes"` // bytes of the decompressed stream consumed
}

// A Reader yields the rows of one file in order. It is not safe for concurrent use.
type Reader interface {
	// Header returns the header row, or nil when the file has none. It stays
	// valid, also after Close.
	Header() *Row
	// Next returns the next row. A *RowError (errors.As) reports a row that
	// cannot be read: the next call goes on behind it. io.EOF ends the file. Any
	// other error ends the reading and is returned by every later call.
	Next() (*Row, error)
	// Stats counts what was returned so far.
	Stats() Stats
	// Close frees what the Reader holds; it does not close the file beneath.
	// Closing twice is allowed. Next then returns ErrClosed.
	Close() error
}

// A Reason is the stable code of why a row cannot be read.
type Reason string

// Reasons of a RowError.
const (
	TooFewCells     Reason = "too_few_cells"
	TooManyCells    Reason = "too_many_cells"
	UnclosedQuote   Reason = "unclosed_quote"
	RecordTooLong   Reason = "record_too_long"
	InvalidEncoding Reason = "invalid_encoding"
	NULByte         Reason = "nul_byte"
	Malformed       Reason = "malformed"  // against the rules of the format
	Miscounted      Reason = "miscounted" // the file says that more, or less, stands in it than does
)

// A RowError is a row that cannot be read. Reading goes on behind it.
type RowError struct {
	Position
	Row    int64  // number as in Row.Number
	Column int    // first bad column, 1-based; 0 when the whole row is meant
	Name   string // header name of that column, if there is one
	Reason Reason
	Detail string // what was found, in words
	Raw    []byte // a copy of the row's first MaxRaw bytes, before decoding
}

// Error says row, column and reason. The file is the caller's to name.
func (e *RowError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "row %d", e.Row)
	if e.Column > 0 {
		fmt.Fprintf(&b, ", column %d", e.Column)
		if e.Name != "" {
			fmt.Fprintf(&b, " (%s)", e.Name)
		}
	}
	b.WriteString(": ")
	b.WriteString(e.Detail)
	return b.String()
}

// A StreamError ends the reading of a file. It says how far it came: the rows up
// to there were returned and are sound.
type StreamError struct {
	Row    int64 // number of the last row that was complete
	Offset int64 // decompressed bytes up to the end of that row
	Err    error
}

// Error names the row and byte up to which the file was read.
func (e *StreamError) Error() string {
	return fmt.Sprintf("read: file breaks off after row %d (byte %d): %v", e.Row, e.Offset, e.Err)
}

// Unwrap gives the cause.
func (e *StreamError) Unwrap() error { return e.Err }

// What is wrong with a file before its first row.
var (
	// ErrEmpty: there is no record in the file.
	ErrEmpty = errors.New("read: file is empty")
	// ErrFormat: the content is of a format that cannot be read.
	ErrFormat = errors.New("read: format is not supported")
	// ErrEncoding: the text is in no encoding that can be recognised, or in one
	// that is not known.
	ErrEncoding = errors.New("read: encoding is not recognised")
	// ErrDialect: a Dialect or Hints value makes no sense.
	ErrDialect = errors.New("read: dialect is not usable")
	// ErrNotFile: the path names a directory or a device.
	ErrNotFile = errors.New("read: not a file")
)

// What ends the reading of a file early, as the cause of a StreamError.
var (
	// ErrTruncated: a compressed stream ends before its end mark.
	ErrTruncated = errors.New("compressed data ends early; fetch the whole file and read it again")
	// ErrCorrupt: a compressed stream cannot be unpacked or fails its checksum.
	ErrCorrupt = errors.New("compressed data is damaged; fetch the file again")
	// ErrWindow: to unpack a compressed stream takes more than MaxWindow bytes.
	ErrWindow = errors.New("compressed data wants too much memory to be unpacked; unpack it by hand if it is trusted, or pack it with less")
	// ErrBomb: a compressed stream unpacks to more than MaxRatio times its size.
	ErrBomb = errors.New("compressed data unpacks to an implausible size; unpack it by hand if it is trusted")
)

// ErrClosed is returned by Next after Close.
var ErrClosed = errors.New("read: reader is closed")

// ErrSpan means that a position does not hold exactly one row of the file.
var ErrSpan = errors.New("read: position does not hold one row")

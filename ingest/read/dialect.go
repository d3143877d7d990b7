package read

import (
	"fmt"
	"strings"
)

// Formats of a file.
const (
	// Delimited is text with one record a line and a delimiter between cells.
	Delimited = "delimited"
	// Fixed is text with one record a line, whose columns begin and end at the same
	// character of each.
	Fixed = "fixed"
)

// Compression of a file.
const (
	Plain = "plain"
	Gzip  = "gzip"
	Zstd  = "zstd"
	XZ    = "xz"
)

// Newline of a file of delimited text.
const (
	// LF: lines end with LF or CRLF; a lone CR is data.
	LF = "lf"
	// CR: lines end with CR, LF or CRLF.
	CR = "cr"
)

// A Part is what of a file is read as one: all of it when empty.
type Part struct {
	Member string `json:"member,omitempty"` // of an archive, by its path within
	Sheet  string `json:"sheet,omitempty"`  // of a workbook, by its name
}

// String names the part for people, "" for all of a file.
func (p Part) String() string {
	if p.Sheet == "" {
		return p.Member
	}
	return p.Member + "#" + p.Sheet
}

// A Dialect says how a file is written down. It is comparable, holds all that
// Open and NewSpans need, and is stored with the source, so that a row can be
// read again years later.
type Dialect struct {
	Part                 // of the file
	Format      string   `json:"format"`      // Delimited, Fixed, or the name of another
	Compression string   `json:"compression"` // Plain, Gzip, Zstd or XZ
	Encoding    Encoding `json:"encoding,omitempty"`
	Newline     string   `json:"newline,omitempty"`   // LF or CR
	Delimiter   string   `json:"delimiter,omitempty"` // one ASCII character
	Quote       string   `json:"quote,omitempty"`     // one ASCII character, or empty for none
	Widths      string   `json:"widths,omitempty"`    // of a file of fixed width, see ParseWidths
	Record      string   `json:"record,omitempty"`    // of a tree or of messages: what makes a row
	Names       string   `json:"names,omitempty"`     // of columns that no row names, with Between between them
	First       int64    `json:"first,omitempty"`     // number of the table's first row, where lines of title may stand above
	Header      bool     `json:"header"`              // the columns have names: those of Names, else of the first record
	Columns     int      `json:"columns"`             // cells of a sound row; 0: the first record decides
}

// Between stands between the values of a cell that holds several, as where an
// element is repeated, and between names in Names.
const Between = "\x1F"

// Named says that the columns have names that are in no row of their own: a
// record carries them, or the format's description of itself.
func (d Dialect) Named() bool { return d.Names != "" }

// String describes the dialect in one line, for people.
func (d Dialect) String() string {
	var b strings.Builder
	b.WriteString(d.Format)
	if d.Compression != Plain {
		b.WriteString(", " + d.Compression)
	}
	if d.Encoding != "" {
		fmt.Fprintf(&b, ", %s", d.Encoding)
	}
	if d.Record != "" {
		b.WriteString(", records " + d.Record)
	}
	switch {
	case d.Format == Fixed:
		fmt.Fprintf(&b, ", columns %s", d.Widths)
	case d.Format != Delimited:
	case d.Quote != "":
		fmt.Fprintf(&b, ", delimiter %s, quote %s", spell(d.Delimiter), d.Quote)
	default:
		fmt.Fprintf(&b, ", delimiter %s, no quotes", spell(d.Delimiter))
	}
	if d.Header {
		b.WriteString(", header")
	} else {
		b.WriteString(", no header")
	}
	if d.Newline == CR {
		b.WriteString(", lines end with CR")
	}
	if d.First > 1 {
		fmt.Fprintf(&b, ", from row %d", d.First)
	}
	fmt.Fprintf(&b, ", %d columns", d.Columns)
	return b.String()
}

func spell(delimiter string) string {
	switch delimiter {
	case "\t":
		return "TAB"
	case ",":
		return "comma"
	case ";":
		return "semicolon"
	}
	return delimiter
}

// check fills in what is left out and refuses what makes no sense.
func (d Dialect) check() (Dialect, error) {
	fill(&d.Format, Delimited)
	fill(&d.Compression, Plain)
	fill((*string)(&d.Encoding), string(UTF8))
	fill(&d.Newline, LF)
	switch {
	case d.Compression != Plain && packedAs(d.Compression) == nil:
		return d, fmt.Errorf("%w: compression %q", ErrDialect, d.Compression)
	case d.Newline != LF && d.Newline != CR:
		return d, fmt.Errorf("%w: newline %q", ErrDialect, d.Newline)
	case d.First < 0:
		return d, fmt.Errorf("%w: first row %d", ErrDialect, d.First)
	case d.Columns < 0:
		return d, fmt.Errorf("%w: %d columns", ErrDialect, d.Columns)
	}
	encoding, err := ParseEncoding(string(d.Encoding))
	if err != nil {
		return d, err
	}
	d.Encoding = encoding
	switch d.Format {
	case Delimited:
		return d.checkDelimited()
	case Fixed:
		return d.checkFixed()
	}
	return d, fmt.Errorf("%w: format %q", ErrDialect, d.Format)
}

func (d Dialect) checkDelimited() (Dialect, error) {
	fill(&d.Delimiter, ",")
	switch {
	case !usable(d.Delimiter):
		return d, fmt.Errorf("%w: delimiter %q is not one ASCII mark or TAB", ErrDialect, d.Delimiter)
	case d.Quote != "" && (!usable(d.Quote) || d.Quote == d.Delimiter):
		return d, fmt.Errorf("%w: quote %q is not one ASCII mark apart from the delimiter", ErrDialect, d.Quote)
	}
	return d, nil
}

func (d Dialect) checkFixed() (Dialect, error) {
	w, err := parseWidths(d.Widths)
	if err != nil {
		return d, err
	}
	d.Widths = w.String()
	if d.Columns != 0 && d.Columns != len(w.columns) {
		return d, fmt.Errorf("%w: %d columns, but widths of %d", ErrDialect, d.Columns, len(w.columns))
	}
	d.Columns = len(w.columns)
	return d, nil
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// usable says whether text can delimit or quote cells: one visible ASCII
// character that is neither letter nor digit, or TAB.
func usable(text string) bool {
	if len(text) != 1 {
		return false
	}
	c := text[0]
	letter := c|0x20 >= 'a' && c|0x20 <= 'z'
	digit := c >= '0' && c <= '9'
	return c == '\t' || c > ' ' && c < 0x7f && !letter && !digit
}

// A Choice is what a caller says about a yes-or-no question.
type Choice int

// Choices.
const (
	Auto Choice = iota
	Yes
	No
)

// Hints are what the caller knows about a file. Each one set is taken as given
// and not looked for; the zero value leaves everything to Detect.
type Hints struct {
	Encoding  Encoding // any name that ParseEncoding knows
	Delimiter string
	Quote     string
	Quoted    Choice // No: no character quotes, quotes are data
	Header    Choice
	Text      Choice // Yes: delimited text, whatever it looks like
	Record    string // of a tree or of messages: what makes a row
	Widths    string // the file is of fixed width, with these columns; see ParseWidths
}

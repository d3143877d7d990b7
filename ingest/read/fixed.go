package read

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"
)

// fixed reads the records of text of fixed width: each line is one.
type fixed struct {
	*text
	widths widths
	cells  [][]byte
	strays [][]byte // what stands outside the columns, in order

	// The line at hand: its text, decoded unless columns count bytes.
	line    []byte
	wide    bool // not ASCII
	at      int  // bytes of it that are dealt with
	passed  int  // characters of it, or bytes where columns count these
	flawed  bool // a piece is no text
	strayed int  // columns before the first stray, -1 when there is none
}

// newFixed reads lines in a dialect that was checked.
func newFixed(lines *text) *fixed {
	r := &fixed{text: lines}
	r.widths, _ = parseWidths(lines.dialect.Widths)
	return r
}

// record reads the record in the line of the given length.
func (r *fixed) record(length, terminator int) (*Row, error) {
	row := &r.row
	row.Position = Position{Offset: r.window.offset(), Length: int64(length)}
	row.Number, row.Raw = r.number, r.window.text(0, length)
	r.cut(row.Raw)
	row.Cells = r.cells
	r.pass(length + terminator)
	fault := r.fault()
	if fault == nil {
		r.stats.Rows++
		return row, nil
	}
	fault.Position = row.Position
	return nil, r.bad(fault, row.Raw)
}

// fault says what is wrong with the line that was cut.
func (r *fixed) fault() *RowError {
	switch {
	case r.flawed:
		fault := r.badText(r.cells)
		if r.widths.bytes {
			fault.Detail += "; or a column ends within a character, since the widths are in bytes"
		}
		return fault
	case bytes.IndexByte(r.plain(), 0) >= 0:
		return r.badNUL(r.cells)
	case r.strayed >= 0:
		return r.stray()
	case r.columns > 0 && r.passed < r.widths.length():
		return r.short()
	case len(r.cells) == 0:
		return &RowError{Reason: TooFewCells, Column: 1, Detail: "the line ends before the first column"}
	}
	return nil
}

// plain is the text of the line, decoded.
func (r *fixed) plain() []byte {
	if r.wide && r.decoder.encoding != UTF8 {
		return r.decoded
	}
	return r.line
}

// stray reports text outside the columns.
func (r *fixed) stray() *RowError {
	n, columns := r.strayed, r.widths.columns
	found := excerpt(r.strays[0])
	if n == 0 {
		return &RowError{Reason: Malformed, Column: 1,
			Detail: fmt.Sprintf("%q stands before the first column, which begins at %d; name widths that fit", found, columns[0].from+1)}
	}
	before := columns[n-1]
	if n == len(columns) {
		return &RowError{Reason: TooManyCells, Column: n + 1, Detail: fmt.Sprintf(
			"%q stands behind the last column, which ends at %d; write it as %d- if it goes on to the end of the line", found, before.to, before.from+1)}
	}
	return &RowError{Reason: Malformed, Column: n, Detail: fmt.Sprintf(
		"%q stands between columns %d and %d, which end at %d and begin at %d; name widths that fit", found, n, n+1, before.to, columns[n].from+1)}
}

// short reports a line that ends early.
func (r *fixed) short() *RowError {
	columns := r.widths.columns
	n := len(columns)
	first := slices.IndexFunc(columns, func(c column) bool { return r.passed < c.to })
	return &RowError{Reason: TooFewCells, Column: first + 1, Detail: fmt.Sprintf(
		"the line ends after %d of %d %s; if blanks at the ends of lines were taken off, write the last column as %d-",
		r.passed, r.widths.length(), r.counted(), columns[n-1].from+1)}
}

// counted is what the widths count.
func (r *fixed) counted() string {
	if r.widths.bytes {
		return byteUnit
	}
	return "characters"
}

// excerpt is the beginning of a text.
func excerpt(text []byte) string {
	const most = 40
	short := []rune(string(text[:min(len(text), most*utf8.UTFMax)]))
	return string(short[:min(len(short), most)])
}

// cut cuts a line into cells, and into what stands outside the columns. Columns
// behind the end of the line are empty cells if the line may end anywhere, and
// none otherwise.
func (r *fixed) cut(raw []byte) {
	r.cells, r.strays, r.decoded = r.cells[:0], r.strays[:0], r.decoded[:0]
	r.line, r.at, r.passed, r.flawed, r.strayed = raw, 0, 0, false, -1
	r.wide = r.window.lines.unit == 2 || !ascii(raw)
	if r.wide && !r.widths.bytes && r.decoder.encoding != UTF8 {
		r.decoded = r.decoder.decode(r.decoded, raw)
		r.line = r.decoded
	}
	for i, c := range r.widths.columns {
		r.outside(i, r.take(c.from))
		if r.at == len(r.line) && r.widths.length() > 0 {
			break
		}
		r.cells = append(r.cells, r.take(c.to))
	}
	r.outside(len(r.widths.columns), r.take(endless))
}

// outside notes what stands outside the columns, n of which came before it.
func (r *fixed) outside(n int, text []byte) {
	if len(text) == 0 {
		return
	}
	if r.strays = append(r.strays, text); r.strayed < 0 {
		r.strayed = n
	}
}

// take moves to a character, or to the end of the line if that comes first, and
// returns the text up to there without padding.
func (r *fixed) take(to int) []byte {
	from := r.at
	switch {
	case !r.wide || r.widths.bytes:
		r.at = min(to, len(r.line))
		r.passed = r.at
	default:
		for r.at < len(r.line) && r.passed < to {
			_, size := utf8.DecodeRune(r.line[r.at:])
			r.at += size
			r.passed++
		}
	}
	piece := r.line[from:r.at:r.at]
	if !r.wide {
		return trim(piece, false)
	}
	if r.widths.bytes && r.decoder.encoding != UTF8 {
		begin := len(r.decoded)
		r.decoded = r.decoder.decode(r.decoded, piece)
		piece = r.decoded[begin:len(r.decoded):len(r.decoded)]
	}
	r.flawed = r.flawed || r.decoder.flaw(piece) >= 0
	return trim(piece, true)
}

// salvage cuts a line as well as it can be cut: its cells, then each piece that
// stands outside the columns.
func (r *fixed) salvage(raw []byte) [][]byte {
	r.cut(raw)
	var all [][]byte
	for _, piece := range append(r.cells, r.strays...) {
		all = append(all, bytes.ToValidUTF8(bytes.ReplaceAll(piece, []byte{0}, replacement), replacement))
	}
	return all
}

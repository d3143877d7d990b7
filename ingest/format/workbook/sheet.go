package workbook

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"rummage/ingest/read"
)

// mostRows is the highest number that a row may have. Spreadsheet programs stop at
// 1,048,576, some at sixteen times as many.
const mostRows = 1 << 24

// mostShared is how many times more the texts that cells share may come to than
// what a file may unpack to: words that stand in every row are stored once.
const mostShared = 10

// A sheet reads the rows of one sheet in order.
type sheet struct {
	book  *book
	part  string
	scan  *scanner
	close io.Closer
	depth int // of the element that holds the rows

	// Of the row that next came to.
	number int64
	column int      // from 0, of the cell to come
	cells  []extent // by column
	filled int      // columns up to the last cell that is not empty
	fault  *read.RowError
	text   []byte // of all cells
	value  []byte // of the current cell, as it is stored

	shared uint64 // bytes of shared texts in all rows so far
}

// extent is where the text of a cell stands.
type extent struct{ from, to int }

// openSheet moves to the first row of a sheet.
func (b *book) openSheet(part string) (*sheet, error) {
	s := &sheet{book: b, part: part}
	var err error
	if s.scan, s.close, err = b.scan(part); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	root, err := s.scan.root()
	if err == nil && root != "worksheet" {
		err = s.scan.flaw("<%s> where a sheet should be", root)
	}
	for err == nil && s.depth == 0 {
		var found token
		found, err = s.scan.next()
		switch {
		case err != nil:
		case found == atEnd:
			err = s.scan.flaw("a sheet without rows")
		case found == atOpen && s.scan.depth() == 2 && string(s.scan.name) == "sheetData":
			s.depth = 2
		}
	}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("workbook: %w", b.fault(part, err))
	}
	return s, nil
}

// Close lets go of the stream. A close repeats what reading has said already.
func (s *sheet) Close() {
	if s.close != nil {
		_ = s.close.Close()
		s.close = nil
	}
}

// next moves to the next row that is stored. Behind the last it reads the rest of
// the part, where the checksum is compared, and returns io.EOF. Other errors are
// those of the stream. A row that cannot be read has a fault, and cells as far as
// they can be had.
func (s *sheet) next() error {
	for {
		found, err := s.scan.next()
		switch {
		case err != nil:
			return s.book.fault(s.part, err)
		case found == atEnd:
			return io.EOF
		case found != atOpen || s.depth == 0 || s.scan.depth() != s.depth+1 || string(s.scan.name) != "row":
			if s.scan.depth() < s.depth {
				s.depth = 0
			}
			continue
		}
		if err = s.row(); err != nil {
			return s.book.fault(s.part, err)
		}
		return nil
	}
}

// row reads the row whose tag was opened last.
func (s *sheet) row() error {
	number := s.number + 1
	if said := s.scan.attr("r"); said != nil {
		n, ok := natural(said)
		if !ok || int64(n) < number {
			return s.scan.flaw("row %q behind row %d", said, s.number)
		}
		number = int64(n)
	}
	if number > mostRows {
		return s.scan.flaw("row %d, which no sheet has", number)
	}
	s.number, s.column, s.filled, s.fault = number, 0, 0, nil
	s.cells, s.text = s.cells[:0], s.text[:0]
	depth := s.scan.depth()
	for {
		found, err := s.scan.next()
		switch {
		case err != nil:
			return err
		case found == atShut && s.scan.depth() < depth:
			return nil
		case found != atOpen:
		case string(s.scan.name) == "c":
			if err = s.cell(); err != nil {
				return err
			}
		default:
			if err = s.scan.leave(depth); err != nil {
				return err
			}
		}
	}
}

// stored is a cell as it stands in the part.
type stored struct {
	kind    string
	style   int
	formula bool
}

// cell reads the cell whose tag was opened last.
func (s *sheet) cell() error {
	column, flaw := s.reference(s.scan.attr("r"))
	c := stored{kind: kindOf(s.scan.attr("t"))}
	c.style, _ = natural(s.scan.attr("s"))
	s.value = s.value[:0]
	depth := s.scan.depth()
	for {
		found, err := s.scan.next()
		switch {
		case err != nil:
			return err
		case found == atShut && s.scan.depth() < depth:
			if flaw != "" {
				s.bad(0, read.Malformed, flaw)
				return nil
			}
			return s.place(column, &c)
		case found != atOpen:
			continue
		case string(s.scan.name) == "v":
			err = s.gather()
		case string(s.scan.name) == "is":
			s.value, err = s.scan.words(s.value[:0], read.MaxRecord+1)
		default:
			c.formula = c.formula || string(s.scan.name) == "f"
			err = s.scan.leave(depth)
		}
		if err != nil {
			return err
		}
	}
}

// kindOf is the type of a cell, one of a few texts.
func kindOf(said []byte) string {
	if len(said) == 0 {
		return "n"
	}
	for _, known := range [...]string{"s", "n", "str", "inlineStr", "b", "e", "d"} {
		if string(said) == known {
			return known
		}
	}
	return string(said)
}

// gather takes the text of the element that was opened last for the value.
func (s *sheet) gather() error {
	s.value = s.value[:0]
	for depth := s.scan.depth(); ; {
		found, err := s.scan.next()
		switch {
		case err != nil || s.scan.depth() < depth:
			return err
		case found == atText:
			s.value = append(s.value, s.scan.text[:min(len(s.scan.text), read.MaxRecord+1-len(s.value))]...)
		}
	}
}

// reference returns the column of a cell from 0, by its reference as C7, or that
// behind the last one. Flaw says what is wrong with the reference.
func (s *sheet) reference(said []byte) (column int, flaw string) {
	column = s.column
	if said != nil {
		n := 0
		i := 0
		for ; i < len(said) && i < 4 && said[i]|0x20 >= 'a' && said[i]|0x20 <= 'z'; i++ {
			n = 26*n + int(said[i]|0x20-'a') + 1
		}
		row, ok := natural(said[i:])
		switch {
		case !ok || n == 0 || int64(row) != s.number:
			return 0, fmt.Sprintf("a cell is marked %.20q, which is not in this row", said)
		case n <= column:
			return 0, fmt.Sprintf("cell %.20q stands twice or out of order", said)
		}
		column = n - 1
	}
	s.column = column + 1
	if column >= read.MaxColumns {
		return 0, fmt.Sprintf("a cell in column %d, where a sheet has %d", column+1, read.MaxColumns)
	}
	return column, ""
}

// place writes the text of a cell into its column. An error is that of the
// shared texts.
func (s *sheet) place(column int, c *stored) error {
	from := len(s.text)
	reason, flaw, err := s.write(c)
	if err != nil {
		return err
	}
	if len(s.text) > read.MaxRecord {
		s.text = s.text[:from]
		reason, flaw = read.RecordTooLong, tooLong
	}
	if flaw != "" {
		s.bad(column+1, reason, flaw)
		if reason == read.InvalidEncoding || reason == read.NULByte {
			sound := bytes.ToValidUTF8(bytes.ReplaceAll(s.text[from:], []byte{0}, []byte(read.Lost)), []byte(read.Lost))
			s.text = append(s.text[:from], sound...)
		} else {
			s.text = append(s.text[:from], read.Lost...)
		}
	}
	if len(s.text) == from {
		return nil
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, extent{from, from})
	}
	s.cells = append(s.cells, extent{from, len(s.text)})
	s.filled = len(s.cells)
	return nil
}

// tooLong is what is said of a row that is.
var tooLong = fmt.Sprintf("the cells have more than the %d bytes allowed for one row", read.MaxRecord)

// share appends a text that cells share. What many cells take of a long text in a
// small file is bounded, in each row and in all together.
func (s *sheet) share(text []byte) (reason read.Reason, flaw string, err error) {
	from := len(s.text)
	if from+len(text) > read.MaxRecord {
		return read.RecordTooLong, tooLong, nil
	}
	s.shared += uint64(len(text))
	if s.shared > mostShared*read.Unpacked(uint64(s.book.size)) {
		return "", "", fmt.Errorf("%w (%d bytes of shared texts from %d)", read.ErrBomb, s.shared, s.book.size)
	}
	s.text = append(s.text, text...)
	return flawed(s.text[from:])
}

// bad notes the first fault of the row.
func (s *sheet) bad(column int, reason read.Reason, flaw string) {
	if s.fault == nil {
		s.fault = &read.RowError{Row: s.number, Column: column, Reason: reason, Detail: flaw}
	}
}

// write appends the text of a cell. Flaw says why it has none.
func (s *sheet) write(c *stored) (reason read.Reason, flaw string, err error) {
	from, value := len(s.text), s.value
	switch c.kind {
	case "n":
		return s.writeNumber(c)
	case "s":
		value = bytes.TrimSpace(value)
		if len(value) == 0 {
			return "", "", nil
		}
		i, ok := natural(value)
		if ok {
			if value, ok, err = s.book.texts.at(i); err != nil {
				return "", "", err
			}
		}
		if !ok {
			return read.Malformed, fmt.Sprintf("the cell refers to text %.20q, which the workbook does not have", s.value), nil
		}
		return s.share(value)
	case "b":
		switch string(bytes.TrimSpace(value)) {
		case "1", "true":
			s.text = append(s.text, "TRUE"...)
		case "0", "false":
			s.text = append(s.text, "FALSE"...)
		case "":
		default:
			return read.Malformed, fmt.Sprintf("the cell holds %.20q where TRUE or FALSE is 1 or 0", value), nil
		}
	case "d":
		s.text = append(s.text, value...)
		if shown := s.book.pattern(c.style); shown.shapes[0].kind != moment {
			s.text = bytes.TrimSuffix(s.text, []byte("T00:00:00"))
		}
	case "str", "e":
		s.text = append(s.text, unescape(value)...)
	case "inlineStr":
		s.text = append(s.text, value...)
	default:
		return read.Malformed, fmt.Sprintf("a cell of type %.20q, which no workbook has", c.kind), nil
	}
	return flawed(s.text[from:])
}

// flawed says what keeps bytes from being text.
func flawed(text []byte) (reason read.Reason, flaw string, err error) {
	switch {
	case !utf8.Valid(text):
		return read.InvalidEncoding, "bytes that are not UTF-8", nil
	case bytes.IndexByte(text, 0) >= 0:
		return read.NULByte, "holds a NUL byte, which is no text", nil
	}
	return "", "", nil
}

// writeNumber appends a number in the format of its style.
func (s *sheet) writeNumber(c *stored) (reason read.Reason, flaw string, err error) {
	value := bytes.TrimSpace(s.value)
	switch {
	case len(value) > 0:
	case c.formula:
		return read.Malformed, "a formula whose value was never computed; open the workbook in a spreadsheet program and save it", nil
	default:
		return "", "", nil
	}
	var ok bool
	if s.text, ok = s.book.pattern(c.style).write(s.text, value, s.book.from); !ok {
		return read.Malformed, fmt.Sprintf("the cell holds %.40q, which is no number", value), nil
	}
	return "", "", nil
}

// plainly is the format of cells without one.
var plainly = pattern{bare: true}

// pattern returns the number format of a style.
func (b *book) pattern(style int) *pattern {
	if style < len(b.formats) {
		return &b.formats[style]
	}
	return &plainly
}

// appendCells returns the cells of the current row, width of them or more, valid
// until the next.
func (s *sheet) appendCells(cells [][]byte, width int) [][]byte {
	for _, e := range s.cells {
		cells = append(cells, s.text[e.from:e.to:e.to])
	}
	for len(cells) < width {
		cells = append(cells, nil)
	}
	return cells
}

package read

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	tops  = 0x8080808080808080
	rests = 0x7f7f7f7f7f7f7f7f
)

// A splitter cuts the text of a record into cells. The cells point into the
// text, or into scratch where doubled quotes had to be undone.
type splitter struct {
	delimiter byte
	quote     byte // 0 for none
	cells     [][]byte
	scratch   []byte
}

// reset forgets the last record.
func (s *splitter) reset() {
	s.cells = s.cells[:0]
	s.scratch = s.scratch[:0]
}

// plain cuts a line that holds no quote, eight bytes at a time, and says on the
// way what the line holds. If there is a quote in it, the cells mean nothing.
// Behind the line's text, pad bytes of capacity must follow.
//
// A byte of y is zero where a delimiter stands; its top bit comes out set in m
// by the carry-free test of Warren, Hacker's Delight, section 6-1.
func (s *splitter) plain(line []byte) (quoted, wide, nul bool) {
	n := len(line)
	text := line[:n+pad]
	cells := s.cells
	delimiters, quotes := ones*uint64(s.delimiter), ones*uint64(s.quote)
	var high, quote, zero uint64
	start := 0
	for i := 0; i < n; i += 8 {
		word := binary.LittleEndian.Uint64(text[i : i+8])
		if left := n - i; left < 8 {
			// The bytes behind the line become letters.
			keep := uint64(1)<<(8*left) - 1
			word = word&keep | ones*'a'&^keep
		}
		high |= word
		x := word ^ quotes
		quote |= (x - ones) &^ x
		zero |= (word - ones) &^ word
		y := word ^ delimiters
		m := ^((y&rests + rests) | y | rests)
		for m != 0 {
			e := i + bits.TrailingZeros64(m)>>3
			cells = append(cells, text[start:e:e])
			start = e + 1
			m &= m - 1
		}
	}
	s.cells = append(cells, text[start:n:n])
	return s.quote != 0 && quote&tops != 0, high&tops != 0, zero&tops != 0
}

// quoted cuts text from index at on, a cell's first, and appends the cells. It
// returns -1 when the text ends outside quotes, else the index where the cell
// begins that is still open at the end.
func (s *splitter) quoted(text []byte, at int) int {
	for {
		first := at
		for first < len(text) && text[first] == ' ' {
			first++
		}
		if s.quote != 0 && first < len(text) && text[first] == s.quote {
			cell, next := s.inner(text, first+1)
			if next < 0 {
				return at
			}
			s.cells = append(s.cells, cell)
			if next == len(text) {
				return -1
			}
			at = next + 1
			continue
		}
		i := bytes.IndexByte(text[at:], s.delimiter)
		if i < 0 {
			s.cells = append(s.cells, text[at:len(text):len(text)])
			return -1
		}
		s.cells = append(s.cells, text[at:at+i:at+i])
		at += i + 1
	}
}

// inner reads a quoted cell whose text begins at from. next is the index of the
// delimiter or end behind it, -1 when the cell does not close.
func (s *splitter) inner(text []byte, from int) (cell []byte, next int) {
	doubled := false
	for at := from; ; {
		i := bytes.IndexByte(text[at:], s.quote)
		if i < 0 {
			return nil, -1
		}
		at += i
		if at+1 < len(text) && text[at+1] == s.quote {
			doubled = true
			at += 2
			continue
		}
		if end := s.closes(text, at); end >= 0 {
			cell = text[from:at:at]
			if doubled {
				cell = s.undouble(cell)
			}
			return cell, end
		}
		at++
	}
}

// closes says whether the single quote at index at closes its cell: the index
// of the delimiter or end that follows, or -1.
func (s *splitter) closes(text []byte, at int) int {
	at++
	for at < len(text) && text[at] == ' ' && s.delimiter != ' ' {
		at++
	}
	switch {
	case at < len(text) && text[at] == s.delimiter:
		return at
	case len(bytes.TrimRight(text[at:], "\r\f")) == 0:
		return len(text) // the line ends twice, as in CR CR LF, or its page too
	}
	return -1
}

// undouble copies a cell to scratch with each pair of quotes made one.
func (s *splitter) undouble(cell []byte) []byte {
	from := len(s.scratch)
	for {
		i := bytes.IndexByte(cell, s.quote)
		if i < 0 {
			break
		}
		s.scratch = append(s.scratch, cell[:i+1]...)
		cell = cell[i+1:]
		if len(cell) > 0 && cell[0] == s.quote {
			cell = cell[1:]
		}
	}
	s.scratch = append(s.scratch, cell...)
	return s.scratch[from:len(s.scratch):len(s.scratch)]
}

// How a further line stands to a cell that was open at its beginning.
const (
	staysOpen = iota
	isClosed
	isStray // a quote that can neither be inside the cell nor close it
)

// further looks at a line in the middle of a quoted cell.
func (s *splitter) further(line []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(line[at:], s.quote)
		if i < 0 {
			return staysOpen
		}
		at += i
		if at+1 < len(line) && line[at+1] == s.quote {
			at += 2
			continue
		}
		if s.closes(line, at) >= 0 {
			return isClosed
		}
		return isStray
	}
}

package read

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// endless is where a column ends that goes on to the end of the line.
const endless = math.MaxInt

// column is a column of a text of fixed width: from its first character,
// counted from 0, to before its last.
type column struct{ from, to int }

// widths are the columns of a text of fixed width, in order and apart.
type widths struct {
	columns []column
	bytes   bool // they count bytes of the file, not characters
}

// ParseWidths checks the widths of a text of fixed width and writes them in the
// one way in which dialects hold them.
//
// They are the first and the last character of each column, counted from 1, as
// in
//
//	1-8,9-20,25
//
// where one number is a column of one character. What stands outside all columns
// must be blank, since a value may have grown beyond its column: name also the
// columns that are of no use. A last column without end, as 21-, goes on to the
// end of the line. Then a line may end early too, as where blanks at the ends of
// lines were taken off, and what it lacks is empty; otherwise each line must be
// as long as the last column says.
//
// Characters are those of the text after decoding: a Chinese one counts as one,
// however many bytes or however much room on paper it takes. Old systems count
// bytes, two for a Chinese character in Big5, GB18030, Shift-JIS or EUC-KR: for
// their files the word bytes follows, as in
//
//	1-8,9-28 bytes
//
// ErrDialect says what is wrong.
func ParseWidths(text string) (string, error) {
	w, err := parseWidths(text)
	return w.String(), err
}

// byteUnit follows widths in bytes.
const byteUnit = "bytes"

func parseWidths(text string) (w widths, err error) {
	list := strings.TrimSpace(text)
	if cut, ok := strings.CutSuffix(list, byteUnit); ok {
		list, w.bytes = strings.TrimSpace(cut), true
	}
	last := 0
	for _, item := range strings.Split(list, ",") {
		c, ok := parseColumn(strings.TrimSpace(item))
		switch {
		case !ok:
			return widths{}, fmt.Errorf("%w: widths %q: %q is no column; write the first and last character of each, such as 1-8,9-20,21-, "+
				"and the word bytes behind them if bytes are meant", ErrDialect, text, item)
		case c.from < last:
			return widths{}, fmt.Errorf("%w: widths %q: column %q does not begin behind the one before it", ErrDialect, text, item)
		case len(w.columns) == MaxColumns:
			return widths{}, fmt.Errorf("%w: widths of more than %d columns", ErrDialect, MaxColumns)
		}
		w.columns = append(w.columns, c)
		last = c.to
	}
	return w, nil
}

// parseColumn reads one column, as 1-8, 5 or 21-.
func parseColumn(item string) (column, bool) {
	first, last, ranged := strings.Cut(item, "-")
	from, err := strconv.ParseUint(first, 10, 31)
	if err != nil || from < 1 || from > MaxRecord {
		return column{}, false
	}
	c := column{from: int(from) - 1, to: int(from)}
	if !ranged {
		return c, true
	}
	if last == "" {
		c.to = endless
		return c, true
	}
	to, err := strconv.ParseUint(last, 10, 31)
	c.to = int(to)
	return c, err == nil && to >= from && to <= MaxRecord
}

// String writes the widths as ParseWidths reads them.
func (w widths) String() string {
	var b strings.Builder
	for i, c := range w.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(c.from + 1))
		if c.to == c.from+1 {
			continue
		}
		b.WriteByte('-')
		if c.to != endless {
			b.WriteString(strconv.Itoa(c.to))
		}
	}
	if w.bytes {
		b.WriteString(" " + byteUnit)
	}
	return b.String()
}

// length is how many characters each line must have, 0 for any.
func (w widths) length() int {
	if last := w.columns[len(w.columns)-1]; last.to != endless {
		return last.to
	}
	return 0
}

// ruled says whether a line holds nothing but rules, as are drawn below a header:
// runs of -, = or _ with blanks between them, one at least three long.
func ruled(line []byte, unit int) bool {
	run, longest := 0, 0
	for _, c := range line {
		switch {
		case c == 0 && unit == 2:
		case c == ' ':
			run = 0
		case c == '-' || c == '=' || c == '_':
			run++
			longest = max(longest, run)
		default:
			return false
		}
	}
	return longest >= 3
}

// trim takes the padding off a cell: blanks, those of East Asian text too.
func trim(cell []byte, wide bool) []byte {
	if wide {
		return bytes.Trim(cell, " \u3000")
	}
	return bytes.Trim(cell, " ")
}

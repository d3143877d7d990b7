package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// seen is the beginning of a file as it stands there, and its whole lines as
// UTF-8.
type seen struct{ raw, text []byte }

// detectFixed says whether the text is of fixed width: because its widths were
// named, or because its columns line up and no delimiter cuts it better.
func detectFixed(ctx context.Context, s seen, d Dialect, h Hints, cut layout) (Dialect, bool, error) {
	p := draw(s.text, d.Newline, false)
	var w widths
	switch {
	case h.Widths != "":
		named, err := parseWidths(h.Widths)
		if err != nil {
			return d, false, err
		}
		w = named
	case h.Delimiter != "" || h.Quote != "" || h.Text == Yes:
		return d, false, nil
	default:
		w = p.widths()
		if !ascii(s.text) && d.Encoding.unit() == 1 {
			lines := bytes.TrimPrefix(s.raw, d.Encoding.mark())
			other := draw(wholeLines(lines, d.Newline), d.Newline, true)
			if inBytes := other.widths(); other.score(inBytes) > p.score(w) {
				p, w = other, inBytes
			}
		}
		if w.columns == nil || p.ruledColumns() == nil && cut.beats(len(w.columns)) {
			return d, false, nil
		}
	}
	d.Format, d.Widths, d.Columns, d.Quote, d.First = Fixed, w.String(), len(w.columns), "", p.first
	rows, bad, err := cutFixed(ctx, s.raw, d)
	if err != nil {
		return d, false, err
	}
	if len(rows)+bad == 0 {
		return d, false, ErrEmpty
	}
	d.Header = h.Header == Yes || h.Header == Auto && (p.below || LooksLikeHeader(rows))
	d, err = d.check()
	return d, err == nil, err
}

// beats says whether text that a delimiter cuts so is of that kind, although as
// many columns line up in it.
func (l layout) beats(columns int) bool {
	even := l.columns > 1 && 10*l.even >= 9*len(l.rows)
	// One comma a line is that of a surname before its first name.
	return even && (l.columns > 2 || columns < 4)
}

// cutFixed cuts the sample by its widths.
func cutFixed(ctx context.Context, sample []byte, d Dialect) (rows [][]string, bad int, err error) {
	d.Compression, d.Header = Plain, false
	if d, err = d.check(); err != nil {
		return nil, 0, err
	}
	d.Columns = 0 // the last line of the sample may break off
	r := newText(ctx, bytes.NewReader(sample), d, chunk)
	if err = r.begin(); err != nil {
		return nil, 0, err
	}
	for len(rows) < sampleRows {
		row, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return rows, bad, nil
		case errors.As(err, new(*RowError)):
			bad++
		case err != nil:
			return nil, 0, fmt.Errorf("read: look at the file: %w", err)
		default:
			rows = append(rows, row.Names())
		}
	}
	return rows, bad, nil
}

// picture is what a text looks like from afar: of each line one byte for each
// character, ' ' for a blank and 'x' for all else.
type picture struct {
	lines [][]byte
	marks [][]byte // the same with digits and letters told apart
	texts []string // the lines themselves
	bytes bool     // one for each byte instead
	tabs  bool     // there are tabs, which move what stands behind them
	ruler []byte   // a line of rules above or below the first line, nil for none
	below bool     // it stands below: the first line names the columns
	first int64    // number of the line behind the lines of title that are left out; 0 for none

	numbers []int64 // of lines
	late    int     // how many lines there were above a line of rules that stands further down
}

// draw makes a picture of a text's first lines, without blank ones.
func draw(text []byte, newline string, inBytes bool) picture {
	p := picture{bytes: inBytes}
	for number := int64(1); len(text) > 0 && len(p.lines) < sampleRows; number++ {
		end := bytes.IndexByte(text, '\n')
		if newline == CR {
			end = bytes.IndexAny(text, "\r\n")
		}
		line := text
		if end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = nil
		}
		line = bytes.TrimSuffix(line, []byte("\r"))
		shape := p.shape(line)
		switch {
		case len(bytes.TrimLeft(shape, " ")) == 0:
		case !ruled(line, 1):
			p.lines, p.marks, p.texts = append(p.lines, shape), append(p.marks, marksOf(line, shape)), append(p.texts, string(line))
			p.numbers = append(p.numbers, number)
			p.tabs = p.tabs || bytes.IndexByte(line, '\t') >= 0
		case len(p.lines) == 0:
			p.ruler = shape
		case len(p.lines) == 1:
			p.ruler, p.below = shape, true
		case p.ruler == nil && len(p.lines) <= mostTitles+1:
			p.ruler, p.late = shape, len(p.lines)
		}
	}
	return p.untitled()
}

// untitled leaves out the lines of title above the header. They are none if the rules part a table from its sums: of a title no line is
// in all columns, and more lines stand below it.
func (p picture) untitled() picture {
	if p.late == 0 {
		return p
	}
	titles, columns := p.late-1, runs(p.ruler, func(i int) bool { return p.ruler[i] != ' ' })
	whole := func(line []byte) bool {
		return fits(line, columns) && !slices.ContainsFunc(columns, func(c column) bool { return !filled(line, c) })
	}
	if len(columns) < 2 || len(p.lines)-p.late < p.late || slices.ContainsFunc(p.lines[:titles], whole) || !whole(p.lines[titles]) {
		p.ruler = nil
		return p
	}
	p.first, p.below = p.numbers[titles-1]+1, true
	p.lines, p.marks, p.texts, p.numbers = p.lines[titles:], p.marks[titles:], p.texts[titles:], p.numbers[titles:]
	return p
}

// fits says whether a line has nothing beside columns.
func fits(line []byte, columns []column) bool {
	from := 0
	for _, c := range columns {
		if len(bytes.TrimLeft(within(line, column{from, c.from}), " ")) > 0 {
			return false
		}
		from = c.to
	}
	return true
}

func (p picture) shape(line []byte) []byte {
	shape := make([]byte, 0, len(line))
	for len(line) > 0 {
		c, size := rune(line[0]), 1
		if !p.bytes {
			c, size = utf8.DecodeRune(line)
		}
		mark := byte('x')
		if c == ' ' || c == '\u3000' && size > 1 {
			mark = ' '
		}
		shape, line = append(shape, mark), line[size:]
	}
	return shape
}

// widths finds the columns: those that are ruled, else those between blanks that
// line up. There are two at least, or none.
func (p picture) widths() widths {
	if p.tabs || len(p.lines) == 0 {
		return widths{}
	}
	w := widths{bytes: p.bytes, columns: p.ruledColumns()}
	if w.columns == nil {
		w.columns = p.alignedColumns()
	}
	if len(w.columns) < 2 || len(w.columns) > MaxColumns {
		return widths{}
	}
	last := &w.columns[len(w.columns)-1]
	if end := p.end(); end < last.to {
		last.to = endless
	} else {
		last.to = end
	}
	return w
}

// end is where the last column ends: where all lines end, if they are as long as
// the first.
func (p picture) end() int {
	length, other := len(p.lines[0]), 0
	for _, line := range p.lines {
		if len(line) != length {
			other++
		}
	}
	if 50*other <= len(p.lines) && len(p.lines) > 1 {
		return length
	}
	return endless
}

// ruledColumns are the columns below rules, if nine lines of ten have nothing
// beside them.
func (p picture) ruledColumns() []column {
	columns := runs(p.ruler, func(i int) bool { return p.ruler[i] != ' ' })
	if len(columns) < 2 {
		return nil
	}
	misfits := 0
	for _, line := range p.lines {
		if !fits(line, columns) {
			misfits++
		}
	}
	if 10*misfits > len(p.lines) {
		return nil
	}
	return columns
}

// score says how well widths fit: first counts how many cells of a line are filled,
// to a twentieth, then how few columns are ragged on both sides. In characters or
// in bytes, the wrong measure moves text into columns beside its own.
func (p picture) score(w widths) int {
	cells, ragged := 0, 0
	for _, c := range w.columns {
		for _, line := range p.lines {
			if filled(line, c) {
				cells++
			}
		}
		if begins, ends := p.flush(c); !begins && !ends {
			ragged++
		}
	}
	return 20*cells/max(len(p.lines), 1)*(MaxColumns+1) - ragged
}

// runs lists the stretches of a line of such bytes.
func runs(line []byte, in func(i int) bool) []column {
	var all []column
	for i := range line {
		switch {
		case !in(i):
		case len(all) > 0 && all[len(all)-1].to == i:
			all[len(all)-1].to++
		default:
			all = append(all, column{i, i + 1})
		}
	}
	return all
}

// within is what a line has of a column.
func within(line []byte, c column) []byte { return line[min(c.from, len(line)):min(c.to, len(line))] }

// filled says whether a line has text in a column.
func filled(line []byte, c column) bool { return bytes.IndexByte(within(line, c), 'x') >= 0 }

// leastLines is how many lines must line up. In three lines of prose blanks line
// up by chance.
const leastLines = 4

// alignedColumns are the columns between blanks that line up. There are none
// unless half of the lines are padded, with two blanks or more in a row, or all
// are of one length, and every gap has text on both sides in enough lines.
func (p picture) alignedColumns() []column {
	n, length, padded := len(p.lines), 0, 0
	for _, line := range p.lines {
		length = max(length, len(line))
		if bytes.Contains(bytes.Trim(line, " "), []byte("  ")) {
			padded++
		}
	}
	if n < leastLines || 2*padded < n && !p.even() {
		return nil
	}
	marks := make([]int, length)
	for _, line := range p.lines {
		for i, c := range line {
			if c != ' ' {
				marks[i]++
			}
		}
	}
	first := p.lines[0]
	// A broken line among fifty may cross a gap, the first may not.
	found := runs(make([]byte, length), func(i int) bool { return 50*marks[i] > n || i < len(first) && first[i] != ' ' })
	var columns []column
	for _, c := range found {
		if len(columns) == 0 {
			columns = append(columns, c)
			continue
		}
		last := &columns[len(columns)-1]
		switch support, parted := p.gap(*last, c); {
		case support < max(2, n/20):
			return nil
		case parted:
			columns = append(columns, c)
		default: // a blank within values, as in HONG KONG
			last.to = c.to
		}
	}
	if len(columns) == 0 || p.more(columns[len(columns)-1]) {
		return nil
	}
	return p.stretch(p.reach(columns))
}

// gap counts the lines with text on both sides of the gap between two stretches,
// and says whether it parts columns: in some line padding must come before or
// behind it, or stand before values that end together, or one blank stands there
// in all lines between values that differ.
func (p picture) gap(left, right column) (support int, parted bool) {
	parted = right.from-left.to > 1
	for _, line := range p.lines {
		if !filled(line, column{0, left.to}) || !filled(line, column{right.from, endless}) {
			continue
		}
		support++
		parted = parted || line[left.from] == ' ' || line[left.to-1] == ' ' || line[right.from] == ' '
	}
	return support, parted || p.blankParts(left, right)
}

// more says whether in some line a further column seems to follow the last.
func (p picture) more(last column) bool {
	return slices.ContainsFunc(p.lines, func(line []byte) bool {
		return filled(line, column{last.to, endless}) && bytes.Contains(bytes.TrimRight(line[last.to-1:], " "), []byte("  "))
	})
}

// reach makes room for the few values that are longer than all others and end
// before the next column.
func (p picture) reach(columns []column) []column {
	long := slices.Clone(columns)
	for i := range columns[1:] {
		gap := column{columns[i].to, columns[i+1].from}
		for _, line := range p.lines {
			between := within(line, gap)
			whole := len(between) == gap.to-gap.from
			if whole && bytes.IndexByte(between, ' ') < 0 {
				continue // a broken line
			}
			if whole {
				long[i+1].from = min(long[i+1].from, gap.from+len(bytes.TrimRight(between, "x")))
			}
			long[i].to = max(long[i].to, gap.from+len(between)-len(bytes.TrimLeft(between, "x")))
		}
		if long[i].to >= long[i+1].from {
			long[i].to, long[i+1].from = gap.from, gap.to
		}
	}
	return long
}

// stretch gives the blanks between two columns to the one whose longer values
// would reach into them: the left one where values on the right all begin at the
// same place, the right one where those on the left all end there. Where neither
// is so, they stay outside, and a value that reaches into them is reported.
func (p picture) stretch(columns []column) []column {
	wide := slices.Clone(columns)
	for i := 1; i < len(columns); i++ {
		begins, _ := p.flush(columns[i])
		_, ends := p.flush(columns[i-1])
		switch {
		case begins:
			wide[i-1].to = columns[i].from
		case ends:
			wide[i].from = columns[i-1].to
		}
	}
	if len(wide) > 0 {
		wide[0].from = 0
	}
	return wide
}

// flush says whether nine values of ten in a column begin at its first character,
// and whether as many end at its last. The first line may be a header.
func (p picture) flush(c column) (begins, ends bool) {
	values, left, right := 0, 0, 0
	for _, line := range p.lines[1:] {
		value := within(line, c)
		if !filled(line, c) {
			continue
		}
		values++
		if value[0] != ' ' {
			left++
		}
		if len(value) == c.to-c.from && value[len(value)-1] != ' ' {
			right++
		}
	}
	return 10*left >= 9*values, 10*right >= 9*values
}

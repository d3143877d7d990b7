package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// sampleRows is how many records are compared to find delimiter and header.
const sampleRows = 500

// detectQuote returns the character that quotes cells. It is the double quote
// unless there is none in the text and most cells stand between single ones.
func detectQuote(text []byte, h Hints) string {
	switch {
	case h.Quoted == No:
		return ""
	case h.Quote != "":
		return h.Quote
	case bytes.IndexByte(text, '"') >= 0:
		return `"`
	}
	cells, single := 0, 0
	for _, cell := range bytes.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;\t|\r\n", r) }) {
		cell = bytes.TrimSpace(cell)
		cells++
		if len(cell) >= 2 && cell[0] == '\'' && cell[len(cell)-1] == '\'' {
			single++
		}
	}
	if single >= 2 && 2*single > cells {
		return "'"
	}
	return `"`
}

// layout is the sample cut with one delimiter.
type layout struct {
	delimiter string
	rows      [][]string
	numbers   []int64 // of the rows
	even      int     // records with as many cells as most
	columns   int     // that many
	bad       int     // records that could not be cut
}

// detectDelimiter cuts the sample with each delimiter and takes the one by which
// most records get the same number of cells. If several do equally well, TAB, |
// and ; are likelier than the comma, which names and addresses are full of, save
// where the comma makes far more cells.
func detectDelimiter(ctx context.Context, text []byte, d Dialect, h Hints) (layout, error) {
	choices := []string{"\t", "|", ";", ","}
	if h.Delimiter != "" {
		choices = []string{h.Delimiter}
	}
	best := layout{delimiter: ",", columns: 1}
	for i, choice := range choices {
		d.Delimiter = choice
		l, err := cutSample(ctx, text, d)
		if err != nil {
			return layout{}, err
		}
		if i == 0 || l.better(best) {
			best = l
		}
	}
	if best.columns == 1 && h.Delimiter == "" {
		d.Delimiter = ","
		return cutSample(ctx, text, d)
	}
	return best, nil
}

func (l layout) better(than layout) bool {
	switch {
	case l.columns == 1 || than.columns == 1:
		return l.columns > than.columns && 2*l.even >= len(l.rows)
	// Shares of even records, compared within two per cent: a record cut wrong
	// by one delimiter weighs less than a delimiter that cuts into three times
	// the cells.
	case 50*abs(l.even*len(than.rows)-than.even*len(l.rows)) > len(l.rows)*len(than.rows):
		return l.even*len(than.rows) > than.even*len(l.rows)
	}
	return l.columns >= 3*than.columns
}

func abs(n int) int { return max(n, -n) }

func cutSample(ctx context.Context, text []byte, d Dialect) (layout, error) {
	l := layout{delimiter: d.Delimiter, columns: 1}
	d.Encoding, d.Compression, d.Header, d.Columns = UTF8, Plain, false, 0
	d, err := d.check()
	if err != nil {
		return l, err
	}
	r := newText(ctx, bytes.NewReader(text), d, min(chunk, len(text)+64))
	counts := map[int]int{}
	for len(l.rows) < sampleRows {
		row, err := r.Next()
		bad := new(RowError)
		switch {
		case errors.Is(err, io.EOF):
			return l, nil
		case errors.As(err, &bad) && (bad.Reason == InvalidEncoding || bad.Reason == NULByte):
			row = &r.row // cut well enough to compare
		case errors.As(err, &bad):
			l.bad++
			continue
		case err != nil:
			return l, fmt.Errorf("read: look at the file: %w", err)
		}
		r.columns = 0
		l.rows, l.numbers = append(l.rows, row.Names()), append(l.numbers, row.Number)
		n := len(row.Cells)
		counts[n]++
		if counts[n] > l.even || counts[n] == l.even && n > l.columns {
			l.even, l.columns = counts[n], n
		}
	}
	return l, nil
}

// Lines of title are at most so many, in files of so many columns at least, and
// state at most so many cells.
const (
	mostTitles   = 8
	titledWidth  = 4
	titleContent = 2
)

// above counts the lines above a table: titles, and rows of empty cells only.
func (l layout) above(h Hints) int {
	n := l.titles(h)
	for n < len(l.rows)-1 && len(l.rows[n]) > 1 && !slices.ContainsFunc(l.rows[n], func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		n++
	}
	return n
}

// titles counts the lines that stand above a table: such as state hardly a cell,
// where the line below them is as wide as most and looks like a header.
func (l layout) titles(h Hints) int {
	if h.Header == No || l.columns < titledWidth {
		return 0
	}
	for n := range min(len(l.rows)-1, mostTitles+1) {
		stated := 0
		for _, cell := range l.rows[n] {
			if strings.TrimSpace(cell) != "" {
				stated++
			}
		}
		if stated <= titleContent {
			continue
		}
		if n > 0 && len(l.rows[n]) == l.columns {
			_, _, grouped := HeadingAt(l.rows, n)
			if grouped || LooksLikeHeader(l.rows[n:]) {
				return n
			}
		}
		return 0
	}
	return 0
}

// LooksLikeHeader says whether the first record names the columns. A header has
// a name in nearly every cell, no name twice, and no number; where the rest of a
// column is numbers or codes of one shape, its first cell differs.
func LooksLikeHeader(rows [][]string) bool {
	if len(rows) == 0 {
		return false
	}
	first, rest := rows[0], rows[1:]
	seen := make(map[string]bool, len(first))
	empty, repeated := 0, 0
	score := 0
	for i, cell := range first {
		name := strings.ToLower(strings.TrimSpace(cell))
		switch {
		case name == "":
			empty++
			continue
		case seen[name]:
			repeated++
		}
		seen[name] = true
		score += columnVote(name, i, rest)
	}
	switch {
	case len(seen) == 0 || 2*empty > len(first) || 2*repeated > len(seen):
		return false
	case len(rest) == 0:
		return score >= 0
	}
	return score > 0 || score == 0 && empty == 0 && repeated == 0
}

// columnVote compares a first cell with the rest of its column: positive for a
// name above values, negative for a value like the others.
func columnVote(name string, i int, rest [][]string) int {
	if numeric(name) {
		return -2
	}
	if utf8.RuneCountInString(name) > 64 {
		return -1
	}
	filled, numbers, same, digits := 0, 0, 0, 0
	for _, row := range rest {
		if i >= len(row) {
			continue
		}
		value := strings.ToLower(strings.TrimSpace(row[i]))
		if value == "" {
			continue
		}
		filled++
		if numeric(value) {
			numbers++
		}
		if strings.ContainsAny(value, "0123456789") {
			digits++
		}
		if value == name {
			same++
		}
	}
	switch {
	case same > 0:
		return -2
	case filled == 0:
		return 0
	case 5*numbers >= 4*filled:
		return 2
	case 5*digits >= 4*filled && !strings.ContainsAny(name, "0123456789"):
		return 1
	}
	return 0
}

// numeric says whether a cell is a number, an amount or a date in digits.
func numeric(cell string) bool {
	digits := 0
	for _, c := range cell {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case !strings.ContainsRune("+-.,/: ()%$€£¥", c):
			return false
		}
	}
	return digits > 0
}

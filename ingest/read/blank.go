package read

import (
	"bytes"
	"strings"
)

// manyLines is how many lines must have a single blank in the same place, for it to part
// columns: names of one length in so many lines are no chance.
const manyLines = 8

// even reports lines that are all of one length, as those of columns without padding are.
func (p picture) even() bool {
	for _, line := range p.lines {
		if len(line) != len(p.lines[0]) {
			return false
		}
	}
	return len(p.lines) >= manyLines
}

// blankParts says whether one blank that stands in the same place in all lines parts columns:
// what stands before it fills its room in each line, both sides differ from line to line, and
// do not make one value together, such as 12 MAR 2024. Before words, such as a name, it has
// digits: a first name of one length is no column.
func (p picture) blankParts(left, right column) bool {
	whole := left
	// Of a value that was put together, its last word speaks.
	if at := bytes.LastIndexByte(within(p.lines[len(p.lines)-1], left), ' '); at >= 0 {
		left.from += at + 1
	}
	before, behind := map[string]bool{}, map[string]bool{}
	lines, one, words, coded := 0, 0, 0, 0
	for i, line := range p.lines {
		if i == 0 && len(p.lines) > manyLines {
			continue // it may be a header
		}
		a, b := within(line, left), within(line, right)
		if len(a) < left.to-left.from || len(b) == 0 || b[0] == ' ' || bytes.IndexByte(a, ' ') >= 0 {
			return false
		}
		head, text, _ := bytes.Cut(within(p.marks[i], right), []byte(" "))
		mark := string(within(p.marks[i], left))
		before[cutText(p.texts[i], whole, p.bytes)], behind[cutText(p.texts[i], right, p.bytes)] = true, true
		lines++
		one += share(together(mark, string(head)))
		words += share(len(text) > 0)
		coded += share(strings.Contains(mark, "9"))
	}
	if words > 0 && 10*coded < 9*lines {
		return false
	}
	return lines >= manyLines-1 && len(before) > 1 && len(behind) > 1 && 2*one < lines
}

// cutText is what a line has of a column, in characters or bytes.
func cutText(line string, c column, inBytes bool) string {
	if inBytes {
		return line[min(c.from, len(line)):min(c.to, len(line))]
	}
	all := []rune(line)
	return string(all[min(c.from, len(all)):min(c.to, len(all))])
}

func share(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// together reports the marks of two words that are mostly one value: parts of a date, a day
// and its time, the two parts of a container number, groups of digits.
func together(a, b string) bool {
	digits := func(s string) bool { return strings.Trim(s, "9") == "" }
	letters := func(s string) bool { return strings.Trim(s, "A") == "" }
	switch {
	case digits(a) && len(a) <= 2 && letters(b) && len(b) == 3, letters(a) && len(a) == 3 && digits(b) && len(b) == 4:
		return true
	case strings.HasPrefix(b, "99:99"):
		return true
	case letters(a) && len(a) == 4 && digits(b) && len(b) >= 6 && len(b) <= 7, digits(a) && len(a) == 6 && digits(b) && len(b) == 1:
		return true
	case digits(a) && digits(b):
		return max(len(a), len(b)) < 6
	}
	return false
}

// marksOf is a line with 9 for each digit, A for each letter of ASCII, and its shape for the rest.
func marksOf(line, shape []byte) []byte {
	marks := bytes.Clone(shape)
	if len(line) != len(shape) {
		return marks // not ASCII
	}
	for i, c := range line {
		switch {
		case between(c, '0', '9'):
			marks[i] = '9'
		case between(c|0x20, 'a', 'z'):
			marks[i] = 'A'
		case c == ':':
			marks[i] = ':'
		}
	}
	return marks
}

package read

import (
	"strings"
	"unicode/utf8"
)

// TwoRowHeader joins the names of a header of two rows, as reports have it: the first
// names a group of columns above its first one and leaves the others empty, the second
// names each column of the group. A column of no group has its name in the first row
// alone; where every column is of a group, there are several, and no group has a digit in
// its name, as titles above a table have. ok is false where the first two rows are no such
// header.
func TwoRowHeader(rows [][]string) (names []string, ok bool) {
	if len(rows) < 3 {
		return nil, false
	}
	h := heading{top: rows[0], below: rows[1], rest: rows[2:]}
	width := max(len(h.top), len(h.below))
	names = make([]string, width)
	group, spans := "", false
	for i := range width {
		top, below := cellOf(h.top, i), cellOf(h.below, i)
		grouped := top != "" && below != ""
		switch {
		case top != "" && below == "":
			group, names[i] = "", top
		case grouped && cellOf(h.top, i+1) == "" && cellOf(h.below, i+1) != "":
			group, names[i] = top, top+" "+below
		case !grouped && below != "" && group != "":
			names[i], spans = group+" "+below, true
		case top == "" && below == "":
			group = ""
		default:
			return nil, false
		}
	}
	if !spans || !h.sound() {
		return nil, false
	}
	return names, true
}

// HeadingAt finds a header of two rows that begins with the row which lines of title above a
// table end before, or with the last of these lines: names of groups fill few columns, as
// titles do. at is where it begins.
func HeadingAt(rows [][]string, titles int) (names []string, at int, ok bool) {
	for at = titles; at >= max(titles-1, 0); at-- {
		if names, ok = TwoRowHeader(rows[at:]); ok {
			return names, at, true
		}
	}
	return nil, titles, false
}

// heading is two rows that may be a header, with the rows below.
type heading struct {
	top, below []string
	rest       [][]string
}

// sound reports a second row of words that is no row of data: what stands below it
// differs, and fills the columns that it leaves empty.
func (h heading) sound() bool {
	single, filled, score, groups, titled := 0, 0, 0, 0, false
	for i := range max(len(h.top), len(h.below)) {
		top, below := cellOf(h.top, i), cellOf(h.below, i)
		if top != "" {
			groups++
			titled = titled || strings.ContainsAny(top, "0123456789") || utf8.RuneCountInString(top) > longestName
		}
		switch {
		case below != "":
			if utf8.RuneCountInString(below) > longestName || strings.ContainsAny(below, "0123456789") {
				return false
			}
			score += columnVote(strings.ToLower(below), i, h.rest)
		case top != "":
			single++
			for _, row := range h.rest {
				if cellOf(row, i) != "" {
					filled++
					break
				}
			}
		}
	}
	if single == 0 {
		return score > 0 && groups > 1 && !titled
	}
	return score >= 0 && 2*filled > single
}

// longestName is how many characters a name in a second row has at most.
const longestName = 40

func cellOf(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	return strings.ToValidUTF8(strings.TrimSpace(row[i]), Lost) // names are kept, and what keeps them keeps text
}

package output

import (
	"strconv"
	"strings"

	"rummage/algo/stat"
)

// Grid is a table under construction.
type Grid struct {
	head  []string
	right map[int]bool
	rows  [][]string
}

// NewGrid starts a table. A column name that ends in ">" is set flush right, as numbers are; the
// mark is not printed.
func NewGrid(columns ...string) Grid {
	g := Grid{right: map[int]bool{}}
	for i, name := range columns {
		bare, right := strings.CutSuffix(name, ">")
		g.head = append(g.head, bare)
		g.right[i] = right
	}
	return g
}

// Add appends a row; it has as many cells as there are columns.
func (g *Grid) Add(cells ...string) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = cell(c)
	}
	g.rows = append(g.rows, row)
}

// tsv renders a header line and one line a row. Tabs and line ends inside a cell are spelt \t and
// \n, and a backslash stands for itself, so a cell never changes the number of columns.
func (g Grid) tsv() string {
	var b strings.Builder
	for _, row := range append([][]string{g.head}, g.rows...) {
		b.WriteString(strings.Join(row, "\t"))
		b.WriteByte('\n')
	}
	return b.String()
}

// Score is a computed number as rummage prints it, to 12 significant digits in every format.
type Score float64

func (s Score) String() string { return stat.Digits(float64(s)) }

// MarshalJSON writes the 12 digits as a JSON number. A value that is no number is null.
func (s Score) MarshalJSON() ([]byte, error) { return stat.JSON(float64(s)) }

// Count renders a whole number with a blank between thousands, as tables for people show it.
func Count(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + " " + digits[i:]
	}
	return sign + digits
}

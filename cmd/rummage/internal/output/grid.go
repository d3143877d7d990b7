package output

import (
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
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

// least is the narrowest that a last column is wrapped to; on a narrower terminal the terminal wraps.
const least = 24

// room is what width leaves to the last column beside the others, 0 where it need not or cannot be wrapped.
func (g Grid) room(width int) int {
	last, widest := len(g.head)-1, 0
	if last < 1 || width < 1 {
		return 0
	}
	for i, name := range g.head {
		column := text.StringWidthWithoutEscSequences(name)
		for _, row := range g.rows {
			column = max(column, text.StringWidthWithoutEscSequences(row[i]))
		}
		if i == last {
			widest = column
			continue
		}
		width -= column + 2
	}
	if width < least || widest <= width {
		return 0
	}
	return width
}

// aligned renders columns two blanks apart, measured in terminal cells, so that CJK names line up. On a terminal of that width
// (0: unknown) the last column is wrapped into the room that the others leave.
func (g Grid) aligned(width int) string {
	// Ambiguous characters are narrow in every locale, so that the same answer is the same bytes.
	text.OverrideRuneWidthEastAsianWidth(false)
	w := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header = text.FormatUpper
	w.SetStyle(style)
	var configs []table.ColumnConfig
	head := table.Row{}
	room := g.room(width)
	for i, name := range g.head {
		head = append(head, name)
		config := table.ColumnConfig{Number: i + 1}
		if g.right[i] {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		if i == len(g.head)-1 && room > 0 {
			config.WidthMax, config.WidthMaxEnforcer = room, text.WrapSoft
		}
		configs = append(configs, config)
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(head)
	for _, row := range g.rows {
		cells := table.Row{}
		for _, c := range row {
			cells = append(cells, c)
		}
		w.AppendRow(cells)
	}
	var b strings.Builder
	for line := range strings.Lines(w.Render() + "\n") {
		b.WriteString(strings.TrimRight(line, " \n"))
		b.WriteByte('\n')
	}
	return b.String()
}

// Score is a computed number as rummage prints it, to 12 significant digits in every format.
type Score float64

func (s Score) String() string { return strconv.FormatFloat(float64(s), 'g', 12, 64) }

// MarshalJSON writes the 12 digits as a JSON number. A value that is no number is null.
func (s Score) MarshalJSON() ([]byte, error) {
	text := s.String()
	if strings.ContainsAny(text, "IN") {
		return []byte("null"), nil
	}
	return []byte(text), nil
}

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

package output

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

const (
	// least is the narrowest that a column is wrapped to.
	least = 24
	// between is the blank between two columns.
	between = 2
)

// layout is how a table is laid out on lines of some width.
type layout struct {
	widths  []int // of the columns that stand side by side
	beneath bool  // the last column stands on lines of its own beneath its row
	records bool  // no table at all: a line a cell
}

// cellsWide is the number of terminal cells that a text takes.
func cellsWide(s string) int { return text.StringWidthWithoutEscSequences(s) }

// widths are what the columns need: in full, and with the words of their heads on lines of their own.
func (g Grid) widths() (full, tight []int) {
	for i, name := range g.head {
		body := 0
		for _, row := range g.rows {
			body = max(body, cellsWide(row[i]))
		}
		full, tight = append(full, max(body, cellsWide(name))), append(tight, body)
		for _, word := range strings.Fields(name) {
			tight[i] = max(tight[i], cellsWide(word))
		}
	}
	return full, tight
}

func total(widths []int) int {
	sum := between * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

// squeeze narrows one column so that all fit, if that leaves it room enough.
func squeeze(widths []int, column, width int) []int {
	room := width - total(widths) + widths[column]
	if room < least {
		return nil
	}
	narrow := append([]int{}, widths...)
	narrow[column] = min(room, widths[column])
	return narrow
}

func widest(widths []int) int {
	at := 0
	for i, w := range widths {
		if w > widths[at] {
			at = i
		}
	}
	return at
}

// fit finds the layout for lines of that width, 0 for unknown: all side by side; the last column wrapped, or else the widest; the
// last beneath its row; a line a cell.
func (g Grid) fit(width int) layout {
	full, tight := g.widths()
	last := len(full) - 1
	if width < 1 || total(full) <= width {
		return layout{widths: full}
	}
	if total(tight) <= width {
		return layout{widths: tight}
	}
	for _, column := range []int{last, widest(tight)} {
		if narrow := squeeze(tight, column, width); narrow != nil {
			return layout{widths: narrow}
		}
	}
	if rest := tight[:last]; last > 0 {
		if total(rest) <= width {
			return layout{widths: rest, beneath: true}
		}
		if narrow := squeeze(rest, widest(rest), width); narrow != nil {
			return layout{widths: narrow, beneath: true}
		}
	}
	return layout{records: true}
}

// aligned renders columns two blanks apart, measured in terminal cells, so that CJK names line up, and no line wider than width
// (0: unknown).
func (g Grid) aligned(width int) string {
	// Ambiguous characters are narrow in every locale, so that the same answer is the same bytes.
	text.OverrideRuneWidthEastAsianWidth(false)
	if full, _ := g.widths(); width > 0 && total(full) > width {
		g = g.stated()
	}
	how := g.fit(width)
	if how.records {
		return g.recorded(width)
	}
	lines, heights := g.beside(how.widths)
	if !how.beneath {
		return strings.Join(lines, "\n") + "\n"
	}
	var b strings.Builder
	at := 0
	for i, height := range heights {
		for _, line := range lines[at : at+height] {
			b.WriteString(line + "\n")
		}
		at += height
		cell := strings.ToUpper(g.head[len(g.head)-1])
		if i > 0 {
			cell = g.rows[i-1][len(g.head)-1]
		}
		if cell != "" {
			b.WriteString(indented("  ", wrapped(cell, width-between)))
		}
	}
	return b.String()
}

// stated leaves out the columns that are empty in every row; where room is short they say nothing.
func (g Grid) stated() Grid {
	slim := Grid{right: map[int]bool{}, rows: make([][]string, len(g.rows))}
	for i, name := range g.head {
		empty := true
		for _, row := range g.rows {
			empty = empty && row[i] == ""
		}
		if empty {
			continue
		}
		slim.right[len(slim.head)] = g.right[i]
		slim.head = append(slim.head, name)
		for j, row := range g.rows {
			slim.rows[j] = append(slim.rows[j], row[i])
		}
	}
	if len(slim.head) == 0 {
		return g
	}
	return slim
}

// beside renders the first columns, wrapped to these widths, and says how many lines the head and each row take.
func (g Grid) beside(widths []int) (lines []string, heights []int) {
	w := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", strings.Repeat(" ", between)
	style.Format.Header = text.FormatUpper
	w.SetStyle(style)
	var configs []table.ColumnConfig
	for i := range widths {
		config := table.ColumnConfig{Number: i + 1}
		if g.right[i] {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		configs = append(configs, config)
	}
	w.SetColumnConfigs(configs)
	for i, cells := range append([][]string{g.head}, g.rows...) {
		row, height := table.Row{}, 1
		for j, most := range widths {
			parts := wrapped(cells[j], most)
			height = max(height, len(parts))
			row = append(row, strings.Join(parts, "\n"))
		}
		heights = append(heights, height)
		if i == 0 {
			w.AppendHeader(row)
			continue
		}
		w.AppendRow(row)
	}
	lines = strings.Split(w.Render(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines, heights
}

// recorded renders a line a cell, the name of its column before it, and an empty line between rows.
func (g Grid) recorded(width int) string {
	margin := 0
	for _, name := range g.head {
		margin = max(margin, cellsWide(name)+between)
	}
	if width-margin < least {
		margin = between // names on lines of their own
	}
	var b strings.Builder
	for i, row := range g.rows {
		if i > 0 {
			b.WriteString("\n")
		}
		for j, cell := range row {
			if cell == "" {
				continue
			}
			name := strings.ToUpper(g.head[j])
			if margin == between {
				b.WriteString(indented("", wrapped(name, max(width, 1))))
				name = ""
			}
			body := indented(strings.Repeat(" ", margin), wrapped(cell, max(width-margin, 1)))
			b.WriteString(name + body[cellsWide(name):])
		}
	}
	return b.String()
}

// wrapped breaks a text into lines of at most that many terminal cells, at blanks where there are any.
func wrapped(s string, most int) []string {
	if most < 1 || cellsWide(s) <= most {
		return []string{s}
	}
	var lines []string
	line, wide := "", 0
	for _, word := range words(s) {
		need := cellsWide(word)
		if line != "" && wide+1+need <= most {
			line, wide = line+" "+word, wide+1+need
			continue
		}
		if line != "" {
			lines, line, wide = append(lines, line), "", 0
		}
		for _, r := range word {
			if w := text.RuneWidth(r); wide+w > most && line != "" {
				lines, line, wide = append(lines, line), string(r), w
			} else {
				line, wide = line+string(r), wide+w
			}
		}
	}
	return append(lines, line)
}

// words splits a text at its blanks, but not inside a number: neither between its thousands nor before the sign of a percentage.
func words(s string) []string {
	var all []string
	for _, word := range strings.Split(s, " ") {
		if last := len(all) - 1; last >= 0 && (strings.HasPrefix(word, "%") || thousands(all[last], word)) {
			all[last] += " " + word
			continue
		}
		all = append(all, word)
	}
	return all
}

// thousands says whether a word goes on with the number that another ends with.
func thousands(before, word string) bool {
	digit := func(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return digit(before, len(before)-1) && digit(word, 0) && digit(word, 1) && digit(word, 2) && !digit(word, 3)
}

// indented puts a margin before every line.
func indented(margin string, lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(margin + strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

package output

import "strings"

// Customary is the width of running text where nobody says how wide a line is.
const Customary = 80

// apart stands between two commands of a line that says what to do next.
const apart = "     "

// Fold lays running text out on lines of at most width cells, 0 for as they are. Lines that begin with no blank and follow each other are one
// paragraph and are filled anew; every other line is folded by itself, as Page.Say does. Below a line "Examples:", up to the next empty one,
// lines stay whole, since they are there to be copied.
func Fold(text string, width int) string {
	if width < 1 {
		return text
	}
	var b strings.Builder
	var paragraph []string
	fill := func() {
		if len(paragraph) > 0 {
			b.WriteString(folded(strings.Join(paragraph, " "), width))
			paragraph = nil
		}
	}
	examples := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		examples = line != "" && (examples || line == "Examples:")
		switch {
		case examples:
			fill()
			b.WriteString(line + "\n")
		case line == "" || line[0] == ' ':
			fill()
			b.WriteString(folded(line, width))
		default:
			paragraph = append(paragraph, line)
			if strings.HasSuffix(line, ":") {
				fill()
			}
		}
	}
	fill()
	return b.String()
}

// folded is one line of prose as lines of at most width cells. What follows a label, which two blanks tell from it, stands in line beneath; so
// does what follows "next:", which has a line of its own, and where no command is broken, so that it can be copied.
func folded(line string, width int) string {
	if width < 1 || cellsWide(line) <= width {
		return line + "\n"
	}
	body := strings.TrimLeft(line, " ")
	margin := len(line) - len(body)
	if before, commands, ok := strings.Cut(body, "; "+next); ok {
		return folded(line[:margin]+before, width) + folded(line[:margin]+next+commands, width)
	}
	if commands, ok := strings.CutPrefix(body, next); ok {
		return strings.Repeat(" ", margin) + next + strings.ReplaceAll(commands, apart, "\n"+strings.Repeat(" ", margin+len(next))) + "\n"
	}
	lead, hang := strings.Repeat(" ", margin), margin
	if at := strings.Index(strings.TrimRight(body, " "), "  "); at > 0 {
		text := strings.TrimLeft(body[at:], " ")
		label := body[:len(body)-len(text)]
		switch wide := margin + cellsWide(label); {
		case wide <= width/2:
			lead, hang, body = lead+label, wide, text
		case margin > 0:
			return indented(lead, wrapped(strings.TrimRight(label, " "), max(width-margin, 1))) + folded(strings.Repeat(" ", min(margin+4, width/2))+text, width)
		}
	}
	hang = min(hang, width/2)
	rest := indented(strings.Repeat(" ", hang), wrapped(body, max(width-hang, 1)))
	return lead + rest[hang:]
}

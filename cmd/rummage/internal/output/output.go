// Package output prints what a command answers: a table for a person, TSV for a pipe, JSON for a
// program. It must not know what it prints, and never sends a control character of the data to a
// terminal.
package output

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"rummage/cmd/rummage/internal/exit"
)

// Format is how an answer is printed.
type Format string

// The formats. Auto is Table on a terminal and TSV elsewhere.
const (
	Auto  Format = "auto"
	Table Format = "table"
	TSV   Format = "tsv"
	JSON  Format = "json"
)

// Answer is what a command says. Under JSON the value itself is encoded, so its exported fields and
// tags are the documented keys; otherwise Print puts it on a page.
type Answer interface {
	Print(page *Page)
}

// Page takes an answer in one format. A failed write is kept and told by Answer, so that printing
// reads as a list of lines.
type Page struct {
	out    io.Writer
	format Format
	width  int
	again  string
	err    error
}

// New returns a page that writes to out. terminal says whether a person is looking at it, which
// only matters for Auto.
func New(out io.Writer, format Format, terminal bool) *Page {
	if format == Auto {
		format = TSV
		if terminal {
			format = Table
		}
	}
	return &Page{out: out, format: format, again: program}
}

// program is how commands are written in what is said.
const program = "rummage"

// Again tells the page how the program is called for the same data once more, such as "rummage --store x.db": the commands that follow
// "next:" are told so. "" is for data that will be gone, of which nothing can be asked next; such lines are left out.
func (p *Page) Again(command string) { p.again = command }

// called is a program and its command, in a line that says what to do next.
var called = regexp.MustCompile(`\b` + program + ` ([a-z])`)

// next puts the way to call the program into what follows "next: ", or a colon where a command
// stands behind it.
func (p *Page) next(line string) string {
	before, after, ok := strings.Cut(line, next)
	stands := next
	if !ok {
		stands = ": "
		before, after, ok = strings.Cut(line, stands+program+" ")
		after = program + " " + after
	}
	if !ok || p.again == "" || p.again == program {
		return line
	}
	return before + stands + called.ReplaceAllString(after, strings.ReplaceAll(p.again, "$", "$$")+" $1")
}

// next stands before commands.
const next = "next: "

// Fit tells the page how many cells a line of the terminal has; 0 is unknown.
func (p *Page) Fit(width int) { p.width = width }

// Format returns the format in force, never Auto.
func (p *Page) Format() Format { return p.format }

// Answer prints one answer and returns the first error of writing it.
func (p *Page) Answer(a Answer) error {
	if p.format == JSON {
		return p.encode(a)
	}
	a.Print(p)
	if p.err != nil {
		return fmt.Errorf("output: %w", p.err)
	}
	return nil
}

// Say prints a line of prose for a person, folded to the width of the page. A pipe gets the tables alone.
func (p *Page) Say(format string, args ...any) {
	if p.format != Table {
		return
	}
	text := clean(fmt.Sprintf(format, args...))
	if p.again == "" && strings.HasPrefix(strings.TrimLeft(text, "\n"), next) {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		p.write(folded(p.next(line), p.width))
	}
}

// Text prints a document that is the answer itself, on a terminal and in a pipe.
func (p *Page) Text(text string) {
	for line := range strings.Lines(text) {
		p.write(clean(strings.TrimSuffix(line, "\n")) + "\n")
	}
}

// Gap prints an empty line between two tables, also in a pipe, where it tells them apart.
func (p *Page) Gap() { p.write("\n") }

// Rows prints a table: aligned columns on a terminal, a header line and tab-separated lines in a
// pipe. A person is told of an empty table by the prose around it, so nothing is printed for one.
func (p *Page) Rows(t Grid) {
	if p.format == TSV {
		p.write(t.tsv())
		return
	}
	if len(t.rows) > 0 {
		p.write(t.aligned(p.width))
	}
}

func (p *Page) write(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.out, text)
	}
}

func (p *Page) encode(v any) error {
	encoder := json.NewEncoder(p.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("output: json: %w", err)
	}
	return nil
}

// failure is how JSON tells an error.
type failure struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Hint    string `json:"hint"`
	} `json:"error"`
}

// Fail tells an error: on stdout as error{code, message, hint} under JSON, else on stderr as a
// sentence of what and where, folded to lines of that width (0: one line), and a line of what to do next.
func (p *Page) Fail(stderr io.Writer, width int, err error) {
	if p.format == JSON {
		var f failure
		f.Error.Code, f.Error.Message = exit.Of(err).String(), err.Error()
		f.Error.Hint = p.advice(err)
		if p.encode(f) == nil {
			return
		}
	}
	for line := range strings.SplitSeq(clean("rummage: "+err.Error()), "\n") {
		fmt.Fprint(stderr, folded(line, width))
	}
	if hint := p.advice(err); hint != "" {
		fmt.Fprintln(stderr, next+clean(hint))
	}
}

// advice is the hint of an error; where it is a command, it is told for the same data. A store that could not be used is no place to go on.
func (p *Page) advice(err error) string {
	hint := exit.Hint(err)
	if p.again == "" || exit.Of(err) == exit.Store || !strings.HasPrefix(hint, program+" ") {
		return hint
	}
	return strings.TrimPrefix(p.next(next+hint), next)
}

// clean makes text of unknown origin safe to show: control characters and the marks that turn the
// reading direction are spelt out, line ends kept only where the program wrote them.
func clean(text string) string {
	return escape(text, func(r rune) bool { return r == '\n' })
}

// cell is clean for a table: no line end or tab may leave its cell.
func cell(text string) string {
	return escape(text, func(rune) bool { return false })
}

func escape(text string, keep func(rune) bool) string {
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !hidden(r) || keep(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// hidden reports a rune that a terminal obeys instead of showing: C0 and C1 controls, direction
// marks, embeddings, overrides and isolates (Unicode Standard Annex 9).
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	default:
		return false
	}
}

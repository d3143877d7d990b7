package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rummage/ingest/read"
)

// edgeList reads one edge a line: SNAP's and KONECT's lists, Matrix Market's
// coordinates (Boisvert, Pozo, Remington: The Matrix Market exchange formats,
// NISTIR 5935), and what NetworkX writes.
type edgeList struct {
	window   *window
	letters  *letters
	names    names
	config   config
	directed string
	began    bool // a line that is no comment was seen
	counted  bool // the file says how many edges it has
	most     int64
	edges    int64
	// Ends of the edge that was read last, which are nodes. The edge itself
	// comes behind them.
	ends   [][2]int
	cells  [][2]int
	line   []byte
	length int
}

func newEdgeList(w *window, c config) scanner {
	return &edgeList{window: w, letters: newLetters(c.encoding), names: names{}, config: c}
}

// fields appends where the cells of a line are, between blanks and commas; what
// stands in braces at its end is one cell.
func fields(all [][2]int, line []byte) [][2]int {
	for at := 0; at < len(line); {
		if isGap(line[at]) {
			at++
			continue
		}
		from := at
		if line[at] == '{' {
			at = len(bytes.TrimRight(line, " \t\r\n"))
		}
		for at < len(line) && !isGap(line[at]) {
			at++
		}
		all = append(all, [2]int{from, at})
	}
	return all
}

func isGap(c byte) bool { return isSpace(c) || c == ',' }

func isComment(line []byte) bool { return len(line) > 0 && (line[0] == '#' || line[0] == '%') }

func (l *edgeList) next(e *element) error {
	for {
		if len(l.ends) > 0 {
			l.end(e)
			return nil
		}
		switch {
		case l.line == nil:
		case l.config.part == Nodes:
			l.window.pass(l.length)
			l.line = nil
		default:
			l.edge(e)
			return nil
		}
		text, length, err := l.window.line()
		switch {
		case errors.Is(err, io.EOF) && l.counted && l.edges < l.most && l.config.part == Edges:
			return fmt.Errorf("%w: %d edges, and its head says %d; fetch the whole file and read it again", io.ErrUnexpectedEOF, l.edges, l.most)
		case errors.Is(err, errLong):
			e.reset(Edges)
			return long(l.window, e)
		case err != nil:
			return err
		}
		line := bytes.TrimSpace(text)
		switch {
		case len(line) == 0, line[0] == 0x1A:
		case isComment(line):
			if !l.began {
				err = l.comment(line)
			}
		case l.counted && !l.began:
			err = l.size(line)
		default:
			l.began = true
			l.line, l.length = text, length
			if l.config.part == Nodes {
				l.ends = l.nodes(text)
			}
			continue
		}
		if err != nil {
			return err
		}
		l.window.pass(length)
	}
}

// comment looks for what a comment says of all edges.
func (l *edgeList) comment(line []byte) error {
	text := strings.ToLower(string(line))
	words := strings.Fields(text)
	switch {
	case words[0] == "%%matrixmarket":
		return l.banner(words[1:])
	case words[0] == "%" && len(words) > 1 && words[1] == "sym", strings.Contains(text, "undirected"):
		l.directed = "false"
	case words[0] == "%" && len(words) > 1 && words[1] == "asym", strings.Contains(text, "directed"):
		l.directed = "true"
	case words[0] == "%" && len(words) > 1 && words[1] == "bip":
		return fmt.Errorf("%w: a list between two sets of nodes that are numbered each by itself; convert it to CSV with ids that differ", read.ErrFormat)
	}
	return nil
}

// banner reads the first line of a Matrix Market file.
func (l *edgeList) banner(words []string) error {
	known := len(words) == 4 && words[0] == "matrix" && words[1] == "coordinate" &&
		(words[2] == "real" || words[2] == "integer" || words[2] == "pattern")
	switch {
	case known && words[3] == "general":
		l.directed = "true"
	case known && words[3] == "symmetric":
		l.directed = "false"
	default:
		return fmt.Errorf("%w: a matrix that is %q; coordinates with real or integer values, general or symmetric, can be read", read.ErrFormat, cut([]byte(strings.Join(words, " "))))
	}
	l.counted = true
	return nil
}

// size reads the measures of a matrix.
func (l *edgeList) size(line []byte) error {
	l.began = true
	words := strings.Fields(string(line))
	if len(words) != 3 {
		return fmt.Errorf("%w: %q where rows, columns and entries are counted", read.ErrFormat, cut(line))
	}
	if words[0] != words[1] {
		return fmt.Errorf("%w: a matrix of %s rows and %s columns, which are numbered each by itself; convert it to CSV with ids that differ",
			read.ErrFormat, cut([]byte(words[0])), cut([]byte(words[1])))
	}
	var err error
	if l.most, err = strconv.ParseInt(words[2], 10, 64); err != nil {
		return fmt.Errorf("%w: %q where entries are counted", read.ErrFormat, cut([]byte(words[2])))
	}
	return nil
}

// nodes returns where a line names nodes. A line that is no edge names none.
func (l *edgeList) nodes(text []byte) [][2]int {
	l.cells = fields(l.cells[:0], text)
	if len(l.cells) < 2 || len(l.cells) > 4 {
		return nil
	}
	return l.cells[:2]
}

// end gives an end of an edge as a node.
func (l *edgeList) end(e *element) {
	from, to := l.ends[0][0], l.ends[0][1]
	l.ends = l.ends[1:]
	e.reset(Nodes)
	e.implied = true
	e.add(id, l.letters.text(e, id, l.line[from:to]))
	e.stand(l.window, from, to)
}

// edge reads the line of an edge.
func (l *edgeList) edge(e *element) {
	e.reset(Edges)
	l.edges++
	all := fields(l.cells[:0], l.line)
	l.cells = all[:0]
	for i, column := range [...]string{source, target, weight, "time"} {
		if i >= len(all) {
			break
		}
		text := l.line[all[i][0]:all[i][1]]
		if i == 2 && text[0] == '{' {
			l.attributes(e, text)
			continue
		}
		e.add(column, l.letters.text(e, column, text))
	}
	e.addText(directed, l.directed)
	switch {
	case len(all) < 2:
		e.blame(read.TooFewCells, target, "%d cells where two ends are expected", len(all))
	case len(all) > 4:
		e.blame(read.TooManyCells, "", "%d cells where at most source, target, weight and time are expected", len(all))
	case l.counted && l.edges > l.most:
		e.malformed("an edge beyond the %d that the file's head counts", l.most)
	}
	if len(all) == 0 {
		all = append(all, [2]int{0, len(l.line)})
	}
	e.stand(l.window, all[0][0], all[len(all)-1][1])
	l.window.pass(l.length)
	l.line = nil
}

// attributes reads a dictionary as Python writes it.
func (l *edgeList) attributes(e *element, text []byte) {
	text = l.letters.text(e, "", text)
	at := 1
	for {
		for at < len(text) && (isSpace(text[at]) || text[at] == ',') {
			at++
		}
		if at < len(text) && text[at] == '}' {
			return
		}
		key, next, ok := literal(text, at, ':')
		var value []byte
		if ok {
			for next++; next < len(text) && isSpace(text[next]); {
				next++
			}
			nothing := next < len(text) && (text[next] == ',' || text[next] == '}')
			value, next, ok = literal(text, next, ',')
			ok = ok && !nothing
		}
		if !ok {
			e.malformed("%q is no dictionary of attributes", cut(text))
			return
		}
		at = next
		column := l.names.attribute(key, columnsOf(Edges)...)
		for _, one := range pythonList(value) {
			e.add(column, one)
		}
	}
}

// literal reads a value of Python up to a mark or the end of what holds it, and
// returns it without quotes, and the index of the mark.
func literal(text []byte, at int, mark byte) (value []byte, next int, ok bool) {
	depth, from := 0, at
	for at < len(text) {
		c := text[at]
		switch {
		case c == '\'' || c == '"':
			i := closing(text, at)
			if i < 0 {
				return nil, 0, false
			}
			at = i
		case depth == 0 && (c == mark || c == '}'):
			return unquote(bytes.TrimSpace(text[from:at])), at, c == mark || mark == ','
		case c == '[' || c == '(' || c == '{':
			depth++
		case c == ']' || c == ')' || c == '}':
			depth--
		}
		at++
	}
	return nil, 0, false
}

// closing returns the index of the quote that closes the one at an index.
func closing(text []byte, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[at]:
			return i
		}
	}
	return -1
}

// unquote returns a literal's value: strings without quotes, None as nothing.
func unquote(text []byte) []byte {
	n := len(text)
	switch {
	case string(text) == "None":
		return []byte{}
	case n < 2 || text[0] != '\'' && text[0] != '"' || text[n-1] != text[0]:
		return text
	}
	text = text[1 : n-1]
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	plain := make([]byte, 0, n)
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
			switch text[i] {
			case 'n':
				plain = append(plain, '\n')
				continue
			case 't':
				plain = append(plain, '\t')
				continue
			case '\\', '\'', '"':
			default:
				plain = append(plain, '\\')
			}
		}
		plain = append(plain, text[i])
	}
	return plain
}

// pythonList returns the items of a list or tuple, or the one value.
func pythonList(value []byte) [][]byte {
	n := len(value)
	brackets := ""
	if n >= 2 {
		brackets = string(value[:1]) + string(value[n-1:])
	}
	if brackets != "[]" && brackets != "()" {
		return [][]byte{value}
	}
	var all [][]byte
	inner := append(bytes.Clone(value[1:n-1]), '}')
	for at := 0; ; at++ {
		item, next, ok := literal(inner, at, ',')
		if !ok {
			return [][]byte{value}
		}
		if len(item) > 0 || next+1 < len(inner) {
			all = append(all, item)
		}
		if at = next; at+1 >= len(inner) {
			return all
		}
	}
}

// knowsEdgeList tells lists that delimited text would not read right.
func knowsEdgeList(text []byte, whole bool) bool {
	if bytes.HasPrefix(bytes.ToLower(text[:min(len(text), 14)]), []byte("%%matrixmarket")) {
		return true
	}
	const enough = 500
	var comments [][]byte
	lines, bad := sampled{}, 0
	for line := range bytes.Lines(text) {
		if !whole && line[len(line)-1] != '\n' || lines.count == enough {
			break
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if isComment(line) {
			if lines.count+bad == 0 {
				comments = append(comments, line)
			}
			continue
		}
		if !lines.add(line) {
			bad++
		}
	}
	// Where comments say that these are edges, bad lines are bad edges.
	spoken := speaksOfEdges(comments)
	switch {
	case lines.count == 0 || bad > lines.count || !spoken && 10*bad > lines.count || bad > 0 && len(comments) == 0 && lines.braces == 0:
		return false
	case lines.braces == lines.count:
		return !lines.comma
	case lines.braces > 0:
		return false
	case len(comments) == 0:
		return lines.count > 1 && lines.numbers == lines.count && !lines.comma && !lines.tab && lines.most < 4
	case lines.comma:
		// A header may stand behind the mark of a comment.
		return lines.numbers == lines.count && !sameCells(comments, lines.most)
	}
	return lines.numbers == lines.count || spoken
}

// sampled is what the first lines of a list have in common.
type sampled struct {
	count, braces, numbers, most int
	comma, tab                   bool
}

// add looks at a line and tells whether it may be an edge.
func (l *sampled) add(line []byte) bool {
	all := fields(nil, line)
	if len(all) < 2 || len(all) > 4 || bytes.ContainsAny(line[:all[1][1]], ";|\"<>{[") {
		return false
	}
	word := func(i int) []byte { return line[all[i][0]:all[i][1]] }
	braces := len(all) == 3 && word(2)[0] == '{' && line[len(line)-1] == '}'
	for i := 2; i < len(all) && !braces; i++ {
		if !isNumber(word(i)) {
			return false
		}
	}
	l.count++
	l.most = max(l.most, len(all))
	l.comma = l.comma || bytes.IndexByte(line[:all[1][1]], ',') >= 0
	l.tab = l.tab || bytes.IndexByte(line, '\t') >= 0
	if braces {
		l.braces++
	}
	if isWhole(word(0)) && isWhole(word(1)) {
		l.numbers++
	}
	return true
}

// isWhole tells whether a text is digits.
func isWhole(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// sameCells tells whether the last comment has as many cells as the lines.
func sameCells(comments [][]byte, cells int) bool {
	return bytes.Count(comments[len(comments)-1], []byte(","))+1 == cells
}

// speaksOfEdges tells whether comments are those above a graph.
func speaksOfEdges(comments [][]byte) bool {
	text := strings.ToLower(string(bytes.Join(comments, []byte(" "))))
	for _, word := range [...]string{"edge", "node", "vertex", "vertices", "graph", "sym "} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

package tree

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rummage/ingest/read"
)

// Knows tells by the first bytes of a file, unpacked, whether it is one of the
// formats here. Pages of HTML are not.
func Knows(head []byte) bool {
	text := unicode(head)
	return knowsJSON(text) || knowsXML(text)
}

// unicode is the head in UTF-8, if it is in some Unicode form, without mark and
// blanks in front.
func unicode(head []byte) []byte {
	if e := wide(head); e != "" {
		head = read.NewDecoder(e).Decode(nil, head[:len(head)&^1])
	}
	text := bytes.TrimPrefix(head, []byte(bom))
	return text[blanks(text, 0):]
}

// wide recognises UTF-16 by its mark, or by the zero beside the first byte.
func wide(head []byte) read.Encoding {
	if len(head) < 4 {
		return ""
	}
	switch {
	case head[0] == 0xFF && head[1] == 0xFE && (head[2] != 0 || head[3] != 0):
		return read.UTF16LE
	case head[0] == 0xFE && head[1] == 0xFF:
		return read.UTF16BE
	case head[0] != 0 && head[1] == 0 && head[2] != 0:
		return read.UTF16LE
	case head[0] == 0 && head[1] != 0 && head[2] == 0:
		return read.UTF16BE
	}
	return ""
}

// knowsJSON says whether text begins as an object, or as a list of lists, objects
// or texts does. A list of anything else might be a line of another format.
func knowsJSON(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	rest := text[1:]
	rest = rest[blanks(rest, 0):]
	switch {
	case len(rest) == 0:
		return false
	case text[0] == '{':
		return rest[0] == '"' || rest[0] == '}'
	}
	return text[0] == '[' && strings.IndexByte(`{["]`, rest[0]) >= 0
}

var (
	startTag   = regexp.MustCompile(`(?s)^<([\pL_][-\pL\pN_.:]*)(?:\s+[\pL_][-\pL\pN_.:]*\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>`)
	declared   = regexp.MustCompile(`^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)
	page       = regexp.MustCompile(`(?i)^<(?:!DOCTYPE\s+)?html[\s>]`)
	beforeRoot = regexp.MustCompile(`(?s)^(?:\s+|<\?.*?\?>|<!--.*?-->)*`)
)

// knowsXML says whether text begins with the declaration of XML, or with a
// DOCTYPE or a whole tag behind comments.
func knowsXML(text []byte) bool {
	rest := text[len(beforeRoot.Find(text)):]
	if bytes.HasPrefix(text, []byte("<?xml")) || bytes.HasPrefix(rest, []byte("<!DOCTYPE")) && refuse(rest) == nil {
		return true
	}
	tag := startTag.FindSubmatch(rest)
	return tag != nil && !bytes.EqualFold(tag[1], []byte("html"))
}

// Detect says how a file is written down: its format, its encoding, which
// element is a row and what columns that has. It goes over the whole file, since
// a row of its end may have a column that no other has. Hints.Record names
// another element than the one it would take.
//
// ErrEmpty: there is no value in it. ErrFormat: a DOCTYPE, more than
// read.MaxColumns columns, or a page of HTML. ErrEncoding: not the encoding that
// it says, or none that is known. ErrDialect: the record that was named is not
// there; the error lists what is.
func Detect(ctx context.Context, content read.Input, h read.Hints) (read.Dialect, error) {
	t, err := look(ctx, content, h)
	if err != nil {
		return t.dialect, err
	}
	return t.run()
}

// Tables is Detect for a file that may hold records of several kinds. Behind the
// dialect that Detect finds comes one for each other element that a path of wanted
// names, as Hints.Record does. At says of each path which of the dialects has that
// record, -1 if the file has none of it. It costs what Detect costs, and another
// pass for each path where a unit is at fault.
func Tables(ctx context.Context, content read.Input, h read.Hints, wanted []string) (tables []read.Dialect, at []int, err error) {
	t, err := look(ctx, content, h)
	if err != nil {
		return nil, nil, err
	}
	first, err := t.run()
	if err != nil {
		return nil, nil, err
	}
	tables = append(tables, first)
	for _, path := range wanted {
		t.hints.Record = path
		d, err := t.run()
		switch {
		case err == nil:
		case errors.Is(err, read.ErrDialect), errors.Is(err, read.ErrFormat), errors.Is(err, read.ErrEmpty):
			at = append(at, -1)
			continue
		default:
			return nil, nil, err
		}
		i := slices.Index(tables, d)
		if i < 0 {
			i = len(tables)
			tables = append(tables, d)
		}
		at = append(at, i)
	}
	return tables, at, nil
}

// look finds the format and the encoding, by the beginning of a file.
func look(ctx context.Context, content read.Input, h read.Hints) (*detection, error) {
	t := &detection{ctx: ctx, content: content, hints: h}
	var err error
	t.dialect, err = begins(content, h)
	return t, err
}

func begins(content read.Input, h read.Hints) (read.Dialect, error) {
	d := read.Dialect{Header: true}
	head, err := read.Head(content)
	if err != nil {
		return d, err
	}
	var packed [8]byte
	n, _ := content.ReadAt(packed[:], 0)
	d.Compression = read.Compression(packed[:n])
	text := unicode(head)
	switch {
	case len(text) == 0:
		return d, read.ErrEmpty
	case knowsJSON(text) || text[0] != '<':
		d.Format, d.Encoding, err = JSON, read.UTF8, checkJSON(head, h)
		if isLines(text) {
			d.Format = Lines
		}
	default:
		d.Format = XML
		d.Encoding, err = encoding(head, text, h)
		if err == nil {
			err = refuse(text)
		}
	}
	return d, err
}

// refuse refuses pages of HTML.
func refuse(text []byte) error {
	rest := text[len(beforeRoot.Find(text)):]
	if page.Match(rest) {
		return fmt.Errorf("%w: this is an HTML document, perhaps an error page; fetch the file again", read.ErrFormat)
	}
	return nil
}

// checkJSON refuses JSON that is not UTF-8, as it has to be.
func checkJSON(head []byte, h read.Hints) error {
	named := h.Encoding
	if named != "" {
		e, err := read.ParseEncoding(string(named))
		if err != nil {
			return err
		}
		if e == read.UTF8 {
			named = ""
		}
	}
	if named == "" && wide(head) == "" && !mostlyBad(head) {
		return nil
	}
	return fmt.Errorf("%w: JSON is UTF-8 by its standard; convert the file to UTF-8", read.ErrEncoding)
}

// mostlyBad says whether most lines are not UTF-8.
func mostlyBad(head []byte) bool {
	lines, bad := 0, 0
	for line := range bytes.Lines(head) {
		lines++
		if line[len(line)-1] == '\n' && !utf8.Valid(line) {
			bad++
		}
	}
	return bad >= 8 && 2*bad > lines
}

// isLines tells JSON lines from other JSON: there are at least two lines, and at
// least half of them are a whole value that begins as the first one does.
func isLines(text []byte) bool {
	total, whole := 0, 0
	w := &window{}
	scan := newJSONScanner(w, true)
	for line := range bytes.Lines(text) {
		line = trim(line)
		if len(line) == 0 {
			continue
		}
		total++
		if line[0] != text[0] {
			continue
		}
		w.set(line, 1)
		scan.restart()
		var err error
		depth, values := 0, 0
		for err == nil {
			var e event
			e, err = scan.next()
			switch {
			case e == opens && err == nil:
				depth++
			case e == closes && err == nil:
				if depth--; depth == 0 {
					values++
				}
			}
		}
		if errors.Is(err, io.EOF) && values == 1 {
			whole++
		}
	}
	return total > 1 && whole > 0 && 2*whole >= total
}

// encoding finds the encoding of XML. A byte order mark, or UTF-16 where it shows,
// counts more than what the document says, and so does UTF-8 if there is enough of
// it to be no accident: text that was converted often keeps the old declaration.
func encoding(head, text []byte, h read.Hints) (read.Encoding, error) {
	marked := wide(head)
	if bytes.HasPrefix(head, []byte(bom)) {
		marked = read.UTF8
	}
	if h.Encoding != "" {
		named, err := read.ParseEncoding(string(h.Encoding))
		if err == nil && marked != "" && named != marked {
			err = fmt.Errorf("%w: %s was named, but the file is %s; name that, or none", read.ErrEncoding, named, marked)
		}
		return named, err
	}
	if marked != "" {
		return marked, nil
	}
	said := declared.FindSubmatch(text)
	e := read.UTF8
	if said != nil && !strings.HasPrefix(strings.ToLower(string(said[1])), "utf") && !strings.HasPrefix(strings.ToLower(string(said[1])), "iso-10646") {
		var err error
		if e, err = read.ParseEncoding(string(said[1])); err != nil {
			return "", err
		}
		if e != read.UTF8 && plainlyUTF8(head) {
			e = read.UTF8
		}
	}
	if e == read.UTF8 && mostlyBad(head) {
		return "", fmt.Errorf("%w: most lines are not UTF-8, which the document says it is; name the right encoding", read.ErrEncoding)
	}
	return e, nil
}

// plainlyUTF8 says whether text is valid UTF-8 and has so many characters beyond
// ASCII that text in another encoding would not be by chance.
func plainlyUTF8(head []byte) bool {
	for i := 0; i < utf8.UTFMax && len(head) > 0 && !utf8.Valid(head); i++ {
		head = head[:len(head)-1] // it may end within a character
	}
	return utf8.Valid(head) && len(head)-utf8.RuneCount(head) >= 16
}

// detection is a dialect on its way.
type detection struct {
	ctx     context.Context
	content read.Input
	dialect read.Dialect
	hints   read.Hints
	whole   *survey // of all the file
}

// run finds the record and its columns.
func (t *detection) run() (read.Dialect, error) {
	d := t.dialect
	var err error
	if t.whole == nil {
		if t.whole, err = t.survey(nil); err != nil {
			return d, err
		}
	}
	s := t.whole
	if unit := t.unit(s); unit != nil {
		// A record at fault can only be passed once it is known what a record is.
		if s, err = t.survey(unit.path()); err != nil {
			return d, err
		}
	}
	record, err := t.record(s)
	if err != nil {
		return d, err
	}
	if record == nil || record.leaves() == 0 {
		if s.fault != nil {
			return d, fmt.Errorf("%w: it cannot be read: %w", read.ErrFormat, s.fault)
		}
		return d, fmt.Errorf("%w: there is no value in its records", read.ErrEmpty)
	}
	unit := unitOf(record)
	columns := s.columns(record, unit)
	if len(columns) > read.MaxColumns {
		return d, fmt.Errorf("%w: a row would have %d columns, more than a spreadsheet; name another element as the record", read.ErrFormat, len(columns))
	}
	d.Record = route{record.path(), unit.depth}.text(d.Format)
	d.Names = strings.Join(columns, read.Between)
	d.Columns = len(columns)
	return d, nil
}

// survey goes over the file, passing units at fault if there is one.
func (t *detection) survey(unit []string) (*survey, error) {
	stream, err := read.Unpack(section(t.content), t.dialect.Compression)
	if err != nil {
		return nil, fmt.Errorf("tree: look at the file: %w", err)
	}
	defer stream.Close()
	w := newWindow(t.ctx, stream, t.dialect.Encoding)
	var s *survey
	switch t.dialect.Format {
	case Lines:
		s = newSurvey(nil)
		s.lines(w)
	case XML:
		s = begun(newXMLScanner(w), unit)
		s.run()
	default:
		s = begun(newJSONScanner(w, false), unit)
		s.run()
	}
	switch {
	case t.ctx.Err() != nil:
		return nil, t.ctx.Err()
	case s.err != nil:
		return nil, s.err
	case errors.Is(s.fault, read.ErrFormat):
		return nil, s.fault
	}
	return s, nil
}

// unit is what can be passed where it is at fault, if the survey ended there.
func (t *detection) unit(s *survey) *twig {
	if !errors.As(s.fault, new(*flaw)) && !errors.Is(s.fault, errLong) {
		return nil
	}
	if record, err := t.record(s); err == nil && record != nil && unitOf(record).repeated {
		return unitOf(record)
	}
	return s.likely()
}

// record is the element that makes a row.
func (t *detection) record(s *survey) (*twig, error) {
	if t.hints.Record == "" {
		return s.guess(), nil
	}
	return s.find(t.hints.Record, t.dialect.Format)
}

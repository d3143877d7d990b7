package transfer

import (
	"encoding/binary"
	"errors"
	"fmt"

	"rummage/graph"
)

// what a record is.
type what byte

const (
	aFact what = iota + 1
	aStatement
	aLink
	anOutcome
)

// encoder writes records as bytes: numbers as varints, texts behind their
// lengths. Origins are no part of it.
type encoder struct{ b []byte }

func (e *encoder) num(v int64) { e.b = binary.AppendVarint(e.b, v) }

func (e *encoder) text(s string) {
	e.b = binary.AppendUvarint(e.b, uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) fields(all []graph.Field) {
	e.num(int64(len(all)))
	for i := range all {
		e.text(all[i].Name)
		e.text(all[i].Value)
		e.text(all[i].Mark)
	}
}

// fact leaves the day to the caller, since each origin has its own.
func (e *encoder) fact(f *graph.Fact, day graph.Date) {
	e.b = append(e.b, byte(aFact))
	e.text(string(f.Entity))
	e.text(f.Property)
	e.text(f.Value)
	e.text(f.Mark)
	e.num(int64(day))
}

func (e *encoder) statement(s *graph.Statement) {
	e.b = append(e.b, byte(aStatement))
	e.text(string(s.Consignment))
	e.num(int64(s.View))
	e.text(s.Document)
	e.text(s.Part)
	e.num(s.Version)
	e.num(int64(s.Amended))
	e.num(int64(s.Date))
	e.fields(s.Fields)
	e.num(int64(len(s.Ties)))
	for _, tie := range s.Ties {
		e.num(int64(tie.Role))
		e.text(string(tie.Entity))
	}
}

func (e *encoder) link(l *graph.Link) {
	e.b = append(e.b, byte(aLink))
	e.num(int64(l.Role))
	e.text(string(l.From))
	e.text(string(l.To))
	e.num(int64(l.Start))
	e.num(int64(l.End))
	e.text(l.Key)
	e.fields(l.Fields)
}

func (e *encoder) outcome(o *graph.Outcome) {
	e.b = append(e.b, byte(anOutcome))
	e.text(string(o.Subject))
	e.num(int64(o.Result))
	e.num(int64(o.Channel))
	e.num(int64(o.Date))
	e.fields(o.Fields)
}

func (e *encoder) origins(all []graph.Origin) {
	e.num(int64(len(all)))
	for _, o := range all {
		e.text(string(o.Source))
		e.num(o.Row)
	}
}

var errRecord = errors.New("a temporary file is not what was written")

// texts keeps each text once: names, ids and values that came lately. A row's
// texts must not be parts of one string, since a store may keep one for long.
type texts map[string]string

const (
	maxTexts    = 1 << 15
	longestText = 64
)

func (t texts) of(b []byte) string {
	if text, ok := t[string(b)]; ok {
		return text
	}
	text := string(b)
	if len(text) <= longestText {
		if len(t) >= maxTexts {
			clear(t)
		}
		t[text] = text
	}
	return text
}

// decoder reads what an encoder wrote. After an error everything is zero.
type decoder struct {
	b     []byte
	texts texts
	err   error
}

func newDecoder() *decoder { return &decoder{texts: texts{}} }

func (d *decoder) skip(n int) {
	if n <= 0 || n > len(d.b) {
		d.b, d.err = nil, errRecord
		return
	}
	d.b = d.b[n:]
}

func (d *decoder) num() int64 {
	v, n := binary.Varint(d.b)
	d.skip(n)
	return v
}

func (d *decoder) text() string {
	v, n := binary.Uvarint(d.b)
	d.skip(n)
	if v > uint64(len(d.b)) {
		d.skip(-1)
		return ""
	}
	if v == 0 {
		return ""
	}
	text := d.texts.of(d.b[:v])
	d.skip(int(v))
	return text
}

// count reads the length of a list of things of at least size bytes.
func (d *decoder) count(size int64) int {
	n := d.num()
	if n < 0 || n > int64(len(d.b))/size {
		d.skip(-1)
		return 0
	}
	return int(n)
}

func (d *decoder) fields() []graph.Field {
	n := d.count(3)
	if n == 0 {
		return nil
	}
	all := make([]graph.Field, n)
	for i := range all {
		all[i] = graph.Field{Name: d.text(), Value: d.text(), Mark: d.text()}
	}
	return all
}

func (d *decoder) statement() graph.Statement {
	s := graph.Statement{
		Consignment: graph.ID(d.text()), View: graph.View(d.num()), Document: d.text(), Part: d.text(), Version: d.num(),
		Amended: graph.Date(d.num()), Date: graph.Date(d.num()), Fields: d.fields(),
	}
	if n := d.count(2); n > 0 {
		s.Ties = make([]graph.Tie, n)
		for i := range s.Ties {
			s.Ties[i] = graph.Tie{Role: graph.Role(d.num()), Entity: graph.ID(d.text())}
		}
	}
	return s
}

// addTo reads one record into a row.
func (d *decoder) addTo(row *graph.Row, record []byte) error {
	d.b, d.err = record, nil
	kind := what(0)
	if len(d.b) > 0 {
		kind = what(d.b[0])
	}
	d.skip(1)
	switch kind {
	case aFact:
		row.Facts = append(row.Facts, graph.Fact{Entity: graph.ID(d.text()), Property: d.text(), Value: d.text(), Mark: d.text(), Date: graph.Date(d.num())})
	case aStatement:
		row.Statements = append(row.Statements, d.statement())
	case aLink:
		row.Links = append(row.Links, graph.Link{Role: graph.Role(d.num()), From: graph.ID(d.text()), To: graph.ID(d.text()),
			Start: graph.Date(d.num()), End: graph.Date(d.num()), Key: d.text(), Fields: d.fields()})
	case anOutcome:
		row.Outcomes = append(row.Outcomes, graph.Outcome{Subject: graph.ID(d.text()), Result: graph.Result(d.num()),
			Channel: graph.Channel(d.num()), Date: graph.Date(d.num()), Fields: d.fields()})
	default:
		return fmt.Errorf("a record of kind %d: %w", kind, errRecord)
	}
	if d.err == nil && len(d.b) > 0 {
		return errRecord
	}
	return d.err
}

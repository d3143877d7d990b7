package tree

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"rummage/ingest/read"
)

// reader reads the rows of a tree.
type reader struct {
	ctx     context.Context
	dialect read.Dialect
	plan    *plan
	window  *window // of the file
	line    *window // of JSON lines: of one
	scan    scanner
	json    *jsonScanner // of JSON lines: the same
	closer  io.Closer
	header  *read.Row
	stack   []*node // what is open, nil for what is not known
	again   bool    // the unit that ended is followed by another, which began at next
	next    int64
	strange string // the name of the outermost element that is not known
	unit    harvest
	given   int // records of it that were returned
	row     row
	number  int64
	whole   int64 // where the last row ended
	stats   read.Stats
	err     error
	gather  bool // take what is late, and no rows
	framed  int  // bytes of what stands around the units
}

// newReader reads a stream in a dialect.
func newReader(ctx context.Context, source io.Reader, d read.Dialect) (*reader, error) {
	p, err := newPlan(d)
	if err != nil {
		return nil, err
	}
	d.Encoding = cmp.Or(d.Encoding, read.UTF8)
	d.Compression = cmp.Or(d.Compression, read.Plain)
	if d.Encoding, err = read.ParseEncoding(string(d.Encoding)); err != nil {
		return nil, err
	}
	if d.Format != XML && d.Encoding != read.UTF8 {
		return nil, fmt.Errorf("%w: JSON in %s", read.ErrDialect, d.Encoding)
	}
	stream, err := read.Unpack(source, d.Compression)
	if errors.Is(err, read.ErrDialect) {
		return nil, err
	}
	if err != nil {
		return nil, &read.StreamError{Err: err}
	}
	r := &reader{
		ctx: ctx, dialect: d, plan: p, closer: stream, stack: []*node{p.root},
		window: newWindow(ctx, stream, d.Encoding),
		row:    newRow(p),
	}
	r.unit.last = make([]int64, len(p.columns))
	switch d.Format {
	case XML:
		r.scan = newXMLScanner(r.window)
	case Lines:
		r.line = new(window)
		r.json = newJSONScanner(r.line, true)
		r.scan = r.json
	default:
		r.scan = newJSONScanner(r.window, false)
	}
	header := &read.Row{}
	for _, name := range p.columns {
		header.Cells = append(header.Cells, []byte(name))
	}
	r.header = header.Clone()
	return r, nil
}

func (r *reader) Header() *read.Row { return r.header }

func (r *reader) Stats() read.Stats {
	s := r.stats
	s.Bytes = r.window.passed()
	return s
}

func (r *reader) Close() error {
	if errors.Is(r.err, read.ErrClosed) {
		return nil
	}
	r.err = read.ErrClosed
	// An unpacker that is closed repeats what Next has said already.
	_ = r.closer.Close()
	return nil
}

func (r *reader) Next() (*read.Row, error) {
	for r.err == nil {
		if err := r.ctx.Err(); err != nil {
			return nil, r.stop(err)
		}
		if r.unit.bad == nil && r.given < len(r.unit.records) {
			return r.emit(), nil
		}
		r.given = 0
		collect := r.collect
		if r.line != nil {
			collect = r.collectLine
		}
		if err := collect(); err != nil {
			return nil, r.stop(err)
		}
		if r.unit.bad != nil {
			return nil, r.bad()
		}
		r.unit.sort()
		r.row.begin()
	}
	return nil, r.err
}

// stop ends the reading for good.
func (r *reader) stop(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		err = io.EOF
	case r.ctx.Err() != nil:
		err = fmt.Errorf("tree: stopped after row %d: %w", r.number, r.ctx.Err())
	default:
		err = &read.StreamError{Row: r.number, Offset: r.whole, Err: err}
	}
	r.err = err
	return err
}

// emit returns the next record of the unit.
func (r *reader) emit() *read.Row {
	record := r.unit.records[r.given]
	r.given++
	r.row.show(&r.unit, record.instance)
	from, to := r.window.begins(record.at), r.window.ends(record.to)
	r.number++
	r.stats.Rows++
	r.whole = to
	r.row.Position = read.Position{Offset: from, Length: to - from}
	r.row.Number = r.number
	r.row.Raw = r.window.raw(from, to)
	return &r.row.Row
}

// bad returns the unit as a row error.
func (r *reader) bad() error {
	u := &r.unit
	raw, from := u.raw, u.from
	if raw == nil {
		from = r.window.begins(u.at)
		raw = bytes.Clone(r.window.raw(from, from+read.MaxRaw))
	}
	to := r.window.ends(u.to)
	raw = raw[:min(int64(len(raw)), to-from)]
	r.number++
	r.stats.Bad++
	r.whole = to
	fault := &read.RowError{
		Position: read.Position{Offset: from, Length: to - from},
		Row:      r.number, Reason: u.bad.reason, Detail: u.bad.detail, Raw: raw,
	}
	if u.column >= 0 {
		fault.Column, fault.Name = u.column+1, r.plan.columns[u.column]
	}
	return fault
}

// collect reads up to the end of the next unit that holds a record or is at fault.
func (r *reader) collect() error {
	u := &r.unit
	u.reset()
	if r.again {
		r.again = false
		r.enter(r.top(), r.next)
	}
	for {
		e, err := r.scan.next()
		if err == nil {
			if done := r.take(e); done {
				return nil
			}
			if !u.open {
				_ = r.scan.flaw() // what it is about holds read.Lost
			}
			if r.framed > MaxUnit {
				return malformed("more than %d bytes around the records", MaxUnit)
			}
			continue
		}
		if errors.Is(err, io.EOF) {
			return err
		}
		if err = r.broken(err); err != nil {
			return err
		}
	}
}

func (r *reader) top() *node { return r.stack[len(r.stack)-1] }

// take takes an event in. It says whether a unit ended that is worth returning.
func (r *reader) take(e event) bool {
	tok := r.scan.token()
	switch e {
	case value:
		r.value(r.top(), tok.value)
	case leaf:
		n := r.child(tok.name)
		if n == nil || n.role == aside {
			r.occurs(n)
			r.value(n, tok.value)
			r.occurred(n)
			return false
		}
		r.enter(n, tok.at)
		r.value(n, tok.value)
		return r.leave(n, tok.to)
	case opens:
		n := r.child(tok.name)
		r.stack = append(r.stack, n)
		if n == nil || n.role == aside {
			r.occurs(n)
			return false
		}
		r.enter(n, tok.at)
	case again:
		n := r.top()
		if n == nil || n.role == aside {
			r.occurred(n)
			r.occurs(n)
			return false
		}
		if r.leave(n, tok.to) {
			r.again, r.next = true, tok.at
			return true
		}
		r.enter(n, tok.at)
	case closes:
		n := r.top()
		r.stack = r.stack[:len(r.stack)-1]
		if n == nil || n.role == aside {
			r.occurred(n)
			return false
		}
		return r.leave(n, tok.to)
	}
	return false
}

// occurs begins an occurrence of a group. From the second of a record on, what one
// lacks gets an empty value in its place.
func (r *reader) occurs(n *node) {
	u := &r.unit
	if n == nil || n.below == nil || !u.open || r.gather {
		return
	}
	here := u.place()
	if n.in == here && !n.repeated {
		u.hold(n.below, n.began)
	}
	n.in, n.repeated, n.began = here, n.in == here, u.count
}

// occurred ends it.
func (r *reader) occurred(n *node) {
	if u := &r.unit; n != nil && n.below != nil && n.repeated && u.open && !r.gather && n.in == u.place() {
		u.hold(n.below, n.began)
	}
}

// child is the node below the one that is open.
func (r *reader) child(name []byte) *node {
	top := r.top()
	n := top.child(name)
	if n == nil && top != nil {
		r.strange = excerpt(name)
	}
	return n
}

// enter begins an element on the way to the record.
func (r *reader) enter(n *node, at int64) {
	switch n.role {
	case around:
		r.row.forget(n.level)
		return
	case unit, both:
		r.unit.reset()
		r.unit.open, r.unit.at = true, at
		if r.line == nil {
			r.scan.mark()
		}
	}
	r.unit.begin(n.level, n.role == record || n.role == both, at)
}

// leave ends it. It says whether it was a unit that is worth returning.
func (r *reader) leave(n *node, to int64) bool {
	u := &r.unit
	if n.role == around {
		return false
	}
	u.end(n.role == record || n.role == both, to)
	if n.role == record || n.role == within {
		return false
	}
	u.open, u.to = false, to
	r.close()
	return u.bad != nil || len(u.records) > 0 && !r.gather
}

// close looks at a unit that is complete.
func (r *reader) close() {
	u := &r.unit
	if r.line == nil {
		r.scan.release()
	}
	u.note(r.scan.flaw())
	if u.raw != nil {
		return
	}
	if u.to-u.at > MaxUnit {
		u.note(tooLong())
		return
	}
	u.check(r.window.slice(u.at, u.to), r.dialect.Encoding)
	if u.strange {
		u.note(&flaw{read.Malformed, fmt.Sprintf("holds a value below %q, for which there is no column; look at the file anew", u.name)})
	}
}

func tooLong() *flaw {
	return &flaw{read.RecordTooLong, fmt.Sprintf("longer than the %d bytes allowed for one unit of records", MaxUnit)}
}

// value takes a value of the element at n in.
func (r *reader) value(n *node, text []byte) {
	switch {
	case !r.unit.open:
		if n != nil && n.column >= 0 && r.plan.late[n.column] == r.gather {
			r.framed += len(text) + 1
			r.row.put(n.column, text)
		}
	case r.gather:
	case n != nil && n.column < 0 && len(text) == 0:
		// An element that is empty, and has others below it elsewhere.
	case n == nil || n.column < 0:
		if !r.unit.strange {
			r.unit.strange, r.unit.name = true, r.where(n)
		}
	default:
		r.unit.add(n.column, text)
	}
}

// where names what has no column.
func (r *reader) where(n *node) string {
	if n != nil {
		return n.name
	}
	return r.strange
}

// broken is what an error of the scanner means: nil when the unit is at fault and
// was passed over.
func (r *reader) broken(err error) error {
	if r.line != nil {
		return err
	}
	u := &r.unit
	fault := new(flaw)
	strict := !errors.Is(err, errLong)
	switch {
	case !strict:
		fault = tooLong()
	case !errors.As(err, &fault):
		return err
	}
	if !u.open || u.raw != nil {
		return fmt.Errorf("%w, outside any record", err)
	}
	u.note(r.scan.flaw())
	u.fail(fault)
	u.from = r.window.begins(u.at)
	u.raw = bytes.Clone(r.window.ahead(u.from, read.MaxRaw))
	r.stack = r.stack[:r.plan.route.unit+1]
	if passed := r.scan.pass(strict); passed != nil {
		if lost := new(flaw); errors.As(passed, &lost) {
			return fmt.Errorf("%w, and the end of that record (from byte %d on) cannot be told: %w", fault, u.from, passed)
		}
		return passed
	}
	return nil
}

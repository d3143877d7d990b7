package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"

	"rummage/ingest/read"
)

const (
	// batchValues is how many values of a column are taken from the library at once.
	batchValues = 1024
	// batchText is after how many bytes of text a column stops filling.
	batchText = 256 << 10
	// columnsText is how much text all columns together may hold. Of many columns each
	// has its share, cellLeast at least.
	columnsText, cellLeast = 256 << 20, 64 << 10
)

// A leaf is a column as the schema has it.
type leaf struct {
	name    string
	write   writer
	isText  bool // what is no UTF-8 is a fault
	defined int  // definition level of a value that is there
	repeats bool
}

// A flaw says what is wrong with a cell.
type flaw uint8

const (
	sound flaw = iota
	noText
	noValue
	nul
	tooLong
)

// A column reads the cells of one leaf in one row group, in order. It is filled
// with the texts of some rows at a time.
type column struct {
	leaf   *leaf
	most   int // bytes of a cell
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	taken  []parquet.Value
	at     int // of the value to come in taken
	whole  bool

	text  []byte
	ends  []int // of the cells in text
	flaws []flaw
	next  int // of the cell to come in ends
}

// cell moves to the next row and returns its cell, valid until the next call. io.EOF:
// the row group has no more rows in this column.
func (c *column) cell() ([]byte, flaw, error) {
	if c.next == len(c.ends) {
		if err := c.fill(); err != nil {
			return nil, sound, err
		}
	}
	from := 0
	if c.next > 0 {
		from = c.ends[c.next-1]
	}
	to := c.ends[c.next]
	c.next++
	return c.text[from:to:to], c.flaws[c.next-1], nil
}

// skip passes rows without writing them, as long as they are not written yet.
func (c *column) skip(rows int64) (err error) {
	defer rescue(&err)
	have := min(rows, int64(len(c.ends)-c.next))
	c.next += int(have)
	for rows -= have; rows > 0; rows-- {
		for first := true; ; first = false {
			v, err := c.peek()
			if errors.Is(err, io.EOF) && !first {
				break
			}
			if err != nil {
				return err
			}
			if !first && v.RepetitionLevel() == 0 {
				break
			}
			c.at++
		}
	}
	return nil
}

// rescue makes an error of a panic. The library panics where values contradict the
// schema or sizes each other; a file must not end the program by that.
func rescue(err *error) {
	if what := recover(); what != nil {
		*err = fmt.Errorf("%w: %v", ErrDamaged, what)
	}
}

// fill writes the cells of the next rows.
func (c *column) fill() (err error) {
	defer rescue(&err)
	c.text, c.ends, c.flaws, c.next = c.text[:0], c.ends[:0], c.flaws[:0], 0
	for len(c.ends) < batchValues && len(c.text) < min(batchText, c.most) {
		v, err := c.peek()
		switch {
		case errors.Is(err, io.EOF) && len(c.ends) > 0:
			return nil
		case err != nil:
			return err
		}
		c.at++
		from, fault := len(c.text), c.take(v)
		if c.leaf.repeats {
			more, err := c.rest(from)
			if err != nil {
				return err
			}
			fault = max(fault, more)
		}
		if len(c.text)-from > c.most {
			c.text = append(c.text[:from], read.Lost...)
			fault = tooLong
		}
		c.ends, c.flaws = append(c.ends, len(c.text)), append(c.flaws, fault)
	}
	return nil
}

// rest writes the values of the row that follow the first one, into the cell that
// begins at from.
func (c *column) rest(from int) (fault flaw, err error) {
	for {
		v, err := c.peek()
		switch {
		case errors.Is(err, io.EOF):
			return fault, nil
		case err != nil:
			return fault, err
		case v.RepetitionLevel() == 0:
			return fault, nil
		}
		c.at++
		if len(c.text)-from <= c.most {
			c.text = append(c.text, read.Between...)
			fault = max(fault, c.take(v))
		}
	}
}

// take writes one value, nothing for an absent one.
func (c *column) take(v *parquet.Value) flaw {
	if v.IsNull() || v.DefinitionLevel() < c.leaf.defined {
		return sound
	}
	from := len(c.text)
	if kind := v.Kind(); (kind == parquet.ByteArray || kind == parquet.FixedLenByteArray) && len(v.ByteArray()) > c.most {
		c.text = append(c.text, v.ByteArray()[:c.most+1]...)
		return tooLong
	}
	var ok bool
	if c.text, ok = c.leaf.write(c.text, v); !ok {
		c.text = append(c.text[:from], read.Lost...)
		return noValue
	}
	if !c.leaf.isText {
		return sound
	}
	written := c.text[from:]
	switch {
	case !utf8.Valid(written):
		c.text = append(c.text[:from], bytes.ToValidUTF8(bytes.ReplaceAll(written, []byte{0}, []byte(read.Lost)), []byte(read.Lost))...)
		return noText
	case bytes.IndexByte(written, 0) >= 0:
		c.text = append(c.text[:from], bytes.ReplaceAll(written, []byte{0}, []byte(read.Lost))...)
		return nul
	}
	return sound
}

// peek returns the value to come.
func (c *column) peek() (*parquet.Value, error) {
	for c.at == len(c.taken) {
		if err := c.load(); err != nil {
			return nil, err
		}
	}
	return &c.taken[c.at], nil
}

// load takes values from the page, or from the next one.
func (c *column) load() error {
	if c.whole {
		return io.EOF
	}
	if c.values == nil {
		page, err := c.pages.ReadPage()
		if err != nil {
			c.whole = errors.Is(err, io.EOF)
			return err
		}
		c.page, c.values = page, page.Values()
	}
	c.taken = c.taken[:cap(c.taken)]
	n, err := c.values.ReadValues(c.taken)
	c.taken, c.at = c.taken[:n], 0
	switch {
	case err == nil && n > 0:
		return nil
	case err == nil:
		return io.ErrNoProgress
	case !errors.Is(err, io.EOF):
		return err
	}
	// The values point into the page, so it goes when they are written.
	if n > 0 {
		c.values = ended{}
		return nil
	}
	parquet.Release(c.page)
	c.page, c.values = nil, nil
	return nil
}

// ended is a page of which all values are taken.
type ended struct{}

func (ended) ReadValues([]parquet.Value) (int, error) { return 0, io.EOF }

// Close lets go of the pages.
func (c *column) Close() (err error) {
	defer rescue(&err)
	if c.page != nil {
		parquet.Release(c.page)
		c.page, c.values = nil, nil
	}
	return c.pages.Close()
}

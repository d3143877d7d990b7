package transfer

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// cursor goes through sorted records. The bytes are valid until the next call;
// the error after the last is io.EOF.
type cursor interface {
	next() (key, []byte, error)
	close()
}

// heldCursor goes through records in memory.
type heldCursor struct {
	buffer []byte
	rest   []heldRecord
}

func (c *heldCursor) next() (key, []byte, error) {
	if len(c.rest) == 0 {
		return key{}, nil, io.EOF
	}
	r := c.rest[0]
	c.rest = c.rest[1:]
	return r.key, c.buffer[r.from:r.to], nil
}

func (c *heldCursor) close() {}

// runCursor goes through a temporary file.
type runCursor struct {
	plain  *zstd.Decoder
	in     *bufio.Reader
	record []byte
}

// maxRecord bounds what a length may say.
const maxRecord = 1 << 30

func (c *runCursor) next() (k key, record []byte, err error) {
	source, err := binary.ReadUvarint(c.in)
	if errors.Is(err, io.EOF) {
		return k, nil, io.EOF
	}
	var row, length uint64
	if err == nil {
		row, err = binary.ReadUvarint(c.in)
	}
	if err == nil {
		length, err = binary.ReadUvarint(c.in)
	}
	if err == nil && length > maxRecord {
		err = errRecord
	}
	if err == nil {
		if uint64(cap(c.record)) < length {
			c.record = make([]byte, length+length/2)
		}
		c.record = c.record[:length]
		_, err = io.ReadFull(c.in, c.record)
	}
	if err != nil {
		return k, nil, fmt.Errorf("temporary file: %w", noEnd(err))
	}
	return key{int(source), int64(row)}, c.record, nil
}

// noEnd makes an error of an end in the middle of a record.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return errRecord
	}
	return err
}

func (c *runCursor) close() { c.plain.Close() }

// merger goes through the records of several cursors in order; of one key
// those of the earlier cursor come first.
type merger struct {
	all  []cursor
	heap heads
	open bool // the first of heap was given out
}

// head is the next record of a cursor.
type head struct {
	key
	record []byte
	no     int
}

// heads is a heap.
type heads []head

func (h heads) Len() int { return len(h) }

func (h heads) Less(i, j int) bool {
	return cmp.Or(compareKeys(h[i].key, h[j].key), cmp.Compare(h[i].no, h[j].no)) < 0
}

func (h heads) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h *heads) Push(x any) { *h = append(*h, x.(head)) } // heap hands back what it was given

func (h *heads) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

func newMerger(all []cursor) (cursor, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	m := &merger{all: all}
	for no, c := range all {
		k, record, err := c.next()
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			m.close()
			return nil, err
		}
		m.heap = append(m.heap, head{k, record, no})
	}
	heap.Init(&m.heap)
	return m, nil
}

func (m *merger) next() (key, []byte, error) {
	if m.open {
		first := &m.heap[0]
		k, record, err := m.all[first.no].next()
		switch {
		case err == nil:
			first.key, first.record = k, record
			heap.Fix(&m.heap, 0)
		case errors.Is(err, io.EOF):
			heap.Pop(&m.heap)
		default:
			return key{}, nil, err
		}
	}
	if m.open = len(m.heap) > 0; !m.open {
		return key{}, nil, io.EOF
	}
	return m.heap[0].key, m.heap[0].record, nil
}

func (m *merger) close() {
	for _, c := range m.all {
		c.close()
	}
}

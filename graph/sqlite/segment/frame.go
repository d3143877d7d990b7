package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// A frame is one block: columns by name, each with its number of values.
type frameWriter struct {
	codec   *Codec
	scratch *scratch
	names   []string
	counts  []int
	ends    []int
	body    []byte
	large   string // a column that is larger than what can be read again
}

func newFrameWriter(codec *Codec) *frameWriter {
	return &frameWriter{codec: codec, scratch: newScratch()}
}

func (f *frameWriter) reset() {
	f.names, f.counts, f.ends, f.body, f.large = f.names[:0], f.counts[:0], f.ends[:0], f.body[:0], ""
}

// weigh notes a column that is larger than what can be read again.
func (f *frameWriter) weigh(name string, size, limit int) {
	if size > limit {
		f.large = name
	}
}

func (f *frameWriter) column(name string, n int) {
	f.names = append(f.names, name)
	f.counts = append(f.counts, n)
	f.ends = append(f.ends, len(f.body))
}

func (f *frameWriter) ints(name string, v []int64) {
	f.weigh(name, len(v), maxInts)
	f.body = f.codec.appendInts(f.body, v, &f.scratch.bytes)
	f.column(name, len(v))
}

func (f *frameWriter) texts(name string, t *textColumn) {
	f.weigh(name, len(t.data), maxRaw)
	f.body = f.codec.appendTexts(f.body, t, f.scratch)
	f.column(name, len(t.ends))
}

func (f *frameWriter) sorted(name string, t *textColumn) {
	f.weigh(name, len(t.data), maxRaw)
	f.body = f.codec.appendFront(f.body, t, f.scratch)
	f.column(name, len(t.ends))
}

func (f *frameWriter) raw(name string, data []byte) {
	f.weigh(name, len(data), maxRaw)
	f.body = f.codec.Pack(f.body, data)
	f.column(name, len(data))
}

// bytes returns the whole block; it is the caller's.
func (f *frameWriter) bytes() []byte {
	out := make([]byte, 0, len(f.body)+24*len(f.names)+8)
	out = binary.AppendUvarint(out, uint64(len(f.names)))
	start := 0
	for i, name := range f.names {
		out = binary.AppendUvarint(out, uint64(len(name)))
		out = append(out, name...)
		out = binary.AppendUvarint(out, uint64(f.counts[i]))
		out = binary.AppendUvarint(out, uint64(f.ends[i]-start))
		start = f.ends[i]
	}
	return append(out, f.body...)
}

type column struct {
	name  string
	n     int
	data  []byte
	value any // unpacked
}

// frame is a block being read. Columns are unpacked when asked for the first
// time and kept, so a frame may be shared.
type frame struct {
	codec *Codec
	mu    sync.Mutex
	cols  []column

	tieOnce  sync.Once // ties are put together from several columns
	tieTable *TieTable
	tieError error
}

var errColumn = errors.New("no such column")

func parseFrame(codec *Codec, b []byte) (*frame, error) {
	n, b, err := readUvarint(b)
	if err != nil {
		return nil, err
	}
	if n > uint64(len(b)) {
		return nil, errShort
	}
	f := &frame{codec: codec, cols: make([]column, n)}
	sizes := make([]uint64, n)
	for i := range f.cols {
		length, rest, err := readUvarint(b)
		if err != nil || length > uint64(len(rest)) {
			return nil, errShort
		}
		f.cols[i].name, b = string(rest[:length]), rest[length:]
		count, rest, err := readUvarint(b)
		if err != nil || count > maxRaw {
			return nil, errShort
		}
		f.cols[i].n = int(count)
		if sizes[i], b, err = readUvarint(rest); err != nil {
			return nil, err
		}
	}
	for i := range f.cols {
		if sizes[i] > uint64(len(b)) {
			return nil, errShort
		}
		f.cols[i].data, b = b[:sizes[i]], b[sizes[i]:]
	}
	if len(b) != 0 {
		return nil, errors.New("block is longer than its columns")
	}
	return f, nil
}

// load unpacks a column once. want is its number of values, -1 for any.
func load[T any](f *frame, name string, want int, read func(data []byte, n int) (T, error)) (T, error) {
	var none T
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.cols, func(c column) bool { return c.name == name })
	if i < 0 {
		return none, fmt.Errorf("column %q: %w", name, errColumn)
	}
	col := &f.cols[i]
	if had, ok := col.value.(T); ok {
		return had, nil
	}
	if want >= 0 && col.n != want {
		return none, fmt.Errorf("column %q: %d values instead of %d", name, col.n, want)
	}
	v, err := read(col.data, col.n)
	if err != nil {
		return none, fmt.Errorf("column %q: %w", name, err)
	}
	col.value = v
	return v, nil
}

func (f *frame) ints(name string, want int) ([]int64, error) {
	return load(f, name, want, func(data []byte, n int) ([]int64, error) {
		v, _, err := readInts[int64](f.codec, data, n)
		return v, err
	})
}

// nums reads a column of numbers of entities, each less than limit.
func (f *frame) nums(name string, want int, limit uint32) ([]uint32, error) {
	return load(f, name, want, func(data []byte, n int) ([]uint32, error) {
		v, _, err := readInts[uint32](f.codec, data, n)
		if err == nil && n > 0 && slices.Max(v) >= limit {
			return nil, fmt.Errorf("number %d, there are %d", slices.Max(v), limit)
		}
		return v, err
	})
}

func (f *frame) texts(name string, want int) (*Texts, error) {
	return load(f, name, want, func(data []byte, n int) (*Texts, error) {
		t, err := f.codec.readTexts(data, n)
		return &t, err
	})
}

func (f *frame) raw(name string) ([]byte, error) {
	return load(f, name, -1, func(data []byte, n int) ([]byte, error) {
		raw, _, err := f.codec.Unpack(data)
		if err == nil && len(raw) != n {
			err = errShort
		}
		return raw, err
	})
}

// count returns the number of values of a column, 0 when there is none.
func (f *frame) count(name string) int {
	for i := range f.cols {
		if f.cols[i].name == name {
			return f.cols[i].n
		}
	}
	return 0
}

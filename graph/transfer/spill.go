package transfer

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"syscall"

	"github.com/klauspost/compress/zstd"

	"rummage/graph"
)

// key is where a record belongs: the number of its source in the batch, and
// its row.
type key struct {
	source int
	row    int64
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.row, b.row))
}

// spill sorts records by their key; those of one key stay in the order in
// which they came. What does not fit into chunk bytes goes to temporary files,
// sorted, which are merged when they are read, and before that whenever there
// are fan of a size.
type spill struct {
	dir    string
	chunk  int
	fan    int
	buffer []byte
	held   []heldRecord
	runs   [][]*run // by how often their records were merged, in the order of coming
}

// heldRecord is a record in the buffer.
type heldRecord struct {
	key
	from, to int
}

// heldSize is about what one takes beside its bytes.
const heldSize = 32

func (s *spill) add(k key, record []byte) error {
	if len(s.buffer)+len(s.held)*heldSize > s.chunk {
		if err := s.flush(); err != nil {
			return err
		}
	}
	from := len(s.buffer)
	s.buffer = append(s.buffer, record...)
	s.held = append(s.held, heldRecord{k, from, len(s.buffer)})
	return nil
}

// flush writes what is held to a temporary file.
func (s *spill) flush() error {
	r, err := s.write(s.sorted())
	if err != nil {
		return err
	}
	s.buffer, s.held = s.buffer[:0], s.held[:0]
	for level := 0; ; level++ {
		if level == len(s.runs) {
			s.runs = append(s.runs, nil)
		}
		s.runs[level] = append(s.runs[level], r)
		if len(s.runs[level]) < s.fan {
			return nil
		}
		if r, err = s.merge(s.runs[level]); err != nil {
			return err
		}
		s.runs[level] = nil
	}
}

// sorted sorts what is held and goes through it.
func (s *spill) sorted() cursor {
	slices.SortFunc(s.held, func(a, b heldRecord) int { return cmp.Or(compareKeys(a.key, b.key), cmp.Compare(a.from, b.from)) })
	return &heldCursor{buffer: s.buffer, rest: s.held}
}

// merge makes one file of several, which are closed.
func (s *spill) merge(runs []*run) (*run, error) {
	cursors := make([]cursor, len(runs))
	for i, r := range runs {
		c, err := r.open()
		if err != nil {
			return nil, err
		}
		cursors[i] = c
	}
	all, err := newMerger(cursors)
	if err != nil {
		return nil, err
	}
	merged, err := s.write(all)
	for _, c := range cursors {
		c.close()
	}
	for _, r := range runs {
		r.remove()
	}
	return merged, err
}

// read goes through all records in order. Nothing can be added any more.
func (s *spill) read() (cursor, error) {
	var cursors []cursor
	for level := len(s.runs) - 1; level >= 0; level-- { // what was merged came before what was not
		for _, r := range s.runs[level] {
			c, err := r.open()
			if err != nil {
				return nil, err
			}
			cursors = append(cursors, c)
		}
	}
	return newMerger(append(cursors, s.sorted()))
}

// close takes out the temporary files.
func (s *spill) close() {
	for _, level := range s.runs {
		for _, r := range level {
			r.remove()
		}
	}
	s.runs, s.buffer, s.held = nil, nil, nil
}

// run is a temporary file of sorted records. Where the system allows it, it
// has no name from the beginning, so that even a killed process leaves none.
type run struct{ file *os.File }

// window is how far back a temporary file refers to itself: small, since many
// are read at once.
const window = 128 << 10

// write writes sorted records to a temporary file.
func (s *spill) write(from cursor) (r *run, err error) {
	file, err := os.CreateTemp(s.dir, "rummage-copy-*") // 0600
	if err != nil {
		return nil, spillError(err)
	}
	_ = os.Remove(file.Name()) // Windows does not; remove does so later
	r = &run{file}
	defer func() {
		if err != nil {
			r.remove()
			r, err = nil, spillError(err)
		}
	}()
	packed, err := zstd.NewWriter(file, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(packed, 64<<10)
	var head []byte
	for {
		k, record, err := from.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(err, packed.Close())
		}
		head = binary.AppendUvarint(head[:0], uint64(k.source))
		head = binary.AppendUvarint(head, uint64(k.row))
		head = binary.AppendUvarint(head, uint64(len(record)))
		_, _ = out.Write(head) // an error stays until Flush
		_, _ = out.Write(record)
	}
	return r, errors.Join(out.Flush(), packed.Close())
}

func (r *run) remove() {
	_ = r.file.Close()
	_ = os.Remove(r.file.Name()) // it may have gone long before
}

// open goes through the file from its beginning.
func (r *run) open() (cursor, error) {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return nil, spillError(err)
	}
	plain, err := zstd.NewReader(r.file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, spillError(err)
	}
	return &runCursor{plain: plain, in: bufio.NewReaderSize(plain, 16<<10)}, nil
}

// spillError says that it was a temporary file that could not be used.
func spillError(err error) error {
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG)
	if runtime.GOOS == "windows" {
		const diskFull, handleDiskFull = syscall.Errno(112), syscall.Errno(39)
		full = errors.Is(err, diskFull) || errors.Is(err, handleDiskFull)
	}
	if full {
		return fmt.Errorf("temporary file: %w: %w", graph.ErrFull, err)
	}
	return fmt.Errorf("temporary file: %w", err)
}

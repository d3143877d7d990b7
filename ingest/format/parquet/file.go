package parquet

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"rummage/ingest/read"
)

// Format is the name of Parquet files in a dialect.
const Format = "parquet"

const (
	// magic begins and ends every file, sealed one whose description is encrypted.
	magic  = "PAR1"
	sealed = "PARE"
	// tailSize is how many bytes stand behind the description: its size and magic.
	tailSize = 8
	// mostDescription is how long a description may be.
	mostDescription = 64 << 20
	// bufferSize is how much of a column is read at once at least.
	bufferSize = 64 << 10
)

// What is wrong with a file as a whole.
var (
	// ErrTruncated: the file breaks off before the description at its end.
	ErrTruncated = errors.New("parquet file breaks off; fetch the whole file")
	// ErrDamaged: the parts of the file contradict each other.
	ErrDamaged = errors.New("parquet file is damaged; write it again, or fetch it again")
)

// Knows tells by the first bytes of a content whether it is Parquet.
func Knows(head []byte) bool {
	return bytes.HasPrefix(head, []byte(magic)) || bytes.HasPrefix(head, []byte(sealed))
}

// Detect reads the columns of a file from its schema. read.ErrFormat: it is
// encrypted, packed in a way that is not known, or has columns that make no table;
// the error says which. Its rows are not looked at.
func Detect(ctx context.Context, content read.Input) (read.Dialect, error) {
	d := read.Dialect{Format: Format, Compression: read.Plain, Header: true}
	f, err := openFile(ctx, content)
	if err != nil {
		return d, err
	}
	d.Names, d.Columns = f.names, len(f.leaves)
	return d, nil
}

// A file is an opened Parquet file.
type file struct {
	ctx     context.Context // of the call that reads
	content read.Input
	fault   error // of the content, which comes before what the library makes of it
	library *parquet.File
	leaves  []leaf
	names   string
	groups  []group
}

// A group is a row group.
type group struct {
	first int64 // number of its first row
	rows  int64
	bytes int64 // of its pages
}

// openFile reads the description of a file.
func openFile(ctx context.Context, content read.Input) (*file, error) {
	f := &file{ctx: ctx, content: content}
	if err := f.look(); err != nil {
		return nil, f.failed(err)
	}
	if err := f.open(); err != nil {
		return nil, f.failed(err)
	}
	return f, nil
}

// failed says what an error of the library comes from.
func (f *file) failed(err error) error {
	switch {
	case f.ctx.Err() != nil:
		err = f.ctx.Err()
	case f.fault != nil:
		err = f.fault
	case errors.Is(err, ErrDamaged), errors.Is(err, read.ErrFormat), errors.Is(err, ErrTruncated):
	default:
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return fmt.Errorf("parquet: %w", err)
}

// ReadAt reads the content for the library, until the context ends.
func (f *file) ReadAt(p []byte, offset int64) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := f.content.ReadAt(p, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		f.fault = err
	}
	return n, err
}

// look checks the ends of the file and its description, before the library
// allocates what these ask for.
func (f *file) look() error {
	size := f.content.Size()
	var head [len(magic)]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return fmt.Errorf("%w: it ends in its first bytes", ErrTruncated)
	}
	if string(head[:]) == sealed {
		return fmt.Errorf("%w: it is encrypted; write it without", read.ErrFormat)
	}
	var tail [tailSize]byte
	if size < int64(len(magic))+tailSize {
		return fmt.Errorf("%w: it has %d bytes only", ErrTruncated, size)
	}
	if _, err := f.ReadAt(tail[:], size-tailSize); err != nil {
		return err
	}
	if string(tail[4:]) != magic {
		return fmt.Errorf("%w: it has no description at its end", ErrTruncated)
	}
	n := int64(binary.LittleEndian.Uint32(tail[:4]))
	switch {
	case n > size-tailSize-int64(len(magic)):
		return fmt.Errorf("%w: a description of %d bytes in a file of %d", ErrDamaged, n, size)
	case n > mostDescription:
		return fmt.Errorf("%w: its description has more than %d MiB; write it with larger row groups", read.ErrFormat, mostDescription>>20)
	}
	description := make([]byte, n)
	if _, err := f.ReadAt(description, size-tailSize-n); err != nil {
		return err
	}
	return checkDescription(description)
}

// open hands the file to the library.
func (f *file) open() (err error) {
	defer rescue(&err)
	f.library, err = parquet.OpenFile(f, f.content.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true),
		parquet.ReadBufferSize(bufferSize), parquet.FileReadMode(parquet.ReadModeSync))
	if err != nil {
		return err
	}
	if f.leaves, err = leavesOf(f.library.Metadata().Schema); err != nil {
		return err
	}
	names := make([]string, len(f.leaves))
	for i := range f.leaves {
		names[i] = f.leaves[i].name
	}
	f.names = strings.Join(names, read.Between)
	switch {
	case len(names) > read.MaxColumns:
		return fmt.Errorf("%w: more than %d columns", read.ErrFormat, read.MaxColumns)
	case f.names == "":
		return fmt.Errorf("%w: it has no column with a name", read.ErrFormat)
	case strings.Count(f.names, read.Between) != len(names)-1:
		return fmt.Errorf("%w: the name of a column holds the character U+001F", read.ErrFormat)
	}
	return f.layout()
}

// layout notes where the row groups begin.
func (f *file) layout() error {
	next := int64(1)
	for i, g := range f.library.Metadata().RowGroups {
		here := group{first: next, rows: g.NumRows}
		if g.NumRows < 0 || next+g.NumRows < next {
			return fmt.Errorf("%w: row group %d has %d rows", ErrDamaged, i+1, g.NumRows)
		}
		for j := range g.Columns {
			m := &g.Columns[j].MetaData
			if !unpackable(int(m.Codec)) {
				return fmt.Errorf("%w: it is packed with %s; write it with another compression, such as zstd", read.ErrFormat, m.Codec)
			}
			if here.bytes += m.TotalCompressedSize; m.TotalCompressedSize < 0 || here.bytes < 0 {
				return fmt.Errorf("%w: column %q in row group %d has %d bytes", ErrDamaged, f.leaves[j].name, i+1, m.TotalCompressedSize)
			}
		}
		f.groups = append(f.groups, here)
		next += g.NumRows
	}
	return nil
}

// columns opens the columns of a row group.
func (f *file) columns(i int) (opened []*column, err error) {
	defer rescue(&err)
	if err = f.checkPages(i); err != nil {
		return nil, err
	}
	for j, chunk := range f.library.RowGroups()[i].ColumnChunks() {
		// Few values at a time where columns are many, so that memory is bounded.
		n := max(batchLeast, min(batchValues, batchCells/len(f.leaves)))
		most := max(cellLeast, min(read.MaxRecord, columnsText/len(f.leaves)))
		opened = append(opened, &column{leaf: &f.leaves[j], most: most, pages: chunk.Pages(), taken: make([]parquet.Value, 0, n)})
	}
	return opened, nil
}

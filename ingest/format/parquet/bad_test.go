package parquet_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	library "github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format/parquet"
	"rummage/ingest/read"
)

// readAll looks at a file and reads it to its end, up to the first error that is none
// of a row.
func readAll(ctx context.Context, file []byte) error {
	d, err := parquet.Detect(ctx, bytes.NewReader(file))
	if err != nil {
		return err
	}
	r, err := parquet.Open(ctx, bytes.NewReader(file), d)
	if err != nil {
		return err
	}
	for err == nil || errors.As(err, new(*read.RowError)) {
		_, err = r.Next()
	}
	if err = errors.Join(err, r.Close()); errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// described is a file with another description at its end.
func described(file, description []byte) []byte {
	n := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	out := append(bytes.Clone(file[:len(file)-8-n]), description...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(description)))
	return append(out, "PAR1"...)
}

// description is that of a file.
func description(file []byte) []byte {
	n := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	return file[len(file)-8-n : len(file)-8]
}

func TestWhatIsNoSoundFile(t *testing.T) {
	file := written(t, declarations(50), 20)
	huge := []byte{0x15, 2, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07} // a schema of two thousand million elements
	deep := bytes.Repeat([]byte{0x1C}, 100)
	cases := map[string]struct {
		file []byte
		want error
		text string
	}{
		"nothing":               {nil, parquet.ErrTruncated, "ends in its first bytes"},
		"a beginning":           {[]byte("PAR1"), parquet.ErrTruncated, "it has 4 bytes only"},
		"no end":                {file[:len(file)-1], parquet.ErrTruncated, "breaks off; fetch the whole file: it has no description at its end"},
		"half":                  {file[:len(file)/2], parquet.ErrTruncated, "no description at its end"},
		"encrypted":             {append([]byte("PARE"), file[4:]...), read.ErrFormat, "it is encrypted; write it without"},
		"a long description":    {append(bytes.Clone(file[:len(file)-8]), "\xff\xff\xff\x7fPAR1"...), parquet.ErrDamaged, "a description of 2147483647 bytes"},
		"no description":        {described(file, nil), parquet.ErrDamaged, "ends in the middle"},
		"a list of any length":  {described(file, huge), parquet.ErrDamaged, "a list is longer than the bytes that hold it"},
		"a list of other kind":  {described(file, []byte{0x29, 0x16, 0}), parquet.ErrDamaged, "of a type that does not belong there"},
		"no list":               {described(file, []byte{0x28, 1, 'x', 0}), parquet.ErrDamaged, "of a type that does not belong there"},
		"deep structures":       {described(file, deep), parquet.ErrDamaged, "nested too deep"},
		"many elements":         {described(file, append([]byte{0x79, 0xFC, 0x80, 0x80, 0x80, 0x01}, bytes.Repeat([]byte{0}, 3<<20)...)), parquet.ErrDamaged, "too many parts"},
		"a description cut off": {described(file, description(file)[:100]), parquet.ErrDamaged, "ends in the middle"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := readAll(t.Context(), c.file)
			require.ErrorIs(t, err, c.want)
			assert.ErrorContains(t, err, c.text)
		})
	}
	assert.True(t, parquet.Knows(file))
	assert.True(t, parquet.Knows([]byte("PARE")))
	assert.False(t, parquet.Knows([]byte("PAR")))
	assert.False(t, parquet.Knows([]byte("id,name\n")))
}

// TestDamaged: a flipped bit is refused, ends the reading, or changes what stands in
// cells; the file never gives more rows or fewer without an error.
func TestDamaged(t *testing.T) {
	file := written(t, declarations(300), 120, library.Compression(&library.Zstd))
	random := rand.New(rand.NewPCG(6, 2))
	for range 500 {
		bad := bytes.Clone(file)
		at := random.IntN(len(bad))
		bad[at] ^= 1 << random.IntN(8)
		d, err := parquet.Detect(t.Context(), bytes.NewReader(bad))
		if err != nil {
			continue
		}
		r, err := parquet.Open(t.Context(), bytes.NewReader(bad), d)
		require.NoError(t, err)
		n := 0
		for err == nil || errors.As(err, new(*read.RowError)) {
			if _, err = r.Next(); err == nil || errors.As(err, new(*read.RowError)) {
				n++
			}
		}
		if errors.Is(err, io.EOF) {
			require.Equal(t, 300, n, "byte %d", at)
		} else {
			require.ErrorAs(t, err, new(*read.StreamError), "byte %d", at)
		}
		require.NoError(t, r.Close())
	}
}

// TestABrokenRowGroupGivesTheRowsBefore: row groups before the damage are read.
func TestABrokenRowGroupGivesTheRowsBefore(t *testing.T) {
	file := written(t, declarations(60), 20, library.Compression(&library.Zstd))
	opened, err := library.OpenFile(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	at := opened.Metadata().RowGroups[1].Columns[0].MetaData.DataPageOffset
	for name, change := range map[string]func([]byte){
		"in a head": func(bad []byte) { copy(bad[at:], "\xff\xff\xff\xff") },
		"in a page": func(bad []byte) { copy(bad[at+40:], "\xff\xff\xff\xff") },
	} {
		t.Run(name, func(t *testing.T) {
			bad := bytes.Clone(file)
			change(bad)
			lines := all(t, bad)
			require.Len(t, lines, 22)
			assert.Contains(t, lines[21], "fatal read: file breaks off after row 20")
			assert.Contains(t, lines[21], "row group 2")
			err := readAll(t.Context(), bad)
			require.ErrorIs(t, err, parquet.ErrDamaged)
		})
	}
}

// TestBomb: a small file cannot make texts without end.
func TestBomb(t *testing.T) {
	type one struct {
		A string `parquet:"a,dict"`
	}
	rows := make([]one, 1<<19)
	long := string(bytes.Repeat([]byte("x"), 1000))
	for i := range rows {
		rows[i].A = long
	}
	require.ErrorIs(t, readAll(t.Context(), written(t, rows, len(rows))), read.ErrBomb)
}

// TestAFileThatDoesNotAnswer: a fault of the disk is told as it is.
func TestAFileThatDoesNotAnswer(t *testing.T) {
	fault := errors.New("disk fails")
	_, err := parquet.Detect(t.Context(), broken{fault})
	require.ErrorIs(t, err, fault)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = parquet.Detect(ctx, bytes.NewReader(written(t, declarations(1), 1)))
	require.ErrorIs(t, err, context.Canceled)
}

type broken struct{ fault error }

func (b broken) ReadAt([]byte, int64) (int, error) { return 0, b.fault }
func (b broken) Size() int64                       { return 1 << 20 }

// FuzzParquet: whatever a file holds, reading it ends with an error or its last row.
func FuzzParquet(f *testing.F) {
	f.Add(written(f, declarations(5), 3))
	f.Add(written(f, declarations(9), 9, library.Compression(&library.Snappy), library.DataPageVersion(1)))
	f.Fuzz(func(t *testing.T, file []byte) { _ = readAll(t.Context(), file) })
}

package edi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/format/edi"
	"rummage/ingest/read"
)

// wall is a file with so many bytes of the same text in its middle.
type wall struct {
	before, after string
	fill          string
	bytes         int64
}

func (w wall) Size() int64 { return int64(len(w.before)) + w.bytes + int64(len(w.after)) }

func (w wall) ReadAt(p []byte, offset int64) (int, error) {
	n, middle := 0, int64(len(w.before))
	for n < len(p) && offset < w.Size() {
		var part string
		switch {
		case offset < middle:
			part = w.before[offset:]
		case offset < middle+w.bytes:
			part = w.fill[(offset-middle)%int64(len(w.fill)):]
			part = part[:min(int64(len(part)), middle+w.bytes-offset)]
		default:
			part = w.after[offset-middle-w.bytes:]
		}
		step := copy(p[n:], part)
		n += step
		offset += int64(step)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// hostile files, each of 100 MB, with a sound row before and behind.
func hostile() map[string]wall {
	const (
		open = "UNB+UNOA:2+A+B+240101:0000+I'UNH+1+CUSCAR:D:95B:UN'BGM+785+1'CNI+1+BL1'NAD+CN+++ONE'"
		end  = "CNI+3+BL3'NAD+CN+++THREE'UNT+9+1'UNZ+1+I'"
		size = 100 << 20
	)
	return map[string]wall{
		"one segment":        {open + "CNI+2+BL2'FTX+AAA+++", "'" + end, "x", size},
		"released":           {open + "CNI+2+BL2'FTX+AAA+++", "'" + end, "?'", size},
		"one row":            {open + "CNI+2+BL2'", end, "FTX+AAA+++MORE AND MORE'", size},
		"separators":         {open + "CNI+2+BL2'FTX", "'" + end, "+:", size},
		"terminators":        {open + "CNI+2+BL2'", end, "'", size},
		"line breaks":        {open + "CNI+2+BL2'", end, "\r\n", size},
		"header":             {open + "UNT+5+1'UNH+2+CUSCAR:D:95B:UN'", "CNI+2+BL2'UNT+5+2'UNH+3+CUSCAR:D:95B:UN'" + end, "FTX+AAA+++TO ALL'", size},
		"between":            {open + "UNT+5+1'UNZ+1+I'", "UNB+UNOA:2+A+B+240101:0000+J'UNH+1+CUSCAR:D:95B:UN'" + end, "UNB UNA ", size},
		"outside a message":  {open + "UNT+5+1'", "UNH+2+CUSCAR:D:95B:UN'" + end, "RFF+BM:1'", size},
		"parts within parts": {open + "CNI+2+BL2'", end, "GID'MEA+AAE+WT+KGM:1'", size},
	}
}

// TestHostileFilesStaySmall: whatever is swelled, the rows around come, the rest
// is an error, and memory stays small.
func TestHostileFilesStaySmall(t *testing.T) {
	for name, file := range hostile() {
		t.Run(name, func(t *testing.T) {
			if testing.Short() {
				file.bytes /= 5
			}
			whole := strings.Repeat(file.fill, 10_000)
			file.bytes -= file.bytes % int64(len(file.fill))
			// Columns are those of the sound rows: what swells has no others.
			small := file
			small.bytes = 1000 * int64(len(file.fill))
			file.fill = whole
			d, err := edi.Detect(t.Context(), small, read.Part{}, read.Hints{})
			require.NoError(t, err)
			r, err := edi.Open(t.Context(), io.NewSectionReader(file, 0, file.Size()), d)
			require.NoError(t, err)
			defer func() { require.NoError(t, r.Close()) }()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			rows, bad := []string{}, 0
			for {
				row, err := r.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				if row == nil {
					require.ErrorAs(t, err, new(*read.RowError))
					bad++
					continue
				}
				rows = append(rows, string(row.Raw[:min(len(row.Raw), 9)]))
			}
			runtime.ReadMemStats(&after)
			require.Equal(t, "CNI+1+BL1", rows[0])
			require.Equal(t, "CNI+3+BL3", rows[len(rows)-1])
			require.Positive(t, bad)
			require.Equal(t, file.Size(), r.Stats().Bytes)
			require.Less(t, after.Sys-before.Sys, uint64(200<<20), "memory")
		})
	}
}

// TestManyOfManyColumns: repeated parts that would make cells of gigabytes are
// refused.
func TestManyOfManyColumns(t *testing.T) {
	var b strings.Builder
	b.WriteString("UNB+UNOA:2+A+B+240101:0000+I'UNH+1+CUSCAR:D:95B:UN'BGM+785+1'CNI+1+SOUND'CNI+2+BL'")
	b.WriteString(strings.Repeat("GID'", 200_000))
	for i := range 1000 {
		fmt.Fprintf(&b, "RFF+%d:1'", i)
	}
	b.WriteString("UNT+201005+1'UNZ+1+I'")
	file := []byte(b.String())
	all := events(t, file, dialect(t, file, read.Hints{}))
	require.Len(t, all, 2)
	require.NotNil(t, all[0].Row)
	require.Equal(t, read.RecordTooLong, all[1].Bad.Reason)
}

func TestMessageTooLongForARow(t *testing.T) {
	var b strings.Builder
	b.WriteString("UNB+UNOA:2+A+B+240101:0000+I'UNH+1+CUSCAR:D:95B:UN'BGM+785+1'")
	for i := range 60_000 {
		fmt.Fprintf(&b, "CNI+%d+BL%d'FTX+AAA+++%s'", i+1, i, strings.Repeat("x", 60))
	}
	b.WriteString("UNT+120003+1'UNH+2+CUSCAR:D:95B:UN'BGM+785+2'UNT+3+2'UNZ+2+I'")
	file := []byte(b.String())
	all := events(t, file, dialect(t, file, read.Hints{Record: "message"}))
	require.Len(t, all, 2)
	require.Equal(t, read.RecordTooLong, all[0].Bad.Reason)
	require.Contains(t, all[0].Bad.Detail, "by consignment or by item")
	require.NotNil(t, all[1].Row)
	require.Len(t, events(t, file, dialect(t, file, read.Hints{})), 60_001)
}

// TestBinaryObjects: each is one error, and what follows is read, if the object
// says where it ends.
func TestBinaryObjects(t *testing.T) {
	const (
		open    = "UNB+UNOA:4+A+B+240101:0000+I'UNH+1+CUSDEC:D:96B:UN'BGM+929+1'UNT+3+1'"
		message = "UNH+2+CUSDEC:D:96B:UN'BGM+929+2'UNT+3+2'UNZ+2+I'"
	)
	long := strings.Repeat("x", 100_000)
	for name, c := range map[string]struct {
		object string
		rows   int
		bad    []string
	}{
		"with its length":        {"UNO+P+1+1+12'UNH+\x00'UNZ+''UNP+12+P'" + message, 2, []string{"a binary object"}},
		"without its end":        {"UNO+P+1+1+4'UNZ'" + message, 2, []string{"a binary object"}},
		"without its length":     {"UNO+P+1+1'some'thing'UNP+9+P'" + message, 2, []string{"a binary object"}},
		"until the end of all":   {"UNO+P+1+1+2'abUNZ+1+I'", 1, []string{"a binary object"}},
		"longer than the file":   {"UNO+P+1+1+1000'abc", 1, []string{"a binary object", "the file ends within interchange"}},
		"longer than a segment":  {"UNO+P+1+1'" + long + "'UNP+9+P'" + message, 2, []string{"a binary object", "outside a message"}},
		"in the middle of one":   {"UNO+P+1+1+1'abc", 1, []string{"a binary object", "the file ends within interchange"}},
		"within a message":       {"UNH+9+CUSDEC:D:96B:UN'BGM+929+9'UNO+P'UNT+4+9'UNZ+2+I'", 1, []string{"a binary object"}},
		"behind other segments":  {"FTX+AAA'FTX+AAB'UNO+P+1+1+1'xUNP+1+P'" + message, 2, []string{"outside a message", "a binary object"}},
		"of a hundred kilobytes": {"UNO+P+1+1+100000'" + long + "UNP+100000+P'" + message, 2, []string{"a binary object"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := []byte(open + c.object)
			check(t, file, read.Hints{})
			rows := 0
			var bad []string
			for _, e := range events(t, file, dialect(t, file, read.Hints{})) {
				if e.Bad == nil {
					rows++
					continue
				}
				bad = append(bad, e.Bad.Detail)
			}
			require.Equal(t, c.rows, rows)
			require.Len(t, bad, len(c.bad), bad)
			for i := range bad {
				require.Contains(t, bad[i], c.bad[i])
			}
		})
	}
}

func TestHeaderTooLong(t *testing.T) {
	file := []byte("UNB+UNOA:2+A+B+240101:0000+I'UNH+1+CUSCAR:D:95B:UN'" + strings.Repeat("FTX+AAA+++"+strings.Repeat("x", 1000)+"'", 300) +
		"CNI+1+BL1'CNI+2+BL2'UNT+304+1'UNH+2+CUSCAR:D:95B:UN'CNI+1+BL3'UNT+3+2'UNZ+2+I'")
	all := events(t, file, dialect(t, file, read.Hints{}))
	require.Len(t, all, 3)
	for _, e := range all[:2] {
		require.Equal(t, read.RecordTooLong, e.Bad.Reason)
		require.Contains(t, e.Bad.Detail, "before the parts of the message")
	}
	require.NotNil(t, all[2].Row)
}

// FuzzRead: whatever the bytes, rows and errors come in order, apart, and read
// again from their places; what was found by looking is enough for reading.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*", "testdata/bad/*"} {
		for _, file := range files(f, pattern) {
			f.Add(file, uint8(0))
			f.Add(file, uint8(2))
		}
	}
	f.Fuzz(func(t *testing.T, file []byte, kind uint8) {
		if len(file) > 16<<10 {
			return
		}
		check(t, file, read.Hints{Record: []string{"consignment", "message", "item"}[kind%3]})
	})
}

// check holds what is true of every file.
func check(t require.TestingT, file []byte, h read.Hints) {
	ctx := context.Background()
	d, err := edi.Detect(ctx, bytes.NewReader(file), read.Part{}, h)
	if err != nil {
		return
	}
	r, err := edi.Open(ctx, bytes.NewReader(file), d)
	require.NoError(t, err)
	spans, err := edi.NewSpans(bytes.NewReader(file), d)
	require.NoError(t, err)
	end := int64(0)
	rows := int64(0)
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if row == nil {
			bad := new(read.RowError)
			require.ErrorAs(t, err, &bad)
			require.NotContains(t, bad.Detail, "not among the columns")
			require.GreaterOrEqual(t, bad.Offset, end)
			require.Equal(t, file[bad.Offset:bad.Offset+min(bad.Length, read.MaxRaw)], append([]byte{}, bad.Raw...))
			end = bad.Offset + bad.Length
			got, err := spans.Salvage(ctx, bad.Position)
			require.NoError(t, err)
			require.Len(t, got, d.Columns)
			continue
		}
		rows++
		require.GreaterOrEqual(t, row.Offset, end)
		end = row.Offset + row.Length
		require.Equal(t, file[row.Offset:end], row.Raw)
		require.Len(t, row.Cells, d.Columns)
		got, err := spans.Cells(ctx, row.Position)
		require.NoError(t, err)
		require.Equal(t, row.Clone().Cells, got)
	}
	require.Positive(t, rows)
}

// TestMutations: good files with bytes changed, dropped and doubled at random.
func TestMutations(t *testing.T) {
	var seeds [][]byte
	for _, pattern := range []string{"testdata/good/*", "testdata/bad/*"} {
		all := files(t, pattern)
		for _, name := range []string{"cuscar.edi", "containers.edi", "manifest.x12", "iftmin.edi", "envelopes.edi", "objects.edi"} {
			if file, known := all[name]; known {
				seeds = append(seeds, file)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		file := bytes.Clone(rapid.SampledFrom(seeds).Draw(t, "file"))
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
			to := min(at+rapid.IntRange(1, 40).Draw(t, "length"), len(file))
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				file[at] = rapid.SampledFrom([]byte("'+:?~*> \n\x00\xffUA1")).Draw(t, "byte")
			case 1:
				file = append(file[:at:at], file[to:]...)
			case 2:
				file = append(file[:to:to], file[at:]...)
			}
			if len(file) == 0 {
				return
			}
		}
		check(t, file, read.Hints{Record: rapid.SampledFrom([]string{"consignment", "message", "item"}).Draw(t, "record")})
	})
}

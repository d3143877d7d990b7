package edi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format/edi"
	"rummage/ingest/read"
	"rummage/ingest/read/readtest"
)

func TestEncodings(t *testing.T) {
	message := func(syntax, name string) []byte {
		return []byte("UNB+" + syntax + ":3+A+B+240101:0000+1'UNH+1+IFTMIN:D:95B:UN'BGM+340+1'NAD+CZ+++" + name + "'UNT+4+1'UNZ+1+1'")
	}
	for name, c := range map[string]struct {
		syntax, name string
		hint         read.Encoding
		want         string
		encoding     read.Encoding
	}{
		"Latin-1":              {"UNOC", "M\xfcller", "", "Müller", ""},
		"Latin-2":              {"UNOD", "\xa3\xf3d\xbc", "", "Łódź", ""},
		"Cyrillic":             {"UNOE", "\xbc\xde\xe1\xda\xd2\xd0", "", "Москва", ""},
		"Greek":                {"UNOF", "\xd0\xe5\xe9\xf1\xe1\xe9\xdc\xf2", "", "Πειραιάς", ""},
		"Latin-3":              {"UNOG", "\xa1", "", "Ħ", ""},
		"Latin-4":              {"UNOH", "\xa6", "", "Ļ", ""},
		"Arabic":               {"UNOI", "\xcf\xc8\xea", "", "دبي", ""},
		"Hebrew":               {"UNOJ", "\xe7\xe9\xf4\xe4", "", "חיפה", ""},
		"Latin-5":              {"UNOK", "\xddzmir", "", "İzmir", ""},
		"Latin-9":              {"UNOL", "\xa4", "", "€", ""},
		"UTF-8":                {"UNOY", "香港", "", "香港", ""},
		"Korean":               {"KECA", "\xba\xce\xbb\xea", "", "부산", ""},
		"no charset, UTF-8":    {"UNOA", "香港", "", "香港", read.UTF8},
		"no charset, Latin-1":  {"UNOB", "M\xfcller", "", "Müller", ""},
		"no charset, named":    {"UNOA", "\xad\xbb\xb4\xe4", read.Big5, "香港", read.Big5},
		"named against itself": {"UNOC", "香港", "utf8", "香港", read.UTF8},
		"Shift-JIS":            {"UNOA", "\x93\x8c\x8b\x9e", read.ShiftJIS, "東京", read.ShiftJIS},
	} {
		t.Run(name, func(t *testing.T) {
			file := message(c.syntax, c.name)
			d := dialect(t, file, read.Hints{Encoding: c.hint})
			assert.Equal(t, c.encoding, d.Encoding)
			assert.Contains(t, spell(strings.Split(d.Names, read.Between), events(t, file, d)), "NAD+CZ.name = "+c.want+"\n")
		})
	}
	t.Run("no text", func(t *testing.T) {
		good := message("UNOY", "x")
		bad := message("UNOY", "caf\xe9")
		file := append(bytes.Clone(good), bad...)
		d := dialect(t, file, read.Hints{})
		all := events(t, file, d)
		require.Len(t, all, 2)
		require.Equal(t, read.InvalidEncoding, all[1].Bad.Reason)
		require.Equal(t, "NAD+CZ.name", all[1].Bad.Name)
		spans, err := edi.NewSpans(bytes.NewReader(file), d)
		require.NoError(t, err)
		salvaged, err := spans.Salvage(t.Context(), all[1].Bad.Position)
		require.NoError(t, err)
		require.Equal(t, "caf"+read.Lost, string(salvaged[all[1].Bad.Column-1]))
	})
	t.Run("UTF-16", func(t *testing.T) {
		_, err := edi.Detect(t.Context(), bytes.NewReader(message("UNOA", "x")), read.Part{}, read.Hints{Encoding: read.UTF16LE})
		require.ErrorIs(t, err, read.ErrEncoding)
	})
	t.Run("separators within characters", func(t *testing.T) {
		file := files(t, "testdata/good/manifest.x12")["manifest.x12"]
		_, err := edi.Detect(t.Context(), bytes.NewReader(file), read.Part{}, read.Hints{Encoding: read.Big5})
		require.ErrorIs(t, err, read.ErrFormat)
		require.ErrorContains(t, err, "part of a character")
	})
}

func TestDetect(t *testing.T) {
	const message = "UNH+1+X:D:95B:UN'BGM+1+1'UNT+3+1'"
	for name, c := range map[string]struct {
		file string
		h    read.Hints
		want error
		text string
	}{
		"no rows":       {"UNB+UNOA:1+A+B+240101:0000+1'UNZ+0+1'", read.Hints{}, read.ErrEmpty, ""},
		"all bad":       {"UNB+UNOA:1+A+B+240101:0000+1'" + strings.Replace(message, "+1'UNT", "+\x00'UNT", 1) + "UNZ+1+1'", read.Hints{}, read.ErrFormat, "NUL"},
		"cut at once":   {"UNB+UNOA:1+A+B", read.Hints{}, read.ErrFormat, "the file ends within interchange without a reference"},
		"unknown words": {"UNB+UNOA:1+A+B+240101:0000+1'" + message, read.Hints{Record: "paragraph"}, read.ErrDialect, "known are bay, bill, consignment"},
		"encoding":      {"UNB+UNOA:1+A+B+240101:0000+1'" + message, read.Hints{Encoding: "cuneiform"}, read.ErrEncoding, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := edi.Detect(t.Context(), strings.NewReader(c.file), read.Part{}, c.h)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.text)
		})
	}
	t.Run("too many columns", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("UNB+UNOA:1+A+B+240101:0000+1'UNH+1+X:D:95B:UN'")
		for i := range read.MaxColumns {
			fmt.Fprintf(&b, "RFF+%d:1'", i)
		}
		b.WriteString("UNT+16386+1'UNZ+1+1'")
		_, err := edi.Detect(t.Context(), strings.NewReader(b.String()), read.Part{}, read.Hints{})
		require.ErrorIs(t, err, read.ErrFormat)
		require.ErrorContains(t, err, "16384 columns")
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := edi.Detect(ctx, strings.NewReader("UNB+UNOA:1+A+B+240101:0000+1'"+message), read.Part{}, read.Hints{})
		require.ErrorIs(t, err, context.Canceled)
	})
	t.Run("packed and cut", func(t *testing.T) {
		file := []byte("UNB+UNOA:1+A+B+240101:0000+1'" + strings.Repeat(message, 20_000))
		packed := pack(t, file)
		d := dialect(t, packed[:len(packed)-10], read.Hints{})
		require.Equal(t, read.Gzip, d.Compression)
		r, err := edi.Open(t.Context(), bytes.NewReader(packed[:len(packed)-10]), d)
		require.NoError(t, err)
		_, err = readtest.Drain(t, r)
		require.ErrorIs(t, err, read.ErrTruncated)
		require.NoError(t, r.Close())
	})
	t.Run("something else", func(t *testing.T) {
		_, err := edi.Detect(t.Context(), strings.NewReader("a,b\n1,2\n"), read.Part{}, read.Hints{})
		require.ErrorIs(t, err, read.ErrFormat)
		require.False(t, edi.Is(read.Delimited, []byte("a,b")))
	})
	t.Run("disk fails", func(t *testing.T) {
		_, err := edi.Detect(t.Context(), failing{}, read.Part{}, read.Hints{})
		require.ErrorIs(t, err, errDisk)
	})
}

var errDisk = errors.New("disk fails")

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errDisk }
func (failing) Size() int64                       { return 1000 }

func TestIs(t *testing.T) {
	isa := string(files(t, "testdata/good/manifest.x12")["manifest.x12"])
	for name, c := range map[string]struct {
		head         string
		edifact, x12 bool
	}{
		"UNB":                  {"UNB+UNOA:1+A", true, false},
		"UNA":                  {"UNA:+.? '\r\nUNB+UNOA:1", true, false},
		"mark and blanks":      {"\uFEFF\r\n UNB+UNOC:3+A", true, false},
		"level B":              {"UNB\x1dUNOB\x1f1\x1dA", true, false},
		"UNA alone":            {"UNA:+.? 'hello", false, false},
		"UNB of something":     {"UNBELIEVABLE;1;2", false, false},
		"CSV":                  {"UNB,UNOA,1\n1,2,3\n", false, false},
		"ISA":                  {isa, false, true},
		"ISA without padding":  {"ISA*00**00**ZZ*A*ZZ*B*240101*0000*U*00401*1*0*P*>~GS*SO", false, true},
		"ISA with line breaks": {strings.ReplaceAll(isa, "~", ""), false, true},
		"ISA alone":            {"ISA*00*", false, false},
		"ISA of a table":       {"ISA,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\n1,2\n", false, false},
		"same separators":      {"ISA*00**00**ZZ*A*ZZ*B*240101*0000*U*00401*1*0*P**~GS*SO", false, false},
		"ISA and no group":     {"ISA*00**00**ZZ*A*ZZ*B*240101*0000*U*00401*1*0*P*>~XYZ*", false, false},
		"nothing":              {"", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.edifact, edi.Is(edi.EDIFACT, []byte(c.head)))
			assert.Equal(t, c.x12, edi.Is(edi.X12, []byte(c.head)))
		})
	}
}

func TestDialects(t *testing.T) {
	good := dialect(t, []byte("UNB+UNOA:1+A+B+240101:0000+1'UNH+1+X:D:95B:UN'BGM+1+1'UNT+3+1'UNZ+1+1'"), read.Hints{})
	for name, change := range map[string]func(*read.Dialect){
		"format":      func(d *read.Dialect) { d.Format = read.Delimited },
		"names":       func(d *read.Dialect) { d.Names = "" },
		"other names": func(d *read.Dialect) { d.Names = "a" + read.Between + "b" },
		"columns":     func(d *read.Dialect) { d.Columns = 3 },
		"record":      func(d *read.Dialect) { d.Record = "bay" },
		"encoding":    func(d *read.Dialect) { d.Encoding = "cuneiform" },
	} {
		t.Run(name, func(t *testing.T) {
			d := good
			change(&d)
			_, err := edi.Open(t.Context(), strings.NewReader(""), d)
			require.Error(t, err)
			_, err = edi.NewSpans(strings.NewReader(""), d)
			require.Error(t, err)
		})
	}
	good.Record, good.Compression, good.Columns = "", "", 0
	r, err := edi.Open(t.Context(), strings.NewReader(""), good)
	require.NoError(t, err, "what is left out is filled in")
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)
	require.Zero(t, r.Header().Number)
	require.Equal(t, strings.Split(good.Names, read.Between), r.Header().Names())
	t.Run("columns of another file", func(t *testing.T) {
		all := events(t, []byte("UNB+UNOA:1+A+B+240101:0000+1'UNH+1+X:D:95B:UN'BGM+1+1'RFF+BM:X'UNT+4+1'UNZ+1+1'"), good)
		require.Len(t, all, 1)
		require.Equal(t, read.Malformed, all[0].Bad.Reason)
		require.Contains(t, all[0].Bad.Detail, "RFF+BM is not among the columns")
	})
}

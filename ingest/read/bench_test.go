package read_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"rummage/ingest/read"
)

// benchRows is 22 short columns like those of a customs declaration.
func benchRows(n int, quoted bool, name string) []byte {
	var b bytes.Buffer
	cells := make([]string, 22)
	for i := range cells {
		cells[i] = fmt.Sprintf("column_%d", i)
	}
	b.WriteString(strings.Join(cells, ",") + "\n")
	for i := range n {
		row := fmt.Sprintf("%08d,2020-01-%02d,30,B,11,21,11,10,ZZR%dT6,%s%dN9,0VKY%d,,%06d,BE,CN,8.0,FEU1,G,%d.5,%d.4,0,1",
			i, i%28+1, i%90, name, i%3000, i%700, 10000+i%80000, i%1000, i%100000)
		if quoted {
			row = `"` + strings.ReplaceAll(row, ",", `","`) + `"`
		}
		b.WriteString(row + "\n")
	}
	return b.Bytes()
}

func benchRead(b *testing.B, file []byte, d read.Dialect, rows int) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := read.Open(context.Background(), bytes.NewReader(file), d)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			if _, err := r.Next(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkRead(b *testing.B) {
	const rows = 20000
	d := read.Dialect{Quote: `"`, Header: true}
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(benchRows(rows, false, "深圳市"))
	if err != nil {
		b.Fatal(err)
	}
	gbk := d
	gbk.Encoding = read.GB18030
	b.Run("plain", func(b *testing.B) { benchRead(b, benchRows(rows, false, "QLRU"), d, rows) })
	b.Run("utf8", func(b *testing.B) { benchRead(b, benchRows(rows, false, "深圳市"), d, rows) })
	b.Run("quoted", func(b *testing.B) { benchRead(b, benchRows(rows, true, "QLRU"), d, rows) })
	b.Run("gb18030", func(b *testing.B) { benchRead(b, gb, gbk, rows) })
	b.Run("stdlib", func(b *testing.B) { benchStdlib(b, benchRows(rows, false, "QLRU"), rows) })
	b.Run("stdlib-quoted", func(b *testing.B) { benchStdlib(b, benchRows(rows, true, "QLRU"), rows) })
}

// benchStdlib is the peer: encoding/csv with its reuse of records.
func benchStdlib(b *testing.B, file []byte, rows int) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(file))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

package workbook_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"rummage/ingest/format/workbook"
	"rummage/ingest/read"
)

// benchRows is a sheet of ten columns like those of a declaration: five texts, of
// which two repeat, three numbers, a day and an amount.
func benchRows(b *testing.B, rows int) []byte {
	return made(b, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		require.NoError(b, err)
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		require.NoError(b, err)
		require.NoError(b, w.SetRow("A1", []any{"id", "exporter", "importer", "goods", "hs", "day", "weight", "value", "country", "container"}))
		for i := range rows {
			require.NoError(b, w.SetRow(fmt.Sprintf("A%d", i+2), []any{
				i, fmt.Sprintf("EXPORTER %d LTD", i%3000), fmt.Sprintf("Importer %d 有限公司", i%700), fmt.Sprintf("goods of kind %d", i),
				10000 + i%80000, excelize.Cell{StyleID: day, Value: 44000 + i%1000}, float64(i%100000) / 10, float64(i) * 1.25, "HK", fmt.Sprintf("MSKU%07d", i),
			}))
		}
		require.NoError(b, w.Flush())
	})
}

// shared is a workbook as spreadsheet programs write it: its texts are shared.
func shared(b *testing.B, rows int) []byte {
	return made(b, func(f *excelize.File) {
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		require.NoError(b, err)
		for i := range rows {
			row(b, f, "Sheet1", i+1, i, fmt.Sprintf("EXPORTER %d LTD", i%3000), fmt.Sprintf("Importer %d 有限公司", i%700), fmt.Sprintf("goods of kind %d", i),
				10000+i%80000, 44000+i%1000, float64(i%100000)/10, float64(i)*1.25, "HK", fmt.Sprintf("MSKU%07d", i))
		}
		require.NoError(b, f.SetCellStyle("Sheet1", "F1", fmt.Sprintf("F%d", rows), day))
	})
}

func BenchmarkRead(b *testing.B) {
	const rows = 20000
	for _, c := range []struct {
		name string
		make func(*testing.B, int) []byte
	}{{"inline", benchRows}, {"shared", shared}} {
		file := c.make(b, rows)
		b.Run(c.name, func(b *testing.B) { benchRead(b, file) })
		b.Run(c.name+"-excelize", func(b *testing.B) { benchPeer(b, file) })
	}
}

func benchRead(b *testing.B, file []byte) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r, err := workbook.Open(b.Context(), bytes.NewReader(file), read.Dialect{Format: workbook.Format, Columns: 10})
		require.NoError(b, err)
		for {
			if _, err = r.Next(); err != nil {
				break
			}
			n++
		}
		require.True(b, errors.Is(err, io.EOF))
		require.NoError(b, r.Close())
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}

// benchPeer is excelize with its iterator, which gives neither styles nor types of
// cells, so that a day is a number or what the format of the cell makes of it.
func benchPeer(b *testing.B, file []byte) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(file))
		require.NoError(b, err)
		rows, err := f.Rows("Sheet1")
		require.NoError(b, err)
		for rows.Next() {
			_, err = rows.Columns()
			require.NoError(b, err)
			n++
		}
		require.NoError(b, rows.Close())
		require.NoError(b, f.Close())
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}

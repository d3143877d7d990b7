package parquet_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	library "github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"rummage/ingest/format/parquet"
)

// trade is a row of six columns like those of a list of transfers.
type trade struct {
	ID       int64   `parquet:"id"`
	Exporter string  `parquet:"exporter,dict"`
	Importer string  `parquet:"importer,dict"`
	Day      int32   `parquet:"day,date"`
	Value    float64 `parquet:"value"`
	Country  string  `parquet:"country,optional,dict"`
}

func BenchmarkRead(b *testing.B) {
	rows := make([]trade, 200_000)
	for i := range rows {
		rows[i] = trade{int64(i), fmt.Sprintf("EXPORTER %d LTD", i%3000), fmt.Sprintf("Importer %d 有限公司", i%700), int32(19000 + i%1000), float64(i) * 1.25, "HK"}
	}
	for name, options := range map[string][]library.WriterOption{
		"plain": nil, "zstd": {library.Compression(&library.Zstd)},
	} {
		file := written(b, rows, 100_000, options...)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				d, err := parquet.Detect(b.Context(), bytes.NewReader(file))
				require.NoError(b, err)
				r, err := parquet.Open(b.Context(), bytes.NewReader(file), d)
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
		})
	}
}

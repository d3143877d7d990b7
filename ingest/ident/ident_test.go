package ident_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/ingest/ident"
)

// vector is a text and what its rule says about it.
type vector struct {
	text, value string
	mark        ident.Mark
	expected    string
}

// vectors by the name of the rule.
var vectors = map[string][]vector{
	"container": {
		{"CSQU3054383", "CSQU3054383", ident.Fine, ""},
		{"csqu 305438-3", "CSQU3054383", ident.Fine, ""},
		{"CSQU305438(3)", "CSQU3054383", ident.Fine, ""},
		{"ＣＳＱＵ３０５４３８３", "CSQU3054383", ident.Fine, ""},
		{"MSKU9070323", "MSKU9070323", ident.Fine, ""},
		{"TOLU4734787", "TOLU4734787", ident.Fine, ""},
		{"CSQU3054384", "CSQU3054384", ident.CheckDigit, "3"},
		{"CSQU305438", "CSQU305438", ident.Format, "3"},
		{"CSQX3054383", "CSQX3054383", ident.Format, ""},
		{"CSQU30543833", "CSQU30543833", ident.Format, ""},
		{"12345678901", "12345678901", ident.Format, ""},
		{"N/A", "NA", ident.Blank, ""},
		{"", "", ident.Blank, ""},
		{" 0000000 ", "0000000", ident.Blank, ""},
	},
	"imo_ship": {
		{"9074729", "9074729", ident.Fine, ""},
		{"IMO 9074729", "9074729", ident.Fine, ""},
		{"IMO No. 9187629", "9187629", ident.Fine, ""},
		{"9187655", "9187655", ident.Fine, ""},
		{"9074728", "9074728", ident.CheckDigit, "9"},
		{"0000000", "0000000", ident.Blank, ""},
		{"907472", "907472", ident.Format, ""},
		{"907472A", "907472A", ident.Format, ""},
	},
	"imo_company": {
		{"5342883", "5342883", ident.Fine, ""},
		{"IMO 5848165", "5848165", ident.Fine, ""},
		{"5820255", "5820255", ident.Fine, ""},
		{"9074729", "9074729", ident.CheckDigit, "2"},
		{"TBN", "TBN", ident.Blank, ""},
		{"12345678", "12345678", ident.Format, ""},
	},
	"mmsi": {
		{"572469210", "572469210", ident.Fine, ""},
		{"MMSI 256842000", "256842000", ident.Fine, ""},
		{"002442000", "002442000", ident.Unknown, ""},
		{"970012345", "970012345", ident.Unknown, ""},
		{"25684200", "25684200", ident.Format, ""},
		{"111111111", "111111111", ident.Blank, ""},
	},
	"hs": {
		{"85", "85", ident.Fine, ""},
		{"11", "11", ident.Fine, ""},
		{"8517", "8517", ident.Fine, ""},
		{"8517.13", "851713", ident.Fine, ""},
		{"8517 13 00 10", "8517130010", ident.Fine, ""},
		{"851713001", "851713001", ident.Fine, ""},
		{"010121", "010121", ident.Fine, ""},
		{"10121", "10121", ident.Format, "010121"},
		{"1", "1", ident.Format, "01"},
		{"101210000", "101210000", ident.Format, "0101210000"},
		{"85171", "85171", ident.Format, ""},
		{"851712", "851712", ident.Unknown, ""},
		{"8500", "8500", ident.Unknown, ""},
		{"7701", "7701", ident.Reserved, ""},
		{"9801", "9801", ident.Reserved, ""},
		{"999999", "999999", ident.Reserved, ""},
		{"001234", "001234", ident.Format, ""},
		{"000000", "000000", ident.Blank, ""},
		{"0", "0", ident.Blank, ""},
		{"8517130000123", "8517130000123", ident.Format, ""},
		{"85A7", "85A7", ident.Format, ""},
		{"-", "", ident.Blank, ""},
	},
	"locode": {
		{"CNSHA", "CNSHA", ident.Fine, ""},
		{"cn sha", "CNSHA", ident.Fine, ""},
		{"USNY9", "USNY9", ident.Fine, ""},
		{"XZABC", "XZABC", ident.Fine, ""},
		{"QQSHA", "QQSHA", ident.Unknown, ""},
		{"UKLON", "UKLON", ident.Discouraged, "GBLON"},
		{"ANCUR", "ANCUR", ident.Fine, ""},
		{"CNSH1", "CNSH1", ident.Format, ""},
		{"C1SHA", "C1SHA", ident.Format, ""},
		{"SHA", "SHA", ident.Format, ""},
		{"XXXXX", "XXXXX", ident.Blank, ""},
	},
	"country": {
		{"KR", "KR", ident.Fine, ""},
		{"kor", "KR", ident.Fine, ""},
		{"NA", "NA", ident.Fine, ""},
		{"n/a", "NA", ident.Blank, ""},
		{"XK", "XK", ident.Fine, ""},
		{"UK", "UK", ident.Discouraged, "GB"},
		{"SUN", "SU", ident.Discouraged, ""},
		{"ZAR", "ZR", ident.Discouraged, "CD"},
		{"QQ", "QQ", ident.Blank, ""},
		{"QX", "QX", ident.Unknown, ""},
		{"QXQ", "QXQ", ident.Unknown, ""},
		{"K1", "K1", ident.Format, ""},
		{"K1R", "K1R", ident.Format, ""},
		{"Korea", "KOREA", ident.Format, ""},
		{"", "", ident.Blank, ""},
	},
	"currency": {
		{"USD", "USD", ident.Fine, ""},
		{"krw", "KRW", ident.Fine, ""},
		{"AED", "AED", ident.Fine, ""},
		{"ZWG", "ZWG", ident.Fine, ""},
		{"DEM", "DEM", ident.Discouraged, "EUR"},
		{"BGN", "BGN", ident.Discouraged, "EUR"},
		{"TRL", "TRL", ident.Discouraged, "TRY"},
		{"QQX", "QQX", ident.Unknown, ""},
		{"NIL", "NIL", ident.Blank, ""},
		{"US", "US", ident.Format, ""},
		{"$", "$", ident.Format, ""},
	},
	"air_waybill": {
		{"125-12345675", "125-12345675", ident.Fine, ""},
		{"12512345675", "125-12345675", ident.Fine, ""},
		{"125 1234 5675", "125-12345675", ident.Fine, ""},
		{"125-12345676", "125-12345676", ident.CheckDigit, "5"},
		{"125-1234567", "1251234567", ident.Format, ""},
		{"125-1234567A", "1251234567A", ident.Format, ""},
	},
	"postal_item": {
		{"RR473124829GB", "RR473124829GB", ident.Fine, ""},
		{"rr 473 124 829 gb", "RR473124829GB", ident.Fine, ""},
		{"RR473124828GB", "RR473124828GB", ident.CheckDigit, "9"},
		{"RR000000005GB", "RR000000005GB", ident.Fine, ""},
		{"RR000000080GB", "RR000000080GB", ident.Fine, ""},
		{"RR473124829QX", "RR473124829QX", ident.Unknown, ""},
		{"R1473124829GB", "R1473124829GB", ident.Format, ""},
	},
	"lei": {
		{"5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12", ident.Fine, ""},
		{"HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT394", ident.Fine, ""},
		{"LEI: HWUPKR0MPOU8FGXBT394", "HWUPKR0MPOU8FGXBT394", ident.Fine, ""},
		{"HWUPKR0MPOU8FGXBT395", "HWUPKR0MPOU8FGXBT395", ident.CheckDigit, "94"},
		{"HWUPKR0MPOU8FGXBT3", "HWUPKR0MPOU8FGXBT3", ident.Format, ""},
		{"HWUPKR0MPOU8FGXBéT94", "HWUPKR0MPOU8FGXBÉT94", ident.Format, ""},
		{"HWUPKR0MPOU8FGXÉBT94", "HWUPKR0MPOU8FGXÉBT94", ident.Format, ""},
	},
	"uscc_cn": {
		{"91350100M000100Y43", "91350100M000100Y43", ident.Fine, ""},
		{"91350100-M000100Y4-3", "91350100M000100Y43", ident.Fine, ""},
		{"91350100M000100Y44", "91350100M000100Y44", ident.CheckDigit, "3"},
		{"91350100I000100Y43", "91350100I000100Y43", ident.Format, ""},
		{"000000000000000000", "000000000000000000", ident.Blank, ""},
		{"91350100", "91350100", ident.Format, ""},
	},
	"abn": {
		{"51 824 753 556", "51824753556", ident.Fine, ""},
		{"ABN 51824753556", "51824753556", ident.Fine, ""},
		{"51824753557", "51824753557", ident.CheckDigit, "32"},
		{"5182475355", "5182475355", ident.Format, ""},
	},
	"brn_kr": {
		{"124-81-00998", "1248100998", ident.Fine, ""},
		{"220-81-62517", "2208162517", ident.Fine, ""},
		{"124-81-00999", "1248100999", ident.CheckDigit, "8"},
		{"124-81-0099", "124810099", ident.Format, ""},
		{"000-00-00000", "0000000000", ident.Blank, ""},
	},
	"corporate_jp": {
		{"7000012050002", "7000012050002", ident.Fine, ""},
		{"1180301018771", "1180301018771", ident.Fine, ""},
		{"T1180301018771", "1180301018771", ident.Fine, ""},
		{"2180301018771", "2180301018771", ident.CheckDigit, "1"},
		{"118030101877", "118030101877", ident.Format, ""},
	},
	"hkid": {
		{"A123456(3)", "A1234563", ident.Fine, ""},
		{"AB987654(3)", "AB9876543", ident.Fine, ""},
		{"A123456(4)", "A1234564", ident.CheckDigit, "3"},
		{"A123456B", "A123456B", ident.Format, ""},
		{"1123456(3)", "11234563", ident.Format, ""},
		{"ABC123456(3)", "ABC1234563", ident.Format, ""},
	},
	"seal": {
		{"sl-123 456", "SL123456", ident.Fine, ""},
		{"12", "12", ident.Fine, ""},
		{"", "", ident.Blank, ""},
		{"N/A", "NA", ident.Blank, ""},
		{"No Seal", "NOSEAL", ident.Blank, ""},
		{"0000", "0000", ident.Blank, ""},
		{"XXXXX", "XXXXX", ident.Blank, ""},
		{"無", "無", ident.Blank, ""},
		{"SEALED", "SEALED", ident.Format, ""},
		{"7", "7", ident.Format, ""},
		{"12é4", "12É4", ident.Format, ""},
	},
	"bill_of_lading": {
		{"MAEU 123456789", "MAEU123456789", ident.Fine, ""},
		{"hlcu-sha/2101abcd", "HLCUSHA2101ABCD", ident.Fine, ""},
		{"TBA", "TBA", ident.Blank, ""},
		{"123", "123", ident.Format, ""},
		{"PENDING", "PENDING", ident.Format, ""},
		{strings.Repeat("1A", 18), strings.Repeat("1A", 18), ident.Format, ""},
	},
}

func TestVectors(t *testing.T) {
	for _, rule := range ident.Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			require.NotEmpty(t, vectors[rule.Name], "a rule without vectors")
			marks := map[ident.Mark]bool{}
			for _, v := range vectors[rule.Name] {
				require.Equal(t, ident.Result{Value: v.value, Mark: v.mark, Expected: v.expected}, rule.Check(v.text), "%q", v.text)
				marks[v.mark] = true
			}
			require.GreaterOrEqual(t, len(marks), 3, "good and bad vectors")
			require.Equal(t, rule.Checked, marks[ident.CheckDigit])
		})
	}
}

// replace puts c at index i of text.
func replace(text string, i int, c byte) string { return text[:i] + string(c) + text[i+1:] }

// TestOneWrongDigitIsFound makes valid numbers with the check digits that the
// rules expect, changes one digit, and demands that it shows wherever the scheme
// guarantees that.
func TestOneWrongDigitIsFound(t *testing.T) {
	cases := []struct {
		rule, form string // form: a regular expression for numbers, check digits 0
		check      int    // index of the check digits
		// blind says whether a change from one digit to another under a check
		// digit escapes the scheme.
		blind func(was, is, check byte) bool
	}{
		// Remainders 0 and 10 share the digit 0.
		{"container", `[A-Z]{3}U[0-9]{6}0`, 10, func(_, _, check byte) bool { return check == '0' }},
		{"imo_company", `5[0-9]{5}0`, 6, func(_, _, check byte) bool { return check == '1' }},
		{"air_waybill", `[0-9]{3}-[0-9]{7}0`, 11, func(was, is, _ byte) bool { return was-is == 7 || is-was == 7 }},
		{"postal_item", `RR[0-9]{8}0GB`, 10, func(_, _, check byte) bool { return check == '5' }},
		{"lei", `[A-Z0-9]{18}00`, 18, nil},
		{"uscc_cn", `9[0-9]{15}X0`, 17, nil},
		{"abn", `00[0-9]{8}1`, 0, nil},
		{"brn_kr", `[1-9][0-9]{8}0`, 9, nil},
		{"corporate_jp", `0[0-9]{11}1`, 0, func(was, is, _ byte) bool { return was-is == 9 || is-was == 9 }},
		{"hkid", `[A-Z]{1,2}[0-9]{6}0`, -1, nil},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			rule, ok := ident.Lookup(c.rule)
			require.True(t, ok)
			rapid.Check(t, func(t *rapid.T) {
				text := rapid.StringMatching(c.form).Draw(t, "number")
				at := c.check
				if at < 0 {
					at = len(text) - 1
				}
				if r := rule.Check(text); r.Mark == ident.CheckDigit {
					text = text[:at] + r.Expected + text[at+len(r.Expected):]
				}
				require.Contains(t, []ident.Mark{ident.Fine, ident.Discouraged}, rule.Check(text).Mark, text)

				type change struct {
					i  int
					is byte
				}
				var changes []change
				for i := range text {
					airline := c.rule == "air_waybill" && i < 3
					checks := i >= at && (i == at || i < at+2 && (c.rule == "abn" || c.rule == "lei"))
					if text[i] < '0' || text[i] > '9' || airline || checks {
						continue
					}
					for is := byte('0'); is <= '9'; is++ {
						if is != text[i] && (c.blind == nil || !c.blind(text[i], is, text[at])) {
							changes = append(changes, change{i, is})
						}
					}
				}
				if len(changes) == 0 {
					return
				}
				made := rapid.SampledFrom(changes).Draw(t, "change")
				i, is := made.i, made.is
				wrong := replace(text, i, is)
				require.Equal(t, ident.CheckDigit, rule.Check(wrong).Mark, "%s for %s", wrong, text)
			})
		})
	}
}

// TestShipNumberFindsOddWeights: modulo 10, only digits under weights without a
// common factor are guarded against every change.
func TestShipNumberFindsOddWeights(t *testing.T) {
	for _, i := range []int{0, 4} {
		for c := byte('0'); c <= '9'; c++ {
			wrong := replace("9074729", i, c)
			require.Equal(t, wrong == "9074729", ident.IMOShip(wrong).Mark == ident.Fine, wrong)
		}
	}
}

func TestDiscouragedContainer(t *testing.T) {
	found := 0
	for n := range 100 {
		text := "MSKU0000" + string(byte('0'+n/10)) + string(byte('0'+n%10)) + "0"
		if r := ident.Container(text); r.Mark == ident.Discouraged {
			found++
			require.Equal(t, ident.CheckDigit, ident.Container(text[:10]+"5").Mark)
			require.Equal(t, "0", ident.Container(text[:10]+"5").Expected)
		}
	}
	require.Positive(t, found)
}

func TestContainerNear(t *testing.T) {
	near := ident.ContainerNear("CSQU3054384")
	require.Contains(t, near, "CSQU3054383")
	require.True(t, slices.IsSorted(near))
	require.NotContains(t, near, "CSQU3054384")
	for _, n := range near {
		require.NotEqual(t, ident.CheckDigit, ident.Container(n).Mark)
	}
	require.Contains(t, ident.ContainerNear("CSQU3504383"), "CSQU3054383", "neighbours swapped")
	require.Nil(t, ident.ContainerNear("CSQU305438"))
	require.Nil(t, ident.ContainerNear("hello"))
}

func TestIssuer(t *testing.T) {
	for text, want := range map[string][2]string{
		"MAEU123456789": {"MAEU", "123456789"}, "CN1": {"CN", "1"}, "A1": {"", "A1"},
		"ABCDE1": {"", "ABCDE1"}, "123": {"", "123"}, "MAEU": {"", "MAEU"}, "": {"", ""},
	} {
		issuer, number := ident.Issuer(text)
		require.Equal(t, want, [2]string{issuer, number}, text)
	}
}

func TestExplain(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range []ident.Mark{ident.Fine, ident.Blank, ident.Format, ident.CheckDigit, ident.Discouraged, ident.Unknown, ident.Reserved} {
		require.NotContains(t, m.Explain(), "unknown mark")
		seen[m.Explain()] = true
	}
	require.Len(t, seen, 7)
	require.Equal(t, "unknown mark", ident.Mark("x").Explain())
	require.Equal(t, "its check digits do not fit the rest: a keying error, or an invented number; expected 3", ident.Container("CSQU3054384").Explain())
	require.Equal(t, "nothing is wrong with it", ident.Container("CSQU3054383").Explain())
}

func TestRules(t *testing.T) {
	names := map[string]bool{}
	for _, r := range ident.Rules() {
		require.NotEmpty(t, r.Title)
		names[r.Name] = true
	}
	require.Len(t, names, len(vectors), "vectors for rules that do not exist")
	require.True(t, slices.IsSortedFunc(ident.Rules(), func(a, b ident.Rule) int { return strings.Compare(a.Name, b.Name) }))
	_, ok := ident.Lookup("shoe_size")
	require.False(t, ok)
	hkid, _ := ident.Lookup("hkid")
	require.True(t, hkid.Personal)
}

// TestNormalTextCostsNothing: ingest checks several identifiers a row.
func TestNormalTextCostsNothing(t *testing.T) {
	for _, rule := range ident.Rules() {
		for _, v := range vectors[rule.Name] {
			if v.mark == ident.Fine && v.text == v.value {
				rule.Check(v.text) // unpack the tables
				require.Zero(t, testing.AllocsPerRun(100, func() { rule.Check(v.text) }), "%s %q", rule.Name, v.text)
			}
		}
	}
}

func FuzzRules(f *testing.F) {
	for _, list := range vectors {
		for _, v := range list {
			f.Add(v.text)
		}
	}
	f.Add("\xff\x00香港ß")
	f.Fuzz(func(t *testing.T, text string) {
		for _, rule := range ident.Rules() {
			r := rule.Check(text)
			if r.Mark == ident.Fine || r.Mark == ident.Discouraged || r.Mark == ident.CheckDigit {
				again := rule.Check(r.Value)
				require.Equal(t, r, again, "%s of its own value", rule.Name)
			}
			if utf8.ValidString(text) {
				require.True(t, utf8.ValidString(r.Value))
			}
			require.NotEqual(t, "unknown mark", r.Mark.Explain())
		}
		ident.ContainerNear(text)
		ident.HSDescribe(text)
		ident.HSSection(text)
		ident.HSOf(text, ident.HS2017)
		ident.Port(text)
		ident.PortsNamed(text)
		ident.CountryName(text)
		issuer, number := ident.Issuer(text)
		require.Equal(t, text, issuer+number)
	})
}

func BenchmarkRules(b *testing.B) {
	for _, rule := range ident.Rules() {
		for _, v := range vectors[rule.Name] {
			if v.mark == ident.Fine && v.text == v.value {
				b.Run(rule.Name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						rule.Check(v.text)
					}
				})
				break
			}
		}
	}
}

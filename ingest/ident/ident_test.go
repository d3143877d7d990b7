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

// vectorsOf returns those of one rule.
func vectorsOf(rule string) []vector {
	return slices.Concat(tradeVectors[rule], companyVectors[rule], personVectors[rule])
}

func TestVectors(t *testing.T) {
	for _, rule := range ident.Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			require.NotEmpty(t, vectorsOf(rule.Name), "a rule without vectors")
			marks := map[ident.Mark]bool{}
			for _, v := range vectorsOf(rule.Name) {
				want := ident.Result{Value: v.value, Mark: v.mark, Expected: v.expected, Person: persons[rule.Name+" "+v.text]}
				require.Equal(t, want, rule.Check(v.text), "%q", v.text)
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
		{"aadhaar_in", `[2-9][0-9]{10}0`, 11, nil},
		{"cnpj_br", `[1-9A-Z][0-9A-Z]{11}00`, 12, func(_, _, check byte) bool { return check == '0' }},
		{"mst_vn", `[1-9][0-9]{8}0`, 9, nil},
		{"nit_co", `8[0-9]{8}0`, 9, func(_, _, check byte) bool { return check == '1' }},
		{"nric_sg", `[STFGM][0-9]{7}A`, 8, nil},
		{"ric_cn", `11010519491231[0-9]{3}0`, 17, nil},
		{"rut_cl", `[1-9][0-9]{7}0`, 8, nil},
		{"vat", `DE[1-9][0-9]{7}0`, 10, nil},
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
					if r.Expected == "" {
						return // the scheme gives no such number
					}
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
					checks := i >= at && (i == at || i < at+2 && (c.rule == "abn" || c.rule == "lei" || c.rule == "cnpj_br"))
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
				require.NotContains(t, []ident.Mark{ident.Fine, ident.Discouraged}, rule.Check(wrong).Mark, "%s for %s", wrong, text)
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
	require.Len(t, names, len(tradeVectors)+len(companyVectors)+len(personVectors), "vectors for rules that do not exist")
	require.True(t, slices.IsSortedFunc(ident.Rules(), func(a, b ident.Rule) int { return strings.Compare(a.Name, b.Name) }))
	_, ok := ident.Lookup("shoe_size")
	require.False(t, ok)
	hkid, _ := ident.Lookup("hkid")
	require.True(t, hkid.Personal)
}

// TestNormalTextCostsNothing: ingest checks several identifiers a row.
func TestNormalTextCostsNothing(t *testing.T) {
	for _, rule := range ident.Rules() {
		for _, v := range vectorsOf(rule.Name) {
			if v.mark == ident.Fine && v.text == v.value {
				rule.Check(v.text) // unpack the tables
				require.Zero(t, testing.AllocsPerRun(100, func() { rule.Check(v.text) }), "%s %q", rule.Name, v.text)
			}
		}
	}
}

func FuzzRules(f *testing.F) {
	for _, rule := range ident.Rules() {
		for _, v := range vectorsOf(rule.Name) {
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
		ident.Guess(text)
		ident.ParseSeal(text)
		ident.MMSIOf(text)
		ident.CallSignCountry(text)
		ident.AsPseudonym("hkid", text)
		ident.PortsNamed(text)
		ident.CountryName(text)
		issuer, number := ident.Issuer(text)
		require.Equal(t, text, issuer+number)
	})
}

func BenchmarkRules(b *testing.B) {
	for _, rule := range ident.Rules() {
		for _, v := range vectorsOf(rule.Name) {
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

package ident_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"rummage/ingest/ident"
)

var update = flag.Bool("update", false, "write data/country_names.tsv from the tables of x/text")

func TestHS(t *testing.T) {
	require.Equal(t, "Telephone sets; smartphones for cellular or other wireless networks", ident.HSDescribe("851713"))
	require.Equal(t, ident.HSDescribe("851713"), ident.HSDescribe("8517130010"), "national lines by their subheading")
	require.Contains(t, ident.HSDescribe("851712"), "Telephone sets", "an unknown subheading by its heading")
	require.Equal(t, ident.HSDescribe("85"), ident.HSDescribe("8500"))
	require.Empty(t, ident.HSDescribe("77"))
	require.Empty(t, ident.HSDescribe("8"))

	number, title := ident.HSSection("8517")
	require.Equal(t, "XVI", number)
	require.Contains(t, title, "Machinery")
	for _, code := range []string{"", "8", "77", "99"} {
		number, title = ident.HSSection(code)
		require.Empty(t, number+title, code)
	}

	chapters, headings, subheadings := 0, 0, 0
	for n := range 1_000_000 {
		code := string([]byte{byte('0' + n/100000), byte('0' + n/10000%10), byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
		if ident.HS(code).Mark == ident.Fine {
			subheadings++
			require.NotEmpty(t, ident.HSDescribe(code))
		}
		if n%100 == 0 && ident.HS(code[:4]).Mark == ident.Fine {
			headings++
		}
		if n%10000 == 0 && ident.HS(code[:2]).Mark == ident.Fine {
			chapters++
			section, title := ident.HSSection(code)
			require.NotEmpty(t, section)
			require.NotEmpty(t, title)
		}
	}
	require.Equal(t, []int{96, 1228, 5612}, []int{chapters, headings, subheadings})
}

func TestHSEditions(t *testing.T) {
	require.Equal(t, ident.Unknown, ident.HSOf("851712", ident.HS2022).Mark)
	require.Equal(t, ident.Fine, ident.HSOf("851712", ident.HS2017).Mark, "only the form is checked")
	require.Equal(t, ident.Reserved, ident.HSOf("770000", ident.HS2012).Mark)
	require.Equal(t, ident.Result{Value: "10121", Mark: ident.Format}, ident.HSOf("10121", ident.HS2007))
}

func TestPortNames(t *testing.T) {
	hk, ok := ident.Port("HKHKG")
	require.True(t, ok)
	require.Equal(t, "58201", hk.ScheduleK)
	for _, name := range []string{"HONG KONG", "HKG", "Port of Hong Kong", "hong-kong", "Hong Kong, HK", "香港", "홍콩", "ＨＯＮＧ　ＫＯＮＧ"} {
		require.Equal(t, []ident.Place{hk}, ident.PortsNamed(name), name)
	}
	require.Equal(t, []ident.Place{hk}, ident.PortsAt("58201"))
	require.Empty(t, ident.PortsAt("00001"))
	require.Greater(t, len(ident.PortsAt("20100")), 1, "smaller ports of a coast under one number")

	shanghai, ok := ident.Port("CNSHA")
	require.True(t, ok)
	second, ok := ident.Port("CNSGH")
	require.True(t, ok)
	require.Equal(t, "CNSHA", second.Main)
	require.Equal(t, []ident.Place{shanghai}, ident.PortsNamed("Shanghai"), "a port with two codes is one port")
	require.Empty(t, ident.PortsNamed(""))
	require.Empty(t, ident.PortsNamed(strings.Repeat("Atlantis ", 100)))
	require.Empty(t, ident.PortsNamed("\xff\xfe"))
}

// Every name and alias of the aliases table leads to its port, alone or among
// others; Schedule K numbers lead to places of their own.
func TestEveryPortIsFound(t *testing.T) {
	text, err := os.ReadFile("data/port_aliases.tsv")
	require.NoError(t, err)
	for row := range strings.Lines(string(text)) {
		code, names, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		p, ok := ident.Port(code)
		require.True(t, ok, code)
		for name := range strings.SplitSeq(names, "|") {
			require.Contains(t, p.Aliases, name)
			require.Contains(t, ident.PortsNamed(name), p, name)
		}
	}
}

func TestPorts(t *testing.T) {
	hk, ok := ident.Port("HKHKG")
	require.True(t, ok)
	require.Equal(t, "Hong Kong", hk.Name)
	require.True(t, hk.Located)
	require.InDelta(t, 22.4, hk.Lat, 0.3)
	require.InDelta(t, 114.1, hk.Lon, 0.3)

	fuzhou, ok := ident.Port("CNFOC")
	require.True(t, ok)
	require.False(t, fuzhou.Located)
	require.Contains(t, fuzhou.Aliases, "Foochow")
	require.Equal(t, []ident.Place{fuzhou}, ident.PortsNamed(" FOOCHOW "))

	_, ok = ident.Port("HKXXX")
	require.False(t, ok)
	require.Empty(t, ident.PortsNamed("Atlantis"))
	named := ident.PortsNamed("Cartagena")
	require.Greater(t, len(named), 1, "names are shared")
	for _, p := range named {
		require.Equal(t, ident.Fine, ident.Locode(p.Code).Mark)
	}
}

// countryLanguages are those of the columns of the table of names.
var countryLanguages = []language.Tag{
	language.English, language.SimplifiedChinese, language.TraditionalChinese, language.Spanish, language.Portuguese, language.French,
	language.Korean, language.Japanese, language.Vietnamese, language.Indonesian, language.Malay, language.Thai, language.Russian, language.Arabic,
	language.German, language.Italian, language.Dutch, language.Turkish, language.Polish, language.Czech, language.Greek, language.Ukrainian,
	language.Kazakh, language.Mongolian, language.Khmer, language.Lao, language.Burmese, language.Hindi, language.Bengali, language.Persian,
}

// TestCountryNamesAgainstUnicode compares names and numbers with those in x/text;
// -update writes them anew.
func TestCountryNamesAgainstUnicode(t *testing.T) {
	var b strings.Builder
	for a := 'A'; a <= 'Z'; a++ {
		for c := 'A'; c <= 'Z'; c++ {
			code := string([]rune{a, c})
			region, err := language.ParseRegion(code)
			if ident.Country(code).Mark != ident.Fine || err != nil || !region.IsCountry() {
				continue
			}
			number := ""
			if n := region.M49(); n > 0 && n < 1000 && code != "XK" {
				number = fmt.Sprintf("%03d", n)
			}
			fmt.Fprintf(&b, "%s\t%s", code, number)
			for _, tag := range countryLanguages {
				b.WriteString("\t" + display.Regions(tag).Name(region))
			}
			b.WriteByte('\n')
		}
	}
	const file = "data/country_names.tsv"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
		return
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(text))
	for row := range strings.Lines(b.String()) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		require.Len(t, f, 2+len(countryLanguages))
		require.Equal(t, f[1], ident.CountryNumber(f[0]))
		require.Equal(t, f[0], ident.CountryNamed(ident.CountryName(f[0])).Value)
		for i, name := range f[2:] {
			require.Equal(t, ident.Fine, ident.CountryNamed(name).Mark, "%s: %s", countryLanguages[i], name)
		}
		require.Equal(t, f[0], ident.CountryNamed(f[2]).Value, f[2])
	}
}

// TestCountriesAgainstUnicode compares the table with the one in x/text, which
// comes from the Unicode consortium.
func TestCountriesAgainstUnicode(t *testing.T) {
	listed := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r := ident.Country(code)
			if r.Mark != ident.Fine {
				continue
			}
			listed++
			require.NotEmpty(t, ident.CountryName(code))
			if code == "XZ" || code == "XK" {
				continue
			}
			region, err := language.ParseRegion(code)
			require.NoError(t, err, code)
			require.True(t, region.IsCountry(), code)
			require.Equal(t, code, region.Canonicalize().String())
			require.Equal(t, ident.Result{Value: code}, ident.Country(region.ISO3()))
		}
	}
	require.Equal(t, 249+2, listed, "ISO 3166-1 has 249 codes; Kosovo and international waters besides")
	require.Empty(t, ident.CountryName("QX"))
	require.Empty(t, ident.CountryName("KOR"))
	require.Equal(t, "Viet Nam", ident.CountryName("VN"))
}

// TestCurrenciesAgainstUnicode does the same for what is legal tender.
func TestCurrenciesAgainstUnicode(t *testing.T) {
	changed := map[string]bool{"BGN": true, "HRK": true, "CUC": true, "MRO": true, "SLL": true, "VEF": true, "BYR": true, "ANG": true, "ZWL": true, "STD": true}
	n := 0
	for it := currency.Query(currency.NonTender, currency.Historical); it.Next(); {
		code := it.Unit().String()
		_, ended := it.To()
		if ended || !it.IsTender() || changed[code] {
			continue
		}
		n++
		require.Equal(t, ident.Fine, ident.Currency(code).Mark, code)
	}
	require.Greater(t, n, 140)
	for code := range changed {
		r := ident.Currency(code)
		require.Equal(t, ident.Discouraged, r.Mark, code)
		require.Equal(t, ident.Fine, ident.Currency(r.Expected).Mark, "%s became %s", code, r.Expected)
	}
}

func TestEverySuccessorIsInUse(t *testing.T) {
	found := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				code := string([]rune{a, b, c})
				r := ident.Currency(code)
				if r.Mark == ident.Discouraged {
					found++
					require.Equal(t, ident.Fine, ident.Currency(r.Expected).Mark, "%s became %s", code, r.Expected)
				}
				if r.Mark == ident.Fine {
					found++
				}
			}
		}
	}
	require.Equal(t, 171+22+37, found)
}

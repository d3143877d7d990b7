package ident_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/ingest/ident"
)

func TestNamesOfCodes(t *testing.T) {
	for got, want := range map[string]string{
		ident.UnitName("KGM"): "kilogram", ident.PackageName("CT"): "carton", ident.TransportModeName("4"): "air transport",
		ident.IncotermName("CIF"): "cost, insurance and freight", ident.UnitName("QQQ"): "", ident.PackageName("Q9"): "",
		ident.CountryNumber("KR"): "410", ident.CountryNumber("UK"): "", ident.CountryNumber("korea"): "", ident.CountryNumber("QX"): "",
		ident.ChineseName("CN", false): "中国", ident.ChineseName("CN", true): "中國", ident.ChineseName("QX", true): "",
		ident.ChineseName("china", true): "", ident.ScheduleCCountry("5800"): "KR", ident.ScheduleCCountry("1"): "",
	} {
		assert.Equal(t, want, got)
	}
}

// Every line of a list passes its own rule, and every spelling leads to its code.
func TestLists(t *testing.T) {
	for file, rule := range map[string]func(string) ident.Result{
		"units": ident.Unit, "packages": ident.Package, "modes": ident.TransportMode, "incoterms": ident.Incoterm, "schedule_c": ident.ScheduleC,
	} {
		text, err := os.ReadFile("data/" + file + ".tsv")
		require.NoError(t, err)
		var codes []string
		for row := range strings.Lines(string(text)) {
			f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
			codes = append(codes, f[0])
			r := rule(f[0])
			assert.Contains(t, []ident.Mark{ident.Fine, ident.Discouraged}, r.Mark, "%s: %s", file, f[0])
			assert.Equal(t, f[0], r.Value)
			if file == "units" || file == "packages" {
				assert.NotEmpty(t, f[1], f[0])
				for s := range strings.FieldsSeq(f[2]) {
					assert.Equal(t, ident.Result{Value: f[0]}, rule(s), s)
				}
			}
			if file == "schedule_c" {
				assert.Equal(t, f[1], ident.ScheduleCCountry(f[0]))
				assert.NotEmpty(t, ident.CountryName(f[1]), f[1])
			}
		}
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(codes))), len(codes), "%s: codes once each", file)
	}
}

func TestRadio(t *testing.T) {
	for value, want := range map[string][2]string{
		"477123400": {"ship", "HK"}, "002442000": {"coast", "NL"}, "041212345": {"group", "CN"}, "111232506": {"aircraft", "GB"},
		"841212345": {"hand set", "CN"}, "984121234": {"craft", "CN"}, "994121234": {"aid to navigation", "CN"}, "970012345": {"beacon", ""},
		"972012345": {"beacon", ""}, "299123400": {"ship", ""}, "971123456": {"", ""}, "123456789": {"", ""}, "1234": {"", ""},
	} {
		station, country := ident.MMSIOf(value)
		assert.Equal(t, want, [2]string{station, country}, value)
	}
	for value, want := range map[string]string{
		"VRAB9": "HK", "9V1234": "SG", "HP1234": "PA", "3DAB": "SZ", "3DNB": "FJ", "SSA1": "EG", "SSNA": "SD", "W1AW": "US", "A8AB": "LR",
		"5LAB": "LR", "BAAA": "CN", "D5AB": "LR", "V7AB2": "MH", "": "", "Q": "", "QAA": "",
	} {
		assert.Equal(t, want, ident.CallSignCountry(value), value)
	}
	for _, file := range []string{"mid", "call_signs"} {
		text, err := os.ReadFile("data/" + file + ".tsv")
		require.NoError(t, err)
		for row := range strings.Lines(string(text)) {
			f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
			assert.Equal(t, ident.Fine, ident.Country(f[len(f)-1]).Mark, row)
			if file == "mid" {
				_, country := ident.MMSIOf(f[0] + "000000")
				assert.Equal(t, f[1], country)
			} else {
				assert.Equal(t, f[2], ident.CallSignCountry(f[0]), row)
				assert.Equal(t, f[2], ident.CallSignCountry(f[1]), row)
			}
		}
	}
}

func TestParseSeal(t *testing.T) {
	for text, want := range map[string]ident.SealMark{
		"ML-CN 1234567 H": {Maker: "MLCN", Serial: "1234567", Class: 'H'}, "ML1234567(S)": {Maker: "ML", Serial: "1234567", Class: 'S'},
		"ML1234567 i": {Maker: "ML", Serial: "1234567", Class: 'I'}, "ML1234567H": {Maker: "ML", Serial: "1234567H"}, "1234567": {Serial: "1234567"},
		"ML1234567 A": {Maker: "ML", Serial: "1234567A"},
	} {
		got, ok := ident.ParseSeal(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "N/A", "H", " H", "(S)", "NO SEAL", "0000"} {
		_, ok := ident.ParseSeal(text)
		assert.False(t, ok, text)
	}
	assert.NotEqual(t, ident.SealMark{Maker: "A", Serial: "1"}.Key(), ident.SealMark{Serial: "A1"}.Key(), "makers number alike")
}

func TestFunctions(t *testing.T) {
	functions, ok := ident.Functions("1-345--B")
	require.True(t, ok)
	var names []string
	for _, f := range functions {
		names = append(names, f.String())
	}
	require.Equal(t, []string{"port", "road terminal", "airport", "postal exchange", "border crossing"}, names)
	functions, ok = ident.Functions("0-------")
	require.True(t, ok)
	require.Empty(t, functions)
	all, ok := ident.Functions("12345678B")
	require.True(t, ok)
	seen := map[string]bool{}
	for _, f := range all {
		seen[f.String()] = true
	}
	require.Len(t, seen, 9)
	for _, text := range []string{"", "port", "1-345--B--"} {
		_, ok = ident.Functions(text)
		require.False(t, ok, text)
	}
	require.Equal(t, "X", ident.Function('X').String())
	for status, want := range map[string][2]bool{"AI": {true, true}, "RQ": {false, true}, "XX": {false, true}, "ZZ": {false, false}} {
		verified, known := ident.StatusVerified(status)
		require.Equal(t, want, [2]bool{verified, known}, status)
	}
}

func TestCodesOfTwoEditionsAreNotCompared(t *testing.T) {
	phone := ident.Commodity{Edition: ident.HS2022, Code: "851713"}
	within, err := phone.Within(ident.Commodity{Edition: ident.HS2022, Code: "8517"})
	require.NoError(t, err)
	require.True(t, within)
	within, err = phone.Within(ident.Commodity{Edition: ident.HS2022, Code: "8518"})
	require.NoError(t, err)
	require.False(t, within)
	_, err = phone.Within(ident.Commodity{Edition: ident.HS2017, Code: "851713"})
	require.ErrorIs(t, err, ident.ErrEditions)
}

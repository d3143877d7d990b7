package ident_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/ident"
)

func guessed(text string) []string {
	var names []string
	for _, r := range ident.Guess(text) {
		names = append(names, r.Name)
	}
	return names
}

func TestGuess(t *testing.T) {
	for text, want := range map[string]string{
		"CSQU3054383": "container", "csqu 305438-3": "container", "5493001KJTIIGC8Y1R12": "lei", "91350100M000100Y43": "uscc_cn",
		"851713": "hs", "8517.13.00": "hs", "HKHKG": "port", "Port of Hong Kong": "port", "South Korea": "country_name", "FOB": "incoterm",
		"RR473124829GB": "postal_item", "A123456(3)": "hkid", "11010519491231002X": "ric_cn", "33.000.167/0001-01": "cnpj_br",
		"CHE-116.281.710": "uid_ch", "DE129273398": "vat", "27AAACR5055K1Z7": "gstin_in",
	} {
		require.NotEmpty(t, guessed(text), text)
		require.Equal(t, want, guessed(text)[0], "%s: the most telling first", text)
	}
	require.Contains(t, guessed("9074729"), "imo_ship")
	require.Contains(t, guessed("KGM"), "unit")
	require.Contains(t, guessed("USD"), "currency")
	for _, text := range []string{"", "N/A", "CSQU3054384", "851712", "MAEU123456789", "ML1234567", "Golden Wind Trading Co. Ltd", "2021-06-30",
		string(make([]byte, 1000))} {
		require.Empty(t, guessed(text), text)
	}
	for _, r := range ident.Rules() {
		if !r.Evident() {
			require.NotContains(t, guessed(r.Example), r.Name, "form alone is no evidence")
		}
	}
	found := ident.Guess("3100600445635")
	require.True(t, slices.IsSortedFunc(found, func(a, b ident.Rule) int {
		return int(1e9 * (a.Chance - b.Chance))
	}))
}

func TestExamples(t *testing.T) {
	for _, r := range ident.Rules() {
		require.Equal(t, ident.Result{Value: r.Example}, r.Check(r.Example), r.Name)
		require.Equal(t, r.Example, r.Normalise(r.Example), r.Name)
		require.NotEmpty(t, r.Standard, r.Name)
		if r.Country != "" {
			require.Equal(t, ident.Fine, ident.Country(r.Country).Mark, r.Name)
		}
		if r.Evident() && r.Chance <= 0.5 {
			require.Contains(t, guessed(r.Example), r.Name)
		}
		require.False(t, r.Personal && r.Persons != "", r.Name)
		if r.Persons != "" {
			_, ok := ident.Lookup(r.Persons)
			require.True(t, ok, r.Name)
		}
	}
}

// Guess tries rules by length: no vector that a rule finds fine may be of another.
func TestGuessMissesNothing(t *testing.T) {
	for _, r := range ident.Rules() {
		if !r.Evident() || r.Chance > 0.5 {
			continue
		}
		for _, v := range vectorsOf(r.Name) {
			// Two digits and three letters are too few.
			short := r.Name == "hs" && len(v.value) < 4 || r.Name == "port" && len(v.text) < 4
			if v.mark == ident.Fine && !short {
				require.Contains(t, guessed(v.text), r.Name, v.text)
			}
		}
	}
}

// drawn is a text of the same form: each letter and digit drawn anew.
func drawn(r *rand.Rand, like string) string {
	b := []byte(like)
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			b[i] = byte('0' + r.IntN(10))
		case c >= 'A' && c <= 'Z':
			b[i] = byte('A' + r.IntN(26))
		}
	}
	return string(b)
}

// TestChance holds the stated chance of each rule against texts drawn by lot: as
// many pass as is said, or fewer, but not fewer than a third.
func TestChance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const draws = 20_000
	for _, rule := range ident.Rules() {
		if rule.Chance == 1 {
			require.False(t, rule.Checked, "%s: a check digit is worth something", rule.Name)
			continue
		}
		passed := 0
		for range draws {
			if rule.Check(drawn(r, rule.Example)).Mark == ident.Fine {
				passed++
			}
		}
		got := float64(passed) / draws
		require.LessOrEqual(t, got, 1.15*rule.Chance+0.001, rule.Name)
		require.GreaterOrEqual(t, got, rule.Chance/3-0.002, rule.Name)
	}
}

func BenchmarkGuess(b *testing.B) {
	for name, text := range map[string]string{
		"container": "CSQU3054383", "hs": "8517130010", "digits13": "3100600445635", "name": "Golden Wind Trading Co. Ltd", "date": "2021-06-30",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ident.Guess(text)
			}
		})
	}
}

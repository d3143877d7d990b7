package typeface_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"rummage/casefile/typeface"
)

// laid is a line as it stands on paper, Arabic forms spelled as plain letters.
func laid(text string) string {
	var b strings.Builder
	for _, run := range typeface.Runs(text) {
		b.WriteString(run.Text)
	}
	return b.String()
}

// TestNamesOfTheRegionHaveLetters sets names in many scripts without a box.
func TestNamesOfTheRegionHaveLetters(t *testing.T) {
	for _, name := range []string{
		"Golden Harbour (HK) Ltd. № 7 – €", "琥珀貿易有限公司", "深圳市宝安区福永街道", "株式会社トヨタ・ﾄﾖﾀ", "주식회사 한빛무역", "บริษัท สยามการค้า จำกัด", "ООО «Восточный порт»",
		"شركة النور للتجارة", "Công ty TNHH Sông Hồng", "חברת שלום", "Ελλάδα", "ក្រុមហ៊ុន", "नमस्ते", "ບໍລິສັດ",
	} {
		line := laid(name)
		assert.NotContains(t, line, "□", name)
		assert.Positive(t, typeface.Width(name, 11), name)
	}
	assert.Equal(t, "□", laid("𠀁"), "what no font has is a box")
}

// TestDirection holds lines against what the Unicode Bidirectional Algorithm makes of them.
func TestDirection(t *testing.T) {
	for text, want := range map[string]string{
		"abc":                "abc",
		"abc שלום 12 def":    "abc 12 םולש def",
		"שלום abc":           "abc םולש",
		"שלום 6":             "6 םולש",
		"(שלום)":             "(םולש)",
		"שלום 1,234.5 abc":   "abc 1,234.5 םולש",
		"Mill Lane 1, שלום!": "Mill Lane 1, םולש!",
	} {
		assert.Equal(t, want, laid(text), text)
	}
	assert.Equal(t, []rune{0xFEFB, 0xFEDF, 0xFEFC}[0], []rune(laid("لا"))[0], "lam and alef are one sign")
	// Seen at the beginning, in the middle and at the end of a word, and alone: isolated, final, initial, medial are four signs.
	seen := map[rune]bool{}
	for _, word := range []string{"ب", "بن", "نبن", "نب"} {
		for _, r := range laid(word) {
			if norm.NFKC.String(string(r)) == "ب" {
				seen[r] = true
			}
		}
	}
	assert.Len(t, seen, 4)
}

// TestShownIsHarmless shows any text: one line, of signs that can be seen, whole where it is short.
func TestShownIsHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		shown := typeface.Shown(text)
		for _, r := range shown {
			require.True(t, unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r), "%U", r)
		}
		wide := typeface.Width(shown, 10)
		require.GreaterOrEqual(t, wide, 0.0)
		cut := typeface.Cut(shown, 50, 10)
		require.True(t, typeface.Width(cut, 10) <= 50 || cut == "…")
		if wide <= 50 {
			require.Equal(t, shown, cut)
		}
	})
	assert.Equal(t, "[U+202E]gnp.exe", typeface.Shown("\u202egnp.exe"))
	assert.Equal(t, "a b[U+0000]c", typeface.Shown("a\nb\x00c"))
	assert.Equal(t, strings.Repeat("長", 400)+"…", typeface.Shown(strings.Repeat("長", 10_000)))
}

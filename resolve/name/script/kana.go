package script

import "strings"

// The syllables of katakana in Hepburn's spelling.
var kana = func() map[rune]string {
	table := map[rune]string{}
	rows := []struct{ signs, spelling string }{
		{"アイウエオ", "a i u e o"}, {"カキクケコ", "ka ki ku ke ko"}, {"ガギグゲゴ", "ga gi gu ge go"},
		{"サシスセソ", "sa shi su se so"}, {"ザジズゼゾ", "za ji zu ze zo"}, {"タチツテト", "ta chi tsu te to"},
		{"ダヂヅデド", "da ji zu de do"}, {"ナニヌネノ", "na ni nu ne no"}, {"ハヒフヘホ", "ha hi fu he ho"},
		{"バビブベボ", "ba bi bu be bo"}, {"パピプペポ", "pa pi pu pe po"}, {"マミムメモ", "ma mi mu me mo"},
		{"ヤユヨ", "ya yu yo"}, {"ラリルレロ", "ra ri ru re ro"}, {"ワヰヱヲン", "wa i e o n"}, {"ヴヵヶ", "vu ka ke"},
		{"ァィゥェォ", "a i u e o"}, {"ャュョヮ", "ya yu yo wa"},
	}
	for _, row := range rows {
		spellings := strings.Fields(row.spelling)
		for i, r := range []rune(row.signs) {
			table[r] = spellings[i]
		}
	}
	return table
}()

// Hepburn spells kana in Latin letters, long vowels short, as on a passport.
func Hepburn(word string) string {
	var out []byte
	double := false
	for _, r := range Fold(word) {
		if r == 'ッ' {
			double = true
			continue
		}
		s := kana[r]
		if s == "" {
			continue // the sign of a long vowel, and what is no kana
		}
		if strings.ContainsRune("ァィゥェォャュョヮ", r) && len(out) > 0 {
			out = joined(out, s, r)
			continue
		}
		if double && s[0] != 'n' {
			if s[0] == 'c' {
				out = append(out, 't')
			} else {
				out = append(out, s[0])
			}
		}
		double = false
		out = append(out, s...)
	}
	return short(string(out))
}

// joined puts a small sign behind the syllable before it: ki and ya make kya,
// shi and ya make sha, fu and a make fa, te and i make ti.
func joined(out []byte, s string, r rune) []byte {
	before := out[:len(out)-1] // without its vowel
	if strings.ContainsRune("ャュョ", r) {
		if hissing := strings.HasSuffix(string(before), "sh") || strings.HasSuffix(string(before), "ch") ||
			strings.HasSuffix(string(before), "j"); hissing {
			return append(before, s[1])
		}
		return append(before, s...)
	}
	if out[len(out)-1] == 'u' && len(before) == 0 { // ウィ is wi
		return append(before, 'w', s[0])
	}
	return append(before, s[0])
}

// short writes long vowels once: ou and oo as o, uu as u.
func short(s string) string {
	return strings.NewReplacer("ou", "o", "oo", "o", "uu", "u", "aa", "a", "ee", "e").Replace(s)
}

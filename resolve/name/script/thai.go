package script

import (
	"strings"
	"unicode/utf8"
)

var (
	thaiInitial = letters(`ก:k ข:kh ฃ:kh ค:kh ฅ:kh ฆ:kh ง:ng จ:ch ฉ:ch ช:ch ฌ:ch ซ:s ญ:y ฎ:d ด:d ฏ:t ต:t ฐ:th ถ:th ฑ:th ท:th ฒ:th ธ:th
ณ:n น:n บ:b ป:p ผ:ph พ:ph ภ:ph ฝ:f ฟ:f ม:m ย:y ร:r ล:l ฬ:l ว:w ศ:s ษ:s ส:s ห:h ฮ:h อ:`)
	thaiFinal = letters(`ก:k ข:k ค:k ฆ:k ง:ng จ:t ช:t ซ:t ฎ:t ฏ:t ฐ:t ฑ:t ฒ:t ด:t ต:t ถ:t ท:t ธ:t ศ:t ษ:t ส:t ญ:n ณ:n น:n ร:n ล:n ฬ:n
บ:p ป:p พ:p ภ:p ฟ:p ม:m ย:i ว:o`)
	thaiVowel = letters(`ะ:a ั:a า:a ิ:i ี:i ึ:ue ื:ue ุ:u ู:u`)
	thaiLead  = letters(`เ:e แ:ae โ:o ใ:ai ไ:ai`)
)

const (
	silencer = '์'
	nikhahit = 'ํ' // with า it is am, taken apart by NFKC
)

// thai spells by the Royal Thai General System of Transcription, as far as one
// can without a dictionary of syllables: vowels written before their consonant
// are put behind it, silenced letters go, finals sound as finals, and two
// consonants without a vowel have an o between them.
func thai(runes []rune) string {
	t := &thaiWord{runes: silence(runes)}
	for t.at < len(t.runes) {
		t.syllable()
	}
	return t.out.String()
}

// silence drops letters under the silencer, with their vowel.
func silence(runes []rune) []rune {
	var out []rune
	for _, r := range runes {
		if r != silencer {
			out = append(out, r)
			continue
		}
		if n := len(out); n > 0 && (out[n-1] == 'ิ' || out[n-1] == 'ุ') {
			out = out[:n-1]
		}
		if n := len(out); n > 0 {
			out = out[:n-1]
		}
	}
	return out
}

type thaiWord struct {
	runes []rune
	at    int
	out   strings.Builder
}

// peek returns the rune n places on, or 0.
func (t *thaiWord) peek(n int) rune {
	if t.at+n < len(t.runes) {
		return t.runes[t.at+n]
	}
	return 0
}

func consonant(r rune) bool { return r >= 'ก' && r <= 'ฮ' && r != 'ฤ' && r != 'ฦ' }

// marked says whether a rune is a vowel that stands behind, above or below.
func marked(r rune) bool { return thaiVowel[r] != "" || r == nikhahit }

// irregular words of many names, as they are without silenced letters.
var irregular = letterWords("เจริญ:charoen ศรี:si สยาม:siam ทรัพ:sap พาณิช:phanit ธรรม:tham จักร:chak มิตร:mit บุตร:but รัตน:rattana ราช:rat")

func letterWords(text string) [][2]string {
	var all [][2]string
	for _, pair := range strings.Fields(text) {
		word, spelling, _ := strings.Cut(pair, ":")
		all = append(all, [2]string{word, spelling})
	}
	return all
}

func (t *thaiWord) syllable() {
	rest := string(t.runes[t.at:])
	for _, w := range irregular {
		if strings.HasPrefix(rest, w[0]) {
			t.out.WriteString(w[1])
			t.at += utf8.RuneCountInString(w[0])
			return
		}
	}
	lead := ""
	if s, ok := thaiLead[t.peek(0)]; ok {
		lead = s
		t.at++
	}
	if !consonant(t.peek(0)) {
		if t.peek(0) == 'ฤ' {
			t.out.WriteString("rue")
		}
		t.at++
		return
	}
	onset := t.onset(lead)
	vowel, open := t.vowel(lead)
	final := ""
	if twin := vowel != "" && consonant(t.peek(0)) && consonant(t.peek(1)) && t.peek(2) == 0; !open && !twin {
		final = t.final() // of two consonants that end a word, the first begins a syllable: -kon, -phon
	}
	if vowel == "" {
		vowel = "a"
		if final != "" {
			vowel = "o"
		}
	}
	t.out.WriteString(onset + vowel + final)
}

// onset reads one consonant, or a cluster.
func (t *thaiWord) onset(lead string) string {
	first, second := t.peek(0), t.peek(1)
	t.at++
	voweled := lead != "" || marked(t.peek(1))
	if first == 'ห' && strings.ContainsRune("งญนมยรลว", second) && voweled && (t.peek(1) != 0 || lead == "ai") {
		t.at++
		return thaiInitial[second]
	}
	if strings.ContainsRune("รลว", second) && strings.ContainsRune("กขคตปผพ", first) && voweled {
		t.at++
		return thaiInitial[first] + thaiInitial[second]
	}
	return thaiInitial[first]
}

// vowel reads what is written of the vowel; open says that no final follows.
func (t *thaiWord) vowel(lead string) (sound string, open bool) {
	r, next := t.peek(0), t.peek(1)
	take := func(n int, s string, end bool) (string, bool) {
		t.at += n
		return s, end
	}
	switch {
	case r == nikhahit && next == 'า':
		return take(2, "am", true)
	case lead == "e" && r == 'ี' && next == 'ย':
		return take(2, "ia", false)
	case lead == "e" && r == 'ื' && next == 'อ':
		return take(2, "uea", false)
	case lead == "e" && r == 'า' && next == 'ะ':
		return take(2, "o", true)
	case lead == "e" && r == 'า':
		return take(1, "ao", true)
	case lead == "e" && r == 'ิ', lead == "e" && r == 'อ':
		return take(1, "oe", false)
	case lead == "e" && r == 'ย' && !marked(next):
		return take(1, "oei", true)
	case lead != "" && r == 'ะ':
		return take(1, lead, true)
	case lead == "ai":
		if r == 'ย' && !marked(next) {
			t.at++ // ไทย is thai
		}
		return "ai", true
	case lead != "":
		return lead, false
	case r == 'ั' && next == 'ว':
		return take(2, "ua", false)
	case r == 'ื' && next == 'อ':
		return take(2, "ue", true)
	case r == 'ะ':
		return take(1, "a", true)
	case thaiVowel[r] != "":
		return take(1, thaiVowel[r], false)
	case r == 'อ' && !marked(next):
		return take(1, "o", false)
	case r == 'ว' && consonant(next) && !marked(t.peek(2)):
		return take(1, "ua", false)
	case r == 'ร' && next == 'ร':
		return take(2, "a", false)
	}
	return "", false
}

// final reads a consonant that ends the syllable: one that begins no other.
func (t *thaiWord) final() string {
	r, next := t.peek(0), t.peek(1)
	if !consonant(r) || marked(next) || thaiFinal[r] == "" {
		return ""
	}
	if next == 'อ' && consonant(t.peek(2)) { // the o of the next syllable
		return ""
	}
	if next != 0 && strings.ContainsRune("รลว", next) && marked(t.peek(2)) && strings.ContainsRune("กขคตปผพ", r) {
		return "" // the next syllable begins with a cluster
	}
	t.at++
	return thaiFinal[r]
}

package script

import (
	"strings"

	"github.com/mozillazg/go-unidecode"
)

// Latinise spells a folded word in small Latin letters and digits, letter by
// letter; whatever has no spelling is left out. Han, kana and Hangul are
// spelled by Spell, Hepburn and Romanise, which know more than one way. Scripts
// without rules of their own here go by the tables of Unidecode.
func Latinise(word string) string {
	if lowerASCII(word) && alphanumeric(word) {
		return word
	}
	runes := []rune(word)
	var b strings.Builder
	for i := 0; i < len(runes); {
		end := i + 1
		s := Of(runes[i])
		for end < len(runes) && Of(runes[end]) == s {
			end++
		}
		b.WriteString(spell(runes[i:end], s))
		i = end
	}
	return keep(strings.ToLower(b.String()))
}

func spell(runes []rune, s Script) string {
	switch s {
	case None:
		return ""
	case Cyrillic:
		return byTable(runes, cyrillic)
	case Greek:
		return greek(runes)
	case Arabic:
		return byTable(runes, arabic)
	case Hebrew:
		return byTable(runes, hebrew)
	case Devanagari:
		return devanagari(runes)
	case Thai:
		return thai(runes)
	case Kana:
		return Hepburn(string(runes))
	case Hangul:
		return strings.Join(Romanise(string(runes), Revised), "")
	case Han:
		syllables, _ := Spell(string(runes), Pinyin)
		return strings.Join(syllables, "")
	}
	return unidecode.Unidecode(string(runes))
}

func alphanumeric(word string) bool {
	for i := range len(word) {
		if c := word[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// keep drops all but small letters and digits.
func keep(word string) string {
	if alphanumeric(word) {
		return word
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, word)
}

// letters reads "а:a б:b" into a table.
func letters(text string) map[rune]string {
	table := map[rune]string{}
	for _, pair := range strings.Fields(text) {
		sign, spelling, _ := strings.Cut(pair, ":")
		for _, r := range sign {
			table[r] = spelling
		}
	}
	return table
}

func byTable(runes []rune, table map[rune]string) string {
	var b strings.Builder
	for _, r := range runes {
		if s, ok := table[r]; ok {
			b.WriteString(s)
		} else {
			b.WriteString(unidecode.Unidecode(string(r)))
		}
	}
	return b.String()
}

// The letters of Russian, Ukrainian, Belarusian, Bulgarian, Serbian,
// Macedonian and Kazakh, after passports and the press in English.
var cyrillic = letters(`а:a б:b в:v г:g д:d е:e ж:zh з:z и:i й:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh
щ:shch ъ: ы:y ь: э:e ю:yu я:ya ё:e і:i ї:i є:ye ґ:g ў:u ј:j љ:lj њ:nj ћ:c ђ:dj џ:dz ѕ:dz қ:k ғ:g ң:n ө:o ү:u ұ:u һ:h ә:a ҳ:h ҷ:j`)

// Arabic, Persian and Urdu: consonants and long vowels are written, short ones
// are not.
var arabic = letters(`ا:a أ:a إ:i آ:a ٱ:a ب:b ت:t ث:th ج:j ح:h خ:kh د:d ذ:dh ر:r ز:z س:s ش:sh ص:s ض:d ط:t ظ:z ع:a غ:gh ف:f ق:q ك:k
ل:l م:m ن:n ه:h ة:a و:w ي:y ى:a ء: ؤ:w ئ:y پ:p چ:ch ژ:zh گ:g ک:k ی:y ٹ:t ڈ:d ڑ:r ں:n ے:e ہ:h ھ:h ۀ:h ـ:`)

var hebrew = letters(`א:a ב:b ג:g ד:d ה:h ו:w ז:z ח:kh ט:t י:y כ:k ך:k ל:l מ:m ם:m נ:n ן:n ס:s ע:a פ:p ף:f צ:ts ץ:ts ק:k ר:r ש:sh ת:t`)

var hellenic = letters(`α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch ψ:ps ω:o`)

// greek spells modern Greek: pairs of letters first (ELOT 743 without accents).
func greek(runes []rune) string {
	text := string(runes)
	for pair, s := range map[string]string{"μπ": "b", "ντ": "d", "γκ": "g"} {
		if rest, ok := strings.CutPrefix(text, pair); ok {
			text = s + rest
		}
	}
	text = strings.NewReplacer("ου", "ou", "αυ", "av", "ευ", "ev", "γγ", "ng", "γκ", "gk", "μπ", "mp", "ντ", "nt").Replace(text)
	return byTable([]rune(text), hellenic)
}

var (
	nagariConsonants = letters(`क:k ख:kh ग:g घ:gh ङ:n च:ch छ:chh ज:j झ:jh ञ:n ट:t ठ:th ड:d ढ:dh ण:n त:t थ:th द:d ध:dh न:n प:p फ:ph ब:b भ:bh
म:m य:y र:r ल:l ळ:l व:v श:sh ष:sh स:s ह:h`)
	nagariVowels = letters(`अ:a आ:a इ:i ई:i उ:u ऊ:u ऋ:ri ए:e ऐ:ai ओ:o औ:au ऑ:o ा:a ि:i ी:i ु:u ू:u ृ:ri े:e ै:ai ो:o ौ:au ॉ:o ं:n ँ:n ः:h`)
)

// devanagari spells consonants with the a that they carry, unless a sign of
// vowel or the killer follows, or the word ends.
func devanagari(runes []rune) string {
	const killer, dot = '्', '़'
	var b strings.Builder
	for i, r := range runes {
		if s, ok := nagariConsonants[r]; ok {
			b.WriteString(s)
			next := rune(0)
			if i+1 < len(runes) {
				next = runes[i+1]
			}
			if next == dot && i+2 < len(runes) {
				next = runes[i+2]
			}
			sign := next >= 0x93E && next <= 0x94C
			if next != 0 && next != killer && next != dot && !sign {
				b.WriteByte('a')
			}
			continue
		}
		b.WriteString(nagariVowels[r])
	}
	return b.String()
}

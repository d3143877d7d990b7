package script

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestOf(t *testing.T) {
	for text, want := range map[string]Script{
		"a": Latin, "Ł": Latin, "ệ": Latin, "7": Digit, "٣": Digit, "-": None, " ": None, "漢": Han, "々": Han, "カ": Kana, "ー": Kana,
		"ひ": Kana, "한": Hangul, "ไ": Thai, "่": Thai, "ж": Cyrillic, "ω": Greek, "م": Arabic, "ש": Hebrew, "ह": Devanagari, "ბ": Other,
	} {
		assert.Equal(t, want, Of([]rune(text)[0]), text)
		assert.NotEmpty(t, want.String())
	}
	assert.True(t, Han.Spelled())
	assert.False(t, Thai.Spelled())
	assert.True(t, Arabic.Abjad())
}

func TestClean(t *testing.T) {
	for from, want := range map[string]string{
		"plain": "plain", "ＡＢＣ　１": "ABC 1", "㈱ﾄﾖﾀ": "(株)トヨタ", "㈜": "(주)", "a\u202eb\u200bc": "abc", "O’Brien–Ng": "O'Brien-Ng",
		"バラク・オバマ": "バラク オバマ", "a\tb\x00c": "a b c", "bad\xffbytes": "bad bytes",
	} {
		assert.Equal(t, want, Clean(from), from)
	}
}

func TestFold(t *testing.T) {
	for from, want := range map[string]string{
		"abc": "abc", "ÉÀÜ": "eau", "Łódź": "lodz", "İIıi": "iiii", "Đặng": "dang", "straße": "strasse", "Þór": "thor", "貿易": "贸易", "國際": "国际",
		"廣東": "广东", "広東": "广东", "ひらがな": "ヒラガナ", "ガ": "ガ", "한국": "한국", "ЁЙ": "еи", "Ґ": "ґ",
	} {
		assert.Equal(t, want, Fold(Clean(from)), from)
	}
}

func TestSpell(t *testing.T) {
	for _, c := range []struct {
		word string
		by   System
		want string
		ok   bool
	}{
		{"习近平", Pinyin, "xi jin ping", true},
		{"习近平", WadeGiles, "hsi chin ping", true},
		{"毛泽东", WadeGiles, "mao tse tung", true},
		{"陈志强", Cantonese, "chan chi keung", true},
		{"李嘉诚", Cantonese, "lee ka shing", true},
		{"黄", Cantonese, "wong", true},
		{"黄", WadeGiles, "huang", true},
		{"曾", Pinyin, "zeng", true},
		{"三菱商事", Japanese, "mitsubishi shoji", true},
		{"高市早苗", Japanese, "takaichi sanae", true},
		{"甲乙丙", Japanese, "", false},
	} {
		got, ok := Spell(Fold(c.word), c.by)
		assert.Equal(t, c.want, strings.Join(got, " "), "%s %d", c.word, c.by)
		assert.Equal(t, c.ok, ok, c.word)
	}
}

func TestToWadeGiles(t *testing.T) {
	for from, want := range map[string]string{
		"zhang": "chang", "xi": "hsi", "qing": "ching", "zi": "tzu", "dong": "tung", "guo": "kuo", "jie": "chieh", "ren": "jen", "ri": "jih",
		"cai": "tsai", "jian": "chien", "yan": "yen", "duo": "to", "smith": "smith", "": "",
	} {
		assert.Equal(t, want, ToWadeGiles(from), from)
	}
}

func TestPinyinSyllables(t *testing.T) {
	for word, want := range map[string]string{"jinping": "jin ping", "xian": "xian", "huaqiang": "hua qiang", "smith": "", "zedong": "ze dong"} {
		got, ok := PinyinSyllables(word)
		assert.Equal(t, want, strings.Join(got, " "), word)
		assert.Equal(t, want != "", ok, word)
	}
}

func TestHepburn(t *testing.T) {
	for from, want := range map[string]string{
		"トヨタ": "toyota", "とうきょう": "tokyo", "ニッポン": "nippon", "マッチ": "matchi", "シャープ": "shapu", "ファミリー": "famiri", "ティー": "ti",
		"ウィング": "wingu", "ジェット": "jetto", "キョウワ": "kyowa", "チェーン": "chen", "シュウ": "shu", "ヴィ": "vi",
	} {
		assert.Equal(t, want, Hepburn(from), from)
	}
}

func TestRomanise(t *testing.T) {
	for _, c := range []struct {
		word string
		by   System
		want string
	}{
		{"김정은", Revised, "gim jeong eun"},
		{"김정은", McCune, "kim jong un"},
		{"이명박", Customary, "lee myung park"},
		{"한국", Revised, "han guk"},
		{"한국", McCune, "han guk"},
		{"부산", McCune, "pu san"},
		{"평양", McCune, "pyong yang"},
		{"x부", McCune, "pu"},
	} {
		assert.Equal(t, c.want, strings.Join(Romanise(c.word, c.by), " "), "%s %d", c.word, c.by)
	}
}

func TestLatinise(t *testing.T) {
	for from, want := range map[string]string{
		"acme1": "acme1", "путин": "putin", "щукин": "shchukin", "зеленськии": "zelenskii", "μητσοτακης": "mitsotakis", "μπουμπουλινα": "boumpoulina",
		"محمد": "mhmd", "נתניהו": "ntnyhw", "नरेन्द्र": "narendr", "मोदी": "modi", "दिल्ली": "dilli", "ბარაკ": "barak", "բարակ": "barak", "トヨタ": "toyota",
		"한국": "hanguk", "北京": "beijing", "a-b": "ab",
	} {
		assert.Equal(t, want, Latinise(from), from)
	}
}

func TestThai(t *testing.T) {
	for from, want := range map[string]string{
		"ไทย": "thai", "สยาม": "siam", "ทอง": "thong", "ดี": "di", "มั่นคง": "mankhong", "เชียงใหม่": "chiangmai", "พัฒนกิจ": "phatnakit",
		"เรือ": "ruea", "จำกัด": "chamkat", "บริษัท": "barisat", "โชคชัย": "chokchai", "เจริญสุข": "charoensuk", "สมบูรณ์": "sombun", "หมู": "mu",
		"ศรี": "si", "เกาะ": "ko", "เดิน": "doen", "ขวด": "khuat", "ตัว": "tua", "แม่": "mae", "เอก": "ek", "พร": "phon", "ธนากร": "thanakon",
	} {
		assert.Equal(t, want, Latinise(Fold(Clean(from))), from)
	}
}

func TestSound(t *testing.T) {
	for _, same := range [][]string{
		{"osama", "usama", "ousama"}, {"hussein", "husayn", "husain"}, {"vladimir", "wladimir", "vladymyr"}, {"lavrov", "lawrow"},
		{"zelensky", "zelenskyy", "selenskyj"}, {"schwarz", "schwars"}, {"philip", "filip"}, {"mohammed", "mohamed"}, {"toukyou", "tokyo"},
	} {
		for _, s := range same[1:] {
			assert.Equal(t, Sound(same[0]), Sound(s), "%s, %s", same[0], s)
		}
	}
	assert.NotEqual(t, Sound("bush"), Sound("habbash"))
	assert.LessOrEqual(t, len(Sound(strings.Repeat("tschya", 100))), 48)
}

func TestBones(t *testing.T) {
	var a, b [32]byte
	for latin, arabic := range map[string]string{"mohammed": "محمد", "fernando": "فرناندو", "perez": "بيريز", "salman": "سلمان", "khalid": "خالد"} {
		assert.Equal(t, string(Bones(latin, a[:])), string(Bones(Latinise(arabic), b[:])), latin)
	}
	assert.Len(t, Bones(strings.Repeat("bd", 40), a[:]), 32)
}

// Folding what is folded changes nothing, and Latinise gives letters and digits only, for whatever text.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := Clean(rapid.String().Draw(t, "text"))
		if again := Clean(text); again != text {
			t.Fatalf("cleaned %q, and again %q", text, again)
		}
		folded := Fold(text)
		if again := Fold(folded); again != folded {
			t.Fatalf("folded %q, and again %q", folded, again)
		}
		if latin := Latinise(folded); !alphanumeric(latin) {
			t.Fatalf("%q is not Latin", latin)
		}
	})
}

func FuzzLatinise(f *testing.F) {
	for _, s := range []string{"เชียงใหม่์", "한국", "ッッー", "नरेन्द्र", "漢字かな", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		latin := Latinise(Fold(Clean(text)))
		if !alphanumeric(latin) {
			t.Fatalf("%q became %q", text, latin)
		}
		Sound(latin)
		var buf [8]byte
		Bones(latin, buf[:])
	})
}

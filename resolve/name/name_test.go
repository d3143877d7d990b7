package name

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/resolve/name/form"
)

// What users of other tools complained of, and what names of one party do in real files.
func TestHardCases(t *testing.T) {
	for _, c := range []struct {
		name         string
		kindA, kindB Kind
		a, b         string
		same         bool
	}{
		{"a form alone", Company, Company, "CORP", "Acme Corp", false},
		{"a form alone, twice", Company, Company, "CORP", "CORP", false},
		{"a form and a common word", Company, Company, "Trading Co Ltd", "Trading Co Ltd", false},
		{"only trade and form", Company, Company, "ACME TRADING CO LTD", "BETA TRADING CO LTD", false},
		{"only place, trade and form", Company, Company, "ACME HONG KONG TRADING LIMITED", "BETA HONG KONG TRADING LIMITED", false},
		{"George Bush", Person, Person, "George Bush", "George Habbash", false},
		{"a given name and a firm", Person, Company, "emma daniels", "EMMA LLC", false},
		{"the same, kinds unknown", Unknown, Unknown, "emma daniels", "EMMA LLC", false},
		{"the same, said to be firms", Company, Company, "emma daniels", "EMMA LLC", false},
		{"Toyota with and without its form", Company, Company, "株式会社トヨタ自動車", "トヨタ自動車", true},
		{"Toyota, form behind, half width", Company, Company, "ﾄﾖﾀ自動車㈱", "株式会社トヨタ自動車", true},
		{"two Korean firms", Company, Company, "주식회사 한빛무역", "주식회사 대성전자", false},
		{"two Korean firms of one trade", Company, Company, "주식회사 한빛무역", "주식회사 대성무역", false},
		{"separated initials", Company, Company, "A B C Co Ltd", "D E F Co Ltd", false},
		{"separated initials and a firm", Company, Company, "A.B.C. Company", "Acme Building Contractors Company", false},
		{"separated initials, another order", Company, Company, "A.B.C. Company", "C.B.A. Company", false},
		{"initials and a person", Person, Person, "N.N.", "Nursultan Nazarbayev", false},
		{"initials of the same letters", Company, Company, "A.B.C. Company", "ABC Company Limited", true},
		{"numbers", Company, Company, "Pacific Shipping No 1 Ltd", "Pacific Shipping No 2 Ltd", false},
		{"numbers of ships", Vessel, Vessel, "ORIENT STAR 1", "ORIENT STAR 2", false},
		{"numbers written otherwise", Company, Company, "First Orient Shipping Ltd", "1st Orient Shipping Limited", true},
		{"Chinese numbers", Company, Company, "华兴第一贸易有限公司", "华兴第二贸易有限公司", false},
		{"old and simple characters", Company, Company, "華興貿易有限公司", "华兴贸易有限责任公司", true},
		{"one character", Company, Company, "华兴贸易有限公司", "华盛贸易有限公司", false},
		{"pinyin", Company, Company, "深圳市华强电子有限公司", "Shenzhen Huaqiang Electronics Co., Ltd.", true},
		{"Cantonese", Company, Company, "永興貿易有限公司", "Wing Hing Trading Limited", true},
		{"Wade-Giles", Person, Person, "Hsi Chin-ping", "Xi Jinping", true},
		{"Hangul and Latin", Person, Person, "김정은", "Kim Jong-un", true},
		{"family name behind", Person, Person, "Putin, Vladimir", "Vladimir Vladimirovich Putin", true},
		{"two fathers", Person, Person, "Sergey Viktorovich Lavrov", "Sergey Borisovich Lavrov", false},
		{"father and son", Person, Person, "Salman bin Muhammad Al-Rawi", "Muhammad bin Salman Al-Rawi", false},
		{"an initial", Person, Person, "A. Khamenei", "Ali Khamenei", true},
		{"another initial", Person, Person, "A. Nazarbayev", "Nursultan Nazarbayev", false},
		{"M/V", Vessel, Vessel, "M/V Hellenic Spirit", "HELLENIC SPIRIT (IMO 9123456)", true},
		{"Thai", Company, Company, "บริษัท สยามทองเทรดดิ้ง จำกัด (มหาชน)", "สยามทอง เทรดดิ้ง บมจ.", true},
		{"Vietnamese", Company, Company, "Công ty TNHH Thương mại Hoàng Long", "HOANG LONG TRADING CO., LTD", true},
		{"Malay", Company, Company, "Syarikat Perdagangan Maju Jaya Sdn Bhd", "MAJU JAYA TRADING SENDIRIAN BERHAD", true},
		{"Indonesian", Company, Company, "P.T. Sinar Abadi", "PT SINAR ABADI Tbk", true},
		{"Russian", Company, Company, "ООО \"Ромашка\"", "Romashka LLC", true},
		{"Arabic", Person, Person, "محمد بن سلمان", "Mohammed bin Salman", true},
		{"Greek", Person, Person, "Κυριάκος Μητσοτάκης", "Kyriakos Mitsotakis", true},
		{"Devanagari", Person, Person, "नरेन्द्र मोदी", "Narendra Modi", true},
		{"Turkish", Person, Person, "Recep Tayyip ERDOĞAN", "recep tayyip erdogan", true},
		{"Polish", Company, Company, "Łódź Metalowa Sp. z o.o.", "LODZ METALOWA SP ZOO", true},
		{"ampersand", Company, Company, "Smith & Wessler Ltd", "Smith and Wessler Limited", true},
		{"forms that exclude each other", Company, Company, "Hansen Nordmann AG", "Hansen Nordmann GmbH & Co. KG", false},
		{"place in front and in brackets", Company, Company, "HONG KONG WAH HING TRADING CO LTD", "WAH HING TRADING (HK) CO LTD", true},
		{"form inside", Company, Company, "EVERGREEN MARINE CORP", "Evergreen Marine Corporation (Taiwan) Ltd.", true},
		{"district", Company, Company, "广州市白云区华兴贸易商行", "广州华兴贸易商行", true},
		{"Arabic firm", Company, Company, "Al Noor General Trading LLC", "النور للتجارة العامة ذ.م.م", true},
		{"two trades of everybody", Company, Company, "Global Trading Ltd", "Global Logistics Ltd", false},
		{"one word of two", Company, Company, "GOLDEN DRAGON TRADING LTD", "GOLDEN PHOENIX TRADING LTD", false},
		{"one word of two, order", Company, Company, "GOLDEN DRAGON TRADING LTD", "DRAGON GOLDEN TRADING LIMITED", true},
		{"family name in Cantonese", Person, Person, "LI KA SHING", "李嘉誠", true},
		{"written together in Latin only", Person, Person, "محمود أحمدي نجاد", "Mahmoud Ahmadinejad", true},
		{"a common given name", Person, Person, "Maria Garcia", "Maria Lopez", false},
		{"a common given name alone", Person, Person, "Ali", "Ali Hassan Mahmud", false},
		{"Japanese person", Person, Person, "山田太郎", "Taro Yamada", true},
		{"Korean family name", Person, Person, "Rhee Jae Yong", "이재용", true},
		{"abbreviation of four letters", Company, Company, "ICBC", "Industrial and Commercial Bank of China", true},
		{"abbreviation of three letters", Company, Company, "PLA", "Pearl Logistics Asia", false},
		{"nothing", Company, Company, "", "", false},
		{"punctuation", Person, Person, "...", "...", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := Prepare(c.kindA, c.a), Prepare(c.kindB, c.b)
			got := Explain(a, b)
			assert.Equal(t, c.same, got.Score >= 0.5, "%s | %s\n%s", c.a, c.b, got)
			assert.Equal(t, got.Score, Compare(b, a), "order of the names")
		})
	}
}

func TestTheOriginalIsKept(t *testing.T) {
	n := Prepare(Company, "  株式会社 トヨタ自動車 ")
	assert.Equal(t, "  株式会社 トヨタ自動車 ", n.Text())
	assert.Equal(t, Company, n.Kind())
	assert.False(t, n.Guessed())
	require.Len(t, n.Forms(), 1)
	assert.Equal(t, form.Stock, n.Forms()[0].Class)
	assert.Equal(t, "toyota motor", n.Normal())
	words := n.Words(0)
	require.Len(t, words, 2)
	assert.Equal(t, "トヨタ", words[0].Native)
	assert.False(t, words[0].Common)
	assert.True(t, words[1].Common)
	assert.Greater(t, words[0].Rarity, words[1].Rarity)

	ship := Prepare(Vessel, "M/V ORIENT STAR 7 (IMO: 9123456)")
	assert.Equal(t, "9123456", ship.IMO())
	assert.Equal(t, "orient star 7", ship.Normal())
	assert.True(t, ship.Words(0)[2].Number)
}

func TestNormal(t *testing.T) {
	for _, c := range []struct {
		name string
		kind Kind
		text string
		want string
	}{
		{"case and form", Company, "ACME Trading Co., Ltd.", "acme trading"},
		{"dotted form", Company, "Bowne G.m.b.H.", "bowne"},
		{"form in front", Company, "OOO Oboronnye Initsiativy", "oboronnye initsiativy"},
		{"form in brackets", Company, "Дако (ООО)", "dako"},
		{"glued form", Company, "SiemensAG", "siemens"},
		{"ampersand", Company, "Hennes & Mauritz AB", "hennes and mauritz"},
		{"initials joined", Company, "J.P. Morgan & Co.", "jp morgan"},
		{"spelled number", Company, "Brigade Forty-Four", "brigade 44"},
		{"mixed number", Company, "Brigade Forty 4", "brigade 44"},
		{"roman number", Company, "Apollo Fund VIII L.P.", "apollo fund 8"},
		{"number and letters", Company, "Trust 2006-AR16", "trust 2006 ar 16"},
		{"no. left out", Company, "Shipping No. 007", "shipping 7"},
		{"Han number", Company, "上海第三机械厂", "shanghai 3 machinery manufacturing"},
		{"Han name with numbers in it", Company, "三菱商事株式会社", "sanling trading"},
		{"two words, one meaning", Company, "Hong Kong Real Estate Ltd", "hongkong realestate"},
		{"Saudi form", Company, "شركة النور للتجارة ذ.م.م", "al nwr trading"},
		{"title", Person, "Dr. Rami Makhlouf", "dr rami makhlouf"},
		{"camel", Person, "SergeiLavrov", "sergei lavrov"},
		{"initials", Person, "J.-C. Juncker", "j c juncker"},
		{"initials without dots", Person, "JC Juncker", "j c juncker"},
		{"disguise", Person, "Ig0r Sech1n", "igor sechin"},
		{"repeated", Person, "Shoigu Shoigu Sergey", "shoigu sergei"},
		{"form on a person", Person, "Nicolás Maduro LLC", "nicolas maduro"},
		{"Chinese person", Person, "习近平", "xi jinping"},
		{"compound family name", Person, "欧阳修文", "ouyang xiuwen"},
		{"Korean compound", Person, "남궁민수", "namgung minsu"},
		{"Arabic article", Person, "السيسي", "al sysy"},
		{"prefix", Vessel, "MT Hellenic Spirit", "hellenic spirit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, Prepare(c.kind, c.text).Normal())
		})
	}
}

func TestGuess(t *testing.T) {
	for text, want := range map[string]Kind{
		"Acme Ltd": Company, "Nanshan Group": Company, "John Smith": Person, "深圳华强贸易": Company, "习近平": Person,
		"Smith & Sons": Company, "주식회사 한빛": Company, "Route 66 Diner": Company,
	} {
		n := Prepare(Unknown, text)
		assert.Equal(t, want, n.Kind(), text)
		assert.True(t, n.Guessed())
	}
}

func TestReadings(t *testing.T) {
	var all []string
	n := Prepare(Company, "永興有限公司")
	for i := range n.Readings() {
		all = append(all, n.Words(i)[0].Text)
	}
	assert.Equal(t, []string{"yongxing", "yunghsing", "winghing"}, all)
}

func TestCorpusLowersWhatManyHave(t *testing.T) {
	var c Corpus
	for i := range 3000 {
		text := "Pacific Novastar " + string(rune('a'+i%26)) + strings.Repeat("x", i%40+3)
		c.Add(Prepare(Company, text))
	}
	assert.Equal(t, 3000, c.Names())
	common, rare := c.Prepare(Company, "Novastar Ltd").Words(0)[0], c.Prepare(Company, "Quuxbar Ltd").Words(0)[0]
	assert.Less(t, common.Rarity, 0.4)
	assert.InDelta(t, 1, rare.Rarity, 0.01)
	a, b := "Novastar Limited", "Novastar Hindlekar Limited"
	assert.Less(t, Compare(c.Prepare(Company, a), c.Prepare(Company, b)), Compare(Prepare(Company, a), Prepare(Company, b)))
}

// Compare is symmetric, within its range, the same each time and without garbage; a name with enough to it is itself.
func TestProperties(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("abcdeoISVX .&'-/№123株式会社有限公司华興贸易北京ートヨタ한빛주식회사ไทยจำกัดшарЖمحمد")), 0, 40, -1)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]Kind{Unknown, Company, Person, Vessel})
		a, b := Prepare(kind.Draw(t, "kind a"), letters.Draw(t, "a")), Prepare(kind.Draw(t, "kind b"), letters.Draw(t, "b"))
		s := Compare(a, b)
		if s < 0 || s > 1 || s != s {
			t.Fatalf("score %v", s)
		}
		if r := Compare(b, a); r != s {
			t.Fatalf("%v one way, %v the other", s, r)
		}
		if e := Explain(a, b); e.Score != s {
			t.Fatalf("%v explained as %v", s, e.Score)
		}
		again := Prepare(a.kind, a.text)
		if a.guessed {
			again = Prepare(Unknown, a.text)
		}
		if r := Compare(again, b); r != s {
			t.Fatalf("%v again %v", s, r)
		}
	})
}

// However many common words two firms share, another brand makes another firm.
func TestCommonWordsNeverMatch(t *testing.T) {
	brands := []string{"Acme", "Zephyrine", "Boldrock", "Quintana", "Hexwell", "Murjani", "Sowinski", "Tarvola", "Ogilthorpe", "Kestrel"}
	shared := strings.Fields("Trading International Import Export Group Holdings Logistics Shipping Electronics Industry China Asia Services General Foods")
	forms := []string{"Co., Ltd.", "Limited", "Inc.", "GmbH", "Sdn Bhd", "LLC", "S.A.", ""}
	rapid.Check(t, func(t *rapid.T) {
		pair := rapid.Permutation(brands).Draw(t, "brands")
		words := strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(shared), 1, 4, rapid.ID[string]).Draw(t, "words"), " ")
		form := rapid.SampledFrom(forms).Draw(t, "form")
		a, b := Prepare(Company, pair[0]+" "+words+" "+form), Prepare(Company, pair[1]+" "+words+" "+form)
		if e := Explain(a, b); e.Score >= 0.5 {
			t.Fatalf("%s and %s\n%s", a.Text(), b.Text(), e)
		}
		alone := Prepare(Company, rapid.SampledFrom(shared).Draw(t, "word")+" "+form)
		if s := Compare(alone, a); s >= 0.5 {
			t.Fatalf("%s and %s: %v", alone.Text(), a.Text(), s)
		}
	})
}

func TestANameIsItself(t *testing.T) {
	for _, l := range append(cases(t), made()...) {
		for _, text := range []string{l.a, l.b} {
			n := Prepare(l.kind, text)
			e := Explain(n, Prepare(l.kind, " "+text+" "))
			if len(e.Limits) == 0 {
				assert.GreaterOrEqual(t, e.Score, 0.8, "%s\n%s", text, e)
			}
		}
	}
}

func TestComparingAllocatesNothing(t *testing.T) {
	pairs := cases(t)[:200]
	var names []*Name
	for _, l := range append(pairs, made()[:200]...) {
		names = append(names, Prepare(l.kind, l.a), Prepare(l.kind, l.b))
	}
	assert.Zero(t, testing.AllocsPerRun(3, func() {
		for i := 1; i < len(names); i++ {
			Compare(names[i-1], names[i])
		}
	}))
}

func TestBreakdownAddsUp(t *testing.T) {
	e := Explain(Prepare(Company, "Nantahala Systems Ltd"), Prepare(Company, "Nantahalla Industries Inc (Japan)"))
	require.Empty(t, e.Limits)
	sum := e.Bias
	for _, p := range e.Parts {
		assert.InDelta(t, p.Value*p.Weight, p.Points, 1e-12)
		sum += p.Points
	}
	assert.InDelta(t, logistic(sum), e.Score, 1e-12)
	assert.Equal(t, []Pair{{A: "nantahala", B: "nantahalla", How: "sounds alike", Similarity: e.Pairs[0].Similarity, Rarity: 1}}, e.Pairs)
	assert.Equal(t, []string{"systems"}, e.A)
	assert.Equal(t, []string{"industries", "japan"}, e.B)
	assert.Equal(t, "Limited", e.FormA)
	assert.Equal(t, form.Silent, e.Forms)
	text := e.String()
	for _, want := range []string{"nantahala = nantahalla: sounds alike", "only in the first: systems", "trade", "legal forms: Limited, Incorporated"} {
		assert.Contains(t, text, want)
	}
	limited := Explain(Prepare(Company, "Star No 1"), Prepare(Company, "Star No 2"))
	assert.Contains(t, limited.String(), "at most 0.30: numbers contradict")
}

func TestEditsAgreesWithTheTextbook(t *testing.T) {
	words := rapid.StringMatching(`[a-d0]{0,20}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		if got, want := edits(a, b), textbook(a, b); got != want {
			t.Fatalf("%q %q: %d, want %d", a, b, got, want)
		}
		if got, want := editsNative([]rune(a), []rune(b)), plainDistance(a, b); got != want {
			t.Fatalf("%q %q: %d, want %d without swaps", a, b, got, want)
		}
	})
	assert.Equal(t, 64, edits(strings.Repeat("a", 90), strings.Repeat("b", 70)))
}

// textbook is optimal string alignment as Damerau's recurrence states it.
func textbook(a, b string) int { return recurrence(a, b, true) }

func plainDistance(a, b string) int { return recurrence(a, b, false) }

func recurrence(a, b string, swaps bool) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range b {
		d[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if swaps && i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestWordTableIsChecked(t *testing.T) {
	for name, text := range map[string]string{"a cell missing": "sector | bank", "no such class": "sectors | bank | bank"} {
		_, err := parseWords(text)
		assert.ErrorContains(t, err, "name: words.txt: line 1", name)
	}
}

func FuzzCompare(f *testing.F) {
	for _, l := range made()[:40] {
		f.Add(l.a, l.b)
	}
	f.Add("A.B/C & 3% \xff", "\u202eevil\u0000 株式会社")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, kind := range []Kind{Unknown, Company, Person, Vessel} {
			x, y := Prepare(kind, a), Prepare(kind, b)
			if x.Text() != a {
				t.Fatalf("%q became %q", a, x.Text())
			}
			if s := Compare(x, y); !(s >= 0 && s <= 1) || s != Compare(y, x) {
				t.Fatalf("%q %q: %v and %v", a, b, s, Compare(y, x))
			}
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	for _, set := range []struct {
		name  string
		pairs []labelled
	}{{"labelled", cases(b)}, {"made", made()}} {
		b.Run(set.name, func(b *testing.B) {
			var names []*Name
			for _, l := range set.pairs {
				names = append(names, Prepare(l.kind, l.a), Prepare(l.kind, l.b))
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				Compare(names[n%len(names)], names[(n+1)%len(names)])
				n++
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "comparisons/s")
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	pairs := append(cases(b), made()...)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		l := pairs[n%len(pairs)]
		Prepare(l.kind, l.a)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "names/s")
}

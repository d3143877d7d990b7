package read

import (
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Code pages of one byte a character are told apart by letters: decoded by the right page,
// the bytes above 0x7F are the letters of a language, about as often as it writes them.

// written are languages with the code page that their offices use, and their letters that are
// no letters of ASCII, the most frequent first.
var written = []struct {
	encoding Encoding
	letters  string
}{
	{Windows1252, "óíáéñúü"},                              // Spanish
	{Windows1252, "ãçáéíóêõúâàô"},                         // Portuguese
	{Windows1252, "éèàêçôîûùâïëœ"},                        // French
	{Windows1252, "üäöß"},                                 // German
	{Windows1252, "àèòùìé"},                               // Italian
	{Windows1252, "éëïöüèó"},                              // Dutch
	{Windows1252, "äåöé"},                                 // Swedish, Finnish
	{Windows1252, "åøæé"},                                 // Danish, Norwegian
	{Windows1252, "óàèéíçòïúü·"},                          // Catalan
	{Windows1250, "łóążęśćńź"},                            // Polish
	{Windows1250, "íáéěýřčžůšúňťďó"},                      // Czech
	{Windows1250, "áíéčýžšúľťôňďäóŕĺ"},                    // Slovak
	{Windows1250, "áéöóőíüúű"},                            // Hungarian
	{Windows1250, "ăîşâţ"},                                // Romanian
	{Windows1250, "čšžćđ"},                                // Croatian, Slovene, Bosnian
	{Windows1254, "ıüşöçğâî"},                             // Turkish
	{Windows1257, "ėšūžčįąęų"},                            // Lithuanian
	{Windows1257, "āīēšūņļžķčģ"},                          // Latvian
	{Windows1251, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"},    // Russian
	{Windows1251, "оанитвіерслкмдпузяьбгчйїхжшюцєщфґ"},    // Ukrainian
	{Windows1251, "аоиетнрсвлкдпмзгъубячйхжцщшюьф"},       // Bulgarian
	{Windows1251, "аоиенртсјлвкмдпугбзчћжшцхњљђфџ"},       // Serbian
	{CP866, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"},          // Russian, of DOS
	{Windows1253, "αοιετνσηρυςπκμλάίέόωγδήχθύώφβξζψϊϋ"},   // Greek
	{Windows1256, "الينمرتوبعدهسفكقحجةشصطخأضثزىغذئءظإآؤ"}, // Arabic
	{Windows1256, "اینردهومتبسلشکزفگعخقجحپغذصچطضثژظآئ"},   // Persian
	{Windows1255, "יוהלאמרתבנשדעחקפכטגםצןזסךףץ"},          // Hebrew
	{Windows874, "านรอก่เง้ทยมลวดบีสตัปะคหิแพจชไขใถผุโซูื์ธญศฉษณฐภ็ฝฟฎฏึฮำ"}, // Thai
	{Windows1258, "ôưâđêơă\u0323\u0301\u0300\u0309\u0303áàéèóòúùýí"},         // Vietnamese
}

// signs stand in texts of every language.
const signs = "\u00a0°ºª–—“”‘’€«»¿¡№§…®©²³"

// Costs in nats: of a sign, of a letter that the language does not write, of a capital behind
// a small letter, of a byte that is none in the page.
const (
	signCost    = 5.0
	strangeCost = 9.0
	brokenCost  = 2.0
	invalidCost = 30.0
)

const (
	// fewLetters is how many characters above 0x7F a guess takes of languages that write
	// nothing else, and fewMarked of those in which they stand among plain ones.
	fewLetters, fewMarked = 20, 6
	// likelier is how many nats a guess must be before the next page, and dearest what one
	// of its letters may cost in the mean.
	likelier, dearest = 10.0, 4.2
	// fewBefore is likelier for the page of western Europe, the usual one, where there are fewer
	// characters than that.
	fewBefore = 5.0
)

// costs are what each byte above 0x7F costs by a page and a language.
type costs struct {
	encoding Encoding
	marked   bool // its letters stand among those of ASCII
	of       [128]float64
	upper    [128]bool
	letter   [128]bool
}

// pages are made when the first text asks for them.
var pages = sync.OnceValue(func() []costs {
	all := make([]costs, 0, len(written))
	for _, w := range written {
		c := costs{encoding: w.encoding, marked: utf8.RuneCountInString(w.letters) < fewLetters}
		cost := map[rune]float64{}
		whole := 0.0
		for i := range []rune(w.letters) {
			whole += 1 / float64(i+2)
		}
		for i, r := range []rune(w.letters) {
			cost[r] = math.Log(whole * float64(i+2))
		}
		d := newDecoder(w.encoding)
		for b := range c.of {
			r, _ := utf8.DecodeRune(d.decode(nil, []byte{byte(b + 128)}))
			known, ok := cost[unicode.ToLower(r)]
			c.upper[b], c.letter[b] = unicode.IsUpper(r), unicode.IsLetter(r) || unicode.IsMark(r)
			switch {
			case r == utf8.RuneError || unicode.IsControl(r):
				c.of[b] = invalidCost
			case ok:
				c.of[b] = known
			case strings.ContainsRune(signs, r):
				c.of[b] = signCost
			default:
				c.of[b] = strangeCost
			}
		}
		all = append(all, c)
	}
	return all
})

// cost is what a sample costs in all, and how many of its bytes are above 0x7F.
func (c *costs) cost(sample []byte) (sum float64, high int) {
	small := false // the character before is a small letter
	for i, b := range sample {
		if b < utf8.RuneSelf {
			// A capital of ASCII behind a small letter above it is as odd as the other way round.
			if small && between(b, 'A', 'Z') && i > 0 && sample[i-1] >= utf8.RuneSelf {
				sum += brokenCost
			}
			small = between(b, 'a', 'z')
			continue
		}
		high++
		sum += c.of[b-128]
		if small && c.upper[b-128] {
			sum += brokenCost
		}
		small = c.letter[b-128] && !c.upper[b-128]
	}
	return sum, high
}

// guessPage returns the code page that a sample is likely in; "" where it may be several.
// Pages by which the sample is the same text count as one, the first of them.
func guessPage(sample []byte) Encoding {
	pages := pages()
	best, least := -1, math.Inf(1)
	sums := make([]float64, len(pages))
	high := 0
	for i := range pages {
		sums[i], high = pages[i].cost(sample)
		if sums[i] < least-1e-9 {
			best, least = i, sums[i]
		}
	}
	if best < 0 || high == 0 || least > dearest*float64(high) {
		return ""
	}
	few := fewLetters
	if pages[best].marked {
		few = fewMarked
	}
	before := likelier
	if high < few {
		if pages[best].encoding != Windows1252 {
			return ""
		}
		before = fewBefore
	}
	text := string(newDecoder(pages[best].encoding).decode(nil, sample))
	for i := range pages {
		if pages[i].encoding == pages[best].encoding || sums[i] >= least+before {
			continue
		}
		if string(newDecoder(pages[i].encoding).decode(nil, sample)) != text {
			return ""
		}
	}
	return first(sample, pages[best].encoding, text)
}

// first is the first page by which the sample is the same text.
func first(sample []byte, found Encoding, text string) Encoding {
	for _, page := range pages() {
		if e := page.encoding; e == found || string(newDecoder(e).decode(nil, sample)) == text {
			return e
		}
	}
	return found
}

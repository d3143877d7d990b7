package address

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

//go:embed places.txt
var placesText string

//go:embed streets.txt
var streetsText string

// level is how large a place is.
type level uint8

const (
	districtLevel level = iota + 1
	localityLevel
	regionLevel
	countryLevel
)

// place is one meaning of a name.
type place struct {
	country string
	level   level
	name    string
	// ordinary says that the name is an everyday word or too short, so that it
	// counts only where the country is known already.
	ordinary bool
}

// gazetteer finds places by their folded names, Latin and others.
type gazetteer struct {
	names map[string][]place
	// begins and ends hold, for the first and the last word of each name, the
	// most words that such a name has.
	begins, ends map[string]uint8
	// streets leads from a Chinese name of a street in Hong Kong to the English.
	streets map[string]string
	// opens holds, for the first letter of each name in Han, kana or Hangul, the most
	// letters that such a name has.
	opens map[rune]int
}

// places builds the gazetteer once, in a few milliseconds.
var places = sync.OnceValue(buildGazetteer)

func buildGazetteer() *gazetteer {
	g := &gazetteer{
		names: make(map[string][]place, 6000), begins: make(map[string]uint8, 3000),
		ends: make(map[string]uint8, 3000), streets: make(map[string]string, 500), opens: make(map[rune]int, 500),
	}
	f := &parser{}
	for _, line := range strings.Split(placesText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		country, rest, _ := strings.Cut(line, " ")
		kind, names, _ := strings.Cut(rest, " ")
		for _, entry := range strings.Split(names, ";") {
			g.addEntry(f, place{country: country, level: levelOf(kind)}, entry)
		}
	}
	g.addCountries(f)
	for _, line := range strings.Split(streetsText, "\n") {
		if english, chinese, ok := strings.Cut(line, "="); ok && line[0] != '#' {
			for _, name := range strings.Split(chinese, "=") {
				g.streets[folded(f, name)] = english
			}
		}
	}
	return g
}

func levelOf(kind string) level {
	switch kind {
	case "r":
		return regionLevel
	case "l":
		return localityLevel
	}
	return districtLevel
}

// folded is a name as the rules read it, without the commas.
func folded(f *parser, name string) string {
	f.fold(name)
	return strings.ReplaceAll(f.text, ",", " ")
}

func (g *gazetteer) addEntry(f *parser, meaning place, entry string) {
	names := strings.Split(entry, "=")
	meaning.name = folded(f, strings.TrimPrefix(names[0], "~"))
	for _, name := range names {
		one := meaning
		name, one.ordinary = strings.CutPrefix(name, "~")
		g.add(folded(f, name), one)
	}
}

func (g *gazetteer) add(name string, meaning place) {
	if name == "" {
		return
	}
	for _, known := range g.names[name] {
		if known.country == meaning.country && known.level == meaning.level {
			return
		}
	}
	if len(name) <= 2 && meaning.level != countryLevel {
		meaning.ordinary = true
	}
	g.names[name] = append(g.names[name], meaning)
	if first, _ := utf8.DecodeRuneInString(name); first >= 0x2E80 {
		g.opens[first] = max(g.opens[first], utf8.RuneCountInString(name))
	}
	words := strings.Fields(name)
	most := uint8(len(words))
	g.begins[words[0]] = max(g.begins[words[0]], most)
	g.ends[words[len(words)-1]] = max(g.ends[words[len(words)-1]], most)
}

// addCountries adds the names of countries in English, Chinese, Japanese, Korean,
// Thai and Spanish as the Unicode CLDR has them, and others from countryNames.
func (g *gazetteer) addCountries(f *parser) {
	tongues := []display.Namer{
		display.Regions(language.English), display.Regions(language.SimplifiedChinese), display.Regions(language.TraditionalChinese),
		display.Regions(language.Japanese), display.Regions(language.Korean), display.Regions(language.Thai), display.Regions(language.Spanish),
	}
	for _, line := range strings.Split(countryNames, "\n") {
		code, names, ok := strings.Cut(line, " ")
		if !ok {
			continue
		}
		for _, name := range strings.Split(names, ";") {
			g.add(folded(f, name), place{country: code, level: countryLevel, name: code})
		}
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.String() != code || region.Canonicalize() != region {
				continue
			}
			lower := strings.ToLower(code)
			for _, tongue := range tongues {
				name := folded(f, tongue.Name(region))
				if len(name) > 3 && !g.isCountry(name) {
					g.add(name, place{country: lower, level: countryLevel, name: lower})
				}
			}
		}
	}
}

func (g *gazetteer) isCountry(name string) bool {
	for _, known := range g.names[name] {
		if known.level == countryLevel {
			return true
		}
	}
	return false
}

// countryNames are names of countries beside those of the CLDR: short forms, older
// names, the order of lists ("Korea, North").
const countryNames = `hk hong kong;hongkong;hk;h k;hksar;hong kong sar;hong kong s a r;hong kong special administrative region;香港;香港特别行政区;中国香港;中国香港特别行政区;홍콩;ฮ่องกง
mo macao;macau;macao sar;macau sar;澳门;澳门特别行政区;中国澳门;마카오;มาเก๊า
tw taiwan;taiwan roc;taiwan r o c;republic of china;roc;taiwan province of china;chinese taipei;台湾;中华民国;台湾省;대만;ไต้หวัน
cn china;pr china;p r china;prc;p r c;peoples republic of china;people republic of china;mainland china;中国;中华人民共和国;중국;จีน
kp north korea;korea north;dprk;democratic peoples republic of korea;korea democratic peoples republic of;북한;朝鲜
kr south korea;korea south;korea;republic of korea;korea republic of;r o k;rok;대한민국;한국;韩国
us usa;u s a;us;united states;united states of america;america;美国
gb uk;u k;united kingdom;great britain;britain;gb;英国
ae uae;u a e;united arab emirates;阿联酋
vn vietnam;viet nam;viet-nam;socialist republic of vietnam;sr vietnam;越南
sg singapore;s pore;spore;新加坡;republic of singapore
my malaysia;马来西亚
th thailand;泰国;ประเทศไทย;ไทย
ph philippines;the philippines;republic of the philippines;phils;pilipinas;菲律宾
id indonesia;republic of indonesia;印度尼西亚;印尼
jp japan;日本;日本国;nippon
in india;印度;bharat
kh cambodia;kingdom of cambodia;kampuchea
la laos;lao pdr;lao peoples democratic republic
mm burma;myanmar;union of myanmar;缅甸
bn brunei;brunei darussalam;negara brunei darussalam
ru russia;russian federation;rossiya;россия;俄罗斯
by belarus;republic of belarus;byelorussia
ua ukraine;украина
ir iran;islamic republic of iran;iran islamic republic of;伊朗
sy syria;syrian arab republic
cd congo democratic republic of the;democratic republic of the congo;democratic republic of congo;drc;zaire
cg congo republic of the;republic of the congo;congo
ci cote d ivoire;cote divoire;ivory coast
vg virgin islands british;british virgin islands;bvi;b v i
vi virgin islands u s;us virgin islands
im man isle of;isle of man
gm the gambia;gambia the;gambia
bs bahamas the;the bahamas
ps palestinian;palestine;west bank;gaza;region gaza;gaza strip;palestinian territories
cz czech republic;czechia
mk macedonia;north macedonia
tr turkey;turkiye;republic of turkey
kn saint kitts and nevis;st kitts and nevis
vc saint vincent and the grenadines;st vincent and the grenadines
lc saint lucia;st lucia
tt trinidad and tobago
ba bosnia and herzegovina;bosnia
kg kyrgyzstan;kyrgyz republic
tz tanzania;united republic of tanzania
ve venezuela;bolivarian republic of venezuela
bo bolivia
md moldova;republic of moldova
nl netherlands;the netherlands;holland
de germany;deutschland;federal republic of germany
es spain;espana
it italy;italia
fr france
be belgium;belgique;belgie
ch switzerland;schweiz;suisse;svizzera
at austria;osterreich;oesterreich
se sweden;sverige
pl poland;polska
mx mexico;estados unidos mexicanos
br brazil;brasil
pa panama;republic of panama
sa saudi arabia;kingdom of saudi arabia;ksa
eg egypt
za south africa;rsa
nz new zealand
au australia
lk sri lanka;ceylon
tl timor-leste;east timor
fm micronesia;federated states of micronesia
mh marshall islands;republic of the marshall islands
an netherlands antilles
xk kosovo
sz swaziland;eswatini
cv cape verde;cabo verde
va vatican city;holy see
ss south sudan`

package address

import (
	"strings"
	"unicode/utf8"
)

// readLatin gives the tokens to parts, the surest first: what has a keyword, then
// streets, then places, then what is left by where it stands.
func (p *parser) readLatin() {
	p.readCare()
	p.readBox()
	p.readCountry()
	p.readFloors()
	p.readUnits()
	p.readBlocks()
	if p.latinJapan() {
		p.readChome()
	}
	p.readStreet()
	p.readPlaces()
	if p.country == "" {
		p.country = p.hint
	}
	p.readCodes()
	p.readRuns()
}

// readCodes takes the postcode among the tokens behind the street.
func (p *parser) readCodes() {
	if land := p.land(); p.into.Postcode != "" || land == "hk" || land == "mo" {
		return
	}
	from := max(p.streets, 0)
	for i := len(p.tokens) - 1; i >= from; i-- {
		if !p.free(i) || !p.tokens[i].hasDigit() || i > 0 && p.is(i-1, numberWord) && !p.tokens[i].first {
			continue
		}
		if i > from && p.free(i-1) && !p.tokens[i].first && p.twoPart(i) {
			p.into.Postcode = p.tokens[i-1].text + p.tokens[i].text
			p.take(i-1, i+1, codeSlot)
			return
		}
		text := p.tokens[i].text
		if cut := strings.IndexByte(text, '-'); cut > 0 && cut <= 2 && classify(text[:cut]) == letters {
			text = text[cut+1:] // "ch-8022"
		}
		if p.postcode(text) {
			p.into.Postcode = strings.ReplaceAll(text, "-", "")
			p.tokens[i].part = codeSlot
			if p.free(i - 1) {
				switch p.tokens[i-1].text {
				case "cp", "zip", "s", "pin", "code":
					p.tokens[i-1].part = taken
				}
			}
			return
		}
	}
}

// twoPart reports whether token i and the one before are a postcode in two parts:
// "EC3N 1DY", "1012 AB" has its letters behind, "110 001".
func (p *parser) twoPart(i int) bool {
	a, b := p.tokens[i-1].text, p.tokens[i].text
	switch p.country {
	case "gb", "je", "gg", "im", "gi", "mt", "ca":
		return p.tokens[i-1].class == mixed && len(a) >= 2 && len(a) <= 4 && len(b) == 3 && isDigit(b[0]) && p.tokens[i].class == mixed
	case "in", "sg":
		return p.tokens[i-1].class == digits && p.tokens[i].class == digits && len(a) == 3 && len(b) == 3
	case "se", "gr", "cz", "sk":
		return p.tokens[i-1].class == digits && p.tokens[i].class == digits && len(a) == 3 && len(b) == 2
	}
	return false
}

// codeLength is how many digits postcodes have.
var codeLength = map[string]int{
	"cn": 6, "sg": 6, "in": 6, "vn": 6, "ru": 6, "kz": 6, "by": 6, "ro": 6, "co": 6, "ec": 6, "tw": 5, "kr": 5, "th": 5, "my": 5, "id": 5, "mm": 5,
	"us": 5, "mx": 5, "de": 5, "fr": 5, "es": 5, "it": 5, "tr": 5, "ua": 5, "pk": 5, "sa": 5, "pe": 5, "ph": 4, "ch": 4, "at": 4, "be": 4, "dk": 4,
	"no": 4, "au": 4, "nz": 4, "za": 4, "bd": 4, "nl": 4, "jp": 7, "br": 8, "ir": 10, "kh": 5, "la": 5, "np": 5, "lk": 5, "bn": 6, "iq": 5, "lb": 4,
}

// postcode reports whether the text has the form of a postcode of the country.
func (p *parser) postcode(text string) bool {
	kind := classify(text)
	if p.country == "nl" || p.country == "gb" || p.country == "mt" || p.country == "bn" || p.country == "je" {
		if kind == mixed && len(text) >= 5 && len(text) <= 8 {
			return true
		}
	}
	if kind != digits || strings.ContainsAny(text, "/#&") {
		return false
	}
	number := len(text) - strings.Count(text, "-")
	most, known := codeLength[p.country]
	switch {
	case p.country == "us":
		return number == 5 && len(text) == 5 || number == 9
	case p.country == "tw":
		return number == 3 && len(text) == 3 || number == 5 || number == 6
	case p.country == "kr" || p.country == "vn":
		return number == 5 || number == 6
	case p.country == "jp":
		return number == 7 || number == 3 && len(text) == 3
	case p.country == "ir" || p.country == "br":
		return number == most || number == 5
	case known:
		return number == most && len(text) == most
	}
	return number >= 4 && number <= 6 && len(text) == number
}

// run is a stretch of free tokens of one piece.
type run struct {
	from, to int
	numbers  bool // some token has a digit
	words    bool
	building bool
}

// readRuns gives what is left to building, district or locality, by its words and
// by where it stands; the rest is kept as it is.
func (p *parser) readRuns() {
	var store [24]run
	runs := store[:0]
	for i := 0; i < len(p.tokens); {
		if !p.free(i) {
			i++
			continue
		}
		r := run{from: i, to: i + 1}
		for p.follows(r.to) {
			r.to++
		}
		i = r.to
		if p.readNamed(&r) {
			continue
		}
		p.look(&r)
		runs = append(runs, r)
	}
	p.readBuilding(runs)
	p.readLocality(runs)
	for _, r := range runs {
		if p.free(r.from) {
			p.leave(r)
		}
	}
}

func (p *parser) look(r *run) {
	for i := r.from; i < r.to; i++ {
		t := &p.tokens[i]
		if t.hasDigit() {
			r.numbers = true
		} else if t.word.is&andWord == 0 {
			r.words = true
		}
		if t.word.is&(buildingWord|blockNoun) != 0 && i > r.from || i == r.from && t.word.is&buildingLead != 0 && r.to > r.from+1 {
			r.building = true
		}
	}
}

// hung are the words that Korean and Japanese hang on the name of a place.
var hung = []struct {
	tail  string
	level level
}{
	{"-gu", districtLevel}, {"-ku", districtLevel}, {"-gun", districtLevel}, {"-guyok", districtLevel}, {"-dong", districtLevel}, {"-eup", districtLevel}, {"-myeon", districtLevel}, {"-cho", districtLevel}, {"-machi", districtLevel}, {"-ri", districtLevel},
	{"-si", localityLevel}, {"-shi", localityLevel}, {"-city", localityLevel}, {"-do", regionLevel}, {"-ken", regionLevel}, {"-fu", regionLevel}, {"-to", regionLevel},
}

// readNamed takes a run whose first or last word says what it is: "Futian
// District", "Khwaeng Khlong Toei", "Gangnam-gu".
func (p *parser) readNamed(r *run) bool {
	for r.to > r.from {
		last := &p.tokens[r.to-1]
		rank := level(0)
		name := ""
		for _, h := range hung {
			if stem, ok := strings.CutSuffix(last.text, h.tail); ok && len(stem) >= 2 {
				rank, name = h.level, stem
				break
			}
		}
		if rank == 0 {
			break
		}
		p.keepPlace(place{country: p.country, level: rank, name: name})
		last.part = placeSlot
		r.to--
	}
	if r.to-r.from < 2 {
		return r.to == r.from
	}
	first, last := &p.tokens[r.from], &p.tokens[r.to-1]
	if r.to-r.from == 3 && first.hasDigit() && p.tokens[r.from+1].text == "moo" && p.into.Number == "" {
		p.into.Number = numberForm(first.text) // "99/12 Moo 4"
		first.part = numberSlot
		r.from++
		return false
	}
	from, to := r.from, r.to
	var rank level
	switch {
	case last.word.is&districtWord != 0:
		rank, to = districtLevel, to-1
	case last.word.is&localityWord != 0 && last.word.is&buildingWord == 0:
		rank, to = localityLevel, to-1
	case last.word.is&regionWord != 0:
		rank, to = regionLevel, to-1
	case p.land() == "vn" && first.text == "q":
		rank, from = districtLevel, from+1
	case first.word.is&wardWord != 0, p.land() == "vn" && first.text == "p":
		p.leave(*r)
		p.take(r.from, r.to, placeSlot)
		return true
	case first.word.is&(districtLead|districtWord) != 0:
		rank, from = districtLevel, from+1
	case first.word.is&localityLead != 0:
		rank, from = localityLevel, from+1
	case first.word.is&regionLead != 0:
		rank, from = regionLevel, from+1
	default:
		return false
	}
	p.keepPlace(place{country: p.country, level: rank, name: p.phrase(from, to)})
	p.take(r.from, r.to, placeSlot)
	return true
}

// readBuilding takes the building: a run with a word for one, else what stands
// before the street.
func (p *parser) readBuilding(runs []run) {
	for i := range runs {
		r := &runs[i]
		if r.building && r.words && p.into.Building == "" {
			p.keepBuilding(r)
		}
	}
	if p.into.Building != "" || p.street < 0 && p.into.Unit == "" && p.into.Floor == "" {
		return
	}
	for i := range runs {
		r := &runs[i]
		before := p.street < 0 || r.from < p.street || p.land() == "sg"
		last := p.street < 0 && i == len(runs)-1 && p.into.Locality == "" && !cityState(p.country)
		if before && r.words && !r.numbers && !last && p.tokens[r.from].word.is&nearWord == 0 {
			p.keepBuilding(r)
			return
		}
	}
}

// keepBuilding writes the building in its normal form; a lone unit in front of it
// ("20A Kiu Fu Building") is taken as one.
func (p *parser) keepBuilding(r *run) {
	from, to := r.from, r.to
	if from+1 < to && p.tokens[from].hasDigit() && p.into.Unit == "" && p.tokens[from].part == free {
		p.loneUnit(from)
		from++
	}
	for to > from+1 && p.tokens[to-1].class == digits && p.into.Number == "" && p.street < 0 {
		p.into.Number = numberForm(p.tokens[to-1].text)
		p.tokens[to-1].part = numberSlot
		to--
	}
	p.gather.Reset()
	for i := from; i < to; i++ {
		t := &p.tokens[i]
		if i > from {
			p.gather.WriteByte(' ')
		}
		text := t.text
		switch {
		case t.word.is&buildingWord != 0 && i > from:
			text = t.full()
		case t.word.is&buildingLead != 0 && i == from && t.word.full != "":
			text = t.word.full
		case numerals[text] != "" && len(text) > 1:
			text = numerals[text]
		case text == "st":
			text = "saint"
		}
		p.gather.WriteString(text)
	}
	p.into.Building = strings.TrimPrefix(strings.TrimPrefix(p.gather.String(), "the "), "toa nha ")
	p.take(from, to, taken)
}

// loneUnit takes token i as a unit without a word, or as the number where there is
// a unit already.
func (p *parser) loneUnit(i int) {
	t := &p.tokens[i]
	more(&p.into.Unit, unitRange(t.text), ",")
	t.part = unitSlot
}

func cityState(country string) bool {
	return country == "hk" || country == "mo" || country == "sg"
}

// readLocality takes the city from what stands behind the street where no table
// knows it: before the region if that is known, else the last run.
func (p *parser) readLocality(runs []run) {
	for i := range runs {
		r := &runs[i]
		lone := r.to-r.from == 1 && p.tokens[r.from].hasDigit() && p.tokens[r.from].part == free
		switch {
		case lone && p.into.Unit == "" && r.from == 0 && p.into.Building != "" && (cityState(p.country) || p.tokens[r.from].class == mixed):
			p.loneUnit(r.from)
		case lone && p.into.Unit == "" && r.from == p.streets && p.into.Number != "" && p.tokens[r.from].class == mixed && len(p.tokens[r.from].text) <= 5:
			p.loneUnit(r.from) // "Avenida Obregon No. 1800, 74M"
		case p.into.Number == "" && r.to-r.from <= 2 && p.tokens[r.to-1].hasDigit() && (lone || p.tokens[r.from].word.is&numberWord != 0) && len(p.tokens[r.to-1].text) <= 9:
			p.into.Number = numberForm(p.tokens[r.to-1].text)
			p.take(r.from, r.to, numberSlot)
		}
	}
	if cityState(p.country) {
		return
	}
	last := -1
	for i := range runs {
		r := &runs[i]
		initial := r.to == r.from+1 && len(p.tokens[r.from].text) == 1
		if p.free(r.from) && r.words && !initial && p.cityEnd(*r) > r.from && r.from >= p.streets && p.tokens[r.from].word.is&nearWord == 0 {
			if p.into.Locality == "" && last >= 0 && p.into.District == "" && p.into.Region == "" && !runs[last].numbers {
				p.into.District = p.phrase(runs[last].from, runs[last].to)
				p.take(runs[last].from, runs[last].to, placeSlot)
			}
			last = i
		}
	}
	if last < 0 {
		return
	}
	r := runs[last]
	end := p.cityEnd(r)
	switch {
	case p.into.Locality == "":
		p.into.Locality = p.phrase(r.from, end)
	case p.into.District == "" && p.street >= 0 && !r.numbers:
		p.into.District = p.phrase(r.from, end)
	default:
		return
	}
	if end < r.to && p.into.Postcode == "" {
		p.into.Postcode = strings.ReplaceAll(p.phrase(end, r.to), " ", "")
	}
	p.take(r.from, r.to, placeSlot)
}

// cityEnd is the token behind the words of a run that are followed by digits alone
// ("Sarajevo 71 000"), the first token of the run if it is no such run.
func (p *parser) cityEnd(r run) int {
	end := r.to
	for end > r.from && p.tokens[end-1].class == digits && len(p.tokens[end-1].text) <= 7 {
		end--
	}
	for i := r.from; i < end; i++ {
		if p.tokens[i].hasDigit() || p.tokens[i].word.is&numberWord != 0 {
			return r.from
		}
	}
	return end
}

// leave keeps a run as text.
func (p *parser) leave(r run) {
	if text := strings.Trim(p.phrase(r.from, r.to), " -/&"); text != "" {
		more(&p.into.Rest, text, " | ")
	}
}

// finish settles what depends on the country as a whole.
func (p *parser) finish() {
	a := p.into
	if a.Country == "" {
		a.Country = p.country
	}
	if a.Country == "" {
		a.Country = p.hint
	}
	switch a.Country {
	case "hk":
		a.Locality = "hong kong"
	case "mo":
		a.Locality = "macao"
	case "sg":
		a.Locality = "singapore"
		if a.Number == "" && a.Block != "" {
			a.Number, a.Block = a.Block, ""
		}
	}
	if a.Region == a.Locality && a.Country != "hk" {
		a.Region = ""
	}
	if a.Box == "" && a.Unit == "" && a.Street == "" && utf8.RuneCountInString(a.Building) == 1 {
		more(&a.Rest, a.Building, " | ")
		a.Building = ""
	}
}

package address

// joined writes tokens from..to, parted by spaces, into a buffer that the next
// call overwrites.
func (p *parser) joined(from, to int) []byte {
	p.out = p.out[:0]
	for i := from; i < to; i++ {
		if i > from {
			p.out = append(p.out, ' ')
		}
		p.out = append(p.out, p.tokens[i].text...)
	}
	return p.out
}

// readCountry takes the country at the end of the text, or in a piece of its own.
// "Hong Kong, China" is Hong Kong.
func (p *parser) readCountry() {
	end := len(p.tokens)
	for end > 0 && (!p.free(end-1) || p.tokens[end-1].class == digits) {
		end--
	}
	for end > 0 {
		from := p.countryBefore(end)
		if from < 0 {
			break
		}
		end = from
	}
	if p.country != "" {
		return
	}
	for i := 0; i < len(p.tokens); i = p.pieceEnd(i) {
		if p.countryBefore(p.pieceEnd(i)) >= 0 && p.country != "" {
			return
		}
	}
}

// countryBefore takes the longest name of a country that ends before token end,
// and returns its first token, -1 if there is none.
func (p *parser) countryBefore(end int) int {
	if !p.free(end - 1) {
		return -1
	}
	most := int(p.places.ends[p.tokens[end-1].text])
	for n := min(most, end); n > 0; n-- {
		from := end - n
		if !p.allFree(from, end) {
			continue
		}
		for _, one := range p.places.names[string(p.joined(from, end))] {
			if one.level != countryLevel {
				if n > 1 && (p.country == "" || one.country == p.country) {
					return -1 // "Mexico City", "Hong Kong Island"
				}
				continue
			}
			if p.country != "" && p.country != one.country && (p.country != "cn" || !chineseOwn(one.country)) {
				return -1
			}
			p.keepCountry(one.country, from, end)
			return from
		}
	}
	return -1
}

// keepCountry takes tokens as the country. The same name once more, in a piece of
// its own, is the city: "Panama, Panama".
func (p *parser) keepCountry(country string, from, end int) {
	name := p.phrase(from, end)
	whole := p.tokens[from].first && end == p.pieceEnd(from)
	if p.country == country && p.named == name && whole && !cityState(country) {
		if country == "mx" {
			p.into.Region = "estado de mexico"
		} else {
			p.into.Locality = name
		}
	}
	p.country, p.named = country, name
	p.take(from, end, countrySlot)
}

// chineseOwn holds for the codes of territories whose addresses often end in
// "China".
func chineseOwn(country string) bool {
	return country == "hk" || country == "mo" || country == "tw"
}

func (p *parser) allFree(from, to int) bool {
	for i := from; i < to; i++ {
		if !p.free(i) {
			return false
		}
	}
	return from >= 0
}

// readPlaces takes the names of places at both ends of what is still free between
// other parts.
func (p *parser) readPlaces() {
	for i := len(p.tokens); i > 0; {
		if !p.free(i - 1) {
			i--
			continue
		}
		from := p.runStart(i - 1)
		p.peel(from, i)
		i = from
	}
}

// runStart is the first token of the run of free tokens of one piece that ends
// with i.
func (p *parser) runStart(i int) int {
	for i > 0 && !p.tokens[i].first && p.free(i-1) {
		i--
	}
	return i
}

func (p *parser) peel(from, to int) {
	for to > from {
		back := p.placeBefore(from, to)
		if back < 0 && (p.tokens[to-1].class == digits || p.tokens[to-1].word.is&(districtWord|localityWord|regionWord) != 0) && to-from > 1 {
			// A postcode or "district" behind the name.
			back = p.placeBefore(from, to-1)
			if back >= 0 && p.tokens[to-1].class != digits {
				p.tokens[to-1].part = taken
			}
		}
		if back < 0 {
			break
		}
		to = back
	}
	for from < to {
		next := p.placeAfter(from, to)
		if next < 0 {
			break
		}
		from = next
	}
}

// placeBefore takes the longest name that ends before token to, and returns its
// first token, -1 if there is none.
func (p *parser) placeBefore(from, to int) int {
	if to <= from || !p.free(to-1) {
		return -1
	}
	most := int(p.places.ends[p.tokens[to-1].text])
	for n := min(most, to-from); n > 0; n-- {
		if p.accept(to-n, to) {
			return to - n
		}
	}
	return -1
}

// placeAfter takes the longest name that begins with token from and returns the
// token behind it, -1 if there is none.
func (p *parser) placeAfter(from, to int) int {
	most := int(p.places.begins[p.tokens[from].text])
	for n := min(most, to-from); n > 0; n-- {
		if n < to-from && p.tokens[from+n].word.is&(buildingWord|streetWord|placeWord) != 0 {
			continue // "Wan Chai Commercial Centre"
		}
		if p.accept(from, from+n) {
			return from + n
		}
	}
	return -1
}

// accept takes tokens as a place if their name has a meaning in the country.
func (p *parser) accept(from, to int) bool {
	meanings := p.places.names[string(p.joined(from, to))]
	if len(meanings) == 0 {
		return false
	}
	one, ok := p.choose(meanings)
	if !ok || one.ordinary && p.mightBeName(from, to) {
		return false
	}
	p.keepPlace(one)
	p.take(from, to, placeSlot)
	return true
}

// mightBeName holds for ordinary words in the middle of a run.
func (p *parser) mightBeName(from, to int) bool {
	before := from > 0 && !p.tokens[from].first && p.free(from-1) && p.tokens[from-1].class == letters
	after := p.follows(to) && p.tokens[to].class == letters && p.tokens[to].word.is&districtWord == 0
	return before || after
}

// choose picks the meaning that fits the country; without one, the hinted
// country's, then the first that is no ordinary word.
func (p *parser) choose(meanings []place) (place, bool) {
	want := p.country
	for range 2 {
		for _, one := range meanings {
			if want != "" && one.country == want && one.level != countryLevel {
				return one, true
			}
		}
		if p.country != "" {
			return place{}, false
		}
		want = p.hint
	}
	for _, one := range meanings {
		if !one.ordinary && one.level != countryLevel {
			return one, true
		}
	}
	return place{}, false
}

func (p *parser) keepPlace(one place) {
	if p.country == "" {
		p.country = one.country
	}
	var field *string
	switch one.level {
	case districtLevel:
		field = &p.into.District
	case localityLevel:
		field = &p.into.Locality
	case regionLevel:
		field = &p.into.Region
	default:
		return
	}
	if *field == "" {
		*field = one.name
	} else if *field != one.name {
		more(&p.into.Rest, one.name, " | ")
	}
}

package address

import (
	"strings"
	"unicode/utf8"
)

// readKorean takes Korean addresses word by word: "서울특별시 강남구 테헤란로 152,
// 23층 2309호", or with a lot, "역삼동 737".
func (p *parser) readKorean(text string) []string {
	var left []string
	words := strings.Fields(text)
	for i := 0; i < len(words); i++ {
		word := words[i]
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch used := p.koreanWord(word, next); used {
		case 0:
			left = append(left, word)
		default:
			i += used - 1
		}
	}
	return p.koreanRest(left)
}

// koreanWord reads one word, with the number behind it if it takes one. It returns
// how many words it used.
func (p *parser) koreanWord(word, next string) int {
	if one, size := p.eastPlace(word); size == len(word) {
		if one.level != countryLevel {
			p.keepPlace(one)
		}
		return 1
	}
	number := streetNumber(word)
	if number != "" {
		switch word[len(number):] {
		case "층":
			p.keepSigned(Floor, number)
			return 1
		case "호", "호실":
			p.keepSigned(Unit, number)
			return 1
		case "동":
			p.keepSigned(Block, number)
			return 1
		case "번지":
			p.into.Number = numberForm(number)
			return 1
		case "":
			if p.into.Street != "" && p.into.Number == "" {
				p.into.Number = numberForm(number)
				return 1
			}
			return 0
		}
	}
	if strings.HasPrefix(word, "지하") {
		if number := leadingNumber(word[len("지하"):]); number != "" && strings.HasSuffix(word, "층") {
			p.keepSigned(Floor, "b"+number)
			return 1
		}
	}
	return p.koreanName(word, next)
}

// koreanName reads a name by its last syllable.
func (p *parser) koreanName(word, next string) int {
	last, size := utf8.DecodeLastRuneInString(word)
	stem := word[:len(word)-size]
	if stem == "" {
		return 0
	}
	if strings.HasSuffix(word, "대로") || last == '로' || last == '길' {
		if number := streetNumber(next); p.into.Street == "" || number != "" {
			p.into.Street = word
			if number != "" && number == next {
				p.into.Number = numberForm(number)
				return 2
			}
			return 1
		}
		return 0
	}
	switch last {
	case '시', '군':
		p.keepPlace(place{country: "kr", level: localityLevel, name: stem})
		return 1
	case '도':
		p.keepPlace(place{country: "kr", level: regionLevel, name: stem})
		return 1
	case '구':
		p.keepPlace(place{country: "kr", level: districtLevel, name: stem})
		return 1
	case '동', '읍', '면', '리', '가':
		number := streetNumber(next)
		if number != "" && (number == next || next == number+"번지") && p.into.Street == "" {
			p.into.Street = word
			p.into.Number = numberForm(number)
			return 2
		}
		if utf8.RuneCountInString(word) > 5 || last == '가' {
			return 0
		}
		if p.into.District == "" {
			p.keepPlace(place{country: "kr", level: districtLevel, name: stem})
		}
		return 1
	}
	return 0
}

// koreanRest keeps the first stretch as the building.
func (p *parser) koreanRest(words []string) []string {
	var latin []string
	name := ""
	for _, word := range words {
		if hasEast(word) {
			name += word
		} else {
			latin = append(latin, word)
		}
	}
	if name != "" {
		if p.into.Building == "" {
			p.into.Building = name
		} else {
			more(&p.into.Rest, name, " | ")
		}
	}
	if len(latin) == 0 {
		return nil
	}
	return []string{strings.Join(latin, " ")}
}

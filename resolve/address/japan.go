package address

import (
	"strings"
	"unicode/utf8"
)

// readJapanese takes town, chome, banchi and go ("丸の内1丁目9番2号" is number
// 1-9-2 of the town), then building, floor and unit.
func (p *parser) readJapanese(text string) []string {
	text = p.japaneseTown(text)
	var left []string
	start := 0
	for i := 0; i < len(text); {
		at, end, ok := p.chineseSign(text, i, start)
		if !ok {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		left = append(left, p.chineseName(text[start:at])...)
		i, start = end, end
	}
	return append(left, p.chineseName(text[start:])...)
}

// japaneseTown takes the town and the numbers behind it.
func (p *parser) japaneseTown(text string) string {
	for i := 0; i < len(text); {
		value, size := "", 0
		if isDigit(text[i]) {
			value = leadingNumber(text[i:])
			size = len(value)
		} else if number, n := hanNumber(text[i:]); n > 0 && strings.HasPrefix(text[i+n:], "丁目") {
			value, size = number, n
		}
		if size == 0 {
			_, step := utf8.DecodeRuneInString(text[i:])
			i += step
			continue
		}
		if i == 0 {
			return text
		}
		rest := text[i+size:]
		if startsSign(rest) && !strings.HasPrefix(rest, "丁目") && !strings.HasPrefix(rest, "番") && !strings.HasPrefix(rest, "号") {
			return text
		}
		numbers := value
		for {
			rest = strings.TrimLeft(rest, " ")
			cut := ""
			for _, word := range [...]string{"丁目", "番地", "番", "号", "の", "-"} {
				if strings.HasPrefix(rest, word) && !strings.HasPrefix(rest, "号室") {
					cut = word
					break
				}
			}
			if cut == "" {
				break
			}
			rest = rest[len(cut):]
			next := leadingNumber(rest)
			if next == "" || cut == "号" {
				break
			}
			if startsSign(rest[len(next):]) && cut != "丁目" && cut != "の" && !strings.HasPrefix(rest[len(next):], "番") && !strings.HasPrefix(rest[len(next):], "号") {
				break
			}
			numbers += "-" + next
			rest = rest[len(next):]
		}
		town := strings.ReplaceAll(strings.TrimSpace(text[:i]), " ", "")
		if p.into.Street == "" && p.into.Number == "" {
			p.into.Street, p.into.Number = town, tidy(numbers)
		}
		return rest
	}
	return text
}

// latinJapan reports whether the words are a Japanese address in Latin letters.
func (p *parser) latinJapan() bool {
	if p.country == "jp" {
		return true
	}
	if p.country != "" {
		return false
	}
	for i := range p.tokens {
		if p.free(i) && (strings.HasSuffix(p.tokens[i].text, "-chome") || p.tokens[i].text == "chome") {
			p.country = "jp"
			return true
		}
	}
	return false
}

// readChome takes the numbers of a Japanese address in Latin letters, in the order
// in which they count: "10-2 Nihombashi 2-chome" and "2-10-2 Nihombashi" are one.
func (p *parser) readChome() {
	chome, at := "", -1
	for i := range p.tokens {
		if !p.free(i) {
			continue
		}
		t := &p.tokens[i]
		switch {
		case t.text == "chome" && i > 0 && p.free(i-1) && (p.tokens[i-1].class == digits || p.tokens[i-1].class == ordinal):
			chome, at = strings.TrimRight(p.tokens[i-1].text, "stndrh"), i
			p.take(i-1, i+1, numberSlot)
		case strings.HasSuffix(t.text, "-chome"):
			chome, at = strings.TrimRight(strings.TrimSuffix(t.text, "-chome"), "stndrh"), i
			t.part = numberSlot
		}
	}
	number := -1
	for i := range p.tokens {
		t := &p.tokens[i]
		if !p.free(i) || t.class != digits || len(t.text) > 11 || len(t.text) == 8 && t.text[3] == '-' {
			continue
		}
		number = i
		break
	}
	if chome == "" && (number < 0 || !strings.Contains(p.tokens[number].text, "-")) {
		return
	}
	value := chome
	town := at
	if number >= 0 && (number < len(p.tokens)-1 || chome == "") && len(p.tokens[number].text) <= 9 {
		more(&value, p.tokens[number].text, "-")
		p.tokens[number].part = numberSlot
		town = number
	}
	p.into.Number = tidy(value)
	p.chomeTown(town, at)
}

// chomeTown takes the town beside the numbers: before "2-chome" or behind the
// number.
func (p *parser) chomeTown(number, chome int) {
	for _, i := range [...]int{chome - 1, number + 1, chome + 1, number - 1} {
		if !p.free(i) || p.tokens[i].class != letters || p.tokens[i].word.is&buildingWord != 0 {
			continue
		}
		text := p.tokens[i].text
		if strings.HasSuffix(text, "-ku") || strings.HasSuffix(text, "-shi") || p.isPlace(text) {
			continue
		}
		from, to := i, i+1
		for i == chome-1 && from > 0 && p.free(from-1) && !p.tokens[from].first && p.tokens[from-1].class == letters {
			from--
		}
		p.into.Street = p.phrase(from, to)
		p.take(from, to, streetSlot)
		p.street, p.streets = min(from, max(number, 0)), to
		return
	}
}

func (p *parser) isPlace(name string) bool {
	for _, one := range p.places.names[name] {
		if one.country == "jp" {
			return true
		}
	}
	return false
}

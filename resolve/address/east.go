package address

import (
	"strings"
	"unicode/utf8"
)

// readEast takes what is written in Han, kana or Hangul out of p.text: countries
// and places at the front, then street and number, then block, floor and unit,
// whose signs stand behind the value ("23樓2309室"). What is left goes on to the
// rules for words.
func (p *parser) readEast() {
	p.chooseCountry()
	var left []string
	for _, piece := range strings.Split(p.text, ",") {
		for _, part := range p.eastPieces(piece) {
			if part = strings.TrimSpace(part); part != "" {
				left = append(left, part)
			}
		}
	}
	p.text = strings.Join(left, ",")
}

// chooseCountry looks for the name of a country or territory anywhere in the text,
// and tells Japan and Korea by their scripts.
func (p *parser) chooseCountry() {
	kana, hangul := false, false
	for _, r := range p.text {
		kana = kana || r >= 0x3041 && r <= 0x30FA
		hangul = hangul || r >= 0xAC00 && r <= 0xD7A3
	}
	switch {
	case strings.Contains(p.text, "香港") && !strings.Contains(p.text, "香港路"):
		p.country = "hk"
	case strings.Contains(p.text, "澳门") && !strings.Contains(p.text, "澳门路"):
		p.country = "mo"
	case strings.Contains(p.text, "台湾"):
		p.country = "tw"
	case hangul:
		p.country = "kr"
	case kana, strings.Contains(p.text, "〒"), strings.Contains(p.text, "日本"), strings.Contains(p.text, "丁目"):
		p.country = "jp"
	}
}

// eastPieces reads one piece and returns what it left, word by word where Latin
// words stand between.
func (p *parser) eastPieces(piece string) []string {
	var left []string
	var east strings.Builder // neighbouring words of these scripts
	flush := func() {
		if east.Len() > 0 {
			left = append(left, p.eastPiece(east.String())...)
			east.Reset()
		}
	}
	var latin []string
	for _, word := range strings.Fields(piece) {
		if !hasEast(word) {
			if east.Len() > 0 && isDigit(word[0]) && p.country != "kr" {
				east.WriteString(" " + word)
				continue
			}
			if east.Len() > 0 && p.country == "kr" {
				east.WriteString(" " + word)
				continue
			}
			latin = append(latin, word)
			continue
		}
		if len(latin) > 0 && east.Len() == 0 {
			if n := len(latin); isDigit(latin[n-1][0]) && n == 1 {
				east.WriteString(latin[0] + " ")
			} else {
				left = append(left, strings.Join(latin, " "))
			}
			latin = latin[:0]
		}
		if east.Len() > 0 {
			east.WriteByte(' ')
		}
		east.WriteString(word)
	}
	flush()
	if len(latin) > 0 {
		left = append(left, strings.Join(latin, " "))
	}
	return left
}

func hasEast(text string) bool {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r >= 0x2E80 {
			return true
		}
		i += size
	}
	return false
}

// eastPiece reads a stretch in one of these scripts.
func (p *parser) eastPiece(text string) []string {
	text = p.eastCode(text)
	if hasHangul(text) {
		return p.readKorean(text)
	}
	text = p.eastPlaces(text)
	if p.country == "jp" {
		return p.readJapanese(text)
	}
	return p.readChinese(text)
}

func hasHangul(text string) bool {
	for _, r := range text {
		if r >= 0xAC00 && r <= 0xD7A3 {
			return true
		}
	}
	return false
}

// eastCode takes a postcode at the front or behind 邮编.
func (p *parser) eastCode(text string) string {
	text = strings.TrimSpace(text)
	marked := false
	for _, sign := range [...]string{"〒", "邮编", "邮政编码", "우편번호", "우"} {
		if before, after, ok := strings.Cut(text, sign); ok && (before == "" || sign != "우") {
			number := leadingNumber(strings.TrimSpace(after))
			if number != "" {
				p.into.Postcode = strings.ReplaceAll(number, "-", "")
				text = strings.TrimSpace(before + " " + strings.TrimPrefix(strings.TrimSpace(after), number))
				marked = true
			}
		}
	}
	if marked || p.into.Postcode != "" {
		return text
	}
	number := leadingNumber(text)
	rest := text[len(number):]
	whole := len(number) == 3 || len(number) >= 5 && len(number) <= 6 || len(number) == 8 && number[3] == '-'
	if whole && hasEast(rest) && !startsSign(strings.TrimSpace(rest)) && p.country != "hk" {
		p.into.Postcode = strings.ReplaceAll(number, "-", "")
		return strings.TrimSpace(rest)
	}
	if rest == "" && len(number) >= 5 && len(number) <= 6 && (p.country == "cn" || p.country == "kr" || p.country == "tw") {
		p.into.Postcode = number
		return ""
	}
	return text
}

// leadingNumber is the digits and dashes at the front.
func leadingNumber(text string) string {
	i := 0
	for i < len(text) && (isDigit(text[i]) || text[i] == '-' && i > 0) {
		i++
	}
	return strings.TrimRight(text[:i], "-")
}

// startsSign holds where a number before the text would be a floor, unit or number
// in a street.
func startsSign(text string) bool {
	for _, sign := range [...]string{"号", "楼", "层", "室", "房", "座", "栋", "期", "阶", "丁目", "番", "巷", "弄", "之", "호", "층", "동", "번지", "铺", "单元", "段", "街", "路", "道", "幢"} {
		if strings.HasPrefix(text, sign) {
			return true
		}
	}
	return false
}

// tails are the words that may follow the name of a place and belong to it.
var tails = []string{"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "新区", "省", "市", "区", "县", "都", "府"}

// eastPlaces takes the names of places at the front, from the country down.
func (p *parser) eastPlaces(text string) string {
	for text != "" {
		text = strings.TrimLeft(text, " ")
		one, size := p.eastPlace(text)
		if size == 0 {
			if size = p.eastNamed(text); size == 0 {
				return text
			}
			text = text[size:]
			continue
		}
		rest := text[size:]
		if one.level == districtLevel && startsRoad(rest) {
			return text // "旺角道", "太子道西"
		}
		if one.level == countryLevel {
			if p.country == "" || p.country == "cn" && chineseOwn(one.country) {
				p.country = one.country
			}
		} else {
			p.keepPlace(one)
		}
		text = rest
		for _, tail := range tails {
			if after, ok := strings.CutPrefix(text, tail); ok {
				text = after
				break
			}
		}
	}
	return text
}

func startsRoad(rest string) bool {
	for _, sign := range [...]string{"道", "街", "路", "大道", "公路", "大街", "里", "围", "坊", "径", "正街", "花园", "广场", "大厦", "中心", "工业", "城中心", "大楼", "商业"} {
		if after, ok := strings.CutPrefix(rest, sign); ok {
			// "花园街" is a street, "花园" an estate.
			return !strings.HasPrefix(sign, "花园") || !strings.HasPrefix(after, "街") && !strings.HasPrefix(after, "道")
		}
	}
	return false
}

// mentionsRoad reports whether a street is still to come.
func mentionsRoad(text string) bool {
	return strings.Contains(text, "路") || strings.Contains(text, "街") || strings.Contains(text, "道") || strings.Contains(text, "巷")
}

// eastPlace finds the longest name of a place at the front of the text.
func (p *parser) eastPlace(text string) (place, int) {
	first, _ := utf8.DecodeRuneInString(text)
	most := p.places.opens[first]
	end, n := 0, 0
	var ends [32]int
	for end < len(text) && n < min(most, len(ends)) {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
		ends[n] = end
		n++
	}
	for n--; n >= 1; n-- {
		meanings := p.places.names[text[:ends[n]]]
		for _, one := range meanings {
			if one.level == countryLevel {
				return one, ends[n]
			}
		}
		if one, ok := p.choose(meanings); ok {
			return one, ends[n]
		}
	}
	return place{}, 0
}

// eastNamed takes a place that no table knows by its last character: X市, X区, X县,
// X镇. It returns how many bytes that took.
func (p *parser) eastNamed(text string) int {
	if p.country == "hk" || p.country == "mo" {
		return 0
	}
	count := 0
	for i, r := range text {
		if r < 0x2E80 || count > 6 {
			return 0
		}
		count++
		if count < 2 {
			continue
		}
		before := text[:i]
		end := i + utf8.RuneLen(r)
		var rank level
		switch r {
		case '省':
			rank = regionLevel
		case '市':
			rank = localityLevel
		case '区', '县', '郡':
			rank = districtLevel
		case '镇', '乡', '町', '村':
			if p.country != "jp" && r == '町' || count < 3 {
				continue
			}
			rank = districtLevel
		case '街':
			if after, ok := strings.CutPrefix(text[i:], "街道"); !ok || p.country == "jp" || !mentionsRoad(after) {
				return 0
			}
			rank, end = districtLevel, i+len("街道")
		case '路', '道', '巷', '号':
			return 0
		default:
			continue
		}
		if count == 2 && r == '区' && p.country == "jp" || strings.HasSuffix(before, "工业") || strings.HasSuffix(before, "小") ||
			strings.HasSuffix(before, "开发") || strings.HasSuffix(before, "园") || strings.HasSuffix(before, "社") || strings.HasSuffix(before, "厂") {
			if count != 2 {
				return 0
			}
		}
		if p.country == "" {
			p.country = "cn"
		}
		p.keepPlace(place{country: p.country, level: rank, name: before})
		return end
	}
	return 0
}

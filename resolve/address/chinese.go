package address

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// roadSigns end the names of streets in Chinese, longest first.
var roadSigns = []string{"大道", "公路", "大街", "胡同", "路", "街", "道", "巷", "弄", "里", "径", "围", "坊", "段"}

// readChinese takes street and number, then what has a sign behind it.
func (p *parser) readChinese(text string) []string {
	rest := p.chineseStreet(text)
	var left []string
	start := 0 // of text not yet given away
	for i := 0; i < len(rest); {
		at, end, ok := p.chineseSign(rest, i, start)
		if !ok {
			_, size := utf8.DecodeRuneInString(rest[i:])
			i += size
			continue
		}
		left = append(left, p.chineseName(rest[start:at])...)
		i, start = end, end
	}
	return append(left, p.chineseName(rest[start:])...)
}

// chineseName keeps a stretch without signs: the building, or text.
func (p *parser) chineseName(text string) []string {
	text = strings.TrimSuffix(strings.Trim(text, " -/&"), "第") // "第4座"
	if text == "" || text == "之" {
		return nil
	}
	if !hasEast(text) {
		return []string{text}
	}
	if p.into.Street == "" {
		text = p.eastPlaces(text)
	}
	if text == "" {
		return nil
	}
	if p.into.Building == "" && utf8.RuneCountInString(text) >= 2 {
		p.into.Building = strings.ReplaceAll(text, " ", "")
		return nil
	}
	more(&p.into.Rest, text, " | ")
	return nil
}

// chineseStreet takes "德辅道中71号" from the front, or from behind a building, and
// returns the text without it.
func (p *parser) chineseStreet(text string) string {
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		if !isDigit(text[i]) {
			if number, n := hanNumber(text[i:]); n > 0 && strings.HasPrefix(text[i+n:], "号") && p.roadBefore(text[:i]) {
				return p.keepChinese(text, i, i+n+len("号"), number)
			}
			i += size
			continue
		}
		number := streetNumber(text[i:])
		end := i + len(number)
		behind := text[end:]
		marked := strings.HasPrefix(behind, "号") && !strings.HasPrefix(behind, "号楼") && !strings.HasPrefix(behind, "号室") &&
			!strings.HasPrefix(behind, "号铺") && !strings.HasPrefix(behind, "号栋") && !strings.HasPrefix(behind, "号房") && !strings.HasPrefix(behind, "号院")
		road := p.roadBefore(text[:i])
		switch {
		case marked && (road || p.into.Street == "" && i > 0 && !p.signBefore(text[:i])):
			after := end + len("号")
			if sub := subNumber(text[after:]); sub != "" {
				number += "-" + strings.TrimPrefix(sub, "之")
				after += len(sub)
			}
			return p.keepChinese(text, i, after, number)
		case road && !startsSign(behind):
			return p.keepChinese(text, i, end, number)
		}
		i = end
	}
	return p.roadAlone(text)
}

// subNumber is "之3" behind a number in Taiwan.
func subNumber(text string) string {
	if after, ok := strings.CutPrefix(text, "之"); ok {
		if number := leadingNumber(after); number != "" {
			return "之" + number
		}
	}
	return ""
}

// streetNumber is the number at the front: digits, a range, a letter behind
// ("12a"), "48之3".
func streetNumber(text string) string {
	i := 0
	for i < len(text) && (isDigit(text[i]) || i > 0 && (text[i] == '-' || text[i] == '/' || text[i] == '&') && i+1 < len(text) && isDigit(text[i+1])) {
		i++
	}
	if i < len(text) && text[i] >= 'a' && text[i] <= 'z' && (i+1 == len(text) || !isAlpha(text[i+1])) {
		i++
	}
	if strings.HasPrefix(text[i:], "之") {
		if number := leadingNumber(text[i+len("之"):]); number != "" {
			return text[:i] + "-" + number
		}
	}
	return text[:i]
}

// roadBefore reports whether the text ends with the sign of a street, or with a
// direction behind one ("德辅道中").
func (p *parser) roadBefore(text string) bool {
	text = strings.TrimRight(text, " ")
	for _, direction := range [...]string{"中", "东", "西", "南", "北"} {
		if rest, ok := strings.CutSuffix(text, direction); ok && endsRoad(rest) {
			return true
		}
	}
	return endsRoad(text)
}

func endsRoad(text string) bool {
	for _, sign := range roadSigns {
		if strings.HasSuffix(text, sign) && len(text) > len(sign) {
			return true
		}
	}
	return false
}

// signBefore reports whether the text ends with a word that makes a following
// number no number of a street.
func (p *parser) signBefore(text string) bool {
	text = strings.TrimRight(text, " ")
	for _, sign := range [...]string{"楼", "层", "座", "栋", "期", "室", "铺", "地下"} {
		if strings.HasSuffix(text, sign) {
			return true
		}
	}
	return false
}

// keepChinese writes the street before the number at text[at:end]. What stands
// before a building word in front of it stays.
func (p *parser) keepChinese(text string, at, end int, number string) string {
	name := strings.TrimSpace(text[:at])
	before := ""
	if cut := strings.LastIndexByte(name, ' '); cut >= 0 && endsRoad(name) {
		before, name = name[:cut], name[cut+1:]
	}
	p.keepChineseStreet(name)
	if p.into.Number == "" {
		p.into.Number = numberForm(strings.ReplaceAll(number, " ", ""))
	}
	return strings.TrimSpace(before + " " + text[end:])
}

// keepChineseStreet writes a street; one of Hong Kong under its English name,
// so that both scripts meet.
func (p *parser) keepChineseStreet(name string) {
	name = sections.Replace(strings.ReplaceAll(name, " ", ""))
	if p.into.Street != "" {
		more(&p.into.Rest, name, " | ")
		return
	}
	if english, ok := p.places.streets[name]; ok && (p.country == "hk" || p.country == "" && p.hint == "hk" || p.country == "") {
		if p.country == "" {
			p.country = "hk"
		}
		name = english
	}
	p.into.Street = name
}

// sections writes the section of a road in Taiwan with a digit.
var sections = strings.NewReplacer("一段", "1段", "二段", "2段", "三段", "3段", "四段", "4段", "五段", "5段", "六段", "6段", "七段", "7段", "八段", "8段")

// roadAlone takes a street without a number from the front.
func (p *parser) roadAlone(text string) string {
	for _, sign := range roadSigns[:7] {
		at := strings.Index(text, sign)
		if at <= 0 || utf8.RuneCountInString(text[:at]) > 8 || hasDigit(text[:at]) {
			continue
		}
		end := at + len(sign)
		for _, direction := range [...]string{"中", "东", "西", "南", "北"} {
			if p.places.streets[text[:end]+direction] != "" && strings.HasPrefix(text[end:], direction) {
				end += len(direction)
				break
			}
		}
		if startsSign(text[end:]) {
			continue
		}
		p.keepChineseStreet(text[:end])
		return text[end:]
	}
	return text
}

func hasDigit(text string) bool {
	for i := range len(text) {
		if isDigit(text[i]) {
			return true
		}
	}
	return false
}

// sign is a word that stands behind a block, floor or unit.
type sign struct {
	text string
	part Part
}

// signs are tried in this order; longer ones come first.
var signs = []sign{
	{"号楼", Block}, {"号栋", Block}, {"单元", Unit}, {"单位", Unit}, {"号室", Unit}, {"号房", Unit}, {"号铺", Unit}, {"工作室", Unit}, {"户", Unit},
	{"地铺", Unit}, {"室", Unit}, {"房", Unit}, {"铺", Unit}, {"号", Unit}, {"座", Block}, {"栋", Block}, {"幢", Block}, {"翼", Block}, {"期", Phase},
	{"阶", Floor}, {"楼", Floor}, {"层", Floor}, {"字楼", Floor}, {"/f", Floor}, {"f", Floor},
}

// floorsByName are floors that have no number.
var floorsByName = []struct{ text, value string }{
	{"地下低层", "lg"}, {"低层地下", "lg"}, {"高层地下", "ug"}, {"地下高层", "ug"}, {"地面层", "g"}, {"地下", "g"}, {"地面", "g"}, {"地库", "b"}, {"阁楼", "cl"}, {"阁仔", "cl"}, {"天台", "roof"}, {"平台", "p"}, {"夹层", "m"},
}

// signOpeners are the characters that a value or a floor's name can begin with.
const signOpeners = "地低高阁天平夹全零一二三四五六七八九十百廿甲乙丙丁戊"

// chineseSign takes a value with its sign at text[i:]. It returns where the value
// begins and where the sign ends. Nothing before start is looked at.
func (p *parser) chineseSign(text string, i, start int) (at, end int, ok bool) {
	first, _ := utf8.DecodeRuneInString(text[i:])
	if first >= 0x2E80 && !strings.ContainsRune(signOpeners, first) {
		return 0, 0, false
	}
	for _, named := range floorsByName {
		if first >= 0x2E80 && strings.HasPrefix(text[i:], named.text) {
			end = i + len(named.text)
			if p.country == "cn" && named.value == "g" {
				if number := leadingNumber(text[end:]); number != "" && (strings.HasPrefix(text[end+len(number):], "层") || strings.HasPrefix(text[end+len(number):], "楼")) {
					more(&p.into.Floor, "b"+tidy(number), ",")
					return i, end + len(number) + len("层"), true
				}
			}
			more(&p.into.Floor, named.value, ",")
			return i, end, true
		}
	}
	if strings.HasPrefix(text[i:], "全层") || strings.HasPrefix(text[i:], "全幢") {
		return i, i + len("全层"), true
	}
	value, size := eastValue(text[i:])
	if size == 0 {
		return 0, 0, false
	}
	behind := strings.TrimLeft(text[i+size:], " ")
	gap := len(text) - i - size - len(behind)
	for _, s := range signs {
		if !strings.HasPrefix(behind, s.text) {
			continue
		}
		if s.part == Unit && s.text == "号" && p.into.Street == "" && p.into.Number == "" && p.into.Floor == "" {
			continue
		}
		if s.text == "f" && len(behind) > 1 && isAlpha(behind[1]) {
			continue
		}
		p.keepSigned(s.part, value)
		return i, i + size + gap + len(s.text), true
	}
	if (p.into.Floor != "" || p.into.Block != "") && strings.Trim(text[start:i], " -之") == "" && behind == "" && p.into.Unit == "" {
		p.keepSigned(Unit, value) // "23楼2309"
		return i, len(text), true
	}
	return 0, 0, false
}

func (p *parser) keepSigned(part Part, value string) {
	switch part {
	case Floor:
		if floor := floorCore(strings.TrimSuffix(value, "/")); floor != "" {
			value = floor
		}
		more(&p.into.Floor, value, ",")
	case Block:
		if chineseOwn(p.land()) && p.land() != "tw" && p.into.Floor != "" && p.into.Unit == "" && classify(value) == letters {
			p.into.Unit = value // "23樓F座" is flat F
			return
		}
		more(&p.into.Block, tidy(value), ",")
	case Phase:
		more(&p.into.Phase, tidy(value), ",")
	default:
		more(&p.into.Unit, unitRange(value), ",")
	}
}

// eastValue is a value at the front: digits and letters with dashes, or a Chinese
// number, and how many bytes it takes.
func eastValue(text string) (string, int) {
	i := 0
	for i < len(text) && (isDigit(text[i]) || isAlpha(text[i]) || i > 0 && (text[i] == '-' || text[i] == '/' || text[i] == '&')) {
		i++
	}
	if i > 0 {
		value := text[:i]
		if at := floorSign(value); at > 0 {
			return value[:at], at
		}
		return value, i
	}
	number, size := hanNumber(text)
	return number, size
}

// floorSign is where the sign for a floor stands in "23f", "23/f" and "23f2309", 0 if
// there is none.
func floorSign(value string) int {
	at := strings.IndexByte(value, 'f')
	if at < 1 || at > 4 || at+1 < len(value) && !isDigit(value[at+1]) || shortFloor(value[:at+1]) == "" {
		return 0
	}
	return at
}

// hanNumber reads a number in Chinese characters at the front, up to 999, and
// 甲乙丙丁 as letters.
func hanNumber(text string) (string, int) {
	total, current, size := 0, -1, 0
	seen := false
	for i, r := range text {
		value := hanDigit(r)
		switch {
		case value >= 0:
			if current >= 0 {
				current = current*10 + value // "二〇三"
			} else {
				current = value
			}
			seen = true
		case r == '十', r == '百':
			unit := 10
			if r == '百' {
				unit = 100
			}
			if current < 0 {
				current = 1
			}
			total += current * unit
			current = -1
			seen = true
		case r == '廿':
			total += 20
			seen = true
		default:
			if !seen {
				if letter := strings.IndexRune("甲乙丙丁戊", r); letter >= 0 {
					return string(rune('a' + letter/len("甲"))), utf8.RuneLen(r)
				}
				return "", 0
			}
			size = i
			return hanTotal(total, current), size
		}
		size = i + utf8.RuneLen(r)
		if size > 24 {
			return "", 0
		}
	}
	if !seen {
		return "", 0
	}
	return hanTotal(total, current), size
}

// hanDigit is the value of a Chinese digit, -1 for what is none.
func hanDigit(r rune) int {
	switch r {
	case '零':
		return 0
	case '一':
		return 1
	case '二':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}

func hanTotal(total, current int) string {
	if current > 0 {
		total += current
	}
	return strconv.Itoa(total)
}

package address_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The generator of spelling variants. It knows nothing of the parser's tables: names
// of streets and buildings are put together from syllables, and the ways to write an
// address follow what post offices publish (Hongkong Post, Universal Postal Union
// S42 country pages) and what stands in declarations.

// premise is one address before it is written down.
type premise struct {
	country            string
	unit, floor        int // unit on its floor
	letter             string
	block              int
	name, kind         string // of the building
	nameHan, kindHan   string
	number, numberTo   int
	street, way, side  string
	streetHan, wayHan  string
	sideHan            string
	area, areaHan      string // quarter
	region, regionHan  string
	city, cityHan      string
	postcode           string
	chome, banchi, gou int
}

// syllables of names, with their characters: traditional and simplified.
var syllables = []struct{ latin, trad, simp string }{
	{"Wing", "永", "永"}, {"Fook", "福", "福"}, {"Kam", "金", "金"}, {"Tai", "泰", "泰"}, {"Hing", "興", "兴"}, {"Shun", "順", "顺"}, {"Lung", "龍", "龙"}, {"Fung", "豐", "丰"},
	{"Cheong", "昌", "昌"}, {"Wah", "華", "华"}, {"Yip", "業", "业"}, {"Kwong", "廣", "广"}, {"Man", "文", "文"}, {"Lok", "樂", "乐"}, {"On", "安", "安"}, {"Ming", "明", "明"},
	{"Hoi", "海", "海"}, {"Tung", "東", "东"}, {"Yuen", "源", "源"}, {"Chun", "春", "春"}, {"Shing", "成", "成"}, {"Kin", "建", "建"}, {"Po", "寶", "宝"}, {"Yee", "怡", "怡"},
}

var kindsOfBuilding = []struct{ latin, short, han string }{
	{"Commercial Building", "Coml Bldg", "商業大廈"}, {"Industrial Building", "Ind Bldg", "工業大廈"}, {"Centre", "Ctr", "中心"}, {"Mansion", "Mans", "大廈"},
	{"Plaza", "Plaza", "廣場"}, {"House", "Hse", "大廈"}, {"Factory Building", "Fty Bldg", "工業大廈"}, {"Tower", "Twr", "大廈"},
}

var ways = []struct{ latin, short, han string }{{"Street", "St", "街"}, {"Road", "Rd", "道"}, {"Lane", "Ln", "里"}, {"Avenue", "Ave", "大道"}}

var quarters = []struct{ latin, other, han, region, regionHan string }{
	{"Mong Kok", "Mongkok", "旺角", "Kowloon", "九龍"}, {"Tsim Sha Tsui", "TST", "尖沙咀", "Kowloon", "九龍"}, {"Kwun Tong", "Kwun Tong", "觀塘", "Kowloon", "九龍"},
	{"Wan Chai", "Wanchai", "灣仔", "Hong Kong Island", "香港"}, {"Sheung Wan", "Sheung Wan", "上環", "Hong Kong Island", "香港"}, {"Tsuen Wan", "Tsuen Wan", "荃灣", "New Territories", "新界"},
	{"Kwai Chung", "Kwai Chung", "葵涌", "New Territories", "新界"}, {"San Po Kong", "San Po Kong", "新蒲崗", "Kowloon", "九龍"},
}

// draw makes a premise of a kind.
func draw(r *rand.Rand, kind string) premise {
	a, b, c, d := syllables[r.IntN(len(syllables))], syllables[r.IntN(len(syllables))], syllables[r.IntN(len(syllables))], syllables[r.IntN(len(syllables))]
	k, w, q := kindsOfBuilding[r.IntN(len(kindsOfBuilding))], ways[r.IntN(len(ways))], quarters[r.IntN(len(quarters))]
	p := premise{
		country: kind, unit: 1 + r.IntN(30), floor: 2 + r.IntN(38), name: a.latin + " " + b.latin, kind: k.latin,
		nameHan: a.trad + b.trad, kindHan: k.han, number: 1 + r.IntN(300), street: c.latin + " " + d.latin, way: w.latin,
		streetHan: c.trad + d.trad, wayHan: w.han, area: q.latin, areaHan: q.han, region: q.region, regionHan: q.regionHan,
		chome: 1 + r.IntN(5), banchi: 1 + r.IntN(30), gou: 1 + r.IntN(20),
	}
	if r.IntN(3) == 0 {
		p.numberTo = p.number + 2*(1+r.IntN(6))
	}
	if r.IntN(3) == 0 {
		side := [...]struct{ latin, han string }{{"East", "東"}, {"West", "西"}, {"North", "北"}, {"South", "南"}}[r.IntN(4)]
		p.side, p.sideHan = side.latin, side.han
	}
	if r.IntN(3) == 0 {
		p.letter = string(rune('A' + r.IntN(8)))
	}
	if r.IntN(4) == 0 {
		p.block = 1 + r.IntN(6)
	}
	p.place(r)
	return p
}

// place puts a premise outside Hong Kong into a city of its country.
func (p *premise) place(r *rand.Rand) {
	type city struct{ latin, han, area, areaHan, postcode string }
	var cities []city
	switch p.country {
	case "cn", "cn-han":
		cities = []city{{"Shenzhen", "深圳市", "Bantian", "坂田街道", "518129"}, {"Ningbo", "寧波市", "Beilun", "北仑区", "315800"}, {"Suzhou", "苏州市", "Wuzhong", "吴中区", "215128"}}
	case "tw-han":
		cities = []city{{"Taipei", "台北市", "Zhongshan", "中山區", "104"}, {"Kaohsiung", "高雄市", "Lingya", "苓雅區", "802"}}
	case "jp", "jp-han":
		cities = []city{{"Tokyo", "東京都", "Minato-ku", "港区", "105-0011"}, {"Osaka", "大阪市", "Kita-ku", "北区", "530-0001"}}
	case "kr-han":
		cities = []city{{"Seoul", "서울특별시", "Mapo-gu", "마포구", "04147"}, {"Busan", "부산광역시", "Haeundae-gu", "해운대구", "48058"}}
	case "sg":
		cities = []city{{"Singapore", "", "", "", fmt.Sprintf("%06d", 40000+r.IntN(700000))}}
	case "my":
		cities = []city{{"Kuala Lumpur", "", "Bukit Bintang", "", "55100"}, {"Johor Bahru", "", "Tebrau", "", "81100"}}
	case "vn":
		cities = []city{{"Ho Chi Minh City", "", "District 3", "", "700000"}, {"Hai Phong", "", "Le Chan District", "", "180000"}}
	case "th":
		cities = []city{{"Bangkok", "", "Watthana", "", "10110"}, {"Chonburi", "", "Si Racha", "", "20110"}}
	case "id":
		cities = []city{{"Jakarta", "", "Setiabudi", "", "12920"}, {"Surabaya", "", "Genteng", "", "60271"}}
	case "in":
		cities = []city{{"Mumbai", "", "Andheri East", "", "400069"}, {"Chennai", "", "Guindy", "", "600032"}}
	case "ph":
		cities = []city{{"Makati City", "", "Legaspi Village", "", "1229"}, {"Cebu City", "", "Lahug", "", "6000"}}
	case "gb":
		cities = []city{{"London", "", "", "", "EC2V 7HN"}, {"Manchester", "", "", "", "M1 4BT"}}
	case "us":
		cities = []city{{"Long Beach", "", "CA", "", "90802"}, {"Newark", "", "NJ", "", "07105"}}
	default:
		return
	}
	c := cities[r.IntN(len(cities))]
	p.city, p.cityHan, p.area, p.areaHan, p.postcode = c.latin, c.han, c.area, c.areaHan, c.postcode
}

// kindsOfPair are the kinds of addresses that are tried.
var kindsOfPair = []string{"hk", "hk-han", "hk-mixed", "hk-cross", "cn", "cn-han", "tw-han", "sg", "jp", "jp-han", "kr-han", "my", "vn", "th", "id", "in", "ph", "gb", "us"}

// pick returns one of several texts.
func pick(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

// write spells a premise at random.
func (p premise) write(r *rand.Rand) string {
	switch p.country {
	case "hk":
		return p.hongKong(r)
	case "hk-han":
		return p.hongKongHan(r)
	case "hk-mixed":
		return p.mixed(r)
	case "cn-han":
		return p.chinaHan(r)
	case "tw-han":
		return p.taiwan(r)
	case "jp-han":
		return p.japanHan(r)
	case "jp":
		return p.japan(r)
	case "kr-han":
		return p.korea(r)
	}
	return p.western(r)
}

// cased writes a text in one of the cases that clerks use.
func cased(r *rand.Rand, text string) string {
	switch r.IntN(4) {
	case 0:
		return strings.ToUpper(text)
	case 1:
		return strings.ToLower(text)
	}
	return text
}

// room is the unit as its floor counts it, or with the floor before it.
func (p premise) room(r *rand.Rand) string {
	if p.letter != "" {
		return p.letter
	}
	if r.IntN(4) == 0 {
		return fmt.Sprint(p.unit)
	}
	return fmt.Sprintf("%d%02d", p.floor, p.unit)
}

func ordinalOf(n int) string {
	tail := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			tail = "st"
		case 2:
			tail = "nd"
		case 3:
			tail = "rd"
		}
	}
	return fmt.Sprint(n) + tail
}

func (p premise) numbered(r *rand.Rand) string {
	number := fmt.Sprint(p.number)
	if p.numberTo > 0 {
		number += pick(r, "-", " - ", "–") + fmt.Sprint(p.numberTo)
	}
	return number
}

func (p premise) hongKong(r *rand.Rand) string {
	unit := pick(r, "Flat ", "Rm ", "Room ", "Unit ", "RM. ", "Flat/Rm ", "Flat/Room ", "Office ", "Unit No. ") + p.room(r)
	floor := fmt.Sprint(p.floor)
	floor = pick(r, floor+"/F", floor+"/F.", floor+"F", ordinalOf(p.floor)+" Floor", floor+"/Fl", ordinalOf(p.floor)+" Fl.", floor+" /F")
	var parts []string
	if p.letter != "" && r.IntN(6) == 0 {
		parts = append(parts, floor+" "+p.letter)
	} else if r.IntN(8) == 0 {
		parts = append(parts, floor, unit)
	} else {
		parts = append(parts, unit)
		if p.letter != "" || len(unit) < 4 || !strings.HasSuffix(unit, fmt.Sprintf("%d%02d", p.floor, p.unit)) || r.IntN(8) > 0 {
			parts = append(parts, floor) // else the number of the room tells it
		}
	}
	if p.block > 0 {
		parts = append(parts, pick(r, "Block ", "Blk ", "Tower ", "Blk. ")+fmt.Sprint(p.block))
	}
	kind := p.kind
	for _, k := range kindsOfBuilding {
		if k.latin == kind && r.IntN(2) == 0 {
			kind = k.short
		}
	}
	name := p.name
	if r.IntN(8) == 0 {
		name = strings.ReplaceAll(name, " ", "")
	}
	left := r.IntN(12) // now and then the building or the street is left out
	if left != 0 || p.block > 0 {
		parts = append(parts, name+" "+kind)
	}
	way := p.way
	for _, w := range ways {
		if w.latin == way && r.IntN(2) == 0 {
			way = w.short + pick(r, "", ".")
		}
	}
	street := p.street
	if r.IntN(8) == 0 {
		street = strings.ReplaceAll(street, " ", "")
	}
	side := p.side
	if side != "" && r.IntN(3) == 0 {
		side = side[:1]
	}
	if left != 1 {
		parts = append(parts, pick(r, "", "", "No. ", "No ", "Nos. ")+p.numbered(r)+pick(r, " ", " ", ", ")+strings.TrimSpace(street+" "+way+" "+side))
	}
	if r.IntN(12) == 0 {
		parts = append(parts, pick(r, "near MTR Exit B", "Opp. Jockey Club", "(Tel: 2345 1000)", "Attn Mr Chan"))
	}
	area := p.area
	for _, q := range quarters {
		if q.latin == area && r.IntN(3) == 0 {
			area = q.other
		}
	}
	if r.IntN(6) > 0 {
		parts = append(parts, area)
	}
	if r.IntN(3) > 0 && p.region != "Hong Kong Island" {
		parts = append(parts, pick(r, p.region, p.region, map[string]string{"Kowloon": "KLN", "New Territories": "N.T."}[p.region]))
	}
	if r.IntN(6) > 0 {
		parts = append(parts, pick(r, "Hong Kong", "HK", "HONGKONG", "Hong Kong SAR", "Hong Kong, China", "H.K."))
	}
	text := strings.Join(parts, pick(r, ", ", ",", ", ", "\n", ", ", " "))
	return cased(r, slip(r, text, p))
}

// slip makes one slip of the pen in the name of the building or the street, now and
// then.
func slip(r *rand.Rand, text string, p premise) string {
	if r.IntN(12) > 0 {
		return text
	}
	word := p.name
	if len(word) < 9 || !strings.Contains(text, word) {
		return text
	}
	at := 1 + r.IntN(len(word)-3)
	if word[at] == ' ' || word[at+1] == ' ' {
		return text
	}
	wrong := word[:at] + word[at+1:at+2] + word[at:at+1] + word[at+2:]
	return strings.Replace(text, word, wrong, 1)
}

// simple writes a text of the generator in simplified characters.
func simple(text string) string {
	pairs := []string{"號", "号", "樓", "楼", "層", "层", "業", "业", "廈", "厦", "廣", "广", "場", "场", "東", "东", "灣", "湾", "環", "环", "觀", "观", "葵涌", "葵涌", "崗", "岗", "龍", "龙", "鋪", "铺", "區", "区", "棟", "栋", "單", "单", "寧", "宁"}
	for _, s := range syllables {
		pairs = append(pairs, s.trad, s.simp)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// hanDigits writes a number below 100 in Chinese.
func hanDigits(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digits[n])
	case n < 20:
		return "十" + strings.TrimPrefix(string(digits[n%10]), "零")
	}
	return string(digits[n/10]) + "十" + strings.TrimPrefix(string(digits[n%10]), "零")
}

func wide(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' {
			return c - '0' + '０'
		}
		return c
	}, text)
}

func (p premise) hongKongHan(r *rand.Rand) string {
	floor := fmt.Sprint(p.floor)
	if r.IntN(4) == 0 {
		floor = hanDigits(p.floor)
	}
	text := ""
	if r.IntN(4) > 0 {
		text = pick(r, "香港", "香港", "中國香港", "")
	}
	if p.regionHan != "香港" && r.IntN(3) > 0 {
		text += p.regionHan
	}
	text += p.areaHan + p.streetHan + p.wayHan + p.sideHan + strings.ReplaceAll(strings.ReplaceAll(p.numbered(r), "–", "-"), " ", "") + "號" + p.nameHan + p.kindHan
	if p.block > 0 {
		text += fmt.Sprint(p.block) + "座"
	}
	text += floor + pick(r, "樓", "樓", "字樓", "/F ") + p.room(r) + pick(r, "室", "室", "號室", "單位", "房")
	if r.IntN(3) == 0 {
		text = simple(text)
	}
	if r.IntN(4) == 0 {
		text = wide(text)
	}
	return text
}

// mixed writes English with the signs for floor and room in Chinese, as bilingual
// clerks do.
func (p premise) mixed(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return p.hongKong(r)
	}
	return fmt.Sprintf("%d樓%s室, %s %s, %s %s, %s, %s", p.floor, p.room(r), p.name, p.kind, p.numbered(r), strings.TrimSpace(p.street+" "+p.way+" "+p.side), p.area, pick(r, "香港", "Hong Kong"))
}

func (p premise) chinaHan(r *rand.Rand) string {
	text := pick(r, "", "", "中国") + p.cityHan + p.areaHan + p.streetHan + p.sideHan + "路" + fmt.Sprint(p.number) + pick(r, "号", "號") + p.nameHan + p.kindHan
	if p.block > 0 {
		text += fmt.Sprint(p.block) + pick(r, "栋", "号楼", "幢", "座")
	}
	text += fmt.Sprint(p.floor) + pick(r, "楼", "层") + p.room(r) + pick(r, "室", "房", "号")
	if r.IntN(2) == 0 {
		text = simple(text)
	}
	if r.IntN(4) == 0 {
		text = pick(r, "邮编", "") + p.postcode + " " + text
	}
	return text
}

func (p premise) taiwan(r *rand.Rand) string {
	text := pick(r, "", p.postcode, "台灣") + strings.ReplaceAll(p.cityHan, "台", pick(r, "台", "臺")) + p.areaHan + p.streetHan + p.sideHan + "路" + pick(r, "二段", "2段") +
		fmt.Sprint(p.number) + "號" + fmt.Sprint(p.floor) + pick(r, "樓", "F", "樓") + pick(r, "之", "之") + fmt.Sprint(p.unit)
	if r.IntN(4) == 0 {
		text = wide(text)
	}
	return text
}

func (p premise) japanHan(r *rand.Rand) string {
	text := pick(r, "〒"+p.postcode+" ", "") + p.cityHan + p.areaHan + p.streetHan
	switch r.IntN(3) {
	case 0:
		text += fmt.Sprintf("%d丁目%d番%d号", p.chome, p.banchi, p.gou)
	case 1:
		text += fmt.Sprintf("%d-%d-%d", p.chome, p.banchi, p.gou)
	default:
		text += fmt.Sprintf("%s丁目%d−%d", hanDigits(p.chome), p.banchi, p.gou)
	}
	text += pick(r, " ", "　") + p.nameHan + "ビル" + fmt.Sprint(p.floor) + pick(r, "階", "F", "階") + pick(r, "", " ") + fmt.Sprintf("%d%02d", p.floor, p.unit) + pick(r, "号室", "号室", "室")
	if r.IntN(4) == 0 {
		text = wide(text)
	}
	return text
}

func (p premise) japan(r *rand.Rand) string {
	floor := fmt.Sprint(p.floor)
	head := pick(r, floor+"F, ", ordinalOf(p.floor)+" Floor, ", floor+"F ") + p.name + pick(r, " Building, ", " Bldg., ", " Bldg, ")
	town := strings.ReplaceAll(p.street, " ", "")
	town = town[:1] + strings.ToLower(town[1:])
	numbers := fmt.Sprintf("%d-%d-%d %s", p.chome, p.banchi, p.gou, town)
	if r.IntN(3) == 0 {
		numbers = fmt.Sprintf("%d-%d, %s %d-chome", p.banchi, p.gou, town, p.chome)
	}
	return cased(r, head+numbers+", "+p.area+", "+p.city+pick(r, " "+p.postcode, "", " "+p.postcode)+pick(r, ", Japan", ", JAPAN"))
}

func (p premise) korea(r *rand.Rand) string {
	names := map[string]string{"Wing": "가람", "Fook": "나래", "Kam": "다솔", "Tai": "라온", "Hing": "마루", "Shun": "바름", "Lung": "사랑", "Fung": "아름", "Sik": "석향", "Ngan": "은목", "Nam": "남북", "Pak": "북남"}
	name, street := "한빛", "푸른"
	first, _, _ := strings.Cut(p.name, " ")
	if n, ok := names[first]; ok {
		name = n
	}
	first, _, _ = strings.Cut(p.street, " ")
	if n, ok := names[first]; ok {
		street = n
	}
	city := p.cityHan
	if r.IntN(3) == 0 {
		city = map[string]string{"서울특별시": "서울시", "부산광역시": "부산시"}[city]
	}
	text := city + " " + p.areaHan + " " + street + "로 " + fmt.Sprint(p.number) + pick(r, ", ", " ") + name + "빌딩"
	if p.block > 0 {
		text += fmt.Sprintf(" %d동", 100+p.block)
	}
	text += fmt.Sprintf(" %d층 %d%02d호", p.floor, p.floor, p.unit)
	if r.IntN(3) == 0 {
		text = "대한민국 " + text
	}
	return text
}

// neighbour changes a premise to another one that looks alike, and says how.
func (p premise) neighbour(r *rand.Rand) (premise, string) {
	other := p
	if p.block > 0 && (p.country == "hk" || p.country == "hk-han" || p.country == "hk-cross") && r.IntN(3) == 0 {
		other.block++
		return other, "block"
	}
	for {
		switch r.IntN(8) {
		case 0:
			other.unit++
			if p.letter != "" {
				other.letter = string(rune(p.letter[0] + 1))
			}
			if p.country == "id" || p.country == "vn" || p.country == "jp" {
				other = p
				continue // their spellings name no unit
			}
			return other, "unit"
		case 1:
			other.floor++
			return other, "floor"
		case 2:
			if p.block == 0 || !strings.HasPrefix(p.country, "hk") && p.country != "cn-han" && p.country != "kr-han" || p.country == "hk-mixed" {
				continue
			}
			other.block++
			return other, "block"
		case 3:
			other.number += 40
			other.numberTo = 0
			other.name, other.nameHan = "Nam Pak", "南北"
			other.banchi += 3
			return other, "number"
		case 4:
			other.street, other.streetHan = "Ngan Mok", "銀木"
			other.name, other.nameHan = "Sik Heung", "石香"
			other.postcode = "999111"
			if p.country == "jp" || p.country == "jp-han" || p.country == "kr-han" {
				other.banchi++
				other.number++
			}
			return other, "street"
		case 5:
			if !strings.HasPrefix(p.country, "hk") {
				continue
			}
			other.kind, other.kindHan = "Centre", "中心"
			if p.kind == "Centre" {
				other.kind, other.kindHan = "House", "大廈"
			}
			other.number, other.numberTo = p.number+14, 0
			return other, "kind"
		case 6:
			if p.unit < 12 || p.unit%10 == p.unit/10 || p.letter != "" || p.country == "id" || p.country == "vn" || p.country == "jp" {
				continue
			}
			other.unit = p.unit%10*10 + p.unit/10
			return other, "digits swapped"
		default:
			if p.side == "" || p.country == "my" || p.country == "vn" || p.country == "th" || p.country == "id" || p.country == "jp" || p.country == "jp-han" || p.country == "kr-han" {
				continue
			}
			opposite := map[string][2]string{"East": {"West", "西"}, "West": {"East", "東"}, "North": {"South", "南"}, "South": {"North", "北"}}[p.side]
			other.side, other.sideHan = opposite[0], opposite[1]
			other.name, other.nameHan = "Pak Nam", "北南"
			other.postcode = "999222"
			return other, "direction"
		}
	}
}

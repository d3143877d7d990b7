package address

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func exact(x, y string) Finding {
	switch {
	case x == "" || y == "":
		return Open
	case x == y:
		return Agrees
	}
	return Differs
}

// scripts reports whether two texts are of one script, East Asian or not.
func scripts(x, y string) bool { return hasEast(x) == hasEast(y) }

// names compares names of places: spaces do not count, and a slip of the pen or the
// same name in another script is near.
func names(x, y, country string) Finding {
	switch {
	case x == "" || y == "":
		return Open
	case x == y || alone(x) == alone(y):
		return Agrees
	case !scripts(x, y):
		if crossed(alone(x), alone(y), country) {
			return Near
		}
		return Open
	case alike(alone(x), alone(y)):
		return Near
	}
	return Differs
}

// alike reports whether two texts differ by slips only: one letter from six
// letters on, two from twelve. Digits must be the same.
func alike(x, y string) bool {
	n := max(utf8.RuneCountInString(x), utf8.RuneCountInString(y))
	allowed := 0
	switch {
	case n >= 12:
		allowed = 2
	case n >= 6:
		allowed = 1
	}
	if allowed == 0 || len(x)-len(y) > 4*allowed || len(y)-len(x) > 4*allowed || onlyDigits(x) != onlyDigits(y) {
		return false
	}
	if hasEast(x) {
		allowed = n / 8
	}
	return slips(x, y, allowed) <= allowed
}

func onlyDigits(text string) string {
	if !hasDigit(text) {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// slips counts the letters left out, added, changed or swapped with the next
// (Damerau–Levenshtein, optimal string alignment), up to one more than most.
func slips(x, y string, most int) int {
	a, b := []rune(x), []rune(y)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

// streetKinds are the words that end streets in their normal forms.
var streetKinds = map[string]bool{
	"street": true, "road": true, "lane": true, "avenue": true, "drive": true, "boulevard": true, "highway": true, "path": true, "terrace": true,
	"place": true, "square": true, "close": true, "crescent": true, "circuit": true, "parkway": true, "jalan": true, "calle": true, "carrera": true,
	"avenida": true, "rue": true, "ulitsa": true, "soi": true, "duong": true, "pho": true, "thanon": true, "via": true, "rua": true, "alley": true, "praya": true, "view": true, "walk": true, "court": true,
}

// foreignKinds are kinds of streets that others call street, road or avenue when
// they write in English.
var foreignKinds = map[string]bool{"jalan": true, "calle": true, "carrera": true, "avenida": true, "rue": true, "ulitsa": true, "duong": true, "pho": true, "thanon": true, "via": true, "rua": true}

// compass are the directions that tell streets apart.
var compass = map[string]bool{"central": true, "east": true, "west": true, "north": true, "south": true, "middle": true, "upper": true, "lower": true,
	"northeast": true, "northwest": true, "southeast": true, "southwest": true}

// streets compares streets by name, kind and direction. Queen's Road East and West
// are two; Queen's Road alone may be either.
func streets(x, y, country string) Finding {
	switch {
	case x == "" || y == "":
		return Open
	case x == y:
		return Agrees
	case !scripts(x, y):
		return crossStreets(x, y, country)
	}
	if hasEast(x) {
		if onlySides(x) != onlySides(y) || onlyDigits(x) != onlyDigits(y) {
			return Differs
		}
		return names(x, y, country)
	}
	nameX, kindX, sideX := dissect(x)
	nameY, kindY, sideY := dissect(y)
	if sideX != sideY && sideX != "" && sideY != "" {
		return Differs
	}
	if kindX != kindY && kindX != "" && kindY != "" && foreignKinds[kindX] == foreignKinds[kindY] {
		return Differs
	}
	finding := Differs
	switch {
	case nameX == nameY:
		finding = Agrees
	case alike(nameX, nameY):
		finding = Near
	}
	if finding == Agrees && sideX != sideY {
		finding = Near
	}
	return finding
}

// onlySides keeps the directions in the name of a street in Chinese.
func onlySides(street string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("东西南北中上下", r) {
			return r
		}
		return -1
	}, street)
}

// opposed reports whether two streets differ by their direction alone.
func opposed(x, y string) bool {
	nameX, _, sideX := dissect(x)
	nameY, _, sideY := dissect(y)
	return sideX != sideY && sideX != "" && sideY != "" && (nameX == nameY || alike(nameX, nameY))
}

// dissect parts a street into the letters of its name, its kind and its direction.
func dissect(street string) (name, kind, side string) {
	var b strings.Builder
	for _, word := range strings.Fields(street) {
		switch {
		case streetKinds[word]:
			if kind == "" {
				kind = word
			} else {
				kind += " " + word
			}
		case compass[word]:
			if side == "" {
				side = word
			} else {
				side += " " + word
			}
		default:
			b.WriteString(strings.ReplaceAll(word, "-", ""))
		}
	}
	if b.Len() == 0 {
		return side, kind, ""
	}
	return b.String(), kind, side
}

// numbers compares numbers of a street: "8" lies within "2-16". Three parts or
// more are those of a Japanese block, where each counts; so does each of two in
// Colombia and its neighbours, where "22-13" is 13 metres from the corner of 22.
func numbers(x, y, country string) Finding {
	switch {
	case x == "" || y == "":
		return Open
	case x == y:
		return Agrees
	}
	if strings.Count(x, "-") > 1 || strings.Count(y, "-") > 1 {
		if strings.HasPrefix(x, y+"-") || strings.HasPrefix(y, x+"-") {
			return Near
		}
		return Differs
	}
	switch country {
	case "co", "gt", "ve", "ec", "hn":
		if strings.Contains(x, "-") || strings.Contains(y, "-") {
			return Differs
		}
	}
	fromX, toX, letterX := bounds(x)
	fromY, toY, letterY := bounds(y)
	switch {
	case fromX < 0 || fromY < 0:
		return Differs
	case fromX == fromY && toX == toY:
		if letterX != "" && letterY != "" {
			return Differs
		}
		return Near
	case fromX <= toY && fromY <= toX && (letterX == "" || letterY == ""):
		return Near
	}
	return Differs
}

// bounds reads "2-16", "12a", "12"; -1 if it is none of these.
func bounds(text string) (from, to int, letter string) {
	low, high, ranged := cutAny(text, "-/&")
	from, letter = leading(low)
	to = from
	if ranged {
		last, _ := leading(high)
		if last < from && last >= 0 && len(high) < len(low) {
			last, _ = leading(low[:len(low)-len(high)] + high) // "513-31"
		}
		if last < 0 {
			return -1, -1, ""
		}
		if last >= from {
			to = last
		}
	}
	return from, to, letter
}

func leading(text string) (number int, rest string) {
	i := 0
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	number, err := strconv.Atoi(text[:i])
	if err != nil {
		return -1, text
	}
	return number, text[i:]
}

// buildingKinds are the words that say what a building is; the rest is its name.
var buildingKinds = map[string]bool{
	"building": true, "house": true, "centre": true, "tower": true, "mansion": true, "plaza": true, "court": true, "gardens": true, "estate": true, "mall": true,
	"arcade": true, "complex": true, "factory": true, "warehouse": true, "godown": true, "industrial": true, "commercial": true, "apartments": true, "residence": true,
	"condominium": true, "villa": true, "terrace": true, "block": true, "hotel": true, "exchange": true, "the": true, "gedung": true, "menara": true, "wisma": true,
	"trading": true, "business": true, "office": true, "square": true, "place": true, "market": true, "terminal": true, "park": true, "hall": true, "chambers": true, "lodge": true,
}

// eastKinds do the same in Chinese, longest first.
var eastKinds = []string{"商业大厦", "工业大厦", "商业中心", "工业中心", "购物中心", "商业大楼", "工业大楼", "写字楼", "大厦", "大楼", "中心", "广场", "商场", "花园", "楼", "阁", "苑", "村", "城"}

// kernel parts the name of a building from what it is.
func kernel(building string) (name string, kinds []string) {
	if hasEast(building) {
		for _, kind := range eastKinds {
			if stem, ok := strings.CutSuffix(building, kind); ok {
				return stem, []string{kind}
			}
		}
		return building, nil
	}
	var b strings.Builder
	for _, word := range strings.Fields(building) {
		if buildingKinds[word] {
			kinds = append(kinds, word)
			continue
		}
		b.WriteString(strings.ReplaceAll(word, "-", ""))
	}
	return b.String(), kinds
}

// buildings compares the names of buildings. Wing On House and Wing On Centre are
// two; Wing On Building and Wing On Commercial Building one.
func buildings(x, y, country string) Finding {
	switch {
	case x == "" || y == "":
		return Open
	case x == y || alone(x) == alone(y):
		return Agrees
	}
	nameX, kindsX := kernel(x)
	nameY, kindsY := kernel(y)
	if !scripts(x, y) {
		if crossed(nameX, nameY, country) {
			return Near
		}
		return Open
	}
	if nameX == "" || nameY == "" {
		return Open
	}
	same := nameX == nameY
	if !same && !alike(nameX, nameY) {
		if len(nameX) >= 8 && len(nameY) >= 8 && (strings.HasPrefix(nameX, nameY) || strings.HasPrefix(nameY, nameX)) && onlyDigits(nameX) == onlyDigits(nameY) {
			return Near
		}
		return Differs
	}
	if len(kindsX) > 0 && len(kindsY) > 0 && !overlap(kindsX, kindsY) && !interchangeable(kindsX, kindsY) {
		return Differs
	}
	if same {
		return Agrees
	}
	return Near
}

// interchangeable holds for kinds that one building is called by turns.
func interchangeable(x, y []string) bool {
	all := func(kinds []string) bool {
		for _, kind := range kinds {
			switch kind {
			case "building", "commercial", "industrial", "factory", "office", "business", "trading", "大厦", "大楼", "商业大厦", "工业大厦", "商业大楼", "工业大楼", "写字楼", "the":
			default:
				return false
			}
		}
		return true
	}
	return all(x) && all(y)
}

func overlap(x, y []string) bool {
	for _, a := range x {
		for _, b := range y {
			if a == b && a != "commercial" && a != "industrial" && a != "the" {
				return true
			}
		}
	}
	return false
}

// sets compares lists of values: the same, some in common, or none.
func sets(x, y string) Finding {
	switch {
	case x == "" || y == "":
		return Open
	case x == y:
		return Agrees
	}
	common, all := 0, strings.Count(x, ",")+1
	for one := range strings.SplitSeq(x, ",") {
		for other := range strings.SplitSeq(y, ",") {
			if one == other {
				common++
				break
			}
		}
	}
	switch {
	case common == all && all == strings.Count(y, ",")+1:
		return Agrees
	case common > 0:
		return Near
	}
	return Differs
}

// premises compares floor and unit together, as one often holds the other: room
// 2309 is unit 9 of the 23rd floor, and 19C flat C of the 19th.
func premises(a, b *Address) (unit, floor Finding) {
	floorA, floorB := a.Floor, b.Floor
	unit = sets(a.Unit, b.Unit)
	if floorA == "" && floorB == "" {
		return unit, Open
	}
	if floorA == "" {
		floorA = impliedFloor(a)
	}
	if floorB == "" {
		floorB = impliedFloor(b)
	}
	floor = sets(floorA, floorB)
	if floor == Differs && groundIsFirst(a, floorA, floorB) {
		floor = Open
	}
	if floor == Differs && (a.Floor == "" || b.Floor == "") && good(unit) {
		return unit, Open
	}
	if unit == Differs && floorA != "" && floorB != "" {
		if within := sets(insideFloor(a, floorA), insideFloor(b, floorB)); within != Differs {
			return within, floor
		}
	}
	if unit == Differs && (floorA == "" || floorB == "") && sets(insideFloor(a, impliedFloor(a)), insideFloor(b, impliedFloor(b))) != Differs {
		return Open, floor // "room 9" against "room 2309": the floor decides
	}
	return unit, floor
}

// groundIsFirst holds where one calls ground what the other calls first, as is
// usual outside Hong Kong.
func groundIsFirst(a *Address, x, y string) bool {
	return a.Country != "hk" && (x == "g" && y == "1" || x == "1" && y == "g")
}

// impliedFloor is the floor that the units tell: the hundreds of a number of three
// or four digits, the number before a letter. Empty if they tell none.
func impliedFloor(a *Address) string {
	floor := ""
	for unit := range strings.SplitSeq(a.Unit, ",") {
		n := 0
		for n < len(unit) && isDigit(unit[n]) {
			n++
		}
		one := ""
		switch {
		case n == len(unit) && (n == 3 || n == 4), n >= 3 && n <= 4 && n == len(unit)-1:
			one = unit[:n-2]
		case n >= 1 && n <= 2 && n == len(unit)-1:
			one = unit[:n]
		}
		if one == "" || floor != "" && floor != one {
			return ""
		}
		floor = one
	}
	return floor
}

// insideFloor is the units without the number of the floor in front of them.
func insideFloor(a *Address, floor string) string {
	if floor == "" || a.Unit == "" || !isDigit(floor[0]) {
		return a.Unit
	}
	var b strings.Builder
	for unit := range strings.SplitSeq(a.Unit, ",") {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		rest, ok := strings.CutPrefix(unit, floor)
		if n := digitsIn(rest); ok && rest != "" && (n == 2 || n == 0) {
			rest = strings.TrimPrefix(rest, "0")
			b.WriteString(rest)
			continue
		}
		b.WriteString(unit)
	}
	return b.String()
}

func digitsIn(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

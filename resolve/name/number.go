package name

import (
	"slices"
	"strconv"
	"strings"

	"rummage/resolve/name/script"
)

var units = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
	"nineteen": 19, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
	"tenth": 10}

var tens = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
	"ninety": 90}

var hanDigits = []rune("〇一二三四五六七八九十")

// numerals turns numbers, however they are written, into pieces of digits:
// 1st, First, No. 1, II, Forty-Four, 第三. Digits that touch letters are cut
// off, so that AR16 and AR17 differ in a number.
func numerals(pieces []piece) []piece {
	var out []piece
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		switch {
		case p.script == script.Digit:
			out = append(out, digits(p.latin))
			if i+1 < len(pieces) && ordinal(pieces[i+1].latin) && pieces[i+1].script == script.Latin {
				i++
			}
		case p.script == script.Han:
			out = append(out, hanNumbers(p)...)
		case p.script != script.Latin:
			out = append(out, p)
		case (p.latin == "no" || p.latin == "nr" || p.latin == "num") && i+1 < len(pieces) && pieces[i+1].script == script.Digit:
		case roman(p.raw) > 0 && i > 0 && (len(p.raw) > 1 || i == len(pieces)-1):
			out = append(out, digits(strconv.Itoa(roman(p.raw))))
		default:
			n, used := spelledNumber(pieces[i:])
			if used == 0 {
				out = append(out, p)
				continue
			}
			out = append(out, digits(strconv.Itoa(n)))
			i += used - 1
		}
	}
	return out
}

func digits(text string) piece {
	if text = strings.TrimLeft(text, "0"); text == "" {
		text = "0"
	}
	return piece{raw: text, latin: text, script: script.Digit}
}

func ordinal(text string) bool { return text == "st" || text == "nd" || text == "rd" || text == "th" }

// spelledNumber reads a number in English words, and how many pieces it takes.
func spelledNumber(pieces []piece) (n, used int) {
	if t := tens[pieces[0].latin]; t > 0 {
		if len(pieces) > 1 {
			if u := units[pieces[1].latin]; u > 0 && u < 10 {
				return t + u, 2
			}
			if u, err := strconv.Atoi(pieces[1].latin); err == nil && u > 0 && u < 10 {
				return t + u, 2
			}
		}
		return t, 1
	}
	if u := units[pieces[0].latin]; u > 0 {
		return u, 1
	}
	return 0, 0
}

// roman reads a roman number below 40 in capitals, or gives 0.
func roman(raw string) int {
	if len(raw) == 0 || len(raw) > 6 {
		return 0
	}
	sum := 0
	for i := range len(raw) {
		v := romanDigit(raw[i])
		if v == 0 {
			return 0
		}
		if i+1 < len(raw) && romanDigit(raw[i+1]) > v {
			v = -v
		}
		sum += v
	}
	if sum <= 0 || sum >= 40 || writeRoman(sum) != raw {
		return 0
	}
	return sum
}

func romanDigit(c byte) int {
	switch c {
	case 'I':
		return 1
	case 'V':
		return 5
	case 'X':
		return 10
	}
	return 0
}

func writeRoman(n int) string {
	ones := []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}
	return strings.Repeat("X", n/10) + ones[n%10]
}

// hanNumbers cuts numbers out of a piece in Han: 第三 and 三号, not the three
// of 三菱.
func hanNumbers(p piece) []piece {
	runes := []rune(p.raw)
	for i := range runes {
		end := i
		if runes[i] == '第' {
			end++
		}
		from := end
		for end < len(runes) && slices.Contains(hanDigits, runes[end]) {
			end++
		}
		counted := end < len(runes) && (runes[end] == '号' || runes[end] == '號')
		if end == from || runes[i] != '第' && !counted {
			continue
		}
		n := hanNumber(runes[from:end])
		if counted {
			end++
		}
		var out []piece
		out = add(out, string(runes[:i]), false)
		out = append(out, digits(strconv.Itoa(n)))
		for _, rest := range add(nil, string(runes[end:]), false) {
			out = append(out, hanNumbers(rest)...)
		}
		return out
	}
	if len(runes) == 1 && (runes[0] == '号' || runes[0] == '號' || runes[0] == '第') {
		return nil // of 第1 and 1号
	}
	if runes[0] == '号' || runes[0] == '號' {
		return add(nil, string(runes[1:]), false)
	}
	if last := len(runes) - 1; runes[last] == '第' {
		return add(nil, string(runes[:last]), false)
	}
	return []piece{p}
}

// hanNumber reads up to two digits with ten between them.
func hanNumber(runes []rune) int {
	n := 0
	for _, r := range runes {
		v := slices.Index(hanDigits, r)
		switch {
		case v == 10 && n == 0:
			n = 10
		case v == 10:
			n *= 10
		case n >= 10 && n%10 == 0:
			n += v
		default:
			n = n*10 + v
		}
	}
	return n
}

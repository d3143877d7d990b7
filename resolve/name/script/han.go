package script

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// The block of characters that names are written in: extension A and the
// unified ideographs.
const (
	firstHan = 0x3400
	lastHan  = 0x9FFF
)

// Traditional and Japanese characters with their simplified forms, from the
// tables of OpenCC. Both ways merge a few characters that are told apart in
// prose, and never in names.
//
//go:embed han.txt
var hanTable string

// simple is the simplified character of each one of the block.
var simple = sync.OnceValue(func() []rune {
	table := make([]rune, lastHan-firstHan+1)
	for i := range table {
		table[i] = firstHan + rune(i)
	}
	for _, line := range strings.Split(hanTable, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pairs := []rune(line)
		for i := 0; i+1 < len(pairs); i += 2 {
			table[pairs[i]-firstHan] = pairs[i+1]
		}
	}
	return table
})

// Simple returns the simplified form of a traditional or Japanese character,
// and any other rune as it is.
func Simple(r rune) rune {
	if r < firstHan || r > lastHan {
		return r
	}
	return simple()[r-firstHan]
}

// System is a way to spell a script in Latin letters.
type System uint8

// Systems for Han. Words in kana have one spelling, Hepburn's without marks.
const (
	Pinyin    System = iota // Hanyu Pinyin without tones
	WadeGiles               // Wade-Giles without apostrophes, as firms and passports write it
	Cantonese               // the common spelling of Hong Kong
	Japanese                // readings of Japanese names and firms
)

// Systems for Hangul.
const (
	Revised   System = iota // Revised Romanization of 2000
	McCune                  // McCune-Reischauer without marks
	Customary               // as people and firms write themselves: Lee, Park, Jung, Young
)

// Spell writes simplified characters in a system, syllable after syllable. What
// the system has no spelling for is spelled in pinyin; ok is false when that is
// so for every character.
func Spell(word string, by System) (syllables []string, ok bool) {
	if by == Japanese {
		return japanese(word)
	}
	for _, r := range word {
		if by == Cantonese {
			if s := cantonese()[r]; s != "" {
				syllables, ok = append(syllables, s), true
				continue
			}
		}
		s := pinyinOf(r)
		if s == "" {
			continue
		}
		if by == WadeGiles {
			s = ToWadeGiles(s)
		}
		syllables = append(syllables, s)
		ok = ok || by != Cantonese
	}
	return syllables, ok
}

// Characters of names whose first reading in the dictionary is another.
var read = map[rune]string{'曾': "zeng", '单': "shan", '仇': "qiu", '区': "qu", '重': "chong", '行': "hang", '厦': "xia", '长': "chang",
	'乐': "le", '盛': "sheng", '朝': "chao", '贾': "jia"}

// pinyinOf is the first reading of a character, without tone and with u for ü,
// as passports before 2012 and most firms write it.
func pinyinOf(r rune) string {
	if s := read[r]; s != "" {
		return s
	}
	s, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
	return Fold(s)
}

// cantonese holds the spelling of a character in Hong Kong.
var cantonese = sync.OnceValue(func() map[rune]string {
	table := map[rune]string{}
	for _, line := range strings.Fields(hongKong) {
		spelling, characters, _ := strings.Cut(line, ":")
		for _, r := range characters {
			if table[Simple(r)] == "" {
				table[Simple(r)] = spelling
			}
		}
	}
	return table
})

// words of Japanese names and their readings.
var readings = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for _, line := range strings.Fields(nippon) {
		reading, words, _ := strings.Cut(line, ":")
		for _, w := range strings.Split(words, ",") {
			if w = Fold(w); table[w] == "" {
				table[w] = reading
			}
		}
	}
	return table
})

// japanese reads a word by the longest known parts of it. A part nobody knows
// makes the whole unknown: a wrong reading is worse than none.
func japanese(word string) ([]string, bool) {
	var out []string
	runes := []rune(word)
	for i := 0; i < len(runes); {
		n := min(4, len(runes)-i)
		for ; n > 0; n-- {
			if s := readings()[string(runes[i:i+n])]; s != "" {
				out = append(out, s)
				break
			}
		}
		if n == 0 {
			return nil, false
		}
		i += n
	}
	return out, len(out) > 0
}

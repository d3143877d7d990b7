package script

import "strings"

// The initials of Hanyu Pinyin, longest first, and what Wade-Giles writes for
// them once its apostrophes are gone.
var initials = []struct{ pinyin, wade string }{
	{"zh", "ch"}, {"ch", "ch"}, {"sh", "sh"},
	{"b", "p"}, {"p", "p"}, {"m", "m"}, {"f", "f"}, {"d", "t"}, {"t", "t"}, {"n", "n"}, {"l", "l"}, {"g", "k"}, {"k", "k"},
	{"h", "h"}, {"j", "ch"}, {"q", "ch"}, {"x", "hs"}, {"r", "j"}, {"z", "ts"}, {"c", "ts"}, {"s", "s"}, {"y", "y"}, {"w", "w"},
	{"", ""},
}

// whole syllables that no rule of initials and finals gives.
var syllables = map[string]string{
	"zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu", "er": "erh", "yi": "i", "ye": "yeh",
	"yan": "yen", "you": "yu", "yong": "yung", "yue": "yueh", "ge": "ko", "ke": "ko", "he": "ho", "e": "o", "guo": "kuo", "kuo": "kuo",
	"huo": "huo", "shuo": "shuo", "gui": "kuei", "kui": "kuei", "yu": "yu",
}

// finals that are written differently.
var finals = map[string]string{"ian": "ien", "ie": "ieh", "ong": "ung", "iong": "iung", "uo": "o", "ue": "ueh"}

// every final of Hanyu Pinyin, for telling whether a syllable can be one.
var allFinals = func() map[string]bool {
	set := map[string]bool{}
	for _, f := range strings.Fields("a o e ai ei ao ou an en ang eng er i ia ie iao iu ian in iang ing iong u ua uo uai ui uan un uang ong ue eng") {
		set[f] = true
	}
	return set
}()

// ToWadeGiles turns a syllable of pinyin without tone into Wade-Giles without
// marks. Anything else comes back as it is.
func ToWadeGiles(syllable string) string {
	if s := syllables[syllable]; s != "" {
		return s
	}
	first, rest, ok := parts(syllable)
	if !ok {
		return syllable
	}
	if w := finals[rest]; w != "" {
		rest = w
	}
	return first.wade + rest
}

func parts(syllable string) (first struct{ pinyin, wade string }, rest string, ok bool) {
	for _, i := range initials {
		if after, found := strings.CutPrefix(syllable, i.pinyin); found {
			return i, after, allFinals[after]
		}
	}
	return first, "", false
}

// PinyinSyllables cuts a word of small Latin letters into syllables of pinyin,
// the longest first, and says whether it is made of them throughout. It gives
// up after three.
func PinyinSyllables(word string) ([]string, bool) {
	return syllabify(word, 3)
}

func syllabify(word string, most int) ([]string, bool) {
	if word == "" {
		return nil, true
	}
	if most == 0 {
		return nil, false
	}
	for n := min(6, len(word)); n > 0; n-- {
		if _, _, ok := parts(word[:n]); !ok {
			continue
		}
		if rest, ok := syllabify(word[n:], most-1); ok {
			return append([]string{word[:n]}, rest...), true
		}
	}
	return nil, false
}

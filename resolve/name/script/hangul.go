package script

import "strings"

// Hangul syllables are composed of a lead, a vowel and a tail (Unicode
// Standard, section 3.12).
const (
	firstHangul = 0xAC00
	vowelCount  = 21
	tailCount   = 28
)

var (
	leads     = strings.Split("g kk n d tt r m b pp s ss - j jj ch k t p h", " ")
	vowels    = strings.Split("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i", " ")
	tails     = strings.Split("- k k k n n n t l k m l l l p l m p p t t ng t t k t p t", " ")
	oldLeads  = strings.Split("k kk n t tt r m p pp s ss - ch tch ch k t p h", " ")
	oldVowels = strings.Split("a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i", " ")
)

// surnames and syllables of given names as their bearers write them.
var customary = func() map[rune]string {
	table := map[rune]string{}
	for _, line := range strings.Fields(`
kim:김 lee:이 park:박 choi:최 jung:정 kang:강 cho:조 yoon:윤 jang:장 lim:임 oh:오 han:한 shin:신 suh:서 kwon:권 hwang:황
ahn:안 song:송 yoo:유 hong:홍 jeon:전 ko:고 moon:문 yang:양 son:손 bae:배 baek:백 huh:허 nam:남 sim:심 roh:노 ha:하 kwak:곽 sung:성
cha:차 joo:주 woo:우 koo:구 min:민 ryu:류 na:나 jin:진 ji:지 um:엄 chae:채 won:원 chun:천 bang:방 gong:공 hyun:현 ham:함
young:영 hee:희 soo:수 joon:준 kyung:경 hyung:형 myung:명 jae:재 chul:철 sun:선 eun:은 hoon:훈 kwang:광 ki:기 kyu:규 seung:승
sang:상 dong:동 tae:태 hyuk:혁 jong:종 suk:석 yun:연 il:일 in:인 geun:근 kook:국 dae:대 sam:삼 wook:욱 sub:섭 kyun:균 woong:웅`) {
		spelling, signs, _ := strings.Cut(line, ":")
		for _, r := range signs {
			table[r] = spelling
		}
	}
	return table
}()

// Romanise spells Hangul in a system, syllable after syllable. Sounds that
// change where syllables meet are followed in McCune-Reischauer only, where
// they are part of the spelling.
func Romanise(word string, by System) []string {
	var out []string
	voiced := false // the syllable before ends in a voiced sound
	for _, r := range word {
		at := int(r) - firstHangul
		if at < 0 || at >= len(leads)*vowelCount*tailCount {
			voiced = false
			continue
		}
		lead, vowel, tail := at/(vowelCount*tailCount), at/tailCount%vowelCount, at%tailCount
		var s string
		switch by {
		case McCune:
			s = plainLead(oldLeads[lead], voiced) + oldVowels[vowel] + silent(tails[tail])
		case Customary:
			s = customary[r]
		}
		if s == "" {
			s = silent(leads[lead]) + vowels[vowel] + silent(tails[tail])
		}
		out = append(out, s)
		voiced = tail == 0 || strings.Contains("n m l ng", tails[tail])
	}
	return out
}

func silent(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// plainLead voices k, t, p and ch between voiced sounds.
func plainLead(lead string, voiced bool) string {
	if voiced {
		switch lead {
		case "k":
			return "g"
		case "t":
			return "d"
		case "p":
			return "b"
		case "ch":
			return "j"
		}
	}
	return silent(lead)
}

package address

import (
	"strings"

	"rummage/resolve/name/script"
)

// spellings writes a name in Han, kana or Hangul in Latin letters, in the ways in
// which its country does so, without spaces.
func spellings(name, country string) []string {
	var all []string
	add := func(syllables []string) {
		if text := strings.ToLower(strings.Join(syllables, "")); text != "" {
			all = append(all, text)
		}
	}
	if hasHangul(name) {
		add(script.Romanise(name, script.Revised))
		add(script.Romanise(name, script.Customary))
		return all
	}
	systems := []script.System{script.Pinyin}
	switch country {
	case "hk", "mo":
		systems = []script.System{script.Cantonese, script.Pinyin}
	case "tw":
		systems = []script.System{script.Pinyin, script.WadeGiles}
	case "jp":
		add([]string{script.Hepburn(name)})
		systems = []script.System{script.Japanese}
	}
	for _, system := range systems {
		if syllables, ok := script.Spell(name, system); ok {
			add(syllables)
		}
	}
	return all
}

// crossed reports whether a name in Latin letters spells one of the other script;
// each may go on ("Wing On" is 永安集团), if what they share is long enough.
func crossed(x, y, country string) bool {
	east, latin := x, y
	if hasEast(y) {
		east, latin = y, x
	}
	if len(latin) < 3 || hasDigit(latin) {
		return false
	}
	for _, spelling := range spellings(east, country) {
		if spelling == latin || alike(spelling, latin) {
			return true
		}
		if shorter := min(len(spelling), len(latin)); shorter >= 6 && spelling[:shorter] == latin[:shorter] {
			return true
		}
	}
	return false
}

// crossStreets compares a street in Latin letters with one in another script. They
// are near if one spells the other, and differ if then their directions do. All
// else is open, as names are translated too (Queen's Road is 皇后大道).
func crossStreets(x, y, country string) Finding {
	east, latin := x, y
	if hasEast(y) {
		east, latin = y, x
	}
	latin, _, _ = strings.Cut(latin, " section ")
	name, _, side := dissect(latin)
	stem, sideHan := eastStem(east)
	switch {
	case crossed(stem, name, country):
		if side != "" && sideHan != "" && side != sideHan {
			return Differs
		}
		return Near
	case crossed(east, strings.ReplaceAll(name, "-", ""), country):
		return Near
	}
	return Open
}

var sidesHan = []struct{ han, latin string }{{"东", "east"}, {"西", "west"}, {"南", "south"}, {"北", "north"}, {"中", "central"}}

// eastStem is the name of a street without its sign and section, and its
// direction: behind the sign in Hong Kong (德辅道中), before it in China (科技南路).
func eastStem(street string) (stem, side string) {
	stem = street
	if i := strings.IndexAny(stem, "0123456789"); i > 0 {
		stem = stem[:i] // "2段"
	}
	cut := func() {
		if side != "" {
			return
		}
		for _, one := range sidesHan {
			if rest, ok := strings.CutSuffix(stem, one.han); ok && rest != "" {
				stem, side = rest, one.latin
				return
			}
		}
	}
	whole := stem
	cut()
	if side != "" && !endsRoad(stem) {
		stem, side = whole, "" // part of the name
	}
	for _, sign := range roadSigns {
		if rest, ok := strings.CutSuffix(stem, sign); ok && rest != "" {
			stem = rest
			break
		}
	}
	cut()
	return stem, side
}

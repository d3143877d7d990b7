package name

import (
	"regexp"
	"slices"
	"strings"

	"rummage/resolve/name/script"
)

// What stands before a ship's name and is no part of it: motor vessel, steam
// ship, fishing vessel, tanker and the like, and the ships of navies.
var prefixes = strings.Fields(`mv ms mt ss sv fv mfv mvs mtv msv mts lng lpg lpgc lngc my tss tsmv rv ft rfa hms uss hmas vlcc ulcc`)

var imoNumber = regexp.MustCompile(`(?i)\(?\bIMO[ .:#]*(?:NO[. :]*|NUMBER[ :]*)?(\d{7})\b\)?`)

// takeIMO takes the ship's number out of a name that it was written into.
func takeIMO(clean string) (rest, imo string) {
	at := imoNumber.FindStringSubmatchIndex(clean)
	if at == nil {
		return clean, ""
	}
	return clean[:at[0]] + " " + clean[at[1]:], clean[at[2]:at[3]]
}

// prefixless drops M/V and its like from the front, or from the end after a
// comma has gone, if a name is left.
func prefixless(pieces []piece) []piece {
	if len(pieces) > 1 && prefix(pieces[0]) {
		return pieces[1:]
	}
	if n := len(pieces) - 1; n > 0 && prefix(pieces[n]) && pieces[n].dotted {
		return pieces[:n]
	}
	return pieces
}

func prefix(p piece) bool { return p.script == script.Latin && slices.Contains(prefixes, p.latin) }

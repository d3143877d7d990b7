package ident

import (
	"fmt"
	"slices"
)

// An Edit is a place where a number as it was written differs from another.
type Edit struct {
	Position int    // of the first character, from 1
	Written  string // one character, or two neighbours that have changed places
	Meant    string // what the other has there
}

// String tells the edit to people: "position 11: 4 for 3".
func (e Edit) String() string {
	if len(e.Written) > 1 {
		return fmt.Sprintf("positions %d and %d: %s for %s", e.Position, e.Position+1, e.Written, e.Meant)
	}
	return fmt.Sprintf("position %d: %s for %s", e.Position, e.Written, e.Meant)
}

// ContainerEdits tells two container numbers apart, in the order of positions: what
// a slip of a hand did to the one that was meant. It is empty for equal numbers and
// for texts that are not of eleven letters and digits.
func ContainerEdits(written, meant string) []Edit {
	w, m := compact(written), compact(meant)
	if len(w) != 11 || len(m) != 11 {
		return nil
	}
	var edits []Edit
	for i := 0; i < len(w); i++ {
		switch {
		case w[i] == m[i]:
		case i+1 < len(w) && w[i] == m[i+1] && w[i+1] == m[i] && w[i+1] != m[i+1]:
			edits = append(edits, Edit{i + 1, w[i : i+2], m[i : i+2]})
			i++
		default:
			edits = append(edits, Edit{i + 1, w[i : i+1], m[i : i+1]})
		}
	}
	return edits
}

// ContainerTwins lists the broken numbers that a valid one becomes by one slip of a
// hand: those that are no valid number, differ from it in one character or in two
// neighbours that have changed places, and have it among their near misses. There
// are some two hundred. The list is sorted; it is empty for a number that is not
// valid.
func ContainerTwins(number string) []string {
	value := compact(number)
	if r := Container(value); len(value) != 11 || r.Mark != Fine && r.Mark != Discouraged {
		return nil
	}
	var twins []string
	try := func(b []byte) {
		text := string(b)
		if mark := Container(text).Mark; (mark == CheckDigit || mark == Format) && slices.Contains(ContainerNear(text), value) {
			twins = append(twins, text)
		}
	}
	for i := range value {
		for c := range alphabet36 {
			b := []byte(value)
			if b[i] = alphabet36[c]; b[i] != value[i] {
				try(b)
			}
		}
	}
	for i := 1; i < len(value); i++ {
		if value[i-1] != value[i] {
			b := []byte(value)
			b[i-1], b[i] = b[i], b[i-1]
			try(b)
		}
	}
	slices.Sort(twins)
	return slices.Compact(twins)
}

// Package marking knows the codes that say who may see what: the Traffic Light Protocol in its version 2.0 (FIRST, 2022), and the handling
// codes of Europol (H0 to H3) and of the 5x5x5 system (1 to 5), each from open to closed.
//
// It must know neither records nor files.
package marking

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrCode is returned for a handling code that no scheme has.
var ErrCode = errors.New("no handling code that is known: use TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED, H0 to H3, or 5x5x5:1 to 5x5x5:5")

// File is the name of the file of a case file that says the code of those beside it, many of which have no room for it, and of the folders there.
const File = "HANDLING.txt"

// Code is a handling code. The zero Code is that of what has none.
type Code struct {
	text  string
	level int
}

// schemes list their codes from open to closed. Codes of different schemes are compared by their level here: how far what bears them may
// go, from anybody to those present.
var schemes = []struct {
	codes  []string
	levels []int
}{
	{[]string{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"}, []int{1, 2, 3, 4, 5}},
	// H0: no condition; H1: not as evidence in court without leave; H2: not passed on without leave; H3: other restrictions.
	{[]string{"H0", "H1", "H2", "H3"}, []int{1, 3, 4, 5}},
	// 1: other agencies may have it; 2: other agencies abroad on conditions; 3: other agencies on conditions; 4: within the agency; 5: as the giver says.
	{[]string{"5X5X5:1", "5X5X5:2", "5X5X5:3", "5X5X5:4", "5X5X5:5"}, []int{2, 3, 3, 4, 5}},
}

// Parse reads a code, in any case; "" is the code of what has none. ErrCode.
func Parse(text string) (Code, error) {
	code := strings.ToUpper(strings.TrimSpace(text))
	if code == "" {
		return Code{}, nil
	}
	for _, s := range schemes {
		if at := slices.Index(s.codes, code); at >= 0 {
			return Code{strings.Replace(code, "5X5X5", "5x5x5", 1), s.levels[at]}, nil
		}
	}
	return Code{}, fmt.Errorf("marking: %q: %w", text, ErrCode)
}

// String is the code as its scheme writes it, "" for none.
func (c Code) String() string { return c.text }

// Above tells whether c is stricter than other.
func (c Code) Above(other Code) bool { return c.level > other.level }

// Strictest returns the strictest of all codes; of equally strict ones the first in the order of their text, so that the order in which
// they come changes nothing. What is derived from several inherits it.
func Strictest(codes ...Code) Code {
	var most Code
	for _, c := range codes {
		if c.level > most.level || c.level == most.level && c.text < most.text {
			most = c
		}
	}
	return most
}

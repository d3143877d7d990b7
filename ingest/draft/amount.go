package draft

import (
	"regexp"
	"slices"
)

// marked is a number with the sign of a currency before it, or a unit behind it.
var marked = regexp.MustCompile(`^(?:[A-Z]{0,3}[$€£¥₩₫฿₱₹]|Rp\.?|[A-Z]{3}\.?)?[ \x{00A0}]*([-+]?\d[\d., '\x{00A0}\x{202F}]*?)[ \x{00A0}]*(?:[A-Za-z]{1,4}\.?|[€£¥₩₫đ元円원])?$`)

// unmark takes sign and unit off a number, "" for what is none.
func unmark(cell string) string {
	if found := marked.FindStringSubmatch(cell); found != nil {
		return found[1]
	}
	return ""
}

// amount returns the steps that make numbers of the cells, nil where they are numbers
// already; ok is false where most are none.
func (c *Column) amount() (then []string, ok bool) {
	if form := c.number(); form >= 0 {
		return numberForms[form].then, true
	}
	form := formOf(c.unmarked)
	if c.grouped(c.unmarked) {
		form = len(numberForms) - 1
	}
	if form < 0 {
		return nil, false
	}
	return append([]string{`{replace: {pattern: "^[^0-9+-]+|[^0-9]+$", with: ""}}`}, numberForms[form].then...), true
}

// formOf is the first way in which most are numbers, -1 for none.
func formOf(shares [len(numberForms)]float64) int {
	return slices.IndexFunc(shares[:], func(share float64) bool { return share >= mostly })
}

package draft

import (
	"regexp"
	"slices"
)

// sailing is what stands behind the name of a ship where a column holds ship and voyage,
// as it is written in a mapping.
const sailing = `[ /,-]+(?:V(?:OY)?\\.? ?)?[0-9]{2,5}[A-Z]{0,2}$`

// voyageOf is what of it is the number of the voyage.
const voyageOf = `[ /,-](?:V(?:OY)?\\.? ?)?([0-9]{2,5}[A-Z]{0,2})$`

var sails = regexp.MustCompile(`[ /,-]+(?:V(?:OY)?\.? ?)?[0-9]{2,5}[A-Z]{0,2}$`)

// sailed reports a column that holds the names of ships with the numbers of their voyages.
func (c *Column) sailed() bool {
	if c.Meaning != (Meaning{"vessel", Name}) || c.filled == 0 {
		return false
	}
	phrases, _ := parse(split(c.Name))
	if !saysField(phrases, "voyage") {
		return false
	}
	fit := 0
	for value := range c.seen {
		if sails.MatchString(value) {
			fit++
		}
	}
	return float64(fit) >= mostly*float64(c.distinct)
}

// voyage writes the number of the voyage that a column of ships holds too.
func (p *page) voyage(d *Draft, taken func(name string) bool) {
	i := slices.IndexFunc(d.Columns, func(c Column) bool { return c.sailed() })
	if i >= 0 && !taken("voyage") {
		p.line("      voyage: {column: %s, then: [{match: \"%s\"}]} # what stands behind the ship", p.column(&d.Columns[i]), voyageOf)
	}
}

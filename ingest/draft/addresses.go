package draft

import "strings"

// housedAt takes a second column that names a party, and whose name is not wholly understood, for
// its address where the cells have the numbers of houses: an address is no other name.
func (d *Draft) housedAt() {
	for i := range d.Columns {
		c := &d.Columns[i]
		if !c.Subject.isParty() || c.Property != Name || c.whole || !c.placed() {
			continue
		}
		if name := d.surest(func(o *Column) bool { return o != c && o.Meaning == c.Meaning && o.filled > 0 && !o.placed() }); name != nil {
			c.Property = Address
			c.Why = append(c.Why, name.Name+" is the name, and these cells hold words and numbers, as addresses do")
		}
	}
}

// placed reports cells most of which hold words and a number, as addresses do.
func (c *Column) placed() bool {
	held := 0
	for value, cells := range c.seen {
		if strings.ContainsAny(value, "0123456789") && strings.ContainsAny(value, " ,，號号") {
			held += cells
		}
	}
	return held > 0 && float64(held) >= mostly*float64(c.filled)
}

package address

import "strings"

// Keys are what to look an address up by: two that Compare calls one address share
// a key, unless both the building and the street are misspelt. A key is the name
// of a building or street with a floor or a number, so that few addresses share
// one. The order is fixed, and no key comes twice.
func (a *Address) Keys() []string {
	var keys []string
	add := func(parts ...string) {
		key := a.Country + "|" + strings.Join(parts, "|")
		for _, known := range keys {
			if known == key {
				return
			}
		}
		keys = append(keys, key)
	}
	if a.Box != "" {
		add("box", a.Box)
	}
	floor := a.Floor
	if floor == "" {
		floor = impliedFloor(a)
	}
	building, _ := kernel(a.Building)
	street := alone(a.Street)
	if a.Street != "" && !hasEast(a.Street) {
		street, _, _ = dissect(a.Street)
	}
	for one := range strings.SplitSeq(floor, ",") {
		if building != "" {
			add("building", alone(building), one)
		}
		if street != "" {
			add("street", street, one)
		}
		if a.Country == "sg" && a.Postcode != "" {
			add("postcode", a.Postcode, one)
		}
	}
	if street != "" && a.Number != "" {
		from, _, _ := bounds(a.Number)
		if from >= 0 {
			number, _, _ := cutAny(a.Number, "-/&")
			add("number", street, number)
		}
	}
	return keys
}

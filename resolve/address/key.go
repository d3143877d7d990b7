package address

import "strings"

// Keys are what to look an address up by: two that Compare calls one address share
// a key, unless building, street and door are all misspelt. A key is the name of a
// building or street with a floor or a number, in Latin letters too where it
// stands in others, or number, floor and unit together, so that few addresses
// share one. The order is fixed, and no key comes twice.
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
	number := ""
	if from, _, _ := bounds(a.Number); from >= 0 {
		number, _, _ = cutAny(a.Number, "-/&")
	}
	building, _ := kernel(a.Building)
	buildings, streets := inLatin(alone(building), a.Country), streetNames(a)
	for one := range strings.SplitSeq(floor, ",") {
		for _, name := range buildings {
			add("building", name, one)
		}
		for _, name := range streets {
			add("street", name, one)
		}
		if a.Country == "sg" && a.Postcode != "" {
			add("postcode", a.Postcode, one)
		}
		if number != "" && one != "" && a.Unit != "" {
			for unit := range strings.SplitSeq(insideFloor(a, one), ",") {
				add("door", number, one, unit)
			}
		}
	}
	if number != "" {
		for _, name := range streets {
			add("number", name, number)
		}
	}
	return keys
}

// streetNames are the letters of a street's name, without kind and direction.
func streetNames(a *Address) []string {
	if a.Street == "" {
		return nil
	}
	if hasEast(a.Street) {
		stem, _ := eastStem(a.Street)
		return inLatin(stem, a.Country)
	}
	street, _, _ := strings.Cut(a.Street, " section ")
	name, _, _ := dissect(street)
	return []string{name}
}

// inLatin is a name with its spellings in Latin letters, if it stands in others.
func inLatin(name, country string) []string {
	switch {
	case name == "":
		return nil
	case !hasEast(name):
		return []string{name}
	}
	return append([]string{name}, spellings(name, country)...)
}

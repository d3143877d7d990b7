package address

import (
	"fmt"
	"math"
	"strings"
)

// Level says how close two addresses are.
type Level uint8

// The levels, from apart to one.
const (
	// Unknown means that too little of the two can be held against each other.
	Unknown Level = iota
	// Different places.
	Different
	// SameArea is a city or district that both lie in, no more.
	SameArea
	// SameStreet is one street, at numbers that are not known to differ.
	SameStreet
	// Neighbour is one building, but another floor, unit or block of it.
	Neighbour
	// SameBuilding is one building where a floor or unit is not known on one side,
	// or a building that many share.
	SameBuilding
	// SameAddress is one address.
	SameAddress
)

// String is the level in words.
func (l Level) String() string {
	return [...]string{"unknown", "different", "same area", "same street", "neighbour", "same building", "same address"}[l]
}

// Threshold is the score from which two addresses count as one.
const Threshold = 0.8

// Finding says how one part of two addresses compares.
type Finding uint8

// The findings.
const (
	// Open means that a part is missing on one side, or cannot be compared as it
	// stands in two scripts.
	Open Finding = iota
	Agrees
	// Near means alike up to spelling, or that ranges overlap.
	Near
	Differs
)

// String is the finding in words.
func (f Finding) String() string {
	return [...]string{"open", "agrees", "near", "differs"}[f]
}

// Reason is what one part says, with both values and how much it moved the score:
// the change of the log odds, positive for one address.
type Reason struct {
	Part    Part
	Finding Finding
	A, B    string
	Effect  float64
}

// String is the reason for people: "floor differs: 16, 23".
func (r Reason) String() string {
	return fmt.Sprintf("%s %s: %s, %s", r.Part, r.Finding, orNone(r.A), orNone(r.B))
}

func orNone(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// Comparison is the outcome of Compare.
type Comparison struct {
	// Score in [0, 1] says how sure it is that both are one address; from Threshold
	// on they count as one.
	Score float64
	Level Level
	// Weight in (0, 1] is what the score is worth as evidence about the parties:
	// 1 divided by how many use the address.
	Weight float64
	// Reasons has a line for each part that is known on one side at least, from
	// the smallest part to the largest.
	Reasons []Reason
}

// Evidence is Score times Weight.
func (c Comparison) Evidence() float64 { return c.Score * c.Weight }

// Usage says what is known about the use of the addresses compared.
type Usage struct {
	// Frequency is how many parties use the more frequent of the two; 0 and 1 both
	// mean one. A formation agent's address used by 400 companies is evidence of
	// weight 1/400: who is registered there is the agent's business.
	Frequency int
}

// Compare holds two addresses against each other. It is symmetric but for the
// order of values in its reasons. Cost: a few microseconds.
func Compare(a, b *Address, usage Usage) Comparison {
	c := &contest{a: a, b: b}
	c.weigh()
	out := Comparison{Weight: 1 / float64(max(usage.Frequency, 1))}
	out.Level, out.Score = c.decide()
	out.Reasons = c.reasons
	return out
}

// Effects on the log odds. They were set by hand, the differing parts strong
// enough that no agreement elsewhere outweighs them.
const (
	prior            = -2.0
	streetAgrees     = 2.5
	streetNear       = 1.8
	streetDiffers    = -4.0
	numberAgrees     = 2.0
	numberNear       = 1.6
	numberDiffers    = -4.0
	buildingAgrees   = 3.3
	buildingNear     = 2.3
	buildingDiffers  = -2.2
	districtAgrees   = 0.7
	districtDiffers  = -0.7
	localityAgrees   = 0.5
	localityDiffers  = -3.0
	regionAgrees     = 0.3
	regionDiffers    = -1.0
	countryAgrees    = 0.2
	countryDiffers   = -5.0
	postcodeAgrees   = 1.2
	postcodeDiffers  = -1.0
	boxAgrees        = 4.5
	boxDiffers       = -6.0
	premisesAgree    = 1.5
	premisesOverlap  = 1.0
	neighbourAtMost  = 0.15
	buildingAtMost   = 0.6
	floorAtMost      = 0.65
	streetAtMost     = 0.4
	areaAtMost       = 0.2
	openAtMost       = 0.75
	conflictSoftened = 0.35
)

// contest is one comparison at work.
type contest struct {
	a, b    *Address
	reasons []Reason
	sum     float64

	unit, floor, block, phase                            Finding
	building, number, street, district, locality, region Finding
	country, postcode, box                               Finding
}

// weigh compares all parts and adds up their effects.
func (c *contest) weigh() {
	a, b := c.a, c.b
	c.sum = prior
	country := a.Country
	if country == "" {
		country = b.Country
	}
	c.box = exact(a.Box, b.Box)
	c.unit, c.floor = premises(a, b)
	c.block = sets(a.Block, b.Block)
	c.phase = sets(a.Phase, b.Phase)
	c.building = buildings(a.Building, b.Building, country)
	c.number = numbers(a.Number, b.Number, country)
	c.street = streets(a.Street, b.Street, country)
	c.district = names(a.District, b.District, country)
	c.locality = names(a.Locality, b.Locality, country)
	c.region = names(a.Region, b.Region, country)
	c.postcode = exact(a.Postcode, b.Postcode)
	c.country = exact(a.Country, b.Country)
	c.swapped()

	c.say(CareOf, names(a.CareOf, b.CareOf, country), [3]float64{})
	box := [3]float64{boxAgrees, boxAgrees, boxDiffers}
	if !c.boxOnly() {
		box = [3]float64{postcodeAgrees, postcodeAgrees, postcodeDiffers} // beside a street it is a detail
	}
	c.say(Box, c.box, box)
	c.say(Unit, c.unit, [3]float64{premisesAgree, premisesOverlap, 0})
	c.say(Floor, c.floor, [3]float64{premisesAgree / 2, premisesOverlap / 2, 0})
	c.say(Block, c.block, [3]float64{premisesAgree / 2, premisesOverlap / 2, 0})
	c.say(Phase, c.phase, [3]float64{0, 0, 0})
	c.say(Building, c.building, [3]float64{buildingAgrees, buildingNear, buildingDiffers})
	number := [3]float64{numberAgrees, numberNear, numberDiffers}
	if c.street != Agrees && c.street != Near {
		number[0], number[1] = numberAgrees/2, numberNear/2
	}
	street := [3]float64{streetAgrees, streetNear, streetDiffers}
	if c.building == Agrees {
		// A corner house has two streets, and one of them is often left out.
		number[2] *= conflictSoftened
		street[2] *= conflictSoftened
	}
	c.say(Number, c.number, number)
	c.say(Street, c.street, street)
	c.say(District, c.district, [3]float64{districtAgrees, districtAgrees, districtDiffers})
	c.say(Locality, c.locality, [3]float64{localityAgrees, localityAgrees, localityDiffers})
	c.say(Region, c.region, [3]float64{regionAgrees, regionAgrees, regionDiffers})
	c.say(Postcode, c.postcode, [3]float64{postcodeAgrees, postcodeAgrees, postcodeDiffers})
	c.say(Country, c.country, [3]float64{countryAgrees, countryAgrees, countryDiffers})
}

// say notes a finding and adds its effect: for agreement, nearness, difference.
func (c *contest) say(part Part, finding Finding, effects [3]float64) {
	x, y := c.a.Get(part), c.b.Get(part)
	if x == "" && y == "" {
		return
	}
	effect := 0.0
	if finding != Open {
		effect = effects[finding-1]
	}
	c.sum += effect
	c.reasons = append(c.reasons, Reason{Part: part, Finding: finding, A: x, B: y, Effect: effect})
}

// swapped looks for a place that one side calls a district and the other a city:
// then they agree, whatever they are called.
func (c *contest) swapped() {
	cross := func(x, y string) bool { return x != "" && y != "" && alone(x) == alone(y) }
	if c.locality == Differs && (cross(c.a.Locality, c.b.District) || cross(c.a.District, c.b.Locality) || cross(c.a.Locality, c.b.Region) || cross(c.a.Region, c.b.Locality)) {
		c.locality = Near
		if c.district == Differs {
			c.district = Open
		}
		if c.region == Differs {
			c.region = Open
		}
	}
}

// boxOnly holds where one side is a box and nothing else.
func (c *contest) boxOnly() bool {
	return c.a.Box != "" && c.a.Street == "" && c.a.Building == "" || c.b.Box != "" && c.b.Street == "" && c.b.Building == ""
}

func good(f Finding) bool { return f == Agrees || f == Near }

// decide makes level and score of the sum: what contradicts caps the score.
func (c *contest) decide() (Level, float64) {
	site := 1 / (1 + math.Exp(-c.sum))
	if c.country == Differs {
		return Different, min(site, 0.05)
	}
	if c.boxOnly() {
		return c.decideBox(site)
	}
	if !c.sameSite() {
		if c.openStreet() {
			return SameBuilding, min(site, openAtMost)
		}
		return c.decideApart(site)
	}
	switch {
	case c.block == Differs || c.floor == Differs || c.unit == Differs || c.phase == Differs:
		return Neighbour, neighbourAtMost * site
	case site < Threshold:
		return SameBuilding, min(site, buildingAtMost)
	case c.oneSided():
		if good(c.floor) || good(c.unit) {
			return SameBuilding, floorAtMost * site
		}
		return SameBuilding, buildingAtMost * site
	case !good(c.unit) && !good(c.floor) && (shared(c.a) || shared(c.b)):
		return SameBuilding, buildingAtMost * site
	}
	return SameAddress, site
}

// sameSite reports whether both are one building: by its name, or by street and
// number, or by a postcode that belongs to one building.
func (c *contest) sameSite() bool {
	if c.locality == Differs && c.building != Agrees {
		return false
	}
	if c.street == Differs && (c.number == Differs || opposed(c.a.Street, c.b.Street)) {
		return false
	}
	byStreet := good(c.street) && good(c.number)
	byName := good(c.building) && c.number != Differs && (c.street != Differs || c.building == Agrees) || c.building == Agrees && c.street != Differs
	byCode := c.postcode == Agrees && c.a.Country == "sg" && c.number != Differs && len(c.a.Postcode) == 6
	if byName && c.number == Differs && c.street == Agrees && c.building == Agrees && c.a.Block == "" && generic(c.a.Building) {
		return false
	}
	return byStreet || byName || byCode
}

// openStreet holds where the streets stand in two scripts and neither spells the
// other, while number, district and unit all agree: likely one, never sure.
func (c *contest) openStreet() bool {
	return c.street == Open && c.a.Street != "" && c.b.Street != "" && c.number == Agrees && good(c.unit) && (good(c.district) || c.postcode == Agrees) && c.building != Differs
}

func (c *contest) decideApart(site float64) (Level, float64) {
	switch {
	case good(c.street) && c.number != Differs && c.locality != Differs && c.building != Differs:
		return SameStreet, min(site, streetAtMost)
	case c.street == Differs || c.number == Differs || c.building == Differs || c.locality == Differs || c.region == Differs || c.district == Differs:
		return Different, min(site, areaAtMost)
	case good(c.district) || good(c.locality) || good(c.region):
		return SameArea, min(site, areaAtMost)
	}
	return Unknown, min(site, areaAtMost)
}

func (c *contest) decideBox(site float64) (Level, float64) {
	switch {
	case c.box == Differs:
		return Different, min(site, 0.05)
	case c.box == Open:
		return Unknown, min(site, areaAtMost)
	case c.locality == Differs || c.region == Differs:
		return Different, min(site, areaAtMost)
	case c.locality == Open && c.postcode != Agrees && c.district == Open:
		return Unknown, min(site, streetAtMost)
	}
	return SameAddress, site
}

// oneSided reports whether a floor, unit or block is known on one side only and
// nothing finer settles it.
func (c *contest) oneSided() bool {
	a, b := c.a, c.b
	if (a.Unit == "") != (b.Unit == "") {
		return true
	}
	if a.Unit != "" && c.unit == Open {
		return true
	}
	if c.floor == Open && a.Floor != "" && b.Floor != "" {
		return true
	}
	if a.Unit == "" && (a.Floor == "") != (b.Floor == "") {
		return true
	}
	if (a.Block == "") != (b.Block == "") && c.building != Agrees && c.number != Agrees {
		return true
	}
	return good(c.unit) && c.floor == Open && (a.Floor != "") != (b.Floor != "") && c.shortUnit()
}

// shortUnit holds where a unit says nothing about its floor: flat H is on each.
func (c *contest) shortUnit() bool {
	return impliedFloor(c.a) == "" || impliedFloor(c.b) == ""
}

// shared reports whether an address without a floor or unit is a building that
// many share, by its name.
func shared(a *Address) bool {
	if a.Building == "" || a.Unit != "" || a.Floor != "" {
		return false
	}
	for _, word := range strings.Fields(a.Building) {
		switch word {
		case "tower", "building", "centre", "plaza", "mansion", "commercial", "industrial", "house", "court", "complex", "arcade", "mall", "gardens", "estate", "gedung", "menara", "wisma", "condominium", "residence", "exchange":
			return true
		}
	}
	return hasEast(a.Building)
}

// generic holds for names that any town has, such as "industrial building".
func generic(building string) bool {
	core, _ := kernel(building)
	return core == ""
}

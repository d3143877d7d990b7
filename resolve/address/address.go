package address

import "strings"

// MaxText is the longest text, in bytes, that is looked at; what follows is kept
// in Raw alone. The longest address of the OFAC lists has 230.
const MaxText = 2048

// Address is a postal address taken apart. Each part but Raw is in its normal
// form: lower case, without diacritics, Chinese in simplified characters,
// abbreviations written out. A part that the text does not name is empty.
type Address struct {
	// Raw is the text as it stood.
	Raw string
	// CareOf is who receives it on behalf of the addressee ("c/o ...").
	CareOf string
	// Box is the number of a post-office box.
	Box string
	// Unit is the flat, room, suite, shop or office; several are joined by
	// commas, a range is written out ("1318,1319").
	Unit string
	// Floor is a number, or "g" for ground, "ug", "lg", "m", "b1", "roof"; joined
	// as units are.
	Floor string
	// Block tells buildings of one estate apart: block, tower, wing, 座, 栋, 동.
	// Block 3 and Tower 3 are the same, as in Hong Kong both words are used.
	Block string
	// Phase is the phase of an estate.
	Phase string
	// Building is the name of a house, tower or estate.
	Building string
	// Number is the number in the street, a range ("2-16"), or chome, banchi and
	// go joined by dashes.
	Number string
	// Street is the street, or what stands for it: the town of a Japanese
	// address, the dong of a Korean lot.
	Street string
	// District is a quarter, ward or town within the locality.
	District string
	// Locality is the city.
	Locality string
	// Region is a province, state, prefecture or territory.
	Region string
	// Postcode is without spaces.
	Postcode string
	// Country is the ISO 3166 code in lower case; Hong Kong (hk), Macao (mo) and
	// Taiwan (tw) have their own.
	Country string
	// Rest is what no rule claimed, piece by piece, joined by " | ".
	Rest string
}

// Hints are what the surroundings of an address say, used where the text itself
// says nothing.
type Hints struct {
	// Country is an ISO 3166 code.
	Country string
}

// Parse takes an address apart. It never fails: what it does not understand is in
// Rest. Cost: linear in the length of the text, 5 to 10 microseconds for usual ones.
func Parse(text string, hints Hints) Address {
	a := Address{Raw: text}
	if strings.TrimSpace(text) == "" {
		return a
	}
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.reset(&a, strings.ToLower(hints.Country))
	p.fold(text)
	if p.east {
		p.readEast()
	}
	p.split()
	p.readLatin()
	p.finish()
	p.into = nil
	return a
}

// Empty reports whether nothing but perhaps Raw is known.
func (a *Address) Empty() bool {
	return *a == Address{Raw: a.Raw}
}

// Part names one part of an address.
type Part string

// The parts, from the smallest to the largest.
const (
	CareOf   Part = "care of"
	Box      Part = "box"
	Unit     Part = "unit"
	Floor    Part = "floor"
	Block    Part = "block"
	Phase    Part = "phase"
	Building Part = "building"
	Number   Part = "number"
	Street   Part = "street"
	District Part = "district"
	Locality Part = "locality"
	Region   Part = "region"
	Postcode Part = "postcode"
	Country  Part = "country"
	Rest     Part = "rest"
)

// Parts lists all parts in the order in which String writes them.
func Parts() []Part {
	return []Part{CareOf, Box, Unit, Floor, Block, Phase, Building, Number, Street, District, Locality, Region, Postcode, Country, Rest}
}

// Get returns the normal form of one part, empty if it is not known.
func (a *Address) Get(part Part) string {
	if field := a.field(part); field != nil {
		return *field
	}
	return ""
}

func (a *Address) field(part Part) *string {
	switch part {
	case CareOf:
		return &a.CareOf
	case Box:
		return &a.Box
	case Unit:
		return &a.Unit
	case Floor:
		return &a.Floor
	case Block:
		return &a.Block
	case Phase:
		return &a.Phase
	case Building:
		return &a.Building
	case Number:
		return &a.Number
	case Street:
		return &a.Street
	case District:
		return &a.District
	case Locality:
		return &a.Locality
	case Region:
		return &a.Region
	case Postcode:
		return &a.Postcode
	case Country:
		return &a.Country
	case Rest:
		return &a.Rest
	}
	return nil
}

// String writes the known parts, each with its name, for people and golden files.
func (a *Address) String() string {
	var b strings.Builder
	for _, part := range Parts() {
		value := a.Get(part)
		if value == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(string(part))
		b.WriteByte('=')
		b.WriteString(value)
	}
	return b.String()
}

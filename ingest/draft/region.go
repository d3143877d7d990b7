package draft

import (
	"fmt"
	"slices"
	"strings"

	"rummage/ingest/ident"
)

// A Region is the country whose ways a file is read by where it could be read in several: two
// letters of ISO 3166-1 in capitals, "" for none.
type Region string

// ParseRegion takes a country by its code or name. The error says what is none.
func ParseRegion(text string) (Region, error) {
	r := ident.CountryNamed(text)
	if r.Mark != ident.Fine {
		return "", fmt.Errorf("draft: %q is no country: give two letters, such as PE", text)
	}
	return Region(r.Value), nil
}

// monthFirst are the countries that write the month before the day.
var monthFirst = []Region{"US", "PH", "FM", "MH", "PW", "PR", "GU"}

// pointed are the countries that set a point before the fraction of a number (Unicode CLDR 45,
// symbols of numbers of each country's first language); the others set a comma.
var pointed = strings.Fields("AE AU BD BH BN BW BZ CA CN DO EG ET FJ GB GH GT GU HK HN IE IL IN IQ JM JO JP KE KH KP KR KW LB LK LR LY MM MN MO MT MU MW MX MY NA NG NI NP NZ OM PA PE PG PH PK PR PS QA " +
	"RW SA SD SG SL SS SV SY SZ TH TT TW TZ UG US YE ZM ZW")

// comma reports a country that sets a comma before the fraction.
func (r Region) comma() bool { return r != "" && !slices.Contains(pointed, string(r)) }

// regional are the words that mean something else in a country than elsewhere.
var regional = []struct {
	regions, word string
	sense
}{
	{"ES RO", "cif", sense{property: ID}},                           // the number of a company's tax register
	{"MX", "partida", sense{Consignment, "item", false}},            // the line of a declaration, elsewhere the heading of the tariff
	{"MX", "patente", sense{subject: "declarant", property: ID}},    // the licence of a customs agent
	{"AR CL UY", "patente", sense{Consignment, "plate", false}},     // that of a vehicle
	{"FR BE SN CI ML MA TN DZ CM", "agent", sense{subject: Nobody}}, // an officer of the customs
	{"DE AT CH", "art", sense{Consignment, "package_type", false}},  // of packages
	{"NL BE", "expediteur", sense{subject: "forwarder"}},            // in French the consignor
	{"US", "entry", sense{Consignment, Number, false}},
	{"US", "scac", sense{subject: "carrier", property: ID}},
}

// ofRegion gives a column the meaning that its name has in the region, where that is another.
func (c *Column) ofRegion(region Region) {
	if region == "" {
		return
	}
	words := split(c.Name)
	for _, r := range regional {
		if !slices.Contains(words, r.word) || !slices.Contains(strings.Fields(r.regions), string(region)) {
			continue
		}
		m := Meaning{r.subject, r.property}
		if m.Subject == Nobody && c.Subject.isParty() && m.Property != None {
			m.Subject = c.Subject
		}
		c.Meaning, c.Sure = m, weakName
		c.Why = append(c.Why, fmt.Sprintf("in %s %s means it", region, r.word))
		return
	}
}

// settleRegion decides by the region what cells of a column leave open: the order of day and
// month, and the sign before the fraction.
func (l *look) settleRegion(region Region) {
	if region == "" {
		return
	}
	if slices.Contains(monthFirst, region) {
		l.order(monthDay)
	} else {
		l.order(dayMonth)
	}
	l.comma = region.comma()
}

// grouped reports cells that fit both signs and are grouped by the one that the region does not
// set before a fraction, such as 1.200 for twelve hundred.
func (l *look) grouped(shares [len(numberForms)]float64) bool {
	return l.comma && shares[len(numberForms)-1] >= 1-1e-9
}

// regionRule is the rule of the region's register whose form the cells have, "" for none.
func (c *Column) regionRule(region Region) string {
	if region == "" {
		return ""
	}
	for _, r := range ident.Rules() {
		if r.Country == string(region) && r.Checked && c.rules[r.Name]+c.broken[r.Name] >= mostly && c.rules[r.Name] >= mostly/2 {
			return r.Name
		}
	}
	return ""
}

package area

import (
	"cmp"
	"strings"

	"rummage/graph"
)

// The dimensions that Read knows by name. Every other field of the records that
// has few values is one too, under its own name.
const (
	Chapter     = "hs2"
	Heading     = "hs4"
	Subheading  = "hs6"
	Origin      = "origin"
	Departure   = "departure"   // country that the goods left
	Loading     = "loading"     // port
	Discharge   = "discharge"   // port
	Destination = "destination" // country
	Lane        = "lane"        // from departure to destination or discharge
	Office      = "office"
	Month       = "month"        // of the year: the season
	TraderClass = "trader_class" // of the importer, else of the exporter, on the day
	ValueBand   = "value_band"   // value a kilogram, against others of the same goods
)

// several is the value of a declaration whose lines differ in a dimension.
const several = "several"

// named lists the dimensions of ties and dates, in the order in which they are listed.
var named = []struct {
	name string
	of   func(c *declared) string
}{
	{Chapter, func(d *declared) string { return d.goods(2) }},
	{Heading, func(d *declared) string { return d.goods(4) }},
	{Subheading, func(d *declared) string { return d.goods(6) }},
	{Origin, func(d *declared) string { return d.place(country, graph.OriginCountry) }},
	{Departure, func(d *declared) string { return d.place(country, graph.Departure, graph.Loading) }},
	{Loading, func(d *declared) string { return d.place(port, graph.Loading, graph.Departure) }},
	{Discharge, func(d *declared) string { return d.place(port, graph.Discharge) }},
	{Destination, func(d *declared) string { return d.place(country, graph.Destination, graph.Discharge) }},
	{Lane, (*declared).lane},
	{Office, func(d *declared) string { return d.place(whole, graph.Office) }},
	{Month, (*declared).month},
}

// A declared is a consignment whose dimensions are read.
type declared struct {
	ties []graph.Tie
	day  graph.Date
}

// all returns what the ties of a role say, "several" where they differ.
func (d *declared) all(role graph.Role, say func(graph.ID) string) string {
	found := ""
	for _, t := range d.ties {
		if t.Role != role {
			continue
		}
		switch text := say(t.Entity); {
		case text == "" || text == found:
		case found == "":
			found = text
		default:
			return several
		}
	}
	return found
}

// goods is the commodity code cut to so many digits, behind its edition.
func (d *declared) goods(digits int) string {
	return d.all(graph.OfCommodity, func(id graph.ID) string {
		edition, code := spaced(id)
		if len(code) < digits || !strings.HasPrefix(edition, "hs") || strings.Trim(code[:digits], "0123456789") != "" {
			return ""
		}
		return edition + "/" + code[:digits]
	})
}

// place is what the first of the roles that is stated says.
func (d *declared) place(say func(graph.ID) string, roles ...graph.Role) string {
	for _, role := range roles {
		if text := d.all(role, say); text != "" {
			return text
		}
	}
	return ""
}

func (d *declared) lane() string {
	from, to := d.place(country, graph.Departure, graph.Loading), d.place(whole, graph.Destination, graph.Discharge)
	if from == "" || to == "" || from == several || to == several {
		return ""
	}
	return from + ">" + to
}

func (d *declared) month() string {
	if d.day == graph.NoDate {
		return ""
	}
	return d.day.String()[5:7]
}

// spaced cuts an id into its namespace, "" where it has none, and its label.
func spaced(id graph.ID) (space, label string) {
	_, rest, _ := strings.Cut(string(id), "/")
	if at := strings.LastIndexByte(rest, '/'); at >= 0 {
		space = rest[:at]
	}
	return space, id.Label()
}

// locode is the length of a UN/LOCODE.
const locode = 5

// country is the country of a place: itself, or the first letters of a port's UN/LOCODE.
func country(id graph.ID) string {
	space, label := spaced(id)
	if space == "" && len(label) == locode {
		return label[:2]
	}
	return joined(space, label)
}

// port is a place that is no country.
func port(id graph.ID) string {
	space, label := spaced(id)
	if space == "" && len(label) == len("SG") {
		return ""
	}
	return joined(space, label)
}

func whole(id graph.ID) string { return joined(spaced(id)) }

func joined(space, label string) string {
	if space == "" {
		return label
	}
	return space + "/" + label
}

// trader is the party whose class counts: the importer, else the exporter, else who sends or gets the goods.
func (d *declared) trader() graph.ID {
	for _, role := range []graph.Role{graph.Importer, graph.Exporter, graph.Consignee, graph.Consignor} {
		for _, t := range d.ties {
			if t.Role == role {
				return t.Entity
			}
		}
	}
	return ""
}

// standing orders dimensions: the named ones first, then those of traders and values, then
// fields by name.
func standing(a, b string) int {
	return cmp.Or(cmp.Compare(placeOf(a), placeOf(b)), strings.Compare(a, b))
}

func placeOf(name string) int {
	for i := range named {
		if named[i].name == name {
			return i
		}
	}
	switch name {
	case TraderClass:
		return len(named)
	case ValueBand:
		return len(named) + 1
	}
	return len(named) + 2
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

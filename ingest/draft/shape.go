package draft

import "slices"

// shape tells what rows are about.
func (d *Draft) shape() Shape {
	roles := map[Subject]bool{}
	for i := range d.Columns {
		roles[d.Columns[i].Subject] = true
	}
	parties, things := 0, 0
	for s := range roles {
		switch {
		case s.isParty():
			parties++
		case s.isPlace(), s == "commodity", s == "equipment", s == "seal", s == "vessel":
			things++
		}
	}
	numbered := d.find(Meaning{Consignment, Number}) != nil
	switch {
	case d.matrix != nil:
		return Links
	case d.roles != nil:
		return Consignments
	case d.employed:
		return Officers
	case d.find(Meaning{From, ID}) != nil && d.find(Meaning{To, ID}) != nil && !d.traded() && !roles["vessel"] && !roles["equipment"] && !roles["commodity"]:
		return Links
	case numbered && slices.ContainsFunc(d.Columns, func(c Column) bool { return c.results() != "" }):
		return Consignments
	case parties+things >= 2, parties+things == 1 && (numbered || d.find(Meaning{Consignment, Document}) != nil) && roles[Consignment] && d.find(Meaning{Consignment, Date}) != nil:
		return Consignments
	case parties == 1 && d.deals():
		return Consignments
	}
	return Register
}

// deals reports rows of goods and days that a number tells apart, and in several of which one
// party stands: they are no register of parties.
func (d *Draft) deals() bool {
	goods := slices.ContainsFunc(d.Columns, func(c Column) bool {
		return c.Subject == Consignment && c.filled > 0 && slices.Contains([]Property{"description", "value", "quantity", "packages", "gross_mass", "net_mass"}, c.Property)
	})
	numbered := slices.ContainsFunc(d.Columns, func(c Column) bool { return c.Meaning == Meaning{Nobody, ID} && c.unique(d.rows) })
	again := slices.ContainsFunc(d.Columns, func(c Column) bool { return c.Subject.isParty() && c.Property == Name && c.distinct < c.filled })
	return goods && numbered && again && d.find(Meaning{Consignment, Date}) != nil
}

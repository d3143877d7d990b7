package pattern

import (
	"slices"
	"strings"

	"rummage/algo/view"
	"rummage/graph"
)

// Roles beyond those of ties, which carry their own names.
const (
	roleImporting = "importing"
	roleExporting = "exporting"
	roleTrader    = "trader"
	roleFrom      = "from"
	roleTo        = "to"
	roleAs        = "as"

	rolePrefixField = "field."
)

var importingSide, exportingSide = view.Sides()

// derived are the roles of consignments that are read from more than one tie, or from a part
// of one. Each appends texts of nodes.
var derived = map[string]struct {
	means string
	read  func(into []string, c *reading) []string
}{
	roleImporting: {"the trader that imports: importer, else consignee, else notify party", func(into []string, c *reading) []string {
		return c.primary(into, importingSide)
	}},
	roleExporting: {"the trader that exports: exporter, else consignor", func(into []string, c *reading) []string {
		return c.primary(into, exportingSide)
	}},
	roleTrader: {"the traders of both sides", func(into []string, c *reading) []string {
		return c.primary(c.primary(into, importingSide), exportingSide)
	}},
	"chapter":    {"chapter of the tariff, two digits", func(into []string, c *reading) []string { return c.goods(into, 2) }},
	"heading":    {"heading of the tariff, four digits of one edition", func(into []string, c *reading) []string { return c.goods(into, 4) }},
	"subheading": {"subheading of the tariff, six digits of one edition", func(into []string, c *reading) []string { return c.goods(into, 6) }},
	"origin_country": {"country of origin", func(into []string, c *reading) []string {
		return c.country(into, graph.OriginCountry)
	}},
	"from_country": {"country of departure or loading", func(into []string, c *reading) []string {
		return c.country(into, graph.Departure, graph.Loading)
	}},
	"to_country": {"country of destination or discharge", func(into []string, c *reading) []string {
		return c.country(into, graph.Destination, graph.Discharge)
	}},
	"lane": {"place of departure or loading, and of discharge or destination", func(into []string, c *reading) []string {
		from := c.first(graph.Departure, graph.Loading)
		to := c.first(graph.Discharge, graph.Destination)
		if from == "" || to == "" {
			return into
		}
		return append(into, "lane/"+from.Label()+">"+to.Label())
	}},
	"view": {"kind of document: declaration, manifest, bill_of_lading, waybill, parcel, movement, inspection, warehouse_receipt", func(into []string, c *reading) []string {
		for i := range c.Current {
			into = append(into, "view/"+c.Current[i].View.String())
		}
		return into
	}},
	"result": {"what an inspection found: clear, hit, seizure", func(into []string, c *reading) []string {
		for i := range c.Outcomes {
			into = append(into, "result/"+c.Outcomes[i].Result.String())
		}
		return into
	}},
}

// prefixOf returns what stands before the word in the name of a role's node where that is a
// word and no id: a constant of a motif names it without.
func prefixOf(role string) string {
	switch {
	case strings.HasPrefix(role, rolePrefixField):
		return "field/" + strings.TrimPrefix(role, rolePrefixField) + "/"
	case role == "origin_country", role == "from_country", role == "to_country":
		return "country/"
	case role == "chapter", role == "lane", role == "view", role == "result", role == roleAs:
		return role + "/"
	}
	return ""
}

// isRole reports whether a clause may bind the role.
func isRole(link bool, role string) bool {
	if link {
		return role == roleFrom || role == roleTo || role == roleAs
	}
	if _, ok := derived[role]; ok {
		return true
	}
	if name, ok := strings.CutPrefix(role, rolePrefixField); ok {
		return recordName.MatchString(name)
	}
	r, err := graph.ParseRole(role)
	return err == nil && r.IsTie()
}

// reading is a consignment with its ties as clusters.
type reading struct {
	*graph.Consignment
	ties []graph.Tie
}

// primary appends the trader of a side.
func (c *reading) primary(into []string, side []graph.Role) []string {
	if id := c.first(side...); id != "" {
		return append(into, string(id))
	}
	return into
}

// first returns the smallest entity in the first of the roles that anything has.
func (c *reading) first(roles ...graph.Role) graph.ID {
	for _, role := range roles {
		var least graph.ID
		for _, tie := range c.ties {
			if tie.Role == role && (least == "" || tie.Entity < least) {
				least = tie.Entity
			}
		}
		if least != "" {
			return least
		}
	}
	return ""
}

// goods appends the codes of commodities, cut to so many digits. Chapters are the same in
// every edition of the tariff; finer codes are not, and keep the name of theirs.
func (c *reading) goods(into []string, digits int) []string {
	for _, tie := range c.ties {
		if tie.Role != graph.OfCommodity {
			continue
		}
		_, rest, _ := strings.Cut(string(tie.Entity), "/")
		edition, code, ok := strings.Cut(rest, "/")
		if !ok || len(code) < digits || strings.Trim(code[:digits], "0123456789") != "" {
			continue
		}
		if digits == 2 {
			into = append(into, "chapter/"+code[:2])
			continue
		}
		into = append(into, "goods/"+edition+"/"+code[:digits])
	}
	return into
}

// country appends the country of the first place in one of the roles that names one: a code
// of two letters, or the two that a UN/LOCODE begins with.
func (c *reading) country(into []string, roles ...graph.Role) []string {
	for _, role := range roles {
		for _, tie := range c.ties {
			code, ok := strings.CutPrefix(string(tie.Entity), "place/")
			if tie.Role != role || !ok || len(code) != 2 && len(code) != 5 || strings.Trim(code[:2], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" ||
				strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789") != "" {
				continue
			}
			return append(into, "country/"+code[:2])
		}
	}
	return into
}

// texts appends the nodes of a role.
func (c *reading) texts(into []string, role string) []string {
	if d, ok := derived[role]; ok {
		into = d.read(into, c)
	} else if name, ok := strings.CutPrefix(role, rolePrefixField); ok {
		for i := range c.Current {
			for _, f := range c.Current[i].Fields {
				if f.Name == name && f.Value != "" {
					into = append(into, "field/"+name+"/"+f.Value)
				}
			}
		}
	} else if r, err := graph.ParseRole(role); err == nil {
		for _, tie := range c.ties {
			if tie.Role == r {
				into = append(into, string(tie.Entity))
			}
		}
	}
	slices.Sort(into)
	return slices.Compact(into)
}

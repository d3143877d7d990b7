package pattern

import (
	"math"
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

// journey are the roles of ties that legs are counted by.
var journey = []graph.Role{graph.Transit, graph.OnRoute, graph.Departure, graph.Loading, graph.Discharge, graph.Destination}

// derived are the roles of consignments that are read from more than one tie, or from a part
// of one. Each appends nodes.
var derived = map[string]struct {
	means string
	ties  []graph.Role // that it reads
	read  func(into []uint32, d *drawer) []uint32
}{
	roleImporting: {"the trader that imports: importer, else consignee, else notify party", importingSide, func(into []uint32, d *drawer) []uint32 {
		return d.primary(into, importingSide)
	}},
	roleExporting: {"the trader that exports: exporter, else consignor", exportingSide, func(into []uint32, d *drawer) []uint32 {
		return d.primary(into, exportingSide)
	}},
	roleTrader: {"the traders of both sides", slices.Concat(importingSide, exportingSide), func(into []uint32, d *drawer) []uint32 {
		return d.primary(d.primary(into, importingSide), exportingSide)
	}},
	"chapter": {"chapter of the tariff, two digits", []graph.Role{graph.OfCommodity}, func(into []uint32, d *drawer) []uint32 {
		return d.goods(into, 0)
	}},
	"heading": {"heading of the tariff, four digits of one edition", []graph.Role{graph.OfCommodity}, func(into []uint32, d *drawer) []uint32 {
		return d.goods(into, 1)
	}},
	"subheading": {"subheading of the tariff, six digits of one edition", []graph.Role{graph.OfCommodity}, func(into []uint32, d *drawer) []uint32 {
		return d.goods(into, 2)
	}},
	"origin_country": {"country of origin", []graph.Role{graph.OriginCountry}, func(into []uint32, d *drawer) []uint32 {
		return d.country(into, graph.OriginCountry)
	}},
	"from_country": {"country of departure or loading", []graph.Role{graph.Departure, graph.Loading}, func(into []uint32, d *drawer) []uint32 {
		return d.country(into, graph.Departure, graph.Loading)
	}},
	"to_country": {"country of destination or discharge", []graph.Role{graph.Destination, graph.Discharge}, func(into []uint32, d *drawer) []uint32 {
		return d.country(into, graph.Destination, graph.Discharge)
	}},
	"lane": {"place of departure or loading, and of discharge or destination", journey, func(into []uint32, d *drawer) []uint32 {
		return d.lane(into)
	}},
	"view": {"kind of document: declaration, manifest, bill_of_lading, waybill, parcel, movement, inspection, warehouse_receipt", nil, func(into []uint32, d *drawer) []uint32 {
		for _, v := range d.now.views {
			if d.viewed[v] == 0 {
				d.viewed[v] = d.out.node("view/"+v.String()) + 1
			}
			into = append(into, d.viewed[v]-1)
		}
		return into
	}},
	"result": {"what an inspection found: clear, hit, seizure", nil, func(into []uint32, d *drawer) []uint32 {
		for _, r := range d.now.results {
			if d.ruled[r] == 0 {
				d.ruled[r] = d.out.node("result/"+r.String()) + 1
			}
			into = append(into, d.ruled[r]-1)
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

// primary appends the trader of a side.
func (d *drawer) primary(into []uint32, side []graph.Role) []uint32 {
	if of, ok := d.first(side...); ok {
		return append(into, d.party(of))
	}
	return into
}

// first returns the smallest entity in the first of the roles that anything has.
func (d *drawer) first(roles ...graph.Role) (of uint32, ok bool) {
	for _, role := range roles {
		for _, t := range d.tied {
			if t.role == role && (!ok || d.about[t.of].cluster < d.about[of].cluster) {
				of, ok = t.of, true
			}
		}
		if ok {
			return of, true
		}
	}
	return 0, false
}

// goods appends the codes of commodities, cut to two digits, four or six. Chapters are the same in
// every edition of the tariff; finer codes are not, and keep the name of theirs.
func (d *drawer) goods(into []uint32, fine int) []uint32 {
	for _, t := range d.tied {
		if t.role != graph.OfCommodity {
			continue
		}
		node := &d.about[t.of].goods[fine]
		if *node == 0 {
			*node = nothing
			if text := goodsOf(d.about[t.of].cluster, 2*fine+2); text != "" {
				*node = d.out.node(text) + 1
			}
		}
		if *node != nothing {
			into = append(into, *node-1)
		}
	}
	return into
}

// goodsOf names a code that was cut to so many digits, "" where it has fewer.
func goodsOf(commodity graph.ID, digits int) string {
	_, rest, _ := strings.Cut(string(commodity), "/")
	edition, code, ok := strings.Cut(rest, "/")
	if !ok || len(code) < digits || strings.Trim(code[:digits], "0123456789") != "" {
		return ""
	}
	if digits == 2 {
		return "chapter/" + code[:2]
	}
	return "goods/" + edition + "/" + code[:digits]
}

// country appends the country of the first place in one of the roles that names one.
func (d *drawer) country(into []uint32, roles ...graph.Role) []uint32 {
	for _, role := range roles {
		for _, t := range d.tied {
			if t.role != role {
				continue
			}
			node := &d.about[t.of].country
			if *node == 0 {
				*node = nothing
				if code := d.about[t.of].cluster.Country(); code != "" {
					*node = d.out.node("country/"+code) + 1
				}
			}
			if *node != nothing {
				return append(into, *node-1)
			}
		}
	}
	return into
}

// lane appends where the goods leave and arrive.
func (d *drawer) lane(into []uint32) []uint32 {
	from, left := d.first(graph.Departure, graph.Loading)
	to, arrived := d.first(graph.Discharge, graph.Destination)
	if !left || !arrived {
		return into
	}
	key := [2]uint32{from, to}
	node, ok := d.lanes[key]
	if !ok {
		node = d.out.node("lane/" + d.about[from].cluster.Label() + ">" + d.about[to].cluster.Label())
		d.lanes[key] = node
	}
	return append(into, node)
}

// reader appends the nodes of a role, and names the roles of ties that it reads. Texts are the fields that are roles.
func reader(role string, texts []string) (read func(into []uint32, d *drawer) []uint32, ties []graph.Role) {
	if of, ok := derived[role]; ok {
		return of.read, of.ties
	}
	if name, ok := strings.CutPrefix(role, rolePrefixField); ok {
		field := slices.Index(texts, name)
		return func(into []uint32, d *drawer) []uint32 { return d.text(into, field) }, nil
	}
	r, err := graph.ParseRole(role)
	if err != nil {
		return func(into []uint32, _ *drawer) []uint32 { return into }, nil
	}
	return func(into []uint32, d *drawer) []uint32 {
		for _, t := range d.tied {
			switch {
			case t.role != r:
			case t.of == nothing:
				into = append(into, t.node)
			default:
				into = append(into, d.party(t.of))
			}
		}
		return into
	}, []graph.Role{r}
}

// text appends what a field says.
func (d *drawer) text(into []uint32, field int) []uint32 {
	for _, f := range d.now.fields {
		if f.field != field {
			continue
		}
		node, ok := d.fields[field][f.value]
		if !ok {
			value := d.keep(f.value)
			node = d.out.node("field/" + d.wants.texts[field] + "/" + value)
			d.fields[field][value] = node
		}
		into = append(into, node)
	}
	return into
}

// legs is how many times the goods were moved: places of transit, those of a route, and one.
func (d *drawer) legs() float64 {
	transits, most, stated := 0, 0, false
	for i, t := range d.tied {
		switch t.role {
		case graph.Transit:
			again := slices.ContainsFunc(d.tied[:i], func(had tied) bool {
				return had.role == graph.Transit && d.about[had.of].cluster == d.about[t.of].cluster
			})
			if !again {
				transits++
			}
		case graph.OnRoute:
			most = max(most, strings.Count(string(d.about[t.of].cluster), ">"))
		case graph.Departure, graph.Loading, graph.Discharge, graph.Destination:
			stated = true
		}
	}
	if !stated && most == 0 && transits == 0 {
		return math.NaN()
	}
	return float64(max(transits+1, most))
}

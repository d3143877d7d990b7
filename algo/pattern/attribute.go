package pattern

import (
	"math"
	"slices"
	"strconv"

	"rummage/algo/stat"
	"rummage/graph"
)

// measured is what a consignment states in numbers; NaN for what it does not.
type measured struct {
	value, mass, quantity float64
	currency              uint32
	legs                  float64
	looked, hit           bool
	lateParty, latePlace  bool
}

// measure reads the numbers of a consignment. Of several lines of one document value, mass
// and quantity are added up.
func measure(c *graph.Consignment, identity *graph.Identity) measured {
	m := measured{value: total(c, graph.FieldValue), quantity: total(c, graph.FieldQuantity)}
	if m.mass = total(c, graph.FieldNetMass); math.IsNaN(m.mass) {
		m.mass = total(c, graph.FieldGrossMass)
	}
	m.looked, m.hit = c.Looked()
	if len(c.History) > 0 {
		m.lateParty = late(c, identity, graph.Consignee, graph.Importer, graph.NotifyParty)
		m.latePlace = late(c, identity, graph.Destination, graph.Discharge)
	}
	return m
}

// shown is the value of a field that Consignment.Field shows, and the statement it is from.
func shown(c *graph.Consignment, name string) (string, *graph.Statement, bool) {
	for i := range c.Current {
		for _, f := range c.Current[i].Fields {
			if f.Name == name && f.Value != "" {
				return f.Value, &c.Current[i], true
			}
		}
	}
	return "", nil, false
}

// total adds a field up over the lines of the document whose value is shown.
func total(c *graph.Consignment, name string) float64 {
	_, of, ok := shown(c, name)
	if !ok {
		return math.NaN()
	}
	sum := 0.0
	for i := range c.Current {
		s := &c.Current[i]
		if s.View != of.View || s.Document != of.Document {
			continue
		}
		for _, f := range s.Fields {
			if f.Name != name {
				continue
			}
			number, err := strconv.ParseFloat(f.Value, 64)
			if err != nil || math.IsInf(number, 0) {
				return math.NaN()
			}
			sum += number
		}
	}
	return sum
}

// late reports whether a document, amended after the day of the event, then named somebody
// or something else in one of the roles than the version before.
func late(c *graph.Consignment, identity *graph.Identity, roles ...graph.Role) bool {
	for i := range c.Current {
		now := &c.Current[i]
		if now.Amended == graph.NoDate {
			continue
		}
		for k := range c.History {
			was := &c.History[k]
			if was.View != now.View || was.Document != now.Document || was.Part != now.Part ||
				was.Date == graph.NoDate || now.Amended <= was.Date {
				continue
			}
			for _, role := range roles {
				before, after := inRole(was, role, identity), inRole(now, role, identity)
				if len(before) > 0 && len(after) > 0 && !slices.Equal(before, after) {
					return true
				}
			}
		}
	}
	return false
}

func inRole(s *graph.Statement, role graph.Role, identity *graph.Identity) []graph.ID {
	var all []graph.ID
	for _, tie := range s.Ties {
		if tie.Role == role {
			all = append(all, identity.Cluster(tie.Entity))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// leastPeers is how many records a median is taken of.
const leastPeers = 10

// attribute is what a condition may ask of a record.
type attribute struct {
	means   string
	roles   []string // that it reads, beside the record's own numbers
	fields  []string
	history bool
	of      func(t *table, all []measured) []float64
}

// each is an attribute of single records.
func each(get func(*measured) float64) func(*table, []measured) []float64 {
	return func(_ *table, all []measured) []float64 {
		out := make([]float64, len(all))
		for i := range all {
			out[i] = get(&all[i])
		}
		return out
	}
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

var (
	valueFields = []string{graph.FieldValue, graph.FieldCurrency}
	massFields  = []string{graph.FieldNetMass, graph.FieldGrossMass}
	unitFields  = slices.Concat(valueFields, massFields)
)

func unitValue(m *measured) float64 {
	if !(m.mass > 0) {
		return math.NaN()
	}
	return m.value / m.mass
}

// recordAttributes are what a condition may ask of a record.
var recordAttributes = map[string]attribute{
	"value":    {"declared value, in its currency", nil, valueFields, false, each(func(m *measured) float64 { return m.value })},
	"mass":     {"net mass in kilograms, else gross", nil, massFields, false, each(func(m *measured) float64 { return m.mass })},
	"quantity": {"quantity", nil, []string{graph.FieldQuantity}, false, each(func(m *measured) float64 { return m.quantity })},
	"unit_value": {"value a kilogram", nil, unitFields, false,
		each(unitValue)},
	"unit_value_ratio": {"value a kilogram over the median of the same subheading, in any currency", []string{"subheading"}, unitFields, false,
		func(t *table, all []measured) []float64 { return worth(t, all, "subheading", unitValue) }},
	"value_ratio": {"value over the median of the same subheading, in any currency", []string{"subheading"}, valueFields, false,
		func(t *table, all []measured) []float64 {
			return worth(t, all, "subheading", func(m *measured) float64 { return m.value })
		}},
	"mass_ratio": {"mass over the median of the same subheading", []string{"subheading"}, massFields, false,
		func(t *table, all []measured) []float64 {
			return ratio(t, all, "subheading", func(m *measured) float64 { return m.mass })
		}},
	"legs": {"legs of the journey that the record states", nil, nil, false, each(func(m *measured) float64 { return m.legs })},
	"legs_ratio": {"legs over the median of the same lane", []string{"lane"}, nil, false,
		func(t *table, all []measured) []float64 {
			return ratio(t, all, "lane", func(m *measured) float64 { return m.legs })
		}},
	"inspected": {"1 if it was inspected, else 0", nil, nil, false, each(func(m *measured) float64 { return yes(m.looked) })},
	"hit":       {"1 if an inspection found something, else 0", nil, nil, false, each(func(m *measured) float64 { return yes(m.hit) })},
	"inspected_peers": {"share of inspected among records of the same office and chapter", []string{"office", "chapter"}, nil, false,
		inspectedPeers},
	"late_party": {"1 if an amendment after the day of the event changed consignee, importer or notify party", nil, nil, true,
		each(func(m *measured) float64 { return yes(m.lateParty) })},
	"late_place": {"1 if an amendment after the day of the event changed destination or discharge", nil, nil, true,
		each(func(m *measured) float64 { return yes(m.latePlace) })},
}

// ratio holds a number against its median among records with the same first node in a role.
// Without enough of these it is not stated.
func ratio(t *table, all []measured, role string, get func(*measured) float64) []float64 {
	return polished(t, all, role, get, false)
}

// worth is ratio of an amount of money: what a currency is worth is told from the goods that
// are traded in several, by a median polish of logarithms (Tukey 1977, Exploratory Data
// Analysis), so that what few trade in one currency is held against all who trade in it.
func worth(t *table, all []measured, role string, get func(*measured) float64) []float64 {
	return polished(t, all, role, get, true)
}

// polishes is how many times rates and medians are told from each other.
const polishes = 4

func polished(t *table, all []measured, role string, get func(*measured) float64, money bool) []float64 {
	out := make([]float64, len(all))
	ties := t.ties[role]
	var goods, currencies cells
	for i := range all {
		out[i] = math.Log(get(&all[i]))
		if ties == nil || len(ties.of(uint32(i))) == 0 || math.IsNaN(out[i]) || math.IsInf(out[i], 0) {
			out[i] = math.NaN()
			continue
		}
		goods.add(i, ties.of(uint32(i))[0])
		if money {
			currencies.add(i, all[i].currency)
		}
	}
	for range polishes {
		if !money {
			break
		}
		goods.lower(out, 1)
		currencies.lower(out, leastPeers)
	}
	goods.lower(out, leastPeers)
	for i := range out {
		out[i] = math.Exp(out[i])
	}
	return out
}

// cells are records by what they have in common, in the order in which it was first met.
type cells struct {
	at      []uint32 // key -> place + 1
	records [][]uint32
}

func (c *cells) add(record int, key uint32) {
	for int(key) >= len(c.at) {
		c.at = append(c.at, make([]uint32, int(key)+1)...)
	}
	if c.at[key] == 0 {
		c.records = append(c.records, nil)
		c.at[key] = uint32(len(c.records))
	}
	k := c.at[key] - 1
	c.records[k] = append(c.records[k], uint32(record))
}

// lower takes the median of each cell off its values; those of a cell with too few are not
// stated any more.
func (c *cells) lower(values []float64, least int) {
	var list []float64
	for _, records := range c.records {
		list = list[:0]
		for _, i := range records {
			if !math.IsNaN(values[i]) {
				list = append(list, values[i])
			}
		}
		m := math.NaN()
		if len(list) >= least {
			m = stat.Median(list)
		}
		for _, i := range records {
			values[i] -= m
		}
	}
}

func inspectedPeers(t *table, all []measured) []float64 {
	type cell struct{ office, chapter uint32 }
	of := func(role string, i int) uint32 {
		if ties := t.ties[role]; ties != nil && len(ties.of(uint32(i))) > 0 {
			return ties.of(uint32(i))[0] + 1
		}
		return 0
	}
	looked, count := map[cell]float64{}, map[cell]float64{}
	cells := make([]cell, len(all))
	for i := range all {
		cells[i] = cell{of("office", i), of("chapter", i)}
		count[cells[i]]++
		looked[cells[i]] += yes(all[i].looked)
	}
	out := make([]float64, len(all))
	for i := range out {
		out[i] = looked[cells[i]] / count[cells[i]]
	}
	return out
}

package evaluate

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"rummage/algo/boost"
	"rummage/algo/finding"
	"rummage/algo/view"
	"rummage/graph"
)

// tabular ranks traders by what their own declarations say, and no tie: boosted trees fitted to inspected traders, a hit or none, and asked
// about the others. Identities are no columns.
func (b *bench) tabular() ([]float64, error) {
	sheet, err := b.sheet()
	if err != nil {
		return nil, err
	}
	inspected, hit := make([]bool, b.a.Trade.Nodes), make([]bool, b.a.Trade.Nodes)
	c := &b.a.Trade.Consignments
	for i := range c.Len() {
		for _, v := range [2]uint32{c.Importer[i], c.Exporter[i]} {
			if v != finding.None && c.Inspected[i] {
				inspected[v], hit[v] = true, hit[v] || c.Hit[i]
			}
		}
	}
	var rows []uint32
	var labels []bool
	for _, v := range b.set.nodes {
		if inspected[v] {
			rows, labels = append(rows, v), append(labels, hit[v])
		}
	}
	if len(rows) == 0 {
		return b.each(func(uint32) float64 { return 0 }), nil
	}
	columns := make([][]float64, len(sheet))
	for k := range sheet {
		for _, v := range rows {
			columns[k] = append(columns[k], sheet[k][v])
		}
	}
	model, err := boost.Fit(columns, labels, nil, boost.Default())
	if err != nil {
		return nil, err
	}
	row := make([]float64, len(sheet))
	return b.each(func(v uint32) float64 {
		for k := range row {
			row[k] = sheet[k][v]
		}
		return model.Score(row)
	}), nil
}

// entry is what a consignment says of its traders.
type entry struct {
	traders        [2]uint32 // importer and exporter, or finding.None
	day            float64
	heading        string
	value, mass    float64 // logs; NaN where the record has none
	price          float64 // log of value by mass, less the median of the heading
	places, others map[graph.ID]bool
}

// sheet has a column for each feature and a place for each node.
func (b *bench) sheet() ([][]float64, error) {
	entries, err := b.entries()
	if err != nil {
		return nil, err
	}
	unusual(entries)
	of := make([][]int, b.a.Trade.Nodes)
	for i := range entries {
		for _, v := range entries[i].traders {
			if v != finding.None {
				of[v] = append(of[v], i)
			}
		}
	}
	var columns [][]float64
	for v, list := range of {
		row := describe(uint32(v), entries, list)
		if columns == nil {
			columns = make([][]float64, len(row))
			for k := range columns {
				columns[k] = make([]float64, b.a.Trade.Nodes)
			}
		}
		for k := range row {
			columns[k][v] = row[k]
		}
	}
	return columns, nil
}

func (b *bench) entries() ([]entry, error) {
	importing, exporting := view.Sides()
	identity := b.source.Identity()
	node := func(ties []graph.Tie, roles []graph.Role) uint32 {
		if id, ok := first(ties, roles); ok {
			if v, ok := b.a.View.Node(identity.Cluster(id)); ok {
				return v
			}
		}
		return finding.None
	}
	var all []entry
	want := graph.Want{Properties: []string{}, Fields: []string{graph.FieldValue, graph.FieldGrossMass, graph.FieldNetMass}}
	for c, err := range b.source.Consignments(b.ctx, want) {
		if err != nil {
			return nil, fmt.Errorf("consignments: %w", err)
		}
		ties := c.Ties()
		e := entry{
			traders: [2]uint32{node(ties, importing), node(ties, exporting)}, day: float64(c.Date()),
			value: logOf(c, graph.FieldValue), mass: logOf(c, graph.FieldGrossMass), places: map[graph.ID]bool{}, others: map[graph.ID]bool{},
		}
		if math.IsNaN(e.mass) {
			e.mass = logOf(c, graph.FieldNetMass)
		}
		for _, t := range ties {
			switch t.Entity.Kind() {
			case graph.Commodity:
				e.heading = string(t.Entity)
			case graph.Place:
				e.places[t.Entity] = true
			case graph.Party:
				e.others[t.Entity] = true
			}
		}
		all = append(all, e)
	}
	return all, nil
}

func logOf(c *graph.Consignment, field string) float64 {
	shown, _ := c.Field(field)
	x, err := strconv.ParseFloat(shown.Value, 64)
	if err != nil || x <= 0 {
		return math.NaN()
	}
	return math.Log(x)
}

// unusual fills in each entry's price, by heading.
func unusual(entries []entry) {
	by := map[string][]float64{}
	for i := range entries {
		if e := &entries[i]; !math.IsNaN(e.value - e.mass) {
			by[e.heading] = append(by[e.heading], e.value-e.mass)
		}
	}
	for _, list := range by {
		slices.Sort(list)
	}
	for i := range entries {
		e := &entries[i]
		e.price = math.NaN()
		if list := by[e.heading]; len(list) > 0 {
			e.price = e.value - e.mass - list[len(list)/2]
		}
	}
}

// describe is a trader's row: how much it does, when, how dear and how heavy its goods are, and how many places, headings and others it has.
func describe(v uint32, entries []entry, list []int) []float64 {
	var value, mass, price, days []float64
	places, others, headings := map[graph.ID]bool{}, map[graph.ID]bool{}, map[string]bool{}
	imports := 0
	for _, i := range list {
		e := &entries[i]
		value, mass, price, days = append(value, e.value), append(mass, e.mass), append(price, e.price), append(days, e.day)
		headings[e.heading] = true
		for id := range e.places {
			places[id] = true
		}
		for id := range e.others {
			others[id] = true
		}
		if e.traders[0] == v {
			imports++
		}
	}
	row := []float64{float64(len(list)), share(imports, len(list)), float64(len(places)), float64(len(others)), float64(len(headings))}
	for _, figures := range [][]float64{value, mass, price, days} {
		s := NewSpread(figures)
		row = append(row, known(s.Mean), known(s.SD))
	}
	return row
}

// known puts 0 in the place of what does not exist.
func known(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

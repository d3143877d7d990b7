package flag

import (
	"rummage/algo/finding"
	"rummage/algo/view"
	"rummage/graph"
)

// TradeOf returns a view as the columns that findings and leads look at. It shares the view's memory. The seed decides the keys of
// visiting orders and shuffles.
func TradeOf(v *view.View, seed uint64) *finding.Trade {
	nodes, consignments := v.Keys(seed)
	t := &finding.Trade{
		Nodes: len(v.IDs), Keys: nodes, Service: v.Service, Listed: v.Listed,
		Consignments: finding.Consignments{
			Key: consignments, Importer: v.Consignments.Importer, Exporter: v.Consignments.Exporter,
			Inspected: v.Consignments.Inspected, Hit: v.Consignments.Hit, Cell: cells(&v.Consignments),
		},
		Pairs:       make([]finding.Pair, len(v.Pairs)),
		Identifiers: make([]finding.Tie, len(v.Identifiers)),
	}
	for i, p := range v.Pairs {
		t.Pairs[i] = finding.Pair{A: p.From, B: p.To}
	}
	for i, p := range v.Identifiers {
		t.Identifiers[i] = finding.Tie{Party: p.From, Identifier: p.To}
	}
	return t
}

// cells are what inspected consignments were selected by, as far as records say.
func cells(c *view.Consignments) []finding.Cell {
	if len(c.Looks) == 0 {
		return nil
	}
	all, at := make([]finding.Cell, len(c.Hash)), 0
	for i, inspected := range c.Inspected {
		if !inspected {
			continue
		}
		look := c.Looks[at]
		at++
		all[i] = finding.Cell{Channel: uint8(look.Channel), Office: look.Office, Chapter: look.Chapter, Month: monthOf(c.Day[i])}
	}
	return all
}

// monthOf counts months from the first of year 1; 0 where no day is stated.
func monthOf(day graph.Date) uint16 {
	if day == graph.NoDate {
		return 0
	}
	at := day.Time()
	return uint16(12*(at.Year()-1) + int(at.Month()))
}

package flag

import (
	"rummage/algo/finding"
	"rummage/algo/view"
)

// TradeOf returns a view as the columns that findings and leads look at. It shares the view's memory. The seed decides the keys of
// visiting orders and shuffles.
func TradeOf(v *view.View, seed uint64) *finding.Trade {
	nodes, consignments := v.Keys(seed)
	t := &finding.Trade{
		Nodes: len(v.IDs), Keys: nodes, Service: v.Service, Listed: v.Listed,
		Consignments: finding.Consignments{
			Key: consignments, Importer: v.Consignments.Importer, Exporter: v.Consignments.Exporter,
			Inspected: v.Consignments.Inspected, Hit: v.Consignments.Hit,
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

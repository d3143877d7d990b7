package flag

import (
	"cmp"
	"slices"

	"rummage/algo/finding"
	"rummage/algo/view"
	"rummage/graph"
)

// Lead is a party ranked by its exposure to hits. It says where to look next, and nothing about guilt.
type Lead struct {
	Rank  int      `json:"rank"` // from 1
	ID    graph.ID `json:"id"`
	Kind  string   `json:"kind"`
	Name  string   `json:"name"`
	Role  string   `json:"role"`  // what it is to trade: see the roles of leads
	Score Number   `json:"score"` // what the rank follows

	// Exposure is the ratio: 1 is what the party would have if hits were spread over everyone.
	Exposure Number `json:"exposure"`

	// Behaviour is what its behaviour adds to the score: 0 where the run left it out.
	Behaviour Number `json:"behaviour"`

	// Inspected consignments that it is the primary importer or exporter of, and hits among them.
	Inspected int `json:"inspected"`
	Hits      int `json:"hits"`

	Listed bool `json:"listed"` // on a list, or found in breach itself

	// Interval says how much score and rank hang on single hits; null where hits are too few to tell, or the run is of before there was one.
	Interval *Interval `json:"interval"`
}

// Roles of leads: what a party is to the consignments that it is a primary trader of, and where there are none, to other parties.
const (
	LeadImporter = "importer"
	LeadExporter = "exporter"
	LeadBoth     = "both"     // imports and exports
	LeadDirector = "director" // trades nothing itself, and directs or owns others, or is owned
	LeadOther    = "other"    // trades nothing that the records show
)

// LeadRoles lists them.
func LeadRoles() []string {
	return []string{LeadImporter, LeadExporter, LeadBoth, LeadDirector, LeadOther}
}

func (a *Analysis) leadRole(v uint32) string {
	imports, exports := len(a.imports.Of(v)) > 0, len(a.exports.Of(v)) > 0
	switch {
	case imports && exports:
		return LeadBoth
	case imports:
		return LeadImporter
	case exports:
		return LeadExporter
	}
	types := a.View.Ties.Types(v)
	for i, z := range a.View.Ties.Neighbours(v) {
		if view.Edge(types[i]) == view.Identifier && a.View.IDs[z].Kind() == graph.Party {
			return LeadDirector
		}
	}
	return LeadOther
}

// Leads ranks parties by exposure. unknown are those without a hit of their own and on no list, the ones that exposure tells
// something new about, whether they were inspected and clear or never looked at: a clear inspection of one consignment
// clears that consignment. known are those hit or listed themselves, apart, since being hit is what they are ranked up for.
//
// Service parties are in neither, nor is a party that only declares, carries or forwards for too few clients to be one: what
// passes through its hands is not its doing, and it stands among the facilitators of the networks it serves. Nor is whoever trades
// in nothing and is only another's director or owner, unless it is listed: all its exposure is that of its companies, whose
// identifier it is, so directors of offenders would fill the list and say nothing new. Nor is whatever is no party, nor a party
// that no hit reaches and whose behaviour adds nothing. Equal scores are ordered by id.
func (a *Analysis) Leads() (unknown, known []Lead) {
	var all []Lead
	trades, held := a.traders(), a.held()
	for v, id := range a.View.IDs {
		adds := a.behaves(uint32(v))
		if a.Exposure.Ratio[v] <= 0 && adds == 0 || a.Trade.IsService(uint32(v)) || id.Kind() != graph.Party {
			continue
		}
		if !trades[v] && slices.Contains(a.View.Ties.Types(uint32(v)), uint8(view.Forwarder)) {
			continue
		}
		if !trades[v] && held[v] && !a.Trade.IsListed(uint32(v)) {
			continue
		}
		inspected, hits := a.own(uint32(v))
		all = append(all, Lead{
			ID: id, Kind: id.Kind().String(), Role: a.leadRole(uint32(v)), Score: Number(a.Score(uint32(v))), Exposure: Number(a.Exposure.Ratio[v]),
			Behaviour: Number(adds), Inspected: inspected, Hits: hits, Listed: a.Trade.IsListed(uint32(v)),
		})
	}
	slices.SortStableFunc(all, func(x, y Lead) int { return cmp.Compare(y.Score, x.Score) })
	for _, lead := range all {
		list := &unknown
		if lead.Hits > 0 || lead.Listed {
			list = &known
		}
		lead.Rank = len(*list) + 1
		*list = append(*list, lead)
	}
	return unknown, known
}

// traders marks the nodes that buy or sell something.
func (a *Analysis) traders() []bool {
	marks := make([]bool, len(a.View.IDs))
	c := &a.Trade.Consignments
	for _, column := range [][]uint32{c.Importer, c.Exporter} {
		for _, v := range column {
			if v != finding.None {
				marks[v] = true
			}
		}
	}
	for _, pair := range a.Trade.Pairs {
		marks[pair.A], marks[pair.B] = true, true
	}
	return marks
}

// held marks the nodes that are an identifier of somebody: addresses and telephones, and directors and owners.
func (a *Analysis) held() []bool {
	marks := make([]bool, len(a.View.IDs))
	for _, tie := range a.Trade.Identifiers {
		marks[tie.Identifier] = true
	}
	return marks
}

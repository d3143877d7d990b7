package flag

import (
	"fmt"

	"rummage/algo/finding"
	"rummage/graph"
)

// StratumRow is inspected consignments that outcomes were shuffled within: those of one channel, office, chapter and month. By tells
// how many of the four, in this order, they have in common; what is beyond is mixed, since it was too little for strata of its own,
// and left empty, as is what no record states.
type StratumRow struct {
	By        int      `json:"by"`
	Channel   string   `json:"channel"`
	Office    graph.ID `json:"office"`
	Chapter   string   `json:"chapter"` // two digits
	Month     string   `json:"month"`   // year-month
	Inspected int      `json:"inspected"`
	Hits      int      `json:"hits"`
}

// strata tells those of the findings.
func (a *Analysis) strata() []StratumRow {
	rows := make([]StratumRow, len(a.Findings.Strata))
	for i, s := range a.Findings.Strata {
		row := StratumRow{By: s.Depth, Channel: graph.Channel(s.Channel).String(), Inspected: s.Inspected, Hits: s.Hits}
		if s.Office != finding.None {
			row.Office = a.View.IDs[s.Office]
		}
		if s.Chapter != 0 {
			row.Chapter = fmt.Sprintf("%02d", s.Chapter)
		}
		if s.Month != 0 {
			month := int(s.Month) - 1
			row.Month = fmt.Sprintf("%04d-%02d", month/12+1, month%12+1)
		}
		rows[i] = row
	}
	return rows
}

package flag

import (
	"fmt"
	"math"

	"rummage/algo/behaviour"
	"rummage/graph"
)

// LedgerPart is one named part of a lead's score. What they add sums to the score.
type LedgerPart struct {
	Part   string `json:"part"`   // exposure, closeness, or a part of behaviour
	Value  Number `json:"value"`  // what was measured: of exposure the ratio, of behaviour 0 for what is usual to 3
	Weight Number `json:"weight"` // by which it counts; of exposure 1, of behaviour less where all of it would be too much
	Adds   Number `json:"adds"`

	// With is the partner that a part of behaviour is about, "" where it is about a group or all of the trade.
	With graph.ID `json:"with,omitempty"`
	Text string   `json:"text"`
}

// Names of the parts that are none of behaviour.
const (
	PartExposure  = "exposure"
	PartCloseness = "closeness"
	PartObserved  = "observed"

	PartExposedCloseness = "exposed closeness"
	PartPeers            = "peers"
)

// ledger splits the score of a node into named parts. Exposure comes first, and is there even where no hit reaches the node; the others
// only where they add something.
func (a *Analysis) ledger(v uint32) []LedgerPart {
	ratio, terms := a.Exposure.Ratio[v], a.termsOf(v)
	parts := []LedgerPart{exposurePart(ratio)}
	if a.Closeness != nil {
		closeness := a.Closeness.Of(v)
		if adds := Score(ratio*terms.lift, 0, 0) - Score(ratio, 0, 0); adds > 0 {
			parts = append(parts, LedgerPart{
				Part: PartExposedCloseness, Value: Number(closeness), Weight: Number(a.Settings.ExposedCloseness), Adds: Number(adds),
				Text: "its circle is closed, which lets its exposure count for more, and nothing where there is none",
			})
		}
	}
	if over := a.peers.of(a, v); over != 0 {
		parts = append(parts, LedgerPart{
			Part: PartPeers, Value: Number(over / a.Settings.Peers), Weight: Number(-a.Settings.Peers), Adds: Number(-over),
			Text: "how far parties with as many ties stand above all, whatever they did",
		})
	}
	if a.Closeness != nil {
		if closeness := a.Closeness.Of(v); closeness > 0 && a.Kappa.Value > 0 {
			parts = append(parts, LedgerPart{
				Part: PartCloseness, Value: Number(closeness), Weight: a.Kappa.Value, Adds: a.Kappa.Value * Number(closeness),
				Text: "its circle is closed, which no outcome has a part in",
			})
		}
	}
	if adds := terms.seen(ratio); adds > 0 {
		parts = append(parts, LedgerPart{
			Part: PartObserved, Value: Number(a.Observed[v]), Weight: Number(a.Settings.Observed), Adds: Number(adds),
			Text: "exposure beside that to whoever was inspected",
		})
	}
	all := a.Behaviour.adds(v)
	for _, p := range behaviour.Parts() {
		adds := all[p]
		if adds == 0 {
			continue
		}
		value := a.Behaviour.Measured.Of(p, v)
		part := LedgerPart{Part: p.String(), Value: Number(value), Weight: Number(adds / value), Adds: Number(adds), Text: p.Text()}
		if with := a.Behaviour.Measured.With[p][v]; with != behaviour.None {
			part.With = a.View.IDs[with]
			part.Text += ", with " + string(part.With)
		}
		parts = append(parts, part)
	}
	return parts
}

func exposurePart(ratio float64) LedgerPart {
	return LedgerPart{
		Part: PartExposure, Value: Number(ratio), Weight: 1, Adds: Number(Score(ratio, 0, 0)),
		Text: fmt.Sprintf("ln(%.1f + exposure); no exposure would be %.2f", leastExposure, math.Log(leastExposure)),
	}
}

package flag

import (
	"cmp"
	"math"
	"slices"

	"rummage/algo/view"
)

// peers are what parties with as many ties reach. Whoever deals with many deals with an offender sooner or later, so that of busy parties more
// stand high than of others, whatever they did. Parties are dealt to bands by the number of their ties to partners and identifiers; of each
// band the score that one in twenty exceeds is read, and between bands it is drawn out along the logarithm of that number.
//
// It looks at scores and ties alone. Parties that no hit reaches take no part.
type peers struct {
	ties []float64 // mean logarithm, by band, ascending
	over []float64 // how far the upper end of a band is above that of all, times the weight
}

const (
	peerBands = 20
	upperEnd  = 0.05 // share of a band that is above its upper end
	leastBand = 25   // parties
)

// levelled reads the peers of an analysis; nil where they have no weight or are too few.
func (a *Analysis) levelled() *peers {
	if a.Settings.Peers == 0 {
		return nil
	}
	type party struct {
		ties  int
		score float64
	}
	var all []party
	for v, trades := range a.traders() {
		if n := a.closeTies(uint32(v)); trades && n > 0 && a.Exposure.Ratio[v] > 0 && !a.Trade.IsService(uint32(v)) {
			all = append(all, party{n, a.Score(uint32(v))})
		}
	}
	bands := min(peerBands, len(all)/leastBand)
	if bands < 2 {
		return nil
	}
	slices.SortFunc(all, func(x, y party) int { return cmp.Or(cmp.Compare(x.ties, y.ties), cmp.Compare(x.score, y.score)) })
	end := func(part []party) float64 {
		scores := make([]float64, len(part))
		for i := range part {
			scores[i] = part[i].score
		}
		slices.Sort(scores)
		return scores[int((1-upperEnd)*float64(len(scores)-1))]
	}
	p, of := &peers{}, end(all)
	for b := range bands {
		part := all[b*len(all)/bands : (b+1)*len(all)/bands]
		mean := 0.0
		for _, one := range part {
			mean += math.Log(float64(one.ties)) / float64(len(part))
		}
		over := a.Settings.Peers * (end(part) - of)
		if last := len(p.ties) - 1; last >= 0 && mean <= p.ties[last] {
			p.over[last] = (p.over[last] + over) / 2 // as many ties in both
			continue
		}
		p.ties, p.over = append(p.ties, mean), append(p.over, over)
	}
	return p
}

// closeTies counts the ties of a node to partners and identifiers.
func (a *Analysis) closeTies(v uint32) int {
	n := 0
	for _, kind := range a.View.Ties.Types(v) {
		if k := view.Edge(kind); k == view.Partner || k == view.Identifier {
			n++
		}
	}
	return n
}

// of is how far the peers of a node stand above all.
func (p *peers) of(a *Analysis, v uint32) float64 {
	if p == nil {
		return 0
	}
	n := a.closeTies(v)
	if n == 0 {
		return 0
	}
	x := math.Log(float64(n))
	at, _ := slices.BinarySearch(p.ties, x)
	switch {
	case at == 0:
		return p.over[0]
	case at == len(p.ties):
		return p.over[at-1]
	}
	f := (x - p.ties[at-1]) / (p.ties[at] - p.ties[at-1])
	return p.over[at-1]*(1-f) + p.over[at]*f
}

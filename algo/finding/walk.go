package finding

import (
	"slices"

	"rummage/algo/stat"
)

// priorWeight is how much sooner a group of a given closeness is believed: 1 + 10*min(loops, 4). It looks at structure alone,
// so it can favour but never accuse: with no hits inside there is nothing to weigh.
func priorWeight(loops int) float64 { return 1 + 10*float64(min(loops, 4)) }

// eligible says which groups are looked at: hits on two importers, or on one in a closed circle.
func eligible(offenders uint32, loops int) bool {
	return offenders >= 2 || (offenders == 1 && loops >= 1)
}

// scored is a group with its score; small is striking. Of equal scores the rarer count of hits comes first: where the importers hit
// decide, a ring and each of its stars score alike, and the ring tells more.
type scored struct {
	group    uint32
	score, p float64
}

// counts are what is found inside a group.
type counts struct{ hits, offenders uint32 }

// judge visits the hits of one set of outcomes. It holds scratch space of the size of the trial and is used by one goroutine.
type judge struct {
	trial *Trial
	in    []counts
	last  []uint32 // group -> importer last met, to count each once
	met   []uint32 // groups with hits
	used  []uint32 // place -> round in which it was used
	round uint32
	tails map[urn]float64

	caught []int // offenders of the outcomes at hand, by band
	known  map[chance]float64

	wide, strict []scored // eligible groups by the score of grade B and of grade A
}

// urn is one exact test: its tail is worth remembering, since the same few come up in every shuffle.
type urn struct{ population, marked, draws, x uint32 }

// chance is the exact test of one group over strata, whose margins no shuffle moves.
type chance struct{ group, x uint32 }

func newJudge(t *Trial) *judge {
	j := &judge{
		trial: t,
		in:    make([]counts, len(t.groups)),
		last:  make([]uint32, len(t.groups)),
		used:  make([]uint32, len(t.row)),
		tails: map[urn]float64{},
		known: map[chance]float64{}, caught: make([]int, len(t.outcomes.bands)),
	}
	for g := range j.last {
		j.last[g] = None
	}
	return j
}

func (j *judge) tail(population, marked, draws, x uint32) float64 {
	u := urn{population, marked, draws, x}
	p, known := j.tails[u]
	if !known {
		p = stat.HypergeometricUpper(int(population), int(marked), int(draws), int(x))
		j.tails[u] = p
	}
	return p
}

// count finds the hits inside each group. hits are the places that are hits, ascending. The answer stands in j.in for the
// groups of j.met until clear.
func (j *judge) count(hits []uint32) (offenders uint32) {
	t := j.trial
	before := None
	clear(j.caught)
	for _, place := range hits {
		importer := t.importer[place]
		if importer != before {
			before = importer
			offenders++
			j.caught[t.outcomes.band[importer]]++
		}
		for _, g := range t.holders.Of(place) {
			if j.in[g].hits == 0 {
				j.met = append(j.met, g)
			}
			j.in[g].hits++
			if j.last[g] != importer {
				j.last[g] = importer
				j.in[g].offenders++
			}
		}
	}
	return offenders
}

func (j *judge) clear() {
	for _, g := range j.met {
		j.in[g] = counts{}
		j.last[g] = None
	}
	j.met = j.met[:0]
}

// probabilities are the two exact tests of a group: on internal consignments, and on distinct importers, which many hits on one
// repeat offender do not move.
func (j *judge) probabilities(g, hits, offenders uint32) (consignments, importers float64) {
	t := j.trial
	inside := t.inside.Of(g)
	if len(t.strata) == 1 {
		consignments = j.tail(uint32(len(t.row)), hits, uint32(len(inside)), j.in[g].hits)
	} else {
		of, known := chance{g, j.in[g].hits}, false
		if consignments, known = j.known[of]; !known {
			consignments = stat.UrnsUpper(t.urns(inside), int(j.in[g].hits))
			j.known[of] = consignments
		}
	}
	if len(j.caught) == 1 {
		importers = j.tail(uint32(len(t.importers)), offenders, t.inspected[g], j.in[g].offenders)
	} else {
		importers = stat.UrnsUpper(t.crowds(inside, j.caught), int(j.in[g].offenders))
	}
	return consignments, importers
}

// urns are the consignments at some places among those of their strata, with the hits that are in these.
func (t *Trial) urns(places []uint32) []stat.Urn {
	strata := make([]uint32, len(places))
	for i, place := range places {
		strata[i] = t.stratum[place]
	}
	var urns []stat.Urn
	compose(strata, func(s uint32, n int) {
		urns = append(urns, stat.Urn{Population: t.strata[s].Inspected, Marked: t.outcomes.marked[s], Draws: n})
	})
	return urns
}

// crowds are the importers at some places, which ascend, among those of their bands, with the offenders in these.
func (t *Trial) crowds(places []uint32, caught []int) []stat.Urn {
	var bands []uint32
	last := None
	for _, place := range places {
		if importer := t.importer[place]; importer != last {
			last = importer
			bands = append(bands, t.outcomes.band[importer])
		}
	}
	var urns []stat.Urn
	compose(bands, func(b uint32, n int) {
		urns = append(urns, stat.Urn{Population: t.outcomes.bands[b], Marked: caught[b], Draws: n})
	})
	return urns
}

// walks judges one set of outcomes and returns the groups accepted by the rule of grade B and by that of grade A, each in the
// order of their scores. The slices are valid until the next call. hit answers for the places listed in hits.
func (j *judge) walks(hits []uint32, hit []bool) (wide, strict []scored) {
	offenders := j.count(hits)
	j.wide, j.strict = j.wide[:0], j.strict[:0]
	for _, g := range j.met {
		loops := j.trial.groups[g].Loops
		if !eligible(j.in[g].offenders, loops) {
			continue
		}
		pT, pX := j.probabilities(g, uint32(len(hits)), offenders)
		weight := j.trial.groups[g].weight()
		j.wide = append(j.wide, scored{g, pT / weight, pT})
		j.strict = append(j.strict, scored{g, max(pT, pX) / weight, pT})
	}
	j.clear()
	j.wide = j.accept(j.wide, hit)
	j.strict = j.accept(j.strict, hit)
	return j.wide, j.strict
}

// accept walks up the scores and skips a group that holds a hit already used, so that one hit is told once. What is equal in
// everything goes in the order of the groups, which is that of their members' ids.
func (j *judge) accept(list []scored, hit []bool) []scored {
	slices.SortFunc(list, func(a, b scored) int {
		if a.score != b.score {
			return sign(a.score < b.score)
		}
		if a.p != b.p {
			return sign(a.p < b.p)
		}
		return sign(a.group < b.group)
	})
	j.round++
	kept := list[:0]
	for _, s := range list {
		if j.fresh(s.group, hit) {
			kept = append(kept, s)
		}
	}
	return kept
}

// sign is the order of two that differ; the general comparison costs twice as much here, where most of a draw's time goes.
func sign(less bool) int {
	if less {
		return -1
	}
	return 1
}

// fresh takes the hits of a group into use, unless one of them is.
func (j *judge) fresh(g uint32, hit []bool) bool {
	inside := j.trial.inside.Of(g)
	for _, place := range inside {
		if hit[place] && j.used[place] == j.round {
			return false
		}
	}
	for _, place := range inside {
		if hit[place] {
			j.used[place] = j.round
		}
	}
	return true
}

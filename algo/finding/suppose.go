package finding

import "slices"

// Supposed is what a finding would be had one more consignment been inspected.
type Supposed struct {
	Importer, Exporter uint32
	Consignments       int // of the two that nobody inspected, all alike to the test

	// Hit and Clear are the finding had one of them been found to be an offence, or in order: counted and tested again, with the score in
	// the place of the finding's in the run's own calibration.
	Hit, Clear Finding
}

// unseen are the consignments between two members that nobody inspected, the first of them by its key.
type unseen struct {
	pair     Pair // importer, exporter
	first    int
	all      int
	standing int // 0: the importer was never inspected inside; 1: inspected and clear; 2: hit
}

// Suppose tells what one more inspection inside a finding would do to it: one in each standing that an importer inside can have (never
// inspected there, clear, hit), of the pair with most consignments that nobody inspected. What moves it most comes first, by how far a
// hit and a clear result are apart. Cost: two layouts of the trial for each.
func (r *Result) Suppose(t *Trial, one *Finding) ([]Supposed, error) {
	var chosen [3]*unseen
	all := t.unseen(one.Members)
	for i := range all {
		u := &all[i]
		if best := chosen[u.standing]; best == nil || u.all > best.all {
			chosen[u.standing] = u
		}
	}
	var out []Supposed
	for _, u := range chosen {
		if u == nil {
			continue
		}
		s := Supposed{Importer: u.pair.A, Exporter: u.pair.B, Consignments: u.all}
		for _, hit := range []bool{true, false} {
			after := t.supposing(u.first, hit).retest(one, one.Members, nil)
			if err := r.quantify(&after); err != nil {
				return nil, err
			}
			if s.Clear = after; hit {
				s.Hit = after
			}
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Supposed) int { return sign(b.Clear.Score/b.Hit.Score < a.Clear.Score/a.Hit.Score) })
	return out, nil
}

// unseen lists the pairs of members with consignments that nobody inspected, by their ids.
func (t *Trial) unseen(members []uint32) []unseen {
	c := &t.trade.Consignments
	at, standing := map[Pair]int{}, map[uint32]int{}
	var all []unseen
	for i := range c.Len() {
		if !t.trade.traders(i) || t.trade.IsListed(c.Importer[i]) || t.trade.IsListed(c.Exporter[i]) {
			continue
		}
		_, imports := slices.BinarySearch(members, c.Importer[i])
		_, exports := slices.BinarySearch(members, c.Exporter[i])
		if !imports || !exports {
			continue
		}
		if c.Inspected[i] {
			seen := 1
			if c.Hit[i] {
				seen = 2
			}
			standing[c.Importer[i]] = max(standing[c.Importer[i]], seen)
			continue
		}
		pair := Pair{c.Importer[i], c.Exporter[i]}
		k, known := at[pair]
		if !known {
			k = len(all)
			at[pair], all = k, append(all, unseen{pair: pair, first: i})
		}
		all[k].all++
		if c.Key[i] < c.Key[all[k].first] {
			all[k].first = i
		}
	}
	for i := range all {
		all[i].standing = standing[all[i].pair.A]
	}
	slices.SortFunc(all, func(a, b unseen) int {
		if a.pair.A != b.pair.A {
			return sign(a.pair.A < b.pair.A)
		}
		return sign(a.pair.B < b.pair.B)
	})
	return all
}

// supposing is the trial with one more consignment inspected.
func (t *Trial) supposing(consignment int, hit bool) *Trial {
	trade, circle := *t.trade, *t.circle
	c := &trade.Consignments
	c.Inspected, c.Hit = slices.Clone(c.Inspected), slices.Clone(c.Hit)
	c.Inspected[consignment], c.Hit[consignment] = true, hit
	circle.trade = &trade
	return NewTrial(&Candidates{Groups: t.groups, circle: &circle})
}

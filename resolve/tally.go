package resolve

import "rummage/resolve/name"

// tally is what a piece of the parties brought.
type tally struct {
	*proposing
	found            []scored
	compared, scored int
}

// look looks the parties of a place up, and scores them with those found that are
// not ruled out, and with each other.
func (t *tally) look(place uint32, s *search) {
	s.look(t.index.heads.subjects[place])
	glance, parties := t.glances.Of(place), len(t.glances.At(place))
	for at, other := range s.found {
		switch {
		case other == place:
			pairs := parties * (parties - 1) / 2
			if at >= s.shared {
				pairs *= 2 // either finds the other
			}
			t.compared += pairs
			if glance.Ask(t.named); pairs > 0 && glance.May(place) {
				t.within(place)
			}
		case at < s.shared && other < place: // the other finds it too
		default:
			t.compared += parties * len(t.glances.At(other))
			t.meet(place, other, &glance)
		}
	}
}

// meet scores the parties of two places that are not ruled out.
func (t *tally) meet(place, other uint32, glance *name.Glance) {
	if !t.glances.Solo(place) && !t.glances.Solo(other) {
		if glance.Ask(t.named); glance.May(other) {
			t.between(place, other)
		}
		return
	}
	as, bs := t.glances.At(place), t.glances.At(other)
	if !t.promising(t.subjects[as[0]], t.subjects[bs[0]], other, glance) {
		return
	}
	t.scored += len(as) * len(bs)
	for _, i := range as {
		for _, k := range bs {
			t.add(i, k, scoreOf(t.subjects[min(i, k)], t.subjects[max(i, k)], t.used))
		}
	}
}

// promising says whether two parties of which more is known than a name may score
// enough, the second by its place.
func (t *tally) promising(a, b *Subject, other uint32, glance *name.Glance) bool {
	switch {
	case a.placeOnly() || b.placeOnly():
		return false
	case len(a.names) != 1 || len(b.names) != 1:
		return promising(a, b, t.least)
	}
	glance.Ask(scoreLacking(lacking(a, b, t.least)))
	return glance.May(other)
}

// within scores the parties of a place with each other. They have one score.
func (t *tally) within(place uint32) {
	all := t.glances.At(place)
	t.scored += len(all) * (len(all) - 1) / 2
	n := t.glances.Name(place)
	score := ofNames(name.Compare(n, n))
	for k, b := range all {
		for _, a := range all[:k] {
			t.add(a, b, score)
		}
	}
}

// between scores the parties of two places, of whom nothing but a name is known. They
// have one score, or two where it depends on which name comes first.
func (t *tally) between(place, other uint32) {
	as, bs := t.glances.At(place), t.glances.At(other)
	t.scored += len(as) * len(bs)
	var scores [2]float64 // by which name comes first
	var known [2]bool
	for _, a := range as {
		for _, b := range bs {
			m, n := t.subjects[a].names[0], t.subjects[b].names[0]
			turned := 0
			if name.Turned(m, n) {
				turned = 1
			}
			if !known[turned] {
				scores[turned], known[turned] = ofNames(name.Compare(m, n)), true
			}
			t.add(a, b, scores[turned])
		}
	}
}

// add notes a pair that scores enough.
func (t *tally) add(i, k uint32, score float64) {
	if score >= t.least && (t.judged == nil || !t.judged(t.subjects[min(i, k)].ID, t.subjects[max(i, k)].ID)) {
		t.found = append(t.found, scored{score, min(i, k), max(i, k)})
	}
}

package graph

import (
	"cmp"
	"slices"
	"strings"
)

// Named tells which of some ids a scope shows: entities that a visible record
// names, consignments with a visible statement or outcome. The ids are given in
// order, each once.
type Named func(ids []ID) (map[ID]bool, error)

// Hear returns those of the decisions that are visible in a resolved scope, in
// their order, and sets its Past to the ended sources that these rest on. all is
// every source there ever was. named is asked at most once, and only about what
// decisions speak of that rest on ended sources.
//
// What a person said is about records, not about one file of them, and outlives
// the file. So a decision is visible when it was said by KnownOn, and each source
// that it rests on is
//   - visible, or replaced by a later reading of the same bytes that is; or
//   - ended, withdrawn, replaced or purged, and the reader is cleared for it. Then
//     every entity and consignment that the decision speaks of must be named by a
//     visible record: by whatever source, such as the next issue of a list.
//
// A source that counts and that the scope does not hold hides what rests on it, as
// before and after it ends; and nobody hears of an entity that the scope does not
// show because somebody judged it once. Where Scope.Ended is set, for copies,
// nothing must be named.
func (s *Scope) Hear(decisions []Decision, all []Source, named Named) ([]Decision, error) {
	h := hearing{scope: s, later: Readings(all), past: make([]bool, len(decisions))}
	var waiting []ID
	heard := make([]bool, len(decisions))
	for i := range decisions {
		d := &decisions[i]
		if !s.KnownOn.IsZero() && d.Time.After(s.KnownOn) {
			continue
		}
		heard[i], h.past[i] = h.rests(d.Sources)
		if heard[i] && h.past[i] && !s.Ended {
			waiting = append(waiting, d.about()...)
		}
	}
	shown := map[ID]bool{}
	if slices.Sort(waiting); len(waiting) > 0 {
		var err error
		if shown, err = named(slices.Compact(waiting)); err != nil {
			return nil, err
		}
	}
	var visible []Decision
	var past []SourceID
	for i := range decisions {
		d := &decisions[i]
		if !heard[i] || h.past[i] && !s.Ended && slices.ContainsFunc(d.about(), func(id ID) bool { return !shown[id] }) {
			continue
		}
		visible = append(visible, *d)
		if h.past[i] {
			past = append(past, h.ended(d.Sources)...)
		}
	}
	slices.Sort(past)
	s.Past = slices.Compact(past)
	return visible, nil
}

// hearing is one call of Hear.
type hearing struct {
	scope *Scope
	later map[SourceID]SourceID
	past  []bool // whether the decision rests on what has ended
}

// rests says whether the reader is cleared for all of the sources, and whether
// any of them is of the past.
func (h *hearing) rests(sources []SourceID) (cleared, past bool) {
	for _, id := range sources {
		if h.reading(id, h.scope.Sources) != "" {
			continue
		}
		if h.reading(id, h.scope.Past) == "" {
			return false, false
		}
		past = true
	}
	return true, past
}

// reading returns the source or the first later reading of the same bytes that is
// in a list, "" for none.
func (h *hearing) reading(id SourceID, list []SourceID) SourceID {
	for again := true; again; id, again = h.later[id] {
		if _, there := slices.BinarySearch(list, id); there {
			return id
		}
	}
	return ""
}

// ended returns what of the sources is of the past.
func (h *hearing) ended(sources []SourceID) []SourceID {
	var past []SourceID
	for _, id := range sources {
		if h.reading(id, h.scope.Sources) == "" {
			past = append(past, h.reading(id, h.scope.Past))
		}
	}
	return past
}

// about returns the records that the decision speaks of; a network is none.
func (d *Decision) about() []ID {
	var records []ID
	for _, id := range []ID{d.Subject, d.Other} {
		if id.Kind() != NoKind {
			records = append(records, id)
		}
	}
	return records
}

// past returns the sources that have ended, or had by KnownOn, and that the
// reader is cleared for, ordered by id.
func (s *Scope) past(all []Source) []SourceID {
	var past []SourceID
	for i := range all {
		source := &all[i]
		known := s.KnownOn.IsZero() || !source.ImportedAt.After(s.KnownOn)
		cleared := s.Sources == nil || slices.Contains(s.Sources, source.ID) || slices.Contains(s.Past, source.ID)
		if known && cleared && !s.counts(source) {
			past = append(past, source.ID)
		}
	}
	slices.Sort(past)
	return past
}

// Shows reports whether a run is visible in a resolved scope whose Past is all
// that the reader is cleared for: one that used nothing but visible sources, and
// decisions that the reader may hear.
func (s *Scope) Shows(run *Run) bool {
	for _, id := range run.Scope.Past {
		_, past := slices.BinarySearch(s.Past, id)
		if !past && !s.Covers([]SourceID{id}) {
			return false
		}
	}
	return s.Covers(run.Scope.Sources)
}

// Readings maps each source that was replaced or withdrawn to the next import
// of the same bytes, if there was one.
func Readings(all []Source) map[SourceID]SourceID {
	inOrder := slices.Clone(all)
	slices.SortFunc(inOrder, func(a, b Source) int {
		return cmp.Or(a.ImportedAt.Compare(b.ImportedAt), strings.Compare(string(a.ID), string(b.ID)))
	})
	next := make(map[SHA256]SourceID)
	readings := make(map[SourceID]SourceID)
	for _, source := range slices.Backward(inOrder) {
		if later, again := next[source.SHA256]; again && source.EndedBy != NotEnded && source.EndedBy != Purged {
			readings[source.ID] = later
		}
		if source.EndedBy != Purged {
			next[source.SHA256] = source.ID
		}
	}
	return readings
}

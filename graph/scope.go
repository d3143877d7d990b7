package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Scope says what a reader may see and wants to see: one gate for atomic
// import, withdrawal, need to know, "as known on" and time travel.
//
// A record is visible when one of its origins lies in a visible source and,
// where the record is dated, its day is not after Until. An entity is visible
// when a visible fact, statement, link or outcome names it. A run is visible
// when all sources that it used are, a decision when they or later readings of
// the same files are.
//
// The zero Scope is everything that counts now.
type Scope struct {
	// Sources is the reader's clearance. Nil means every source; an empty
	// list means none.
	Sources []SourceID

	// Until is the last day of events to see (an outcome's own day for
	// outcomes). NoDate means the newest day in the sources.
	Until Date

	// KnownOn asks for what was imported by then and not withdrawn by then.
	// The zero time means now.
	KnownOn time.Time

	// Ended shows withdrawn and replaced sources as if they counted: for
	// copying a store and checking it, not for answers.
	Ended bool `json:",omitempty"`
}

// Sees reports whether a record of that day is visible under Until.
func (s *Scope) Sees(day Date) bool { return s.Until == NoDate || day <= s.Until }

// Within returns the sources, of all those given, that are visible in the
// scope, ordered by id. Stores call it, so that the gate is written once.
func (s *Scope) Within(all []Source) []Source {
	visible := make([]Source, 0, len(all))
	for i := range all {
		if !s.counts(&all[i]) {
			continue
		}
		if s.Sources != nil && !slices.Contains(s.Sources, all[i].ID) {
			continue
		}
		visible = append(visible, all[i])
	}
	slices.SortFunc(visible, func(a, b Source) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return visible
}

func (s *Scope) counts(source *Source) bool {
	if s.Ended {
		return source.EndedBy != Purged && (s.KnownOn.IsZero() || !source.ImportedAt.After(s.KnownOn))
	}
	return source.KnownOn(s.KnownOn)
}

// Resolve returns the scope with its sources listed and Until set: to the
// newest day of an event in them where it was NoDate.
func (s *Scope) Resolve(all []Source) Scope {
	visible := s.Within(all)
	resolved := Scope{Sources: make([]SourceID, len(visible)), Until: s.Until, KnownOn: s.KnownOn, Ended: s.Ended}
	newest := NoDate
	for i := range visible {
		resolved.Sources[i] = visible[i].ID
		newest = max(newest, visible[i].Newest)
	}
	if resolved.Until == NoDate {
		resolved.Until = newest
	}
	return resolved
}

// Covers reports whether all of sources are in a resolved scope.
func (s *Scope) Covers(sources []SourceID) bool {
	for _, id := range sources {
		if _, ok := slices.BinarySearch(s.Sources, id); !ok {
			return false
		}
	}
	return true
}

// Supports reports whether all of sources, or later readings of the same
// files, are in a resolved scope: the gate of decisions, which are about
// records and not about one reading of them, and so survive every re-import.
// readings is Readings of every source.
func (s *Scope) Supports(sources []SourceID, readings map[SourceID]SourceID) bool {
	for _, id := range sources {
		for !s.Covers([]SourceID{id}) {
			next, again := readings[id]
			if !again {
				return false
			}
			id = next
		}
	}
	return true
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

// Fingerprint returns the SHA-256 of a resolved scope's sources, Until and
// KnownOn: the key of whatever was derived within it.
func (s *Scope) Fingerprint() SHA256 {
	h := sha256.New()
	for _, id := range s.Sources {
		fmt.Fprintln(h, id)
	}
	fmt.Fprintln(h, "until", s.Until)
	if !s.KnownOn.IsZero() {
		fmt.Fprintln(h, "known on", s.KnownOn.UTC().Format(time.RFC3339Nano))
	}
	if s.Ended {
		fmt.Fprintln(h, "ended too")
	}
	return SHA256(hex.EncodeToString(h.Sum(nil)))
}

package graph

import (
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
// when all sources that it used are. When a decision is, Hear says.
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

	// Past are sources that have ended, or had by KnownOn, and that the reader is
	// cleared for all the same: what a person said may rest on them. In a scope that
	// is to be resolved they stand beside those of Sources that have ended, and mean
	// nothing where Sources is nil, which is all that ever were. In the scope of a
	// Reader they are those that its decisions rest on.
	Past []SourceID `json:",omitempty"`

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

// Resolve returns the scope with its sources listed, those that have ended as
// Past, and Until set: to the newest day of an event in the sources where it was
// NoDate.
func (s *Scope) Resolve(all []Source) Scope {
	visible := s.Within(all)
	resolved := Scope{Sources: make([]SourceID, len(visible)), Until: s.Until, KnownOn: s.KnownOn, Past: s.past(all), Ended: s.Ended}
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

// Fingerprint returns the SHA-256 of a resolved scope's sources, past ones too,
// Until and KnownOn: the key of whatever was derived within it.
func (s *Scope) Fingerprint() SHA256 {
	h := sha256.New()
	for _, id := range s.Sources {
		fmt.Fprintln(h, id)
	}
	fmt.Fprintln(h, "until", s.Until)
	if !s.KnownOn.IsZero() {
		fmt.Fprintln(h, "known on", s.KnownOn.UTC().Format(time.RFC3339Nano))
	}
	for _, id := range s.Past {
		fmt.Fprintln(h, "past", id)
	}
	if s.Ended {
		fmt.Fprintln(h, "ended too")
	}
	return SHA256(hex.EncodeToString(h.Sum(nil)))
}

package graph

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Decision is what a person or the resolver said. Decisions are only ever
// appended; a later one about the same subject and matter counts instead of
// the earlier, and all survive every import.
type Decision struct {
	Seq     int64 // given by the store, from 1, in the order of saying
	Subject ID    // an entity, a consignment; or a network by its id
	Other   ID    // the second entity of same, different and unsure
	Kind    Verdict
	Reason  string // a sentence; the text of a note
	Author  string
	Time    time.Time // clock of the caller, UTC, microseconds

	// Sources are those that supported the subject when it was judged: who is not
	// cleared for all of them does not hear it. See Scope.Hear.
	Sources []SourceID
}

// Verdict is the kind of a decision.
type Verdict string

// The verdicts. Same, Different and Unsure are about two entities; Open,
// Cleared and Confirmed about a network or an entity; Service and Trader say
// that a party offers a service to many traders, or that it does not,
// whatever its ties look like.
const (
	Same      Verdict = "same"
	Different Verdict = "different"
	Unsure    Verdict = "unsure"
	Open      Verdict = "open"
	Cleared   Verdict = "cleared"
	Confirmed Verdict = "confirmed"
	Note      Verdict = "note"
	Pinned    Verdict = "pinned"
	Service   Verdict = "service"
	Trader    Verdict = "trader"
)

// Verdicts lists every verdict in its fixed order.
func Verdicts() []Verdict {
	return []Verdict{Same, Different, Unsure, Open, Cleared, Confirmed, Note, Pinned, Service, Trader}
}

// AboutPair reports whether the verdict needs a second entity.
func (v Verdict) AboutPair() bool { return v == Same || v == Different || v == Unsure }

// Check returns an error wrapping ErrInvalidRecord for a decision that makes
// no sense: without subject or time, of an unknown kind, with a second entity
// where none belongs or without one where one does. Those of a pair must be
// entities of one kind: a party that was the same as an address, or as a
// network, would be a cluster of nothing.
func (d *Decision) Check() error {
	switch {
	case !slices.Contains(Verdicts(), d.Kind):
		return fmt.Errorf("graph: decision %q: want one of %s: %w", d.Kind, verdictNames(), ErrInvalidRecord)
	case d.Subject == "":
		return fmt.Errorf("graph: decision %q: no subject: %w", d.Kind, ErrInvalidRecord)
	case d.Kind.AboutPair() && (d.Other == "" || d.Other == d.Subject):
		return fmt.Errorf("graph: decision %q about %s: needs a second entity: %w", d.Kind, d.Subject, ErrInvalidRecord)
	case d.Kind.AboutPair() && !d.alike():
		return fmt.Errorf("graph: decision %q about %s and %s: wants the ids of two entities of one kind: %w", d.Kind, d.Subject, d.Other, ErrInvalidRecord)
	case !d.Kind.AboutPair() && d.Other != "":
		return fmt.Errorf("graph: decision %q about %s: takes no second entity: %w", d.Kind, d.Subject, ErrInvalidRecord)
	case d.Time.IsZero():
		return fmt.Errorf("graph: decision %q about %s: no time: %w", d.Kind, d.Subject, ErrInvalidRecord)
	}
	return nil
}

// alike reports two entities of one kind, so neither consignments nor
// networks.
func (d *Decision) alike() bool {
	kind := d.Subject.Kind()
	return kind != NoKind && kind != KindConsignment && kind == d.Other.Kind() && d.Subject.Check() == nil && d.Other.Check() == nil
}

func verdictNames() string {
	var b strings.Builder
	for i, v := range Verdicts() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

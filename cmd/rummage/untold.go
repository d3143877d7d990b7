package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/algo/flag"
	"rummage/casefile/marking"
	"rummage/graph"
)

// What a case file does not tell of a network, since its scope does not: what runs of other scopes saw of it, and, where the store has a
// source above the ceiling, the words of people, which have no handling code and may speak of that one.

const (
	lifeUntold   = "What earlier runs saw of this network is not told, nor when it was first flagged: they may have read other sources or other days."
	reasonUntold = "a decision's reason is left out: it may speak of what is above the ceiling"
)

// holdsAbove tells whether a ceiling is set and the store has a source above it, or had, or one whose code nobody knows.
func (a *archive) holdsAbove(ceiling marking.Code) bool {
	if ceiling == (marking.Code{}) {
		return false
	}
	for _, s := range a.sources {
		if code, err := marking.Parse(s.Handling); err != nil || code.Above(ceiling) {
			return true
		}
	}
	return false
}

// withoutLife is a network without what other runs made of it: as if nobody had seen it before. What was decided about another network,
// of which it came, goes too.
func withoutLife(n *flag.Network) *flag.Network {
	bare := *n
	bare.State, bare.Change, bare.Alerts, bare.Founded, bare.Absorbed, bare.From = "", "", []flag.Alert{}, "", nil, nil
	bare.Life = flag.Life{Case: n.ID}
	if bare.Decision != nil && bare.Decision.Network != n.ID {
		bare.Decision = nil
	}
	return &bare
}

// wordless is what a person decided, without the words.
type wordless struct{ flag.Reader }

func (w wordless) Decisions(ctx context.Context, subject graph.ID) ([]graph.Decision, error) {
	said, err := w.Reader.Decisions(ctx, subject)
	return unspoken(said), err
}

// unspoken are decisions without their reasons.
func unspoken(said []graph.Decision) []graph.Decision {
	all := slices.Clone(said)
	for i := range all {
		if all[i].Reason != "" {
			all[i].Reason = reasonUntold
		}
	}
	return all
}

// packedNetwork is a network as a case file holds it.
type packedNetwork struct {
	*flag.Network
	Decision *packedRuling `json:"decision"`
	// Untold says that its life is left out; state and founded are "" then.
	Untold string `json:"untold,omitempty"`
}

// packedRuling is the last word of a person on it, with the reason.
type packedRuling struct {
	*flag.Ruling
	Reason string `json:"reason"`
}

// rulingOf finds the reason of the last word on a network, in the order of saying; nil where there is none.
func rulingOf(n *flag.Network, said []graph.Decision) *packedRuling {
	if n.Decision == nil {
		return nil
	}
	r := &packedRuling{Ruling: n.Decision}
	for i := range said {
		if d := &said[i]; d.Subject == n.Decision.Network && d.Kind == n.Decision.Kind {
			r.Reason = d.Reason
		}
	}
	return r
}

// text tells who decided what, when and why; "" for nobody.
func (r *packedRuling) text() string {
	if r == nil {
		return ""
	}
	return strings.TrimSuffix(fmt.Sprintf("%s was %s on %s by %s: %s", r.Network, r.Kind, r.Time.UTC().Format("2006-01-02"), r.Author, r.Reason), ": ")
}

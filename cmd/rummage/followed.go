package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
	"rummage/resolve"
)

// What a decision stands against: facts, and what else was said.

// contradicts lists the facts that joining two parties would contradict; without a reason it refuses to.
func (a *archive) contradicts(ctx context.Context, d *graph.Decision) ([]string, error) {
	if d.Kind != graph.Same || d.Subject.Kind() != graph.Party {
		return []string{}, nil
	}
	one, err := a.Entity(ctx, d.Subject)
	if err != nil {
		return nil, err
	}
	two, err := a.Entity(ctx, d.Other)
	if err != nil {
		return nil, err
	}
	if one.ID == two.ID {
		return []string{}, nil // one already
	}
	found := resolve.Contradictions(one, a.Identity().Members(one.ID), two, a.Identity().Members(two.ID))
	if len(found) > 0 && strings.TrimSpace(d.Reason) == "" {
		return nil, exit.With(exit.Usage, fmt.Errorf("decide: %s and %s contradict each other: %s; nothing was noted", d.Subject, d.Other, strings.Join(found, ", ")),
			"say why they are one nevertheless, with --reason")
	}
	return append([]string{}, found...), nil
}

// follows returns what keeps the last of some decisions from being followed, said since the scope was read: "same" joins nobody
// where it would make one of two that are judged to be different. It is nil for a decision that is followed. With that come the
// "unsure" of others whom it makes one.
func (a *archive) follows(ctx context.Context, said []graph.Decision) (against *decisionRow, doubts []decisionRow, err error) {
	doubts = []decisionRow{}
	last := said[len(said)-1]
	if last.Kind != graph.Same {
		return nil, doubts, nil // nothing is against it
	}
	all, err := a.Decisions(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	all = slices.Concat(all, said)
	now := graph.NewIdentity(all)
	for _, c := range now.Conflicts() {
		if c.Same.Seq == last.Seq {
			row := decisionRowOf(&c.Different)
			return &row, doubts, nil
		}
	}
	doubted := now.Doubted()
	if len(doubted) == 0 {
		return nil, doubts, nil
	}
	before := graph.NewIdentity(slices.DeleteFunc(all, func(d graph.Decision) bool { return d.Seq == last.Seq }))
	for _, d := range doubted {
		if before.Cluster(d.Subject) != before.Cluster(d.Other) {
			doubts = append(doubts, decisionRowOf(&d))
		}
	}
	return nil, doubts, nil
}

// parts tells what a decision stands against.
func (r *decisionRow) parts() string {
	return fmt.Sprintf("it would make one of %s and %s, which are judged to be different (decision %d by %s)", r.Subject, r.Other, r.Seq, r.Author)
}

// doubted tells that a decision "unsure" is passed over.
func (r *decisionRow) doubted() string {
	return fmt.Sprintf("this makes one of %s and %s, of whom %s said unsure (decision %d)", r.Subject, r.Other, r.Author, r.Seq)
}

// spoken are the decisions about the records of an entity, in the order of saying, each with why it does not count where it does not.
func (a *archive) spoken(ctx context.Context, members []graph.ID) ([]decisionRow, error) {
	var all []graph.Decision
	for _, id := range members {
		some, err := a.Decisions(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(x, y graph.Decision) int { return int(x.Seq - y.Seq) })
	all = slices.CompactFunc(all, func(x, y graph.Decision) bool { return x.Seq == y.Seq })
	rows := make([]decisionRow, len(all))
	for i := range all {
		rows[i] = decisionRowOf(&all[i])
		rows[i].NotFollowed = a.passedOver(&all[i], all[i+1:])
	}
	return rows, nil
}

// passedOver says why a decision about two does not count, "" where it does. Later are those that were said after it.
func (a *archive) passedOver(d *graph.Decision, later []graph.Decision) string {
	if !d.Kind.AboutPair() {
		return ""
	}
	for i := len(later) - 1; i >= 0; i-- {
		l := &later[i]
		if l.Kind.AboutPair() && (l.Subject == d.Subject && l.Other == d.Other || l.Subject == d.Other && l.Other == d.Subject) {
			return fmt.Sprintf("decision %d by %s counts instead", l.Seq, l.Author)
		}
	}
	for _, c := range a.Identity().Conflicts() {
		if c.Same.Seq == d.Seq {
			against := decisionRowOf(&c.Different)
			return against.parts()
		}
	}
	if slices.ContainsFunc(a.Identity().Doubted(), func(o graph.Decision) bool { return o.Seq == d.Seq }) {
		return "same was said of others between them, so that they are one"
	}
	return ""
}

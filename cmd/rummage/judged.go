package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/resolve"
)

// What people said of parties that look like those of a list.

// judgedRow is what somebody said of a party that looks like an entry of a list, and as whom the party screened may be taken.
type judgedRow struct {
	ID     graph.ID      `json:"id"`
	Name   string        `json:"name"`
	Score  output.Score  `json:"score"` // of the party screened being this one
	Kind   graph.Verdict `json:"kind"`
	Reason string        `json:"reason"`
	Author string        `json:"author"`
	Time   time.Time     `json:"time"`
}

// lookAlike is a party that somebody judged not to be an entry of a list, or could not tell from it.
type lookAlike struct {
	party    *resolve.Subject
	decision graph.Decision
}

// lookAlikes finds, for each entry of a list, who was judged to be another, or could not be told from it. The last word on a pair counts.
func (a *archive) lookAlikes(ctx context.Context, parties []resolve.Party, how resolve.Preparing) (map[graph.ID][]lookAlike, error) {
	decisions, err := a.Decisions(ctx, "")
	if err != nil {
		return nil, err
	}
	clusters := a.Identity()
	at := make(map[graph.ID]*resolve.Party, len(parties))
	for i := range parties {
		at[parties[i].ID] = &parties[i]
	}
	type pair struct{ entry, other graph.ID }
	var order []pair
	last := map[pair]graph.Decision{}
	for _, d := range decisions { // in the order of saying
		if !d.Kind.AboutPair() {
			continue
		}
		one, two := clusters.Cluster(d.Subject), clusters.Cluster(d.Other)
		for _, p := range []pair{{one, two}, {two, one}} {
			entry, other := at[p.entry], at[p.other]
			if one == two || entry == nil || other == nil || !entry.Listed {
				continue
			}
			if _, known := last[p]; !known {
				order = append(order, p)
			}
			last[p] = d
		}
	}
	found := map[graph.ID][]lookAlike{}
	for _, p := range order {
		if d := last[p]; d.Kind != graph.Same { // one that was not followed tells nothing of who they are
			found[p.entry] = append(found[p.entry], lookAlike{how.Prepare(*at[p.other]), d})
		}
	}
	return found, nil
}

// taken are the look-alikes of a match that the party may be as well as the entry: whoever it is no less like.
func taken(list *resolve.List, s *resolve.Subject, m *resolve.Match, alike []lookAlike) []judgedRow {
	rows := []judgedRow{}
	for _, l := range alike {
		j := list.Judge(s, l.party)
		if j.Score < m.Score {
			continue
		}
		rows = append(rows, judgedRow{
			ID: l.party.ID, Name: calledOr(&l.party.Party), Score: output.Score(j.Score), Kind: l.decision.Kind, Reason: l.decision.Reason,
			Author: l.decision.Author, Time: l.decision.Time.UTC(),
		})
	}
	slices.SortStableFunc(rows, func(x, y judgedRow) int { return cmp.Compare(y.Score, x.Score) })
	return rows
}

// calledOr is what a party is called; where a list names an address alone, the address; else its id.
func calledOr(p *resolve.Party) string {
	switch {
	case len(p.Names) > 0:
		return p.Names[0]
	case len(p.Addresses) > 0:
		return p.Addresses[0]
	}
	return p.ID.Label()
}

// text is a judgement for people.
func (r *judgedRow) text() string {
	text := "judged " + string(r.Kind) + ": " + string(r.ID) + " " + r.Name
	if r.Author != "" {
		text += ", by " + r.Author
	}
	text += " on " + r.Time.Format("2006-01-02")
	if r.Reason != "" {
		text += ": " + r.Reason
	}
	return text
}

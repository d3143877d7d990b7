package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rummage/algo/flag"
	"rummage/casefile/marking"
	"rummage/casefile/register"
	"rummage/graph"
)

// Case files that left, held against what the store says now: each within the scope that it was asked for in, as that is now.

// rechecking holds what several case files have in common.
type rechecking struct {
	*archive
	all      []graph.Source        // by id
	reader   graph.Reader          // of the scope that was asked for last; nil for none
	scope    string                // that one, as a question has it
	formerly map[graph.ID]lastSeen // networks that were asked for of the whole store
}

// recheck says what changed since each case file was made.
func (a *archive) recheck(ctx context.Context, entries []register.Entry, step func(done int)) (all []*register.Changes, err error) {
	r := &rechecking{archive: a}
	defer func() { err = errors.Join(err, r.close()) }()
	for _, s := range a.sources {
		r.all = append(r.all, *s)
	}
	slices.SortFunc(r.all, func(x, y graph.Source) int { return strings.Compare(string(x.ID), string(y.ID)) })
	var networks []graph.ID
	for i := range entries {
		if e := &entries[i]; e.Network != "" && !narrowed(&e.Scope) {
			networks = append(networks, e.Network)
		}
	}
	if r.formerly, err = a.lastSeen(ctx, networks); err != nil {
		return nil, err
	}
	questions := make([]question, len(entries))
	for i := range entries {
		if questions[i], err = r.question(i, &entries[i]); err != nil {
			return nil, err
		}
	}
	// One scope after the other, so that one is open at a time: a store has many more case files than it bears readers.
	slices.SortStableFunc(questions, func(a, b question) int { return strings.Compare(a.scope, b.scope) })
	all = make([]*register.Changes, len(entries))
	for done, q := range questions {
		step(done)
		if all[q.at], err = r.changed(ctx, q); err != nil {
			return nil, fmt.Errorf("casefiles: %s: %w", q.entry.Name, err)
		}
	}
	return all, nil
}

// close lets go of the scope that is open.
func (r *rechecking) close() error {
	if r.reader == nil {
		return nil
	}
	reader := r.reader
	r.reader = nil
	return reader.Close()
}

// narrowed tells whether a scope was asked for that is not that of a plain command.
func narrowed(scope *graph.Scope) bool {
	return scope.Sources != nil || scope.Until != graph.NoDate || !scope.KnownOn.IsZero()
}

// question is what a case file answered, as it is asked now.
type question struct {
	at    int // place among the entries
	entry *register.Entry
	scope string // tells scopes apart
}

// question asks again. Of a case file from below a ceiling the same question has other sources now.
func (r *rechecking) question(at int, e *register.Entry) (question, error) {
	if e.Below {
		again := *e
		again.Scope.Sources = r.below(e.Ceiling)
		e = &again
	}
	scope, err := json.Marshal(e.Scope)
	return question{at, e, string(scope)}, err
}

// within opens the scope of a question, unless it is the one that is open.
func (r *rechecking) within(ctx context.Context, q question) (graph.Reader, error) {
	if r.reader != nil && r.scope == q.scope {
		return r.reader, nil
	}
	if err := r.close(); err != nil {
		return nil, err
	}
	scope := q.entry.Scope
	if scope.Sources != nil { // as scopeFlags.scope has it
		for i := range r.all {
			scope.Past = append(scope.Past, r.all[i].ID)
		}
	}
	reader, err := r.store.Within(ctx, scope)
	if err == nil {
		r.reader, r.scope = reader, q.scope
	}
	return reader, err
}

func (r *rechecking) changed(ctx context.Context, q question) (*register.Changes, error) {
	reader, err := r.within(ctx, q)
	if err != nil {
		return nil, err
	}
	changes, err := register.Compare(ctx, q.entry, reader, r.all)
	if err != nil || q.entry.Network == "" {
		return changes, err
	}
	changes.Members, err = r.otherMembers(ctx, q.entry, reader)
	return changes, err
}

// below lists the sources that count and are not above a ceiling, as --below-ceiling would read them now; none where nobody knows the ceiling.
func (r *rechecking) below(ceiling string) []graph.SourceID {
	most, err := marking.Parse(ceiling)
	if err != nil {
		return []graph.SourceID{}
	}
	ids, _ := notAbove(r.all, most) // export refuses a code that nobody knows, a list of case files does without
	return ids
}

// otherMembers tells whether a network has other members by the last run that has it, or is not flagged any more. Who is one with whom is
// judged in the scope that the case file was asked for in. Of a narrowed scope only runs of just this one tell; where there is none any
// more, nothing is known to have changed.
func (r *rechecking) otherMembers(ctx context.Context, e *register.Entry, reader graph.Reader) (bool, error) {
	seen, found := r.formerly[e.Network]
	if narrowed(&e.Scope) {
		result, err := r.ofScope(ctx, reader)
		if err != nil || result == nil {
			return false, err
		}
		n, err := networkOf(result, e.Network)
		seen, found = lastSeen{result, n}, err == nil
	}
	if !found || seen.network.State == flag.Gone || seen.network.State == flag.Dormant {
		return true, nil
	}
	identity := reader.Identity()
	var records []graph.ID
	for i := range seen.network.Members {
		records = append(records, identity.Members(identity.Cluster(seen.network.Members[i].ID))...)
	}
	slices.Sort(records)
	return !slices.Equal(slices.Compact(records), e.Held.Parties), nil
}

// ofScope reads the last run that has just the scope of a reader; nil where there is none.
func (r *rechecking) ofScope(ctx context.Context, reader graph.Reader) (*flag.Result, error) {
	other := *r.archive
	other.Reader = reader
	run, err := other.lastRun(ctx, "")
	if err != nil || run == nil {
		return nil, err
	}
	return flag.ReadResult(run)
}

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
	all      []graph.Source          // by id
	readers  map[string]graph.Reader // by the scope that was asked for
	formerly map[graph.ID]lastSeen   // networks that were asked for of the whole store
}

// recheck says what changed since each case file was made.
func (a *archive) recheck(ctx context.Context, entries []register.Entry, step func(done int)) (all []*register.Changes, err error) {
	r := &rechecking{archive: a, readers: map[string]graph.Reader{}}
	defer func() {
		for _, reader := range r.readers {
			err = errors.Join(err, reader.Close())
		}
	}()
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
	for i := range entries {
		step(i)
		changes, err := r.changed(ctx, &entries[i])
		if err != nil {
			return nil, fmt.Errorf("casefiles: %s: %w", entries[i].Name, err)
		}
		all = append(all, changes)
	}
	return all, nil
}

// narrowed tells whether a scope was asked for that is not that of a plain command.
func narrowed(scope *graph.Scope) bool {
	return scope.Sources != nil || scope.Until != graph.NoDate || !scope.KnownOn.IsZero()
}

// within opens a scope once.
func (r *rechecking) within(ctx context.Context, scope graph.Scope) (graph.Reader, error) {
	if scope.Sources != nil { // as scopeFlags.scope has it
		for i := range r.all {
			scope.Past = append(scope.Past, r.all[i].ID)
		}
	}
	key, err := json.Marshal(scope)
	if err != nil {
		return nil, err
	}
	if reader := r.readers[string(key)]; reader != nil {
		return reader, nil
	}
	reader, err := r.store.Within(ctx, scope)
	if err == nil {
		r.readers[string(key)] = reader
	}
	return reader, err
}

func (r *rechecking) changed(ctx context.Context, e *register.Entry) (*register.Changes, error) {
	if e.Below { // the same question has other sources now
		again := *e
		again.Scope.Sources = r.below(e.Ceiling)
		e = &again
	}
	reader, err := r.within(ctx, e.Scope)
	if err != nil {
		return nil, err
	}
	changes, err := register.Compare(ctx, e, reader, r.all)
	if err != nil || e.Network == "" {
		return changes, err
	}
	changes.Members, err = r.otherMembers(ctx, e, reader)
	return changes, err
}

// below lists the sources that count and are not above a ceiling, as --below-ceiling would read them now.
func (r *rechecking) below(ceiling string) []graph.SourceID {
	most, known := marking.Parse(ceiling)
	ids := []graph.SourceID{} // none is not all
	for i := range r.all {
		code, err := marking.Parse(r.all[i].Handling)
		if r.all[i].EndedBy == graph.NotEnded && errors.Join(known, err) == nil && !code.Above(most) {
			ids = append(ids, r.all[i].ID)
		}
	}
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

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rummage/algo/flag"
	"rummage/cmd/rummage/internal/exit"
	"rummage/graph"
)

// How the commands find the thing that is asked for, and say that it is not there.

// missing says that a scope does not show an id. It is told without the way that the error came.
type missing struct {
	id    graph.ID
	store string
	scope string // the flags that narrow what is read, "" for none
}

// Error names the store, and the flags that may hide what was asked for.
func (e *missing) Error() string {
	what := "entity"
	if e.id.Kind() == graph.KindConsignment {
		what = "consignment"
	}
	text := fmt.Sprintf("no %s %s in %s", what, e.id, e.store)
	if e.scope != "" {
		text += " within " + e.scope
	}
	return text
}

// Unwrap returns graph.ErrNotFound.
func (e *missing) Unwrap() error { return graph.ErrNotFound }

// hint is the next step.
func (e *missing) hint() string {
	if e.scope != "" {
		return "the same command without " + e.scope
	}
	return "rummage search " + quote(e.id.Label())
}

// narrowed is what the flags say, as they were given.
func (f *scopeFlags) narrowed() string {
	var all []string
	if f.until != "" {
		all = append(all, "--until "+quote(f.until))
	}
	if f.knownOn != "" {
		all = append(all, "--known-on "+quote(f.knownOn))
	}
	for _, source := range f.sources {
		all = append(all, "--source "+quote(source))
	}
	return strings.Join(all, " ")
}

// told puts the error of a read into the words of the command line.
func (a *archive) told(id graph.ID, err error) error {
	if errors.Is(err, graph.ErrNotFound) {
		return &missing{id: id, store: a.place, scope: a.narrowed}
	}
	return err
}

// Entity is that of the reader; what is not there is told as missing.
func (a *archive) Entity(ctx context.Context, id graph.ID) (*graph.Entity, error) {
	entity, err := a.Reader.Entity(ctx, id)
	return entity, a.told(id, err)
}

// Consignment is that of the reader; what is not there is told as missing.
func (a *archive) Consignment(ctx context.Context, id graph.ID) (*graph.Consignment, error) {
	c, err := a.Reader.Consignment(ctx, id)
	return c, a.told(id, err)
}

// Counts is that of the reader; what is not there is told as missing.
func (a *archive) Counts(ctx context.Context, id graph.ID) ([]graph.Count, error) {
	counts, err := a.Reader.Counts(ctx, id)
	return counts, a.told(id, err)
}

// Neighbours is that of the reader; what is not there is told as missing.
func (a *archive) Neighbours(ctx context.Context, query graph.NeighbourQuery) ([]graph.Neighbour, error) {
	found, err := a.Reader.Neighbours(ctx, query)
	return found, a.told(query.ID, err)
}

// named finds the id that a text stands for: itself, or where it is none, the one entity or consignment whose name or number is the
// text.
func (a *archive) named(ctx context.Context, text string) (graph.ID, error) {
	id := graph.ID(text)
	if isNetwork(id) {
		return a.network(ctx, text)
	}
	if id.Kind() != graph.NoKind {
		return id, nil
	}
	const enough = 6
	found, err := a.Search(ctx, graph.SearchQuery{Text: text, Limit: enough})
	if err != nil {
		return "", err
	}
	var same []graph.ID
	for _, m := range found {
		if m.Score == 1 {
			same = append(same, m.ID)
		}
	}
	switch len(same) {
	case 0:
		nothing := fmt.Errorf("nothing in %s has the id, name or number %q", a.place, text)
		if refused, err := a.refused(ctx, text, nothing); refused != nil || err != nil {
			return "", cmp.Or(err, refused)
		}
		return "", exit.With(exit.Failed, nothing, "rummage search "+quote(text))
	case 1:
		return same[0], nil
	}
	return "", exit.With(exit.Usage, fmt.Errorf("%q names several: %s", text, joinIDs(same)), "name one by its id; rummage search "+quote(text)+" lists them")
}

// mostLooked is how many rows in quarantine are looked at for what nothing tells: less than a second's worth.
const mostLooked = 20_000

// refused says of what nothing tells that a row with that cell is in quarantine: in which file and row, why, and how it is mended. It is nil
// where none is. Rows whose file was not kept cannot be looked at; where there are very many, it says that not all were.
func (a *archive) refused(ctx context.Context, text string, nothing error) (refused, err error) {
	left := mostLooked
	for _, id := range slices.Sorted(maps.Keys(a.sources)) {
		s := a.sources[id]
		if s.EndedBy != graph.NotEnded || s.Quarantined == 0 || !s.HasEvidence {
			continue
		}
		e, looked, err := a.rows.FindRefused(ctx, s.ID, text, left)
		if errors.Is(err, graph.ErrUnknownSource) || errors.Is(err, graph.ErrNotFound) { // it is out of the scope
			continue
		}
		if err != nil {
			return nil, err
		}
		if e.Row > 0 {
			why := e.Reason
			if e.Column != "" {
				why = "column " + e.Column + ": " + why
			}
			return exit.With(exit.Failed, fmt.Errorf("%w; %q stands in a row in quarantine: %s, row %d: %s", nothing, text, titleOf(s, &e), e.Row, why),
				fmt.Sprintf("rummage sources --errors %s --out mend.csv, mend the row there, and rummage ingest mend.csv%s%s", s.ID, withFlags(s), mapFlag(s))), nil
		}
		if left -= looked; left == 0 {
			return exit.With(exit.Failed, fmt.Errorf("%w; it may stand in a row in quarantine, of which no more than %d were looked at", nothing, mostLooked),
				"rummage sources --errors --limit 0 lists them all"), nil
		}
	}
	return nil, nil
}

// leastStart is how many characters of the id of a network, a run or a case file name it at least, as of a source.
const leastStart = 4

// network finds the network that the start of an id means: of all that the last standing run knows, those that are gone among them, else
// of those of any run. What no run knows comes back as it is, for the caller to tell.
func (a *archive) network(ctx context.Context, text string) (graph.ID, error) {
	const whole = len("n-0123456789ab")
	text = strings.ToLower(text)
	if len(text) < leastStart || len(text) >= whole {
		return graph.ID(text), nil
	}
	runs, err := a.history(ctx, flag.Kind, flag.ScopedKind)
	if err != nil {
		return "", err
	}
	var found []graph.ID
	for i := len(runs) - 1; i >= 0 && len(found) == 0; i-- {
		all, err := flag.ReadNetworks(&runs[i])
		if err != nil {
			return "", err
		}
		for _, id := range all {
			if strings.HasPrefix(string(id), text) {
				found = append(found, id)
			}
		}
	}
	slices.Sort(found)
	switch found = slices.Compact(found); len(found) {
	case 0:
		return graph.ID(text), nil
	case 1:
		return found[0], nil
	}
	return "", exit.With(exit.Usage, fmt.Errorf("%q is the start of several networks: %s", text, joinIDs(found)), "name one by more of its id")
}

// unknownRole refuses a word that is no role, and names the nearest.
func unknownRole(typed, hint string) error {
	var all []string
	for _, role := range graph.Roles() {
		all = append(all, role.String())
	}
	return exit.With(exit.Usage, fmt.Errorf("role %q: %w%s", typed, graph.ErrUnknownName, near(typed, all)), hint)
}

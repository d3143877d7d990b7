package view

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"rummage/graph"
)

// Narrow is what Options.Within opens: the scans of a part of the scope.
type Narrow interface {
	graph.Scanner
	io.Closer
}

// finder is a source that can show one consignment.
type finder interface {
	Consignment(ctx context.Context, id graph.ID) (*graph.Consignment, error)
}

// errTooMuch ends reading what is new where so much of what was known changed that a scan of everything is faster.
var errTooMuch = errors.New("too much has changed")

// mostChanged is how many of the known consignments may be looked up one by one: one in so many.
const mostChanged = 16

// rescan makes the view of an extract of an earlier scope and of what the sources since then added. It returns nil where that cannot be:
// no extract is there, a source of it has ended, other records are one, or too much has changed.
func rescan(ctx context.Context, source Source, decisions []graph.Decision, opts Options) (*scanner, error) {
	scope := source.Scope()
	find, able := source.(finder)
	if !opts.extractable() || !able || !scope.KnownOn.IsZero() || scope.Ended {
		return nil, nil //nolint:nilnil // it cannot be
	}
	old, had := opts.known(scope, decisions)
	if old == nil {
		return nil, nil //nolint:nilnil // it cannot be
	}
	added := []graph.SourceID{}
	for _, id := range scope.Sources {
		if _, known := slices.BinarySearch(had, id); !known {
			added = append(added, id)
		}
	}
	narrow, err := opts.Within(ctx, graph.Scope{Sources: added, Until: scope.Until})
	if err != nil {
		return nil, fmt.Errorf("view: what is new: %w", err)
	}
	s := newScanner(source, decisions, opts)
	s.old, s.same = old, len(added) == 0
	err = s.again(ctx, source, narrow, find)
	if err = errors.Join(err, narrow.Close()); err != nil {
		if errors.Is(err, errTooMuch) {
			return nil, nil //nolint:nilnil // it cannot be
		}
		return nil, err
	}
	return s, nil
}

// known is the extract of this scope, where only decisions changed since, or else of the one before, with its sources.
func (o *Options) known(scope graph.Scope, decisions []graph.Decision) (*extract, []graph.SourceID) {
	if x := o.Cache.loadExtract(extractKey(scope, decisions, *o)); x != nil {
		return x, scope.Sources
	}
	if o.Before == nil || !scope.Covers(o.Before.Sources) {
		return nil, nil
	}
	return o.Cache.loadExtract(extractKey(*o.Before, decisions, *o)), o.Before.Sources
}

// again gathers what the extract and the added sources show.
func (s *scanner) again(ctx context.Context, source Source, narrow Narrow, find finder) error {
	if err := s.entities(ctx, narrow); err != nil {
		return err
	}
	fresh, err := s.fresh(ctx, narrow, find)
	if err != nil {
		return err
	}
	return s.records(ctx, source, func(ctx context.Context, said *gatherer) error { return said.replay(ctx, fresh) })
}

// fresh lists the consignments that the added sources name, as the whole scope shows them, by id.
func (s *scanner) fresh(ctx context.Context, narrow Narrow, find finder) ([]document, error) {
	var all []document
	g := &gatherer{scanner: s}
	changed := 0
	want := graph.Want{Properties: []string{}, Fields: []string{}}
	for c, err := range narrow.Consignments(ctx, want) {
		if err != nil {
			return nil, fmt.Errorf("view: new consignments: %w", err)
		}
		if _, had := slices.BinarySearchFunc(s.old.names, c.ID, compareIDs); had {
			if changed++; changed*mostChanged > len(s.old.names) {
				return nil, errTooMuch
			}
			if c, err = find.Consignment(ctx, c.ID); err != nil {
				return nil, fmt.Errorf("view: changed consignment: %w", err)
			}
		}
		all = g.pack(all, c)
		d := &all[len(all)-1] // it outlives the record
		d.id, d.ties = graph.ID(strings.Clone(string(d.id))), slices.Clone(d.ties)
		for i := range d.ties {
			d.ties[i].Entity = graph.ID(strings.Clone(string(d.ties[i].Entity)))
		}
	}
	return all, nil
}

// patience is how many consignments pass between two looks at the context.
const patience = 1 << 12

// replay goes through the consignments of the extract and the fresh ones, in the order of ids; a fresh one stands for an old one of its
// id.
func (g *gatherer) replay(ctx context.Context, fresh []document) error {
	old, tied := g.old, 0
	for i := 0; i < len(old.names) || len(fresh) > 0; {
		if (i+len(fresh))%patience == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		order := -1
		if i == len(old.names) {
			order = 1
		} else if len(fresh) > 0 {
			order = compareIDs(old.names[i], fresh[0].id)
		}
		if order >= 0 {
			if err := g.consignment(&fresh[0]); err != nil {
				return fmt.Errorf("view: new consignments: %w", err)
			}
			fresh = fresh[1:]
		} else {
			g.known(i, tied)
		}
		if order <= 0 {
			tied += int(old.counts[i])
			i++
		}
	}
	g.tick(len(old.names))
	return nil
}

// known adds the consignment at a place of the extract, whose ties begin at another.
func (g *gatherer) known(at, tied int) {
	old := g.old
	g.ties, g.made = g.ties[:0], g.made[:0]
	for i := tied; i < tied+int(old.counts[at]); i++ {
		g.ties = append(g.ties, tie{role: graph.Role(old.roles[i]), node: g.moved[old.nodes[i]]})
	}
	d := document{
		id: old.names[at], day: graph.Date(old.days[at]), inspected: old.marks[at]&markInspected != 0, hit: old.marks[at]&markHit != 0,
		look: Look{Channel: graph.Channel(old.marks[at] >> channelShift), Chapter: old.chapters[at]},
	}
	g.gather(&d)
}

// keep stores the extract of what was scanned, and takes that of the scope before away. Nothing is lost where that fails: the next night
// scans everything.
func (s *scanner) keep(decisions []graph.Decision) error {
	if s.said.kept == nil || len(s.said.lateID)+len(s.linked.lateID) > 0 {
		return nil
	}
	x, cache := s.said.kept, &s.opts.Cache
	s.said.kept = nil
	x.ids, x.listed = s.view.IDs, s.view.Listed
	for id := range s.listed {
		x.aside = append(x.aside, id)
	}
	slices.Sort(x.aside)
	if slices.Contains(x.counts, mostTies) {
		return nil
	}
	key := extractKey(s.view.Scope, decisions, s.opts)
	if err := cache.write(cache.extractPath(key), x.encode(key)); err != nil {
		return err
	}
	if before := s.opts.Before; before != nil {
		if had := extractKey(*before, decisions, s.opts); had != key {
			_ = os.Remove(cache.extractPath(had)) // it is in nobody's way
		}
	}
	return nil
}

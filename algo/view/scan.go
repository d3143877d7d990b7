package view

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rummage/algo/csr"
	"rummage/algo/csr/crew"
	"rummage/graph"
)

// errUnknown is returned when a scan names an entity that the scan of entities did not yield: a store's broken promise.
var errUnknown = errors.New("entity is in no scan of entities")

// progressStep is how many records pass between two calls of Progress.
const progressStep = 1 << 14

// asidePrefix starts the ids of equipment, of which there is one for nearly every consignment.
var asidePrefix = graph.Equipment.String() + "/"

// scanner gathers a view from the three scans.
type scanner struct {
	opts  Options
	view  *View
	index map[graph.ID]uint32 // of record ids, by what they are one with

	// aside leaves equipment out until a tie or link that makes an edge names it; listed has what was listed of it.
	aside    bool
	listed   map[graph.ID]bool
	identity *graph.Identity

	rules  []Rule   // of the kinds that the view has
	reads  [64]bool // roles of ties that something here looks at
	kindOf [64]Edge // roles of links, and the kind of edge that they make

	said, linked *gatherer

	old   *extract // of an earlier scope, when only what is new is scanned
	same  bool     // the extract is of this very scope, so that none need be kept
	moved []uint32 // its nodes' places in the view

	ticking sync.Mutex
	seen    int
}

func newScanner(source Source, decisions []graph.Decision, opts Options) *scanner {
	s := &scanner{
		opts: opts, identity: source.Identity(), listed: make(map[graph.ID]bool),
		view: &View{Scope: source.Scope(), Decided: lastSeq(decisions), Decay: opts.Decay},
	}
	s.choose()
	return s
}

// scan gathers a view, of what is new and of what a view before was made of where that can be, else of everything.
func scan(ctx context.Context, source Source, decisions []graph.Decision, opts Options) (*scanner, error) {
	s, err := rescan(ctx, source, decisions, opts)
	if err != nil {
		return nil, err
	}
	if s == nil {
		s = newScanner(source, decisions, opts)
		if err := s.entities(ctx, source); err != nil {
			return nil, err
		}
		if err := s.records(ctx, source, s.scanned(source)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// finish makes the view of what was gathered.
func (s *scanner) finish(ctx context.Context, decisions []graph.Decision) (*View, error) {
	s.judge(s.said, s.linked, decisions)
	s.index, s.old = nil, nil
	edges := s.join(s.said, s.linked)
	ties, err := csr.Build(ctx, edges, csr.Options{Nodes: len(s.view.IDs), Loops: csr.DropLoops, Threads: s.opts.Threads})
	if err != nil {
		return nil, fmt.Errorf("view: %w", err)
	}
	s.view.Ties = ties
	return s.view, nil
}

// records walks consignments, as walk does, and links, on more than one thread at the same time.
func (s *scanner) records(ctx context.Context, source Source, walk func(ctx context.Context, said *gatherer) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.said, s.linked = newGatherer(s), newGatherer(s)
	want := graph.Want{Properties: []string{}, Fields: []string{}}
	walks := [2]func() error{
		func() error { return walk(ctx, s.said) },
		func() error { return each(source.Links(ctx, want), "links", s.linked.link) },
	}
	var faults [2]error
	// What ends one walk early ends the other, whose error then says no more than that.
	_ = crew.Run(context.WithoutCancel(ctx), crew.Size(s.opts.Threads, 2), len(walks), func(_, piece int) {
		if faults[piece] = walks[piece](); faults[piece] != nil {
			cancel()
		}
	})
	slices.SortStableFunc(faults[:], func(a, b error) int { return telling(b) - telling(a) })
	return faults[0]
}

// scanned walks the scan of consignments.
func (s *scanner) scanned(source Source) func(ctx context.Context, said *gatherer) error {
	want := graph.Want{Properties: []string{}, Fields: []string{}}
	return func(ctx context.Context, said *gatherer) error {
		return ahead(source.Consignments(ctx, want), "consignments", crew.Size(s.opts.Threads, 2), said.pack, said.consignments)
	}
}

// telling says how much an error tells.
func telling(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		return 1
	}
	return 2
}

// choose notes what the kinds of edges asked for are made of.
func (s *scanner) choose() {
	for _, rule := range rules {
		if !slices.Contains(s.opts.Edges, rule.Edge) {
			continue
		}
		s.rules = append(s.rules, rule)
		if rule.Shape == Bought {
			for _, role := range slices.Concat(laneStarts, laneEnds) {
				s.reads[role] = true
			}
		}
		for _, role := range rule.Roles {
			if rule.Shape == Linked {
				s.kindOf[role] = rule.Edge
			} else {
				s.reads[role] = true
			}
		}
	}
	for _, role := range slices.Concat(partyRoles, officeRoles) {
		s.reads[role] = true
	}
	s.aside = !slices.Contains(s.opts.Edges, Equipment)
}

// listing is an entity as the scan of entities shows it.
type listing struct {
	id     graph.ID
	listed bool
}

// entities numbers the clusters and marks those that are listed.
func (s *scanner) entities(ctx context.Context, source graph.Scanner) error {
	var ids, listed []graph.ID
	var others [][2]graph.ID // records that are not the name of their cluster
	var room texts
	want := graph.Want{Properties: []string{}, Fields: []string{}}
	pack := func(into []listing, e *graph.Entity) []listing {
		// A text outlives the record that it was read from; only its memory is shared until it is copied below.
		return append(into, listing{id: e.ID, listed: slices.ContainsFunc(e.Outcomes, func(o graph.Outcome) bool {
			return o.Result.IsHit() || o.Result == graph.Listed
		})})
	}
	take := func(batch []listing) error {
		for _, e := range batch {
			cluster := s.identity.Cluster(e.id)
			if s.aside && strings.HasPrefix(string(cluster), asidePrefix) {
				if e.listed {
					s.listed[graph.ID(strings.Clone(string(cluster)))] = true
				}
				continue
			}
			if e.id == cluster {
				cluster = room.keep(cluster)
			} else {
				others = append(others, [2]graph.ID{room.keep(e.id), cluster})
			}
			ids = append(ids, cluster)
			if e.listed {
				listed = append(listed, cluster)
			}
		}
		s.tick(len(batch))
		return nil
	}
	if err := ahead(source.Entities(ctx, want), "entities", crew.Size(s.opts.Threads, 2), pack, take); err != nil {
		return err
	}
	if s.old != nil {
		ids = append(ids, s.old.ids...)
		for i, is := range s.old.listed {
			if is {
				listed = append(listed, s.old.ids[i])
			}
		}
		for _, id := range s.old.aside {
			s.listed[id] = true
		}
	}
	s.number(ids, others, listed)
	s.move()
	return nil
}

// move finds where the nodes of the extract are now.
func (s *scanner) move() {
	if s.old == nil {
		return
	}
	s.moved = make([]uint32, len(s.old.ids))
	at := 0
	for i, id := range s.old.ids {
		for s.view.IDs[at] != id {
			at++
		}
		s.moved[i] = uint32(at)
	}
}

// number gives every cluster its rank.
func (s *scanner) number(ids []graph.ID, others [][2]graph.ID, listed []graph.ID) {
	if !slices.IsSortedFunc(ids, compareIDs) {
		slices.SortFunc(ids, compareIDs)
	}
	v := s.view
	v.IDs = slices.Clip(slices.Compact(ids))
	v.Listed, v.Service = make([]bool, len(v.IDs)), make([]bool, len(v.IDs))
	s.index = make(map[graph.ID]uint32, len(v.IDs)+len(others))
	for u, id := range v.IDs {
		s.index[id] = uint32(u)
		if strings.HasPrefix(string(id), partyPrefix) {
			v.Parties++
		}
	}
	for _, one := range others {
		s.index[one[0]] = s.index[one[1]]
	}
	for _, id := range listed {
		v.Listed[s.index[id]] = true
	}
}

var partyPrefix = graph.Party.String() + "/"

// texts keeps ids behind one another in large pieces of memory, of which there are fewer than ids.
type texts struct{ piece strings.Builder }

func (t *texts) keep(id graph.ID) graph.ID {
	if t.piece.Cap()-t.piece.Len() < len(id) {
		t.piece = strings.Builder{}
		t.piece.Grow(max(1<<16, len(id)))
	}
	start := t.piece.Len()
	t.piece.WriteString(string(id))
	return graph.ID(t.piece.String()[start:])
}

// tick counts records; scans may call it at the same time.
func (s *scanner) tick(records int) {
	s.ticking.Lock()
	defer s.ticking.Unlock()
	had := s.seen
	s.seen += records
	if s.opts.Progress != nil && had/progressStep != s.seen/progressStep {
		s.opts.Progress(s.seen)
	}
}

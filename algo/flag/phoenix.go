package flag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rummage/algo/stat"
	"rummage/algo/view"
	"rummage/graph"
)

// Former is the network that another one continues under other party ids, and why that is believed. It is a reason to read both files
// together, and no proof that the same people stand behind them.
//
// A network continues a former one when it began to trade in the later half of the former's time, no earlier than a month before that had
// ended or was first flagged, and no later than a year after; when at least two rare things are the same, of which one is a member, an identifier or a name that
// is alike, for partners and ports alone make nobody another; and when so many things in common are no chance: P, times the pairs of
// networks that were compared, is at most 1 %.
type Former struct {
	Network graph.ID `json:"network"`

	// P is the chance that as many of what is rare around both would be the same, were it drawn from everything as rare
	// (hypergeometric); Pairs is how many pairs of networks were compared.
	P     Number `json:"p"`
	Pairs int    `json:"pairs"`

	Ended graph.Date `json:"ended"` // day by which half of the former's members had traded for the last time
	Began graph.Date `json:"began"` // day by which half of its own had traded for the first time

	Shared []Trait    `json:"shared"`
	Alike  []Namesake `json:"alike"`

	// Ports that both used, of those that it uses. They are told, and count for nothing.
	Ports   int `json:"ports"`
	PortsOf int `json:"ports_of"`

	Reasons []string `json:"reasons"`
}

// Trait is something rare that stands at both networks.
type Trait struct {
	ID    graph.ID `json:"id"`
	Kind  string   `json:"kind"` // member, identifier, partner or forwarder
	Name  string   `json:"name"`
	Users int      `json:"users"` // ties of that kind in all
}

// Namesake is a member whose name is like that of a member of the former network.
type Namesake struct {
	Was     graph.ID `json:"was"`
	WasName string   `json:"was_name"`
	Is      graph.ID `json:"is"`
	IsName  string   `json:"is_name"`
}

// Bounds of the search for former networks.
const (
	formerEarly  = 30  // days that it may begin before the former ended
	formerLate   = 365 // and after
	formerThings = 2   // in common
	formerChance = 0.01
	rareTies     = 10 // ties of all kinds that something rare may have, in multiples of the users of a rare identifier
)

func (f *Former) text() string {
	return "was " + string(f.Network) + ": " + strings.Join(f.Reasons, "; ")
}

// persona is a network, of this run or of an earlier one, as the search for former networks sees it.
type persona struct {
	id     graph.ID
	kase   graph.ID
	since  graph.Date
	place  int // in the result's networks; -1 for a track
	nodes  []uint32
	traits []trait
	ports  []uint32

	dated        bool
	began, ended graph.Date
}

// trait is a node that is rare, and what it is to a network.
type trait struct {
	node uint32
	edge view.Edge // NoEdge for a member
}

// formers finds which networks continue a former one under other names.
func (a *Analysis) formers(ctx context.Context, reader Reader, r *Result, gone []Track, opts *Options) error {
	s := seeker{a: a, ctx: ctx, reader: reader, alike: opts.Alike, names: namer{ctx: ctx, finder: reader, known: make(map[graph.ID]string)}}
	s.gather(r.Networks, gone, reader.Identity())
	type pair struct {
		young, old int
		f          *Former
		things     int
	}
	var pairs []pair
	for y := range s.all {
		if !s.open(r.Networks, y) {
			continue
		}
		for o := range s.all {
			if o == y || s.all[o].kase == s.all[y].kase {
				continue
			}
			pairs = append(pairs, pair{young: y, old: o})
		}
	}
	var found []pair
	for _, p := range pairs {
		f, err := s.compare(&s.all[p.young], &s.all[p.old], len(pairs))
		if err != nil {
			return err
		}
		if f != nil {
			found = append(found, pair{p.young, p.old, f, len(f.Shared) + len(f.Alike)})
		}
	}
	slices.SortStableFunc(found, func(x, y pair) int {
		return cmp.Or(cmp.Compare(s.all[x.young].began, s.all[y.young].began), strings.Compare(string(s.all[x.young].id), string(s.all[y.young].id)),
			cmp.Compare(x.f.P, y.f.P), cmp.Compare(y.things, x.things), strings.Compare(string(s.all[x.old].id), string(s.all[y.old].id)))
	})
	for _, p := range found {
		young, old := &s.all[p.young], &s.all[p.old]
		n := &r.Networks[young.place]
		if n.Former != nil || old.kase == young.kase {
			continue
		}
		n.Former, n.found = p.f, true
		if n.State == New {
			n.State, n.Change = Phoenix, p.f.text()
		}
		s.adopt(r.Networks, young.kase, old.kase)
	}
	return nil
}

// seeker looks for former networks.
type seeker struct {
	a      *Analysis
	ctx    context.Context
	reader Reader
	alike  func(a, b string) bool
	names  namer
	all    []persona
	rare   int // nodes that could be a trait
}

// gather lists the networks of the run and the tracks that it has not.
func (s *seeker) gather(networks []Network, gone []Track, identity *graph.Identity) {
	for i := range networks {
		n := &networks[i]
		s.add(persona{id: n.ID, kase: n.Case, since: n.Since, place: i, nodes: n.nodes})
	}
	for i := range gone {
		t := &gone[i]
		if t.State == Merged {
			continue
		}
		var nodes []uint32
		for _, record := range t.Records {
			if v, shown := s.a.View.Node(identity.Cluster(record)); shown {
				nodes = append(nodes, v)
			}
		}
		slices.Sort(nodes)
		s.add(persona{id: t.ID, kase: cmp.Or(t.Case, t.ID), since: t.Since, place: -1, nodes: slices.Compact(nodes)})
	}
	if len(s.all) < 2 {
		return
	}
	for v := range uint32(s.a.Trade.Nodes) {
		if kind := s.a.View.IDs[v].Kind(); kind != graph.Place && s.isRare(v) {
			s.rare++
		}
	}
}

func (s *seeker) add(p persona) {
	for _, v := range p.nodes {
		p.traits = append(p.traits, trait{v, view.NoEdge})
		types := s.a.View.Ties.Types(v)
		for i, z := range s.a.View.Ties.Neighbours(v) {
			switch e := view.Edge(types[i]); {
			case contains(p.nodes, z):
			case e == view.Port:
				p.ports = append(p.ports, z)
			case (e == view.Identifier || e == view.Partner || e == view.Forwarder) && s.isRare(z) && s.a.degree(z, e) <= s.a.Settings.RareUsers:
				p.traits = append(p.traits, trait{z, e})
			}
		}
	}
	slices.Sort(p.ports)
	p.ports = slices.Compact(p.ports)
	slices.SortFunc(p.traits, func(x, y trait) int { return cmp.Or(cmp.Compare(x.node, y.node), cmp.Compare(x.edge, y.edge)) })
	p.traits = slices.CompactFunc(p.traits, func(x, y trait) bool { return x.node == y.node })
	s.all = append(s.all, p)
}

// isRare says whether a node has ties, no more than something rare may have, and serves nobody.
func (s *seeker) isRare(v uint32) bool {
	d := s.a.View.Ties.Degree(v)
	return d > 0 && d <= rareTies*s.a.Settings.RareUsers && !s.a.Trade.IsService(v)
}

// open says whether a network may turn out to continue another: none is known that it continues, and nothing that it split from.
func (s *seeker) open(networks []Network, at int) bool {
	p := &s.all[at]
	return p.place >= 0 && networks[p.place].Former == nil && p.kase == p.id
}

// adopt puts everything of a case into another.
func (s *seeker) adopt(networks []Network, from, to graph.ID) {
	for i := range s.all {
		if p := &s.all[i]; p.kase == from {
			p.kase = to
			if p.place >= 0 {
				networks[p.place].Case = to
			}
		}
	}
}

// compare returns why one network continues another, nil where it does not.
func (s *seeker) compare(young, old *persona, pairs int) (*Former, error) {
	var common []trait
	rare := 0 // that are more than partners
	for i, j := 0, 0; i < len(young.traits) && j < len(old.traits); {
		switch x, y := young.traits[i], old.traits[j]; {
		case x.node < y.node:
			i++
		case x.node > y.node:
			j++
		default:
			x.edge = min(x.edge, y.edge) // a member of either, before all
			if x.edge == view.NoEdge || x.edge == view.Identifier || y.edge == view.Identifier {
				rare++
			}
			common, i, j = append(common, x), i+1, j+1
		}
	}
	p := stat.HypergeometricUpper(max(s.rare, len(young.traits), len(old.traits)), len(old.traits), len(young.traits), len(common))
	if len(common) == 0 || p*float64(pairs) > formerChance {
		return nil, nil //nolint:nilnil // it does not
	}
	if follows, err := s.follows(young, old); err != nil || !follows {
		return nil, err
	}
	f := &Former{
		Network: old.id, P: Number(p), Pairs: pairs, Ended: old.ended, Began: young.began, Shared: []Trait{}, Alike: []Namesake{},
		Ports: overlap(young.ports, old.ports), PortsOf: len(young.ports), Reasons: []string{},
	}
	if err := s.namesakes(f, young, old); err != nil {
		return nil, err
	}
	if len(common)+len(f.Alike) < formerThings || rare+len(f.Alike) == 0 {
		return nil, nil //nolint:nilnil // it does not
	}
	for _, t := range common {
		f.Shared = append(f.Shared, s.tell(t))
	}
	slices.SortStableFunc(f.Shared, func(x, y Trait) int { return cmp.Compare(traitOrder[x.Kind], traitOrder[y.Kind]) })
	f.reason()
	return f, s.names.err
}

// traitOrder puts what says most first.
var traitOrder = map[string]int{"member": 0, "identifier": 1, "partner": 2, "forwarder": 3}

func (s *seeker) tell(t trait) Trait {
	id := s.a.View.IDs[t.node]
	told := Trait{ID: id, Kind: t.edge.String(), Name: s.names.of(id), Users: s.a.View.Ties.Degree(t.node)}
	if t.edge == view.NoEdge {
		told.Kind = "member"
	} else {
		told.Users = s.a.degree(t.node, t.edge)
	}
	return told
}

// reason puts into words what is the same.
func (f *Former) reason() {
	partners, forwarders := 0, 0
	for i := range f.Shared {
		switch t := &f.Shared[i]; t.Kind {
		case "member":
			f.Reasons = append(f.Reasons, t.Name+" is of one and deals with the other")
		case "identifier":
			f.Reasons = append(f.Reasons, fmt.Sprintf("both have %s %s, of %s in all", article(t.ID.Kind().String()), t.Name, counted(t.Users, "user")))
		case "partner":
			partners++
		default:
			forwarders++
		}
	}
	if partners > 0 {
		f.Reasons = append(f.Reasons, counted(partners, "partner")+" in common")
	}
	if forwarders > 0 {
		f.Reasons = append(f.Reasons, counted(forwarders, "forwarder")+" in common")
	}
	for _, n := range f.Alike {
		f.Reasons = append(f.Reasons, fmt.Sprintf("%s is named like %s", n.IsName, n.WasName))
	}
	if f.Ports > 0 {
		verb := "were"
		if f.Ports == 1 {
			verb = "was"
		}
		f.Reasons = append(f.Reasons, fmt.Sprintf("%d of its %s %s the former's", f.Ports, counted(f.PortsOf, "port"), verb))
	}
	f.Reasons = append(f.Reasons, fmt.Sprintf("began %s, when the other had ended %s", f.Began, f.Ended))
}

// namesakes notes members whose names are alike, each once, in the order of ids.
func (s *seeker) namesakes(f *Former, young, old *persona) error {
	if s.alike == nil {
		return nil
	}
	taken := make(map[uint32]bool)
	for _, v := range young.nodes {
		is := s.names.of(s.a.View.IDs[v])
		for _, u := range old.nodes {
			was := s.names.of(s.a.View.IDs[u])
			if s.names.err != nil {
				return s.names.err
			}
			if u == v || taken[u] || !s.alike(was, is) {
				continue
			}
			taken[u] = true
			f.Alike = append(f.Alike, Namesake{s.a.View.IDs[u], was, s.a.View.IDs[v], is})
			break
		}
	}
	return nil
}

// follows says whether one began about when the other had ended, or been flagged.
func (s *seeker) follows(young, old *persona) (bool, error) {
	for _, p := range []*persona{young, old} {
		if err := s.date(p); err != nil {
			return false, err
		}
	}
	end := old.ended
	if old.since != graph.NoDate && old.since < end {
		end = old.since
	}
	if young.began == graph.NoDate || end == graph.NoDate {
		return false, nil
	}
	middle := old.began + (old.ended-old.began)/2
	return young.began > middle && young.began >= end-formerEarly && young.began <= end+formerLate, nil
}

// date finds the days between which a network traded: those by which half of its members had begun, and half had ended.
func (s *seeker) date(p *persona) error {
	if p.dated {
		return nil
	}
	p.dated = true
	var first, last []graph.Date
	for _, v := range p.nodes {
		began, ended, err := s.traded(s.a.View.IDs[v])
		if err != nil {
			return err
		}
		if began != graph.NoDate {
			first, last = append(first, began), append(last, ended)
		}
	}
	if len(first) == 0 {
		return nil
	}
	slices.Sort(first)
	slices.Sort(last)
	p.began, p.ended = first[(len(first)-1)/2], last[(len(last)-1)/2]
	return nil
}

// mostBeside is how many of an entity's neighbours are asked when it traded; those with most records come first.
const mostBeside = 1000

// traded are the first and last day of the consignments that an entity stands in.
func (s *seeker) traded(id graph.ID) (first, last graph.Date, err error) {
	roles := slices.DeleteFunc(graph.Roles(), graph.Role.IsLink)
	beside, err := s.reader.Neighbours(s.ctx, graph.NeighbourQuery{ID: id, Roles: roles, Limit: mostBeside})
	if err != nil {
		return first, last, fmt.Errorf("flag: when %s traded: %w", id, err)
	}
	for _, n := range beside {
		if n.First != graph.NoDate && (first == graph.NoDate || n.First < first) {
			first = n.First
		}
		last = max(last, n.Last)
	}
	return first, last, nil
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"rummage/graph"
	"rummage/graph/sqlite"
	"rummage/ingest"
	"rummage/ingest/ident"
	"rummage/ingest/mapping"
	"rummage/resolve"
)

// mapped screens the parties of a file that a mapping knows: the file is read into a store to throw away, and every party there is
// compared once, with all that the file says of it. It reports false, having done nothing, where no mapping knows the file and none
// was named.
func (s *screening) mapped(ctx context.Context, d *desk, reading ingest.Options) (done bool, err error) {
	dir, err := os.MkdirTemp("", "rummage-screen-")
	if err != nil {
		return false, fmt.Errorf("screen: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := sqlite.Open(ctx, filepath.Join(dir, "screen.db"), sqlite.Options{Create: true, Holder: d.called})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	reading.NoEvidence, reading.Now = true, d.clock
	reading.Progress = func(p ingest.Progress) { d.bringing(p, "") }
	report, err := ingest.Run(ctx, store, []string{s.opts.file}, reading)
	switch named := reading.Mapping != nil || reading.Library != nil; {
	case err != nil && !named && errors.Is(err, mapping.ErrUnrecognised):
		return false, nil
	case err != nil:
		return false, ingestError(err)
	}
	for _, f := range report.Files {
		s.answer.Rows += int(f.Source.Rows)
		s.answer.Unread += int(f.Source.Quarantined)
		if !slices.Contains(s.answer.Mappings, f.Source.Mapping) {
			s.answer.Mappings = append(s.answer.Mappings, f.Source.Mapping)
		}
	}
	reader, err := store.Within(ctx, graph.Scope{})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	return true, s.all(ctx, reader)
}

// all screens every party of a scope, and every other thing that a listed party of the store is linked to.
func (s *screening) all(ctx context.Context, reader graph.Reader) error {
	rows, roles, err := placesOf(ctx, reader)
	if err != nil {
		return err
	}
	parties, err := partiesIn(ctx, reader)
	if err != nil {
		return err
	}
	numbers, err := s.filed(ctx, reader)
	if err != nil {
		return err
	}
	for i := range parties {
		p := &parties[i]
		s.party(rows[p.ID], roles[p.ID], *p, append(numbersAmong(p.Names), numbers[p.ID]...)...)
		if err := s.full(ctx); err != nil {
			return err
		}
	}
	for i := range s.subscribers {
		p := &s.subscribers[i]
		if i == 0 || s.subscribers[i-1].party.ID != p.party.ID {
			s.party(p.row, p.role, resolve.Party{ID: p.party.ID}, numbers[p.party.ID]...)
		}
		s.party(p.row, p.role, p.party, numbersAmong(p.party.Names)...)
		if err := s.full(ctx); err != nil {
			return err
		}
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	var things []graph.ID
	for id := range rows {
		if len(s.things[id]) > 0 {
			things = append(things, id)
		}
	}
	slices.SortFunc(things, func(a, b graph.ID) int {
		return cmp.Or(cmp.Compare(rows[a], rows[b]), cmp.Compare(a, b))
	})
	for _, id := range things {
		s.thing(rows[id], roles[id], id)
	}
	return nil
}

// full screens the parties noted once there are enough of them.
func (s *screening) full(ctx context.Context) error {
	if len(s.open) < mostOpen {
		return nil
	}
	return s.settle(ctx)
}

// filed gathers the numbers that the facts of a file give its parties, and their papers, and whom it
// names as subscribers of telephones.
func (s *screening) filed(ctx context.Context, reader graph.Reader) (map[graph.ID][]spelt, error) {
	numbers := map[graph.ID][]spelt{}
	s.papers = map[graph.ID]papers{}
	want := graph.Want{Properties: append(numberProperties(), graph.PropertyAlias), Origins: true}
	if len(s.secret.known) > 0 {
		want.Properties = nil // such a number may stand under any name
	}
	for e, err := range reader.Entities(ctx, want) {
		if err != nil {
			return nil, fmt.Errorf("screen: %w", err)
		}
		switch e.ID.Kind() {
		case graph.Party:
		case graph.Phone:
			s.subscriber(e)
		default:
			continue
		}
		for _, pseudonym := range slices.Sorted(maps.Keys(secretsOf(e))) {
			numbers[e.ID] = append(numbers[e.ID], s.secret.among(pseudonym)...)
		}
		for i := range e.Facts {
			f := &e.Facts[i]
			if kind := numberFacts[f.Property]; kind != "" {
				numbers[e.ID] = append(numbers[e.ID], spelt{text: f.Value, key: keyOf(f.Value), kinds: []string{kind}})
			}
		}
		if p := papersOf(e.Facts); len(p) > 0 {
			s.papers[e.ID] = p
		}
	}
	return numbers, nil
}

// subscriber notes whom the facts of a telephone name: each name may be somebody else's.
func (s *screening) subscriber(e *graph.Entity) {
	for i := range e.Facts {
		f := &e.Facts[i]
		if f.Property != graph.PropertyName && f.Property != graph.PropertyAlias || len(f.Origins) == 0 {
			continue
		}
		s.subscribers = append(s.subscribers, asked{row: f.Origins[0].Row, role: "subscriber", party: resolve.Party{ID: e.ID, Names: []string{f.Value}}})
	}
}

// thing tells that a file names what listed parties are linked to, such as their ship.
func (s *screening) thing(row int64, role string, id graph.ID) {
	s.answer.Screened++
	s.answer.Matched++ // it is here since somebody listed is linked to it
	for _, listed := range s.things[id] {
		s.answer.Hits++
		if s.opts.limit > 0 && len(s.answer.Matches) >= s.opts.limit {
			continue
		}
		s.answer.Matches = append(s.answer.Matches, screenRow{
			Row: row, Role: role, Name: id.Label(), Score: 1, ID: listed.id, Listed: listed.name,
			Reasons: []pairReason{{Feature: "number", Text: string(id) + " is linked to the listed"}}, Conflicts: []string{}, Against: []string{}, Judged: []judgedRow{},
		})
	}
}

// listedParty is whom a list names.
type listedParty struct {
	id   graph.ID
	name string
}

// listedThings lists what listed parties are linked to, and whom: ships and numbers.
func listedThings(ctx context.Context, reader graph.Reader, parties []resolve.Party) (map[graph.ID][]listedParty, error) {
	listed := map[graph.ID]*resolve.Party{}
	for i := range parties {
		if parties[i].Listed {
			listed[parties[i].ID] = &parties[i]
		}
	}
	things := map[graph.ID][]listedParty{}
	for link, err := range reader.Links(ctx, graph.Want{Fields: []string{}}) {
		if err != nil {
			return nil, fmt.Errorf("screen: %w", err)
		}
		from, to := reader.Identity().Cluster(link.From), reader.Identity().Cluster(link.To)
		if listed[from] == nil {
			from, to = to, from
		}
		p := listed[from]
		if kind := to.Kind(); p == nil || kind != graph.Vessel && kind != graph.Identifier {
			continue
		}
		one := listedParty{p.ID, calledOr(p)}
		if !slices.Contains(things[to], one) {
			things[to] = append(things[to], one)
		}
	}
	return things, nil
}

// placesOf lists the first row that names each entity, and the first role that it has in a consignment.
func placesOf(ctx context.Context, reader graph.Reader) (rows map[graph.ID]int64, roles map[graph.ID]string, err error) {
	rows, roles = map[graph.ID]int64{}, map[graph.ID]string{}
	first := map[graph.ID]graph.Role{}
	note := func(id graph.ID, origins []graph.Origin) {
		for _, o := range origins {
			if had, known := rows[id]; !known || o.Row < had {
				rows[id] = o.Row
			}
		}
	}
	for entity, err := range reader.Entities(ctx, graph.Want{Origins: true}) {
		if err != nil {
			return nil, nil, fmt.Errorf("screen: %w", err)
		}
		for i := range entity.Facts {
			note(entity.ID, entity.Facts[i].Origins)
		}
	}
	for c, err := range reader.Consignments(ctx, graph.Want{Fields: []string{}, Origins: true}) {
		if err != nil {
			return nil, nil, fmt.Errorf("screen: %w", err)
		}
		for i := range c.Current {
			for _, t := range c.Current[i].Ties {
				note(t.Entity, c.Current[i].Origins)
				if had := first[t.Entity]; had == graph.NoRole || t.Role < had {
					first[t.Entity] = t.Role
				}
			}
		}
	}
	for link, err := range reader.Links(ctx, graph.Want{Fields: []string{}, Origins: true}) {
		if err != nil {
			return nil, nil, fmt.Errorf("screen: %w", err)
		}
		note(link.From, link.Origins)
		note(link.To, link.Origins)
	}
	for id, role := range first {
		roles[id] = role.String()
	}
	return rows, roles, nil
}

// countryCode is the code of a country that is named, since countries are weighed by their codes; other text stays as it is.
func countryCode(text string) string {
	if r := ident.CountryNamed(text); r.Mark == ident.Fine {
		return r.Value
	}
	return text
}

// partiesIn reads the parties of a scope with their countries as codes, since lists and registers name them in words of many languages.
func partiesIn(ctx context.Context, reader graph.Reader) ([]resolve.Party, error) {
	parties, err := resolve.Gather(ctx, reader)
	for i := range parties {
		for k, text := range parties[i].Countries {
			parties[i].Countries[k] = countryCode(text)
		}
		slices.Sort(parties[i].Countries)
		parties[i].Countries = slices.Compact(parties[i].Countries)
	}
	return parties, err
}

// Package viewtest holds a scope in memory, and reads worlds of fixtures into it, for tests of whatever is made from a view. It
// must not be imported by anything but tests.
package viewtest

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"rummage/graph"
)

// Scope is what a reader shows, held in slices that the scans put in order.
type Scope struct {
	Range   graph.Scope
	Records []graph.Entity
	Trade   []graph.Consignment
	Tied    []graph.Link
	Said    []graph.Decision
}

// Scope returns the scope, as resolved.
func (s *Scope) Scope() graph.Scope { return s.Range }

// Identity returns the clusters by what was said.
func (s *Scope) Identity() *graph.Identity { return graph.NewIdentity(s.Said) }

// Decisions returns everything that was said.
func (s *Scope) Decisions(context.Context, graph.ID) ([]graph.Decision, error) { return s.Said, nil }

// Entities yields every entity that has a record of its own or that a tie or link names.
func (s *Scope) Entities(context.Context, graph.Want) iter.Seq2[*graph.Entity, error] {
	all := make(map[graph.ID]graph.Entity)
	for i := range s.Trade {
		for _, statement := range s.Trade[i].Current {
			for _, tie := range statement.Ties {
				all[tie.Entity] = graph.Entity{ID: tie.Entity}
			}
		}
	}
	for i := range s.Tied {
		all[s.Tied[i].From] = graph.Entity{ID: s.Tied[i].From}
		all[s.Tied[i].To] = graph.Entity{ID: s.Tied[i].To}
	}
	for _, e := range s.Records {
		all[e.ID] = e
	}
	entities := make([]graph.Entity, 0, len(all))
	for _, e := range all {
		entities = append(entities, e)
	}
	return inOrder(entities, func(a, b *graph.Entity) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

// Consignments yields them by id.
func (s *Scope) Consignments(context.Context, graph.Want) iter.Seq2[*graph.Consignment, error] {
	return inOrder(slices.Clone(s.Trade), func(a, b *graph.Consignment) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

// Links yields them by their ends.
func (s *Scope) Links(context.Context, graph.Want) iter.Seq2[*graph.Link, error] {
	return inOrder(slices.Clone(s.Tied), func(a, b *graph.Link) int {
		return strings.Compare(fmt.Sprint(a.From, "\x00", a.Role, "\x00", a.To), fmt.Sprint(b.From, "\x00", b.Role, "\x00", b.To))
	})
}

func inOrder[T any](records []T, compare func(a, b *T) int) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		slices.SortStableFunc(records, func(a, b T) int { return compare(&a, &b) })
		for i := range records {
			if !yield(&records[i], nil) {
				return
			}
		}
	}
}

// Declare adds a consignment with its ties, and what an inspection found unless that is NoResult.
func (s *Scope) Declare(number string, day graph.Date, result graph.Result, ties ...graph.Tie) {
	id := graph.NewID(graph.KindConsignment, "test", number)
	slices.SortFunc(ties, func(a, b graph.Tie) int {
		if a.Role != b.Role {
			return int(a.Role) - int(b.Role)
		}
		return strings.Compare(string(a.Entity), string(b.Entity))
	})
	c := graph.Consignment{ID: id, Current: []graph.Statement{{Consignment: id, View: graph.Declaration, Date: day, Ties: ties}}}
	if result != graph.NoResult {
		c.Outcomes = []graph.Outcome{{Subject: id, Result: result, Date: day}}
	}
	s.Trade = append(s.Trade, c)
}

// PartyID is the id under which World knows a party of its files.
func PartyID(name string) graph.ID { return graph.NewID(graph.Party, "world", name) }

// Open opens a file of fixtures by name; fixtures.Open is one.
type Open func(name string) (io.ReadCloser, error)

// World reads one of the worlds of fixtures: who imported what from whom, by which forwarder, through which port; addresses;
// what inspections found.
func World(open Open, name string) (*Scope, error) {
	rows, err := Table(open, "worlds/"+name+"/consignments.csv.gz")
	if err != nil {
		return nil, err
	}
	s := &Scope{Range: graph.Scope{Sources: []graph.SourceID{graph.SourceID("s-" + name)}, Until: 800000}}
	for _, row := range rows {
		day, err := strconv.Atoi(row["day"])
		if err != nil {
			return nil, fmt.Errorf("viewtest: %s: %w", name, err)
		}
		result := graph.NoResult
		switch row["inspected"] + row["hit"] {
		case "10":
			result = graph.Clear
		case "11":
			result = graph.Hit
		}
		s.Declare(row["number"], graph.Date(730000+day), result,
			graph.Tie{Role: graph.Exporter, Entity: PartyID(row["exporter"])},
			graph.Tie{Role: graph.Importer, Entity: PartyID(row["importer"])},
			graph.Tie{Role: graph.Forwarder, Entity: PartyID(row["forwarder"])},
			graph.Tie{Role: graph.Discharge, Entity: graph.NewID(graph.Place, row["port"])})
	}
	rows, err = Table(open, "worlds/"+name+"/addresses.csv.gz")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		s.Tied = append(s.Tied, graph.Link{Role: graph.RegisteredAt, From: PartyID(row["party"]), To: graph.NewID(graph.Address, row["address"])})
	}
	return s, nil
}

// Table reads a CSV file of fixtures, each row by the names of its header.
func Table(open Open, name string) ([]map[string]string, error) {
	file, err := open(name)
	if err != nil {
		return nil, fmt.Errorf("viewtest: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	all, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("viewtest: %s: %w", name, err)
	}
	rows := make([]map[string]string, 0, len(all))
	for _, cells := range all[1:] {
		row := make(map[string]string, len(cells))
		for i, cell := range cells {
			row[all[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows, nil
}

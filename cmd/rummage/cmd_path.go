package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rummage/algo/explore"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type pathOptions struct {
	scopeFlags
	ends    []graph.ID
	k       int
	walk    explore.Options
	through []string
}

// support is one record behind a tie, with the first row that states it.
type support struct {
	ID     string `json:"id"` // what rummage why takes
	Source string `json:"source"`
	Row    int64  `json:"row"`
}

// step is one entity of a path and the tie that leads to it.
type pathStep struct {
	ID      graph.ID   `json:"id"`
	Name    string     `json:"name"`
	Role    string     `json:"role"`
	Before  string     `json:"role_before"`
	Date    graph.Date `json:"date"`
	Records []support  `json:"records"`
}

type pathRow struct {
	Length int        `json:"length"`
	Steps  []pathStep `json:"steps"`
}

// hubRow is an entity that was not passed through.
type hubRow struct {
	ID         graph.ID `json:"id"`
	Name       string   `json:"name"`
	Neighbours int64    `json:"neighbours"`
	Followed   int      `json:"followed"`
}

// pathAnswer is what rummage path says.
type pathAnswer struct {
	Paths    []pathRow    `json:"paths"`
	Groups   [][]graph.ID `json:"groups,omitempty"`
	Complete bool         `json:"complete"`
	Looked   int          `json:"looked"`
	Hubs     []hubRow     `json:"hubs"`

	ends    []graph.ID
	depth   int
	through []string
}

func newPathCommand(d *desk) *cobra.Command {
	var opts pathOptions
	c := &cobra.Command{
		Use:   "path FROM TO [MORE...]",
		Short: "The shortest ways between two entities, or what connects several",
		Long: "Finds the shortest ways between two entities over the consignments that they share and the links\n" +
			"between them, with the rows that each step stands on. Of equally long ways that through the rarer\n" +
			"entities comes first. With three entities or more it finds a small tree that connects them all.\n\n" +
			"Places, routes and commodities connect everything with everything, so they are not passed through\n" +
			"unless --through says so, nor are entities with more neighbours than --hub; what was left out is told.\n" +
			"Instead of an id a number or name will do that is the whole one of a single thing.",
		Example: "  rummage path party/ofac/36 party/ofac/173 --k 2\n  rummage path party/a party/b party/c --through party --through address",
		Args:    atLeast(2, "FROM", "TO"),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, arg := range args {
				opts.ends = append(opts.ends, graph.ID(arg))
			}
			return runPath(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().IntVar(&opts.k, "k", 3, "number of ways to list between two entities")
	c.Flags().IntVar(&opts.walk.Depth, "depth", explore.DefaultDepth, "most ties in a way, 1 to 20")
	c.Flags().Int64Var(&opts.walk.Hub, "hub", explore.DefaultHub, "do not pass through an entity with more neighbours")
	c.Flags().IntVar(&opts.walk.Budget, "budget", explore.DefaultBudget, "most entities to look at")
	c.Flags().StringArrayVar(&opts.through, "through", nil, "pass only through this `kind` of entity, or all (repeatable)")
	return c
}

// check reads what the flags say.
func (o *pathOptions) check() error {
	if o.k < 1 || o.k > 1000 || o.walk.Depth < 1 || o.walk.Depth > 20 || o.walk.Hub < 1 || o.walk.Budget < 1 {
		return exit.Usagef("path: want --k from 1 to 1000, --depth from 1 to 20, --hub and --budget of at least 1")
	}
	for _, name := range o.through {
		if name == "all" {
			o.walk.Through = graph.Kinds()
			return nil
		}
		kind, err := graph.ParseKind(name)
		if err != nil {
			return exit.With(exit.Usage, err, "rummage path --help")
		}
		o.walk.Through = append(o.walk.Through, kind)
	}
	return nil
}

func runPath(ctx context.Context, d *desk, opts pathOptions) error {
	if err := opts.check(); err != nil {
		return err
	}
	opts.walk.Progress = func(done, total int64) { d.meter.Step("entities", done, total) }
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) (err error) {
		for i, end := range opts.ends {
			if opts.ends[i], err = a.named(ctx, string(end)); err != nil {
				return err
			}
		}
		if err := entityOnly(opts.ends...); err != nil {
			return err
		}
		var found explore.Result
		if len(opts.ends) == 2 {
			found, err = explore.Paths(ctx, a, explore.Query{From: opts.ends[0], To: opts.ends[1], K: opts.k, Options: opts.walk})
		} else {
			found, err = explore.Connect(ctx, a, opts.ends, opts.walk)
		}
		if errors.Is(err, explore.ErrEnds) {
			return exit.With(exit.Usage, err, "")
		}
		if err != nil {
			return err
		}
		return d.answer(a.pathAnswer(found, opts))
	})
}

func (a *archive) pathAnswer(found explore.Result, opts pathOptions) pathAnswer {
	answer := pathAnswer{
		Paths: []pathRow{}, Groups: found.Groups, Complete: found.Complete, Looked: found.Looked, Hubs: []hubRow{},
		ends: opts.ends, depth: opts.walk.Depth, through: opts.through,
	}
	for _, p := range found.Paths {
		row := pathRow{Length: p.Length()}
		for _, s := range p.Steps {
			step := pathStep{ID: s.ID, Name: s.Name, Role: s.Role.String(), Before: s.Before.String(), Date: s.Date, Records: []support{}}
			for i := range s.Records {
				step.Records = append(step.Records, a.support(&s.Records[i]))
			}
			row.Steps = append(row.Steps, step)
		}
		answer.Paths = append(answer.Paths, row)
	}
	for _, h := range found.Hubs {
		answer.Hubs = append(answer.Hubs, hubRow{ID: h.ID, Name: h.Name, Neighbours: h.Neighbours, Followed: h.Followed})
	}
	return answer
}

// support names a record and the first row that states it.
func (a *archive) support(c *graph.Connection) support {
	s := support{ID: string(c.Consignment)}
	if c.Link != nil {
		s.ID = tieText(c.Link.From, c.Link.Role, c.Link.To)
	}
	if len(c.Origins) > 0 {
		s.Source, s.Row = a.nameOf(c.Origins[0].Source), c.Origins[0].Row
	}
	return s
}

// nameOf is the file name of a source.
func (a *archive) nameOf(id graph.SourceID) string {
	if s := a.sources[id]; s != nil {
		return s.Title()
	}
	return string(id)
}

// tieText is a tie or link as rummage why takes it.
func tieText(from graph.ID, role graph.Role, to graph.ID) string {
	return string(from) + " " + role.String() + " " + string(to)
}

// Print shows each way as a table, then what was left out.
func (a pathAnswer) Print(page *output.Page) {
	grid := output.NewGrid("path>", "step>", "role", "id", "name", "date", "rows")
	for i, p := range a.Paths {
		for j, s := range p.Steps {
			rows := make([]rowRef, 0, len(s.Records))
			for _, r := range s.Records {
				rows = append(rows, rowRef{Source: r.Source, Row: r.Row})
			}
			role := s.Role
			if s.Before != "" {
				role = s.Before + " > " + s.Role
			}
			grid.Add(fmt.Sprint(i+1), fmt.Sprint(j), role, string(s.ID), s.Name, s.Date.String(), rowsText(rows))
		}
	}
	page.Rows(grid)
	if len(a.Paths) == 0 {
		page.Say("no way of at most %d ties", a.depth)
	}
	for _, group := range a.Groups {
		if len(a.Groups) > 1 {
			page.Say("hang together: %s", joinIDs(group))
		}
	}
	a.leftOut(page)
}

// leftOut says what was not passed through.
func (a pathAnswer) leftOut(page *output.Page) {
	if len(a.through) == 0 {
		page.Say("left out: places, routes and commodities (--through all)")
	}
	const most = 5
	for i, h := range a.Hubs {
		if i == most {
			page.Say("left out: %d more with too many neighbours", len(a.Hubs)-most)
			break
		}
		if h.Followed > 0 {
			page.Say("%s has %s neighbours; only the %d busiest were followed (--hub)", h.ID, output.Count(int(h.Neighbours)), h.Followed)
			continue
		}
		page.Say("left out: %s, with %s neighbours (--hub)", h.ID, output.Count(int(h.Neighbours)))
	}
	if !a.Complete {
		page.Say("looked at %s entities; there may be more ways (--budget, --hub)", output.Count(a.Looked))
	}
}

package main

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rummage/algo/explore"
	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
)

type expandOptions struct {
	scopeFlags
	id            graph.ID
	roles         []string
	offset, limit int
}

// count says how many neighbours there are in one role.
type count struct {
	Role     string `json:"role"`
	N        int64  `json:"n"`
	Records  int64  `json:"records"`
	Incoming bool   `json:"incoming"`
}

// neighbour is one entity beside another.
type neighbour struct {
	ID       graph.ID   `json:"id"`
	Kind     string     `json:"kind"`
	Name     string     `json:"name"`
	Role     string     `json:"role"`
	Incoming bool       `json:"incoming"`
	N        int64      `json:"n"`
	First    graph.Date `json:"first"`
	Last     graph.Date `json:"last"`
}

// expandAnswer is what rummage expand says.
type expandAnswer struct {
	ID         graph.ID    `json:"id"`
	Name       string      `json:"name"`
	Counts     []count     `json:"counts"`
	Neighbours []neighbour `json:"neighbours"`
	roles      []string
	offset     int
}

func newExpandCommand(d *desk) *cobra.Command {
	var opts expandOptions
	c := &cobra.Command{
		Use:   "expand ID",
		Short: "The neighbours of an entity: counted by role, then listed",
		Long: "Counts the neighbours of an entity by their role before it lists any, so that a busy port floods\n" +
			"nobody. Neighbours are those that share a consignment with it, in the role that they have there, and\n" +
			"those that a link joins to it (incoming: the link points to the entity asked for). Most records first.\n" +
			"Instead of an id a number or name will do that is the whole one of a single thing.",
		Example: "  rummage expand place/HKHKG\n  rummage expand party/kr-importer/QLRUBN9 --role declarant --limit 5",
		Args:    exactly("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.id = graph.ID(args[0])
			return runExpand(cmd.Context(), d, opts)
		},
	}
	opts.add(c)
	c.Flags().StringArrayVar(&opts.roles, "role", nil, "list only neighbours in this `role` (repeatable)")
	c.Flags().IntVar(&opts.offset, "offset", 0, "neighbours to skip")
	c.Flags().IntVar(&opts.limit, "limit", 20, "most neighbours to list; 0 lists all")
	return c
}

func runExpand(ctx context.Context, d *desk, opts expandOptions) error {
	query := graph.NeighbourQuery{ID: opts.id, Offset: opts.offset, Limit: opts.limit}
	if opts.limit < 0 || opts.offset < 0 {
		return exit.Usagef("expand: --limit and --offset are 0 or more")
	}
	if opts.limit == 0 {
		query.Limit = math.MaxInt32
	}
	for _, name := range opts.roles {
		role, err := graph.ParseRole(name)
		if err != nil {
			return unknownRole(name, "rummage expand "+quote(string(opts.id))+" lists the roles of its neighbours")
		}
		query.Roles = append(query.Roles, role)
	}
	return d.reading(ctx, look, &opts.scopeFlags, func(a *archive) (err error) {
		if query.ID, err = a.named(ctx, string(opts.id)); err != nil {
			return err
		}
		if err := entityOnly(query.ID); err != nil {
			return err
		}
		page, err := explore.Expand(ctx, a, query)
		if err != nil {
			return err
		}
		answer := expandAnswer{ID: page.ID, Name: page.Name, Counts: []count{}, Neighbours: []neighbour{}, roles: opts.roles, offset: opts.offset}
		for _, n := range page.Counts {
			answer.Counts = append(answer.Counts, count{Role: n.Role.String(), N: n.Neighbours, Records: n.Records, Incoming: n.Incoming})
		}
		for _, n := range page.Neighbours {
			answer.Neighbours = append(answer.Neighbours, neighbour{
				ID: n.ID, Kind: n.ID.Kind().String(), Name: n.Name, Role: n.Role.String(), Incoming: n.Incoming,
				N: n.Records, First: n.First, Last: n.Last,
			})
		}
		return d.answer(answer)
	})
}

// Print shows the counts, then the neighbours.
func (a expandAnswer) Print(page *output.Page) {
	page.Say("%s  %s", a.ID, a.Name)
	counts := output.NewGrid("role", "neighbours>", "records>")
	total := int64(0)
	for _, n := range a.Counts {
		counts.Add(n.Role+arrow(n.Incoming), number(page, n.N), number(page, n.Records))
		if len(a.roles) == 0 || slices.Contains(a.roles, n.Role) {
			total += n.N
		}
	}
	page.Rows(counts)
	if len(a.Counts) == 0 {
		page.Say("it has no neighbours")
		return
	}
	if len(a.Neighbours) == 0 {
		a.nobody(page, total)
		return
	}
	page.Gap()
	grid := output.NewGrid("id", "name", "role", "records>", "first", "last")
	for _, n := range a.Neighbours {
		grid.Add(string(n.ID), n.Name, n.Role+arrow(n.Incoming), number(page, n.N), n.First.String(), n.Last.String())
	}
	page.Rows(grid)
	if rest := total - int64(a.offset) - int64(len(a.Neighbours)); rest > 0 {
		page.Say("... and %s more; --role, --offset and --limit choose", output.Count(int(rest)))
	}
}

// nobody says why no neighbour is listed.
func (a expandAnswer) nobody(page *output.Page, total int64) {
	switch {
	case total == 0 && len(a.roles) == 1:
		page.Say("none in the role %s", a.roles[0])
	case total == 0:
		page.Say("none in the roles %s", strings.Join(a.roles, ", "))
	default:
		page.Say("there are %s, so none is left behind --offset %d", output.Count(int(total)), a.offset)
	}
}

// arrow marks links that point to the entity asked for.
func arrow(incoming bool) string {
	if incoming {
		return " (incoming)"
	}
	return ""
}

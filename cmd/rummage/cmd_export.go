package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/graph/neo4j"
)

// bulkAnswer is what rummage export says.
type bulkAnswer struct {
	Dir           string `json:"dir"`
	Nodes         int64  `json:"nodes"`
	Relationships int64  `json:"relationships"`
	Bytes         int64  `json:"bytes"`
	Command       string `json:"command"`
}

// bulkFormat is what neo4j-admin database import full reads.
const bulkFormat = "neo4j-import"

func newExportCommand(d *desk) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export FORMAT",
		Short: "The whole store as files of another program",
		Long: "Writes everything in the store, ended sources too, as the files of another program. The one format is\n" +
			"neo4j-import: what neo4j-admin database import full reads, and the command that loads it. It is the fast way to a\n" +
			"large store in Neo4j, and replaces the database, whatever is in it: run that command in DIR, on the machine of the\n" +
			"server, while the server is stopped; start the server; then any command of rummage that writes, such as rummage\n" +
			"flag, completes the database by making its constraints and indexes. The bytes of imported files go into the folder\n" +
			"that --evidence names, unless it is empty.",
		Example: "  rummage export neo4j-import --out files --store cases.db --evidence evidence",
		Args:    exactly("FORMAT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[0] != bulkFormat {
				return exit.Usagef("export: no format %q; there is %s", args[0], bulkFormat)
			}
			return runBulk(cmd.Context(), d, out)
		},
	}
	c.Flags().StringVar(&out, "out", "", "`folder` to write to; new or empty (required)")
	_ = c.MarkFlagRequired("out")
	return c
}

func runBulk(ctx context.Context, d *desk, out string) error {
	return d.with(ctx, look, func(store graph.Store) error {
		bulk, err := neo4j.WriteBulk(ctx, store, neo4j.BulkOptions{
			Dir: out, Database: d.set.Database, Evidence: d.set.Evidence,
			Progress: func(rows int64) { d.meter.Step("write", rows, 0) },
		})
		if errors.Is(err, neo4j.ErrNotEmpty) {
			return exit.With(exit.Usage, err, "name a new folder with --out, or empty that one")
		}
		if err != nil {
			return err
		}
		return d.answer(bulkAnswer{Dir: bulk.Dir, Nodes: bulk.Nodes, Relationships: bulk.Relationships, Bytes: bulk.Bytes, Command: bulk.Command})
	})
}

// Print says what was written and how it is loaded.
func (a bulkAnswer) Print(page *output.Page) {
	grid := output.NewGrid("dir", "nodes>", "relationships>", "bytes>")
	grid.Add(a.Dir, number(page, a.Nodes), number(page, a.Relationships), number(page, a.Bytes))
	page.Rows(grid)
	page.Say("\nnext: stop the server and, in %s: %s", a.Dir, a.Command)
}

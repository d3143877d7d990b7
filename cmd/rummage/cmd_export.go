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

// bulkAnswer is what rummage export neo4j-import says.
type bulkAnswer struct {
	Dir           string `json:"dir"`
	Nodes         int64  `json:"nodes"`
	Relationships int64  `json:"relationships"`
	Bytes         int64  `json:"bytes"`
	Command       string `json:"command"`
}

func newExportCommand(d *desk) *cobra.Command {
	c := &cobra.Command{
		Use:     "export",
		Short:   "What is in the store, as files of other programs",
		Long:    "Writes what is in the store as files that other programs read.",
		Example: "  rummage export neo4j-import --out files",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(newBulkCommand(d))
	return c
}

func newBulkCommand(d *desk) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "neo4j-import --out DIR",
		Short: "The whole store as files that neo4j-admin loads",
		Long: "Writes everything in the store, ended sources too, as the files that neo4j-admin database import full\n" +
			"reads, and says the command that loads them. It is the fast way to a large store in Neo4j: run the command in\n" +
			"DIR, on the machine of the server, while the server is stopped; start the server; then any command of rummage that\n" +
			"writes, such as rummage flag, completes the database by making its constraints and indexes.\n\n" +
			"The bytes of imported files go into the folder that --evidence names, unless it is empty.",
		Example: "  rummage export neo4j-import --out files --store cases.db --evidence evidence",
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runBulk(cmd.Context(), d, out)
		},
	}
	c.Flags().StringVar(&out, "out", "", "`folder` to write to; new or empty")
	return c
}

func runBulk(ctx context.Context, d *desk, out string) error {
	if out == "" {
		return exit.With(exit.Usage, errors.New("export neo4j-import: no folder to write to"), "name one with --out")
	}
	return d.with(ctx, look, func(store graph.Store) error {
		bulk, err := neo4j.WriteBulk(ctx, store, neo4j.BulkOptions{
			Dir: out, Database: d.set.Database, Evidence: d.set.Evidence,
			Progress: func(rows int64) { d.meter.Step("write", rows, 0) },
		})
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

package main

import (
	"context"
	"errors"

	"rummage/cmd/rummage/internal/exit"
	"rummage/cmd/rummage/internal/output"
	"rummage/graph"
	"rummage/graph/neo4j"
)

// bulkAnswer is what rummage export --all says.
type bulkAnswer struct {
	Dir           string `json:"dir"`
	Nodes         int64  `json:"nodes"`
	Relationships int64  `json:"relationships"`
	Bytes         int64  `json:"bytes"`
	Command       string `json:"command"`
}

// bulkFormat is what neo4j-admin database import full reads.
const bulkFormat = "neo4j-import"

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

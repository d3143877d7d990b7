// Command serve starts a Neo4j server the way the tests do, for whoever wants to look at one, and stops it with
// Ctrl-C. It must not know what will be stored there.
//
//	go run ./graph/neo4j/neo4jtest/serve -folder DIR
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"rummage/graph/neo4j/neo4jtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		stop()
		os.Exit(1)
	}
}

func serve(ctx context.Context, out io.Writer, words []string) error {
	var o neo4jtest.Options
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.StringVar(&o.Folder, "folder", "", "keep the data in this folder; empty: they go when the server stops")
	flags.IntVar(&o.Port, "port", 7687, "port of Bolt; 0: a free one")
	flags.IntVar(&o.HTTPPort, "http", 7474, "port of Neo4j Browser; 0: a free one")
	flags.BoolVar(&o.GDS, "gds", false, "load the Graph Data Science plug-in")
	flags.StringVar(&o.Heap, "heap", "1g", "heap of the server")
	fetch := flags.Bool("fetch", false, "get what the server is run from, and start nothing")
	if err := flags.Parse(words); err != nil {
		return err
	}
	o.HTTP, o.Measured = true, true
	if *fetch {
		return neo4jtest.Fetch(ctx, o)
	}
	fmt.Fprintln(out, "starting Neo4j; the first time on a machine it is downloaded")
	server, err := neo4jtest.Start(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nNeo4j answers, run by %s\n\n  address   %s\n  browser   %s\n  user      %s\n  password  %s\n  folder    %s\n\n",
		server.How, server.Address, server.Browser, server.User, server.Password, server.Folder)
	fmt.Fprintf(out, "What is to use it needs, in its own shell:\n\n  export RUMMAGE_STORE=%s RUMMAGE_NEO4J_PASSWORD=%s\n\n", server.Address, server.Password)
	stops := fmt.Sprintf("Ctrl-C stops it, or kill %d", os.Getpid())
	if o.Folder == "" {
		fmt.Fprintln(out, stops+", and its data go; name a folder to keep them: make neo4j FOLDER=...")
	} else {
		fmt.Fprintln(out, stops+"; the data stay in the folder")
	}
	select {
	case <-ctx.Done():
	case <-server.Ended():
		fmt.Fprintln(out, "the server ended by itself; its log is in the folder")
	}
	fmt.Fprintln(out, "stopping")
	return server.Stop()
}

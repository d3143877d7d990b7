// Readers packs one case file in every format and has programs of others open it: Python libraries, which check.py drives, and Graphviz where it is
// installed. They compare what they read with what was written, value by value, and print a table; any difference ends the program with 1.
//
// It must not know how a format is written; what is in the case file comes from package formattest.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"rummage/casefile"
	"rummage/casefile/format"
	"rummage/casefile/format/formattest"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

func main() {
	keep := flag.String("keep", "", "`folder`, new, that the case file is left in; without it there is none afterwards")
	python := flag.String("python", "python3", "`program` that runs the check, with the packages of requirements.txt")
	check := flag.String("check", "casefile/format/formattest/readers/check.py", "the check")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *python, *check, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "readers:", err)
		os.Exit(1)
	}
}

// truth is what readers are held against. It is written by the standard library from the graph itself, and by no format.
type truth struct {
	Nodes   []truthNode    `json:"nodes"`
	Edges   []truthEdge    `json:"edges"`
	Files   []string       `json:"files"`
	Sources []truthSource  `json:"sources"`
	Title   string         `json:"title"`
	Rows    map[string]int `json:"rows"`
}

type truthNode struct {
	*subgraph.Node
	Rows []graph.Origin
}

type truthEdge struct {
	*subgraph.Edge
	Rows []graph.Origin
}

type truthSource struct {
	ID     graph.SourceID `json:"id"`
	Name   string         `json:"name"`
	SHA256 graph.SHA256   `json:"sha256"`
}

func run(ctx context.Context, python, check, folder string) error {
	if folder == "" {
		made, err := os.MkdirTemp("", "readers-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(made) }()
		folder = made
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	document := formattest.Document(formattest.World(), "TLP:GREEN")
	contents := &casefile.Contents{Title: document.Title, Graph: document.Graph, Formats: format.Formats(), Sources: document.Sources, Rows: noRows}
	custody := &casefile.Custody{Purpose: document.Purpose, Recipient: document.Recipient, Author: document.Author, Made: document.Made, Tool: document.Tool}
	packed, err := casefile.Pack(ctx, filepath.Join(folder, "case"), contents, custody, casefile.Packing{})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%d nodes, %d edges, %d formats, %d files\n\n", len(document.Graph.Nodes), len(document.Graph.Edges), len(contents.Formats), packed.Files)
	text, err := json.Marshal(truthOf(document))
	if err != nil {
		return err
	}
	known := filepath.Join(folder, "truth.json")
	if err := os.WriteFile(known, text, 0o600); err != nil {
		return err
	}
	reader := exec.CommandContext(ctx, python, check, filepath.Join(folder, "case"), known)
	reader.Stdout, reader.Stderr = os.Stdout, os.Stderr
	if err := reader.Run(); err != nil {
		return fmt.Errorf("%s: %w; make readers installs what it needs", check, err)
	}
	return nil
}

func truthOf(d *format.Document) *truth {
	t := &truth{Title: d.Title, Rows: map[string]int{}}
	for i := range d.Graph.Nodes {
		n := &d.Graph.Nodes[i]
		t.Nodes = append(t.Nodes, truthNode{n, n.Sources})
	}
	for i := range d.Graph.Edges {
		e := &d.Graph.Edges[i]
		t.Edges = append(t.Edges, truthEdge{e, e.Sources})
	}
	for _, o := range d.Graph.Rows() {
		t.Rows[string(o.Source)]++
	}
	for i := range d.Sources {
		s := &d.Sources[i]
		t.Sources = append(t.Sources, truthSource{s.ID, s.Name, s.SHA256})
	}
	for _, f := range format.Formats() {
		for _, file := range f.Files {
			t.Files = append(t.Files, file.Name)
		}
	}
	return t
}

// noRows: the rows of files are not what is checked here.
var noRows iter.Seq2[json.RawMessage, error] = func(func(json.RawMessage, error) bool) {}

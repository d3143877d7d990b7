package selftest

import (
	"context"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"

	"github.com/klauspost/compress/gzip"

	"rummage/algo/csr"
	"rummage/fixtures/graphs"
	"rummage/fixtures/oracle"
)

// table is a file of columns.
type table map[string][]string

// read reads a compressed CSV file with a header.
func read(files embed.FS, name string) (t table, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
	}()
	file, err := files.Open(name + ".csv.gz")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 {
		return nil, errors.New("no rows")
	}
	t = table{}
	for i, column := range rows[0] {
		for _, row := range rows[1:] {
			t[column] = append(t[column], row[i])
		}
	}
	return t, nil
}

// column reads a column of numbers.
func (t table) column(name string) ([]float64, error) {
	list := make([]float64, len(t[name]))
	for i, text := range t[name] {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", name, err)
		}
		list[i] = x
	}
	return list, nil
}

// network is a graph with what is known of its nodes.
type network struct {
	name         string
	nodes, edges int
	graph        *csr.Graph
	known        table
	names        []string
	number       map[string]uint32
}

// place says where a network lies and how it is to be read.
type place struct {
	name            string // of the network
	edges           string // file below graphs, or below oracle where trade is set
	known           string // file below oracle
	node            string // column of the nodes' names
	directed, trade bool
	plain           bool // without its weights
}

// load reads a network.
func load(ctx context.Context, p place) (*network, error) {
	known, err := read(oracle.Files, p.known)
	if err != nil {
		return nil, err
	}
	files := graphs.Files
	if p.trade {
		files = oracle.Files
	}
	edges, err := read(files, p.edges)
	if err != nil {
		return nil, err
	}
	n := &network{name: p.name, known: known, names: known[p.node], number: map[string]uint32{}}
	for u, name := range n.names {
		n.number[name] = uint32(u)
	}
	c := csr.Columns{}
	for i := range edges["source"] {
		u, ok := n.number[edges["source"][i]]
		v, both := n.number[edges["target"][i]]
		if !ok || !both {
			return nil, fmt.Errorf("%s: edge %d: a node that nothing is known of", p.edges, i+1)
		}
		c.From, c.To = append(c.From, u), append(c.To, v)
	}
	if edges["weight"] != nil && !p.plain {
		if c.Weight, err = edges.column("weight"); err != nil {
			return nil, fmt.Errorf("%s: %w", p.edges, err)
		}
	}
	if n.graph, err = csr.Build(ctx, c, csr.Options{Nodes: len(n.names), Directed: p.directed}); err != nil {
		return nil, fmt.Errorf("%s: %w", p.edges, err)
	}
	n.nodes, n.edges = n.graph.Order(), n.graph.Size()
	return n, nil
}

// The networks.
func karate() place {
	return place{name: "karate", edges: "karate.edges", known: "karate", node: "node"}
}

func dolphins() place {
	return place{name: "dolphins", edges: "dolphins.edges", known: "dolphins", node: "node"}
}

func caviar() place {
	return place{name: "caviar", edges: "caviar/all_phases.edges", known: "caviar_union_weighted", node: "node", directed: true}
}

func phase(number string) place {
	return place{
		name: "phase " + number, edges: "caviar/phase" + number + ".edges", known: "caviar_phase" + number + "_directed", node: "node",
		directed: true, plain: true,
	}
}

func trade() place {
	return place{name: "trade", edges: "risk/edges", known: "risk/nodes", node: "id", trade: true}
}

// union reads all phases of caviar as one undirected network, weights of both directions summed.
func union(ctx context.Context) (*network, error) {
	n, err := load(ctx, caviar())
	if err != nil {
		return nil, err
	}
	if n.graph, err = n.graph.Symmetric(ctx); err != nil {
		return nil, err
	}
	n.edges = n.graph.Size()
	return n, nil
}

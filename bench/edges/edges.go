// Package edges makes the graphs that the comparisons run on, and keeps them in files that Go and Python read alike.
//
// A graph is a folder: from.u32, to.u32 and weight.f64 hold one number an edge, little-endian and nothing else, and graph.json says the
// rest. Graphs are undirected, simple and weighted, their edges in random order. The same recipe gives the same bytes anywhere.
//
// The package must not know what is computed on a graph, nor who computes it.
package edges

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"rummage/algo/csr"
)

// version is raised when a recipe or the form of the files changes, so that files of another version are made anew.
const version = 1

// Names of the files of a graph.
const (
	fromFile   = "from.u32"
	toFile     = "to.u32"
	weightFile = "weight.f64"
	metaFile   = "graph.json"
)

// Errors of this package.
var (
	// ErrUnknown is returned for the name of a graph that there is no recipe for.
	ErrUnknown = errors.New("unknown graph")
	// ErrFiles is returned for files that are not what graph.json says.
	ErrFiles = errors.New("files of the graph do not fit together")
)

// Meta is graph.json: what a side must know of a graph beside its edges.
type Meta struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Version int    `json:"version"`
	Nodes   int    `json:"nodes"`
	Edges   int    `json:"edges"`
	// Seeds are the sets that personalised walks start from, 8 of up to 100 nodes, each with an edge.
	Seeds [][]uint32 `json:"seeds"`
	// Epsilon and Delta are those of sampled betweenness.
	Epsilon float64 `json:"epsilon"`
	Delta   float64 `json:"delta"`
}

// Graph is a graph in its folder.
type Graph struct {
	Meta
	Folder string
}

// Make returns the graph of the given name in a folder below the given one, and makes its files where they do not stand yet. It takes
// about a second for a million edges, and 60 bytes of memory an edge. ErrUnknown, or an error of the files or of the context.
func Make(ctx context.Context, below, name string) (*Graph, error) {
	r, known := recipes[name]
	if !known {
		return nil, fmt.Errorf("edges: %q: %w; known are %v", name, ErrUnknown, Names())
	}
	folder := filepath.Join(below, name)
	if g, err := Open(folder); err == nil && g.Version == version {
		return g, nil
	}
	nodes, columns, err := r.draw(ctx)
	if err != nil {
		return nil, fmt.Errorf("edges: %s: %w", name, err)
	}
	random := rand.New(rand.NewPCG(r.seed, 77))
	if !r.raw {
		if columns, err = settle(ctx, nodes, columns, random); err != nil {
			return nil, fmt.Errorf("edges: %s: %w", name, err)
		}
	}
	g := &Graph{Folder: folder, Meta: Meta{
		Name: name, Title: r.title, Version: version, Nodes: nodes, Edges: len(columns.From),
		Seeds: seeds(columns, random), Epsilon: 0.01, Delta: 0.1,
	}}
	return g, g.write(columns)
}

// settle makes the graph simple, drops what weighs nothing, and shuffles edges and their ends.
func settle(ctx context.Context, nodes int, c csr.Columns, random *rand.Rand) (csr.Columns, error) {
	g, err := csr.Build(ctx, c, csr.Options{Nodes: nodes, Loops: csr.DropLoops})
	if err != nil {
		return c, err
	}
	all := g.Columns()
	c = csr.Columns{}
	for e, w := range all.Weight {
		if w > 0 {
			c.From, c.To, c.Weight = append(c.From, all.From[e]), append(c.To, all.To[e]), append(c.Weight, w)
		}
	}
	random.Shuffle(len(c.From), func(i, j int) {
		c.From[i], c.From[j] = c.From[j], c.From[i]
		c.To[i], c.To[j] = c.To[j], c.To[i]
		c.Weight[i], c.Weight[j] = c.Weight[j], c.Weight[i]
	})
	for e := range c.From {
		if random.Uint64()&1 == 1 {
			c.From[e], c.To[e] = c.To[e], c.From[e]
		}
	}
	return c, nil
}

// seeds draws eight sets of ends of edges.
func seeds(c csr.Columns, random *rand.Rand) [][]uint32 {
	sets := make([][]uint32, 8)
	for i := range sets {
		seen := map[uint32]bool{}
		for range 100 {
			if len(c.From) == 0 {
				break
			}
			if u := c.From[random.IntN(len(c.From))]; !seen[u] {
				seen[u] = true
				sets[i] = append(sets[i], u)
			}
		}
	}
	return sets
}

// Open returns the graph whose files stand in the folder.
func Open(folder string) (*Graph, error) {
	text, err := os.ReadFile(filepath.Join(folder, metaFile))
	if err != nil {
		return nil, fmt.Errorf("edges: %w", err)
	}
	g := &Graph{Folder: folder}
	if err := json.Unmarshal(text, &g.Meta); err != nil {
		return nil, fmt.Errorf("edges: %s: %w", folder, err)
	}
	return g, nil
}

// Columns reads the edges.
func (g *Graph) Columns() (csr.Columns, error) {
	var c csr.Columns
	var err error
	if c.From, err = readColumn[uint32](g, fromFile); err != nil {
		return c, err
	}
	if c.To, err = readColumn[uint32](g, toFile); err != nil {
		return c, err
	}
	c.Weight, err = readColumn[float64](g, weightFile)
	return c, err
}

// write puts graph.json last, so that a graph that was broken off is none.
func (g *Graph) write(c csr.Columns) error {
	if err := os.MkdirAll(g.Folder, 0o755); err != nil {
		return fmt.Errorf("edges: %w", err)
	}
	if err := os.RemoveAll(filepath.Join(g.Folder, metaFile)); err != nil {
		return fmt.Errorf("edges: %w", err)
	}
	if err := writeColumn(g, fromFile, c.From); err != nil {
		return err
	}
	if err := writeColumn(g, toFile, c.To); err != nil {
		return err
	}
	if err := writeColumn(g, weightFile, c.Weight); err != nil {
		return err
	}
	text, err := json.MarshalIndent(g.Meta, "", " ")
	if err != nil {
		return fmt.Errorf("edges: %w", err)
	}
	if err := os.WriteFile(filepath.Join(g.Folder, metaFile), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("edges: %w", err)
	}
	return nil
}

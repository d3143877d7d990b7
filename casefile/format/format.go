package format

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"rummage/casefile/subgraph"
	"rummage/graph"
)

// ErrUnknown is returned for the name of a format that is none of these.
var ErrUnknown = errors.New("no such format")

// Format is one way to write a graph.
type Format struct {
	// Name is how it is asked for, Title what opens it.
	Name, Title string
	Files       []File
}

// File is one file of a format.
type File struct {
	Name  string
	Write func(to io.Writer, g *subgraph.Graph) error
}

// Formats lists them all.
func Formats() []Format {
	return []Format{
		{"csv", "spreadsheets, i2 Analyst's Notebook, Gephi, Neo4j LOAD CSV", []File{{"nodes.csv", writeNodes}, {"edges.csv", writeEdges}}},
		{"graphml", "Gephi, Cytoscape, yEd, NetworkX, igraph", []File{{"network.graphml", writeGraphML}}},
		{"gexf", "Gephi, with its timeline", []File{{"network.gexf", writeGEXF}}},
		{"cytoscape", "Cytoscape, Cytoscape.js", []File{{"network.cyjs", writeCytoscape}}},
		{"jgf", "programs that read the JSON Graph Format", []File{{"network.jgf.json", writeJGF}}},
		{"dot", "Graphviz", []File{{"network.dot", writeDOT}}},
		{"pajek", "Pajek, NetworkX, igraph", []File{{"network.net", writePajek}}},
		{"json", "NetworkX (node-link), D3, programs; nothing is left out or rewritten", []File{{"network.json", writeJSON}}},
	}
}

// Names lists the names of the formats.
func Names() []string {
	var all []string
	for _, f := range Formats() {
		all = append(all, f.Name)
	}
	return all
}

// Chosen returns the formats of these names, in the order of Formats; all where there are none. ErrUnknown.
func Chosen(names []string) ([]Format, error) {
	var chosen []Format
	for _, f := range Formats() {
		if len(names) == 0 || slices.Contains(names, f.Name) {
			chosen = append(chosen, f)
		}
	}
	for _, name := range names {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("format: %q: %w; there are %s", name, ErrUnknown, strings.Join(Names(), ", "))
		}
	}
	return chosen, nil
}

// rows writes where something stands: source and row, several parted by a blank.
func rows(origins []graph.Origin) string {
	var all []string
	for _, o := range origins {
		all = append(all, string(o.Source)+":"+strconv.FormatInt(o.Row, 10))
	}
	return strings.Join(all, " ")
}

func ids(all []graph.ID) string {
	var texts []string
	for _, id := range all {
		texts = append(texts, string(id))
	}
	return strings.Join(texts, " ")
}

// marks lists attributes with a mark, so that a doubtful value is not passed on as a sure one.
func marks(all []subgraph.Attribute) string {
	var texts []string
	for _, a := range all {
		if a.Mark != "" {
			texts = append(texts, a.Name+" "+strconv.Quote(a.Value)+": "+a.Mark)
		}
	}
	return strings.Join(texts, "; ")
}

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
	Write func(to io.Writer, d *Document) error
}

// alone makes a File of what writes the graph and nothing beside it: of a form that has no room for a handling code. A file beside these says it.
func alone(name string, write func(to io.Writer, g *subgraph.Graph) error) File {
	return File{name, func(to io.Writer, d *Document) error { return write(to, d.Graph) }}
}

// Formats lists them all.
func Formats() []Format {
	return []Format{
		{"csv", "spreadsheets, Gephi, Neo4j LOAD CSV", []File{alone("nodes.csv", writeNodes), alone("edges.csv", writeEdges)}},
		{"xlsx", "spreadsheets: a workbook of nodes, edges, rows and what it is about", []File{{"network.xlsx", writeXLSX}}},
		{"graphml", "Gephi, Cytoscape, yEd, NetworkX, igraph", []File{{"network.graphml", writeGraphML}}},
		{"gexf", "Gephi, with its timeline", []File{{"network.gexf", writeGEXF}}},
		{"cytoscape", "Cytoscape, Cytoscape.js", []File{{"network.cyjs", writeCytoscape}}},
		{"cx2", "Cytoscape, NDEx", []File{{"network.cx2", writeCX2}}},
		{"jgf", "programs that read the JSON Graph Format", []File{{"network.jgf.json", writeJGF}}},
		{"dot", "Graphviz", []File{{"network.dot", writeDOT}}},
		{"pajek", "Pajek, NetworkX, igraph", []File{{"network.net", writePajek}}},
		{"i2", "i2 Analyst's Notebook: a chart, and the two tables that its import and i2 Analyze take",
			[]File{{"network.anx", writeANX}, alone("i2-entities.csv", writeI2Entities), alone("i2-links.csv", writeI2Links)}},
		{"stix", "STIX 2.1: OpenCTI and other platforms of threat intelligence", []File{{"network.stix.json", writeSTIX}}},
		{"misp", "MISP", []File{{"network.misp.json", writeMISP}}},
		{"ftm", "FollowTheMoney: Aleph, OpenAleph, yente", []File{{"network.ftm.json", writeFTM}}},
		{"cypher", "Neo4j: a script for cypher-shell or the browser", []File{{"network.cypher", writeCypher}}},
		{"neo4j-import", "Neo4j: what neo4j-admin database import full @neo4j-import.args reads",
			[]File{alone("neo4j-nodes.csv", writeImportNodes), alone("neo4j-relationships.csv", writeImportEdges), alone("neo4j-import.args", writeImportArguments)}},
		{"parquet", "Apache Arrow, pandas, DuckDB, Spark", []File{{"nodes.parquet", writeParquetNodes}, {"edges.parquet", writeParquetEdges}}},
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
func rows(origins []graph.Origin) string { return strings.Join(rowList(origins), " ") }

func rowList(origins []graph.Origin) []string {
	all := make([]string, 0, len(origins))
	for _, o := range origins {
		all = append(all, rowOf(o))
	}
	return all
}

func rowOf(o graph.Origin) string { return string(o.Source) + ":" + strconv.FormatInt(o.Row, 10) }

func ids(all []graph.ID) string { return strings.Join(idList(all), " ") }

func idList(all []graph.ID) []string {
	texts := make([]string, 0, len(all))
	for _, id := range all {
		texts = append(texts, string(id))
	}
	return texts
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

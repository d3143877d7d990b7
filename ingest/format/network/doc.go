// Package network reads files that hold a graph: GraphML, GEXF (1.0 to 1.3),
// Pajek, edge lists, JSON of nodes and links (NetworkX, D3, sigma.js, Cytoscape,
// JSON Graph Format), and DOT.
//
// A graph file is two parts, its [Nodes] and its [Edges], each with rows and
// columns of its own. They begin alike in all notations, so that one mapping
// serves them:
//
//	nodes: id, label
//	edges: source, target, source label, target label, directed, weight
//
// then graph, where a file holds several, and whatever else the nodes or edges
// of the file have, in the order of declaration or first appearance: parent and
// path of what lies in a nested graph (path with the outermost first), start and
// end of what has a time, all attributes under their own names. Values stand as
// they were written; several in one cell have read.Between between them, as do
// the parts of lists, and declared defaults are filled in. An attribute that is
// called as a column that the notation itself fills gets " (attribute)" behind
// its name.
//
//   - label is the attribute of that name, or name, where a notation has none.
//     The labels of an edge's ends come from the file's nodes. They are left out,
//     as columns, of a file whose labels are more than can be held.
//   - directed is true, false, mutual for an edge in both directions (GEXF), or
//     empty where a file does not say. Files that mix them lose none.
//   - weight is empty where none is written, else a number.
//
// # What is refused, and what is not
//
// These are row errors, and reading goes on behind them: an element against the
// rules of its notation, a node without id, an id that stands twice, an edge
// without an end or to a node that the file does not have, a weight that is no
// number, a hyperedge. Against the letter of some notation, and read: nodes
// without attributes, keys that nobody declared (by their id), values that are
// not of their declared type, counts that are not kept, missing or trailing
// commas between elements.
//
// Not read, since it says nothing about who is connected with whom: how things
// are drawn, but for positions and colours that are attributes; whether the end
// of a time span is open. Ports of GraphML are listed in a column and not kept
// as ends of edges; those that an edge names are columns of the edge.
//
// A document type declaration is passed over if it only names a public document,
// and nothing is ever fetched; one with declarations of its own is refused.
//
// # Edge lists
//
// Two to four columns: source, target, weight, time; NetworkX's attributes in
// braces behind the ends are read too. Most such files are delimited text, which
// package read reads with all columns. Knows takes a file for an edge list only
// where that cannot: with the comments of SNAP, KONECT or Matrix Market above
// it, or with numbers or attributes in braces, divided by spaces.
//
// # Memory
//
// Of a file, its nodes' ids and labels are held, up to a bound, to join edges
// with them. DOT is parsed as a whole, so its files must be small.
//
// The package must not know what nodes and edges stand for.
package network

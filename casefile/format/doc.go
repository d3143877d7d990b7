// Package format writes a subgraph as files of other programs. Every format is written by an encoder, never put together from text, so
// that what a name holds stays a name: markup, quotes, formulas and signs that cannot be seen come through as data.
//
// A new format is one line of Formats and one file here. The package must know neither stores nor why the graph was chosen.
package format

// Package mapping turns the cells of a row into records of the vocabulary, as
// a YAML file says. The language is described in docs/mapping.md.
//
//	Parse      checks a mapping and says what is wrong, with line numbers
//	Library    the mappings that are shipped
//	Recognise  picks the mapping whose columns a file has
//	Bind       joins a mapping and a file's columns into a Mapper
//	Joins      the second files whose rows go with those of the file
//	Map        one row of cells in, one graph.Row out
//
// A text that breaks an identifier rule is kept and marked, since it may be
// the evidence; a row that lacks what makes it a record goes into quarantine
// with column, code and reason.
//
// The package must not know how bytes become cells, which file is read, where
// the records go, or what they will be used for.
package mapping

// Package draft drafts a mapping for a table that no mapping knows, from the
// names of its columns and from what stands in them.
//
// Each column gets a [Meaning]: a subject, such as the importer, the port of
// loading or the consignment itself, and a property of it, such as its name. Words
// of the header speak first, in the languages of the trade; identifier rules and
// the shape of the cells confirm them, contradict them, or speak where there is no
// header. What is not understood becomes a field, so that no column is lost.
//
// A draft is for a person to finish. It says of every column what it was taken
// for, why, and how sure that is.
//
// The package must not know how bytes become cells, or any store.
package draft

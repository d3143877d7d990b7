// Package neo4j keeps a store in a Neo4j server, Community edition, as a
// property graph that Neo4j Browser and Bloom show as it is: an entity is a
// node with the label of its kind, a consignment a node with a relationship per
// tie, a link a relationship; sources, decisions, runs and published networks
// are nodes.
//
// What a reader must know to answer within a scope (which source said what, in
// which row, seen on which day) stands beside the readable properties in
// properties whose names begin with "_". They say everything; the readable
// ones are written from them and never read back. Which is why the gate of a
// Scope is applied here, on the way out, and binds nobody who opens the
// database by other means.
//
// One process writes. It holds a lock in the server for as long as it works,
// so that the server frees it when the process or its connection dies, and
// every transaction proves that the lock is still its own.
//
// The package knows package graph only: no file format, no analysis, no other
// store. The bytes of files do not lie in the database but in an evidence
// folder (package evidence).
package neo4j

// Package view turns what a scope shows into what the analysis looks at: one typed graph with dense ids, whose edges say who
// is tied to whom, and the columns of consignments with their outcomes.
//
// rules.go is the table that says which ties become which edges; weight.go says how much an edge weighs; cache.go keeps a view
// on disk for the same question asked again.
//
// It knows the vocabulary of package graph and the compact graph of package csr. It must not know a store by name, how rows
// came in, or what anyone concludes from the graph.
package view

// Package graph is the vocabulary of the house: what is stored, under which
// names, and what every store promises.
//
// Read it in this order:
//
//	kind.go        kinds of entities, roles of ties and links, views, outcomes
//	id.go          ids, readable and ordered as UTF-8 bytes
//	record.go      rows in: facts, statements with ties, links, outcomes
//	consignment.go what the statements about one consignment come to
//	source.go      sources, origins, quarantined rows
//	scope.go       the one gate through which everything is read
//	decision.go    what people and resolution said; identity.go: clusters
//	hear.go        who hears it, and what becomes of it when a source ends
//	run.go         analyses kept with what they used
//	store.go       the contract of a store
//	search.go      the one function that ranks names
//	errors.go      errors, by occasion
//
// It imports nothing of rummage and knows no file format, no database, no
// algorithm and no screen.
package graph

// Package area says where inspections find something: in cells of several
// dimensions, such as heading, origin, lane, office, season and class of trader.
//
//	Read      the declarations of a scope as a Table, dimensions coded as numbers
//	Fit       a Model of how often a cell is hit: rates that lean on those of
//	          coarser cells where there is little to go by
//	Score     one declaration by the model, as a ledger of named parts
//	Survey    the cells that are hit more often than their margins explain, with
//	          what changed against the period before
//
// An area is no network, and says nothing about a party: names and numbers of
// parties are no dimension.
//
// The package must not know how a store keeps records, nor how flags of networks
// are made.
package area

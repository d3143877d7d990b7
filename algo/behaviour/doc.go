// Package behaviour measures what trade looks like apart from who is tied to whom: what goods cost and weigh against others of
// their kind, over which ports they come, and when.
//
//	Read      what the consignments of a scope state, in columns
//	Measure   a number of each Part for every trader, which no outcome has a share in
//	Learn     how much each part says of what inspections found, tried on importers whose own outcomes were hidden
//
// A number is 0 for what is usual and grows to Most. What is unusual is no offence, so by itself it ranks nobody: whether it
// counts, and how much, is for the outcomes of the scope to say.
//
// It knows the contract's scans and the columns of package finding. It must not know a store, the graph of ties, or how leads are ranked.
package behaviour

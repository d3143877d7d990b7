// Package resolve proposes which records are one party, and says why.
//
//	Gather   what a scope says of its parties
//	Prepare  a party, ready to be compared
//	Judge    two of them: the one scoring function, with its reasons
//	Propose  the pairs of many parties that are worth a person's look
//	Groups   those of many that agree exactly, for one question in place of many
//
// A proposal is never followed by itself: what a person decides of it is a
// decision beside the data, and clusters come of decisions alone. So no chain of
// likely pairs joins what nobody judged to be one.
//
// The package must not know files, stores or screens, nor what is computed on the
// graph.
package resolve

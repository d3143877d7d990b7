// Package ingest brings files into the house: it hashes a file, recognises its
// layout, and hands its rows, mapped, to a store as one source that becomes
// visible all at once. Run is the way in; Explain reads a row again from the
// kept evidence; ExportQuarantine writes the refused rows for repair.
//
// Nothing is dropped in silence: rows read = rows stored + rows quarantined,
// and Run fails where that does not hold.
//
// The package must not know which store it feeds, what is computed from the
// records, how a person named the files on a command line, or what time it is:
// the clock is handed in.
package ingest

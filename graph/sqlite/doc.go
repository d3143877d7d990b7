// Package sqlite is the embedded store: one SQLite file, written by one
// process at a time and read by any number.
//
// SQLite gives transactions, crash safety and snapshots. Records do not lie in
// its tables but in segments (package segment), which lie in its pages: an
// import appends segments, a commit merges small ones so that a read touches
// at most sixteen, a purge rewrites those that hold the source. Sources,
// decisions and runs are rows; evidence and the places of rows are compressed
// blocks. Whatever is stored carries a checksum that is compared when it is
// read.
//
// Read it in this order: open.go, schema.go, block.go, import.go, levels.go,
// reader.go, scan.go, find.go, custody.go, check.go.
//
// It must not know who reads or writes through it, where rows come from, nor
// what is computed from them. Times come in with specs; the clock serves only
// for waiting for the lock.
package sqlite

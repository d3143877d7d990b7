// Package hostile holds tests alone: they try on the whole way in, from a file on
// the disk to records in a store, whatever a file may do to the house. Twenty
// classes of twenty bad files, made by code from seeds, each of which is refused
// or set aside with a message that golden files keep for people to read; and many
// rows of which one in a hundred is broken, repaired and imported again.
//
// The package must not know how any reader works: it knows what a person is told,
// and what stands in the store afterwards.
package hostile

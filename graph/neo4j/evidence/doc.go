// Package evidence is a folder that keeps the bytes of imported files, for a
// store whose database is not the place for them.
//
// A file lies under the SHA-256 of its bytes, packed in blocks of 256 KiB with
// an index behind them, so that any range is read without unpacking the rest.
// What is read is what was kept, or an error: a file is hashed whole when it
// is opened for the first time, and each block is compared whenever it is
// read. Every file is a valid zstd stream, so that a person gets at the bytes
// with zstd -d, without rummage.
//
// It knows the errors of package graph, and neither databases nor what the
// files hold.
package evidence

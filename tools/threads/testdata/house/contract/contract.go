// Package contract says what a store does, and does nothing.
package contract

// Store checks itself and tells how far it is.
type Store interface{ Check(tell func(done int)) }

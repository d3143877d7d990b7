// Package lends hands a function to what starts goroutines.
package lends

import "house/starts"

// Count races.
func Count() int {
	n := 0
	starts.Run(func() { n++ })
	return n
}

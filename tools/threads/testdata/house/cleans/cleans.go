// Package cleans up when the collector says so, in its goroutine.
package cleans

import "runtime"

// Open opens.
func Open() *int {
	n := new(int)
	runtime.AddCleanup(n, func(int) {}, 1)
	return n
}

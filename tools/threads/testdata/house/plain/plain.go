// Package plain takes a function too, and runs it where it is.
package plain

// Each runs it.
func Each(work func(int)) {
	for i := range 3 {
		work(i)
	}
}

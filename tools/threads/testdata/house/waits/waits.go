// Package waits has a WaitGroup start it.
package waits

import "sync"

// Both runs two at once.
func Both(one, two func()) {
	var both sync.WaitGroup
	both.Go(one)
	both.Go(two)
	both.Wait()
}

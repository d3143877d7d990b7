// Package passes on to what hands it to what starts goroutines.
package passes

import "house/ropes"

// Pass passes it on.
func Pass() { ropes.Pull(func() {}) }

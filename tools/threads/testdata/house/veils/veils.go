// Package veils makes a thing of its own that is known by its contract alone when it is handed on.
package veils

import "house/starts"

type counter struct{ n int }

// Tell counts.
func (c *counter) Tell() { c.n++ }

// Veiled is a counter.
func Veiled() starts.Teller { return &counter{} }

// Ask asks whoever it is.
func Ask(t starts.Teller) { starts.Ask(t) }

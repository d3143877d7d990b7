// Package owns a thing with methods, which others call.
package owns

import "house/starts"

type counter struct{ n int }

// Tell counts.
func (c *counter) Tell() { c.n++ }

// Count counts.
func Count() int {
	c := &counter{}
	starts.Ask(c)
	return c.n
}

// Package asks whoever keeps the contract.
package asks

import "house/contract"

// Far asks how far it is.
func Far(s contract.Store) (far int) {
	s.Check(func(done int) { far = done })
	return far
}

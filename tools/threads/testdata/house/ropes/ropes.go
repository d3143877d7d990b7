// Package ropes hands on what it is handed.
package ropes

import "house/starts"

// Pull pulls.
func Pull(work func()) { starts.Run(work) }

// Package fills the options of what starts goroutines with a function.
package fills

import "house/starts"

func count() {}

// Count counts.
func Count() { starts.With(starts.Options{Tell: count}) }

//go:build !linux

package resolve

import "time"

// What only Linux tells the same way for every run is 0 elsewhere.
func cpu() time.Duration        { return 0 }
func watchPeak() func() float64 { return func() float64 { return 0 } }

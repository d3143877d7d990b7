// Package timed is called by a clock.
package timed

import "time"

// Later runs it later.
func Later(work func()) { time.AfterFunc(time.Second, work) }

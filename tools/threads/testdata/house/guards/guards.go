// Package guards counts, whoever calls.
package guards

import "sync/atomic"

// N counts.
var N atomic.Int64

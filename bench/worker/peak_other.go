//go:build !linux

package worker

// resetPeak has nothing to reset here: what the system tells is that of the whole life of a process.
func resetPeak() {}

// peak is not known.
func peak() int64 { return 0 }

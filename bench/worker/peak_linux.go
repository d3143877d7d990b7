package worker

import (
	"bytes"
	"os"
	"strconv"
)

// resetPeak makes the system forget the greatest memory so far. Where it may not, the greatest since the start is told.
func resetPeak() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peak returns the greatest resident memory since then, in bytes.
func peak() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "VmHWM:" {
			if kb, err := strconv.ParseInt(string(fields[1]), 10, 64); err == nil {
				return kb << 10
			}
		}
	}
	return 0
}

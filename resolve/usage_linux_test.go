package resolve

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpu returns the processor time of the process so far, system time included.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchPeak begins a new peak of the memory that the process holds and returns what reads it, in MB.
func watchPeak() func() float64 {
	runtime.GC()
	debug.FreeOSMemory()
	reset := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200)
	return func() float64 {
		status, err := os.ReadFile("/proc/self/status")
		if reset != nil || err != nil {
			return 0
		}
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		kib, _ := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
		return kib * 1024 / 1e6
	}
}

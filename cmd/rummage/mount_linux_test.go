package main

import (
	"strings"
	"syscall"
)

// mountSmall mounts a disk in memory of that size, or gives it another.
func mountSmall(path, size string) error {
	flags := uintptr(0)
	if rest, ok := strings.CutPrefix(size, "remount,"); ok {
		flags, size = syscall.MS_REMOUNT, strings.TrimPrefix(rest, "size=")
	}
	return syscall.Mount("tmpfs", path, "tmpfs", flags, "size="+size)
}

func unmount(path string) error { return syscall.Unmount(path, syscall.MNT_DETACH) }

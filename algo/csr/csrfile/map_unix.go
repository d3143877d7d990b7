//go:build unix

package csrfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapped returns the first size bytes of a file, as the system keeps them, and what gives them back.
func mapped(file *os.File, size int) ([]byte, func() error, error) {
	content, err := unix.Mmap(int(file.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, nil, os.NewSyscallError("mmap", err)
	}
	return content, func() error { return os.NewSyscallError("munmap", unix.Munmap(content)) }, nil
}

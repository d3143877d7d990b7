package csrfile

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// mapped returns the first size bytes of a file, as the system keeps them, and what gives them back.
func mapped(file *os.File, size int) ([]byte, func() error, error) {
	mapping, err := windows.CreateFileMapping(windows.Handle(file.Fd()), nil, windows.PAGE_READONLY, 0, 0, nil)
	if err != nil {
		return nil, nil, os.NewSyscallError("CreateFileMapping", err)
	}
	// A view keeps its mapping, whose handle is not needed any more.
	defer windows.CloseHandle(mapping) //nolint:errcheck // there is nothing to do about it
	address, err := windows.MapViewOfFile(mapping, windows.FILE_MAP_READ, 0, 0, uintptr(size))
	if err != nil {
		return nil, nil, os.NewSyscallError("MapViewOfFile", err)
	}
	// The address is one of memory that the Go runtime does not know, told as a number.
	content := unsafe.Slice(*(**byte)(unsafe.Pointer(&address)), size)
	return content, func() error { return os.NewSyscallError("UnmapViewOfFile", windows.UnmapViewOfFile(address)) }, nil
}

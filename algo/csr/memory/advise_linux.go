package memory

import "syscall"

// advise asks for large pages. What the system answers changes nothing but the time that looks take.
func advise(array []byte) { _ = syscall.Madvise(array, syscall.MADV_HUGEPAGE) }

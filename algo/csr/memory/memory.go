// Package memory makes the large arrays of graphs and kernels.
//
// A kernel looks at such an array in an order that no cache foresees. With pages of 4 KiB each look also costs a walk through the
// tables of pages, with pages of 2 MiB it hardly does (BenchmarkLook measures both). Where Linux gives large pages
// to those who ask, which is its default, this package asks; elsewhere it is make. It must not know what stands in an array.
package memory

import "unsafe"

// large is the number of bytes from which on an array is worth asking for.
const large = 4 << 20

// Cell is what an array is made of.
type Cell interface {
	~uint8 | ~bool | ~uint32 | ~uint64 | ~int | ~int64 | ~float64
}

// Make returns a slice of n zeros, in large pages if it is large and the system has them.
func Make[T Cell](n int) []T {
	s := make([]T, n)
	if size := n * int(unsafe.Sizeof(*new(T))); size >= large {
		advise(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), size))
	}
	return s
}

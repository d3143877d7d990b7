package memory_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rummage/algo/csr/memory"
)

func TestMakeGivesZeros(t *testing.T) {
	for _, n := range []int{0, 1, 1000, 1<<20 + 3} {
		s := memory.Make[float64](n)
		assert.Len(t, s, n)
		for i, x := range s {
			if x != 0 {
				t.Fatalf("element %d of %d is %g", i, n, x)
			}
			s[i] = 1
		}
	}
	assert.Panics(t, func() { memory.Make[uint32](-1) })
}

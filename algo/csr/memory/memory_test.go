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

// BenchmarkLook looks at numbers of an array of 88 MB in an order that nobody foresees, in the pages that Make asks for and in those that
// make gives.
func BenchmarkLook(b *testing.B) {
	const n = 11_000_000
	for _, way := range []struct {
		name  string
		array []float64
	}{{"large pages", memory.Make[float64](n)}, {"plain", make([]float64, n)}} {
		b.Run(way.name, func(b *testing.B) {
			for i := range way.array {
				way.array[i] = float64(i)
			}
			order := make([]uint32, 1<<20)
			for i := range order {
				order[i] = uint32(uint64(i) * 7_368_787 * 97 % n)
			}
			sum := 0.0
			for b.Loop() {
				for _, at := range order {
					sum += way.array[at]
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(order)), "ns/look")
			if sum == 0 {
				b.Fatal("nothing was looked at")
			}
		})
	}
}

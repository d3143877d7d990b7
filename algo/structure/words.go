package structure

import "math/bits"

// words is a set of small numbers, one bit each.
type words []uint64

func newWords(n int) words { return make(words, (n+63)/64) }

func (w words) set(i int)      { w[i/64] |= 1 << (i % 64) }
func (w words) clear(i int)    { w[i/64] &^= 1 << (i % 64) }
func (w words) has(i int) bool { return w[i/64]>>(i%64)&1 == 1 }

// meet makes w what a and b share.
func (w words) meet(a, b words) {
	for i := range w {
		w[i] = a[i] & b[i]
	}
}

// without makes w what is in a and not in b.
func (w words) without(a, b words) {
	for i := range w {
		w[i] = a[i] &^ b[i]
	}
}

// count tells how many members there are.
func (w words) count() (n int) {
	for _, x := range w {
		n += bits.OnesCount64(x)
	}
	return n
}

// common counts what two sets share.
func (w words) common(other words) (n int) {
	for i, x := range w {
		n += bits.OnesCount64(x & other[i])
	}
	return n
}

// all goes through the members in ascending order until told to stop.
func (w words) all(yield func(int) bool) {
	for i, x := range w {
		for ; x != 0; x &= x - 1 {
			if !yield(i*64 + bits.TrailingZeros64(x)) {
				return
			}
		}
	}
}

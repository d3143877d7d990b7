package csr

import (
	"context"
	"math/bits"
	"slices"
)

// digitBits is the widest digit of a radix sort: two tables of such counters stay in the first cache of a core.
const digitBits = 12

// fewWords is how many words are sorted by comparison rather than by digits.
const fewWords = 256

// breath is how many items are worked on between two looks at the context; it takes about a millisecond.
const breath = 1 << 18

// digits is the scratch memory of a radix sort: counters of the digit at work and of the next.
type digits [2][1 << digitBits]uint32

// sort orders words by width bits from bit low upwards, above which there must be none, in time O(words·width/digitBits) and with the
// help of spare, which is as long. Words that agree in those bits keep their order if the bits below were in ascending order; else it is
// left open. It returns the ordered words and what is now spare. When ctx is cancelled it stops in the middle.
func (d *digits) sort(ctx context.Context, words, spare []uint64, low, width int) (sorted, free []uint64) {
	if len(words) < fewWords {
		slices.Sort(words)
		return words, spare
	}
	passes := passes(len(words), width)
	step := (width + passes - 1) / passes
	mask := uint64(1)<<step - 1
	clear(d[0][:mask+1])
	for _, w := range words {
		d[0][w>>low&mask&(1<<digitBits-1)]++
	}
	for pass := range passes {
		count, total := d[pass&1][:mask+1], uint32(0)
		for i := range count {
			count[i], total = total, total+count[i]
		}
		clear(d[1-(pass&1)][:mask+1])
		for rest := words; len(rest) > 0 && ctx.Err() == nil; {
			n := min(breath, len(rest))
			d.scatter(spare, rest[:n], pass, digit{low, step})
			rest = rest[n:]
		}
		words, spare, low = spare, words, low+step
	}
	return words, spare
}

// digit is the part of a word from bit low upwards, step bits long.
type digit struct{ low, step int }

// width returns the number of bits of the greatest number there is, at least one.
func width(most uint32) int { return max(bits.Len32(most), 1) }

// passes returns how many digits of at most digitBits sort n words of the given width with the least work: a digit wider than
// the number of words spends its time on empty counters.
func passes(n, width int) int {
	widest := min(digitBits, bits.Len(uint(n))-2)
	return max((width+widest-1)/widest, 1)
}

// scatter moves words to where those of their digit go on, and counts the digit after it.
func (d *digits) scatter(to, words []uint64, pass int, by digit) {
	count, next := &d[pass&1], &d[1-(pass&1)]
	low, step := by.low, by.step
	mask := uint64(1)<<step - 1
	for _, w := range words {
		digit := w >> low
		at := &count[digit&mask&(1<<digitBits-1)]
		to[*at] = w
		*at++
		next[digit>>step&mask&(1<<digitBits-1)]++
	}
}

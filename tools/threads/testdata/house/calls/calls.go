// Package calls those who have goroutines, and hands them nothing to run.
package calls

import (
	"house/once"
	"house/plain"
	"house/starts"
)

// Sum sums.
func Sum() int {
	sum := starts.Sum(1, 2, once.Of("a"))
	plain.Each(func(i int) { sum += i })
	starts.With(starts.Options{Size: sum})
	return sum
}

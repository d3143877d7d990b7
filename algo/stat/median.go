package stat

import (
	"math"
	"slices"
)

// Median is that of a list without NaN, which it reorders; NaN of none. Cost O(n) as a rule.
func Median(list []float64) float64 {
	n := len(list)
	if n == 0 {
		return math.NaN()
	}
	low := nth(list, (n-1)/2)
	high := low
	if n%2 == 0 {
		high = slices.Min(list[n/2:])
	}
	return (low + high) / 2
}

// nth finds what a sorted list would have in a place, and leaves nothing less behind it (Hoare 1961, Algorithm 65: Find).
func nth(list []float64, k int) float64 {
	from, to := 0, len(list)-1
	for from < to {
		a, b, c := list[from], list[(from+to)/2], list[to]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := from, to
		for i <= j {
			for list[i] < pivot {
				i++
			}
			for list[j] > pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			to = j
		case k >= i:
			from = i
		default:
			return list[k]
		}
	}
	return list[k]
}

package community

import (
	"context"
	"slices"

	"rummage/algo/csr/crew"
)

// arrange sorts a list and keeps the order of what is equal: blocks by themselves, then merged two by two, shared among threads. It looks
// at the context every few ten thousand steps, which a sort of the library does not, and may write over the list.
func arrange[T any](ctx context.Context, threads int, list []T, compare func(a, b T) int) ([]T, error) {
	const run = 1 << 13
	cut := crew.Cut(len(list), run)
	err := crew.Run(ctx, threads, len(cut)-1, func(_, i int) {
		slices.SortStableFunc(list[cut[i]:cut[i+1]], compare)
	})
	if err != nil || len(list) <= run {
		return list, err
	}
	other := make([]T, len(list))
	for width := run; width < len(list); width *= 2 {
		pairs := crew.Cut(len(list), 2*width)
		err := crew.Run(ctx, threads, len(pairs)-1, func(_, i int) {
			lo, hi := pairs[i], pairs[i+1]
			mid := min(lo+width, hi)
			merge(ctx, other[lo:hi], list[lo:mid], list[mid:hi], compare)
		})
		if err != nil {
			return nil, err
		}
		list, other = other, list
	}
	return list, nil
}

// merge writes two sorted lists as one, of equal ones those of a first. It leaves off when the context ends.
func merge[T any](ctx context.Context, to, a, b []T, compare func(a, b T) int) {
	for i := range to {
		if i&(1<<15-1) == 0 && ctx.Err() != nil {
			return
		}
		if len(b) == 0 || (len(a) > 0 && compare(a[0], b[0]) <= 0) {
			to[i], a = a[0], a[1:]
		} else {
			to[i], b = b[0], b[1:]
		}
	}
}

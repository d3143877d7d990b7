// Package crew runs numbered pieces of work on a bounded number of goroutines.
//
// It exists so that every kernel cuts its work the same way: the pieces depend on the input alone, never on the number of
// workers, and what a piece writes is its own. A caller that then adds the pieces' results in the order of their numbers
// gets the same bits on one thread as on many. The package must not know what the work is.
package crew

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Size returns the number of workers that Run uses for the wish threads and the given number of pieces: threads itself, or
// GOMAXPROCS when threads is not positive, and never more than there are pieces. It is at least 1, so that it can size
// per-worker scratch memory.
func Size(threads, pieces int) int {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	return max(1, min(threads, pieces))
}

// Enough is how many steps of about a nanosecond, such as a look at an arc, work must have to be worth sharing: to wake goroutines on
// other cores and to wait for them takes tens of microseconds at every call of Run, and what the caller had in its caches is not in theirs.
const Enough = 1 << 18

// Share returns threads, or 1 where the given number of steps is less than Enough. What Run is given must not depend on it but for the
// time it takes.
func Share(threads, steps int) int {
	if steps < Enough {
		return 1
	}
	return threads
}

// Run calls work(worker, piece) once for every piece from 0 to pieces-1, on Size(threads, pieces) goroutines, and returns
// when all have ended. Pieces are handed out in ascending order. A worker number is held by one goroutine at a time, so
// scratch memory may be indexed by it.
//
// Once ctx is cancelled no further piece starts and Run returns ctx.Err(): cancellation takes as long as one piece does.
func Run(ctx context.Context, threads, pieces int, work func(worker, piece int)) error {
	size := Size(threads, pieces)
	if size == 1 {
		for piece := range pieces {
			if err := ctx.Err(); err != nil {
				return err
			}
			work(0, piece)
		}
		return ctx.Err()
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for worker := range size {
		group.Go(func() {
			for ctx.Err() == nil {
				piece := int(next.Add(1)) - 1
				if piece >= pieces {
					return
				}
				work(worker, piece)
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

// Cut divides total items into pieces of at most size items and returns the start of every piece followed by total, so that
// piece i is the half-open range from cut[i] to cut[i+1]. It returns one empty list of pieces, {0}, when total is 0.
func Cut(total, size int) []int {
	cut := []int{0}
	for at := 0; at < total; {
		at = min(at+max(size, 1), total)
		cut = append(cut, at)
	}
	return cut
}

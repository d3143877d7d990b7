package resolve

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// spread is work on n things, shared among threads a piece at a time.
type spread struct {
	threads  int // GOMAXPROCS when not positive
	n, piece int
	progress func(done, total int) // called by several goroutines; nil for nobody
	before   func(i int) int       // how much of what progress counts comes before a thing; nil where it counts things
}

// usualPiece is how many subjects a thread takes at once.
const usualPiece = 256

// do calls work for each piece, from its first up to before its last, in no order,
// on several threads. It returns the error of a cancelled context.
func (s spread) do(ctx context.Context, work func(from, to int)) error {
	threads := s.threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var next, done atomic.Int64
	var group errgroup.Group
	for range threads {
		group.Go(func() error {
			for ctx.Err() == nil {
				from := int(next.Add(int64(s.piece))) - s.piece
				if from >= s.n {
					break
				}
				to := min(from+s.piece, s.n)
				work(from, to)
				s.tell(&done, from, to)
			}
			return nil
		})
	}
	_ = group.Wait() // work returns no error
	return ctx.Err()
}

func (s spread) tell(done *atomic.Int64, from, to int) {
	before := s.before
	if before == nil {
		before = func(i int) int { return i }
	}
	if so := done.Add(int64(before(to) - before(from))); s.progress != nil {
		s.progress(int(so), before(s.n))
	}
}

// share is a spread over n things, one at a time.
func share(ctx context.Context, threads, n int, work func(i int)) error {
	return spread{threads: threads, n: n, piece: usualPiece}.do(ctx, func(from, to int) {
		for i := from; i < to && ctx.Err() == nil; i++ {
			work(i)
		}
	})
}

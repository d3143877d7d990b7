package centrality

import "sync"

// ledger lets pieces enter their results in their order, whoever made them.
type ledger struct {
	lock     sync.Mutex
	turned   sync.Cond
	turn     int
	total    int
	progress func(done, total int)
}

func newLedger(total int, progress func(done, total int)) *ledger {
	t := &ledger{total: total, progress: progress}
	t.turned.L = &t.lock
	return t
}

// take calls enter when all pieces before have been entered, and reports that so much of the total is done.
func (t *ledger) take(piece, done int, enter func()) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for t.turn != piece {
		t.turned.Wait()
	}
	enter()
	if t.progress != nil {
		t.progress(done, t.total)
	}
	t.turn++
	t.turned.Broadcast()
}

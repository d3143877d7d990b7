package crew

import "sync"

// Tally counts what workers have done and tells of it, never twice at a time. It may be used by several goroutines.
type Tally struct {
	mutex       sync.Mutex
	tell        func(done, total int)
	done, total int
}

// NewTally returns a tally of total things, none of them done; tell may be nil.
func NewTally(total int, tell func(done, total int)) *Tally { return &Tally{tell: tell, total: total} }

// Add counts n more as done. tell is called before it returns, from the caller's goroutine.
func (t *Tally) Add(n int) {
	if t.tell == nil {
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.done += n
	t.tell(t.done, t.total)
}

// Extend plans n more things.
func (t *Tally) Extend(n int) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.total += n
}

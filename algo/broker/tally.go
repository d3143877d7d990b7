package broker

import "sync"

// crewTally counts what workers have done and tells of it, never twice at a time.
type crewTally struct {
	lock  sync.Mutex
	done  int
	total int
	tell  func(done, total int)
}

func (t *crewTally) add(n int) {
	if t.tell == nil {
		return
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	t.done += n
	t.tell(t.done, t.total)
}

package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gofrs/flock"

	"rummage/graph"
)

// lockRetry is the pause between two tries to take the lock.
const lockRetry = 25 * time.Millisecond

// lock is the right to write, held by one process for one piece of work. The
// kernel frees it when the process dies; what the file says is only for people.
type lock struct {
	file *flock.Flock
}

type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	What  string    `json:"what"`
	Since time.Time `json:"since"`
}

// holderOffset leaves alone the first byte, which Windows locks against
// reading.
const holderOffset = 1

// writeLock waits at most Options.LockWait for the right to write.
func (s *Store) writeLock(ctx context.Context) (*lock, error) {
	if s.closed.Load() {
		return nil, graph.ErrClosed
	}
	if s.readOnly != "" {
		return nil, fmt.Errorf("sqlite: %s: %w: %s", s.path, graph.ErrReadOnly, s.readOnly)
	}
	if err := s.there(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return nil, err
	}
	file := flock.New(s.path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR))
	deadline := time.Now().Add(s.options.LockWait)
	for told := false; ; told = true {
		ok, err := file.TryLock()
		if err != nil {
			return nil, errorOf("lock "+s.path, err)
		}
		if ok {
			break
		}
		if !told && s.options.Waiting != nil {
			s.options.Waiting(s.lockedBy())
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return nil, ctx.Err()
			}
			return nil, s.lockedBy() // a deadline is a shorter wait
		case <-time.After(lockRetry):
			if time.Now().After(deadline) {
				return nil, s.lockedBy()
			}
		}
	}
	host, _ := os.Hostname() // a name that nobody knows is no reason not to write
	s.sign(holder{PID: os.Getpid(), Host: host, What: s.options.Holder, Since: time.Now().UTC().Truncate(time.Second)})
	return &lock{file}, nil
}

// sign writes who holds the lock. Failing to is no failure: a full disk must
// not keep anyone from purging.
func (s *Store) sign(h holder) {
	text, err := json.Marshal(h)
	if err != nil {
		return
	}
	f, err := os.OpenFile(s.path+".lock", os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	_ = f.Truncate(holderOffset)
	_, _ = f.WriteAt(text, holderOffset)
}

func (s *Store) lockedBy() error {
	locked := &graph.LockedError{Holder: "a process that left no name"}
	f, err := os.Open(s.path + ".lock")
	if err != nil {
		return locked
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.NewSectionReader(f, holderOffset, 4096))
	var h holder
	if err == nil && json.Unmarshal(text, &h) == nil {
		locked.Holder = fmt.Sprintf("process %d on %s (%s)", h.PID, h.Host, h.What)
		locked.Since = h.Since
	}
	return locked
}

// release gives the right back; doing so twice is harmless.
func (l *lock) release() { _ = l.file.Unlock() }

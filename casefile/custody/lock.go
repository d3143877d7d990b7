package custody

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// ErrLocked is returned when another process writes beside the same case file for too long.
var ErrLocked = errors.New("another process writes to the custody log; try again when it is done")

const (
	lockWait  = 10 * time.Second
	lockRetry = 25 * time.Millisecond
	// lockMode lets whoever may write to the folder open the lock of somebody else, to wait for it.
	lockMode = 0o644
)

// alone does what is to be done beside a case file while no other process does: between reading a log and putting another one in its place,
// an entry of somebody else would be lost. The lock is a file beside the log, which is removed afterwards, while it is still held: whoever
// waited for it sees that it is gone. Windows may leave it there; a file that lies there keeps nobody out. ErrLocked, or an error of the file.
func alone(ctx context.Context, casefile string, do func() error) error {
	file, err := locked(ctx, LogFile(casefile)+".lock")
	if err != nil {
		return fmt.Errorf("custody: lock: %w", err)
	}
	err = do()
	_ = os.Remove(file.Path()) // not on Windows, where it is open
	if unlocked := file.Close(); err == nil && unlocked != nil {
		err = fmt.Errorf("custody: lock: %w", unlocked)
	}
	return err
}

// locked waits for a lock.
func locked(ctx context.Context, path string) (*flock.Flock, error) {
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	for {
		file := flock.New(path, flock.SetPermissions(lockMode))
		_, err := file.TryLockContext(waiting, lockRetry)
		switch {
		case ctx.Err() != nil:
			return nil, errors.Join(ctx.Err(), file.Close())
		case waiting.Err() != nil:
			return nil, errors.Join(ErrLocked, file.Close())
		case err != nil:
			return nil, errors.Join(err, file.Close())
		}
		held, err := file.Stat()
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		there, err := os.Stat(path)
		if err == nil && os.SameFile(held, there) {
			return file, nil
		}
		if closed := file.Close(); closed != nil || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(err, closed)
		}
	}
}

// Package night holds what a job that nobody watches needs beside its work: a lock that says who holds it, news handed to a command, what
// was handed on kept until it was taken, and figures for Prometheus. It must not know what the job computes, any store, or the clock.
package night

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// ErrBusy is wrapped by BusyError.
var ErrBusy = errors.New("another run is going on")

// Holder is who holds a lock.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	What  string    `json:"what"`  // the command
	Since time.Time `json:"since"` // UTC
}

// BusyError says who holds the lock.
type BusyError struct{ Holder Holder }

// Error names the holder.
func (e *BusyError) Error() string {
	h := &e.Holder
	if h.PID == 0 {
		return fmt.Sprintf("%v: of a process that left no name", ErrBusy)
	}
	return fmt.Sprintf("%v: process %d on %s (%s) since %s", ErrBusy, h.PID, h.Host, h.What, h.Since.UTC().Format(time.RFC3339))
}

// Unwrap returns ErrBusy.
func (e *BusyError) Unwrap() error { return ErrBusy }

// Lock is the right to run, held by one process of this machine. The system frees it when the process dies, however it does; what the
// file says is only for people, and the file stays.
type Lock struct{ file *flock.Flock }

// holderOffset leaves alone the first byte, which Windows locks against reading.
const holderOffset = 1

// Take takes the lock of that path, without waiting; a *BusyError where another process holds it.
func Take(path string, by Holder) (*Lock, error) {
	file := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	got, err := file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("night: lock %s: %w", path, err)
	}
	if !got {
		return nil, &BusyError{read(path)}
	}
	text, err := json.Marshal(by)
	if err == nil {
		err = sign(path, text)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("night: lock %s: %w", path, err), file.Unlock())
	}
	return &Lock{file}, nil
}

func sign(path string, text []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Truncate(holderOffset); err != nil {
		return err
	}
	_, err = f.WriteAt(text, holderOffset)
	return err
}

// read is who the file names, nobody where it names none.
func read(path string) (by Holder) {
	f, err := os.Open(path)
	if err != nil {
		return Holder{}
	}
	defer func() { _ = f.Close() }() // read only
	const most = 4096
	text, err := io.ReadAll(io.NewSectionReader(f, holderOffset, most))
	if err != nil || json.Unmarshal(text, &by) != nil {
		return Holder{}
	}
	return by
}

// Release gives the right back.
func (l *Lock) Release() error {
	if err := l.file.Unlock(); err != nil {
		return fmt.Errorf("night: unlock: %w", err)
	}
	return nil
}

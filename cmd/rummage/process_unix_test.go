//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/fixtures"
)

// actAs makes the test binary be rummage when a test starts it as a process of its own, with the largest size of a file that it
// may write.
func actAs() {
	limit := os.Getenv("TEST_AS_RUMMAGE")
	if limit == "" {
		return
	}
	if bytes, err := strconv.ParseUint(limit, 10, 64); err == nil && bytes > 0 {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
			panic(err)
		}
	}
	main()
}

// watched collects what a process says and tells when a word has been said.
type watched struct {
	mu   sync.Mutex
	text bytes.Buffer
	word string
	said chan struct{}
	once sync.Once
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	if w.word != "" && strings.Contains(w.text.String(), w.word) {
		w.once.Do(func() { close(w.said) })
	}
	return len(p), nil
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// start runs rummage as a process; said is closed once it has said the word.
func start(t *testing.T, word, limit string, args ...string) (*exec.Cmd, *watched) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append(args, "--progress", "always")...)
	w := &watched{word: word, said: make(chan struct{})}
	cmd.Env = []string{"TEST_AS_RUMMAGE=" + limit, "USER=kim", "TMPDIR=" + t.TempDir()}
	cmd.Stdout, cmd.Stderr = io.Discard, w
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, w
}

// long is how much work keeps a process busy until it is interrupted: a tenth where the race detector makes all some ten times slower.
func long(n int) int {
	if fixtures.UnderRace() {
		return n / 10
	}
	return n
}

// during waits until an import is under way.
func during(t *testing.T, w *watched) {
	t.Helper()
	select {
	case <-w.said:
	case <-time.After(10 * time.Minute):
		t.Fatalf("the import never began: %s", w)
	}
}

// TestImportsThatAreCutShort interrupts and kills an import midway: nothing of it is in, what was there is, and the same command
// run again brings it in whole.
func TestImportsThatAreCutShort(t *testing.T) {
	dir := t.TempDir()
	rows := long(150_000)
	large := tradeFile(t, dir, "large", rows)
	for name, test := range map[string]struct {
		signal syscall.Signal
		code   int
	}{
		"SIGINT":  {syscall.SIGINT, 130},
		"SIGTERM": {syscall.SIGTERM, 130},
		"kill -9": {syscall.SIGKILL, -1},
	} {
		t.Run(name, func(t *testing.T) {
			store := filepath.Join(t.TempDir(), "s.db")
			code, text := said(t, "ingest", tradeFile(t, t.TempDir(), "first", 10), "--store", store)
			require.Zero(t, code, text)

			cmd, w := start(t, "rows ", "0", "ingest", large, "--store", store)
			during(t, w)
			require.NoError(t, cmd.Process.Signal(test.signal))
			err := cmd.Wait()
			var ended *exec.ExitError
			require.True(t, errors.As(err, &ended), "it was over before it was cut short: %v", err)
			assert.Equal(t, test.code, ended.ExitCode(), w.String())
			assert.NotContains(t, w.String(), "goroutine")
			if test.code == 130 {
				assert.Contains(t, w.String(), "rummage: interrupted; ")
			}

			code, text = said(t, "sources", "--store", store)
			assert.Zero(t, code, text)
			assert.Contains(t, text, "first.csv")
			assert.NotContains(t, text, "large.csv")
			code, text = said(t, "check", "--store", store, "--output", "table")
			assert.Zero(t, code, text)

			code, text = said(t, "ingest", large, "--store", store)
			assert.Zero(t, code, text)
			assert.Contains(t, text, fmt.Sprintf("large.csv\timported\ttrade-world\t%d\t%d\t0\t%d", rows, rows, rows))
		})
	}
}

// TestAnotherWriter holds a store in another process: a second writer waits, then names the holder; readers go on.
func TestAnotherWriter(t *testing.T) {
	dir := t.TempDir()
	store := filepath.Join(dir, "s.db")
	code, text := said(t, "ingest", tradeFile(t, dir, "first", 10), "--store", store)
	require.Zero(t, code, text)
	cmd, w := start(t, "rows ", "0", "ingest", tradeFile(t, dir, "large", long(150_000)), "--store", store)
	during(t, w)
	require.NoError(t, cmd.Process.Signal(syscall.SIGSTOP))

	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	var out, errs bytes.Buffer
	got := run(ctx, process{
		args: []string{"withdraw", "first.csv", "--store", store}, stdout: &out, stderr: &errs, stdin: strings.NewReader(""),
	})
	assert.EqualValues(t, 5, got, errs.String())
	assert.Contains(t, errs.String(), "locked by another writer")
	assert.Contains(t, errs.String(), strconv.Itoa(cmd.Process.Pid), "the holder is named")
	assert.Contains(t, errs.String(), "rummage ingest")
	assert.Contains(t, errs.String(), "next: wait for the other process")
	code, text = said(t, "sources", "--store", store)
	assert.Zero(t, code, text)
	assert.Contains(t, text, "first.csv")

	require.NoError(t, cmd.Process.Signal(syscall.SIGCONT))
	assert.NoError(t, cmd.Wait(), "the holder goes on as if nothing had been: %s", w)
}

// TestFullDisk imports onto a disk that is too small: a small one mounted for the test, or a limit on the size of files where
// nothing may be mounted. The store is as it was, and the same command works once there is room.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	disk := filepath.Join(dir, "disk")
	require.NoError(t, os.Mkdir(disk, 0o700))
	limit := "0"
	room := func() {}
	if err := mountSmall(disk, "2m"); err != nil {
		t.Logf("no disk can be mounted (%v): a limit on the size of files stands in for it", err)
		limit = "1500000"
	} else {
		room = func() { require.NoError(t, mountSmall(disk, "remount,size=200m")) }
		t.Cleanup(func() { _ = unmount(disk) })
	}
	store := filepath.Join(disk, "s.db")
	code, text := said(t, "ingest", tradeFile(t, dir, "first", 10), "--store", store)
	require.Zero(t, code, text)

	large := tradeFile(t, dir, "large", 250_000) // which is more than the disk holds
	cmd, w := start(t, "", limit, "ingest", large, "--store", store)
	var ended *exec.ExitError
	require.True(t, errors.As(cmd.Wait(), &ended), w.String())
	assert.Equal(t, 5, ended.ExitCode(), w.String())
	assert.Contains(t, w.String(), "no space left for the store")
	assert.Contains(t, w.String(), "next: free some space and run the same command again")

	code, text = said(t, "sources", "--store", store)
	assert.Zero(t, code, text)
	assert.Contains(t, text, "first.csv")
	assert.NotContains(t, text, "large.csv")
	room()
	code, text = said(t, "ingest", large, "--store", store)
	assert.Zero(t, code, text)
	assert.Contains(t, text, "large.csv\timported")
	code, text = said(t, "check", "--store", store)
	assert.Zero(t, code, text)
}

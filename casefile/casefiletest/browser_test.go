//go:build unix

package casefiletest

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// witness is a test that may fail: it notes why, and ends as a test does.
type witness struct {
	testing.TB
	said string
	end  []func()
}

func (w *witness) Fatalf(format string, args ...any) {
	w.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (w *witness) Cleanup(f func()) { w.end = append(w.end, f) }

// TestSilentBrowsersAreLeftNowhere stops a browser in the middle of a test: the test is told, and the browser is gone when the test is over.
func TestSilentBrowsersAreLeftNowhere(t *testing.T) {
	folder, err := os.MkdirTemp("", "b") // a browser that is killed leaves its socket
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	t.Setenv("TMPDIR", folder)
	w := &witness{TB: t}
	over := make(chan *Browser, 1)
	go func() {
		var b *Browser
		defer func() {
			for _, f := range w.end {
				f()
			}
			over <- b
		}()
		b = Start(w)
		var sum int
		b.Ask("20 + 22", &sum)
		assert.Equal(t, 42, sum)
		b.Patience = 100 * time.Millisecond
		assert.NoError(t, b.process.Signal(syscall.SIGSTOP))
		b.Ask("1", nil)
		t.Error("it answered though it was stopped")
	}()
	b := <-over
	if t.Skipped() {
		return // no browser here
	}
	require.NotNil(t, b, w.said)
	assert.Contains(t, w.said, "said nothing for 100ms")
	assert.Error(t, b.process.Signal(syscall.Signal(0)), "it is gone")
}

package neo4jtest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// playing names the part that this test binary plays when a test starts it once more.
const playing = "NEO4JTEST_PLAYS"

// play is another test binary: it says line by line what it has, and never ends by itself.
func play(part string) {
	ctx := context.Background()
	fail := func(err error) {
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	}
	switch part {
	case "fetch":
		folder, err := jars(ctx, "browser")
		fail(err)
		fmt.Println("jars", folder)
		os.Exit(0)
	case "serve":
		s, err := found(ctx, Options{}.filled())
		fail(err)
		fmt.Println("has", trace(s))
		fail(s.start(ctx))
		fmt.Println("address", s.Address)
		select {}
	}
}

// actor is a running test binary that plays a part.
type actor struct {
	child *exec.Cmd
	lines *bufio.Scanner
}

func cast(t *testing.T, part string, env ...string) *actor {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	child := exec.Command(self)
	child.Env = append(append(os.Environ(), playing+"="+part), env...)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	child.Stderr = os.Stderr
	require.NoError(t, child.Start())
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	return &actor{child, bufio.NewScanner(out)}
}

// says reads the next line, which must start with the word, and returns the rest.
func (a *actor) says(t *testing.T, word string) string {
	t.Helper()
	require.True(t, a.lines.Scan(), "it ended before it said %s", word)
	rest, ok := strings.CutPrefix(a.lines.Text(), word+" ")
	require.True(t, ok, a.lines.Text())
	return rest
}

// trace is what shows that a server is there: its folder or its container.
func trace(s *Server) string {
	if c, ok := s.engine.(*container); ok {
		return "container " + c.name
	}
	return s.Folder
}

// left reports whether a server's folder or container is still there.
func left(trace string) bool {
	if name, ok := strings.CutPrefix(trace, "container "); ok {
		_, err := docker(context.Background(), "container", "inspect", name)
		return err == nil
	}
	_, err := os.Stat(trace)
	return err == nil
}

func TestTwoBinariesAtOnceAndBothKilledLeaveNothing(t *testing.T) {
	need(t, Fetch(t.Context(), Options{}))
	actors := []*actor{cast(t, "serve"), cast(t, "serve")}
	var traces, addresses []string
	for _, a := range actors {
		traces = append(traces, a.says(t, "has"))
		addresses = append(addresses, strings.TrimPrefix(a.says(t, "address"), "bolt://"))
	}
	require.NotEqual(t, traces[0], traces[1])
	require.NotEqual(t, addresses[0], addresses[1])
	for i, a := range actors {
		require.True(t, left(traces[i]))
		require.NoError(t, dial(t.Context(), addresses[i]))
		require.NoError(t, a.child.Process.Signal(syscall.SIGKILL))
	}
	for i := range actors {
		assert.Eventually(t, func() bool { return !left(traces[i]) }, 2*time.Minute, 50*time.Millisecond, "its data stay")
		assert.Error(t, dial(t.Context(), addresses[i]), "the server stays")
	}
}

func TestABinaryKilledWhileItsServerStartsLeavesNothing(t *testing.T) {
	need(t, Fetch(t.Context(), Options{}))
	for _, pause := range []time.Duration{0, 20 * time.Millisecond, 500 * time.Millisecond} {
		t.Run(pause.String(), func(t *testing.T) {
			a := cast(t, "serve")
			trace := a.says(t, "has")
			time.Sleep(pause)
			require.NoError(t, a.child.Process.Signal(syscall.SIGKILL))
			// Twice, since a server that had escaped would make anew what was removed.
			for range 2 {
				assert.Eventually(t, func() bool { return !left(trace) }, 2*time.Minute, 50*time.Millisecond)
				time.Sleep(300 * time.Millisecond)
			}
		})
	}
}

func TestTwoBinariesAtOnceFetchOneSetOfJars(t *testing.T) {
	need(t, Fetch(t.Context(), Options{}))
	if _, err := exec.LookPath("mvn"); err != nil {
		need(t, fmt.Errorf("%w: %w", ErrNone, err))
	}
	cache := t.TempDir()
	env := []string{"XDG_CACHE_HOME=" + cache, "HOME=" + cache}
	one, two := cast(t, "fetch", env...), cast(t, "fetch", env...)
	first, second := one.says(t, "jars"), two.says(t, "jars")
	assert.Equal(t, first, second)
	assert.True(t, strings.HasPrefix(first, cache))
	assert.True(t, present(first))
	half := filepath.Join(filepath.Dir(first), "part-dead")
	require.NoError(t, os.Mkdir(half, 0o755))
	unlock, err := locked(t.Context(), filepath.Dir(first))
	require.NoError(t, err)
	unlock()
	left, err := os.ReadDir(filepath.Dir(first))
	require.NoError(t, err)
	var names []string
	for _, entry := range left {
		names = append(names, entry.Name())
	}
	assert.Len(t, names, 2, "the jars and the lock, nothing half done: %v", names)
}

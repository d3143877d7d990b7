package neo4jtest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
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
		fmt.Println("folder", s.Folder)
		fail(s.start(ctx))
		fmt.Println("address", s.Address)
		fmt.Println("pid", s.PID())
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

// gone waits until what a dead binary left has been cleared up.
func gone(t *testing.T, folder, address string) {
	t.Helper()
	assert.Eventually(t, func() bool {
		_, err := os.Stat(folder)
		return os.IsNotExist(err)
	}, 20*time.Second, 50*time.Millisecond, "the folder stays")
	if address != "" {
		assert.Error(t, dial(t.Context(), strings.TrimPrefix(address, "bolt://")), "the server stays")
	}
}

func TestTwoBinariesAtOnceAndBothKilledLeaveNothing(t *testing.T) {
	need(t, Fetch(t.Context(), Options{}))
	one, two := cast(t, "serve"), cast(t, "serve")
	folders := []string{one.says(t, "folder"), two.says(t, "folder")}
	if folders[0] == "" {
		t.Skip("a container has no folder to look at; its watchdog is the same")
	}
	require.NotEqual(t, folders[0], folders[1])
	addresses := []string{one.says(t, "address"), two.says(t, "address")}
	require.NotEqual(t, addresses[0], addresses[1])
	for i, a := range []*actor{one, two} {
		require.DirExists(t, folders[i])
		require.NoError(t, dial(t.Context(), strings.TrimPrefix(addresses[i], "bolt://")))
		require.NotEqual(t, "0", a.says(t, "pid"))
		require.NoError(t, a.child.Process.Signal(syscall.SIGKILL))
	}
	for i := range folders {
		gone(t, folders[i], addresses[i])
	}
}

func TestABinaryKilledWhileItsServerStartsLeavesNothing(t *testing.T) {
	need(t, Fetch(t.Context(), Options{}))
	for _, pause := range []time.Duration{0, 20 * time.Millisecond, 500 * time.Millisecond} {
		t.Run(pause.String(), func(t *testing.T) {
			a := cast(t, "serve")
			folder := a.says(t, "folder")
			time.Sleep(pause)
			require.NoError(t, a.child.Process.Signal(syscall.SIGKILL))
			gone(t, folder, "")
			// A server that had escaped would make its folder anew.
			time.Sleep(200 * time.Millisecond)
			assert.NoDirExists(t, folder)
		})
	}
}

func TestTwoBinariesAtOnceFetchOneSetOfJars(t *testing.T) {
	need(t, Fetch(t.Context(), Options{HTTP: true}))
	cache := t.TempDir()
	env := []string{"XDG_CACHE_HOME=" + cache, "HOME=" + cache}
	one, two := cast(t, "fetch", env...), cast(t, "fetch", env...)
	first, second := one.says(t, "jars"), two.says(t, "jars")
	assert.Equal(t, first, second)
	assert.True(t, strings.HasPrefix(first, cache))
	assert.True(t, present(first))
	left, err := os.ReadDir(first + "/..")
	require.NoError(t, err)
	var names []string
	for _, entry := range left {
		names = append(names, entry.Name())
	}
	assert.Len(t, names, 2, "the jars and the lock, nothing half done: %v", names)
}

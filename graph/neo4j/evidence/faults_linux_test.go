package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

var (
	inSpace = flag.String("evidence.space", "", "run one test within a name space of its own (set by the tests themselves)")
	keeper  = flag.String("evidence.keeper", "", "keep files in this folder until killed (set by the tests themselves)")
)

// ownDisk runs the calling test again in a name space where it may mount, and
// returns true there: with a small disk mounted at the returned folder.
func ownDisk(t *testing.T, size string) (string, bool) {
	if *inSpace != "" {
		require.NoError(t, syscall.Mount("tmpfs", *inSpace, "tmpfs", 0, "size="+size))
		return *inSpace, true
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-evidence.space="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EINVAL) {
		t.Skipf("no name spaces here: %v", err)
	}
	require.NoError(t, err, string(out))
	return "", false
}

func TestAFullDiskLeavesNothing(t *testing.T) {
	dir, here := ownDisk(t, "1m")
	if !here {
		return
	}
	f, err := Open(filepath.Join(dir, "evidence"))
	require.NoError(t, err)
	small := keep(t, f, noise(300_000))
	before := names(t, f)
	for _, n := range []int{800_000, 5 << 20} {
		b := noise(n)[1:]
		_, err = f.Keep(ctx, bytes.NewReader(b), sum(b))
		require.ErrorIs(t, err, graph.ErrFull)
		require.Equal(t, before, names(t, f))
	}
	got, err := read(f, small)
	require.NoError(t, err)
	require.Equal(t, small, sum(got))
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
	keep(t, f, noise(5<<20))

	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	f, err = Open(f.Dir())
	require.NoError(t, err, "what is there can be read from a disk that takes no more")
	_, err = read(f, small)
	require.NoError(t, err)
	_, err = f.Keep(ctx, strings.NewReader("x"), sum([]byte("x")))
	require.ErrorIs(t, err, graph.ErrReadOnly)
	require.ErrorIs(t, f.Remove(small), graph.ErrReadOnly)
	_, err = Open(filepath.Join(dir, "other"))
	require.ErrorIs(t, err, graph.ErrReadOnly)
}

// TestEveryWriteMayBeTheLast lets a file grow to one size after another, so
// that each time another write is the one that fails.
func TestEveryWriteMayBeTheLast(t *testing.T) {
	dir, here := ownDisk(t, "64m") // a process of its own
	if !here {
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	f, err := Open(dir)
	require.NoError(t, err)
	b, failed := noise(3*blockSize), 0
	for size := uint64(0); ; size += 40_000 {
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: ^uint64(0)}))
		_, err := f.Keep(ctx, bytes.NewReader(b), sum(b))
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: ^uint64(0), Max: ^uint64(0)}))
		if err == nil {
			break
		}
		failed++
		require.ErrorIs(t, err, graph.ErrFull, "%d bytes", size)
		require.Empty(t, names(t, f), "%d bytes", size)
	}
	require.Greater(t, failed, 10)
}

// kills is how often the keeper is killed.
const kills = 12

func TestAKilledKeeperLeavesWholeFilesOnly(t *testing.T) {
	if *keeper != "" {
		keepUntilKilled(t, *keeper)
		return
	}
	f := folder(t)
	acknowledged, half := map[string]bool{}, 0
	for round := range kills {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-evidence.keeper="+f.Dir())
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		// It is killed while it keeps, however long it takes to begin.
		lines := bufio.NewReader(out)
		first, err := lines.ReadString('\n')
		require.NoError(t, err)
		go func() {
			time.Sleep(time.Duration(round*37%90) * time.Millisecond)
			_ = cmd.Process.Kill()
		}()
		said, err := io.ReadAll(lines)
		require.NoError(t, err)
		_ = cmd.Wait()
		for _, line := range strings.Split(first+string(said), "\n") {
			if sha, ok := strings.CutPrefix(line, "kept "); ok && len(sha) == 64 {
				acknowledged[sha] = true
			}
		}
		f = fresh(t, f)
		problems, err := f.Check(ctx, nil)
		require.NoError(t, err)
		require.Empty(t, problems)
	}
	for sha := range acknowledged {
		b, err := read(f, graph.SHA256(sha))
		require.NoError(t, err)
		require.Equal(t, sha, string(sum(b)))
	}
	require.NotEmpty(t, acknowledged)
	for _, name := range names(t, f) {
		if strings.HasSuffix(name, ".tmp") {
			half++
			old := time.Now().Add(-48 * time.Hour)
			require.NoError(t, os.Chtimes(filepath.Join(f.Dir(), name), old, old))
		}
	}
	t.Logf("%d files kept, %d left half", len(acknowledged), half)
	for _, name := range names(t, fresh(t, f)) {
		require.NotContains(t, name, ".tmp")
	}
}

func keepUntilKilled(t *testing.T, dir string) {
	f, err := Open(dir)
	require.NoError(t, err)
	for n := os.Getpid(); ; n++ {
		b := append(noise(5*blockSize+n%1000), fmt.Sprint(n)...)
		fmt.Println("kept", keep(t, f, b))
	}
}

func TestWhoMayNotReadIsToldSo(t *testing.T) {
	f := folder(t)
	sha := keep(t, f, lines(100))
	require.NoError(t, os.Chmod(f.Dir(), 0))
	defer func() { require.NoError(t, os.Chmod(f.Dir(), 0o700)) }()
	if os.Getuid() == 0 { // who may read everything, unless this thread opens files as somebody else
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer func() { _ = syscall.Setfsuid(0) }()
		_ = syscall.Setfsuid(65534)
	}
	_, err := f.Evidence(ctx, sha)
	_, listing := f.Kept()
	for _, err := range []error{err, listing} {
		require.ErrorIs(t, err, fs.ErrPermission)
		require.ErrorContains(t, err, f.Dir())
		require.ErrorContains(t, err, "permission")
		require.NotErrorIs(t, err, graph.ErrReadOnly)
		require.NotErrorIs(t, err, graph.ErrNoEvidence)
	}
}

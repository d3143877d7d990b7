package sqlite

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/storetest"
)

var (
	inSpace = flag.String("sqlite.space", "", "run one test within a name space of its own (set by the tests themselves)")
	worker  = flag.String("sqlite.worker", "", "work on the store at this path until killed (set by the tests themselves)")
)

// ownDisk runs the calling test again in a name space where it may mount, and
// returns true there: with a small disk mounted at the returned folder.
func ownDisk(t *testing.T, size string) (string, bool) {
	if *inSpace != "" {
		require.NoError(t, syscall.Mount("tmpfs", *inSpace, "tmpfs", 0, "size="+size))
		return *inSpace, true
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-sqlite.space="+t.TempDir())
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

// counted lists the sources and counts what is read of them.
func counted(t *testing.T, s *Store) string {
	ctx := context.Background()
	r, err := s.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	defer func() { _ = r.Close() }()
	consignments, entities := 0, 0
	for _, err := range r.Consignments(ctx, graph.Want{}) {
		require.NoError(t, err)
		consignments++
	}
	for _, err := range r.Entities(ctx, graph.Want{}) {
		require.NoError(t, err)
		entities++
	}
	sources, err := s.Sources(ctx)
	require.NoError(t, err)
	return fmt.Sprint(consignments, entities, sources)
}

func TestFullDiskLeavesTheStoreAsItWas(t *testing.T) {
	for _, size := range []string{"1m", "4m"} {
		t.Run(size, func(t *testing.T) {
			dir, here := ownDisk(t, size)
			if !here {
				return
			}
			ctx := context.Background()
			s, err := Open(ctx, filepath.Join(dir, "store"), Options{Create: true, chunk: 200})
			require.NoError(t, err)
			first := put(t, s, "first", many("first", 50).Rows...)
			want := counted(t, s)
			full := 0
			for n := 300; full < 4; n = n*3/2 + full {
				_, err := many(fmt.Sprint("more ", n), n).Import(ctx, s)
				if err == nil {
					want = counted(t, s)
					continue
				}
				full++
				require.ErrorIs(t, err, graph.ErrFull)
				require.Equal(t, want, counted(t, s), "it can be read while the disk is full")
			}
			problems, err := s.Check(ctx, nil)
			require.NoError(t, err)
			require.Empty(t, problems)
			require.ErrorIs(t, s.Backup(ctx, filepath.Join(dir, "copy"), nil), graph.ErrFull)
			require.NoFileExists(t, filepath.Join(dir, "copy"))

			require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
			put(t, s, "after", many("after", 50).Rows...)
			require.NoError(t, s.Purge(ctx, first.ID, storetest.Noon(9), "test"))
			require.NoError(t, s.Close())
			s, err = Open(ctx, filepath.Join(dir, "store"), Options{})
			require.NoError(t, err)
			problems, err = s.Check(ctx, nil)
			require.NoError(t, err)
			require.Empty(t, problems)
			require.NoError(t, s.Close())
		})
	}
}

func TestReadOnlyDiskIsRead(t *testing.T) {
	dir, here := ownDisk(t, "8m")
	if !here {
		return
	}
	ctx := context.Background()
	path := filepath.Join(dir, "store")
	s := fresh(t, path)
	put(t, s, "first", storetest.Shipment("1", "a", "b", 1))
	want := dump(t, s)
	require.NoError(t, s.Close())
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	s, err := Open(ctx, path, Options{})
	require.NoError(t, err)
	require.Equal(t, want, dump(t, s))
	_, err = s.Begin(ctx, storetest.NewBatch("second", 1).Spec)
	require.ErrorIs(t, err, graph.ErrReadOnly)
	_, err = s.Decide(ctx, graph.Decision{Subject: storetest.Trader("a"), Kind: graph.Note, Time: storetest.Noon(1)})
	require.ErrorIs(t, err, graph.ErrReadOnly)
	require.NoError(t, s.Backup(ctx, place(t), nil))
	require.NoError(t, s.Close())
	_, err = Open(ctx, filepath.Join(dir, "new"), Options{Create: true})
	require.ErrorIs(t, err, graph.ErrReadOnly)
}

// kills is how often the worker is killed.
const kills = 15

// TestKilledWhateverItDoes kills a process that imports, purges and compacts.
func TestKilledWhateverItDoes(t *testing.T) {
	if *worker != "" {
		workUntilKilled(t, *worker)
		return
	}
	ctx := context.Background()
	path := place(t)
	require.NoError(t, fresh(t, path).Close())
	said := map[string]bool{}
	for round := range kills {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-sqlite.worker="+path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "begin") {
		}
		go func() {
			time.Sleep(time.Duration(1+round*37%90) * time.Millisecond)
			_ = cmd.Process.Kill()
		}()
		for lines.Scan() {
			said[lines.Text()] = true
		}
		_ = cmd.Wait()

		s, err := Open(ctx, path, Options{LockWait: time.Second})
		require.NoError(t, err)
		problems, err := s.Check(ctx, nil)
		require.NoError(t, err)
		require.Empty(t, problems)
		sources, err := s.Sources(ctx)
		require.NoError(t, err)
		for _, source := range sources {
			delete(said, "imported "+source.Name)
			if source.EndedBy == graph.Purged {
				delete(said, "purged "+source.Name)
			}
		}
		for line := range said {
			require.NotContains(t, line, "ed ", "acknowledged and lost")
		}
		require.NoError(t, s.Close())
	}
}

func workUntilKilled(t *testing.T, path string) {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{chunk: 150})
	require.NoError(t, err)
	sources, err := s.Sources(ctx)
	require.NoError(t, err)
	fmt.Println("begin")
	for n := len(sources); ; n++ {
		source, err := many(fmt.Sprint("file ", n), 400).Import(ctx, s)
		require.NoError(t, err)
		fmt.Println("imported", source.Name)
		if n%3 == 2 {
			require.NoError(t, s.Purge(ctx, source.ID, storetest.Noon(9), "test"))
			fmt.Println("purged", source.Name)
		}
		if n%4 == 3 {
			require.NoError(t, s.Compact(ctx))
		}
	}
}

// TestEveryWriteMayBeTheLast lets files grow to one size after another, so
// that each time another write of an import is the one that fails.
func TestEveryWriteMayBeTheLast(t *testing.T) {
	dir, here := ownDisk(t, "64m") // a process of its own
	if !here {
		return
	}
	ctx := context.Background()
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(ctx, filepath.Join(dir, "store"), Options{Create: true, chunk: 100})
	require.NoError(t, err)
	put(t, s, "first", many("first", 20).Rows...)
	want := counted(t, s)
	failed := 0
	for size := uint64(16 << 10); ; size += 12 << 10 {
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: ^uint64(0)}))
		_, err := many("second", 1200).Import(ctx, s)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: ^uint64(0), Max: ^uint64(0)}))
		if err == nil {
			break
		}
		failed++
		require.ErrorIs(t, err, graph.ErrFull, "%d bytes", size)
		require.Equal(t, want, counted(t, s), "%d bytes", size)
	}
	require.Greater(t, failed, 10)
	problems, err := s.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.NotEqual(t, want, counted(t, s))
	require.NoError(t, s.Close())
}

package transfer

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

var inSpace = flag.String("transfer.space", "", "run one test within a name space of its own (set by the tests themselves)")

// TestNoRoomForTemporaryFiles runs again in a name space where it may mount a
// small disk.
func TestNoRoomForTemporaryFiles(t *testing.T) {
	if *inSpace == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-transfer.space="+t.TempDir())
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
		return
	}
	from, to := filled(t), empty(t)
	require.NoError(t, syscall.Mount("tmpfs", *inSpace, "tmpfs", 0, "size=16k"))
	_, err := Copy(ctx, from, to, Options{Temp: *inSpace, chunk: 2000})
	require.ErrorIs(t, err, graph.ErrFull)
	require.ErrorContains(t, err, "temporary file")
	all, err := to.Sources(ctx)
	require.NoError(t, err)
	require.Empty(t, all)
	entries, err := os.ReadDir(*inSpace)
	require.NoError(t, err)
	require.Empty(t, entries)
	require.NoError(t, syscall.Mount("tmpfs", *inSpace, "tmpfs", syscall.MS_REMOUNT, "size=16m"))
	_, err = Copy(ctx, from, to, Options{Temp: *inSpace, chunk: 2000})
	require.NoError(t, err)
}

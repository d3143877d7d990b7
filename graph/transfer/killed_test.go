package transfer_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/storetest"
	"rummage/graph/transfer"
)

var copier = flag.String("transfer.copier", "", "copy between the two stores in this folder until killed (set by the tests themselves)")

// kills is how often the copying process is killed.
const kills = 9

func TestAKilledCopyIsCompletedByTheNext(t *testing.T) {
	if *copier != "" {
		copyUntilKilled(t, *copier)
		return
	}
	dir := t.TempDir()
	from := open(t, filepath.Join(dir, "from"))
	file := storetest.NewBatch("read twice", 1, many(9, 300)...)
	put(t, from, file)
	for i := range 8 {
		put(t, from, storetest.NewBatch(fmt.Sprint("file ", i), 2+i, many(i, 300)...))
	}
	put(t, from, file.Reread(15, "other rules", many(10, 200)...))
	require.NoError(t, from.Withdraw(ctx, sources(t, from)[2].ID, storetest.Noon(16), "x"))
	require.NoError(t, from.Purge(ctx, sources(t, from)[4].ID, storetest.Noon(17), "y"))
	ledger(t, from)
	for _, s := range sources(t, from) {
		if s.EndedBy == graph.NotEnded {
			require.NoError(t, from.Purge(ctx, s.ID, storetest.Noon(18), "a gap in the decisions"))
			break
		}
	}
	killed := 0
	for round := range kills {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-transfer.copier="+dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "begin") {
		}
		go func() {
			time.Sleep(time.Duration(5+round*29%120) * time.Millisecond)
			_ = cmd.Process.Kill()
		}()
		done := false
		for lines.Scan() {
			done = done || strings.HasPrefix(lines.Text(), "done")
		}
		_ = cmd.Wait()
		if !done {
			killed++
		}
		to := open(t, filepath.Join(dir, "to"))
		sound(t, to)
		for _, s := range sources(t, to) {
			one := graph.Scope{Sources: []graph.SourceID{s.ID}, Ended: true}
			require.Equal(t, records(t, from, one), records(t, to, one), "sources are whole")
		}
		require.NoError(t, to.Close())
	}
	require.Positive(t, killed)
	to := open(t, filepath.Join(dir, "to"))
	copied(t, from, to)
	same(t, from, to, graph.Scope{KnownOn: storetest.Noon(6)})
}

func copyUntilKilled(t *testing.T, dir string) {
	from, to := open(t, filepath.Join(dir, "from")), open(t, filepath.Join(dir, "to"))
	fmt.Println("begin")
	_, err := transfer.Copy(ctx, from, to, transfer.Options{Temp: dir})
	require.NoError(t, err)
	fmt.Println("done")
}

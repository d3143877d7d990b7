//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nightStore is a store with a small world in it.
func nightStore(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	world, store := filepath.Join(dir, "world"), filepath.Join(dir, "s.db")
	code, text := said(t, "simulate", "--level", "L1", "--seed", "7", "--scale", "0.2", "--checks=false", "--out", world)
	require.Zero(t, code, text)
	args := []string{"ingest", "--store", store}
	for _, name := range tables() {
		args = append(args, filepath.Join(world, name))
	}
	code, text = said(t, args...)
	require.Zero(t, code, text)
	return store
}

// answered runs flag and reads its answer.
func answered(t *testing.T, code int, args ...string) (answer flagAnswer, text string) {
	t.Helper()
	var out, errs bytes.Buffer
	require.Equal(t, code, do(t, process{stdout: &out, stderr: &errs, env: []string{"USER=kim", "PATH=" + os.Getenv("PATH")}}, append(args, "--json")...),
		"%s%s", out.String(), errs.String())
	if code != 6 {
		require.NoError(t, json.Unmarshal(out.Bytes(), &answer))
	}
	return answer, out.String()
}

// TestAFlagRunThatIsKilled kills a run midway: the store is as it was, the lock is free, and the next run gives the answer that the
// first would have given, byte for byte.
func TestAFlagRunThatIsKilled(t *testing.T) {
	store := nightStore(t)
	twin := filepath.Join(t.TempDir(), "s.db")
	content, err := os.ReadFile(store)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(twin, content, 0o600))
	cache := filepath.Join(t.TempDir(), "cache")
	long := []string{"flag", "--draws", strconv.Itoa(long(20_000)), "--cache", cache, "--store"}
	_, want := answered(t, 0, append(long, twin)...)
	require.NoError(t, os.RemoveAll(cache))

	cmd, w := start(t, "shuffles ", "0", append(long, store)...)
	during(t, w)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait(), "it was over before it was killed")
	code, text := said(t, "networks", "--store", store)
	require.Equal(t, 1, code, text)
	require.Contains(t, text, "nothing was analysed yet")
	prom := filepath.Join(t.TempDir(), "job.prom")
	_, got := answered(t, 0, append(long, store, "--metrics", prom)...)
	assert.Equal(t, want, got)
	figures, err := os.ReadFile(prom)
	require.NoError(t, err)
	assert.Contains(t, string(figures), "rummage_flag_snapshot_used 1\n", "it went on from the snapshot of the one that was killed")
}

// TestASecondFlagRun starts one beside another: it ends with a code of its own and says who is at it.
func TestASecondFlagRun(t *testing.T) {
	store := nightStore(t)
	cmd, w := start(t, "shuffles ", "0", "flag", "--draws", strconv.Itoa(long(20_000)), "--cache", "", "--store", store)
	during(t, w)
	require.NoError(t, cmd.Process.Signal(syscall.SIGSTOP))
	_, text := answered(t, 6, "flag", "--store", store, "--cache", "")
	assert.Contains(t, text, `"code": "busy"`)
	assert.Contains(t, text, "process "+strconv.Itoa(cmd.Process.Pid)+" on ")
	assert.Contains(t, text, "(rummage flag) since 20")
	answered(t, 0, "flag", "--store", store, "--cache", "", "--until", "2023-06-30") // a look aside is none
	require.NoError(t, cmd.Process.Signal(syscall.SIGCONT))
	require.NoError(t, cmd.Wait(), w.String())
}

// TestNewsOfARunThatWasKilledWhileHandingItOn has the command kill rummage: the run is stored, and the next hands its news on.
func TestNewsOfARunThatWasKilledWhileHandingItOn(t *testing.T) {
	store := nightStore(t)
	script := filepath.Join(t.TempDir(), "kill.sh")
	require.NoError(t, os.WriteFile(script, []byte("kill -9 $PPID\n"), 0o600))
	cmd, w := start(t, "", "0", "flag", "--store", store, "--cache", "", "--on-new", "/bin/sh "+script)
	var ended *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &ended, w.String())
	require.Equal(t, -1, ended.ExitCode(), "killed")

	took := filepath.Join(t.TempDir(), "news.json")
	tell := filepath.Join(t.TempDir(), "tell.sh")
	require.NoError(t, os.WriteFile(tell, []byte("cat > "+took+"\n"), 0o600))
	answer, _ := answered(t, 0, "flag", "--store", store, "--cache", "", "--on-new", "/bin/sh "+tell)
	assert.Zero(t, answer.States.Alerting, "nothing is new to this run")
	require.NotNil(t, answer.OnNew)
	assert.Len(t, answer.OnNew.Runs, 2)
	text, err := os.ReadFile(took)
	require.NoError(t, err)
	var told news
	require.NoError(t, json.Unmarshal(text, &told))
	assert.Len(t, told.Networks, len(answer.Networks))
	assert.Equal(t, 1, strings.Count(string(text), `"runs"`))
	for i := range told.Networks {
		assert.Equal(t, "new", string(told.Networks[i].Alerts[0].Rule))
	}
	again, _ := answered(t, 0, "flag", "--store", store, "--cache", "", "--on-new", "/bin/sh "+tell)
	assert.False(t, again.OnNew.Called)
}

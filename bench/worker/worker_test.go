package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rummage/bench/edges"
	"rummage/bench/trial"
	"rummage/bench/worker"
)

// TestMain makes this binary a worker when it is called as one.
func TestMain(m *testing.M) {
	if served, err := worker.Served(context.Background(), os.Args[1:], os.Stdin, os.Stdout); served {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

var ample = worker.Limits{Task: time.Minute, Load: time.Minute}

func tiny(t *testing.T) *edges.Graph {
	t.Helper()
	g, err := edges.Make(context.Background(), t.TempDir(), "tiny")
	require.NoError(t, err)
	return g
}

func start(t *testing.T, side, folder string, limits worker.Limits) (*worker.Worker, *bytes.Buffer) {
	t.Helper()
	command, err := worker.Self(side)
	require.NoError(t, err)
	var said bytes.Buffer
	w := worker.New(command, folder, limits, &said)
	t.Cleanup(w.Stop)
	return w, &said
}

func TestAsk(t *testing.T) {
	g := tiny(t)
	for _, side := range []string{trial.Ours, trial.Gonum} {
		t.Run(side, func(t *testing.T) {
			w, _ := start(t, side, g.Folder, ample)
			assert.Equal(t, side, w.Name())
			file := t.TempDir() + "/answer"
			reply, err := w.Ask(context.Background(), worker.Question{Task: "pagerank", Threads: 2, Repeat: 3, Answer: file})
			require.NoError(t, err)
			require.Len(t, reply.Seconds, 3)
			for _, s := range reply.Seconds {
				assert.Positive(t, s)
			}
			assert.Len(t, reply.Digest, 64)
			assert.Contains(t, w.Version(), side)
			scores, err := edges.ReadVector[float64](file)
			require.NoError(t, err)
			require.Len(t, scores, g.Nodes)
			var sum float64
			for _, x := range scores {
				sum += x
			}
			assert.InDelta(t, 1, sum, 1e-6)

			other, err := w.Ask(context.Background(), worker.Question{Task: "cores", Threads: 1, Repeat: 1})
			require.NoError(t, err)
			assert.NotEqual(t, reply.Digest, other.Digest)
			w.Stop()
			again, err := w.Ask(context.Background(), worker.Question{Task: "cores", Threads: 2, Repeat: 1})
			require.NoError(t, err, "a stopped worker is started anew")
			assert.Equal(t, other.Digest, again.Digest)
		})
	}
}

func TestPeak(t *testing.T) {
	w, _ := start(t, trial.Ours, tiny(t).Folder, ample)
	reply, err := w.Ask(context.Background(), worker.Question{Task: "build", Threads: 1, Repeat: 1, Peak: true})
	require.NoError(t, err)
	if runtime.GOOS == "linux" {
		assert.Greater(t, reply.Peak, int64(1<<20))
	} else {
		assert.Zero(t, reply.Peak)
	}
}

func TestAskForNothing(t *testing.T) {
	w, _ := start(t, trial.Gonum, tiny(t).Folder, ample)
	for _, task := range []string{"nothing", "leiden"} {
		_, err := w.Ask(context.Background(), worker.Question{Task: task, Threads: 1, Repeat: 1})
		require.ErrorIs(t, err, worker.ErrAbsent, task)
	}
	_, err := w.Ask(context.Background(), worker.Question{Task: "cores", Threads: 1, Repeat: 1})
	require.NoError(t, err, "and the process lives on")
}

func TestLimit(t *testing.T) {
	g := tiny(t)
	w, _ := start(t, trial.Gonum, g.Folder, worker.Limits{Task: time.Millisecond, Load: time.Minute})
	begun := time.Now()
	_, err := w.Ask(context.Background(), worker.Question{Task: "lengths", Threads: 1, Repeat: 1})
	require.ErrorIs(t, err, worker.ErrLimit)
	assert.Less(t, time.Since(begun), 30*time.Second)

	_, err = w.Ask(context.Background(), worker.Question{Task: "lengths", Threads: 1, Repeat: 1, Limit: time.Minute})
	require.NoError(t, err, "a question may have a limit of its own")

	slow, _ := start(t, trial.Gonum, g.Folder, worker.Limits{Task: time.Minute})
	_, err = slow.Ask(context.Background(), worker.Question{Task: "cores", Threads: 1, Repeat: 1})
	require.ErrorIs(t, err, worker.ErrLimit, "loading has a limit too")
}

func TestCancelled(t *testing.T) {
	w, _ := start(t, trial.Gonum, tiny(t).Folder, ample)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := w.Ask(ctx, worker.Question{Task: "cores", Threads: 1, Repeat: 1})
	require.NoError(t, err)
	cancel()
	_, err = w.Ask(ctx, worker.Question{Task: "cores", Threads: 1, Repeat: 1})
	require.Error(t, err)
}

func TestSideThatFails(t *testing.T) {
	w, said := start(t, trial.Ours, t.TempDir(), ample)
	_, err := w.Ask(context.Background(), worker.Question{Task: "cores", Threads: 1, Repeat: 1})
	require.ErrorIs(t, err, worker.ErrSide, "there is no graph in the folder")
	assert.Contains(t, said.String(), "graph.json")

	none := worker.New(worker.Command{Name: "none", Path: t.TempDir() + "/none"}, "", ample, said)
	_, err = none.Ask(context.Background(), worker.Question{Task: "cores", Repeat: 1})
	require.ErrorIs(t, err, os.ErrNotExist)

	g := tiny(t)
	w, _ = start(t, trial.Ours, g.Folder, ample)
	_, err = w.Ask(context.Background(), worker.Question{Task: "cores", Threads: 1, Repeat: 1})
	require.NoError(t, err)
	require.NoError(t, os.Remove(g.Folder+"/weight.f64"))
	_, err = w.Ask(context.Background(), worker.Question{Task: "build", Threads: 1, Repeat: 1})
	require.ErrorIs(t, err, worker.ErrSide)
	assert.Contains(t, err.Error(), "weight.f64", "a side says what is wrong")
	_, err = w.Ask(context.Background(), worker.Question{Task: "cores", Threads: 1, Repeat: 1})
	require.NoError(t, err, "and lives on")
}

func TestServe(t *testing.T) {
	g := tiny(t)
	serve := func(lines ...string) ([]worker.Reply, error) {
		var out bytes.Buffer
		err := worker.Serve(context.Background(), worker.Service{
			Side: trial.Ours, Folder: g.Folder, In: strings.NewReader(strings.Join(lines, "\n")), Out: &out,
		})
		var all []worker.Reply
		for decoder := json.NewDecoder(&out); decoder.More(); {
			var r worker.Reply
			require.NoError(t, decoder.Decode(&r))
			all = append(all, r)
		}
		return all, err
	}
	replies, err := serve(`{"task":"cores","repeat":1}`, `{"task":""}`, `{"task":"cores"}`)
	require.NoError(t, err)
	require.Len(t, replies, 2, "an empty task ends it")
	assert.Len(t, replies[1].Seconds, 1)

	replies, err = serve(`{"task":"cores","repeat":0}`)
	require.NoError(t, err)
	assert.Empty(t, replies[1].Seconds, "made ready only")

	_, err = serve(`no question`)
	require.Error(t, err)
	var syntax *json.SyntaxError
	assert.True(t, errors.As(err, &syntax))
}

func TestServed(t *testing.T) {
	for name, args := range map[string][]string{"nothing": nil, "flags": {"-rounds", "3", "x"}, "too few": {"serve", "gonum"}} {
		t.Run(name, func(t *testing.T) {
			served, err := worker.Served(context.Background(), args, strings.NewReader(""), &bytes.Buffer{})
			require.NoError(t, err)
			assert.False(t, served)
		})
	}
}

package neo4j

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

func TestImportsOverABadNetwork(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	at := placeOn(t, server)
	through := server.Through(t)
	s := small(t, through.Address, at, ample)
	direct := small(t, at.Address, at, ample)
	var kept []*storetest.Batch
	for name, c := range map[string]struct{ bad, good func() }{
		"cut and restored":                  {func() { through.Cut(t); time.AfterFunc(time.Second, func() { through.Restore(t) }) }, nil},
		"slow":                              {func() { through.Slow(t, 20*time.Millisecond) }, func() { through.Restore(t) }},
		"answers lost, time and time again": {func() { through.After(t, 15000) }, func() { through.Restore(t) }},
	} {
		t.Run(name, func(t *testing.T) {
			batch := many(name, 3000)
			work, err := s.Begin(ctx, batch.Spec)
			require.NoError(t, err)
			require.NoError(t, feed(ctx, work, batch, 1000, c.bad))
			_, err = work.Commit(ctx)
			require.NoError(t, err)
			if c.good != nil {
				c.good()
			}
			kept = append(kept, batch)
		})
	}
	problems, err := direct.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	sources, err := direct.Sources(ctx)
	require.NoError(t, err)
	require.Len(t, sources, len(kept))
}

func TestAServerThatGoesSilent(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	at := placeOn(t, server)
	through := server.Through(t)
	direct := small(t, at.Address, at, ample)
	first := many("first", 3000)

	s := small(t, through.Address, at, hurried)
	work, err := s.Begin(ctx, first.Spec)
	require.NoError(t, err)
	hung := time.Now()
	err = feed(ctx, work, first, 1000, func() { through.Hang(t); hung = time.Now() })
	if err == nil {
		_, err = work.Commit(ctx)
	}
	refusal(t, err, graph.ErrUnreachable, through.Address)
	require.NoError(t, work.Abort())
	require.Less(t, time.Since(hung), ample, "it does not wait for ever")
	through.Restore(t)

	waiting := small(t, through.Address, at, 2*ample)
	_, err = waiting.Sources(ctx)
	require.NoError(t, err)
	through.Hang(t)
	for name, do := range map[string]func(context.Context) error{
		"begin": func(ctx context.Context) error { _, err := waiting.Begin(ctx, first.Spec); return err },
		"decide": func(ctx context.Context) error {
			_, err := waiting.Decide(ctx, graph.Decision{Subject: "x", Kind: graph.Note, Time: storetest.Noon(1)})
			return err
		},
		"sources": func(ctx context.Context) error { _, err := waiting.Sources(ctx); return err },
	} {
		began := time.Now()
		short, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		require.Error(t, do(short), name)
		cancel()
		require.Less(t, time.Since(began), ample, name)
		stopped, stop := context.WithCancel(ctx)
		time.AfterFunc(300*time.Millisecond, stop)
		require.ErrorIs(t, do(stopped), context.Canceled, name)
	}
	through.Restore(t)
	_, err = first.Import(ctx, direct)
	require.NoError(t, err)
	wellKept(t, direct, first)
}

// swallower stands before a server and swallows the answer to every third
// commit, closing the connection instead: whoever committed cannot know whether
// it took place.
type swallower struct {
	server    string
	commits   atomic.Int64
	swallowed atomic.Int64
}

func (s *swallower) handle(client net.Conn) {
	server, err := net.Dial("tcp", s.server)
	if err != nil {
		return
	}
	defer server.Close()
	var swallow atomic.Bool
	go func() {
		defer server.Close()
		said := make([]byte, 64<<10)
		for {
			n, err := client.Read(said)
			if bytes.Contains(said[:n], []byte{0, 2, 0xb0, 0x12, 0, 0}) && s.commits.Add(1)%3 == 0 {
				swallow.Store(true)
			}
			if n > 0 {
				_, _ = server.Write(said[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	answer := make([]byte, 64<<10)
	for {
		n, err := server.Read(answer)
		if swallow.Load() && n > 0 {
			s.swallowed.Add(1)
			return // the transaction is committed by now
		}
		if n > 0 {
			_, _ = client.Write(answer[:n])
		}
		if err != nil {
			return
		}
	}
}

func TestCommitsWhoseAnswersAreLost(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	at := placeOn(t, server)
	between := &swallower{server: strings.TrimPrefix(at.Address, "bolt://")}
	s := small(t, "bolt://"+listen(t, between.handle), at, ample)
	first, second := many("first", 4000), many("second", 300)
	source, err := first.Import(ctx, s)
	require.NoError(t, err)
	for n := range 4 {
		said, err := s.Decide(ctx, graph.Decision{Subject: storetest.Trader("imp 1"), Kind: graph.Note, Reason: "ask", Time: storetest.Noon(n + 1)})
		require.NoError(t, err)
		require.EqualValues(t, n+1, said.Seq, "each is said once")
		run := graph.Run{Kind: "flag", Seed: uint64(n), Finished: storetest.Noon(n + 1)}
		run.ID = run.NewRunID()
		require.NoError(t, s.SaveRun(ctx, run))
	}
	_, err = second.Import(ctx, s)
	require.NoError(t, err)
	require.NoError(t, s.Withdraw(ctx, source.ID, storetest.Noon(9), "wrong file"))
	require.Greater(t, between.swallowed.Load(), int64(8))
	problems, err := s.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	runs, err := s.readRuns(ctx, "")
	require.NoError(t, err)
	require.Len(t, runs, 4)
	require.NoError(t, s.Purge(ctx, source.ID, storetest.Noon(10), "court order"))
	model := storetest.NewModel()
	model.Put(first)
	model.Put(second)
	model.End(source.ID, graph.Purged, 10, "court order")
	agrees(t, s, model)
}

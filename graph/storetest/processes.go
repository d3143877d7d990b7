package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

func (suite) TestASecondProcessReadsTheLastCommitAndIsToldWhoWrites(t *testing.T, b *bench) {
	ctx := context.Background()
	first, second := b.open(), b.open()
	b.put(first, everything())
	model := NewModel()
	model.Put(everything())
	b.same(second, model, graph.Scope{})

	work, err := first.Begin(ctx, NewBatch("long", 1).Spec)
	require.NoError(t, err)
	b.same(second, model, graph.Scope{})
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	_, err = second.Begin(short, NewBatch("other", 1).Spec)
	var locked *graph.LockedError
	require.ErrorAs(t, err, &locked)
	require.NotEmpty(t, locked.Holder)
	_, err = second.Decide(short, graph.Decision{Subject: Trader("a"), Kind: graph.Note, Time: Noon(1)})
	require.ErrorIs(t, err, graph.ErrLocked)
	require.NoError(t, work.Abort())
	b.put(second, NewBatch("other", 1, Shipment("1", "a", "b", 1)))
}

func (suite) TestReadersAndAWriterDoNotDisturbEachOther(t *testing.T, b *bench) {
	ctx := context.Background()
	store := b.open()
	const imports = 12
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := countWhole(ctx, store); err != nil {
					t.Error(err)
					return
				}
			}
		}()
	}
	for i := range imports {
		b.put(store, numbered(i))
	}
	close(stop)
	readers.Wait()
}

// wholeRows is how many consignments each numbered batch holds.
const wholeRows = 40

// numbered is a batch whose consignments and evidence name it.
func numbered(n int) *Batch {
	rows := make([]graph.Row, wholeRows)
	for i := range rows {
		rows[i] = Shipment(fmt.Sprintf("%d-%d", n, i), fmt.Sprintf("imp %d", i%7), fmt.Sprintf("exp %d", n), 1+i%28)
		rows[i].Facts = []graph.Fact{{Entity: Trader(fmt.Sprintf("exp %d", n)), Property: graph.PropertyName, Value: fmt.Sprintf("Exporter number %d", n)}}
	}
	return NewBatch(fmt.Sprintf("numbered %d", n), 1+n%28, rows...)
}

// countWhole returns an error unless every visible source is there whole.
func countWhole(ctx context.Context, store graph.Store) error {
	reader, err := store.Within(ctx, graph.Scope{})
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	total := 0
	for _, err := range reader.Consignments(ctx, graph.Want{}) {
		if err != nil {
			return err
		}
		total++
	}
	if want := wholeRows * len(reader.Scope().Sources); total != want {
		return fmt.Errorf("storetest: %d consignments of %d sources, want %d", total, len(reader.Scope().Sources), want)
	}
	return nil
}

func (suite) TestManySourcesReadAsOne(_ *testing.T, b *bench) {
	store, model := b.open(), NewModel()
	for i := range 80 {
		batch := NewBatch(fmt.Sprintf("day %d", i), 1+i%28,
			Shipment(fmt.Sprintf("%d", i%60), fmt.Sprintf("imp %d", i%11), fmt.Sprintf("exp %d", i%5), 1+i%28), Named(fmt.Sprintf("imp %d", i%11), "Importer"))
		b.put(store, batch)
		model.Put(batch)
	}
	b.same(store, model, graph.Scope{})
	half := model.Sources()[:40]
	scope := graph.Scope{Sources: []graph.SourceID{}, Until: Day(14)}
	for i := range half {
		scope.Sources = append(scope.Sources, half[i].ID)
	}
	b.same(store, model, scope)
}

// kills is how often the crash test ends a writing process, and fewKills where they are to be few.
const kills, fewKills = 12, 3

func (suite) TestAKilledWriterLeavesTheLastCommit(t *testing.T, b *bench) {
	require.NoError(t, b.open().Close())
	acknowledged := 0
	for round := range b.many(kills, fewKills) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		writer := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+strings.Split(t.Name(), "/")[0]+"$", "-storetest.writer="+b.place)
		out, err := writer.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, writer.Start())
		var heard []string
		lines, said := bufio.NewScanner(out), ""
		for !strings.HasPrefix(said, "committed") && lines.Scan() {
			said = lines.Text()
			heard = append(heard, said)
		}
		require.True(t, strings.HasPrefix(said, "committed"), "round %d: it ended before it committed: %q", round, heard)
		acknowledged++
		time.Sleep(time.Duration(round*7%31) * time.Millisecond)
		require.NoError(t, writer.Process.Kill())
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "committed") {
				acknowledged++
			}
		}
		_ = writer.Wait()
		cancel()

		store, err := b.backend.Open(context.Background(), b.place)
		require.NoError(t, err)
		require.NoError(t, countWhole(context.Background(), store))
		sources, err := store.Sources(context.Background())
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(sources), acknowledged, "nothing acknowledged is lost")
		if checker, ok := store.(graph.Checker); ok {
			problems, err := checker.Check(context.Background(), func(int64, int64) {})
			require.NoError(t, err)
			require.Empty(t, problems)
		}
		require.NoError(t, store.Close())
	}
}

// writeUntilKilled imports numbered batches, saying so after each commit.
func writeUntilKilled(t *testing.T, backend Backend, place string) {
	store, err := backend.Open(context.Background(), place)
	require.NoError(t, err)
	sources, err := store.Sources(context.Background())
	require.NoError(t, err)
	for n := len(sources); ; n++ {
		_, err = numbered(n).Import(context.Background(), store)
		if errors.Is(err, graph.ErrAlreadyImported) {
			continue // a server may finish the commit of one that was killed after its sources were listed here
		}
		require.NoError(t, err)
		_, err = fmt.Fprintf(os.Stdout, "committed %d\n", n)
		require.NoError(t, err)
	}
}

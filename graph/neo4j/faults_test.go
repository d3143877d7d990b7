package neo4j

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// many is a source of n rows: a consignment each, of traders that others name
// too, with names, links, outcomes and rows in quarantine among them.
func many(name string, n int) *storetest.Batch {
	rows := make([]graph.Row, n)
	for i := range rows {
		importer := fmt.Sprint("imp ", i%97)
		rows[i] = storetest.Shipment(fmt.Sprintf("%s-%06d", name, i), importer, fmt.Sprint("exp ", name, i%1009), 1+i%28)
		rows[i].Facts = []graph.Fact{{Entity: storetest.Trader(importer), Property: graph.PropertyName, Value: "Importer " + importer, Date: storetest.Day(1 + i%28)}}
		switch i % 50 {
		case 7:
			rows[i].Outcomes = storetest.Found(fmt.Sprintf("%s-%06d", name, i/2), graph.Hit, 1+i%28).Outcomes
		case 9:
			rows[i].Links = []graph.Link{{Role: graph.OwnedBy, From: storetest.Trader(importer), To: storetest.Trader(fmt.Sprint("top ", i%5)), Start: storetest.Day(1 + i%3)}}
		case 11:
			rows[i] = graph.Row{Errors: []graph.RowError{{Column: "Date", Code: "date", Reason: "no day"}}}
		case 13:
			rows[i].Statements[0].Consignment = storetest.Consignment(fmt.Sprintf("%s-%06d", name, i/3))
		}
	}
	return storetest.NewBatch(name, 1, rows...)
}

// wellKept asserts that a store finds nothing wrong with itself and holds the
// sources that are named, each whole.
func wellKept(t *testing.T, s *Store, want ...*storetest.Batch) {
	t.Helper()
	model := storetest.NewModel()
	for _, batch := range want {
		require.True(t, model.Put(batch))
	}
	agrees(t, s, model)
}

// agrees asserts that a store finds nothing wrong with itself and shows what
// the model shows.
func agrees(t *testing.T, s *Store, model *storetest.Model) {
	t.Helper()
	ctx := context.Background()
	problems, err := s.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	sources, err := s.Sources(ctx)
	require.NoError(t, err)
	require.Equal(t, append([]graph.Source{}, model.Sources()...), sources)
	reader, err := s.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	defer reader.Close()
	oracle := model.Within(graph.Scope{})
	texts := [2][]string{}
	for i, r := range []graph.Scanner{oracle, reader} {
		for e, err := range r.Entities(ctx, graph.Want{Origins: true}) {
			require.NoError(t, err)
			texts[i] = append(texts[i], fmt.Sprint(*e))
		}
		for c, err := range r.Consignments(ctx, graph.Want{Origins: true, History: true}) {
			require.NoError(t, err)
			texts[i] = append(texts[i], fmt.Sprint(*c))
		}
		for l, err := range r.Links(ctx, graph.Want{Origins: true}) {
			require.NoError(t, err)
			texts[i] = append(texts[i], fmt.Sprint(*l))
		}
	}
	require.Equal(t, texts[0], texts[1])
}

// ample is longer than a server that answers at all takes on a busy machine; nothing waits for it to end.
const ample = 3 * time.Minute

// hurried is a patience that a test waits for until it ends, and that a server that answers keeps even on a busy machine.
const hurried = 10 * time.Second

// small is a store whose batches are small.
func small(t *testing.T, address string, w where, patience time.Duration) *Store {
	t.Helper()
	o := w.options()
	o.batch, o.Patience = 400, patience
	s, err := Open(context.Background(), address, o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// feed appends rows, calling at after so many of them.
func feed(ctx context.Context, work graph.Import, batch *storetest.Batch, after int, at func()) error {
	if err := work.Keep(ctx, batch.Spec.SHA256, strings.NewReader(string(batch.File))); err != nil {
		return err
	}
	for i := range batch.Rows {
		if i == after {
			at()
		}
		row := batch.Rows[i]
		if err := work.Append(ctx, &row); err != nil {
			return err
		}
	}
	return nil
}

func TestAServerThatIsKilledInMidImport(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Own(t, neo4jtest.Options{})
	at := placeOn(t, server)
	first, second := many("first", 8000), many("second", 8000)

	s := small(t, at.Address, at, ample)
	work, err := s.Begin(ctx, first.Spec)
	require.NoError(t, err)
	back := make(chan struct{})
	require.NoError(t, feed(ctx, work, first, 4000, func() {
		server.Kill(t)
		go func() { server.Again(t); close(back) }()
	}), "an import goes on when the server comes back")
	source, err := work.Commit(ctx)
	require.NoError(t, err)
	<-back
	require.EqualValues(t, len(first.Rows), source.Rows)
	wellKept(t, s, first)

	hasty := small(t, at.Address, at, hurried)
	work, err = hasty.Begin(ctx, second.Spec)
	require.NoError(t, err)
	killed := false
	err = feed(ctx, work, second, 4000, func() { server.Kill(t); killed = true })
	if err == nil {
		_, err = work.Commit(ctx)
	}
	require.True(t, killed, "%v", err)
	require.ErrorIs(t, err, graph.ErrUnreachable)
	require.ErrorContains(t, err, at.Address)
	require.NoError(t, work.Abort())
	server.Again(t)
	wellKept(t, s, first)
	found, err := s.records(ctx, cypher{text: askUnfinished})
	require.NoError(t, err)
	require.Len(t, found, 1, "what was acknowledged is there, unseen")

	work, err = s.Begin(ctx, second.Spec)
	require.NoError(t, err)
	require.Positive(t, work.(*importing).resumed.row, "the same import goes on from there")
	require.NoError(t, feed(ctx, work, second, 0, func() {}))
	_, err = work.Commit(ctx)
	require.NoError(t, err)
	wellKept(t, s, first, second)
}

func TestAnImportThatIsNotGoneOnWithIsTakenOut(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s := small(t, at.Address, at, ample)
	leave := func(batch *storetest.Batch) {
		work, err := s.Begin(ctx, batch.Spec)
		require.NoError(t, err)
		require.NoError(t, feed(ctx, work, batch, 0, func() {}))
		work.(*importing).end() // as a process that dies
	}
	first := many("first", 2000)
	leave(first)
	wellKept(t, s)
	other := many("other", 1500)
	_, err := other.Import(ctx, s)
	require.NoError(t, err)
	wellKept(t, s, other)
	found, err := s.records(ctx, cypher{text: askUnfinished})
	require.NoError(t, err)
	require.Empty(t, found)
	kept, err := s.evidence.Kept()
	require.NoError(t, err)
	require.Equal(t, []graph.SHA256{other.Spec.SHA256}, kept)

	leave(first)
	changed := many("first", 2000)
	changed.Rows[3].Facts[0].Value = "something else"
	_, err = changed.Import(ctx, s)
	require.ErrorIs(t, err, graph.ErrInvalidRecord, "rows that are not those that are there")
	wellKept(t, s, other)
	_, err = changed.Import(ctx, s)
	require.NoError(t, err)
	wellKept(t, s, other, changed)
}

func TestAPurgeThatIsBrokenOffIsFinishedByTheNextWriter(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s := small(t, at.Address, at, ample)
	first, second := many("first", 1200), many("second", 1200)
	source, err := first.Import(ctx, s)
	require.NoError(t, err)
	_, err = second.Import(ctx, s)
	require.NoError(t, err)

	w, err := s.begin(ctx, "purge")
	require.NoError(t, err)
	c, n, err := w.ending(ctx, source.ID)
	require.NoError(t, err)
	n.Ended, n.EndedBy = storetest.Noon(9), graph.Purged
	_, err = w.hide(ctx, c, n)
	require.NoError(t, err)
	w.release() // as a process that dies here
	sources, err := s.Sources(ctx)
	require.NoError(t, err)
	require.Equal(t, graph.Purged, sources[0].EndedBy, "it is out of sight at once")
	_, err = s.Decide(ctx, graph.Decision{Subject: storetest.Trader("a"), Kind: graph.Note, Time: storetest.Noon(9)})
	require.NoError(t, err)
	problems, err := s.Check(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, []graph.Problem{{Where: "source " + string(source.ID), What: "its erasure was broken off; purge it again, or import anything, which finishes it"}}, problems)
	require.NoError(t, s.Purge(ctx, source.ID, storetest.Noon(10), ""), "it finishes the erasure")
	require.ErrorIs(t, s.Purge(ctx, source.ID, storetest.Noon(10), ""), graph.ErrEnded, "and by then it is all gone")
	found, err := s.records(ctx, cypher{text: "MATCH (n) WHERE $number IN n._sources OR n.source IN [$number, $id] RETURN n", values: map[string]any{"number": 1, "id": string(source.ID)}})
	require.NoError(t, err)
	require.Empty(t, found)
	problems, err = s.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	kept, err := s.evidence.Kept()
	require.NoError(t, err)
	require.Equal(t, []graph.SHA256{second.Spec.SHA256}, kept)
}

func TestAWriterThatIsKilledLeavesNoLock(t *testing.T) {
	if place := os.Getenv("RUMMAGE_TEST_IMPORT"); place != "" {
		var w where
		require.NoError(t, w.read(place))
		s := small(t, w.Address, w, ample)
		batch := many("killed", 100_000)
		work, err := s.Begin(context.Background(), batch.Spec)
		require.NoError(t, err)
		require.NoError(t, feed(context.Background(), work, batch, 2000, func() { fmt.Println("going") }))
		t.Fatal("it should have been killed")
	}
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s := small(t, at.Address, at, ample)
	writer := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestAWriterThatIsKilledLeavesNoLock$")
	writer.Env = append(os.Environ(), "RUMMAGE_TEST_IMPORT="+at.text())
	out, err := writer.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, writer.Start())
	heard := make([]byte, 5)
	_, err = out.Read(heard)
	require.NoError(t, err)
	require.Equal(t, "going", string(heard))
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	_, err = s.Begin(short, many("mine", 10).Spec)
	var locked *graph.LockedError
	require.ErrorAs(t, err, &locked)
	require.Contains(t, locked.Holder, fmt.Sprint("process ", writer.Process.Pid))
	require.WithinDuration(t, time.Now(), locked.Since, 10*time.Minute)

	require.NoError(t, writer.Process.Kill())
	_ = writer.Wait()
	mine := many("mine", 500)
	_, err = mine.Import(ctx, s)
	require.NoError(t, err, "it waits for a lock no longer than for a writer that lives")
	wellKept(t, s, mine)
}

// terminate ends what a writer has open in the server, as an administrator may.
func terminate(t *testing.T, s *Store, lock bool) {
	ctx := context.Background()
	found, err := s.records(ctx, cypher{text: "SHOW TRANSACTIONS YIELD transactionId, metaData, currentQuery WHERE metaData.tool = 'rummage' RETURN transactionId, currentQuery"})
	require.NoError(t, err)
	for _, record := range found {
		if idle := text(record.Values[1]) == ""; idle == lock {
			_, _ = s.records(ctx, cypher{text: "TERMINATE TRANSACTION $id", values: map[string]any{"id": record.Values[0]}})
		}
	}
}

func TestAWriterThatLostItsLockWritesNoMore(t *testing.T) {
	ctx := context.Background()
	at := placeOn(t, neo4jtest.Shared(t))
	s, next := small(t, at.Address, at, ample), small(t, at.Address, at, ample)
	batch, other := many("first", 3000), many("other", 100)
	work, err := s.Begin(ctx, batch.Spec)
	require.NoError(t, err)
	err = feed(ctx, work, batch, 1500, func() {
		require.NoError(t, work.(*importing).wait(ctx))
		terminate(t, next, true)
		_, err := other.Import(ctx, next)
		require.NoError(t, err, "the lock was free")
	})
	if err == nil {
		_, err = work.Commit(ctx)
	}
	require.ErrorIs(t, err, graph.ErrLocked)
	require.ErrorContains(t, err, "another writer followed")
	require.NoError(t, work.Abort())
	wellKept(t, next, other)
	_, err = batch.Import(ctx, s)
	require.NoError(t, err)
	wellKept(t, next, batch, other)
}

func TestSomethingElseWritesAtTheSameTime(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Shared(t)
	at := placeOn(t, server)
	s := small(t, at.Address, at, ample)
	before := many("before", 400)
	_, err := before.Import(ctx, s)
	require.NoError(t, err)
	foreign := server.Driver(t)
	stop, stopped, deadlocks := make(chan struct{}), make(chan struct{}), 0
	go func() {
		defer close(stopped)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if crossing(ctx, foreign) != nil {
				deadlocks++
			}
		}
	}()
	batch := many("first", 4000)
	_, err = batch.Import(ctx, s)
	close(stop)
	<-stopped
	require.NoError(t, err)
	t.Logf("%d transactions of the other ended in a deadlock", deadlocks)
	wellKept(t, s, before, batch)
}

// crossing locks two entities against the order in which rummage writes them,
// and leaves them as they were.
func crossing(ctx context.Context, foreign driver.DriverWithContext) error {
	session := foreign.NewSession(ctx, driver.SessionConfig{DatabaseName: "neo4j"})
	defer session.Close(ctx)
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{"imp 96", "imp 50", "imp 0"} {
		result, err := tx.Run(ctx, "MATCH (e:Entity {id: $id}) SET e.foreign = 1", map[string]any{"id": string(storetest.Trader(name))})
		if err == nil {
			_, err = result.Consume(ctx)
		}
		if err != nil {
			return err
		}
	}
	return tx.Rollback(ctx)
}

func TestBatchesThatAreTooLargeForTheServerAreHalved(t *testing.T) {
	ctx := context.Background()
	server := neo4jtest.Own(t, neo4jtest.Options{Settings: []string{"db.memory.transaction.max=3m"}})
	at := placeOn(t, server)
	s, err := Open(ctx, at.Address, at.options())
	require.NoError(t, err)
	defer s.Close()
	batch := many("large", 9000)
	work, err := s.Begin(ctx, batch.Spec)
	require.NoError(t, err)
	require.NoError(t, feed(ctx, work, batch, -1, nil))
	_, err = work.Commit(ctx)
	require.NoError(t, err)
	require.Less(t, work.(*importing).writer.limit, most, "it was too large")
	wellKept(t, s, batch)
	require.NoError(t, s.Purge(ctx, batch.Spec.ID(0), storetest.Noon(9), "court order"))
	found, err := s.records(ctx, cypher{text: "MATCH (n) WHERE n:Entity OR n:Consignment RETURN count(n)"})
	require.NoError(t, err)
	require.Zero(t, integer(found[0].Values[0]))
}

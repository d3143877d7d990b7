package neo4j

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/neo4j/neo4jtest"
	"rummage/graph/storetest"
)

// Texts are ordered as UTF-8 bytes, which is not the order of the UTF-16 that
// servers and drivers are fond of: from U+E000 on it is another.
func TestIDsAreOrderedAsBytesBeyondTheBasicPlane(t *testing.T) {
	store := emptyStore(t)
	ctx := context.Background()
	labels := []string{"z", "~", "é", "中", "\uD7FF", "\uE000", "\uFF21", "\uFFFD", "\uFFFF", "\U00010000", "\U0001F6A2", "\U0010FFFF", "\U0001F6A2 2", "\uFF21 2"}
	var rows, amended []graph.Row
	for i, label := range labels {
		row := storetest.Shipment(label, "hub", label, 1+i%3)
		row.Links = []graph.Link{{Role: graph.OwnedBy, From: storetest.Trader(label), To: storetest.Trader("hub")}, {Role: graph.Paid, From: storetest.Trader("hub"), To: storetest.Trader(label)}}
		rows = append(rows, row)
		if i%2 == 0 {
			again := storetest.Shipment(label, "hub", label, 1+i%3)
			again.Statements[0].View = graph.Manifest
			amended = append(amended, again)
		}
	}
	model := storetest.NewModel()
	for i, batch := range []*storetest.Batch{storetest.NewBatch("first", 1, rows...), storetest.NewBatch("second", 2, amended...)} {
		batch.File = nil
		_, err := batch.Import(ctx, store)
		require.NoError(t, err)
		require.True(t, model.Put(batch), i)
	}
	for i, pair := range [][2]string{{"\uFF21", "\uFF21 2"}, {"\U0001F6A2", "\U0001F6A2 2"}} {
		d := graph.Decision{Subject: storetest.Trader(pair[0]), Other: storetest.Trader(pair[1]), Kind: graph.Same, Author: "li", Time: storetest.Noon(3 + i)}
		_, err := store.Decide(ctx, d)
		require.NoError(t, err)
		model.Decide(d)
	}
	oracle := model.Within(graph.Scope{})
	r, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	want, err := storetest.Dump(ctx, oracle)
	require.NoError(t, err)
	got, err := storetest.Dump(ctx, r)
	require.NoError(t, err)
	sameLines(t, want, got)
	for _, busy := range []int64{busyAt, 0} {
		r.(*reader).busyAt = busy
		for offset := range 3 * len(labels) {
			query := graph.NeighbourQuery{ID: storetest.Trader("hub"), Offset: offset, Limit: 2}
			want, err := oracle.Neighbours(ctx, query)
			require.NoError(t, err)
			got, err := r.Neighbours(ctx, query)
			require.NoError(t, err)
			same(t, want, got, query)
			ties := graph.ConnectionQuery{ID: storetest.Trader("hub"), Offset: offset, Limit: 2}
			wanted, err := oracle.Connections(ctx, ties)
			require.NoError(t, err)
			listed, err := r.Connections(ctx, ties)
			require.NoError(t, err)
			same(t, wanted, listed, ties)
		}
	}
}

// tap passes on what goes to a server and comes back, and counts the latter.
type tap struct {
	net.Listener
	server   string
	received atomic.Int64
}

func newTap(t *testing.T, server *neo4jtest.Server) *tap {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &tap{Listener: listener, server: strings.TrimPrefix(server.Address, "bolt://")}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go w.pass(client)
		}
	}()
	t.Cleanup(func() { _ = listener.Close() })
	return w
}

func (w *tap) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	b := make([]byte, 32<<10)
	for {
		n, err := server.Read(b)
		w.received.Add(int64(n))
		if n > 0 {
			if _, err := client.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func TestExpandingReadsNoMoreThanItShows(t *testing.T) {
	server := neo4jtest.Shared(t)
	line := newTap(t, server)
	ctx := context.Background()
	options := Options{User: server.User, Password: server.Password, Database: server.Database, Create: true}
	store, err := Open(ctx, "bolt://"+line.Addr().String(), options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	batch := storetest.NewBatch("hub", 1, hubRows(busyAt+200)...)
	batch.File = nil
	_, err = batch.Import(ctx, store)
	require.NoError(t, err)
	r, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	hub := graph.NewID(graph.Party, "hub", "hub")
	counts, err := r.Counts(ctx, hub)
	require.NoError(t, err)
	require.Len(t, counts, 9)
	neighbours := int64(0)
	for _, count := range counts {
		require.EqualValues(t, busyAt+200, count.Records, count.Role)
		neighbours += count.Neighbours
	}
	before := line.received.Load()
	_, err = r.Counts(ctx, hub)
	require.NoError(t, err)
	require.Less(t, line.received.Load()-before, int64(5_000+shares*5*neighbours), "bytes for some numbers, and one for each neighbour")
	before = line.received.Load()
	first, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub, Limit: 20})
	require.NoError(t, err)
	require.Len(t, first, 20)
	some, err := r.Connections(ctx, graph.ConnectionQuery{ID: hub, Limit: 20})
	require.NoError(t, err)
	require.Len(t, some, 20)
	require.Less(t, line.received.Load()-before, int64(40_000), "bytes for twenty neighbours and twenty consignments, of thousands")
	pagesOfHub(t, r, hub)
}

// pagesOfHub puts the pages together again.
func pagesOfHub(t *testing.T, r graph.Reader, hub graph.ID) {
	t.Helper()
	ctx := context.Background()
	whole, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub, Limit: 1 << 20})
	require.NoError(t, err)
	require.True(t, slices.IsSortedFunc(whole, func(a, b graph.Neighbour) int { return graph.CompareNeighbours(&a, &b) }))
	for _, offset := range []int{0, 7, deep - 3, deep, len(whole) - 2, len(whole)} {
		page, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub, Offset: offset, Limit: 5})
		require.NoError(t, err)
		same(t, whole[offset:min(len(whole), offset+5)], page, offset)
	}
	exporters, err := r.Neighbours(ctx, graph.NeighbourQuery{ID: hub, Roles: []graph.Role{graph.Exporter}, Limit: 5})
	require.NoError(t, err)
	whole = slices.DeleteFunc(whole, func(n graph.Neighbour) bool { return n.Role != graph.Exporter })
	require.Equal(t, whole[:5], exporters)
}

// An import at work is seen by queries, since a server has no snapshots. What
// it does to records that are visible already must show nowhere.
func TestAReaderIsNotMovedByAnImportAtWork(t *testing.T) {
	store := emptyStore(t)
	ctx := context.Background()
	var rows, more []graph.Row
	for i := range 60 {
		rows = append(rows, storetest.Shipment(fmt.Sprintf("%03d", i), "hub", fmt.Sprint("exp ", i%7), 1+i%20))
		again := storetest.Shipment(fmt.Sprintf("%03d", i), "hub", "newcomer", 1+i%20)
		again.Statements[0].Version = 2
		more = append(more, again, storetest.Named("hub", "Another Name"))
	}
	for i := range batchRecords { // so that a batch is full, and written
		more = append(more, storetest.Shipment(fmt.Sprint("more ", i), "other", "another", 1))
	}
	first := storetest.NewBatch("first", 1, rows...)
	first.File = nil
	_, err := first.Import(ctx, store)
	require.NoError(t, err)
	r, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	want, err := storetest.Dump(ctx, r)
	require.NoError(t, err)

	second := storetest.NewBatch("second", 2, more...)
	work, err := store.Begin(ctx, second.Spec)
	require.NoError(t, err)
	for i := range second.Rows {
		require.NoError(t, work.Append(ctx, &second.Rows[i]))
	}
	require.Eventually(t, func() bool {
		found, err := store.records(ctx, cypher{text: countSeveral})
		return err == nil && integer(found[0].Values[0]) > 0
	}, 10*time.Minute, 50*time.Millisecond, "a batch that amends what is visible is in the database")
	later, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	for _, reader := range []graph.Reader{r, later} {
		got, err := storetest.Dump(ctx, reader)
		require.NoError(t, err)
		sameLines(t, want, got)
	}
	_, err = work.Commit(ctx)
	require.NoError(t, err)
	got, err := storetest.Dump(ctx, r)
	require.NoError(t, err)
	sameLines(t, want, got)
}

const countSeveral = "MATCH (c:Consignment) WHERE c._several RETURN count(c)"

func TestRecordsThatWereTamperedWithAreDamaged(t *testing.T) {
	store := emptyStore(t)
	ctx := context.Background()
	batch := storetest.NewBatch("first", 1, storetest.Shipment("1", "imp", "exp", 1), storetest.Named("imp", "Importers"))
	batch.Rows = append(batch.Rows, graph.Row{Number: 9, Links: []graph.Link{{Role: graph.Paid, From: storetest.Trader("imp"), To: storetest.Trader("exp")}}})
	batch.File = nil
	_, err := batch.Import(ctx, store)
	require.NoError(t, err)
	r, err := store.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	require.NoError(t, store.do(ctx, cypher{text: "MATCH (c:Consignment) SET c._fields = ['[]', '[]']"}))
	require.NoError(t, store.do(ctx, cypher{text: "MATCH (e:Entity {id: 'party/test/imp'}) SET e._days = [1, 2, 3]"}))
	require.NoError(t, store.do(ctx, cypher{text: "MATCH ()-[r:PAID]->() SET r._rows = []"}))
	var errs []error
	for _, err := range r.Consignments(ctx, graph.Want{}) {
		errs = append(errs, err)
	}
	for _, err := range r.Entities(ctx, graph.Want{}) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	for _, err := range r.Links(ctx, graph.Want{}) {
		errs = append(errs, err)
	}
	_, err = r.Consignment(ctx, storetest.Consignment("1"))
	errs = append(errs, err)
	_, err = r.Entity(ctx, storetest.Trader("imp"))
	errs = append(errs, err)
	_, err = r.Counts(ctx, storetest.Trader("imp"))
	errs = append(errs, err)
	require.Len(t, errs, 6)
	for i, err := range errs {
		require.ErrorIs(t, err, graph.ErrDamaged, i)
	}
	require.ErrorContains(t, errs[0], "consignment/test/1: property _fields")
}

func TestAScanStopsWhenItsContextDoes(t *testing.T) {
	store := emptyStore(t)
	batch := storetest.NewBatch("hub", 1, hubRows(3*batchLength)...)
	batch.File = nil
	_, err := batch.Import(context.Background(), store)
	require.NoError(t, err)
	r, err := store.Within(context.Background(), graph.Scope{})
	require.NoError(t, err)
	for name, scan := range map[string]func(context.Context) error{
		"entities": func(ctx context.Context) (last error) {
			for _, last = range r.Entities(ctx, graph.Want{}) {
			}
			return last
		},
		"consignments": func(ctx context.Context) (last error) {
			for _, last = range r.Consignments(ctx, graph.Want{}) {
			}
			return last
		},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		require.ErrorIs(t, scan(ctx), context.Canceled, name)
	}
	seen := 0
	for _, err := range r.Consignments(context.Background(), graph.Want{}) {
		if errors.Is(err, graph.ErrClosed) {
			break
		}
		require.NoError(t, err)
		if seen++; seen == 10 {
			require.NoError(t, r.Close())
		}
	}
	require.Equal(t, 10, seen, "a reader that is closed in mid-scan shows nothing more")
}

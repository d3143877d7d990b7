package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
	"rummage/graph/storetest"
)

func TestPlanKeepsSegmentsFewAndRewritesLittle(t *testing.T) {
	for name, next := range map[string]func(i int) int64{
		"one row each":    func(int) int64 { return 1 },
		"equal and large": func(int) int64 { return 1 << 18 },
		"falling":         func(i int) int64 { return int64(20001 - i) },
		"mixed":           func(i int) int64 { return int64(1 + i*7919%1000) },
	} {
		t.Run(name, func(t *testing.T) {
			var sizes []int64
			added, rewritten := int64(0), int64(0)
			for i := range 20000 {
				sizes = append(sizes, next(i))
				added += next(i)
				for len(sizes) > maxSegments {
					slices.Sort(sizes)
					k := plan(sizes)
					require.GreaterOrEqual(t, k, 2)
					total := int64(0)
					for _, n := range sizes[:k] {
						total += n
					}
					rewritten += total
					sizes = append(sizes[k:], total)
				}
			}
			require.LessOrEqual(t, len(sizes), maxSegments)
			require.LessOrEqual(t, float64(rewritten)/float64(added), 6.0)
		})
	}
}

func TestManySmallImportsMakeFewSegments(t *testing.T) {
	ctx := context.Background()
	s := fresh(t, place(t))
	const imports = 120
	model := storetest.NewModel()
	for i := range imports {
		batch := storetest.NewBatch(fmt.Sprint("file ", i), 1+i%28, storetest.Shipment(fmt.Sprint(i), fmt.Sprint("imp ", i%3), "exp", 1+i%28))
		_, err := batch.Import(ctx, s)
		require.NoError(t, err)
		model.Put(batch)
	}
	segments := func() int {
		r, err := s.Within(ctx, graph.Scope{})
		require.NoError(t, err)
		defer func() { _ = r.Close() }()
		return len(r.(*reader).segments)
	}
	require.LessOrEqual(t, segments(), maxSegments)
	want, err := storetest.Dump(ctx, model.Within(graph.Scope{}))
	require.NoError(t, err)
	require.Equal(t, want, dump(t, s))
	require.NoError(t, s.Compact(ctx))
	require.Equal(t, 1, segments())
	require.Equal(t, want, dump(t, s))
}

func TestConsignmentsAreCountedOverChunks(t *testing.T) {
	for name, number := range map[string]func(i int) int{
		"rising":   func(i int) int { return 1000 + i },
		"repeated": func(i int) int { return 1000 + i%70 },
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Open(context.Background(), place(t), Options{Create: true, chunk: 10})
			require.NoError(t, err)
			defer func() { _ = s.Close() }()
			rows := make([]graph.Row, 200)
			distinct := map[int]bool{}
			for i := range rows {
				rows[i] = storetest.Shipment(fmt.Sprint(number(i)), "a", "b", 1)
				distinct[number(i)] = true
			}
			require.Equal(t, int64(len(distinct)), put(t, s, "file", rows...).Consignments)
			problems, err := s.Check(context.Background(), nil)
			require.NoError(t, err)
			require.Empty(t, problems)
		})
	}
}

// secret is a text that neither packs nor occurs by chance.
func secret(r *rand.Rand) string {
	b := make([]byte, 24)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return string(b)
}

func TestPurgeTakesTheBytesOutOfTheFile(t *testing.T) {
	ctx := context.Background()
	path := place(t)
	s := fresh(t, path)
	r := rand.New(rand.NewPCG(1, 9))
	var words []string
	word := func() string { words = append(words, secret(r)); return words[len(words)-1] }
	row := storetest.Shipment(word(), word(), "exp", 1)
	row.Statements[0].Fields[0].Value = word()
	row.Facts = []graph.Fact{{Entity: storetest.Trader("imp"), Property: graph.PropertyName, Value: word()}}
	refused := graph.Row{Errors: []graph.RowError{{Code: "date", Reason: word()}}}
	informer := storetest.NewBatch("informer", 1, row, refused)
	informer.File = []byte(word())
	sum := sha256.Sum256(informer.File)
	informer.Spec.SHA256 = graph.SHA256(hex.EncodeToString(sum[:]))
	source, err := informer.Import(ctx, s)
	require.NoError(t, err)
	note := word()
	_, err = s.Decide(ctx, graph.Decision{Subject: storetest.Trader("imp"), Kind: graph.Note, Reason: note, Time: storetest.Noon(2), Sources: []graph.SourceID{source.ID}})
	require.NoError(t, err)
	run := graph.Run{ID: "r-1", Kind: "flag", Scope: graph.Scope{Sources: []graph.SourceID{source.ID}}, Results: []byte(`"` + word() + `"`), Finished: storetest.Noon(3)}
	require.NoError(t, s.SaveRun(ctx, run))
	for i := range 40 { // merging leaves copies behind
		put(t, s, fmt.Sprint("other ", i), storetest.Shipment(fmt.Sprint(i), "imp", "exp", 2))
	}
	holds := func() (found []string) {
		for _, suffix := range []string{"", "-wal"} {
			all, err := os.ReadFile(path + suffix)
			if err != nil {
				continue
			}
			for _, w := range words {
				if bytes.Contains(all, []byte(w)) {
					found = append(found, w)
				}
			}
		}
		return found
	}
	require.NotEmpty(t, holds(), "the test can see words in the file")
	require.NoError(t, s.Purge(ctx, source.ID, storetest.Noon(9), "court order"))
	require.Subset(t, []string{note}, holds(), "what a person said is not the source's")
	require.NoError(t, s.Forget(ctx, []int64{1}))
	require.Empty(t, holds())
	require.NoError(t, s.Close())
	require.Empty(t, holds())

	s = fresh(t, path)
	problems, err := s.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	said, err := s.Decide(ctx, graph.Decision{Subject: storetest.Trader("imp"), Kind: graph.Note, Time: storetest.Noon(9)})
	require.NoError(t, err)
	require.Equal(t, int64(2), said.Seq, "numbers are never given twice")
}

func TestEvidenceIsKeptOnceAndAsLongAsNeeded(t *testing.T) {
	ctx := context.Background()
	s := fresh(t, place(t))
	file := bytes.Repeat([]byte("0123456789 one line of many\n"), 30000) // several blocks
	sum := sha256.Sum256(file)
	var ids []graph.SourceID
	for i, rules := range []string{"a", "b"} {
		batch := storetest.NewBatch("file", 1, storetest.Shipment("1", "a", "b", 1))
		batch.File, batch.Spec.SHA256, batch.Spec.Rules = file, graph.SHA256(hex.EncodeToString(sum[:])), graph.SHA256(rules)
		batch.Spec.ImportedAt = storetest.Noon(1 + i)
		source, err := batch.Import(ctx, s)
		require.NoError(t, err)
		require.True(t, source.HasEvidence)
		ids = append(ids, source.ID)
	}
	blocks := func() (n int) {
		require.NoError(t, s.reading.QueryRow("SELECT COUNT(*) FROM file_block").Scan(&n))
		return n
	}
	require.Equal(t, (len(file)+evidenceBlock-1)/evidenceBlock, blocks())
	r, err := s.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	kept, err := r.Evidence(ctx, graph.SHA256(hex.EncodeToString(sum[:])))
	require.NoError(t, err)
	piece := make([]byte, 100)
	for _, at := range []int64{0, evidenceBlock - 50, 2*evidenceBlock - 1, int64(len(file)) - 100} {
		_, err := kept.ReadAt(piece, at)
		require.NoError(t, err)
		require.Equal(t, file[at:at+100], piece)
	}
	_, err = kept.ReadAt(piece, int64(len(file))-50)
	require.ErrorContains(t, err, "EOF")
	_, err = kept.ReadAt(piece, -1)
	require.Error(t, err)
	require.NoError(t, kept.Close())
	_, err = kept.ReadAt(piece, 0)
	require.ErrorIs(t, err, graph.ErrClosed)
	require.NoError(t, r.Close())

	require.NoError(t, s.Purge(ctx, ids[0], storetest.Noon(9), ""))
	require.Positive(t, blocks(), "the other source needs it")
	require.NoError(t, s.Purge(ctx, ids[1], storetest.Noon(9), ""))
	require.Zero(t, blocks())
}

func TestPurgeDoesNotWaitForReaders(t *testing.T) {
	ctx := context.Background()
	path := place(t)
	s := fresh(t, path)
	put(t, s, "kept", storetest.Shipment("1", "imp", "exp", 1))
	source := put(t, s, "gone", storetest.Shipment("2", "imp", "secretpartner", 2), storetest.Named("secretpartner", "zqxjkvbpwyzqxjkvbpwy"))
	before := dump(t, s)
	r, err := s.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	start := time.Now()
	require.NoError(t, s.Purge(ctx, source.ID, storetest.Noon(9), "court order"))
	require.Less(t, time.Since(start), 8*time.Second, "less than SQLite's own patience")
	still, err := storetest.Dump(ctx, r)
	require.NoError(t, err)
	require.Equal(t, before, still, "a reader goes on seeing its commit")
	require.NoError(t, r.Close())
	require.NotEqual(t, before, dump(t, s))
	put(t, s, "later", storetest.Shipment("3", "imp", "exp", 3))
	require.NoError(t, s.Close())
	all, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(all), "zqxjkvbpwy")
	require.NoFileExists(t, path+"-wal")
}

// TestReadersGoOnWhileSourcesGo reads without a pause, two goroutines to a
// reader, while sources come, are purged and withdrawn and segments merge.
func TestReadersGoOnWhileSourcesGo(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, place(t), Options{Create: true, Holder: "test", chunk: 20, Cache: 1 << 16})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	put(t, s, "first", many("first", 60).Rows...)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := readTwice(ctx, s); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 12 {
		source := put(t, s, fmt.Sprint("source ", i), many(fmt.Sprint("source ", i), 70).Rows...)
		switch i % 3 {
		case 0:
			require.NoError(t, s.Purge(ctx, source.ID, storetest.Noon(9), "test"))
		case 1:
			require.NoError(t, s.Withdraw(ctx, source.ID, storetest.Noon(9), "test"))
		}
		if i%4 == 3 {
			require.NoError(t, s.Compact(ctx))
		}
	}
	close(stop)
	readers.Wait()
	problems, err := s.Check(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
}

// readTwice reads one commit in two goroutines at once, which must see the
// same.
func readTwice(ctx context.Context, s *Store) error {
	r, err := s.Within(ctx, graph.Scope{})
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	var seen [2]string
	var errs [2]error
	var both sync.WaitGroup
	for i := range seen {
		both.Go(func() { seen[i], errs[i] = glance(ctx, r) })
	}
	both.Wait()
	if seen[0] != seen[1] {
		errs[0] = errors.Join(errs[0], fmt.Errorf("one commit read twice: %s and %s", seen[0], seen[1]))
	}
	return errors.Join(errs[:]...)
}

// glance scans, counts and searches.
func glance(ctx context.Context, r graph.Reader) (string, error) {
	n := 0
	for _, err := range r.Consignments(ctx, graph.Want{Fields: []string{}}) {
		if err != nil {
			return "", err
		}
		n++
	}
	counts, err := r.Counts(ctx, storetest.Trader("imp 3"))
	if err != nil {
		return "", err
	}
	found, err := r.Search(ctx, graph.SearchQuery{Text: "imp"})
	return fmt.Sprint(n, counts, found), err
}

// TestRowsOfSeveralWholeChunks has chunks of the size that they have in use.
func TestRowsOfSeveralWholeChunks(t *testing.T) {
	ctx := context.Background()
	const rows = 2*segment.ChunkRecords + 40_000
	s := fresh(t, place(t))
	spec := storetest.NewBatch("large", 1).Spec
	work, err := s.Begin(ctx, spec)
	require.NoError(t, err)
	at := func(n int) int { return n * 7919 % rows }
	for n := range rows {
		row := graph.Row{Number: int64(n + 2), Offset: int64(10 * n), Length: 9, Statements: []graph.Statement{{
			Consignment: storetest.Consignment(fmt.Sprintf("%07d", at(n))), View: graph.Declaration, Date: storetest.Day(1 + n%28),
			Ties: []graph.Tie{{Role: graph.Importer, Entity: storetest.Trader(fmt.Sprintf("imp %05d", at(n)%30_011))}}}}}
		require.NoError(t, work.Append(ctx, &row))
	}
	source, err := work.Commit(ctx)
	require.NoError(t, err)
	require.Equal(t, []int64{rows, rows, rows}, []int64{source.Rows, source.Stored, source.Consignments})
	r, err := s.Within(ctx, graph.Scope{})
	require.NoError(t, err)
	defer func() { _ = r.Close() }()
	n, wrong := 0, 0
	for c, err := range r.Consignments(ctx, graph.Want{Fields: []string{}}) {
		require.NoError(t, err)
		if c.ID != storetest.Consignment(fmt.Sprintf("%07d", n)) || len(c.Current) != 1 ||
			c.Current[0].Ties[0].Entity != storetest.Trader(fmt.Sprintf("imp %05d", n%30_011)) {
			wrong++
		}
		n++
	}
	require.Equal(t, rows, n)
	require.Zero(t, wrong)
	for _, row := range []int64{2, segment.ChunkRecords + 1, segment.ChunkRecords + 2, segment.ChunkRecords + 3, rows + 1} {
		span, err := r.Locate(ctx, graph.Origin{Source: source.ID, Row: row})
		require.NoError(t, err)
		require.Equal(t, graph.Span{Offset: 10 * (row - 2), Length: 9}, span)
	}
	_, err = r.Locate(ctx, graph.Origin{Source: source.ID, Row: rows + 2})
	require.ErrorIs(t, err, graph.ErrNotFound)
}

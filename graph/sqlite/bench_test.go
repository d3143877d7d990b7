package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rummage/graph"
	"rummage/graph/sqlite/segment"
)

// declarations makes rows like those of a customs declaration file: ten ties,
// twelve fields, two facts. parties is how many importers there are.
type declarations struct {
	r       *rand.Rand
	parties int
	ids     [8][]graph.ID
	row     graph.Row
	n       int64
}

func newDeclarations(parties int) *declarations {
	d := &declarations{r: rand.New(rand.NewPCG(1, 2)), parties: parties}
	pools := []struct {
		kind graph.Kind
		ns   string
		n    int
	}{
		{graph.Party, "importer", parties}, {graph.Party, "seller", parties / 2}, {graph.Party, "declarant", 600},
		{graph.Party, "courier", 40}, {graph.Place, "", 120}, {graph.Place, "office", 30}, {graph.Commodity, "hs2022", 3000}, {graph.Place, "port", 40},
	}
	for i, p := range pools {
		for j := range p.n {
			d.ids[i] = append(d.ids[i], graph.NewID(p.kind, p.ns+"x", fmt.Sprintf("%s%06X", p.ns, j*2654435761%(1<<24))))
		}
	}
	d.row.Facts = make([]graph.Fact, 2)
	d.row.Statements = []graph.Statement{{
		View: graph.Declaration,
		Ties: []graph.Tie{{Role: graph.Consignor}, {Role: graph.Exporter}, {Role: graph.Importer}, {Role: graph.Declarant}, {Role: graph.Carrier},
			{Role: graph.OriginCountry}, {Role: graph.Departure}, {Role: graph.Discharge}, {Role: graph.OfCommodity}, {Role: graph.Office}},
		Fields: []graph.Field{{Name: "country"}, {Name: "currency"}, {Name: "duty"}, {Name: "gross_mass"}, {Name: "kind"}, {Name: "mode"},
			{Name: "net_mass"}, {Name: "procedure"}, {Name: "quantity"}, {Name: "rate"}, {Name: "unit"}, {Name: "value"}},
	}}
	return d
}

// pick draws with a few drawn often, as traders are.
func (d *declarations) pick(pool int) graph.ID {
	u := d.r.Float64()
	return d.ids[pool][int(u*u*float64(len(d.ids[pool])))]
}

func (d *declarations) next() *graph.Row {
	d.n++
	row := &d.row
	row.Number, row.Offset, row.Length = d.n+1, d.n*150, 149
	s := &row.Statements[0]
	s.Consignment = graph.ID(fmt.Sprintf("consignment/kr-decl/%d", 10000000+d.n*7))
	s.Date = graph.Date(737791 + d.n/3000%365)
	for i, pool := range []int{1, 1, 0, 2, 3, 4, 4, 7, 6, 5} {
		s.Ties[i].Entity = d.pick(pool)
	}
	for i, v := range []string{
		[]string{"CN", "US", "VN", "JP"}[d.r.IntN(4)], "USD", fmt.Sprint(d.r.IntN(9)), fmt.Sprint(d.r.IntN(90000)), fmt.Sprint(d.r.IntN(30)),
		fmt.Sprint(d.r.IntN(4)), fmt.Sprint(d.r.IntN(90000)), fmt.Sprint(d.r.IntN(12)), fmt.Sprint(d.r.IntN(100)),
		fmt.Sprint(d.r.IntN(20)), "KG", fmt.Sprint(d.r.IntN(500000)),
	} {
		s.Fields[i].Value = v
	}
	for i, tie := range []int{2, 1} {
		row.Facts[i] = graph.Fact{Entity: s.Ties[tie].Entity, Property: graph.PropertyName, Value: "Trading Co " + s.Ties[tie].Entity.Label(), Date: s.Date}
	}
	return row
}

func bulk(t testing.TB, store *Store, rows, parties int) (graph.Source, time.Duration) {
	ctx := context.Background()
	d := newDeclarations(parties)
	spec := graph.SourceSpec{Name: "bulk", SHA256: graph.SHA256(strings.Repeat("ab", 32)), ImportedAt: time.Unix(1e9, 0).UTC()}
	prepared := make([]graph.Row, 0, 4096)
	work, err := store.Begin(ctx, spec)
	require.NoError(t, err)
	spent := time.Duration(0)
	for done := 0; done < rows; done += len(prepared) {
		prepared = prepared[:0]
		for range min(4096, rows-done) {
			row := *d.next()
			row.Facts = append([]graph.Fact(nil), row.Facts...)
			s := row.Statements[0]
			s.Ties, s.Fields = append([]graph.Tie(nil), s.Ties...), append([]graph.Field(nil), s.Fields...)
			row.Statements = []graph.Statement{s}
			prepared = append(prepared, row)
		}
		start := time.Now()
		for i := range prepared {
			require.NoError(t, work.Append(ctx, &prepared[i]))
		}
		spent += time.Since(start)
	}
	start := time.Now()
	source, err := work.Commit(ctx)
	require.NoError(t, err)
	return source, spent + time.Since(start)
}

// BenchmarkStore measures the import of a million declarations with 30,000
// importers, the room that they take, and what is read of them then.
func BenchmarkStore(b *testing.B) {
	ctx := context.Background()
	const rows = 1_000_000
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "store")
		store, err := Open(ctx, path, Options{Create: true})
		require.NoError(b, err)
		_, spent := bulk(b, store, rows, 30000)
		b.ReportMetric(rows/spent.Seconds(), "rows/s")
		require.NoError(b, store.Close())
		report(b, path, rows)
		measureReads(b, path)
	}
}

func report(b *testing.B, path string, rows float64) {
	store, err := Open(context.Background(), path, Options{})
	require.NoError(b, err)
	defer func() { _ = store.Close() }()
	info, err := os.Stat(path)
	require.NoError(b, err)
	var entities int64
	for _, section := range []segment.Section{segment.EntitySection, segment.GramSection} {
		n, err := store.sectionBytes(context.Background(), section)
		require.NoError(b, err)
		entities += n
	}
	b.ReportMetric(float64(info.Size())/rows, "file-B/row")
	b.ReportMetric((float64(info.Size())-float64(entities))/rows, "B/row")
	for section := range segment.Sections {
		n, err := store.sectionBytes(context.Background(), section)
		require.NoError(b, err)
		b.Logf("%v: %.1f B/row", section, float64(n)/rows)
	}
}

// sectionBytes adds up the blocks of one section of all segments.
func (s *Store) sectionBytes(ctx context.Context, section segment.Section) (n int64, err error) {
	err = s.reading.QueryRowContext(ctx, "SELECT COALESCE(SUM(LENGTH(data)), 0) FROM block WHERE key >> 28 & 15 = ?", int64(section)).Scan(&n)
	return n, err
}

func measureReads(b *testing.B, path string) {
	ctx := context.Background()
	store, err := Open(ctx, path, Options{})
	require.NoError(b, err)
	defer func() { _ = store.Close() }()
	r, err := store.Within(ctx, graph.Scope{})
	require.NoError(b, err)
	defer func() { _ = r.Close() }()
	timed := func(name string, work func()) {
		start := time.Now()
		work()
		b.ReportMetric(float64(time.Since(start).Microseconds())/1000, name+"-ms")
	}
	n := 0
	timed("scan", func() {
		for _, err := range r.Consignments(ctx, graph.Want{Fields: []string{"value"}}) {
			require.NoError(b, err)
			n++
		}
	})
	require.Positive(b, n)
	timed("entities", func() {
		for _, err := range r.Entities(ctx, graph.Want{}) {
			require.NoError(b, err)
		}
	})
	hub := newDeclarations(30000).ids[3][0]
	for _, name := range []string{"hub", "hub-again"} {
		timed(name, func() {
			counts, err := r.Counts(ctx, hub)
			require.NoError(b, err)
			b.Log(counts)
		})
	}
	timed("small", func() { _, err = r.Counts(ctx, newDeclarations(30000).ids[0][20000]); require.NoError(b, err) })
	timed("search", func() { _, err = r.Search(ctx, graph.SearchQuery{Text: "trading"}); require.NoError(b, err) })
}

// BenchmarkNewParties measures what a party that was never seen before costs:
// a name, a number, and being found by them.
func BenchmarkNewParties(b *testing.B) {
	codec, err := segment.NewCodec()
	require.NoError(b, err)
	const n = 100_000
	for b.Loop() {
		chunk := segment.NewChunk(segment.ChunkRecords)
		for i := range n {
			label := fmt.Sprintf("%08X", uint32(i)*2654435761)
			id := graph.ID("party/kr-importer/" + label)
			require.NoError(b, chunk.Add(&graph.Row{Number: int64(i + 2), Facts: []graph.Fact{
				{Entity: id, Property: graph.PropertyName, Value: "Trading Company " + label},
				{Entity: id, Property: graph.PropertyNumber, Value: label}}}))
		}
		_, err := chunk.Write(nowhere{}, codec, "s")
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/party")
}

// nowhere is a sink that keeps nothing.
type nowhere struct{}

func (nowhere) Put(segment.Section, int, []byte) error { return nil }

package segment

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/graph"
)

// memory is a sink and source in memory.
type memory map[string][]byte

func (m memory) Put(section Section, no int, data []byte) error {
	m[fmt.Sprint(section, no)] = data
	return nil
}

func (m memory) Get(section Section, no int) ([]byte, error) {
	data, ok := m[fmt.Sprint(section, no)]
	if !ok {
		return nil, fmt.Errorf("no block %v %d: %w", section, no, graph.ErrDamaged)
	}
	return data, nil
}

func codec(t testing.TB) *Codec {
	c, err := NewCodec()
	require.NoError(t, err)
	return c
}

// randomRow makes a row of few entities and many shapes, so that every way of
// packing and merging is met.
func randomRow(r *rand.Rand, number int64) graph.Row {
	row := graph.Row{Number: number}
	entity := func() graph.ID { return graph.NewID(graph.Party, "ns", fmt.Sprint("p", r.IntN(300))) }
	fields := func() []graph.Field {
		var f []graph.Field
		for _, name := range []string{"value", "unit", "mode", "quantity"} {
			if r.IntN(3) > 0 {
				f = append(f, graph.Field{Name: name, Value: fmt.Sprint(r.IntN(50)), Mark: []string{"", "format"}[r.IntN(9)/8]})
			}
		}
		slices.SortFunc(f, graph.CompareFields)
		return f
	}
	s := graph.Statement{
		Consignment: graph.NewID(graph.KindConsignment, "d", fmt.Sprint(r.IntN(3000))), View: graph.View(1 + r.IntN(3)),
		Version: int64(r.IntN(2)), Date: graph.Date(737000 + r.IntN(100)), Fields: fields(),
	}
	for _, role := range []graph.Role{graph.Consignor, graph.Consignee, graph.InEquipment, graph.InEquipment} {
		if r.IntN(4) > 0 {
			s.Ties = append(s.Ties, graph.Tie{Role: role, Entity: entity()})
		}
	}
	s.Normalise()
	row.Statements = append(row.Statements, s)
	row.Facts = append(row.Facts, graph.Fact{Entity: entity(), Property: []string{"name", "country"}[r.IntN(2)],
		Value: fmt.Sprint("Name ", r.IntN(40)), Date: graph.Date(737000 + r.IntN(100))})
	if r.IntN(3) == 0 {
		row.Links = append(row.Links, graph.Link{Role: graph.DirectorOf, From: entity(), To: entity(), Start: graph.Date(r.IntN(5)), Fields: fields()})
	}
	if r.IntN(3) == 0 {
		row.Outcomes = append(row.Outcomes, graph.Outcome{Subject: s.Consignment, Result: graph.Hit, Date: s.Date, Fields: fields()})
	}
	return row
}

func build(t testing.TB, c *Codec, source string, rows []graph.Row) (*Reader, memory) {
	chunk := NewChunk(ChunkRecords)
	for i := range rows {
		require.NoError(t, chunk.Add(&rows[i]))
	}
	m := memory{}
	head, err := chunk.Write(m, c, graph.SourceID(source))
	require.NoError(t, err)
	r, err := Open(m, c, Recent())
	require.NoError(t, err)
	require.Equal(t, head.Records(), r.Records())
	return r, m
}

// lines lists what a segment holds, as sorted text.
func lines(t testing.TB, r *Reader) []string {
	var all []string
	names := r.Names()
	name := func(num uint32) string {
		id, err := names.At(num)
		require.NoError(t, err)
		return id
	}
	e := r.ScanEntities(0, EntityWant{Facts: true, Folded: true})
	for ok := advance(t, e.Next); ok; ok = advance(t, e.Next) {
		for _, s := range e.Support {
			all = append(all, fmt.Sprint("support ", e.ID, " ", r.Sources[s.Source], " ", s.Day))
		}
		for _, f := range e.Facts {
			all = append(all, fmt.Sprint("fact ", e.ID, " ", f.Property, f.Value, f.Mark, f.Day, r.Sources[f.Source], f.Row))
		}
		all = append(all, fmt.Sprintf("folded %s %q", e.ID, e.Folded))
	}
	s := r.ScanStatements(0, nil)
	for ok := advance(t, s.Next); ok; ok = advance(t, s.Next) {
		x := &Statement{}
		s.Columns.Fill(s.I, x)
		line := fmt.Sprint("statement ", x.ID, x.View, x.Version, x.Date, r.Sources[x.Source], x.Row, x.Fields)
		for _, tie := range x.Ties {
			line += fmt.Sprint(" ", tie.Role, " ", name(tie.Num))
			at, _, err := r.Postings(tie.Num)
			require.NoError(t, err)
			require.True(t, slices.Contains(at, s.Ordinal))
		}
		all = append(all, line)
		may, err := r.MayHold(x.ID)
		require.NoError(t, err)
		require.True(t, may)
	}
	l := r.ScanLinks(0, nil)
	for ok := advance(t, l.Next); ok; ok = advance(t, l.Next) {
		x := &Link{}
		l.Columns.Fill(l.I, x)
		all = append(all, fmt.Sprint("link ", name(x.From), x.Role, name(x.To), x.Start, r.Sources[x.Source], x.Row, x.Fields))
		_, at, err := r.Postings(x.To)
		require.NoError(t, err)
		require.True(t, slices.Contains(at, l.Ordinal))
	}
	o := r.ScanOutcomes(0, nil)
	for ok := advance(t, o.Next); ok; ok = advance(t, o.Next) {
		x := &Outcome{}
		o.Columns.Fill(o.I, x)
		all = append(all, fmt.Sprint("outcome ", x.Subject, x.Result, x.Date, r.Sources[x.Source], x.Row, x.Fields))
	}
	slices.Sort(all)
	return all
}

func advance(t testing.TB, next func() (bool, error)) bool {
	ok, err := next()
	require.NoError(t, err)
	return ok
}

func TestMergedIsWhatItsPartsWere(t *testing.T) {
	c := codec(t)
	r := rand.New(rand.NewPCG(1, 2))
	var parts []*Reader
	var statements, kept []string
	for i := range 5 {
		rows := make([]graph.Row, []int{1, 40, 3000, 1500, 700}[i])
		for j := range rows {
			rows[j] = randomRow(r, int64(j+2))
		}
		source := fmt.Sprint("s-", i/2) // two segments of one source
		part, _ := build(t, c, source, rows)
		parts = append(parts, part)
		for _, line := range lines(t, part) {
			if line[0] == 's' && line[1] == 't' || line[0] == 'l' || line[0] == 'o' {
				statements = append(statements, line)
				if source != "s-1" {
					kept = append(kept, line)
				}
			}
		}
	}
	slices.Sort(statements)
	slices.Sort(kept)
	only := func(all []string) []string {
		return slices.DeleteFunc(all, func(s string) bool { return s[:2] == "su" || s[0] == 'f' })
	}
	merge := func(drop graph.SourceID, from ...*Reader) *Reader {
		m := memory{}
		_, err := Merge(m, c, from, func(s graph.SourceID) bool { return s == drop })
		require.NoError(t, err)
		merged, err := Open(m, c, Recent())
		require.NoError(t, err)
		return merged
	}
	whole := merge("", parts...)
	require.Equal(t, statements, only(lines(t, whole)))

	stepwise := merge("", merge("", parts[3], parts[0]), merge("", parts[4], parts[1], parts[2]))
	require.Equal(t, lines(t, whole), lines(t, stepwise), "the order of merging changes nothing")

	less := merge("s-1", whole)
	require.Equal(t, kept, only(lines(t, less)))
	require.Equal(t, lines(t, merge("", parts[0], parts[1], parts[4])), lines(t, less), "as if the source had never been there")
	require.NotContains(t, less.Sources, graph.SourceID("s-1"))
}

func TestSeekFindsEveryID(t *testing.T) {
	c := codec(t)
	r := rand.New(rand.NewPCG(3, 4))
	rows := make([]graph.Row, 12000)
	for j := range rows {
		rows[j] = randomRow(r, int64(j+2))
	}
	seg, _ := build(t, c, "s", rows)
	s := seg.ScanStatements(0, []string{})
	last := ""
	for ok := advance(t, s.Next); ok; ok = advance(t, s.Next) {
		if id := s.Columns.IDs.At(s.I); id != last {
			at, err := seg.SeekID(StatementSection, id)
			require.NoError(t, err)
			require.Equal(t, s.Ordinal, at, id)
			last = id
		}
		require.Empty(t, s.Columns.Fields.Append(nil, s.I))
	}
	e := seg.ScanEntities(0, EntityWant{})
	for ok := advance(t, e.Next); ok; ok = advance(t, e.Next) {
		num, ok, err := seg.FindEntity(e.ID)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, e.Num, num)
	}
	_, ok, err := seg.FindEntity("zzz")
	require.NoError(t, err)
	require.False(t, ok)
	may := 0
	for i := range 1000 {
		yes, err := seg.MayHold(fmt.Sprint("consignment/other/", i))
		require.NoError(t, err)
		if yes {
			may++
		}
	}
	require.Less(t, may, 60)
}

func TestIntsComeBack(t *testing.T) {
	c := codec(t)
	s := newScratch()
	for name, v := range map[string][]int64{
		"none": {}, "one": {7}, "same": {5, 5, 5}, "rising": {1, 2, 3, 4}, "extremes": {-1 << 63, 1<<63 - 1, 0, -1},
		"wide": {1, 1 << 40, 3}, "bytes": {200, 3, 255}, "words": {60000, 3, 255}, "negative": {-4, -9, 100},
	} {
		t.Run(name, func(t *testing.T) {
			b := c.appendInts(nil, v, &s.bytes)
			got, rest, err := readInts[int64](c, b, len(v))
			require.NoError(t, err)
			require.Empty(t, rest)
			require.Equal(t, len(v), len(got))
			for i := range v {
				require.Equal(t, v[i], got[i])
			}
		})
	}
}

func TestTextsComeBack(t *testing.T) {
	c := codec(t)
	var many, few []string
	for i := range 9000 {
		many = append(many, fmt.Sprint("value ", i))
		few = append(few, fmt.Sprint("value ", i%7))
	}
	for name, v := range map[string][]string{"one": {"x"}, "empty": {"", "", ""}, "many": many, "few": few, "mixed": {"", "é", "", "中文"}} {
		t.Run(name, func(t *testing.T) {
			column, sorted := &textColumn{}, &textColumn{}
			for _, s := range v {
				column.add(s)
			}
			for _, s := range slices.Sorted(slices.Values(v)) {
				sorted.add(s)
			}
			got, err := c.readTexts(c.appendTexts(nil, column, newScratch()), len(v))
			require.NoError(t, err)
			front, err := c.readTexts(c.appendFront(nil, sorted, newScratch()), len(v))
			require.NoError(t, err)
			require.Equal(t, len(v), got.Len())
			want := slices.Sorted(slices.Values(v))
			for i := range v {
				require.Equal(t, v[i], got.At(i))
				require.Equal(t, want[i], front.At(i))
			}
		})
	}
}

func TestBlocksThatCouldNotBeReadAgainAreRefused(t *testing.T) {
	for column, weigh := range map[string]func(*frameWriter){
		"ties":  func(f *frameWriter) { f.ints("ties", make([]int64, maxInts+1)) },
		"texts": func(f *frameWriter) { f.weigh("texts", maxRaw+1, maxRaw) },
	} {
		w := NewWriter(memory{}, codec(t), []graph.SourceID{"s-1"}, 1)
		weigh(w.frame)
		require.NoError(t, w.Entity(&Entity{ID: "party/a/b", Support: []Support{{}}}))
		require.NoError(t, w.Postings(nil, nil))
		_, err := w.Close()
		require.ErrorIs(t, err, graph.ErrInvalidRecord)
		require.ErrorContains(t, err, column)
	}
}

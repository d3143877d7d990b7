package transfer

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

// drain reads all records of a spill.
func drain(t require.TestingT, s *spill) (keys []key, records [][]byte) {
	in, err := s.read()
	require.NoError(t, err)
	defer in.close()
	for {
		k, record, err := in.next()
		if errors.Is(err, io.EOF) {
			return keys, records
		}
		require.NoError(t, err)
		keys, records = append(keys, k), append(records, slices.Clone(record))
	}
}

func TestRecordsComeBackInTheOrderOfRows(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := &spill{dir: dir, chunk: rapid.IntRange(1, 1500).Draw(t, "chunk"), fan: rapid.IntRange(2, 5).Draw(t, "fan")}
		defer s.close()
		type one struct {
			key
			record []byte
		}
		var all []one
		for i := range rapid.IntRange(0, 120).Draw(t, "records") {
			k := key{rapid.IntRange(0, 3).Draw(t, "source"), rapid.Int64Range(1, 20).Draw(t, "row")}
			record := binary.AppendUvarint(make([]byte, i%7, 20), uint64(i))
			all = append(all, one{k, record})
			require.NoError(t, s.add(k, record))
		}
		slices.SortStableFunc(all, func(a, b one) int { return compareKeys(a.key, b.key) })
		keys, records := drain(t, s)
		require.Len(t, keys, len(all))
		for i := range all {
			require.Equal(t, all[i].key, keys[i])
			require.Equal(t, all[i].record, records[i], "those of one row come in the order of saying")
		}
	})
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestManyFilesAreMergedWhileTheyCome(t *testing.T) {
	s := &spill{dir: t.TempDir(), chunk: 10_000, fan: 4}
	defer s.close()
	const n = 30_000
	for i := range n {
		require.NoError(t, s.add(key{0, int64(i*7919%n) + 1}, binary.AppendUvarint(nil, uint64(i*7919%n))))
	}
	require.Greater(t, len(s.runs), 2)
	for _, level := range s.runs {
		require.Less(t, len(level), 4)
	}
	keys, records := drain(t, s)
	require.Len(t, keys, n)
	for i := range keys {
		require.EqualValues(t, i+1, keys[i].row)
		v, _ := binary.Uvarint(records[i])
		require.EqualValues(t, i, v)
	}
}

func TestATemporaryFileThatIsNotWhatWasWritten(t *testing.T) {
	s := &spill{dir: t.TempDir(), chunk: 1, fan: 8}
	defer s.close()
	for i := range 4 {
		require.NoError(t, s.add(key{0, int64(i + 1)}, make([]byte, 300)))
	}
	file := s.runs[0][1].file
	info, err := file.Stat()
	require.NoError(t, err)
	require.NoError(t, file.Truncate(info.Size()-1))
	_, err = s.read()
	if err == nil {
		in, _ := s.read()
		for err == nil {
			_, _, err = in.next()
		}
	}
	require.NotErrorIs(t, err, io.EOF)
	require.ErrorContains(t, err, "temporary file")

	_, err = (&spill{dir: "/does/not/exist", chunk: 1, fan: 2}).write(&heldCursor{})
	require.ErrorContains(t, err, "temporary file")
}

// row has every kind of record with every field.
func row() graph.Row {
	fields := []graph.Field{{Name: "value", Value: "1 200,50", Mark: "format"}, {Name: "unit", Value: "電"}}
	return graph.Row{
		Facts: []graph.Fact{{Entity: "party/x", Property: "name", Value: "ACME", Mark: "m", Date: 7}, {Entity: "party/y", Property: "name", Value: "Y"}},
		Statements: []graph.Statement{
			{Consignment: "consignment/t/1", View: graph.Manifest, Document: "D", Part: "2", Version: -3, Amended: 9, Date: 8, Fields: fields,
				Ties: []graph.Tie{{Role: graph.Importer, Entity: "party/x"}, {Role: graph.Carrier, Entity: "party/y"}}},
			{Consignment: "consignment/t/2", View: graph.Declaration},
		},
		Links:    []graph.Link{{Role: graph.OwnedBy, From: "party/x", To: "party/y", Start: 1, End: 2, Key: "k", Fields: fields}, {Role: graph.Paid, From: "a", To: "b"}},
		Outcomes: []graph.Outcome{{Subject: "party/x", Result: graph.Hit, Channel: graph.Random, Date: 3, Fields: fields}, {Subject: "consignment/t/1", Result: graph.Clear}},
	}
}

// encoded are the records of a row.
func encoded(row *graph.Row) [][]byte {
	var all [][]byte
	say := func(write func(e *encoder)) {
		var e encoder
		write(&e)
		all = append(all, e.b)
	}
	for i := range row.Facts {
		say(func(e *encoder) { e.fact(&row.Facts[i], row.Facts[i].Date) })
	}
	for i := range row.Statements {
		say(func(e *encoder) { e.statement(&row.Statements[i]) })
	}
	for i := range row.Links {
		say(func(e *encoder) { e.link(&row.Links[i]) })
	}
	for i := range row.Outcomes {
		say(func(e *encoder) { e.outcome(&row.Outcomes[i]) })
	}
	return all
}

func TestRecordsAreDecodedAsTheyWereEncoded(t *testing.T) {
	want, got := row(), graph.Row{}
	for _, b := range encoded(&want) {
		require.NoError(t, newDecoder().addTo(&got, b))
		for n := range b {
			require.ErrorIs(t, newDecoder().addTo(&graph.Row{}, b[:n]), errRecord, "%d of %d bytes", n, len(b))
		}
		require.ErrorIs(t, newDecoder().addTo(&graph.Row{}, append(slices.Clone(b), 0)), errRecord)
	}
	require.Equal(t, want, got)
	require.ErrorIs(t, newDecoder().addTo(&got, []byte{9}), errRecord)
}

func FuzzDecoder(f *testing.F) {
	row := row()
	for _, b := range encoded(&row) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var row graph.Row
		if newDecoder().addTo(&row, b) != nil {
			return
		}
		again := graph.Row{}
		require.NoError(t, newDecoder().addTo(&again, encoded(&row)[0]))
		require.Equal(t, row, again)
	})
}

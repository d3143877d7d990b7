package ingest

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
	"rummage/ingest/mapping"
)

// stillOpen lists the rows of each source that are still to be mended, in order.
func stillOpen(t *testing.T, store graph.Store) map[graph.SourceID][]int64 {
	t.Helper()
	e := explainer(t, store)
	all := map[graph.SourceID][]int64{}
	for id := range e.sources {
		if s := e.sources[id]; s.EndedBy != graph.NotEnded {
			continue
		}
		for row, err := range e.Open(t.Context(), id) {
			require.NoError(t, err)
			if row.Join == "" && !slices.Contains(all[id], row.Row) {
				all[id] = append(all[id], row.Row)
			}
		}
	}
	return all
}

// forRepair is what ExportQuarantine writes, by rows.
func forRepair(t *testing.T, store graph.Store, id graph.SourceID) [][]string {
	t.Helper()
	var b strings.Builder
	_, err := explainer(t, store).ExportQuarantine(t.Context(), id, &b)
	require.NoError(t, err)
	from := csv.NewReader(strings.NewReader(b.String()))
	from.FieldsPerRecord = -1
	rows, err := from.ReadAll()
	require.NoError(t, err)
	return rows
}

func asCSV(t *testing.T, rows [][]string) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, csv.NewWriter(&b).WriteAll(rows))
	return b.String()
}

// TestMendedRowsAreOutOfQuarantine: whatever of the rows in quarantine is mended and brought in
// again, in how many rounds and files whatever, what is open is what nobody has mended, each row
// once, where it was refused last; and the withdrawal of a mended file opens again what it mended.
func TestMendedRowsAreOutOfQuarantine(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		store := open(t)
		o := options()
		o.Now = clock()
		const n = 8
		content := world
		for i := range n {
			content += fmt.Sprintf("C%d,soon,I%d,E1,F1,P1,0,0\n", i, i) // rows 2 to 9
			if i%3 == 0 {
				content += fmt.Sprintf("S%d,0,I1,E1,F1\n", i) // and ragged ones between
			}
		}
		report, err := Run(t.Context(), store, []string{write(t, "broken.csv", content)}, o)
		require.NoError(t, err)
		first := report.Files[0].Source
		bad := map[int64]bool{}
		for _, row := range stillOpen(t, store)[first.ID] {
			bad[row] = true
		}
		require.Len(t, bad, n+3)
		root := map[graph.Origin]int64{} // of rows of mended files, the row in the broken one
		where := map[int64]graph.Origin{}
		for row := range bad {
			where[row] = graph.Origin{Source: first.ID, Row: row}
		}
		rounds := rapid.IntRange(1, 4).Draw(r, "rounds")
		for round := range rounds {
			open := stillOpen(t, store)
			if len(open) == 0 {
				break
			}
			ids := slices.Sorted(maps.Keys(open))
			from := ids[rapid.IntRange(0, len(ids)-1).Draw(r, "from")]
			rows := forRepair(t, store, from)
			kept := [][]string{rows[0]}
			was := []int64{}
			mended := []int64{}
			for _, cells := range rows[1:] {
				number, err := strconv.ParseInt(cells[0], 10, 64)
				require.NoError(t, err)
				at := number
				if from != first.ID {
					at = root[graph.Origin{Source: from, Row: number}]
				}
				switch rapid.SampledFrom([]string{"mended", "left", "dropped"}).Draw(r, "row") {
				case "mended":
					cells = append(cells[:5:5], cells[5], "0", fmt.Sprintf("I%d", round), "E1", "F1", "P1", "0", "0")
					mended = append(mended, at)
				case "dropped":
					continue
				}
				kept, was = append(kept, cells), append(was, at)
			}
			if len(kept) == 1 {
				continue
			}
			report, err := Run(t.Context(), store, []string{write(t, fmt.Sprintf("mended%d.csv", round), asCSV(t, kept))}, o)
			require.NoError(t, err)
			f := report.Files[0]
			if f.State == Already {
				continue // not one of its rows was changed
			}
			require.Equal(t, []string{string(from)}, f.Mends)
			require.Equal(t, int64(len(mended)), f.Source.Stored)
			for i, at := range was {
				root[graph.Origin{Source: f.Source.ID, Row: int64(i + 2)}] = at
				where[at] = graph.Origin{Source: f.Source.ID, Row: int64(i + 2)}
			}
			for _, at := range mended {
				delete(where, at)
			}
		}
		want := map[graph.SourceID][]int64{}
		for _, at := range where {
			want[at.Source] = append(want[at.Source], at.Row)
		}
		for id := range want {
			slices.Sort(want[id])
		}
		require.Equal(t, want, stillOpen(t, store))

		// With all mended files gone, the broken one stands as it did.
		sources, err := store.Sources(t.Context())
		require.NoError(t, err)
		for _, s := range sources {
			if s.ID != first.ID {
				require.NoError(t, store.Withdraw(t.Context(), s.ID, o.Now(), "a test"))
			}
		}
		require.Equal(t, map[graph.SourceID][]int64{first.ID: slices.Sorted(maps.Keys(bad))}, stillOpen(t, store))
	})
}

// TestMendedRowsOfAFileThatWasTakenOutAndCameBack: what mended its rows counts for the file however often it comes.
func TestMendedRowsOfAFileThatWasTakenOutAndCameBack(t *testing.T) {
	const broken = world + "C1,0,I1,E1,F1,P1,0,0\nC2,soon,I2,E1,F1,P1,0,0\nC3,late,I3,E1,F1,P1,0,0\n"
	whole := strings.NewReplacer("soon", "1").Replace(broken)
	for name, mend := range map[string]func(rows [][]string) string{
		"its row":        func(rows [][]string) string { return strings.ReplaceAll(asCSV(t, rows[:2]), "soon", "1") },
		"the whole file": func([][]string) string { return whole },
	} {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			o := options()
			o.Now = clock()
			path := write(t, "broken.csv", broken)
			report, err := Run(t.Context(), store, []string{path}, o)
			require.NoError(t, err)
			id := report.Files[0].Source.ID
			report, err = Run(t.Context(), store, []string{write(t, "mended.csv", mend(forRepair(t, store, id)))}, o)
			require.NoError(t, err)
			mended := report.Files[0].Source.ID
			for range 2 {
				require.NoError(t, store.Withdraw(t.Context(), id, o.Now(), "a test"))
				report, err = Run(t.Context(), store, []string{path}, o)
				require.NoError(t, err)
				require.Equal(t, Imported, report.Files[0].State)
				id = report.Files[0].Source.ID
				want := map[graph.SourceID][]int64{id: {4}}
				if name != "its row" {
					want = map[graph.SourceID][]int64{mended: {4}}
				}
				assert.Equal(t, want, stillOpen(t, store))
			}
			require.NoError(t, store.Withdraw(t.Context(), mended, o.Now(), "a test"))
			assert.Equal(t, map[graph.SourceID][]int64{id: {3, 4}}, stillOpen(t, store))
		})
	}
}

// TestAFileWithoutASoundRowIsNotKnownAgain: any other of its length could be taken for it.
func TestAFileWithoutASoundRowIsNotKnownAgain(t *testing.T) {
	store := open(t)
	o := options()
	o.Now = clock()
	report, err := Run(t.Context(), store, []string{write(t, "broken.csv", world+"C1,soon,I1,E1,F1,P1,0,0\nC2,then,I2,E1,F1,P1,0,0\n"),
		write(t, "other.csv", world+"C8,1,I8,E8,F1,P1,0,0\nC9,2,I9,E9,F1,P1,0,0\n")}, o)
	require.NoError(t, err)
	assert.Empty(t, report.Files[1].Repairs)
	assert.Equal(t, map[graph.SourceID][]int64{report.Files[0].Source.ID: {2, 3}}, stillOpen(t, store))
}

// TestAFileMendedAsAWhole: it is known by its sound rows; nothing of the broken one is open but what is broken still,
// and what was mended by other ways before counts once.
func TestAFileMendedAsAWhole(t *testing.T) {
	const broken = world + "C1,0,I1,E1,F1,P1,0,0\nC2,soon,I2,E1,F1,P1,0,0\nC3,0,I3\nC4,0,I4,E1,F1,P1,0,0\nC5,then,I5,E1,F1,P1,0,0\n"
	mend := func(text string) string {
		return strings.NewReplacer("C2,soon", "C2,0", "C3,0,I3\n", "C3,0,I3,E1,F1,P1,0,0\n").Replace(text)
	}
	for name, c := range map[string]struct {
		whole string
		known bool
		open  []int64 // of the whole file
	}{
		"two of three mended": {mend(broken), true, []int64{6}},
		"all mended":          {strings.Replace(mend(broken), "then", "5", 1), true, nil},
		"a sound row changed": {strings.Replace(mend(broken), "I4", "I44", 1), false, []int64{6}},
		"a row more":          {mend(broken) + "C6,0,I6,E1,F1,P1,0,0\n", false, []int64{6}},
		"mended in vain":      {strings.Replace(broken, "then", "than", 1), true, []int64{3, 4, 6}},
		"another delimiter":   {strings.ReplaceAll(mend(broken), ",", ";"), true, []int64{6}},
	} {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			o := options()
			o.Now = clock()
			report, err := Run(t.Context(), store, []string{write(t, "broken.csv", broken), write(t, "mended.csv", c.whole)}, o)
			require.NoError(t, err)
			first, second := report.Files[0], report.Files[1]
			want := map[graph.SourceID][]int64{}
			if c.open != nil {
				want[second.Source.ID] = c.open
			}
			if c.known {
				assert.Equal(t, first.Source.ID, second.Repairs)
			} else {
				assert.Empty(t, second.Repairs)
				want[first.Source.ID] = []int64{3, 4, 6}
			}
			assert.Equal(t, want, stillOpen(t, store))
			assert.Equal(t, int64(len(c.open)), second.Open)
			require.NoError(t, store.Withdraw(t.Context(), second.Source.ID, o.Now(), "a test"))
			assert.Equal(t, map[graph.SourceID][]int64{first.Source.ID: {3, 4, 6}}, stillOpen(t, store))
		})
	}
}

// Rows that a mended file refused anew are open no longer once the whole file is mended, whichever came first.
func TestMendedTwice(t *testing.T) {
	const broken = world + "C1,0,I1,E1,F1,P1,0,0\nC2,soon,I2,E1,F1,P1,0,0\nC3,late,I3,E1,F1,P1,0,0\n"
	store := open(t)
	o := options()
	o.Now = clock()
	report, err := Run(t.Context(), store, []string{write(t, "broken.csv", broken)}, o)
	require.NoError(t, err)
	id := report.Files[0].Source.ID
	left := asCSV(t, forRepair(t, store, id))
	report, err = Run(t.Context(), store, []string{write(t, "left.csv", left)}, o)
	require.NoError(t, err)
	refusedAnew := report.Files[0].Source.ID
	assert.Equal(t, map[graph.SourceID][]int64{refusedAnew: {2, 3}}, stillOpen(t, store))
	whole := strings.NewReplacer("soon", "1", "late", "2").Replace(broken)
	report, err = Run(t.Context(), store, []string{write(t, "whole.csv", whole)}, o)
	require.NoError(t, err)
	assert.Equal(t, id, report.Files[0].Repairs)
	assert.Empty(t, stillOpen(t, store))

	// Another reading of the broken file takes its place; what was mended stays so.
	o.Hints.Delimiter = ","
	report, err = Run(t.Context(), store, []string{write(t, "broken.csv", broken)}, o)
	require.NoError(t, err)
	assert.Equal(t, Replaced, report.Files[0].State)
	assert.Empty(t, stillOpen(t, store))
	assert.Zero(t, report.Unresolved())
}

// TestRowsOfASecondFileAreMended: what ExportJoined writes, mended, goes beside the second file, and the store shows what it
// does for the file mended as a whole.
func TestRowsOfASecondFileAreMended(t *testing.T) {
	for name, c := range map[string]struct{ how, register, sound string }{
		"comma":     {"", register + "T9,\"Golden\nWind\"\n", "T5,short,Tai O\nT9,\"Golden\nWind\",Macau\n"},
		"semicolon": {`, file: {delimiter: ";"}`, strings.ReplaceAll(register, ",", ";") + "T9;\"Golden\nWind\"\n", "T5;short;Tai O\nT9;\"Golden\nWind\";Macau\n"},
		"a formula": {"", strings.Replace(register, "T5,short\n", "T5,=short\nT9,=x\n", 1), "T5,=short,Tai O\nT9,=x,Macau\n"},
	} {
		t.Run(name, func(t *testing.T) {
			m := joined(t, c.how)
			store := open(t)
			main, second := write(t, "entries.csv", entries), write(t, "register.csv", c.register)
			o := joins(m, second)
			o.Now = clock()
			report, err := Run(t.Context(), store, []string{main}, o)
			require.NoError(t, err)
			source := report.Files[0].Source
			require.Equal(t, int64(2), report.Files[0].Joined[0].Broken)

			var b strings.Builder
			n, err := explainer(t, store).ExportJoined(t.Context(), source.ID, "traders", &b)
			require.NoError(t, err)
			assert.Equal(t, int64(2), n)
			from := csv.NewReader(strings.NewReader(b.String()))
			from.FieldsPerRecord = -1
			rows, err := from.ReadAll()
			require.NoError(t, err)
			assert.Equal(t, []string{"rummage_row", "rummage_column", "rummage_code", "rummage_reason", "rummage_source", "Code", "Name", "Town"}, rows[0])
			assert.Equal(t, fileOrigin(report.Files[0].Joined[0].SHA256), rows[1][4])
			rows[1] = append(rows[1], "Tai O")
			rows[2] = append(rows[2], "Macau")
			mended := write(t, "mend.traders.csv", asCSV(t, rows[:2]))

			// One of the two, then both.
			o.With = append(o.With, With{Join: "traders", File: mended})
			report, err = Run(t.Context(), store, []string{main}, o)
			require.NoError(t, err)
			f := report.Files[0]
			assert.Equal(t, Replaced, f.State)
			assert.Equal(t, []string{"traders", "traders.2"}, []string{f.Source.Joined[0].Join, f.Source.Joined[1].Join})
			assert.Equal(t, []int64{1, 0}, []int64{f.Joined[0].Broken, f.Joined[1].Broken})
			b.Reset()
			n, err = explainer(t, store).ExportJoined(t.Context(), f.Source.ID, "traders", &b)
			require.NoError(t, err)
			assert.Equal(t, int64(1), n, "the other one")
			n, err = explainer(t, store).ExportJoined(t.Context(), f.Source.ID, "traders.2", io.Discard)
			require.NoError(t, err)
			assert.Zero(t, n)
			o.With = append(o.With, With{Join: "traders", File: write(t, "mend2.csv", asCSV(t, [][]string{rows[0], rows[2]}))})
			report, err = Run(t.Context(), store, []string{main}, o)
			require.NoError(t, err)
			assert.Equal(t, int64(0), report.Files[0].Joined[0].Broken)

			other := open(t)
			want, err := Run(t.Context(), other, []string{main}, joins(m, write(t, "whole.csv", c.register+c.sound)))
			require.NoError(t, err)
			assert.Equal(t, want.Files[0].Source.Stored, report.Files[0].Source.Stored)
			assert.Equal(t, want.Files[0].Joined[0].JoinStats, report.Files[0].Joined[0].JoinStats)
			for _, trader := range []string{"T1", "T2", "T4", "T9"} {
				assert.Equal(t, facts(t, within(t, other), trader), facts(t, within(t, store), trader), trader)
			}

			// Its row is shown from where it stands.
			record, err := explainer(t, store).Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 4})
			require.NoError(t, err)
			require.Len(t, record.Joined, 1)
			assert.Equal(t, "traders.3", record.Joined[0].Join)
			assert.Equal(t, "mend2.csv", record.Joined[0].Source)
		})
	}
}

func TestMendedRowsOfASecondFileThatDoNotFit(t *testing.T) {
	store, main := open(t), write(t, "entries.csv", entries)
	second := write(t, "register.csv", register)
	mended := "rummage_row,rummage_column,rummage_code,rummage_reason,rummage_source,Code,Name,Town\n6,Town,ragged,short,f-0123,T5,x,y\n"
	for name, c := range map[string]struct {
		files []string
		is    error
	}{
		"alone":         {[]string{write(t, "a.csv", mended)}, ErrMendedAlone},
		"other columns": {[]string{second, write(t, "b.csv", strings.Replace(mended, "Town\n", "City\n", 1))}, ErrSeveral},
		"not mended":    {[]string{second, write(t, "c.csv", register)}, ErrSeveral},
	} {
		t.Run(name, func(t *testing.T) {
			o := joins(joined(t, ""), c.files[0])
			for _, file := range c.files[1:] {
				o.With = append(o.With, With{Join: "traders", File: file})
			}
			_, err := Run(t.Context(), store, []string{main}, o)
			require.ErrorIs(t, err, c.is)
		})
	}
	// What was lost must be put back, there too; of another file it mends nothing.
	o := joins(joined(t, ""), second)
	o.With = append(o.With, With{Join: "traders", File: write(t, "d.csv", mended+"6,Town,ragged,short,f-0123,T6,x\uFFFD,y\n")})
	report, err := Run(t.Context(), store, []string{main}, o)
	require.NoError(t, err)
	assert.Equal(t, []int64{1, 1}, []int64{report.Files[0].Joined[0].Broken, report.Files[0].Joined[1].Broken})
	assert.Equal(t, "Name", report.Files[0].Joined[1].Errors[0].Column)
	assert.Equal(t, mapping.JoinStats{}, report.Files[0].Joined[1].JoinStats)
}

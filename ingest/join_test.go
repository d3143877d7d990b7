package ingest

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"rummage/casefile/row"
	"rummage/graph"
	"rummage/ingest/mapping"
	"rummage/ingest/read"
)

const (
	entries = "No,Trader,Value\nE1,T1,100\nE2,t2,200\nE3,T9,300\nE4,T4,400\nE5,,500\n"
	// Code 4 has two rows that differ; row 6 is too short, row 8 has no code.
	register = "Code,Name,Town\nT2,ACME,Kowloon\nT1,Kam Fung,Aberdeen\nT4,Harbour,Sha Tin\nT4,Harbour,Tai Po\nT5,short\nT1,Kam Fung,Aberdeen\n,nobody,\n"
)

func joined(t testing.TB, how string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("joined.yaml", fmt.Appendf(nil, `
mapping: joined
joins:
  traders: {on: {column: Trader, then: upper}, key: Code%s}
entities:
  trader: {kind: party, namespace: trader, id: {column: Trader, then: upper}, facts: {name: traders.Name, town: traders.Town}}
consignments:
  entry: {system: office, number: No, view: declaration, ties: {importer: trader}, fields: {value: Value}}
`, how))
	require.NoError(t, err)
	return m
}

// joining are options with a mapping and its second file.
func joins(m *mapping.Mapping, file string) Options {
	o := options()
	o.Mapping, o.With = m, []With{{Join: "traders", File: file}}
	return o
}

// facts are those of a trader, a text each.
func facts(t testing.TB, reader graph.Reader, trader string) []string {
	t.Helper()
	entity, err := reader.Entity(t.Context(), graph.NewID(graph.Party, "trader", trader))
	require.NoError(t, err)
	var all []string
	for _, f := range entity.Facts {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%s=%s %s", f.Property, f.Value, f.Mark), " "))
	}
	slices.Sort(all)
	return all
}

func kept(t testing.TB, reader graph.Reader, sha graph.SHA256) string {
	t.Helper()
	file, err := reader.Evidence(t.Context(), sha)
	require.NoError(t, err)
	defer file.Close()
	text, err := io.ReadAll(io.NewSectionReader(file, 0, file.Size()))
	require.NoError(t, err)
	return string(text)
}

func TestRowsOfASecondFile(t *testing.T) {
	store := open(t)
	main, second := write(t, "entries.csv", entries), write(t, "register.csv.gz", register)
	report, err := Run(t.Context(), store, []string{main}, joins(joined(t, ""), second))
	require.NoError(t, err)
	f := report.Files[0]
	assert.Equal(t, Imported, f.State)
	assert.Equal(t, int64(5), f.Source.Stored)
	require.Len(t, f.Joined, 1)
	met := f.Joined[0]
	assert.Equal(t, second, met.File)
	assert.Contains(t, met.Dialect, "gzip")
	assert.Equal(t, []int64{6, 1}, []int64{met.Rows, met.Broken})
	assert.Equal(t, mapping.JoinStats{Keys: 3, Keyless: 1, Unresolved: 1, Ambiguous: 1}, met.JoinStats)
	require.Len(t, met.Errors, 1)
	assert.Equal(t, int64(6), met.Errors[0].Row)
	assert.Equal(t, "ragged", met.Errors[0].Code)
	assert.Positive(t, met.Errors[0].Span.Offset)
	assert.Equal(t, []graph.Joined{met.Joined}, f.Source.Joined)
	assert.Equal(t, "register.csv.gz", met.Joined.Name)

	reader := within(t, store)
	assert.Equal(t, []string{"name=Kam Fung", "town=Aberdeen"}, facts(t, reader, "T1"))
	assert.Equal(t, []string{"name=ACME", "town=Kowloon"}, facts(t, reader, "T2"))
	assert.Equal(t, []string{"traders=T9 unresolved"}, facts(t, reader, "T9"))
	assert.Equal(t, []string{"name=Harbour", "traders=T4 ambiguous"}, facts(t, reader, "T4"))
	c, err := reader.Consignment(t.Context(), graph.NewID(graph.KindConsignment, "office", "E3"))
	require.NoError(t, err)
	assert.Equal(t, []graph.Field{{Name: "traders", Value: "T9", Mark: "unresolved"}, {Name: "value", Value: "300"}}, c.Current[0].Fields)

	bytes, err := os.ReadFile(second)
	require.NoError(t, err)
	assert.Equal(t, string(bytes), kept(t, reader, met.SHA256))
	assert.Equal(t, entries, kept(t, reader, f.Source.SHA256))

	again, err := Run(t.Context(), store, []string{main}, joins(joined(t, ""), second))
	require.NoError(t, err)
	assert.Equal(t, Already, again.Files[0].State)
	assert.Equal(t, met.Joined, again.Files[0].Joined[0].Joined)
	assert.Zero(t, again.Files[0].Joined[0].Rows)
}

func TestAnotherSecondFileIsAnotherReading(t *testing.T) {
	store := open(t)
	main := write(t, "entries.csv", entries)
	now := clock()
	run := func(name, content string) (Report, error) {
		o := joins(joined(t, ""), write(t, name, content))
		o.Now = now
		return Run(t.Context(), store, []string{main}, o)
	}
	first, err := run("register.csv", register)
	require.NoError(t, err)
	second, err := run("register.csv", register+"T9,Golden Wind,Macau\n")
	require.NoError(t, err)
	assert.Equal(t, Replaced, second.Files[0].State)
	assert.Equal(t, []graph.SourceID{first.Files[0].Source.ID}, second.Files[0].Earlier)
	assert.Equal(t, []string{"name=Golden Wind", "town=Macau"}, facts(t, within(t, store), "T9"))
	before, err := store.Within(t.Context(), graph.Scope{KnownOn: first.Files[0].Source.ImportedAt})
	require.NoError(t, err)
	defer before.Close()
	assert.Equal(t, register, kept(t, before, first.Files[0].Joined[0].SHA256))
	assert.Equal(t, []string{"traders=T9 unresolved"}, facts(t, before, "T9"))
	back, err := run("other-name.csv", register)
	require.NoError(t, err)
	assert.Equal(t, Replaced, back.Files[0].State, "what was read first is read once more")
}

func TestRowsThatMustBeJoined(t *testing.T) {
	store := open(t)
	m := joined(t, ", required: true")
	o := joins(m, write(t, "register.csv", register))
	report, err := Run(t.Context(), store, []string{write(t, "entries.csv", entries)}, o)
	require.NoError(t, err)
	source := report.Files[0].Source
	assert.Equal(t, []int64{2, 3}, []int64{source.Stored, source.Quarantined})
	codes := []string{}
	for e, err := range within(t, store).Quarantine(t.Context(), source.ID) {
		require.NoError(t, err)
		codes = append(codes, strings.TrimSpace(fmt.Sprint(e.Join, " ", e.Row, " ", e.Column, " ", e.Code)))
	}
	assert.Equal(t, []string{"4 Trader unresolved", "5 Trader ambiguous", "6 Trader missing", "traders 6 Town ragged"}, codes)

	var b strings.Builder
	n, err := explainer(t, store).ExportQuarantine(t.Context(), source.ID, &b)
	require.NoError(t, err)
	assert.Equal(t, int64(3), n)
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"rummage_row", "rummage_column", "rummage_code", "rummage_reason", "rummage_source", "rummage_joined", "No", "Trader", "Value"}, rows[0])
	sha := string(report.Files[0].Joined[0].SHA256[:16])
	assert.Equal(t, []string{"", "traders: register.csv row 4, SHA-256 " + sha + ", Code=T4, Name=Harbour, Town=Sha Tin; " +
		"traders: register.csv row 5, SHA-256 " + sha + ", Code=T4, Name=Harbour, Town=Tai Po", ""}, []string{rows[1][5], rows[2][5], rows[3][5]})

	mended := strings.NewReplacer(",T9,", ",T1,", ",T4,", ",T2,", "E5,,", "E5,'=T8,").Replace(b.String())
	o.Now = clock()
	again, err := Run(t.Context(), store, []string{write(t, "mended.csv", mended)}, o)
	require.NoError(t, err)
	assert.True(t, again.Files[0].Mended)
	assert.Equal(t, []int64{2, 1}, []int64{again.Files[0].Source.Stored, again.Files[0].Source.Quarantined})
	e := explainer(t, store)
	record, err := e.Row(t.Context(), graph.Origin{Source: again.Files[0].Source.ID, Row: 2})
	require.NoError(t, err)
	require.Len(t, record.Joined, 2)
	assert.Equal(t, int64(3), record.Joined[0].Row)
	b.Reset()
	_, err = e.ExportQuarantine(t.Context(), again.Files[0].Source.ID, &b)
	require.NoError(t, err)
	assert.Contains(t, b.String(), ",,E5,'=T8,500\n", "what is exported twice stands as it did")
}

func TestSecondFilesThatAreNotThere(t *testing.T) {
	store, main := open(t), write(t, "entries.csv", entries)
	second := write(t, "register.csv", register)
	for name, c := range map[string]struct {
		with []With
		is   error
		want string
	}{
		"none":       {nil, mapping.ErrJoin, `mapping: joined: the files given are not those that the mapping joins: it joins "traders", for which no file is given`},
		"another":    {[]With{{Join: "traders", File: second}, {Join: "offices", File: second}}, mapping.ErrJoin, `it knows no join "offices"; it joins "traders"`},
		"two":        {[]With{{Join: "traders", File: second}, {Join: "traders", File: main}}, ErrSeveral, "join traders: " + main + ": two files are given"},
		"no file":    {[]With{{Join: "traders", File: second + "x"}}, os.ErrNotExist, "join traders: " + second + "x"},
		"no part":    {[]With{{Join: "traders", File: second, Part: "T*"}}, ErrNoPart, "it has no parts"},
		"no columns": {[]With{{Join: "traders", File: main}}, mapping.ErrColumns, `join traders: the mapping does not fit the file's columns: missing "Code", "traders.Name", "traders.Town"; its file has 3 columns`},
		"empty":      {[]With{{Join: "traders", File: write(t, "empty.csv", "")}}, read.ErrEmpty, "join traders: "},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Mapping, o.With = joined(t, ""), c.with
			report, err := Run(t.Context(), store, []string{main}, o)
			assert.ErrorContains(t, err, c.want)
			assert.Equal(t, Failed, report.Files[0].State)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
	o := options()
	o.With = []With{{Join: "traders", File: second}}
	_, err := Run(t.Context(), store, []string{write(t, "w.csv", world+"C1,0,I1,E1,F1,P1,0,0\n")}, o)
	require.ErrorIs(t, err, mapping.ErrJoin)
	assert.ErrorContains(t, err, `it joins none, and "traders" is given`)
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	assert.Empty(t, sources)
}

func TestASecondFileServesAll(t *testing.T) {
	book := excelize.NewFile()
	require.NoError(t, book.SetSheetName("Sheet1", "Notes"))
	_, err := book.NewSheet("Traders")
	require.NoError(t, err)
	for i, row := range strings.Split(strings.TrimSpace(register), "\n") {
		for c, cell := range strings.Split(row, ",") {
			at, err := excelize.CoordinatesToCellName(c+1, i+1)
			require.NoError(t, err)
			require.NoError(t, book.SetCellStr("Traders", at, cell))
		}
	}
	require.NoError(t, book.SetCellStr("Notes", "A1", "read me"))
	path := filepath.Join(t.TempDir(), "codes.xlsx")
	require.NoError(t, book.SaveAs(path))
	store := open(t)
	o := joins(joined(t, ""), path)
	reads := 0
	o.Progress = func(p Progress) {
		if p.Stage == StageHash && strings.HasPrefix(p.File, path) && p.Done == p.Total {
			reads++
		}
	}
	first, second := write(t, "may.csv", entries), write(t, "june.csv", strings.ReplaceAll(entries, "E", "F"))
	_, err = Run(t.Context(), store, []string{first}, o)
	require.ErrorIs(t, err, ErrParts)
	o.With[0].Part, reads = "Traders", 0
	report, err := Run(t.Context(), store, []string{first, second}, o)
	require.NoError(t, err)
	assert.Equal(t, 1, reads, "it is opened once")
	for i := range report.Files {
		f := &report.Files[i]
		assert.Equal(t, Imported, f.State)
		assert.Equal(t, "#Traders", f.Joined[0].Part)
		assert.Equal(t, mapping.JoinStats{Keys: 4, Keyless: 1, Unresolved: 1, Ambiguous: 1}, f.Joined[0].JoinStats)
		record, err := explainer(t, store).Row(t.Context(), graph.Origin{Source: f.Source.ID, Row: 3})
		require.NoError(t, err)
		require.Len(t, record.Joined, 1)
		assert.Equal(t, "codes.xlsx/#Traders", record.Joined[0].Source)
		assert.Equal(t, row.Column{Name: "Name", Value: "ACME"}, record.Joined[0].Columns[1])
	}
}

// The order of the second file's rows changes nothing but the hash of the file.
func TestTheOrderOfASecondFile(t *testing.T) {
	lines := strings.SplitAfter(strings.TrimSuffix(register, "\n"), "\n")
	var texts []string
	for range 3 {
		store := open(t)
		_, err := Run(t.Context(), store, []string{write(t, "entries.csv", entries)}, joins(joined(t, ""), write(t, "register.csv", strings.Join(lines, ""))))
		require.NoError(t, err)
		reader := within(t, store)
		var b strings.Builder
		for c, err := range reader.Consignments(t.Context(), graph.Want{}) {
			require.NoError(t, err)
			fmt.Fprintln(&b, c.ID, c.Current)
		}
		for e, err := range reader.Entities(t.Context(), graph.Want{}) {
			require.NoError(t, err)
			fmt.Fprintln(&b, e.ID, e.Facts)
		}
		texts = append(texts, b.String())
		lines[len(lines)-1] = strings.TrimSuffix(lines[len(lines)-1], "\n") + "\n"
		lines = append(lines[:1], append(slices.Clone(lines[3:]), lines[1:3]...)...)
	}
	assert.Equal(t, texts[0], texts[1])
	assert.Equal(t, texts[0], texts[2])
}

func TestACancelledJoinLeavesNothing(t *testing.T) {
	for _, stage := range []Stage{StageJoin, StageKeep} {
		store := open(t)
		main, second := write(t, "entries.csv", entries), write(t, "register.csv", register)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		o := joins(joined(t, ""), second)
		o.Progress = func(p Progress) {
			if p.Stage == stage && p.File == second {
				cancel()
			}
		}
		_, err := Run(ctx, store, []string{main}, o)
		require.ErrorIs(t, err, context.Canceled, stage)
		sources, err := store.Sources(t.Context())
		require.NoError(t, err)
		assert.Empty(t, sources)
		problems, err := store.(graph.Checker).Check(t.Context(), nil)
		require.NoError(t, err)
		assert.Empty(t, problems, "no file is kept for nothing")
		report, err := Run(t.Context(), store, []string{main}, joins(joined(t, ""), second))
		require.NoError(t, err)
		assert.Equal(t, Imported, report.Files[0].State)
	}
}

func TestASecondFileThatChangesMeanwhile(t *testing.T) {
	for _, longer := range []string{"", "T8,late,\n"} {
		store := open(t)
		main, second := write(t, "entries.csv", entries), write(t, "register.csv", register)
		o := joins(joined(t, ""), second)
		o.Progress = func(p Progress) {
			if p.Stage == StageHash && p.File == main {
				require.NoError(t, os.WriteFile(second, []byte(strings.Replace(register, "ACME", "EMCA", 1)+longer), 0o600))
			}
		}
		report, err := Run(t.Context(), store, []string{main}, o)
		require.ErrorIs(t, err, graph.ErrEvidenceMismatch)
		assert.ErrorContains(t, err, "join traders: "+second)
		assert.Equal(t, Failed, report.Files[0].State)
	}
}

func TestASecondFileWithoutHeader(t *testing.T) {
	m, err := mapping.Parse("bare.yaml", []byte(`
mapping: bare
joins: {traders: {on: Trader, key: 1, header: false, file: {delimiter: ";"}}}
entities:
  trader: {kind: party, namespace: trader, id: Trader, facts: {name: "traders.#2"}}
`))
	require.NoError(t, err)
	store := open(t)
	second := write(t, "bare.csv", "T3;Harbour\nT9;x;y\nT1;Kam Fung\nT2;ACME\n")
	report, err := Run(t.Context(), store, []string{write(t, "entries.csv", entries)}, joins(m, second))
	require.NoError(t, err)
	assert.Equal(t, []int64{3, 1}, []int64{report.Files[0].Joined[0].Rows, report.Files[0].Joined[0].Broken})
	assert.Equal(t, []string{"name=Kam Fung"}, facts(t, within(t, store), "T1"))
	record, err := explainer(t, store).Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 2})
	require.NoError(t, err)
	require.Len(t, record.Joined, 1)
	assert.Equal(t, row.Columns{{Name: "1", Value: "T1"}, {Name: "2", Value: "Kam Fung"}}, record.Joined[0].Columns)
}

func TestBrokenRowsOfASecondFileAreListedUpToABound(t *testing.T) {
	store := open(t)
	second := "Code,Name,Town\nT1,Kam Fung,Aberdeen\n" + strings.Repeat("T2,short\n", MaxBroken+7)
	report, err := Run(t.Context(), store, []string{write(t, "entries.csv", entries)}, joins(joined(t, ""), write(t, "register.csv", second)))
	require.NoError(t, err)
	met := report.Files[0].Joined[0]
	assert.Equal(t, int64(MaxBroken+7), met.Broken)
	assert.Len(t, met.Errors, MaxBroken)
	kept := 0
	for e, err := range within(t, store).Quarantine(t.Context(), report.Files[0].Source.ID) {
		require.NoError(t, err)
		assert.Equal(t, "traders", e.Join)
		kept++
	}
	assert.Equal(t, MaxBroken+7, kept, "the store has them all")
	assert.Contains(t, met.Dialect, read.Delimited)
}

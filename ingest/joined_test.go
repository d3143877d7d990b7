package ingest

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/row"
	"rummage/graph"
	"rummage/ingest/mapping"
)

// What a row came to follows from what is kept, when the files are gone.
func TestARowWithItsJoinedRow(t *testing.T) {
	store := open(t)
	dir := t.TempDir()
	main, second := filepath.Join(dir, "entries.csv"), filepath.Join(dir, "register.csv")
	require.NoError(t, os.WriteFile(main, []byte(entries), 0o600))
	require.NoError(t, os.WriteFile(second, []byte(register), 0o600))
	m := joined(t, "")
	report, err := Run(t.Context(), store, []string{main}, joins(m, second))
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(dir))
	id, e := report.Files[0].Source.ID, explainer(t, store)
	reader := within(t, store)
	for row, want := range map[int64][]int64{2: {3, 7}, 3: {2}, 4: nil, 5: {4, 5}, 6: nil} {
		record, err := e.Row(t.Context(), graph.Origin{Source: id, Row: row})
		require.NoError(t, err)
		var rows []int64
		mapper, err := m.Bind([]string{"No", "Trader", "Value"}, mapping.Second{Join: "traders", Columns: []string{"Code", "Name", "Town"}})
		require.NoError(t, err)
		for _, j := range record.Joined {
			rows = append(rows, j.Row)
			assert.Equal(t, "traders", j.Join)
			assert.Equal(t, "register.csv", j.Source)
			assert.Equal(t, report.Files[0].Joined[0].SHA256, j.SHA256)
			assert.Equal(t, strings.Split(register, "\n")[j.Row-1], register[j.Bytes[0]:j.Bytes[1]])
			_, err := mapper.LearnJoined(0, j.Row, values(j.Columns))
			require.NoError(t, err)
		}
		assert.Equal(t, want, rows, "row %d", row)
		if row == 6 {
			continue
		}
		var out graph.Row
		mapper.Map(row, values(record.Columns), &out)
		var again []string
		for _, f := range out.Facts {
			again = append(again, strings.TrimSuffix(fmt.Sprintf("%s=%s %s", f.Property, f.Value, f.Mark), " "))
		}
		slices.Sort(again)
		assert.Equal(t, facts(t, reader, strings.ToUpper(record.Columns[1].Value)), again, "row %d", row)
	}
	record, err := e.Row(t.Context(), graph.Origin{Source: id, Row: 3})
	require.NoError(t, err)
	text, err := record.MarshalJSON()
	require.NoError(t, err)
	assert.Contains(t, string(text), `"joined":[{"join":"traders","source":"register.csv","sha256":"`)
	assert.Contains(t, string(text), `"row":2,"bytes":[15,30],"columns":{"Code":"T2","Name":"ACME","Town":"Kowloon"}}],"joined_more":0,"cited":null}`)
}

func values(columns row.Columns) [][]byte {
	var all [][]byte
	for _, c := range columns {
		all = append(all, []byte(c.Value))
	}
	return all
}

func TestJoinedRowsThatCannotBeShown(t *testing.T) {
	store := open(t)
	o := joins(joined(t, ""), write(t, "register.csv", register))
	o.NoEvidence = true
	report, err := Run(t.Context(), store, []string{write(t, "entries.csv", entries)}, o)
	require.NoError(t, err)
	assert.False(t, report.Files[0].Source.HasEvidence)
	_, err = explainer(t, store).Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 2})
	require.ErrorIs(t, err, graph.ErrNoEvidence)

	many := "Code,Name,Town\n" + strings.Repeat("T1,Kam Fung,\n", mostJoined+5)
	o = joins(joined(t, ""), write(t, "register.csv", many))
	report, err = Run(t.Context(), store, []string{write(t, "entries.csv", entries)}, o)
	require.NoError(t, err)
	record, err := explainer(t, store).Row(t.Context(), graph.Origin{Source: report.Files[0].Source.ID, Row: 2})
	require.NoError(t, err)
	assert.Len(t, record.Joined, mostJoined)
	assert.Equal(t, 5, record.MoreJoined)
}

func TestJoinedNumbersOfPersonsAreNotShown(t *testing.T) {
	m, err := mapping.Parse("people.yaml", []byte(`
mapping: people
joins: {people: {on: Director, key: File}}
entities:
  company: {kind: party, namespace: demo, id: No, facts: {name: people.Name, director: {column: people.Card, rule: hkid}}}
`))
	require.NoError(t, err)
	store := open(t)
	o := options()
	o.Mapping, o.IdentityKey = m, identityKey(t, "k")
	o.With = []With{{Join: "people", File: write(t, "people.csv", "File,Name,Card\nD1,Chan,A123456(3)\n")}}
	report, err := Run(t.Context(), store, []string{write(t, "companies.csv", "No,Director\n1,D1\n")}, o)
	require.NoError(t, err)
	assert.Contains(t, report.Files[0].Source.Options, "identity=")
	e := explainer(t, store)
	origin := graph.Origin{Source: report.Files[0].Source.ID, Row: 2}
	record, err := e.Row(t.Context(), origin)
	require.NoError(t, err)
	assert.Equal(t, row.Columns{{Name: "File", Value: "D1"}, {Name: "Name", Value: "Chan"}, {Name: "Card", Value: mapping.Withheld}}, record.Joined[0].Columns)
	e.Identify(o.IdentityKey)
	record, err = e.Row(t.Context(), origin)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(record.Joined[0].Columns[2].Value, "hkid-"))
}

// A source whose second files cannot be opened is shown without their rows, and says so.
func TestASecondFileThatIsLost(t *testing.T) {
	store := open(t)
	report, err := Run(t.Context(), store, []string{write(t, "entries.csv", entries)}, joins(joined(t, ""), write(t, "register.csv", register)))
	require.NoError(t, err)
	sources, err := store.Sources(t.Context())
	require.NoError(t, err)
	lost := &losing{within(t, store), report.Files[0].Joined[0].SHA256}
	e := NewExplainer(lost, sources)
	defer e.Close()
	record, err := e.Row(t.Context(), graph.Origin{Source: sources[0].ID, Row: 2})
	require.ErrorIs(t, err, graph.ErrNoEvidence)
	assert.ErrorContains(t, err, "register.csv")
	assert.Len(t, record.Columns, 3)
	assert.Empty(t, record.Joined)
	_, err = e.ExportQuarantine(t.Context(), sources[0].ID, io.Discard)
	require.NoError(t, err, "no row is in quarantine")
}

// losing is a reader of a store that has lost a file.
type losing struct {
	graph.Reader
	file graph.SHA256
}

func (l *losing) Evidence(ctx context.Context, file graph.SHA256) (graph.Evidence, error) {
	if file == l.file {
		return nil, &graph.NoEvidenceError{File: file, Reason: "it is elsewhere"}
	}
	return l.Reader.Evidence(ctx, file)
}

func TestJoinedRowsInOneCell(t *testing.T) {
	one := row.Joined{Join: "traders", Source: "a.csv", SHA256: "00", Row: 2, Columns: row.Columns{{Name: "Name", Value: strings.Repeat("關", 100)}, {Name: "Town", Value: ""}}}
	got := listed([]row.Joined{one}, 3)
	assert.Equal(t, "traders: a.csv row 2, SHA-256 00, Name="+strings.Repeat("關", 66)+"…; and 3 more", got)
	many := listed(slices.Repeat([]row.Joined{one}, 32), 0)
	assert.Less(t, len(many), mostListed+500)
	assert.Contains(t, many, "…; and ")
	assert.Empty(t, listed(nil, 0))
}

package row_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/row"
	"rummage/graph"
)

var (
	text = rapid.StringN(1, 20, 60)
	name = rapid.StringMatching(`[a-z][a-z0-9_]{0,8}`)
	day  = rapid.Custom(func(t *rapid.T) graph.Date { return graph.Date(rapid.Int32Range(0, 800_000).Draw(t, "day")) })
)

func party(t *rapid.T) graph.ID {
	return graph.NewID(graph.Party, "r", rapid.StringMatching(`[A-Z0-9]{1,8}`).Draw(t, "key"))
}

func fields(t *rapid.T) []graph.Field {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) graph.Field {
		return graph.Field{Name: name.Draw(t, "name"), Value: text.Draw(t, "value"), Mark: rapid.SampledFrom([]string{"", "format"}).Draw(t, "mark")}
	}), 0, 3).Draw(t, "fields")
}

// TestWhatARowSaysComesBack writes any records and reads them again.
func TestWhatARowSaysComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fact := graph.Fact{Entity: party(t), Property: name.Draw(t, "property"), Value: text.Draw(t, "value"), Date: day.Draw(t, "date")}
		tie := graph.Tie{Role: rapid.SampledFrom([]graph.Role{graph.Importer, graph.Office}).Draw(t, "role"), Entity: party(t)}
		statement := graph.Statement{Consignment: graph.NewID(graph.KindConsignment, "r", "1"), View: rapid.SampledFrom([]graph.View{graph.Declaration, graph.WarehouseReceipt}).Draw(t, "view"),
			Document: text.Draw(t, "document"), Version: int64(rapid.IntRange(0, 3).Draw(t, "version")), Date: day.Draw(t, "day"), Amended: day.Draw(t, "amended"),
			Fields: fields(t), Ties: []graph.Tie{tie}}
		link := graph.Link{Role: rapid.SampledFrom([]graph.Role{graph.DirectorOf, graph.Paid}).Draw(t, "link"), From: party(t), To: party(t), Start: day.Draw(t, "start"), Key: text.Draw(t, "key"), Fields: fields(t)}
		outcome := graph.Outcome{Subject: party(t), Result: rapid.SampledFrom([]graph.Result{graph.Clear, graph.Listed}).Draw(t, "result"),
			Channel: rapid.SampledFrom([]graph.Channel{graph.NoChannel, graph.TipOff}).Draw(t, "channel"), Date: day.Draw(t, "found"), Fields: fields(t)}

		line := row.Line{Source: "s-1", Row: 7, Record: json.RawMessage(`{"columns":{"a":"b"}}`)}
		line.Says.AddFact(&fact)
		line.Says.AddStatement(&statement)
		line.Says.AddLink(&link)
		line.Says.AddOutcome(&outcome)
		written, err := json.Marshal(line)
		require.NoError(t, err)
		read, err := row.Parse(written)
		require.NoError(t, err)
		var got graph.Row
		require.NoError(t, read.Says.Records(&got))
		for _, f := range []*[]graph.Field{&statement.Fields, &link.Fields, &outcome.Fields} {
			if len(*f) == 0 {
				*f = nil
			}
		}
		assert.Equal(t, graph.Row{Facts: []graph.Fact{fact}, Statements: []graph.Statement{statement}, Links: []graph.Link{link}, Outcomes: []graph.Outcome{outcome}}, got)
	})
}

func TestLinesThatAreNone(t *testing.T) {
	for _, bad := range []string{"", "{", `{"row":1}`, `{"source_id":"s-1"}`, `{"source_id":"s-1","row":1,"other":2}`, `{"source_id":"s-1","row":1,"says":{"facts":[{"date":"soon"}]}}`} {
		_, err := row.Parse([]byte(bad))
		require.ErrorIs(t, err, row.ErrLine, bad)
	}
	for _, bad := range []string{`{"links":[{"role":"friend_of"}]}`, `{"statements":[{"view":"dream"}]}`, `{"statements":[{"view":"parcel","ties":[{"role":"x"}]}]}`,
		`{"outcomes":[{"result":"perhaps"}]}`, `{"outcomes":[{"result":"hit","channel":"x"}]}`} {
		var says row.Says
		require.NoError(t, json.Unmarshal([]byte(bad), &says))
		require.ErrorIs(t, says.Records(&graph.Row{}), row.ErrLine, bad)
	}
}

// TestBareKeepsThePlace and nothing of the cells.
func TestBareKeepsThePlace(t *testing.T) {
	line := row.Line{Record: json.RawMessage(`{"source":"a.csv","source_id":"s-1","sha256":"ab","mapping":"m","row":3,"bytes":[1,9],"columns":{"name":"secret"},"joined":[{"x":"secret"}],"joined_more":4,"cited":null}`)}
	bare, err := line.Bare()
	require.NoError(t, err)
	assert.JSONEq(t, `{"source":"a.csv","source_id":"s-1","sha256":"ab","mapping":"m","row":3,"bytes":[1,9],"columns":{},"joined":[],"joined_more":0,"cited":null}`, string(bare))
	line.Record = json.RawMessage(`[]`)
	_, err = line.Bare()
	require.ErrorIs(t, err, row.ErrLine)
}

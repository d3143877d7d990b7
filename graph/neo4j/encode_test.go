package neo4j

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/graph"
)

func drawField(t *rapid.T) graph.Field {
	return graph.Field{Name: rapid.StringMatching(`[a-z][a-z_]{0,8}`).Draw(t, "name"), Value: rapid.String().Draw(t, "value"), Mark: rapid.SampledFrom([]string{"", "format"}).Draw(t, "mark")}
}

func TestTextsWrittenByHandAreJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := statement{Statement: graph.Statement{
			View: graph.Manifest, Document: rapid.String().Draw(t, "document"), Part: rapid.SampledFrom([]string{"", "3", "\u2028\x00\x7f"}).Draw(t, "part"),
			Version: rapid.Int64().Draw(t, "version"), Amended: graph.Date(rapid.IntRange(0, 800000).Draw(t, "amended")), Date: graph.Date(rapid.IntRange(0, 800000).Draw(t, "date")),
			Fields: rapid.SliceOf(rapid.Custom(drawField)).Draw(t, "fields"),
		}}
		for _, label := range rapid.SliceOf(rapid.String()).Draw(t, "ties") {
			s.Ties = append(s.Ties, graph.Tie{Role: graph.Importer, Entity: graph.ID("party/" + label)})
		}
		for _, source := range rapid.SliceOfDistinct(rapid.Int64Range(1, 99), rapid.ID).Draw(t, "sources") {
			s.mentions, _ = addMention(s.mentions, mention{source: source, row: source * 7, day: s.Seen()})
		}
		text := statementText{View: s.View.String(), Document: s.Document, Part: s.Part, Version: s.Version, Amended: s.Amended, Date: s.Date, Origins: originsText(s.mentions)}
		for _, tie := range s.Ties {
			text.Ties = append(text.Ties, [2]string{tie.Role.String(), string(tie.Entity)})
		}
		require.JSONEq(t, writeText(&text), s.text())
		require.JSONEq(t, writeText(fieldsText(s.Fields)), fieldsJSON(s.Fields))
		f := fact{Fact: graph.Fact{Property: s.Document, Value: s.Part, Mark: rapid.String().Draw(t, "mark")}, mentions: s.mentions}
		one := factText{Property: f.Property, Value: f.Value, Mark: f.Mark, Origins: [][3]int64{}}
		for _, m := range f.mentions {
			one.Origins = append(one.Origins, [3]int64{m.source, m.row, int64(m.day)})
		}
		require.JSONEq(t, writeText(&one), f.text())
		var back [][]string
		require.NoError(t, json.Unmarshal([]byte(fieldsJSON(s.Fields)), &back))
		fields, err := fieldsOf(back)
		require.NoError(t, err)
		require.Len(t, fields, len(s.Fields))
	})
}

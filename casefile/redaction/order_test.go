package redaction_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rummage/casefile/redaction"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

// TestThePlaceOfAPseudonymTellsNothing of the true id: lists are ordered by what is shown, whatever the order was.
func TestThePlaceOfAPseudonymTellsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pseudonym := graph.NewID(graph.Party, "redacted", "1b7d140dbbf7")
		ids := []string{string(pseudonym), "party/rummage/A", "party/rummage/K", "party/rummage/Z"}
		shuffled := rapid.Permutation(ids).Draw(t, "order")
		said := func(ids []string) string {
			var list, members, shares []string
			for _, id := range ids {
				list = append(list, fmt.Sprintf("%q", id))
				members = append(members, fmt.Sprintf(`{"id": %q, "hits": %d, "records": [%q, "party/rummage/B"]}`, id, len(id), id))
				shares = append(shares, fmt.Sprintf(`{"from": %q, "share": 0.25}`, id))
			}
			join := func(all []string) string { return "[\n  " + strings.Join(all, ",\n  ") + "\n]" }
			return fmt.Sprintf(`{"parties": %s, "members": %s, "parts": %s, "n": [3, 1, 2]}`, join(list), join(members), join(append(shares, `{"from": "party/rummage/B", "share": 0.5}`)))
		}
		got := redaction.Ordered([]byte(said(shuffled)))
		require.Equal(t, string(redaction.Ordered([]byte(said(ids)))), string(got))
		var parsed struct {
			Parties []string
			Parts   []struct{ Share float64 }
			N       []int
		}
		require.NoError(t, json.Unmarshal(got, &parsed))
		require.True(t, slices.IsSorted(parsed.Parties))
		require.InDelta(t, 0.5, parsed.Parts[0].Share, 0)
		require.Equal(t, []int{3, 1, 2}, parsed.N)
	})
	path := `{"path": [{"to": "redacted/1b7d140dbbf7"}, {"to": "a"}], "said": ["redacted-1b7d140dbbf7 deals", "a deals"]}`
	assert.Equal(t, path, string(redaction.Ordered([]byte(path))), "a path leads somewhere, and sentences have the most telling first")
	plain := `["party/t/Z", "party/t/A"]`
	assert.Equal(t, plain, string(redaction.Ordered([]byte(plain))))
}

// TestARankIsKept by the values that it shows: only equals lose the order in which they came.
func TestARankIsKept(t *testing.T) {
	for text, want := range map[string]string{
		`{"facilitators":[{"id":"party/t/Z","members":9},{"id":"party/t/B","members":4},{"id":"party/redacted/1b7d140dbbf7","members":4},{"id":"party/t/A","members":3}]}`: `{"facilitators":[{"id":"party/t/Z","members":9},{"id":"party/redacted/1b7d140dbbf7","members":4},{"id":"party/t/B","members":4},{"id":"party/t/A","members":3}]}`,
		`{"shared":[{"id":"phone/Z","members":3,"name":"redacted"},{"id":"phone/A","members":2}]}`:                                                                         "",
		`{"clears":[{"without":["party/redacted/1b7d140dbbf7"],"q":0.9,"flagged":false},{"q":0.2,"flagged":false},{"q":0.9,"flagged":true}]}`:                              "",
		`{"missing":[{"importer":"party/z","q_if_hit":0.01,"q_if_clear":0.5},{"importer":"party/redacted/1b7d140dbbf7","q_if_hit":0.03,"q_if_clear":0.2}]}`:                "",
		`{"hits":[{"consignment":"consignment/redacted/1b7d140dbbf7","date":"2026-01-02"},{"consignment":"consignment/a","date":"2026-02-01"}]}`:                           "",
	} {
		if want == "" {
			want = text
		}
		assert.Equal(t, want, string(redaction.Ordered([]byte(text))))
	}
}

// TestRecordsAreOrderedByWhatIsShown wherever the true id stood.
func TestRecordsAreOrderedByWhatIsShown(t *testing.T) {
	for _, value := range []string{"0", "K", "ZZ"} {
		secret, shipment := party(value), graph.NewID(graph.KindConsignment, "hk", "E1")
		ids := []graph.ID{party("A"), party("J"), party("X"), secret}
		slices.Sort(ids)
		g := &subgraph.Graph{Nodes: []subgraph.Node{{ID: shipment, Kind: subgraph.Consignment}}}
		s := graph.Statement{Consignment: shipment}
		for _, id := range ids {
			g.Nodes = append(g.Nodes, subgraph.Node{ID: id, Kind: "party", Label: "Name of " + string(id)})
			s.Ties = append(s.Ties, graph.Tie{Role: graph.NotifyParty, Entity: id})
			g.Records.Facts = append(g.Records.Facts, graph.Fact{Entity: id, Property: "city", Value: "Tokyo"})
			g.Records.Links = append(g.Records.Links, graph.Link{Role: graph.OwnedBy, From: id, To: party("A")})
			g.Records.Outcomes = append(g.Records.Outcomes, graph.Outcome{Subject: id, Result: graph.Listed})
		}
		g.Records.Statements = []graph.Statement{s}
		g.Settle()
		request, err := redaction.Parse([]string{string(secret)})
		require.NoError(t, err)
		r, err := redaction.New(key, request, g, redaction.Knowledge{})
		require.NoError(t, err)
		out := r.Graph()
		sorted := func(n int, id func(i int) graph.ID) {
			t.Helper()
			for i := 1; i < n; i++ {
				assert.LessOrEqual(t, id(i-1), id(i), value)
			}
		}
		records := &out.Records
		sorted(len(out.Nodes), func(i int) graph.ID { return out.Nodes[i].ID })
		sorted(len(records.Statements[0].Ties), func(i int) graph.ID { return records.Statements[0].Ties[i].Entity })
		sorted(len(records.Facts), func(i int) graph.ID { return records.Facts[i].Entity })
		sorted(len(records.Links), func(i int) graph.ID { return records.Links[i].From })
		sorted(len(records.Outcomes), func(i int) graph.ID { return records.Outcomes[i].Subject })
	}
}

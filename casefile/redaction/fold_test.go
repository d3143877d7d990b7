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
	"rummage/resolve/name"
)

// words are those of package name.
func words(text string) []redaction.Word {
	var all []redaction.Word
	for _, w := range name.Prepare(name.Unknown, text).Words(0) {
		word := redaction.Word{Text: w.Text, Common: w.Common || w.Weak || w.Number}
		if w.Native != "" {
			word.Text = w.Native
		}
		all = append(all, word)
	}
	return all
}

// hidden redacts one party with a phone among others, and a consignment that describes itself.
func hidden(t require.TestingT, id, label string, description ...string) *redaction.Redaction {
	one, other := graph.NewID(graph.Party, "rummage", id), graph.NewID(graph.Party, "rummage", "JP50000000")
	phone := graph.NewID(graph.Phone, "+81 00 0222 6547")
	shipment := graph.NewID(graph.KindConsignment, "rummage", "22JP1")
	g := &subgraph.Graph{Nodes: []subgraph.Node{
		{ID: one, Kind: "party", Label: label, Attributes: []subgraph.Attribute{{Name: "name", Value: label}}},
		{ID: other, Kind: "party", Label: "Amber Trading Co., Ltd."}, {ID: phone, Kind: "phone", Label: "+81 00 0222 6547"},
		{ID: shipment, Kind: subgraph.Consignment, Label: "22JP1"}},
		Edges: []subgraph.Edge{{From: one, To: phone, Kind: "has_phone"}, {From: shipment, To: one, Kind: "importer"}, {From: shipment, To: other, Kind: "exporter"}}}
	for _, text := range description {
		g.Nodes[3].Attributes = append(g.Nodes[3].Attributes, subgraph.Attribute{Name: "description", Value: text})
	}
	g.Settle()
	request, err := redaction.Parse([]string{string(one)})
	require.NoError(t, err)
	r, err := redaction.New(key, request, g, redaction.Knowledge{Words: words})
	require.NoError(t, err)
	return r
}

// TestOtherSpellingsAreFound of a name, an id and a telephone number, and counted; words that are like them are left.
func TestOtherSpellingsAreFound(t *testing.T) {
	spellings := []string{"samples for NAGOYA KUROGANE SHOKAI CO LTD", "via Nagoya Kurogane Shokai", "for Kurogane, Nagoya", "call +810002226547",
		"tel 0081 00 0222 6547", "tel (00)0222-6547", "id JP-31213668", "id 31213668", "c/o NAGOYA-KUROGANE SHOKAI Co.,Ltd.", "Ｎａｇｏｙａ Kurogane Shokai Co., Ltd.",
		"Nagoya  Kurogane Shokai Co., Ltd.", "náɡoya: Nágoya Kúrogane Shokai K.K."}
	left := []string{"Screws from Nagoya", "Shokai of Nagoya", "kurogane", "JP31213669", "+81 00 0222 6548", "312136680", "Nagoya. And then, but much later, Kurogane"}
	r := hidden(t, "JP31213668", "Nagoya Kurogane Shokai Co., Ltd.", slices.Concat(spellings, left)...)
	text, err := json.Marshal(r.Graph())
	require.NoError(t, err)
	for _, s := range spellings {
		assert.NotContains(t, string(text), s)
		assert.Contains(t, r.Text(s), "redacted-", s)
		assert.True(t, r.Holds("x "+s+" x", true), s)
		assert.False(t, r.Holds(r.Text(s), true), "what stands for it is not found again: %s", s)
	}
	for _, s := range left {
		assert.Contains(t, string(text), s)
		assert.False(t, r.Holds(s, true), s)
	}
	assert.Equal(t, map[string]int{"description": len(spellings)}, r.Log().Respelled)
	file := func(name, content string) bool { return r.InFile(name, []byte(content)) }
	assert.True(t, file("custody.json", `{"purpose": "inspection of nagoya \u006burogane shokai"}`))
	assert.True(t, file("report.html", "<p>of nagoya kurogane &amp; <td>Kurogane, Nagoya</td>"))
	assert.True(t, file("README.txt", "call 00 02226547"))
	assert.False(t, file("picture.svg", `<path d="M 31213 668 L 00 02226547"/>`), "numbers of a drawing")
	assert.False(t, file("report.html", "<td>Nagoya</td><td>Kurogane</td>"), "two cells")
}

// TestShortAndCommonNamesAreLookedForAsTheyStand alone, so that no word of a language is taken out.
func TestShortAndCommonNamesAreLookedForAsTheyStand(t *testing.T) {
	for label, left := range map[string]string{"Amber K.K.": "TLP:AMBER, amber glass", "Li Na": "LI, NA", "Import Export Trading Co., Ltd.": "import, export trading", "王伟": "王 伟 "} {
		r := hidden(t, "JP1", label)
		assert.Equal(t, left, r.Text(left), label)
	}
	assert.Contains(t, hidden(t, "JP1", "黑金商事株式会社").Text("via 黑金商事"), "redacted-")
	assert.Contains(t, hidden(t, "JP1", "Johnson & Carver Ltd").Text("JOHNSON AND CARVER"), "redacted-")
}

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

package redaction_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/casefile/redaction"
	"rummage/casefile/subgraph"
	"rummage/graph"
)

var key = []byte("a key of thirty-two bytes, or so")

func party(value string) graph.ID { return graph.NewID(graph.Party, "hk", value) }

// world has two directors of one company, who share an address; one has a phone that the company has too, and the other one of his own.
func world() *subgraph.Graph {
	firm, one, other := party("Firm"), party("Director-1"), party("Director-2")
	home, own, shared := graph.NewID(graph.Address, "hk", "Home-9"), graph.NewID(graph.Phone, "+85212345678"), graph.NewID(graph.Phone, "+85287654321")
	node := func(id graph.ID, label string, attributes ...subgraph.Attribute) subgraph.Node {
		return subgraph.Node{ID: id, Kind: id.Kind().String(), Label: label, Chosen: id.Kind() == graph.Party, Attributes: attributes,
			Sources: []graph.Origin{{Source: "s-1", Row: int64(len(label))}}}
	}
	edge := func(from graph.ID, kind graph.Role, to graph.ID, row int64) subgraph.Edge {
		return subgraph.Edge{From: from, To: to, Kind: kind.String(), Sources: []graph.Origin{{Source: "s-2", Row: row}},
			Attributes: []subgraph.Attribute{{Name: "note", Value: "signed by LEE KA MING"}}}
	}
	name := func(value string) subgraph.Attribute { return subgraph.Attribute{Name: "name", Value: value} }
	g := &subgraph.Graph{
		Nodes: []subgraph.Node{node(firm, "Amber Trading of Lee Ka Ming", name("Amber Trading of Lee Ka Ming")),
			node(one, "Lee Ka Ming", name("Lee Ka Ming"), subgraph.Attribute{Name: "country", Value: "HK"}, subgraph.Attribute{Name: "born", Value: "1980-01-02"}),
			node(other, "王小明", name("王小明")), node(home, "9 Home Street", subgraph.Attribute{Name: "name", Value: "9 Home Street"}), node(own, "+85212345678"), node(shared, "+85287654321")},
		Edges: []subgraph.Edge{edge(one, graph.DirectorOf, firm, 1), edge(other, graph.DirectorOf, firm, 2), edge(one, graph.RegisteredAt, home, 3),
			edge(other, graph.RegisteredAt, home, 4), edge(one, graph.HasPhone, shared, 5), edge(firm, graph.HasPhone, shared, 6), edge(other, graph.HasPhone, own, 7)},
		Records: subgraph.Records{Facts: []graph.Fact{{Entity: one, Property: "name", Value: "Lee Ka Ming", Origins: []graph.Origin{{Source: "s-1", Row: 11}}},
			{Entity: firm, Property: "name", Value: "Amber Trading of Lee Ka Ming", Origins: []graph.Origin{{Source: "s-1", Row: 28}}}},
			Links: []graph.Link{{Role: graph.DirectorOf, From: one, To: firm, Key: "Lee Ka Ming 1", Origins: []graph.Origin{{Source: "s-2", Row: 1}}}}},
	}
	g.Settle()
	return g
}

func redact(t *testing.T, key []byte, words ...string) *redaction.Redaction {
	t.Helper()
	request, err := redaction.Parse(words)
	require.NoError(t, err)
	r, err := redaction.New(key, request, world(), redaction.Knowledge{})
	require.NoError(t, err)
	return r
}

// TestPersonsAreRedactedWithWhatLeadsToThem alone: the directors, their home, the phone that nobody else has.
func TestPersonsAreRedactedWithWhatLeadsToThem(t *testing.T) {
	r := redact(t, key, "persons")
	text, err := json.Marshal([]any{r.Graph(), r.Graph().Records, r.Log()})
	require.NoError(t, err)
	for _, gone := range []string{"Lee Ka Ming", "LEE KA MING", "王小明", "Director-", "Home", "12345678", "1980-01-02"} {
		assert.NotContains(t, string(text), gone)
	}
	assert.Contains(t, string(text), "+85287654321", "the company has it too")
	assert.Contains(t, string(text), "Amber Trading of redacted-")
	log := r.Log()
	require.Len(t, log.Pseudonyms, 4)
	assert.Equal(t, 1, log.Removed["born"])
	assert.Zero(t, log.Below(1))
	assert.Equal(t, 4, log.Below(2), "one director has a phone with the company")
	assert.True(t, r.Withholds(graph.Origin{Source: "s-2", Row: 1}))
	assert.False(t, r.Withholds(graph.Origin{Source: "s-2", Row: 6}))
	assert.Len(t, r.Graph().Records.Links, 1, "who directs stays, under a pseudonym")
}

// TestPseudonymsAreTheSameEverywhere with one key, and none of them with another.
func TestPseudonymsAreTheSameEverywhere(t *testing.T) {
	all, one := redact(t, key, "persons"), redact(t, key, string(party("Director-1")))
	id := one.Log().Pseudonyms[0].ID
	found := false
	for _, p := range all.Log().Pseudonyms {
		found = found || p.ID == id
	}
	assert.True(t, found)
	assert.Equal(t, all.Text("Lee Ka Ming"), one.Text("lee ka ming"))
	assert.Equal(t, all.Log().Key, one.Log().Key)
	other := redact(t, bytes.Repeat([]byte{1}, 32), "persons")
	for _, p := range other.Log().Pseudonyms {
		assert.NotEqual(t, id, p.ID)
	}
	assert.NotEqual(t, all.Log().Key, other.Log().Key)
}

// TestAFieldIsRedactedEverywhere takes its values out, also out of other texts.
func TestAFieldIsRedactedEverywhere(t *testing.T) {
	r := redact(t, key, "field:note")
	text, err := json.Marshal(r.Graph())
	require.NoError(t, err)
	assert.NotContains(t, string(text), "signed by")
	assert.Equal(t, 7, r.Log().Removed["note"])
	got, err := r.JSON([]byte(`{"a": ["signed by \u004cEE KA MING", 1.50, {"signed by LEE KA MING": null}]}`))
	require.NoError(t, err)
	instead := r.Text("signed by LEE KA MING")
	assert.Equal(t, `{"a": ["`+instead+`", 1.50, {"`+instead+`": null}]}`, string(got))
	_, err = r.JSON([]byte(`{"a": "no end`))
	require.Error(t, err)
}

// TestWhatIsTooShortToBeHunted is taken out where it is said: a name of two letters, and all that a record says of a redacted consignment.
func TestWhatIsTooShortToBeHunted(t *testing.T) {
	firm, shipment := party("77"), graph.NewID(graph.KindConsignment, "hk", "Entry-1")
	g := &subgraph.Graph{
		Nodes: []subgraph.Node{{ID: firm, Kind: "party", Label: "LG", Chosen: true, Attributes: []subgraph.Attribute{{Name: "name", Value: "LG"}}},
			{ID: shipment, Kind: subgraph.Consignment, Label: "Entry-1", Attributes: []subgraph.Attribute{{Name: "packages", Value: "12"}, {Name: subgraph.Outcome, Value: "hit 2026-01-02"}}}},
		Records: subgraph.Records{
			Statements: []graph.Statement{{Consignment: shipment, Document: "B/L 9", Part: "7", Fields: []graph.Field{{Name: "packages", Value: "12"}}, Ties: []graph.Tie{{Role: graph.Importer, Entity: firm}}}},
			Outcomes:   []graph.Outcome{{Subject: shipment, Result: graph.Hit, Fields: []graph.Field{{Name: "amount", Value: "13"}}}}},
	}
	g.Settle()
	request, err := redaction.Parse([]string{string(firm), string(shipment)})
	require.NoError(t, err)
	r, err := redaction.New(key, request, g, redaction.Knowledge{})
	require.NoError(t, err)
	assert.NotEqual(t, "LG", r.Text("LG"))
	assert.Equal(t, "LGX", r.Text("LGX"), "within other words it says nothing")
	said, err := r.JSON([]byte(`{"name": "LG", "was_name": ["LG"], "unit": "LG"}`))
	require.NoError(t, err)
	assert.Equal(t, `{"name": "`+r.Text("LG")+`", "was_name": ["`+r.Text("LG")+`"], "unit": "LG"}`, string(said), "where no name stands it is something else")
	records := r.Graph().Records
	require.Len(t, records.Statements, 1)
	s := records.Statements[0]
	assert.Empty(t, s.Document+s.Part)
	assert.Empty(t, s.Fields)
	require.Len(t, records.Outcomes, 1)
	assert.Empty(t, records.Outcomes[0].Fields)

	request, err = redaction.Parse([]string{"field:" + subgraph.Outcome, string(firm)})
	require.NoError(t, err)
	r, err = redaction.New(key, request, g, redaction.Knowledge{})
	require.NoError(t, err)
	assert.Empty(t, r.Graph().Records.Outcomes)
	for _, n := range r.Graph().Nodes {
		hits, _ := n.Outcomes()
		assert.Zero(t, hits)
	}
}

// TestASpellingOfTwoIsToldOfNone since nobody knows which of them it means.
func TestASpellingOfTwoIsToldOfNone(t *testing.T) {
	one, other := party("P-1"), party("P-2")
	g := &subgraph.Graph{Nodes: []subgraph.Node{{ID: one, Kind: "party", Label: "Lee Ka Ming"}, {ID: other, Kind: "party", Label: "LEE KA MING"},
		{ID: party("P-3"), Kind: "party", Label: "Friends of Lee-Ka Ming, and lee ka ming"}}}
	g.Settle()
	request, err := redaction.Parse([]string{string(one), string(other)})
	require.NoError(t, err)
	r, err := redaction.New(key, request, g, redaction.Knowledge{})
	require.NoError(t, err)
	assert.Equal(t, "redacted", r.Text("LEE KA MING"))
	assert.Equal(t, "redacted", r.Text("lee-ka ming"))
	assert.Regexp(t, "^redacted-[0-9a-f]{12}$", r.Text("Lee Ka Ming"), "one alone is spelled so")
	labels := map[string]bool{}
	for _, n := range r.Graph().Nodes {
		labels[n.Label] = true
	}
	assert.Len(t, labels, 3, "each has its own pseudonym: %v", labels)
	assert.True(t, labels["Friends of redacted, and redacted"], "%v", labels)
}

// TestLookAlikesHideEachOther counts those with the same partners in the same roles.
func TestLookAlikesHideEachOther(t *testing.T) {
	g := &subgraph.Graph{}
	firm := party("Firm")
	g.Nodes = append(g.Nodes, subgraph.Node{ID: firm, Kind: "party", Label: "Firm"})
	for _, value := range []string{"Person-1", "Person-2", "Person-3"} {
		g.Nodes = append(g.Nodes, subgraph.Node{ID: party(value), Kind: "party", Label: value})
		g.Edges = append(g.Edges, subgraph.Edge{From: party(value), To: firm, Kind: "director_of"})
	}
	g.Settle()
	request, err := redaction.Parse([]string{"persons"})
	require.NoError(t, err)
	r, err := redaction.New(key, request, g, redaction.Knowledge{})
	require.NoError(t, err)
	log := r.Log()
	assert.Zero(t, log.Below(3))
	assert.Len(t, log.Pseudonyms, log.Below(4))
	g.Edges = append(g.Edges, subgraph.Edge{From: party("Person-1"), To: firm, Kind: "owned_by"})
	r, err = redaction.New(key, request, g, redaction.Knowledge{})
	require.NoError(t, err)
	log = r.Log()
	assert.Equal(t, 1, log.Below(2))
}

func TestWhatCannotBeRedacted(t *testing.T) {
	for _, word := range []string{"", "everyone", "field:", "field:No", "planet/x/1", "party/"} {
		_, err := redaction.Parse([]string{word})
		require.ErrorIs(t, err, redaction.ErrRequest, word)
	}
	for _, word := range []string{"party/hk/nobody", "field:colour"} {
		request, err := redaction.Parse([]string{word})
		require.NoError(t, err)
		_, err = redaction.New(key, request, world(), redaction.Knowledge{})
		require.ErrorIs(t, err, redaction.ErrAbsent, word)
	}
	request, err := redaction.Parse([]string{"persons"})
	require.NoError(t, err)
	_, err = redaction.New([]byte("short"), request, world(), redaction.Knowledge{})
	require.ErrorIs(t, err, redaction.ErrKey)
}

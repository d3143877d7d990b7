package view_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/view"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
	"rummage/graph"
)

func party(name string) graph.ID { return graph.NewID(graph.Party, name) }

func tie(role graph.Role, id graph.ID) graph.Tie { return graph.Tie{Role: role, Entity: id} }

// edgesOf lists the edges of a view as "kind smaller larger count".
func edgesOf(v *view.View) []string {
	var all []string
	columns := v.Ties.Columns()
	for i, u := range columns.From {
		all = append(all, fmt.Sprintf("%s %s %s %d", view.Edge(columns.Type[i]), v.IDs[u], v.IDs[columns.To[i]], columns.Count[i]))
	}
	return all
}

func build(t *testing.T, s *viewtest.Scope, opts view.Options) *view.View {
	t.Helper()
	v, err := view.Build(context.Background(), s, opts)
	require.NoError(t, err)
	return v
}

func TestEdgesOfEachRule(t *testing.T) {
	a, b, c, f := party("a"), party("b"), party("c"), party("f")
	port, box, goods := graph.NewID(graph.Place, "HKHKG"), graph.NewID(graph.Equipment, "CSQU3054383"), graph.NewID(graph.Commodity, "hs2022", "851712")
	link := func(role graph.Role, from, to graph.ID) []graph.Link {
		return []graph.Link{{Role: role, From: from, To: to}}
	}
	for name, test := range map[string]struct {
		edges []view.Edge
		ties  []graph.Tie
		links []graph.Link
		want  []string
	}{
		"exporter and importer": {
			ties: []graph.Tie{tie(graph.Exporter, a), tie(graph.Importer, b)},
			want: []string{"partner party/a party/b 1"},
		},
		"every party of one side with every party of the other": {
			ties: []graph.Tie{tie(graph.Consignor, a), tie(graph.Exporter, b), tie(graph.Consignee, c), tie(graph.Importer, f)},
			want: []string{"partner party/a party/c 1", "partner party/a party/f 1", "partner party/b party/c 1", "partner party/b party/f 1"},
		},
		"notify party only where there is no other importer": {
			ties: []graph.Tie{tie(graph.Consignor, a), tie(graph.NotifyParty, c)},
			want: []string{"partner party/a party/c 1"},
		},
		"a trader that deals with itself has no edge": {
			ties: []graph.Tie{tie(graph.Exporter, a), tie(graph.Importer, a)},
		},
		"services tie to the importer": {
			ties: []graph.Tie{tie(graph.Exporter, a), tie(graph.Importer, b), tie(graph.Declarant, f), tie(graph.Discharge, port)},
			want: []string{"partner party/a party/b 1", "forwarder party/b party/f 1", "port party/b place/HKHKG 1"},
		},
		"services tie to the exporter where nobody imports": {
			ties: []graph.Tie{tie(graph.Exporter, a), tie(graph.Carrier, f)},
			want: []string{"forwarder party/a party/f 1"},
		},
		"one who declares for itself": {
			ties: []graph.Tie{tie(graph.Importer, a), tie(graph.Declarant, a)},
		},
		"equipment is off by default": {
			ties: []graph.Tie{tie(graph.Exporter, a), tie(graph.Importer, b), tie(graph.InEquipment, box)},
			want: []string{"partner party/a party/b 1"},
		},
		"equipment": {
			edges: []view.Edge{view.Equipment},
			ties:  []graph.Tie{tie(graph.Exporter, a), tie(graph.Importer, b), tie(graph.InEquipment, box)},
			want:  []string{"equipment equipment/CSQU3054383 party/a 1", "equipment equipment/CSQU3054383 party/b 1"},
		},
		"goods on a lane": {
			edges: []view.Edge{view.Goods},
			ties: []graph.Tie{tie(graph.Importer, b), tie(graph.OfCommodity, goods),
				tie(graph.OriginCountry, graph.NewID(graph.Place, "CN")), tie(graph.Discharge, port)},
			want: []string{"goods lane/8517@CN>HKHKG party/b 1"},
		},
		"director": {
			links: link(graph.DirectorOf, f, a),
			want:  []string{"identifier party/a party/f 1"},
		},
		"telephone": {
			links: link(graph.HasPhone, a, graph.NewID(graph.Phone, "+8521")),
			want:  []string{"identifier party/a phone/+8521 1"},
		},
		"payments are off by default": {links: link(graph.Paid, a, b)},
		"payments": {
			edges: []view.Edge{view.Payment}, links: link(graph.Paid, a, b),
			want: []string{"payment party/a party/b 1"},
		},
		"a list's word": {
			edges: []view.Edge{view.Association}, links: link(graph.LinkedTo, a, b),
			want: []string{"association party/a party/b 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &viewtest.Scope{Tied: test.links}
			if test.ties != nil {
				s.Declare("1", 0, graph.NoResult, test.ties...)
			}
			assert.Equal(t, test.want, edgesOf(build(t, s, view.Options{Edges: test.edges})))
		})
	}
}

// A look is told of inspected consignments alone: channel, the least chapter, and the office with the smallest id.
func TestLooks(t *testing.T) {
	goods := func(code string) graph.Tie {
		return tie(graph.OfCommodity, graph.NewID(graph.Commodity, "hs2022", code))
	}
	office := func(name string) graph.Tie { return tie(graph.Office, graph.NewID(graph.Place, name)) }
	s := &viewtest.Scope{Range: graph.Scope{Until: 100}}
	s.Declare("1", 7, graph.Hit, tie(graph.Importer, party("a")), goods("640399"), goods("0901"), office("P2"), office("P1"))
	s.Declare("2", 8, graph.NoResult, tie(graph.Importer, party("a")), goods("640399"), office("P1"))
	s.Declare("3", graph.NoDate, graph.Clear, tie(graph.Importer, party("a")), goods("x1"))
	channels := []graph.Channel{graph.TipOff, graph.Targeted, graph.NoChannel}
	for i, c := range channels {
		s.Trade[0].Outcomes = append(s.Trade[0].Outcomes, graph.Outcome{Result: graph.Clear, Channel: c, Date: graph.Date(90 + i)})
	}
	v := build(t, s, view.Options{})
	p1, known := v.Node(graph.NewID(graph.Place, "P1"))
	require.True(t, known)
	assert.Equal(t, []view.Look{{Office: p1, Channel: graph.Targeted, Chapter: 9}, {Office: view.None}}, v.Consignments.Looks)
	assert.Equal(t, []graph.Date{7, 8, graph.NoDate}, v.Consignments.Day)
	assert.Equal(t, v.Consignments, build(t, s, view.Options{Edges: []view.Edge{view.Partner}}).Consignments, "whatever edges are asked for")
}

func TestColumns(t *testing.T) {
	s := &viewtest.Scope{Range: graph.Scope{Until: 100}}
	s.Declare("1", 1, graph.Clear, tie(graph.Importer, party("b")), tie(graph.Importer, party("a")), tie(graph.Consignee, party("A")), tie(graph.Exporter, party("x")))
	s.Declare("2", 1, graph.Hit, tie(graph.Consignee, party("A")))
	s.Declare("3", 1, graph.NoResult, tie(graph.Exporter, party("x")))
	s.Records = []graph.Entity{
		{ID: party("a"), Outcomes: []graph.Outcome{{Result: graph.Listed}}},
		{ID: party("b"), Outcomes: []graph.Outcome{{Result: graph.Clear}}},
		{ID: party("x"), Outcomes: []graph.Outcome{{Result: graph.Seizure}}},
		{ID: party("z")},
	}
	v := build(t, s, view.Options{})
	require.Equal(t, []graph.ID{party("A"), party("a"), party("b"), party("x"), party("z")}, v.IDs)
	assert.Equal(t, []uint32{1, 0, view.None}, v.Consignments.Importer, "role first, then the smallest id")
	assert.Equal(t, []uint32{3, view.None, 3}, v.Consignments.Exporter)
	assert.Equal(t, []bool{true, true, false}, v.Consignments.Inspected)
	assert.Equal(t, []bool{false, true, false}, v.Consignments.Hit)
	assert.Equal(t, []view.Pair{{From: 0, To: 3}, {From: 2, To: 3}}, v.Pairs)
	assert.Equal(t, []bool{false, true, false, true, false}, v.Listed)
	assert.Equal(t, 5, v.Parties)
	assert.Equal(t, graph.Date(100), v.Scope.Until)
}

// serve declares n consignments of as many clients with the agent.
func serve(s *viewtest.Scope, agent graph.ID, n int) {
	for i := range n {
		s.Declare(fmt.Sprint(agent, i), 1, graph.NoResult, tie(graph.Importer, party(fmt.Sprint("client", i))), tie(graph.Declarant, agent))
	}
}

func TestServiceParties(t *testing.T) {
	agent := party("agent")
	for name, test := range map[string]struct {
		arrange func(s *viewtest.Scope)
		want    bool
	}{
		"twenty clients":   {func(s *viewtest.Scope) { serve(s, agent, 20) }, true},
		"nineteen clients": {func(s *viewtest.Scope) { serve(s, agent, 19) }, false},
		"also trades a little": {func(s *viewtest.Scope) {
			serve(s, agent, 20)
			s.Declare("own", 1, graph.NoResult, tie(graph.Importer, agent))
		}, true},
		"trades as much as it serves": {func(s *viewtest.Scope) {
			serve(s, agent, 20)
			for i := range 20 {
				s.Declare(fmt.Sprint("own", i), 1, graph.NoResult, tie(graph.Importer, agent))
			}
		}, false},
		"a person says that it is one": {func(s *viewtest.Scope) {
			serve(s, agent, 2)
			s.Said = []graph.Decision{{Seq: 1, Subject: agent, Kind: graph.Service}}
		}, true},
		"the last word counts": {func(s *viewtest.Scope) {
			serve(s, agent, 30)
			s.Said = []graph.Decision{{Seq: 1, Subject: agent, Kind: graph.Service}, {Seq: 2, Subject: agent, Kind: graph.Trader}}
		}, false},
		"a decision about nobody in scope": {func(s *viewtest.Scope) {
			serve(s, agent, 1)
			s.Said = []graph.Decision{{Seq: 1, Subject: party("gone"), Kind: graph.Service}}
		}, false},
		"director of twenty": {func(s *viewtest.Scope) {
			for i := range 20 {
				s.Tied = append(s.Tied, graph.Link{Role: graph.DirectorOf, From: agent, To: party(fmt.Sprint("client", i))})
			}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := &viewtest.Scope{}
			test.arrange(s)
			v := build(t, s, view.Options{})
			u, ok := v.Node(agent)
			require.True(t, ok)
			assert.Equal(t, test.want, v.Service[u])
		})
	}
}

func TestClustersAreOneNode(t *testing.T) {
	s := &viewtest.Scope{Said: []graph.Decision{{Seq: 7, Subject: party("b"), Other: party("z"), Kind: graph.Same}}}
	s.Declare("1", 1, graph.NoResult, tie(graph.Exporter, party("a")), tie(graph.Importer, party("z")))
	s.Declare("2", 1, graph.NoResult, tie(graph.Exporter, party("a")), tie(graph.Importer, party("b")), tie(graph.Importer, party("z")))
	v := build(t, s, view.Options{})
	assert.Equal(t, []graph.ID{party("a"), party("b")}, v.IDs)
	assert.Equal(t, []string{"partner party/a party/b 2"}, edgesOf(v))
	assert.Equal(t, int64(7), v.Decided)
}

func TestOrderOfRowsChangesNothing(t *testing.T) {
	s, err := viewtest.World(fixtures.Open, "L2-11")
	require.NoError(t, err)
	s.Trade, s.Tied = s.Trade[:20000], s.Tied[:5000]
	first := build(t, s, view.Options{Threads: 1})
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(s.Trade), func(i, j int) { s.Trade[i], s.Trade[j] = s.Trade[j], s.Trade[i] })
	assert.Equal(t, first.Consignments, build(t, s, view.Options{Threads: 3}).Consignments)
	assert.Equal(t, edgesOf(first), edgesOf(build(t, s, view.Options{})))
}

func TestWeigh(t *testing.T) {
	s := &viewtest.Scope{Range: graph.Scope{Until: 100}, Tied: []graph.Link{
		{Role: graph.RegisteredAt, From: party("a"), To: graph.NewID(graph.Address, "x")},
		{Role: graph.RegisteredAt, From: party("a"), To: graph.NewID(graph.Address, "x"), Start: 3},
	}}
	s.Declare("1", 100, graph.NoResult, tie(graph.Exporter, party("a")), tie(graph.Importer, party("b")))
	s.Declare("2", 90, graph.NoResult, tie(graph.Exporter, party("a")), tie(graph.Importer, party("b")))
	s.Declare("3", 80, graph.NoResult, tie(graph.Exporter, party("a")), tie(graph.Importer, party("c")))
	for name, test := range map[string]struct {
		decay   float64
		weights view.Weights
		address float64
		twice   float64 // a - b, whose degrees are 3 and 1
		once    float64 // a - c
	}{
		"v2":                 {0, view.SecondWeights(), 6 / math.Sqrt(3), math.Pow(3, -1.25), math.Pow(3, -1.25)},
		"v1":                 {0, view.FirstWeights(), 3. / 3, math.Log(3) / 3, math.Log(2) / 3},
		"equal":              {0, view.EqualWeights(), 1, 1, 1},
		"faded":              {10, view.EqualWeights(), 1, 1, 0.25},
		"faded, logarithmic": {10, view.FirstWeights(), 1, math.Log(2.5) / 3, math.Log(1.25) / 3},
	} {
		t.Run(name, func(t *testing.T) {
			v := build(t, s, view.Options{Decay: test.decay})
			g, err := v.Weigh(context.Background(), 1, test.weights)
			require.NoError(t, err)
			a, _ := v.Node(party("a"))
			assert.InDeltaSlice(t, []float64{test.address, test.twice, test.once}, g.Weights(a), 1e-12)
		})
	}
}

func TestWeightsRefused(t *testing.T) {
	v := build(t, &viewtest.Scope{}, view.Options{})
	for name, weights := range map[string]view.Weights{
		"none":                {},
		"not a number":        {Edges: map[view.Edge]view.Weight{view.Port: {Beta: math.NaN()}}},
		"growing with degree": {Edges: map[view.Edge]view.Weight{view.Port: {Beta: 1, Exponent: -1}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Weigh(context.Background(), 1, weights)
			assert.ErrorContains(t, err, "view: weight")
		})
	}
}

func TestEdgeNames(t *testing.T) {
	for _, rule := range view.Rules() {
		text, err := rule.Edge.MarshalText()
		require.NoError(t, err)
		var back view.Edge
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, rule.Edge, back)
	}
	var none view.Edge
	assert.Error(t, none.UnmarshalText([]byte("friendship")))
	assert.Equal(t, "unknown(77)", view.Edge(77).String())
}

func TestKeysFollowSeedAndID(t *testing.T) {
	s := &viewtest.Scope{}
	s.Declare("1", 1, graph.NoResult, tie(graph.Importer, party("b")))
	nodes, consignments := build(t, s, view.Options{}).Keys(1)
	s.Declare("0", 1, graph.NoResult, tie(graph.Importer, party("a")))
	more, also := build(t, s, view.Options{}).Keys(1)
	assert.Equal(t, nodes[0], more[1])
	assert.Equal(t, consignments[0], also[1])
	other, _ := build(t, s, view.Options{}).Keys(2)
	assert.NotEqual(t, more, other)
}

// scope has its own name, as a Scope has a method called so.
type scope = viewtest.Scope

// broken is a scope whose store fails, or leaves an entity out.
type broken struct {
	*scope
	where string
}

var errDisk = errors.New("disk gone")

func fail[T any]() iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) { yield(nil, errDisk) }
}

func (b *broken) Entities(ctx context.Context, w graph.Want) iter.Seq2[*graph.Entity, error] {
	switch b.where {
	case "entities":
		return fail[graph.Entity]()
	case "missing":
		return func(func(*graph.Entity, error) bool) {}
	}
	return b.scope.Entities(ctx, w)
}

func (b *broken) Consignments(ctx context.Context, w graph.Want) iter.Seq2[*graph.Consignment, error] {
	if b.where == "consignments" {
		return fail[graph.Consignment]()
	}
	return b.scope.Consignments(ctx, w)
}

func (b *broken) Links(ctx context.Context, w graph.Want) iter.Seq2[*graph.Link, error] {
	if b.where == "links" {
		return fail[graph.Link]()
	}
	return b.scope.Links(ctx, w)
}

func (b *broken) Decisions(ctx context.Context, id graph.ID) ([]graph.Decision, error) {
	if b.where == "decisions" {
		return nil, errDisk
	}
	return b.scope.Decisions(ctx, id)
}

func TestErrorsOfTheStore(t *testing.T) {
	for _, where := range []string{"entities", "consignments", "links", "decisions"} {
		t.Run(where, func(t *testing.T) {
			_, err := view.Build(context.Background(), &broken{&viewtest.Scope{}, where}, view.Options{})
			require.ErrorIs(t, err, errDisk)
			assert.ErrorContains(t, err, "view: "+where)
		})
	}
	s := &viewtest.Scope{}
	s.Declare("1", 1, graph.NoResult, tie(graph.Importer, party("b")))
	_, err := view.Build(context.Background(), &broken{s, "missing"}, view.Options{})
	assert.ErrorContains(t, err, "consignment/test/1: party/b: entity is in no scan")
	_, err = view.Build(context.Background(), s, view.Options{Decay: -1})
	assert.ErrorContains(t, err, "decay")
}

func TestProgress(t *testing.T) {
	s, err := viewtest.World(fixtures.Open, "L2-11")
	require.NoError(t, err)
	s.Trade = s.Trade[:30000]
	var seen []int
	build(t, s, view.Options{Progress: func(done int) { seen = append(seen, done) }})
	assert.NotEmpty(t, seen)
	assert.IsIncreasing(t, seen)
}

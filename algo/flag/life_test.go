package flag_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
	"rummage/graph/storetest"
)

// nights are runs one after another over a world that grows between them.
type nights struct {
	t     *testing.T
	m     *storetest.Model
	runs  []graph.Run
	batch int
}

func begin(t *testing.T, town *town) *nights {
	return &nights{t: t, m: town.model(t), batch: 10}
}

// add imports what was put down in a piece of a town.
func (n *nights) add(more *town) {
	n.t.Helper()
	for _, rows := range [][]graph.Row{more.declared, more.register, more.looked} {
		if len(rows) > 0 {
			n.batch++
			require.True(n.t, n.m.Put(storetest.NewBatch(fmt.Sprint("later ", n.batch), n.batch, slices.Clone(rows)...)))
		}
	}
}

func (n *nights) say(subject graph.ID, kind graph.Verdict) {
	n.m.Decide(graph.Decision{Subject: subject, Kind: kind, Author: "li", Reason: "looked at", Time: storetest.Noon(40 + len(n.runs)).Add(-2)})
}

// alike is a name without its last word.
func alike(a, b string) bool {
	x, _, _ := strings.Cut(a, " (")
	y, _, _ := strings.Cut(b, " (")
	return x == y
}

func (n *nights) night() *flag.Result {
	n.t.Helper()
	opts := flag.Options{Settings: settings(), Seed: 7, Alike: alike}
	report, err := flag.Run(context.Background(), n.m.Within(graph.Scope{}), n.runs, opts)
	require.NoError(n.t, err)
	report.Run.Finished = storetest.Noon(40 + len(n.runs)).Add(-1)
	n.runs = append(n.runs, report.Run)
	return report.Result
}

func (n *nights) story(id graph.ID) *flag.Story {
	n.t.Helper()
	said, err := n.m.Within(graph.Scope{}).Decisions(context.Background(), "")
	require.NoError(n.t, err)
	story, err := flag.Tell(n.runs, said, id)
	require.NoError(n.t, err)
	return story
}

// piece is a part of a town that comes later; its consignments are numbered from a number of their own.
func piece(number int) *town {
	return &town{random: rand.New(rand.NewPCG(8, uint64(number))), number: number}
}

func rules(n *flag.Network) []flag.Rule {
	var all []flag.Rule
	for _, one := range n.Alerts {
		all = append(all, one.Rule)
	}
	return all
}

// A ring takes in an importer in every other of twelve nights, and one of these is found out: one network with its updates.
func TestTwelveNightsOfGrowthAreOneNetwork(t *testing.T) {
	n := begin(t, newTown().ring(0, 1, 2))
	first := n.night()
	require.Len(t, first.Networks, 1)
	id := first.Networks[0].ID
	assert.Equal(t, []flag.Rule{flag.RuleNew}, rules(&first.Networks[0]))
	told := 0
	for night := 1; night < 12; night++ {
		if night%2 == 0 {
			more := piece(5000 + 100*night)
			importer := fmt.Sprint("ring-", 2+night/2)
			more.live(importer, "tower")
			for range 4 {
				more.ship(importer, "ring-exp", false, false)
			}
			if night == 8 {
				more.ship(importer, "ring-exp", true, true)
			}
			n.add(more)
		}
		r := n.night()
		require.Len(t, r.Networks, 1, "night %d", night)
		require.Equal(t, id, r.Networks[0].ID, "night %d", night)
		require.Equal(t, id, r.Networks[0].Case)
		if r.Networks[0].Alerting() {
			told++
		}
		if night%2 == 1 {
			assert.Empty(t, r.Networks[0].Alerts, "night %d: nothing new", night)
		}
		if night == 8 {
			assert.Contains(t, rules(&r.Networks[0]), flag.RuleMember)
			assert.Contains(t, rules(&r.Networks[0]), flag.RuleHits)
			assert.Contains(t, r.Networks[0].Alerts[0].Text, "The firm of ring-6")
			assert.Equal(t, flag.Grown, r.Networks[0].State)
		}
	}
	assert.Positive(t, told)
	assert.Less(t, told, 5, "updates, not an alert a night")
	story := n.story(id)
	assert.Equal(t, []graph.ID{id}, story.Networks)
	assert.Equal(t, "new", story.Events[0].What)
	grown := slices.IndexFunc(story.Events, func(e flag.Event) bool { return len(e.Joined) > 0 })
	require.Positive(t, grown)
	assert.Equal(t, "grown", story.Events[grown].What)
	for i := range story.Events[1:] {
		assert.False(t, story.Events[i+1].Time.Before(story.Events[i].Time))
	}
}

// renamed is the ring of before under other ids: from day 210 on, in another house, with the same telephone and suppliers.
func renamed() *town {
	more := piece(7000)
	for i := range 5 {
		importer := fmt.Sprint("fresh-", i)
		address := "street-" + importer
		if i < 3 {
			address = "annex"
		}
		more.live(importer, address)
		for k := range 4 {
			more.late(importer, "fresh-exp", k < 2)
		}
		more.late(importer, fmt.Sprint("exp-0", i), false)
	}
	more.live("fresh-exp", "pier")
	more.calls("fresh-exp", "555 0100")
	return more
}

// late is a consignment after all others.
func (t *town) late(importer, exporter string, hit bool) {
	t.number++
	number := fmt.Sprintf("%05d", t.number)
	row := storetest.Shipment(number, importer, exporter, 210+t.number%30)
	row.Statements[0].Ties = append(row.Statements[0].Ties, graph.Tie{Role: graph.Discharge, Entity: graph.NewID(graph.Place, "HKHKG")})
	t.declared = append(t.declared, row)
	if hit {
		t.looked = append(t.looked, storetest.Found(number, graph.Hit, 245))
	}
}

func (t *town) calls(party, phone string) {
	t.register = append(t.register, graph.Row{
		Links: []graph.Link{{Role: graph.HasPhone, From: storetest.Trader(party), To: graph.NewID(graph.Phone, phone)}},
	})
}

func before() *town {
	old := newTown().ring(0, 1, 2, 3, 4)
	for i := range 5 {
		old.ship(fmt.Sprint("ring-", i), fmt.Sprint("exp-0", i), false, false)
	}
	old.live("ring-exp", "quay")
	for _, party := range []string{"ring-exp", "imp-010", "imp-020", "imp-030"} {
		old.calls(party, "555 0100")
	}
	return old
}

func TestARingThatRenamesItselfIsTheSameCase(t *testing.T) {
	n := begin(t, before())
	first := n.night()
	require.Len(t, first.Networks, 1)
	id := first.Networks[0].ID
	n.say(id, graph.Confirmed)
	n.add(renamed())
	r := n.night()
	require.Len(t, r.Networks, 2)
	at := slices.IndexFunc(r.Networks, func(n flag.Network) bool { return n.ID != id })
	again := &r.Networks[at]
	assert.Equal(t, flag.Phoenix, again.State)
	assert.Equal(t, id, again.Case)
	assert.Equal(t, []flag.Rule{flag.RuleFormer}, rules(again))
	require.NotNil(t, again.Former)
	assert.Equal(t, id, again.Former.Network)
	assert.LessOrEqual(t, float64(again.Former.P), 0.01)
	text := strings.Join(again.Former.Reasons, "\n")
	assert.Contains(t, text, "both have the phone 555 0100, of 5 users in all")
	assert.Contains(t, text, "5 partners in common")
	assert.Contains(t, text, "1 of its 1 port was the former's")
	assert.Equal(t, 1, r.States.Phoenix)
	assert.Equal(t, 1, r.States.Alerting, "the former is quiet")

	next := n.night()
	assert.Zero(t, next.States.Alerting, "told once")
	at = slices.IndexFunc(next.Networks, func(n flag.Network) bool { return n.ID != id })
	assert.Equal(t, id, next.Networks[at].Case, "and it stays so")
	assert.NotNil(t, next.Networks[at].Former)

	for _, asked := range []graph.ID{id, again.ID} {
		story := n.story(asked)
		assert.Equal(t, id, story.Case)
		assert.Equal(t, []graph.ID{id, again.ID}, story.Networks)
		var said []string
		for _, e := range story.Events {
			said = append(said, e.What)
		}
		assert.Equal(t, []string{"new", "confirmed", "phoenix"}, said)
	}
}

// Whoever is flagged next door, without anything rare in common, is nobody's continuation; nor is one that traded at the same time.
func TestNeighboursAreNoPhoenix(t *testing.T) {
	for name, change := range map[string]func(*town){
		"nothing rare in common": func(more *town) { more.register = nil },
		"at the same time": func(more *town) {
			for i := range more.declared {
				more.declared[i].Statements[0].Date = storetest.Day(1 + i%5*40)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := begin(t, before())
			n.night()
			more := renamed()
			change(more)
			n.add(more)
			r := n.night()
			require.Len(t, r.Networks, 2)
			assert.Zero(t, r.States.Phoenix)
			assert.Equal(t, 1, r.States.New)
			for i := range r.Networks {
				assert.Nil(t, r.Networks[i].Former)
				assert.Equal(t, r.Networks[i].ID, r.Networks[i].Case)
			}
		})
	}
}

// Names alike are a reason, and enough with one rare thing where that is no chance.
func TestNamesAlikeAreAReason(t *testing.T) {
	n := begin(t, before())
	n.night()
	more := renamed()
	more.register = []graph.Row{{Facts: []graph.Fact{
		{Entity: storetest.Trader("fresh-exp"), Property: graph.PropertyName, Value: "The firm of ring-exp (2021)"},
	}}}
	n.add(more)
	r := n.night()
	at := slices.IndexFunc(r.Networks, func(n flag.Network) bool { return n.State == flag.Phoenix })
	require.GreaterOrEqual(t, at, 0)
	require.Len(t, r.Networks[at].Former.Alike, 1)
	assert.Equal(t, storetest.Trader("ring-exp"), r.Networks[at].Former.Alike[0].Was)
	assert.Contains(t, strings.Join(r.Networks[at].Former.Reasons, "\n"), "The firm of ring-exp (2021) is named like The firm of ring-exp")
}

func TestAClearedNetworkStaysQuietUntilSomethingMaterialChanges(t *testing.T) {
	n := begin(t, newTown().ring(0, 1, 2))
	id := n.night().Networks[0].ID
	n.say(id, graph.Cleared)
	quiet := piece(6000)
	quiet.live("ring-3", "tower")
	for range 4 {
		quiet.ship("ring-3", "ring-exp", false, false)
	}
	n.add(quiet)
	for range 2 {
		r := n.night()
		require.Len(t, r.Networks, 1)
		assert.Equal(t, id, r.Networks[0].ID)
		assert.Len(t, r.Networks[0].Members, 5, "one more, without a hit")
		assert.Empty(t, r.Networks[0].Alerts)
		assert.Zero(t, r.States.Alerting)
	}
	loud := piece(6100)
	loud.ship("ring-3", "ring-exp", true, true)
	n.add(loud)
	r := n.night()
	assert.Equal(t, []flag.Rule{flag.RuleMember, flag.RuleHits}, rules(&r.Networks[0]))
	assert.Equal(t, "joined with hits of its own: The firm of ring-3", r.Networks[0].Alerts[0].Text)
	assert.Equal(t, "7 hits between members, 6 before", r.Networks[0].Alerts[1].Text)
	said, err := n.m.Within(graph.Scope{}).Decisions(context.Background(), "")
	require.NoError(t, err)
	r.Rule(said)
	assert.Equal(t, graph.Cleared, r.Networks[0].Decision.Kind, "the decision stands, and the news beside it")
	assert.Empty(t, n.night().Networks[0].Alerts, "told once")
}

// A decision moves what change is measured from to what the person saw.
func TestADecisionMovesTheMeasure(t *testing.T) {
	n := begin(t, newTown().ring(0, 1, 2))
	id := n.night().Networks[0].ID
	one := func(number int) *town {
		more := piece(number)
		importer := fmt.Sprint("ring-", number)
		more.live(importer, "tower")
		for range 4 {
			more.ship(importer, "ring-exp", false, false)
		}
		return more
	}
	n.add(one(6000))
	require.Empty(t, n.night().Networks[0].Alerts, "5 members, 4 before")
	n.say(id, graph.Open)
	n.add(one(6100))
	assert.Empty(t, n.night().Networks[0].Alerts, "6 members, and the person who took it up saw 5")
	n.add(one(6200))
	assert.Equal(t, []flag.Rule{flag.RuleMembers}, rules(&n.night().Networks[0]))
}

func TestStoriesAreOfNetworksThatWere(t *testing.T) {
	n := begin(t, newTown().ring(0, 1, 2, 3, 4))
	id := n.night().Networks[0].ID
	n.m.Decide(graph.Decision{Subject: storetest.Trader("ring-exp"), Kind: graph.Service, Author: "li", Time: storetest.Noon(30)})
	n.night()
	n.night()
	n.night()
	n.m.Decide(graph.Decision{Subject: storetest.Trader("ring-exp"), Kind: graph.Trader, Author: "li", Time: storetest.Noon(31)})
	assert.Equal(t, []flag.Rule{flag.RuleReturned}, rules(&n.night().Networks[0]))
	var said []string
	for _, e := range n.story(id).Events {
		said = append(said, e.What)
	}
	assert.Equal(t, []string{"new", "gone", "dormant", "returned"}, said)
	_, err := flag.Tell(n.runs, nil, "n-000000000000")
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = flag.Tell([]graph.Run{{ID: "r-1", Results: []byte("{")}}, nil, id)
	require.ErrorIs(t, err, flag.ErrResult)
}

package flag_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/view/viewtest"
	"rummage/fixtures"
	"rummage/graph"
	"rummage/graph/storetest"
)

// harbour is a trade in which every consignment has a service party.
type harbour struct {
	declared, found []graph.Row
	number          int
}

// serve has a party serve 25 clients in a role, with so many inspected consignments, the first of which are hits, and 25 that nobody
// looked at. Every client deals with an exporter of its own.
func (h *harbour) serve(party string, role graph.Role, inspected, hits int) {
	for i := range inspected + 25 {
		h.number++
		number, client := fmt.Sprintf("%05d", h.number), fmt.Sprintf("%s-client-%02d", party, i%25)
		row := storetest.Shipment(number, client, "supplier-of-"+client, 1+h.number%100)
		row.Statements[0].Ties = append(row.Statements[0].Ties, graph.Tie{Role: role, Entity: storetest.Trader(party)})
		h.declared = append(h.declared, row)
		if i < inspected {
			result := graph.Clear
			if i < hits {
				result = graph.Hit
			}
			h.found = append(h.found, storetest.Found(number, result, 150))
		}
	}
}

// crooked is a harbour with a forwarder whose consignments were hit far more often, and one as busy that is like the others.
func crooked() *harbour {
	h := &harbour{}
	for i := range 12 {
		h.serve(fmt.Sprintf("forwarder-%02d", i), graph.Forwarder, 40, i%3)
	}
	h.serve("crooked", graph.Forwarder, 120, 15)
	h.serve("busy", graph.Forwarder, 120, 3)
	h.serve("carrier-1", graph.Carrier, 30, 1)
	h.serve("carrier-2", graph.Carrier, 20, 0)
	h.serve("alone", graph.Declarant, 10, 9)
	return h
}

func (h *harbour) model(t testing.TB) *storetest.Model {
	t.Helper()
	m := storetest.NewModel()
	named := []graph.Row{storetest.Named("crooked", "Crooked & Sons")}
	for i, rows := range [][]graph.Row{h.declared, named, h.found} {
		require.True(t, m.Put(storetest.NewBatch([]string{"declarations", "register", "inspections"}[i], i+1, slices.Clone(rows)...)))
	}
	return m
}

// chance is the exact share of ways to deal the hits of a party and its peers over their inspected consignments that give the party as
// many or more.
func chance(s *flag.Service) float64 {
	n, m, sum := int64(s.Inspected), int64(s.Peers.Inspected), int64(s.Hits+s.Peers.Hits)
	ways := new(big.Int)
	for x := int64(s.Hits); x <= min(n, sum); x++ {
		ways.Add(ways, new(big.Int).Mul(new(big.Int).Binomial(n, x), new(big.Int).Binomial(m, sum-x)))
	}
	share, _ := new(big.Rat).SetFrac(ways, new(big.Int).Binomial(n+m, sum)).Float64()
	return share
}

func peersOf(p flag.Peers, parties int, more [4]int) flag.Peers {
	return flag.Peers{
		Parties: p.Parties + parties, Inspected: p.Inspected + more[0], Hits: p.Hits + more[1],
		ClientsInspected: p.ClientsInspected + more[2], ClientsHit: p.ClientsHit + more[3],
	}
}

func serviceOf(t *testing.T, r *flag.Result, party string) *flag.Service {
	t.Helper()
	at := slices.IndexFunc(r.Services, func(s flag.Service) bool { return s.ID == storetest.Trader(party) })
	require.GreaterOrEqual(t, at, 0, party)
	return &r.Services[at]
}

func TestCrookedForwarderIsFoundByItsRecord(t *testing.T) {
	report := run(t, crooked().model(t), graph.Scope{})
	r := report.Result
	require.Len(t, r.Services, 17)
	assert.Equal(t, 16, r.ServicesTested, "who is alone in its role is not")

	first := r.Services[0]
	assert.Equal(t, storetest.Trader("crooked"), first.ID)
	assert.Equal(t, "Crooked & Sons", first.Name)
	assert.Equal(t, "forwarder", first.Role)
	assert.Equal(t, []int{120, 15, 15}, []int{first.Inspected, first.Hits, first.ClientsHit})
	assert.Equal(t, flag.Peers{Parties: 13, Inspected: 12*40 + 120, Hits: 12 + 3, ClientsInspected: 13 * 25, ClientsHit: 12 + 3}, first.Peers, "without its own record")
	assert.InDelta(t, 120*15./600, float64(*first.Expected), 1e-12)
	assert.InDelta(t, 15./120, float64(first.Rate), 1e-12)
	assert.True(t, first.Above)
	assert.Equal(t, "A", first.Grade)
	assert.Greater(t, first.Hits, first.Limits.Hits998)
	assert.Equal(t, first.Text(), fmt.Sprintf(
		"as forwarder 15 hits in 120 inspected consignments (15 of 25 clients hit); 3 expected by the record of 13 peers "+
			"(p %.2g, q %.2g; counted by clients: q %.2g): above its peers, grade A", float64(*first.P), float64(*first.Q), float64(*first.QClients)))

	busy := serviceOf(t, r, "busy")
	assert.Equal(t, first.Inspected, busy.Inspected)
	assert.LessOrEqual(t, busy.Hits, busy.Limits.Hits95)
	assert.Contains(t, busy.Text(), "no more than its peers explain")
	for _, s := range r.Services[1:] {
		assert.False(t, s.Above, s.ID)
	}

	alone := r.Services[16]
	assert.Equal(t, storetest.Trader("alone"), alone.ID)
	assert.Nil(t, alone.P)
	assert.Nil(t, alone.Q)
	assert.Nil(t, alone.PClients)
	assert.Nil(t, alone.QClients)
	assert.Nil(t, alone.Expected)
	assert.Nil(t, alone.Limits)
	assert.Equal(t, "no peer was inspected in that role", alone.Untested)
	assert.Contains(t, alone.Text(), "not tested: no peer")
}

func TestServicesAreTestedTogether(t *testing.T) {
	r := run(t, crooked().model(t), graph.Scope{}).Result
	tested := r.Services[:r.ServicesTested]
	for i := range tested {
		s := &tested[i]
		require.InEpsilon(t, chance(s), float64(*s.P), 1e-11, s.ID)
		// Benjamini and Hochberg by their definition: of all cuts that take this test in, the one with the fewest false findings.
		q := 1.
		for rank := i + 1; rank <= len(tested); rank++ {
			q = min(q, float64(*tested[rank-1].P)*float64(len(tested))/float64(rank))
		}
		require.InEpsilon(t, q, float64(*s.Q), 1e-11, s.ID)
		require.Equal(t, s.Hits > s.Limits.Hits95, float64(*s.P) <= 0.025, s.ID)
		require.Equal(t, s.Hits > s.Limits.Hits998, float64(*s.P) <= 0.001, s.ID)
		by := *s
		by.Inspected, by.Hits, by.Peers.Inspected, by.Peers.Hits = s.ClientsInspected, s.ClientsHit, s.Peers.ClientsInspected, s.Peers.ClientsHit
		require.InEpsilon(t, chance(&by), float64(*s.PClients), 1e-11, s.ID)
		require.LessOrEqual(t, float64(*s.PClients), float64(*s.QClients), s.ID)
		if i > 0 {
			last := &tested[i-1]
			require.LessOrEqual(t, float64(*last.P), float64(*s.P))
			if *last.P == *s.P {
				require.Less(t, string(last.ID), string(s.ID))
			}
		}
	}
}

func TestServicesNeverSeedNorLead(t *testing.T) {
	report := run(t, crooked().model(t), graph.Scope{})
	id := storetest.Trader("crooked")
	v, ok := report.Analysis.View.Node(id)
	require.True(t, ok)
	assert.Zero(t, report.Analysis.Exposure.Seeds[v])
	assert.Positive(t, report.Analysis.Exposure.Ratio[v], "it keeps its place in the graph")
	unknown, known := report.Analysis.Leads()
	for _, lead := range slices.Concat(unknown, known) {
		assert.NotEqual(t, id, lead.ID)
	}
	for i := range report.Result.Networks {
		assert.NotContains(t, report.Result.Networks[i].Records, id)
	}
}

// A client that offends again and again makes whoever serves it stand out by hits, and not by clients.
func TestServiceOfARepeatOffender(t *testing.T) {
	h := crooked()
	h.serve("again", graph.Forwarder, 120, 0)
	for i := range 24 {
		h.number++
		number := fmt.Sprintf("%05d", h.number)
		row := storetest.Shipment(number, "again-client-00", "supplier-of-again-client-00", 9+i)
		row.Statements[0].Ties = append(row.Statements[0].Ties, graph.Tie{Role: graph.Forwarder, Entity: storetest.Trader("again")})
		h.declared, h.found = append(h.declared, row), append(h.found, storetest.Found(number, graph.Hit, 150))
	}
	m := h.model(t)
	report := run(t, m, graph.Scope{})
	r := report.Result
	again := serviceOf(t, r, "again")
	assert.Equal(t, []int{144, 24, 25, 1}, []int{again.Inspected, again.Hits, again.ClientsInspected, again.ClientsHit})
	assert.True(t, again.Above)
	assert.Equal(t, "B", again.Grade)
	assert.Greater(t, float64(*again.QClients), 0.5)
	x, err := report.Analysis.ExplainLead(context.Background(), m.Within(graph.Scope{}), again.ID, flag.ExplainOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"more hits as forwarder than its peers explain"}, x.For)
	assert.Equal(t, []string{"1 of 25 clients hit as forwarder, which its peers explain: one that offends again and again may be why"}, x.Against)
	assert.Equal(t, "A", serviceOf(t, r, "crooked").Grade)
	assert.Empty(t, serviceOf(t, r, "busy").Grade)
}

func TestDecisionsAboutServices(t *testing.T) {
	h := crooked()
	h.serve("small", graph.Forwarder, 6, 1)
	h.declared = slices.DeleteFunc(h.declared, func(row graph.Row) bool { // too few clients to be one by its ties
		ties := row.Statements[0].Ties
		return ties[2].Entity == storetest.Trader("small") && !strings.HasSuffix(string(ties[0].Entity), "-00")
	})
	m := h.model(t)
	decide := func(party string, kind graph.Verdict) {
		m.Decide(graph.Decision{Subject: storetest.Trader(party), Kind: kind, Author: "li", Time: storetest.Noon(20)})
	}
	records := func() (ids []graph.ID, peers flag.Peers) {
		r := run(t, m, graph.Scope{}).Result
		for _, s := range r.Services {
			ids = append(ids, s.ID)
		}
		return ids, serviceOf(t, r, "busy").Peers
	}
	before, peers := records()
	assert.NotContains(t, before, storetest.Trader("small"))
	decide("small", graph.Service)
	with, more := records()
	assert.Contains(t, with, storetest.Trader("small"))
	assert.Equal(t, peersOf(peers, 1, [4]int{1, 1, 1, 1}), more)
	decide("crooked", graph.Trader)
	without, fewer := records()
	assert.NotContains(t, without, storetest.Trader("crooked"))
	assert.Equal(t, peersOf(more, -1, [4]int{-120, -15, -25, -15}), fewer)
}

func TestListedServicesAreNobodysPeer(t *testing.T) {
	h := crooked()
	h.found = append(h.found, graph.Row{Outcomes: []graph.Outcome{{Subject: storetest.Trader("crooked"), Result: graph.Listed, Date: storetest.Day(3)}}})
	r := run(t, h.model(t), graph.Scope{}).Result
	listed := serviceOf(t, r, "crooked")
	assert.Equal(t, []int{120, 15}, []int{listed.Inspected, listed.Hits}, "its record is told all the same")
	assert.Equal(t, "listed: what it served was looked at because of that", listed.Untested)
	assert.Nil(t, listed.P)
	assert.False(t, listed.Above)
	assert.Equal(t, 15, r.ServicesTested)
	assert.Equal(t, flag.Peers{Parties: 12, Inspected: 12 * 40, Hits: 12, ClientsInspected: 12 * 25, ClientsHit: 12}, serviceOf(t, r, "busy").Peers)
}

func TestServiceIsExplainedByItsRecord(t *testing.T) {
	m := crooked().model(t)
	report := run(t, m, graph.Scope{})
	reader := m.Within(graph.Scope{})
	explain := func(party string) *flag.Explanation {
		x, err := report.Analysis.ExplainLead(context.Background(), reader, storetest.Trader(party), flag.ExplainOptions{Records: 3})
		require.NoError(t, err)
		return x
	}
	x := explain("crooked")
	require.Len(t, x.Services, 1)
	s := &x.Services[0]
	assert.Equal(t, report.Result.Services[0].Text(), s.Text())
	assert.Equal(t, "Crooked & Sons", s.Name)
	assert.Equal(t, []string{"more hits as forwarder than its peers explain"}, x.For)
	assert.Empty(t, x.Against)
	require.Len(t, s.Evidence, 3)
	for _, hit := range s.Evidence {
		assert.Equal(t, "hit", hit.Result)
		require.NotEmpty(t, hit.Records)
		c, err := reader.Consignment(context.Background(), hit.Consignment)
		require.NoError(t, err)
		assert.Contains(t, c.Ties(), graph.Tie{Role: graph.Forwarder, Entity: storetest.Trader("crooked")})
	}
	assert.Equal(t, "a service party: never flagged by exposure, but by its own record", x.Note)

	assert.Equal(t, []string{"no more hits as forwarder than its peers explain"}, explain("busy").Against)
	alone := explain("alone")
	assert.Empty(t, alone.For)
	assert.Empty(t, alone.Against)
	assert.Len(t, alone.Services, 1)
	assert.Empty(t, explain("crooked-client-00").Services)
	_, err := report.Analysis.ExplainLead(context.Background(), &failing{reader, "outcomes"}, storetest.Trader("crooked"), flag.ExplainOptions{})
	assert.ErrorIs(t, err, errStore)
}

func TestServicesSameBytes(t *testing.T) {
	ctx := context.Background()
	h := crooked()
	want := run(t, h.model(t), graph.Scope{})
	random := rand.New(rand.NewPCG(1, 2))
	for _, threads := range []int{1, 3} {
		for _, rows := range [][]graph.Row{h.declared, h.found} {
			random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		}
		got, err := flag.Run(ctx, h.model(t).Within(graph.Scope{}), nil, flag.Options{Settings: settings(), Seed: 7, Threads: threads})
		require.NoError(t, err)
		one, err := json.Marshal(want.Result.Services)
		require.NoError(t, err)
		other, err := json.Marshal(got.Result.Services)
		require.NoError(t, err)
		assert.Equal(t, string(one), string(other))
	}
	back, err := flag.ReadResult(&want.Run)
	require.NoError(t, err)
	assert.Nil(t, back.Services[16].P, "what was not tested stays so when a run is read")
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.Equal(t, string(want.Run.Results), string(again))
	old, err := flag.ReadResult(&graph.Run{Kind: flag.Kind, Results: []byte(`{}`)})
	require.NoError(t, err)
	assert.NotNil(t, old.Services)
}

// TestShuffledOutcomesFlagNoService shuffles outcomes among the inspected consignments of a harbour with parties of very different size
// in two roles, 400 times. At most 5 % of such worlds may have any service party above its peers; 8.3 % is three standard deviations
// of 400 draws beyond.
func TestShuffledOutcomesFlagNoService(t *testing.T) {
	fixtures.Figures(t)
	const shuffles, tolerated = 400, 0.083
	s := &viewtest.Scope{Range: graph.Scope{Until: 10}}
	declare := func(party string, role graph.Role, n int) {
		id := viewtest.PartyID(party)
		s.Said = append(s.Said, graph.Decision{Seq: int64(len(s.Said) + 1), Subject: id, Kind: graph.Service})
		for i := range n {
			number := fmt.Sprint(party, i)
			s.Declare(number, 1, graph.Clear, graph.Tie{Role: role, Entity: id}, graph.Tie{Role: graph.Importer, Entity: viewtest.PartyID("client" + number)})
		}
	}
	for i, n := range []int{80, 40, 20, 20, 10, 10, 5, 5} {
		declare(fmt.Sprint("forwarder", i), graph.Forwarder, n)
	}
	for i, n := range []int{30, 30, 15} {
		declare(fmt.Sprint("carrier", i), graph.Carrier, n)
	}
	random := rand.New(rand.NewPCG(8, 9))
	flagged := 0
	for range shuffles {
		for i, at := range random.Perm(len(s.Trade)) {
			s.Trade[at].Outcomes[0].Result = graph.Clear
			if i < 25 {
				s.Trade[at].Outcomes[0].Result = graph.Hit
			}
		}
		a, err := flag.Analyse(context.Background(), s, flag.Options{Settings: settings(), Untested: true})
		require.NoError(t, err)
		require.Len(t, a.Services, 11)
		if a.Services[0].Above {
			flagged++
		}
	}
	t.Logf("%d of %d shuffles flag a service party", flagged, shuffles)
	assert.LessOrEqual(t, float64(flagged)/shuffles, tolerated)
}

// Nobody planted a crooked forwarder in the worlds. What stands out in them by hits is the service of repeat offenders, and graded so.
func TestServicesOfWorlds(t *testing.T) {
	fixtures.Figures(t)
	analyse := func(s *viewtest.Scope) []flag.Service {
		a, err := flag.Analyse(context.Background(), s, flag.Options{Settings: settings(), Untested: true})
		require.NoError(t, err)
		return a.Services
	}
	for _, name := range worlds() {
		world, err := viewtest.World(fixtures.Open, name)
		require.NoError(t, err)
		clean, above := analyse(world), 0
		for i := range clean {
			assert.NotEqual(t, "A", clean[i].Grade, "%s: %s %s", name, clean[i].ID, clean[i].Text())
			if clean[i].Above {
				above++
			}
		}
		t.Logf("%s: %d service parties, %d above by hits alone", name, len(clean), above)
		if name != "B2-11" {
			continue
		}
		// One that only a tenth of them surpass in inspections turns crooked: one in eight of its clear consignments was a hit after all.
		slices.SortFunc(clean, func(x, y flag.Service) int { return y.Inspected - x.Inspected })
		crook, other := clean[len(clean)/10], clean[len(clean)/10+1]
		clears := 0
		for i := range world.Trade {
			c := &world.Trade[i]
			if len(c.Outcomes) == 0 || !slices.Contains(c.Ties(), graph.Tie{Role: graph.Forwarder, Entity: crook.ID}) {
				continue
			}
			if clears++; clears%8 == 0 {
				c.Outcomes[0].Result = graph.Hit
			}
		}
		planted := analyse(world)
		at := func(id graph.ID) *flag.Service {
			return &planted[slices.IndexFunc(planted, func(s flag.Service) bool { return s.ID == id })]
		}
		t.Log(crook.ID, at(crook.ID).Text())
		assert.Equal(t, "A", at(crook.ID).Grade)
		assert.Empty(t, at(other.ID).Grade, "%s is as busy: %s", other.ID, at(other.ID).Text())
	}
}

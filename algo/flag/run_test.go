package flag_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
	"rummage/graph/storetest"
)

func TestRunTellsTheRing(t *testing.T) {
	report := run(t, newTown().ring(0, 1, 2, 3, 4).model(t), graph.Scope{})
	r := report.Result
	require.Len(t, r.Networks, 1)
	n := r.Networks[0]
	assert.Regexp(t, `^n-[0-9a-f]{12}$`, n.ID)
	assert.Equal(t, flag.New, n.State)
	assert.Equal(t, "A", n.Grade)
	assert.Equal(t, "network", n.Heading)
	assert.Equal(t, r.Run, n.Founded)
	require.Len(t, n.Members, 6)
	for _, m := range n.Members {
		assert.Contains(t, string(m.ID), "ring-")
		if m.ID == storetest.Trader("ring-exp") {
			assert.Equal(t, flag.RoleHub, m.Role)
			assert.Equal(t, "exporter", m.Trades)
			assert.Equal(t, 5, m.Ties)
			assert.Equal(t, 10, m.Hits)
		} else {
			assert.Equal(t, "importer", m.Trades)
			assert.Equal(t, "The firm of "+strings.TrimPrefix(string(m.ID), "party/test/"), m.Name)
		}
	}
	require.Len(t, n.Shared, 1)
	assert.Equal(t, flag.Shared{ID: "address/tower", Kind: "address", Name: "tower", Members: 3, Users: 3}, n.Shared[0])
	assert.Contains(t, n.What, "3 members share the address tower")
	assert.Contains(t, n.What, "one exporter for all")
	require.NotEmpty(t, r.Findings)
	f := r.Findings[0]
	assert.Equal(t, n.ID, f.Network)
	assert.Equal(t, []int{10, 10, 5, 5, 6}, []int{f.Inspected, f.Hits, f.ImportersInspected, f.ImportersHit, f.Members})
	assert.LessOrEqual(t, float64(f.Q), 0.05)
	assert.Equal(t, flag.States{New: 1, Alerting: 1}, r.States)
	assert.Equal(t, 3, r.Sources)
	assert.Equal(t, report.Run.Scope.Until, r.Until)
}

func TestLeadsAreNeitherServicesNorKnown(t *testing.T) {
	report := run(t, newTown().ring(0, 1, 2, 3, 4).model(t), graph.Scope{})
	r := report.Result
	require.Len(t, r.Leads, 8)
	require.Len(t, r.Known, 4)
	last := r.Leads[0].Score
	for i, lead := range r.Leads {
		assert.Equal(t, i+1, lead.Rank)
		assert.LessOrEqual(t, lead.Score, last)
		last = lead.Score
		assert.NotContains(t, string(lead.ID), "agent-")
		assert.Equal(t, "party", lead.Kind)
		assert.Zero(t, lead.Hits)
	}
	for _, known := range r.Known {
		assert.Positive(t, known.Hits)
	}
	for i := range 3 {
		agent, ok := report.Analysis.View.Node(storetest.Trader("agent-" + string(rune('0'+i))))
		require.True(t, ok)
		assert.Zero(t, report.Analysis.Exposure.Seeds[agent])
	}
}

func TestResultIsJSONWithStableKeys(t *testing.T) {
	report := run(t, newTown().ring(0, 1, 2, 3, 4).model(t), graph.Scope{})
	back, err := flag.ReadResult(&report.Run)
	require.NoError(t, err)
	again, err := json.Marshal(back)
	require.NoError(t, err)
	assert.Equal(t, string(report.Run.Results), string(again))
	var keys map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(report.Run.Results, &keys))
	for _, key := range []string{"run", "until", "known_on", "inspected", "hits", "null_flags", "findings", "networks", "leads"} {
		assert.Contains(t, keys, key)
	}
	assert.Equal(t, "null", string(keys["known_on"]))
}

func TestSameQuestionSameBytes(t *testing.T) {
	ctx := context.Background()
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	var first *flag.Report
	for _, threads := range []int{1, 2, 5} {
		report, err := flag.Run(ctx, m.Within(graph.Scope{}), nil, flag.Options{Settings: settings(), Seed: 7, Threads: threads})
		require.NoError(t, err)
		if first == nil {
			first = report
		}
		assert.Equal(t, first.Run, report.Run)
	}
	other, err := flag.Run(ctx, m.Within(graph.Scope{}), nil, flag.Options{Settings: settings(), Seed: 8})
	require.NoError(t, err)
	assert.NotEqual(t, first.Run.ID, other.Run.ID)
}

func TestRunsFollowANetwork(t *testing.T) {
	small := newTown()
	small.random = rand2()
	m := small.ring(0, 1, 2).model(t)
	first := run(t, m, graph.Scope{})
	require.Len(t, first.Result.Networks, 1)
	id := first.Result.Networks[0].ID

	same := run(t, m, graph.Scope{})
	require.Len(t, same.Result.Networks, 1)
	assert.Equal(t, id, same.Result.Networks[0].ID)
	assert.Equal(t, flag.Same, same.Result.Networks[0].State)
	assert.Equal(t, first.Run.ID, same.Run.Previous)
	assert.NotEqual(t, first.Run.ID, same.Run.ID)

	more := &town{random: rand2(), number: 5000}
	more.ring(3, 4)
	require.True(t, m.Put(storetest.NewBatch("later", 4, more.declared...)))
	require.True(t, m.Put(storetest.NewBatch("later found", 5, more.looked...)))
	grown := run(t, m, graph.Scope{})
	require.Len(t, grown.Result.Networks, 1)
	assert.Equal(t, id, grown.Result.Networks[0].ID)
	assert.Equal(t, flag.Grown, grown.Result.Networks[0].State)
	assert.Equal(t, first.Run.ID, grown.Result.Networks[0].Founded)
	assert.Equal(t, flag.States{Grown: 1, Alerting: 1}, grown.Result.States)

	sources := m.Sources()
	none := run(t, m, graph.Scope{Sources: []graph.SourceID{sources[0].ID, sources[1].ID}})
	assert.Empty(t, none.Result.Networks, "nothing was inspected")
	assert.Empty(t, none.Run.Previous, "runs that used more than the scope shows are not visible")
}

func TestNetworksGoAndReturn(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	id := run(t, m, graph.Scope{}).Result.Networks[0].ID
	say := func(kind graph.Verdict) {
		m.Decide(graph.Decision{Subject: storetest.Trader("ring-exp"), Kind: kind, Author: "li", Time: storetest.Noon(20)})
	}
	say(graph.Service)
	gone := run(t, m, graph.Scope{}).Result
	require.Empty(t, gone.Networks)
	require.Len(t, gone.Gone, 1)
	assert.Equal(t, id, gone.Gone[0].ID)
	assert.Equal(t, flag.Gone, gone.Gone[0].State)
	assert.Equal(t, 1, gone.States.Gone)

	dormant := run(t, m, graph.Scope{}).Result
	require.Len(t, dormant.Gone, 1)
	assert.Equal(t, flag.Dormant, dormant.Gone[0].State)
	assert.Zero(t, dormant.States.Gone)

	say(graph.Trader)
	back := run(t, m, graph.Scope{}).Result
	require.Len(t, back.Networks, 1)
	assert.Equal(t, id, back.Networks[0].ID)
	assert.Equal(t, flag.Returned, back.Networks[0].State)
	assert.Empty(t, back.Gone)
}

func TestRunRefuses(t *testing.T) {
	ctx := context.Background()
	reader := newTown().model(t).Within(graph.Scope{})
	s := settings()
	s.Q = 2
	_, err := flag.Run(ctx, reader, nil, flag.Options{Settings: s})
	require.ErrorIs(t, err, flag.ErrSettings)
	assert.ErrorContains(t, err, "q: want between 0 and 1")
	_, err = flag.Run(ctx, reader, []graph.Run{{ID: "r-1", Kind: flag.Kind, Results: []byte("{")}}, flag.Options{Settings: settings()})
	require.ErrorIs(t, err, flag.ErrResult)
	_, err = flag.ReadResult(&graph.Run{ID: "r-1", Kind: "other"})
	require.ErrorIs(t, err, flag.ErrResult)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = flag.Run(cancelled, reader, nil, flag.Options{Settings: settings()})
	require.ErrorIs(t, err, context.Canceled)
}

func TestRunWithoutOutcomes(t *testing.T) {
	town := newTown()
	town.looked = nil
	r := run(t, town.model(t), graph.Scope{}).Result
	assert.Empty(t, r.Networks)
	assert.Empty(t, r.Leads)
	assert.Zero(t, r.Hits)
	empty := run(t, storetest.NewModel(), graph.Scope{}).Result
	assert.Zero(t, empty.Consignments)
}

func TestProgressNamesItsStages(t *testing.T) {
	stages := map[string]bool{}
	_, err := flag.Analyse(context.Background(), newTown().ring(0, 1).model(t).Within(graph.Scope{}), flag.Options{
		Settings: settings(), Progress: func(stage string, done, total int) { stages[stage] = true },
	})
	require.NoError(t, err)
	for _, stage := range []string{flag.StageShuffles, flag.StageExposure} {
		assert.True(t, stages[stage], stage)
	}
}

func TestSettings(t *testing.T) {
	s := flag.DefaultSettings()
	text, err := s.Canonical()
	require.NoError(t, err)
	back, err := flag.ReadSettings(text)
	require.NoError(t, err)
	assert.Equal(t, s, back)
	few, err := flag.ReadSettings([]byte(`{"decay":180}`))
	require.NoError(t, err)
	assert.Equal(t, 180., few.Decay)
	assert.Equal(t, s.Weights, few.Weights)
	assert.Equal(t, [3]float64{}, [3]float64{few.Peers, few.Exporters, few.ExposedCloseness}, "a run of before they had a weight states none of them")
	off := s
	require.NoError(t, off.Set("peers=0"))
	text, err = off.Canonical()
	require.NoError(t, err)
	back, err = flag.ReadSettings(text)
	require.NoError(t, err)
	assert.Equal(t, off, back)
	for name, text := range map[string]string{
		"unknown key":  `{"decoy":1}`,
		"unknown edge": `{"weights":{"edges":{"friend":{"beta":1}}}}`,
		"no edge":      `{"weights":{"edges":{}}}`,
		"range":        `{"damping":1}`,
		"no JSON":      `{`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := flag.ReadSettings([]byte(text))
			assert.ErrorIs(t, err, flag.ErrSettings)
		})
	}
}

func TestKappaRanksCloseOnesUp(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	s := settings()
	plain, err := flag.Analyse(context.Background(), m.Within(graph.Scope{}), flag.Options{Settings: s})
	require.NoError(t, err)
	s.Kappa = 1
	closer, err := flag.Analyse(context.Background(), m.Within(graph.Scope{}), flag.Options{Settings: s})
	require.NoError(t, err)
	v, _ := plain.View.Node(storetest.Trader("ring-0"))
	assert.Greater(t, closer.Score(v), plain.Score(v))
	assert.Equal(t, plain.Exposure.Ratio, closer.Exposure.Ratio)
}

func TestListedSeedFully(t *testing.T) {
	town := newTown()
	town.looked = nil
	town.register = append(town.register, graph.Row{Outcomes: []graph.Outcome{
		{Subject: storetest.Trader("exp-01"), Result: graph.Listed, Date: storetest.Day(2)},
		{Subject: storetest.Trader("agent-0"), Result: graph.Listed, Date: storetest.Day(2)},
		{Subject: storetest.Trader("nobody's partner"), Result: graph.Listed, Date: storetest.Day(2)},
	}})
	report := run(t, town.model(t), graph.Scope{})
	require.Len(t, report.Result.Known, 1, "services and those without a tie are not ranked")
	assert.Equal(t, storetest.Trader("exp-01"), report.Result.Known[0].ID)
	assert.True(t, report.Result.Known[0].Listed)
	assert.NotEmpty(t, report.Result.Leads)
	seeds := 0.
	for _, s := range report.Analysis.Exposure.Seeds {
		seeds += s
	}
	assert.Equal(t, 1., seeds)
}

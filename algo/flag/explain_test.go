package flag_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/propagate"
	"rummage/graph"
	"rummage/graph/storetest"
)

func sum(parts []flag.Part) float64 {
	total := 0.0
	for _, p := range parts {
		total += float64(p.Share)
	}
	return total
}

func TestLeadIsExplainedToItsRows(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	report := run(t, m, graph.Scope{})
	reader := m.Within(graph.Scope{})
	for _, lead := range report.Result.Leads[:3] {
		x, err := report.Analysis.ExplainLead(context.Background(), reader, lead.ID, flag.ExplainOptions{Records: 3})
		require.NoError(t, err)
		assert.Equal(t, lead.ID, x.ID)
		assert.Equal(t, lead.Name, x.Name)
		assert.InDelta(t, float64(lead.Exposure), float64(x.Exposure), 1e-12)
		assert.InDelta(t, 1, sum(x.Parts), 1e-9)
		assert.LessOrEqual(t, x.Interval[0], x.Exposure)
		assert.GreaterOrEqual(t, x.Interval[1], x.Exposure)
		ties := 0.0
		for _, tie := range x.Ties {
			ties += float64(tie.Share)
		}
		assert.InDelta(t, 1, ties, 1e-9)
		for i, part := range x.Parts {
			if i >= 5 {
				assert.Empty(t, part.Path)
				continue
			}
			requirePath(t, reader, part, lead.ID)
		}
	}
}

// requirePath checks that a part's path leads from its seed to the lead over ties that the reader's records make.
func requirePath(t *testing.T, reader graph.Reader, part flag.Part, to graph.ID) {
	t.Helper()
	require.NotEmpty(t, part.Path)
	require.NotEmpty(t, part.Hits)
	assert.Equal(t, part.From, part.Path[0].From)
	assert.Equal(t, to, part.Path[len(part.Path)-1].To)
	for i, step := range part.Path {
		if i > 0 {
			assert.Equal(t, part.Path[i-1].To, step.From)
		}
		require.NotEmpty(t, step.Records)
		assert.LessOrEqual(t, len(step.Records), 3)
		assert.GreaterOrEqual(t, step.Count, len(step.Records))
		for _, r := range step.Records {
			assert.Contains(t, part.Records, r)
			_, err := reader.Locate(context.Background(), graph.Origin{Source: r.Source, Row: r.Row})
			require.NoError(t, err)
			if step.Tie == "identifier" {
				assert.Equal(t, "registered_at", r.Link)
			} else {
				assert.NotEmpty(t, r.Consignment)
			}
		}
	}
	for _, hit := range part.Hits {
		assert.Equal(t, "hit", hit.Result)
		require.NotEmpty(t, hit.Records)
		assert.Contains(t, part.Records, hit.Records[0])
	}
}

// The kernel's own answer, by the adjoint walk, is the oracle of the shares.
func TestSharesAreThoseOfTheWalk(t *testing.T) {
	m := newTown().ring(0, 1, 2).model(t)
	report := run(t, m, graph.Scope{})
	a := report.Analysis
	for _, name := range []string{"ring-1", "ring-exp", "imp-007", "agent-1"} {
		id := storetest.Trader(name)
		x, err := a.ExplainLead(context.Background(), m.Within(graph.Scope{}), id, flag.ExplainOptions{})
		require.NoError(t, err)
		v, _ := a.View.Node(id)
		want, err := propagate.Contributions(context.Background(), a.Exposure.Graph, v, a.Exposure.Seeds, propagate.Options{})
		require.NoError(t, err)
		share := map[graph.ID]float64{}
		for _, s := range want.Shares {
			share[a.View.IDs[s.Seed]] = s.Value / want.Score
		}
		require.NotEmpty(t, x.Parts)
		for _, part := range x.Parts {
			assert.InDelta(t, share[part.From], float64(part.Share), 1e-10)
		}
	}
}

func TestNetworkIsExplained(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	report := run(t, m, graph.Scope{})
	n := &report.Result.Networks[0]
	m.Decide(graph.Decision{Subject: n.ID, Kind: graph.Cleared, Author: "li", Reason: "a family", Time: storetest.Noon(20)})
	m.Decide(graph.Decision{Subject: storetest.Trader("ring-1"), Kind: graph.Confirmed, Author: "wu", Time: storetest.Noon(21)})
	m.Decide(graph.Decision{Subject: n.ID, Kind: graph.Note, Author: "wu", Time: storetest.Noon(21)})
	x, err := report.Analysis.ExplainNetwork(context.Background(), m.Within(graph.Scope{}), n, flag.ExplainOptions{})
	require.NoError(t, err)
	assert.InDelta(t, 1, sum(x.Parts), 1e-9)
	assert.InDelta(t, float64(n.Exposure), float64(x.Score), 1e-9)
	require.NotNil(t, x.Finding)
	assert.Equal(t, report.Result.Findings[0], *x.Finding)
	assert.Empty(t, x.Parts[0].Path, "a member that was hit is where the walk starts")
	assert.Len(t, x.Parts[0].Hits, 5)

	var codes []string
	for _, r := range x.Reasons {
		codes = append(codes, r.Code)
	}
	assert.Equal(t, []string{"hits-inside", "beyond-offenders", "shared-identifier", "closed-circle", "one-exporter"}, codes)
	inspected, hits := report.Analysis.View.Count()
	assert.Equal(t, []int{inspected, hits}, []int{x.Base.Inspected, x.Base.Hits})
	for _, part := range x.Parts[:5] {
		assert.Positive(t, float64(part.Covers))
		assert.LessOrEqual(t, float64(part.Covers), 1.0, "a path is a part of what arrives")
	}
	require.Len(t, x.Missing, 1, "every importer inside was inspected and hit")
	assert.Equal(t, 2, x.Missing[0].Consignments, "of four, two were inspected")
	assert.Less(t, x.Missing[0].QIfHit, x.Missing[0].QIfClear+1e-12)
	assert.Contains(t, x.Missing[0].Text, ": the greater of its two q is ", "not the q beside the finding, which is of one null")
	require.NotNil(t, x.Evasion)
	assert.True(t, x.Evasion.Proven)
	require.Len(t, x.Clears, 6, "five trade pairs and an address")
	for _, c := range x.Clears {
		assert.Contains(t, c.Text, "(recomputed)")
		if c.Tie == "identifier" {
			assert.Equal(t, []graph.ID{"address/tower"}, c.Without)
			assert.Equal(t, 6, c.Members, "trade still holds it together")
			assert.GreaterOrEqual(t, c.Q, x.Finding.Q)
			continue
		}
		assert.Equal(t, "partner", c.Tie)
		assert.Equal(t, 8, c.Hits)
		assert.Contains(t, c.Text, "the trade of The firm of ring-")
	}
	require.NotNil(t, x.Bias)
	assert.Equal(t, 10, x.Bias.Inspected)
	assert.Greater(t, float64(x.Bias.Ratio), 1.5)
	assert.Contains(t, strings.Join(x.For, "\n"), "10 hits in 10 inspected consignments inside")
	assert.Contains(t, strings.Join(x.For, "\n"), "party/test/ring-1 was confirmed on 2021-01-21 by wu")
	assert.Contains(t, strings.Join(x.Against, "\n"), "was cleared on 2021-01-20 by li: a family")
	assert.Contains(t, x.Bias.Text, "times as often as their peers")
	assert.NotContains(t, strings.Join(x.Against, "\n"), "times as often as their peers", "it has a place of its own")
	text, err := json.Marshal(x)
	require.NoError(t, err)
	for _, key := range []string{`"id"`, `"score"`, `"parts"`, `"from"`, `"share"`, `"path"`, `"records"`, `"finding"`, `"clears"`} {
		assert.Contains(t, string(text), key)
	}
}

func TestNetworkThatIsNoMore(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	n := run(t, m, graph.Scope{}).Result.Networks[0]
	m.Decide(graph.Decision{Subject: storetest.Trader("ring-exp"), Kind: graph.Service, Author: "li", Time: storetest.Noon(20)})
	later := run(t, m, graph.Scope{})
	x, err := later.Analysis.ExplainNetwork(context.Background(), m.Within(graph.Scope{}), &n, flag.ExplainOptions{})
	require.NoError(t, err)
	assert.Nil(t, x.Finding)
	assert.Equal(t, "by what is decided today, no finding is left of it", x.Note)
	n.Records = []graph.ID{"party/nobody"}
	_, err = later.Analysis.ExplainNetwork(context.Background(), m.Within(graph.Scope{}), &n, flag.ExplainOptions{})
	assert.ErrorIs(t, err, graph.ErrNotFound)
}

func TestExplainOddOnes(t *testing.T) {
	town := newTown().ring(0, 1, 2)
	town.live("hermit", "cave")
	town.register = append(town.register, graph.Row{Outcomes: []graph.Outcome{{Subject: storetest.Trader("exp-05"), Result: graph.Seizure, Date: storetest.Day(3)}}})
	m := town.model(t)
	report := run(t, m, graph.Scope{})
	explain := func(id graph.ID) *flag.Explanation {
		x, err := report.Analysis.ExplainLead(context.Background(), m.Within(graph.Scope{}), id, flag.ExplainOptions{})
		require.NoError(t, err)
		return x
	}
	assert.Equal(t, "a service party: never flagged by exposure, but by its own record", explain(storetest.Trader("agent-0")).Note)
	hermit := explain(storetest.Trader("hermit"))
	assert.Empty(t, hermit.Parts, "no hit reaches it")
	assert.Zero(t, hermit.Exposure)
	listed := explain(storetest.Trader("exp-05"))
	assert.Contains(t, listed.For, "listed, or found in breach itself")
	require.NotEmpty(t, listed.Parts)
	assert.Equal(t, storetest.Trader("exp-05"), listed.Parts[0].From)
	assert.Equal(t, "seizure", listed.Parts[0].Hits[0].Result)
	assert.Empty(t, listed.Parts[0].Hits[0].Consignment)
	assert.Equal(t, flag.TieShare{Tie: "itself", Share: listed.Ties[0].Share}, listed.Ties[0])
	assert.Contains(t, explain(storetest.Trader("ring-0")).For[0], "2 of 2 inspected consignments of its own were hits")
	_, err := report.Analysis.ExplainLead(context.Background(), m.Within(graph.Scope{}), "party/nobody", flag.ExplainOptions{})
	assert.ErrorIs(t, err, graph.ErrNotFound)
}

// failing is a reader whose answers stop coming.
type failing struct {
	graph.Reader
	where string
}

var errStore = errors.New("store gone")

func (f *failing) Connections(ctx context.Context, q graph.ConnectionQuery) ([]graph.Connection, error) {
	if f.where == "ties" {
		return nil, errStore
	}
	return f.Reader.Connections(ctx, q)
}

func (f *failing) Entity(ctx context.Context, id graph.ID) (*graph.Entity, error) {
	if f.where == "names" {
		return nil, errStore
	}
	return f.Reader.Entity(ctx, id)
}

func (f *failing) Consignment(ctx context.Context, id graph.ID) (*graph.Consignment, error) {
	if f.where == "outcomes" {
		return nil, errStore
	}
	return f.Reader.Consignment(ctx, id)
}

func (f *failing) Decisions(ctx context.Context, id graph.ID) ([]graph.Decision, error) {
	if f.where == "decisions" {
		return nil, errStore
	}
	return f.Reader.Decisions(ctx, id)
}

func TestErrorsOfTheStoreAreTold(t *testing.T) {
	m := newTown().ring(0, 1, 2).model(t)
	report := run(t, m, graph.Scope{})
	for _, where := range []string{"ties", "names", "outcomes", "decisions"} {
		t.Run(where, func(t *testing.T) {
			reader := &failing{m.Within(graph.Scope{}), where}
			_, err := report.Analysis.ExplainLead(context.Background(), reader, report.Result.Leads[0].ID, flag.ExplainOptions{})
			assert.ErrorIs(t, err, errStore)
			if where != "ties" {
				_, err = report.Analysis.ExplainNetwork(context.Background(), reader, &report.Result.Networks[0], flag.ExplainOptions{})
				assert.ErrorIs(t, err, errStore)
			}
		})
	}
	_, err := flag.Run(context.Background(), &failing{m.Within(graph.Scope{}), "names"}, nil, flag.Options{Settings: settings()})
	assert.ErrorIs(t, err, errStore)
}

func TestNumberHasTwelveDigits(t *testing.T) {
	for in, want := range map[flag.Number]string{
		1. / 3: "0.333333333333", 1e-30 / 3: "3.33333333333e-31", 2: "2", flag.Number(math.NaN()): "null", flag.Number(math.Inf(1)): "null",
	} {
		text, err := json.Marshal(in)
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
	}
}

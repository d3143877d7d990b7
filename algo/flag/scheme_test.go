package flag_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/algo/pattern"
	"rummage/graph"
	"rummage/graph/storetest"
)

// circled is a town without a ring, all of whose trade is in one heading and of one value, with so many circles of three.
func circled(circles int) *town {
	t := newTown()
	for c := range circles {
		for leg := range 3 {
			number := fmt.Sprintf("c-%d-%d", c, leg)
			t.declared = append(t.declared, storetest.Shipment(number, fmt.Sprintf("circle-%d-%d", c, (leg+1)%3), fmt.Sprintf("circle-%d-%d", c, leg), 20+20*c+7*leg))
		}
	}
	for i := range t.declared {
		t.declared[i].Number = int64(i + 2)
		s := &t.declared[i].Statements[0]
		s.Ties = append(s.Ties, graph.Tie{Role: graph.OfCommodity, Entity: graph.NewID(graph.Commodity, "hs2022", "851712")})
		s.Fields = []graph.Field{{Name: graph.FieldValue, Value: "1000"}}
	}
	return t
}

func runWithPatterns(t *testing.T, m *storetest.Model, patterns int) *flag.Report {
	t.Helper()
	ctx := context.Background()
	reader := m.Within(graph.Scope{})
	previous, err := reader.Runs(ctx, flag.Kind)
	require.NoError(t, err)
	s := settings()
	s.Patterns = patterns
	report, err := flag.Run(ctx, reader, previous, flag.Options{Settings: s, Seed: 7})
	require.NoError(t, err)
	m.SaveRun(report.Run)
	return report
}

// TestTypologiesOpenNetworks: circles that chance does not explain are networks of their own, with their records and with what
// would clear them; the next run finds them as they were, at a level of its own.
func TestTypologiesOpenNetworks(t *testing.T) {
	m := circled(6).model(t)
	assert.Empty(t, runWithPatterns(t, m, 0).Result.Networks, "no typology was asked for")
	report := runWithPatterns(t, m, 499)
	r := report.Result
	require.NotNil(t, r.Patterns)
	assert.Equal(t, 1, r.Patterns.Run)
	assert.Equal(t, 6, r.Patterns.Told)
	assert.InDelta(t, pattern.Level(1, 0), float64(r.Patterns.Level), 1e-12)
	require.Len(t, r.Networks, 6)
	for _, n := range r.Networks {
		assert.Equal(t, flag.GradeP, n.Grade)
		assert.Equal(t, flag.New, n.State)
		require.Len(t, n.Members, 3)
		require.Len(t, n.Schemes, 1)
		s := n.Schemes[0]
		assert.Equal(t, "carousel", s.Pattern)
		assert.Len(t, s.Records, 3)
		assert.LessOrEqual(t, float64(s.Q), float64(r.Patterns.Level))
		assert.Equal(t, s.Q, n.Q)
		assert.True(t, strings.HasPrefix(n.What[0], "looks like carousel, in 1 place"), n.What)
		for _, member := range n.Members {
			assert.Contains(t, string(member.ID), "circle-")
		}
	}
	reader := m.Within(graph.Scope{})
	x, err := report.Analysis.ExplainNetwork(context.Background(), reader, &r.Networks[0], flag.ExplainOptions{})
	require.NoError(t, err)
	assert.Nil(t, x.Finding)
	assert.Empty(t, x.Note)
	assert.Contains(t, strings.Join(x.Against, "\n"), "carousel: would clear it, but the records show that it is not so: trade in turns")

	back, err := flag.ReadResult(&report.Run)
	require.NoError(t, err)
	assert.Equal(t, "carousel", back.Networks[0].Schemes[0].Pattern)
	next := runWithPatterns(t, m, 399).Result
	assert.Equal(t, 2, next.Patterns.Run)
	assert.InDelta(t, pattern.Level(2, 6), float64(next.Patterns.Level), 1e-12)
	assert.Equal(t, 6, next.Patterns.Told, "nothing is new")
	require.Len(t, next.Networks, 6)
	for i := range next.Networks {
		assert.Equal(t, flag.Same, next.Networks[i].State)
	}
}

package flag_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
	"rummage/graph/storetest"
)

func TestLeadIsExplainedWithoutShuffles(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	report := run(t, m, graph.Scope{})
	reader := m.Within(graph.Scope{})
	untested, err := flag.Analyse(t.Context(), reader, flag.Options{Settings: settings(), Seed: 7, Untested: true})
	require.NoError(t, err)
	assert.Nil(t, untested.Findings)
	for _, lead := range report.Result.Leads[:2] {
		want, err := report.Analysis.ExplainLead(t.Context(), reader, lead.ID, flag.ExplainOptions{})
		require.NoError(t, err)
		got, err := untested.ExplainLead(t.Context(), reader, lead.ID, flag.ExplainOptions{})
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// Equipment is no node where its ties weigh nothing; it is in scope all the same.
func TestWhatTheViewLeftOutIsExplained(t *testing.T) {
	town := newTown().ring(0, 1)
	box := graph.NewID(graph.Equipment, "CSQU3054383")
	statement := &town.declared[0].Statements[0]
	statement.Ties = append(statement.Ties, graph.Tie{Role: graph.InEquipment, Entity: box})
	m := town.model(t)
	report := run(t, m, graph.Scope{})
	x, err := report.Analysis.ExplainLead(t.Context(), m.Within(graph.Scope{}), box, flag.ExplainOptions{})
	require.NoError(t, err)
	assert.Equal(t, "equipment", x.Kind)
	assert.Zero(t, x.Exposure)
	assert.Empty(t, x.Parts)
	assert.Contains(t, x.Note, "no tie that exposure follows")
	_, err = report.Analysis.ExplainLead(t.Context(), m.Within(graph.Scope{}), graph.NewID(graph.Equipment, "NONE"), flag.ExplainOptions{})
	assert.ErrorIs(t, err, graph.ErrNotFound)
	_, err = report.Analysis.ExplainLead(t.Context(), m.Within(graph.Scope{}), storetest.Trader("nobody"), flag.ExplainOptions{})
	assert.ErrorIs(t, err, graph.ErrNotFound)
}

func TestRunStopsInEveryStage(t *testing.T) {
	m := newTown().ring(0, 1, 2, 3, 4).model(t)
	for _, stage := range []string{flag.StageGroups, flag.StageShuffles, flag.StageExposure, flag.StageNames} {
		t.Run(stage, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			met := false
			_, err := flag.Run(ctx, m.Within(graph.Scope{}), nil, flag.Options{
				Settings: settings(), Progress: func(now string, _, _ int) {
					if now == stage {
						met = true
						cancel()
					}
				},
			})
			require.True(t, met)
			require.ErrorIs(t, err, context.Canceled)
		})
	}
}

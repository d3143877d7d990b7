package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/flag"
	"rummage/graph"
)

// shopWindow is a store that shows runs, and nothing else.
type shopWindow struct {
	graph.Store
	shown []graph.Publication
}

func (w *shopWindow) Publish(_ context.Context, p graph.Publication) error {
	w.shown = append(w.shown, p)
	return nil
}

func TestRunsArePublishedWhereOthersLook(t *testing.T) {
	report := &flag.Report{
		Run: graph.Run{ID: "r-1", Kind: flag.Kind},
		Result: &flag.Result{
			Networks: []flag.Network{{ID: "n-1", State: flag.New, Grade: "A", Heading: "network", Exposure: 2.5, What: []string{"shared address"},
				Members: []flag.Member{{ID: "party/a", Role: "hub"}, {ID: "party/b"}}}},
			Findings: []flag.FindingRow{{Network: "n-1", Counts: flag.Counts{Hits: 3, Inspected: 4, Expected: 0.2, P: 0.001}, Q: 0.01}},
			Leads:    []flag.Lead{{Rank: 1, ID: "party/c", Score: 7}},
		},
	}
	d, window := &desk{}, &shopWindow{}
	require.NoError(t, d.publish(context.Background(), window, report))
	require.Equal(t, []graph.Publication{{
		Run: "r-1", Kind: flag.Kind,
		Networks: []graph.PublishedNetwork{{
			ID: "n-1", State: "new", Grade: "A",
			Figures: map[string]any{"heading": "network", "what": []string{"shared address"}, "exposure": 2.5, "inspected": int64(4), "hits": int64(3),
				"expected": 0.2, "p": 0.001, "q": 0.01},
			Members: []graph.PublishedMember{{Entity: "party/a", Role: "hub"}, {Entity: "party/b"}},
		}},
		Leads: []graph.PublishedLead{{Entity: "party/c", Rank: 1, Score: 7}},
	}}, window.shown)
	for _, network := range window.shown[0].Networks {
		for name := range network.Figures {
			assert.True(t, graph.ValidName(name), name)
		}
	}

	report.Result.Scoped = true
	require.NoError(t, d.publish(context.Background(), window, report))
	require.Len(t, window.shown, 1, "a run of a narrowed scope is nobody's but the asker's")
}
